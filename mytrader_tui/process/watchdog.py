"""Whoever is told to leave does leave: a thread that ends the process if nothing else does."""

import logging
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from queue import Empty, SimpleQueue

from mytrader_tui.process.terminal import Terminal

HANG_SECONDS = 3.0
"""How long leaving may take before it counts as hung."""

LOST_SECONDS = 1.0
"""The same once the terminal is gone and nobody is left to see how it goes."""

LOOK_SECONDS = 0.5
"""How often it is looked whether the terminal is still there."""

_LAST_ACTS_SECONDS = 0.5
_SIGNALLED = 128
_HUNG = 1
_HANGUP = _SIGNALLED + 1
_NAMES = ("SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT")

_log = logging.getLogger(__name__)


class Watchdog:
    """Ends the process some time after `leave` or the terminal's loss, with the terminal given back.

    It never waits for the event loop nor for a lock that the main thread may hold.
    """

    def __init__(self, terminal: Terminal, lost: Callable[[int], None], *, hang_seconds: float = HANG_SECONDS) -> None:
        """`lost` is called in the watchdog's thread with the exit code when the terminal is gone."""
        self._terminal = terminal
        self._lost = lost
        self._hang_seconds = hang_seconds
        # Of the queues this is the one that a signal handler may fill in the middle of anything.
        self._orders: SimpleQueue[int] = SimpleQueue()
        self._main = threading.get_ident()

    def start(self) -> None:
        """Watch from now on until the process ends."""
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()

    def leave(self, code: int) -> None:
        """The process has been told to end with `code`: see to it. The first code counts."""
        self._orders.put(code)

    def _watch(self) -> None:
        code, patience = self._order()
        time.sleep(patience)
        # Either may never return: on a terminal that takes no text, for a lock that the main thread holds.
        last_acts = [threading.Thread(target=act, daemon=True) for act in (self._terminal.give_back, self._report)]
        for act in last_acts:
            act.start()
        for act in last_acts:
            act.join(_LAST_ACTS_SECONDS / len(last_acts))
        os._exit(code or _HUNG)

    def _report(self) -> None:
        stack = "".join(traceback.format_stack(sys._current_frames().get(self._main)))
        _log.critical("leaving hung; the main thread is in:\n%s", stack)

    def _order(self) -> tuple[int, float]:
        while True:
            try:
                return self._orders.get(timeout=LOOK_SECONDS), self._hang_seconds
            except Empty:
                if self._terminal.is_gone():
                    _log.warning("the terminal is gone")
                    self._lost(_HANGUP)
                    return _HANGUP, LOST_SECONDS


def catch_signals(leave: Callable[[int], None]) -> None:
    """Have `leave` called with 128 + n when signal n asks the process to end; in the main thread only.

    `leave` runs between any two instructions of the main thread, also while the event loop hangs.
    """
    for name in _NAMES:
        if name in signal.Signals.__members__:
            signal.signal(signal.Signals[name], lambda number, _: leave(_SIGNALLED + number))

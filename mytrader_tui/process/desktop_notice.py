"""Notices of the operating system, sent from a thread of their own that nobody waits for."""

import asyncio
import logging
import threading
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING

from typing_extensions import override

from mytrader_tui.market.text import clean

if TYPE_CHECKING:
    from desktop_notifier import DesktopNotifier

DEADLINE_SECONDS = 10.0
"""How long the desktop may take to accept a notice."""

CLOSE_SECONDS = 0.2
MAX_TITLE, MAX_TEXT = 80, 400

# Servers of notices may read the text as markup (Desktop Notifications Specification, "Markup").
_NO_MARKUP = str.maketrans({"<": "‹", ">": "›", "&": "+"})

_log = logging.getLogger(__name__)


class DesktopNotices:
    """Shows notices where there is a desktop. What goes wrong is logged once and disturbs nobody."""

    def __init__(self, name: str, *, deadline: float = DEADLINE_SECONDS) -> None:
        self._name = name
        self._deadline = deadline
        self._notifier: DesktopNotifier | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._complaints = _Complaints()
        self._complained = False

    def show(self, title: str, text: str) -> None:
        """Show a notice; returns at once and never raises. Line breaks stay, all else is plain text."""
        if self._loop is None:
            self._start()
        lines = "\n".join(clean(line.translate(_NO_MARKUP), MAX_TEXT) for line in text.split("\n"))
        sending = self._send(clean(title.translate(_NO_MARKUP), MAX_TITLE), lines)
        if self._loop is not None:
            asyncio.run_coroutine_threadsafe(sending, self._loop).add_done_callback(self._sent)

    def close(self) -> None:
        """End the thread; one that hangs is left behind, it is a daemon."""
        loop, thread, self._loop, self._thread = self._loop, self._thread, None, None
        if loop is not None and thread is not None:
            loop.call_soon_threadsafe(loop.stop)
            thread.join(CLOSE_SECONDS)

    def _start(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._notifier = None
        self._thread = threading.Thread(target=partial(_serve, self._loop), name="desktop notices", daemon=True)
        self._thread.start()

    async def _send(self, title: str, text: str) -> str:
        """Why the notice could not be sent, empty if it was; whatever the library raises."""
        # It takes a while to import and is not needed by those whom no alert ever fires for.
        from desktop_notifier import DesktopNotifier

        if self._notifier is None:
            # The library tells a failure to its log only, with a traceback each time.
            self._complaints.take_over(logging.getLogger("desktop_notifier"))
            self._notifier = DesktopNotifier(app_name=self._name, app_icon=None)
        went = asyncio.Event()
        self._complaints.last = ""
        async with asyncio.timeout(self._deadline):
            await self._notifier.send(title=title, message=text, on_dispatched=went.set)
        return "" if went.is_set() else self._complaints.last or "the desktop did not take it"

    def _sent(self, sending: "Future[str]") -> None:
        if sending.cancelled():
            return
        error = sending.exception()
        why = f"{type(error).__name__}: {error}" if error is not None else sending.result()
        if why and not self._complained:
            # No warning: most servers have no desktop, and nothing is wrong with them.
            _log.info("alerts cannot be told to the desktop: %s", clean(why))
        self._complained = bool(why)


class _Complaints(logging.Handler):
    """Takes what a library logs off the log and remembers the last of it."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.last = ""

    def take_over(self, logger: logging.Logger) -> None:
        """Hear `logger` in place of everybody else."""
        logger.propagate = False
        logger.handlers = [self]

    @override
    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        self.last = f"{type(error).__name__}: {error}" if error is not None else record.getMessage()


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    """Run `loop` until it is stopped, and leave nothing open."""
    asyncio.set_event_loop(loop)
    loop.run_forever()
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    if tasks:
        loop.run_until_complete(asyncio.wait(tasks, timeout=CLOSE_SECONDS))
    loop.close()

"""The Textual app: puts a desk on the screen, runs the worker behind it, and leaves the terminal as it found it."""

import os

# Textual reads this when it is imported. At its default of 60 a key waits twice as long for its echo.
os.environ.setdefault("TEXTUAL_FPS", "120")

import asyncio
import contextlib
import logging
import sys
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from pathlib import Path, PurePath
from typing import ClassVar, NoReturn, Protocol

from rich.console import RenderableType
from rich.text import Text
from typing_extensions import override

from mytrader_tui.market.text import clean
from mytrader_tui.process.garbage import collect_from_now
from mytrader_tui.process.strays import hear_strays
from mytrader_tui.process.terminal import Terminal
from mytrader_tui.process.watchdog import HANG_SECONDS, Watchdog, catch_signals
from mytrader_tui.settings.schema import Ui, WatchColumn
from mytrader_tui.ui.desk import Desk
from mytrader_tui.ui.dressed_app import DressedApp
from mytrader_tui.ui.screens.main import MainScreen

STOP_SECONDS = 0.6
"""How long leaving waits for the worker; it is left behind after that, so that q takes less than a second."""

LEAVE_SECONDS = 0.1
"""How long the tasks that outlive the screen get to end."""

CRASHED = 1
_COMPLAINT_SECONDS = 10.0
_log = logging.getLogger(__name__)


class Worker(Protocol):
    """What runs behind the screen."""

    async def run(self) -> None:
        """Work until cancelled."""


class Front(Protocol):
    """What an app's first screen can be told."""

    def warn(self, text: str, seconds: float) -> None:
        """Keep `text` in sight for `seconds`."""

    def alarm(self, text: str) -> None:
        """Keep a fault of our own in sight until the program ends."""


class LiveApp(DressedApp):
    """Runs `worker` as a task from the first paint until the app is left, behind screens of `desk`.

    `keymap` are the keys that the user changed, `log_path` is named where a crash is reported, `theme` is worn in
    this run alone. The exit code is 0, 1 after a crash and 128 + n after signal n. `leaving` is called with it as
    soon as it is known, `shown` once the first picture is on the screen.
    """

    TITLE = "mytrader-tui"
    CSS_PATH: ClassVar[list[str | PurePath]] = [*sorted((Path(__file__).parent / "ui" / "styles").glob("*.tcss"))]
    NOTIFICATION_TIMEOUT = 4
    ALLOW_SELECT = False

    def __init__(
        self,
        desk: Desk,
        *,
        worker: Worker,
        settings: Ui,
        keymap: Mapping[str, str] | None = None,
        log_path: Path | None = None,
        theme: str = "",
    ) -> None:
        super().__init__(desk, settings, keymap or {}, theme)
        self.animation_level = "none"
        self.leaving: Callable[[int], None] = lambda _: None
        self.shown: Callable[[], None] = lambda: None
        self._worker = worker
        self._work: asyncio.Task[None] | None = None
        self._log_path = log_path

    @property
    @abstractmethod
    def front(self) -> Front:
        """The screen that is told what is wrong."""

    def on_mount(self) -> None:
        """Dress, and start the worker once the first picture is on the screen."""
        if complaint := self.dress():
            self.front.warn(complaint, _COMPLAINT_SECONDS)
        self.call_after_refresh(self._start_worker)

    async def on_unmount(self) -> None:
        """The screen is gone: stop the worker, but wait no longer than its deadline."""
        self._stop_worker()
        if self._work is not None and not self._work.done():
            await asyncio.wait({self._work}, timeout=STOP_SECONDS)

    async def action_quit(self) -> None:
        """Leave at once."""
        self.leave(0)

    def leave(self, code: int) -> None:
        """Leave with `code` as the process's exit code."""
        self.leaving(code)
        self._stop_worker()
        self.exit(code, return_code=code)

    # The worker.

    def _start_worker(self) -> None:
        self.shown()
        self._work = asyncio.create_task(self._worker.run(), name="market worker")
        self._work.add_done_callback(self._worker_ended)

    def _stop_worker(self) -> None:
        # A second cancellation would cut short what the worker does on its way out.
        if self._work is not None and not self._work.cancelling():
            self._work.cancel()

    def _worker_ended(self, work: asyncio.Task[None]) -> None:
        if work.cancelled() or not self.is_running:
            return
        error = work.exception()
        if error is None:
            text = "The market stopped by itself: no price will change any more. Restart the program."
        else:
            _log.critical("the worker crashed", exc_info=error)
            text = f"The market stopped on an error, no price will change any more. {told(error)}{self._where()}"
        self.front.alarm(text)

    # A crash.

    @override
    def panic(self, *renderables: RenderableType) -> None:
        """End with one plain message. What would be rendered is left out: it may quote values that are secret."""
        self._fatal_error()

    def _fatal_error(self) -> None:
        """End with one plain message where Textual prints a traceback with the local variables of every frame."""
        error = self._exception
        if self._exit_renderables:
            return
        self.leaving(CRASHED)
        if error is not None:
            _log.critical("the screen crashed", exc_info=error)
        what = told(error) if error is not None else "an unknown error"
        self._exit_renderables.append(Text(f"mytrader-tui stopped on an error. {what}{self._where()}"))
        self._close_messages_no_wait()

    def _where(self) -> str:
        return f" Details are in {self._log_path}" if self._log_path else ""


class MarketApp(LiveApp):
    """The whole program on the whole terminal.

    `columns` are the watchlist's (none: by width), `legend` is a line that stays in sight, `zone` is home (None: the
    system's time zone); the rest is LiveApp's.
    """

    def __init__(
        self,
        desk: Desk,
        *,
        worker: Worker,
        settings: Ui,
        keymap: Mapping[str, str] | None = None,
        columns: Sequence[WatchColumn] = (),
        legend: str = "",
        log_path: Path | None = None,
        zone: tzinfo | None = None,
        theme: str = "",
    ) -> None:
        super().__init__(desk, worker=worker, settings=settings, keymap=keymap, log_path=log_path, theme=theme)
        self._main = MainScreen(desk, paint_hz=settings.paint_hz, columns=columns, legend=legend, zone=zone)

    @override
    def get_default_screen(self) -> MainScreen:
        """The screen under every other."""
        return self._main

    @property
    @override
    def front(self) -> MainScreen:
        """The main screen."""
        return self._main


def told(error: BaseException) -> str:
    """An error's type and its cleaned text, as one sentence."""
    text = clean(str(error))
    return f"{type(error).__name__}: {text}" if text else f"{type(error).__name__}."


def run(
    app: LiveApp,
    *,
    close: Callable[[], None] = lambda: None,
    alarm: Callable[[str], None] = lambda _: None,
    hang_seconds: float = HANG_SECONDS,
    inline: bool = False,
) -> NoReturn:
    """Run `app` in the terminal, then `close`, and end the process with the app's exit code.

    An `inline` app, whose driver draws under the prompt, leaves the mouse to the terminal. `alarm` gets a line about
    every error that nobody awaited. Signals that ask the process to end, and a terminal that goes away, end the app;
    whatever then takes longer than `hang_seconds` is ended by the watchdog.

    The process ends under whatever will not end by itself: a task, or a thread in which a name is looked up or a
    server is waited for. Python's own way out would wait for such a thread, and takes a quarter of a second to take
    the loaded libraries apart.
    """
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    hear_strays(loop, alarm)
    terminal = Terminal(alternate=not inline)
    _be_told_to_leave(app, loop, terminal, hang_seconds)
    app.shown = collect_from_now
    try:
        terminal.taken = True
        app.run(loop=loop, mouse=not inline)
        terminal.taken = False
        _end_tasks(loop)
    finally:
        app.leaving(app.return_code or 0)
        close()
        asyncio.set_event_loop(None)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):  # the window was closed, and the terminal with it
            stream.flush()
    os._exit(app.return_code or 0)


def _be_told_to_leave(app: LiveApp, loop: asyncio.AbstractEventLoop, terminal: Terminal, hang_seconds: float) -> None:
    def tell(code: int) -> None:
        loop.call_soon_threadsafe(app.leave, code)

    def leave(code: int) -> None:
        # First of all: the loop, which would tell the app, may be what hangs.
        watchdog.leave(code)
        tell(code)

    watchdog = Watchdog(terminal, tell, hang_seconds=hang_seconds)
    app.leaving = watchdog.leave
    watchdog.start()
    catch_signals(leave)


def _end_tasks(loop: asyncio.AbstractEventLoop) -> None:
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    if not tasks:
        return
    _, late = loop.run_until_complete(asyncio.wait(tasks, timeout=LEAVE_SECONDS))
    for task in late:
        _log.warning("left behind: %s would not end", task.get_name())

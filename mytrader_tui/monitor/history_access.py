"""The way to the history: one thread that opens it, asks it, and opens it anew when it was lost."""

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from mytrader_tui.feeds.feed import Clock
from mytrader_tui.feeds.worker_thread import WorkerClosedError, WorkerThread
from mytrader_tui.history.error import CorruptError, GoneError, HistoryError, RefusedError
from mytrader_tui.market.text import clean
from mytrader_tui.settings.history import History as HistorySettings
from mytrader_tui.telemetry.counters import HistoryCounts

if TYPE_CHECKING:
    from mytrader_tui.history.opening import Opened
    from mytrader_tui.history.store import History

OPEN_SECONDS = 60.0
READY_SECONDS = 2.0
"""How long a question waits at the start for the history to be open: less than a source takes to answer."""

ANSWER_SECONDS = 1.0
SILENT_SECONDS = 30.0
"""For how long nothing is asked of a history that did not answer: whoever asks has sources to turn to."""

NOTE_SECONDS = 300.0
"""How long it is told that a history was lost; the log keeps it."""

_T = TypeVar("_T")
_log = logging.getLogger(__name__)


class HistoryAccess:
    """Works with the history that `settings` name, from one thread. Nothing here raises but cancellation.

    `fault` says why the last attempt failed, in words, until somebody clears it.
    """

    def __init__(self, settings: HistorySettings, folder: Path, clock: Clock) -> None:
        self._url = settings.url
        self._folder = folder
        self._now = clock
        self._thread = WorkerThread("history")
        self._history: History | None = None
        self._opening: asyncio.Task[None] | None = None
        self._closed = False
        self._tried = asyncio.Event()
        self._note = ""
        self._noted = self._silent_until = float("-inf")
        self.fault = ""
        self.refused = False
        self.counts = HistoryCounts()

    @property
    def is_open(self) -> bool:
        """True from when it was opened until it is lost."""
        return self._history is not None

    @property
    def note(self) -> str:
        """What became of an earlier history, in words, for some minutes after it was lost."""
        return self._note if self._now().mono - self._noted < NOTE_SECONDS else ""

    async def open(self) -> bool:
        """Open it, if it is not open; False where that failed. An opening outlives whoever stops waiting for it."""
        if self._history is None and self._opening is None:
            self._opening = asyncio.create_task(self._open(), name="history-opening")
        return await self.opened()

    async def opened(self) -> bool:
        """True if it is open; an opening under way is waited for."""
        if self._opening is not None:
            await asyncio.shield(self._opening)
        return self.is_open

    async def _open(self) -> None:
        opened: list[Opened] = []
        try:
            # A job of its own: the library takes a fifth of a second to import.
            if await self.run(lambda: opened.append(self._opened()), OPEN_SECONDS):
                self._take(opened[0])
        finally:
            self._opening = None
            self._tried.set()

    def _opened(self) -> "Opened":
        """In the thread: what is opened too late for anybody is closed again."""
        opened = _opened(self._url, self._folder)
        if self._closed:
            opened.history.close()
        return opened

    async def attempt(self, work: Callable[["History"], None], deadline: float) -> bool:
        """Do `work` with the open history; False where there is none or it failed."""
        history = self._history
        return history is not None and await self.run(partial(work, history), deadline)

    async def ask(self, question: Callable[["History"], _T]) -> _T | None:
        """What the history says, within moments; None where it says nothing.

        At the start it is waited for. A history that does not answer is left alone for a while.
        """
        if not await self._is_ready() or self._history is None or self._now().mono < self._silent_until:
            return None
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                answer = await self._thread.run(partial(question, self._history), ANSWER_SECONDS)
        except (HistoryError, OSError) as error:
            self._silent_until = self._now().mono + SILENT_SECONDS
            self._failed(error, str(error) or f"no answer within {ANSWER_SECONDS:g} s")
            return None
        except WorkerClosedError:
            return None
        self.counts.answers += 1
        return answer

    async def _is_ready(self) -> bool:
        """True once it was tried to open it, for which a question waits a moment."""
        try:
            async with asyncio.timeout(READY_SECONDS):
                await self._tried.wait()
        except TimeoutError:
            return False
        return True

    async def run(self, work: Callable[[], None], deadline: float) -> bool:
        """Do `work` in the thread; False where it failed, which `fault` then tells."""
        self.refused = False
        try:
            await self._thread.run(work, deadline)
        except (HistoryError, OSError) as error:
            # A TimeoutError is an OSError too, and has no words of its own.
            timed_out = isinstance(error, TimeoutError)
            why = f"no answer within {deadline:g} s" if timed_out else str(error) or type(error).__name__
            self._failed(error, why)
            self.fault = clean(why)
            return False
        except WorkerClosedError:
            return False
        return True

    async def close(self) -> None:
        """End the thread, or leave it behind."""
        self._closed = True
        self._thread.close()
        if self._opening is not None:
            # Its thread was left behind: it ends at once.
            await self._opening
        if self._history is not None:
            self._history.close()

    def _take(self, opened: "Opened") -> None:
        self.counts.openings += 1
        self._history = opened.history
        if opened.note:
            self._note, self._noted = opened.note, self._now().mono

    def _failed(self, error: HistoryError | OSError, why: str) -> None:
        self.counts.failures += 1
        if why != self.fault:
            _log.warning("the history: %s", why)
        self.refused = isinstance(error, RefusedError)
        if self._history is not None and isinstance(error, CorruptError | GoneError):
            self._history.close()
            self._history = None


def _opened(setting: str, folder: Path) -> "Opened":
    from mytrader_tui.history.engine import url_for
    from mytrader_tui.history.opening import open_history

    return open_history(url_for(setting, folder))

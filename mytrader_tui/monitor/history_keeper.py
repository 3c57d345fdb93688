"""Keeps what is seen: a batch every few minutes and on the way out, in one thread, never in the way of a paint."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from mytrader_tui.feeds.feed import Clock
from mytrader_tui.history.bar_records import BarsRecord
from mytrader_tui.history.records import Batch
from mytrader_tui.monitor.history_access import HistoryAccess
from mytrader_tui.monitor.observations import Observations
from mytrader_tui.settings.history import History as HistorySettings
from mytrader_tui.telemetry.counters import HistoryCounts

if TYPE_CHECKING:
    from mytrader_tui.history.retention import Pruning
    from mytrader_tui.history.store import History

LOOK_SECONDS = 1.0
FIRST_SECONDS = 20.0
"""When the first batch is written at the latest: who is killed sooner than an interval has prices to start with."""

RETRY_SECONDS = 30.0
"""How soon a history that failed is tried again, if the next batch is not due before."""

WRITE_SECONDS = 30.0
LEAVE_SECONDS = 0.45
"""What the way out may wait for the last batch; the next start has at least the last known prices."""

PRUNE_FIRST_SECONDS = 120.0
PRUNE_EVERY_SECONDS = 86400.0
PRUNE_STEP_SECONDS = 60.0
PRUNE_PAUSE_SECONDS = 0.05
"""How long the history is left to others between two steps: batches, questions, other programs."""


BACKLOG_SECONDS = 3600.0
"""How much of the past is kept in memory while the history cannot be written."""

MOST_BARS = 2000
"""Series of bars that wait to be written: those of the day of every row, and some charts. They can be asked for."""

BARS_AT_ONCE = 25
"""Series that are written together: a tenth of a second's work."""

_T = TypeVar("_T")
_log = logging.getLogger(__name__)


class HistoryKeeper:
    """Writes what `observations` take, and the bars it is given, to the history that `settings` name.

    What cannot be written waits in memory, up to an hour of it, and is written when the history heals. `trouble` says
    what is the matter.
    """

    def __init__(self, settings: HistorySettings, folder: Path, observations: Observations, clock: Clock) -> None:
        self._settings = settings
        self._observations = observations
        self._now = clock
        self._access = HistoryAccess(settings, folder, clock)
        self._backlog: deque[Batch] = deque()
        self._bars: dict[tuple[str, int], BarsRecord] = {}
        self._last_known_due = False
        self._asked: frozenset[str] = frozenset()
        self._pruning: Pruning | None = None

    @property
    def trouble(self) -> str:
        """What the user should know of the history, in words; empty while all is well."""
        fault, lost = self._access.fault, self.counts.dropped
        if not fault:
            return self._access.note
        waiting = len(self._backlog)
        kept = f" · {waiting} batch{'' if waiting == 1 else 'es'} in memory" if waiting else ""
        given_up = f" · {lost} given up" if lost else ""
        return f"the history cannot be written: {fault}{kept}{given_up} · it is tried again, prices go on"

    @property
    def counts(self) -> HistoryCounts:
        """What became of its work."""
        return self._access.counts

    def keep_bars(self, told: BarsRecord) -> None:
        """Have these bars written soon."""
        key = told.symbol, told.span_seconds
        self._bars[key] = told.after(self._bars.pop(key, None))
        while len(self._bars) > MOST_BARS:
            del self._bars[next(iter(self._bars))]

    async def ask(self, question: "Callable[[History], _T]") -> _T | None:
        """What the history says, within moments; None where it says nothing."""
        return await self._access.ask(question)

    async def run(self) -> None:
        """Open the history, then write when a batch is due, until cancelled.

        The first is due as soon as there is a price of every row.
        """
        started = self._now().mono
        due, first = started + min(FIRST_SECONDS, self._settings.interval_seconds), True
        prune_due, retry_due = started + PRUNE_FIRST_SECONDS, started
        while True:
            now = self._now().mono
            if now >= due or (first and self._observations.complete):
                due, first = now + self._settings.interval_seconds, False
                self._take()
                retry_due = now
            if self._has_work and (now >= retry_due or not self._access.fault):
                retry_due = now + RETRY_SECONDS
                await self._write()
            if now >= prune_due and self._access.is_open and not self._access.fault:
                prune_due = now + PRUNE_EVERY_SECONDS
                await self._begin_pruning()
            if self._pruning is not None and not await self._prune(self._pruning):
                prune_due = now + RETRY_SECONDS
            await self._recall()
            await asyncio.sleep(LOOK_SECONDS if self._pruning is None else PRUNE_PAUSE_SECONDS)

    async def finish(self) -> None:
        """Write what there is now, within LEAVE_SECONDS, and close.

        A history that is still being opened is waited for as long; none is begun to be opened.
        """
        self._take()
        try:
            async with asyncio.timeout(LEAVE_SECONDS):
                await self._write_last_known()
                if await self._access.opened():
                    await self._write()
        except TimeoutError:
            _log.warning("the history took longer than %.1f s to be closed: the last batch is left", LEAVE_SECONDS)
        finally:
            await self._access.close()

    async def _write_last_known(self) -> None:
        """Write the last known prices, not in the history's thread, which may be busy with the database."""
        self._last_known_due = False
        try:
            await asyncio.to_thread(self._observations.write_last_known)
        except OSError as error:
            _log.warning("the last known prices cannot be kept: %s", error)

    @property
    def _has_work(self) -> bool:
        return bool(self._backlog or self._bars) or self._last_known_due or not self._access.is_open

    def _take(self) -> None:
        batch = self._observations.take()
        self._last_known_due = True
        if batch:
            self._backlog.append(batch)
        while len(self._backlog) > max(1, BACKLOG_SECONDS / self._settings.interval_seconds):
            self._backlog.popleft()
            self.counts.dropped += 1

    async def _write(self) -> None:
        """Write all that waits; what failed waits on."""
        known = True
        if self._last_known_due:
            # First: a server may take long to say that it is not there.
            known = await self._access.run(self._observations.write_last_known, WRITE_SECONDS)
            self._last_known_due = not known
        opened = await self._access.open()
        written = opened and await self._write_what_waits()
        if opened and not self._access.is_open:
            # It was lost under way: damaged, or gone. What is begun in its place takes the same.
            written = await self._access.open() and await self._write_what_waits()
        if written and known:
            self._access.fault = ""

    async def _write_what_waits(self) -> bool:
        return await self._write_batches() and await self._write_bars()

    async def _write_batches(self) -> bool:
        """Write the batches, the oldest first."""
        while self._backlog:
            batch = self._backlog[0]
            done = await self._access.attempt(partial(_write_batch, batch), WRITE_SECONDS)
            if not done and not self._access.refused:
                return False
            self._backlog.popleft()
            self._count(batch, done)
        return True

    def _count(self, batch: Batch, done: bool) -> None:
        self.counts.batches += done
        self.counts.dropped += not done
        self.counts.rows += done * (len(batch.quotes) + len(batch.equity) + len(batch.transitions))

    async def _write_bars(self) -> bool:
        """Write the bars, some at a time."""
        while self._bars:
            part = dict(list(self._bars.items())[:BARS_AT_ONCE])
            done = await self._access.attempt(partial(_write_bars, tuple(part.values())), WRITE_SECONDS)
            if not done and not self._access.refused:
                return False
            for key, record in part.items():
                if self._bars.get(key) is record:
                    del self._bars[key]
            self.counts.rows += done * sum(len(record.bars) for record in part.values())
        return True

    async def _begin_pruning(self) -> None:
        settings, wall = self._settings, self._now().wall
        begun: list[Pruning] = []
        if await self._access.attempt(lambda _: begun.append(_pruning(settings, wall)), PRUNE_STEP_SECONDS):
            self._pruning = begun[0]

    async def _prune(self, pruning: "Pruning") -> bool:
        """Take the next step; False where it failed and is worth another attempt, with which all begins anew."""
        more: list[bool] = []
        done = await self._access.attempt(lambda history: more.append(pruning.step(history)), PRUNE_STEP_SECONDS)
        if not done:
            self._pruning = None
            return self._access.refused
        if not more[0]:
            self._pruning = None
            gone = pruning.done
            _log.info("the history was pruned: %d prices became hours, %d rows went", gone.rolled_up, gone.removed)
        return True

    async def _recall(self) -> None:
        """Show what is known of what is watched anew, and ask the history, once, for the last price of each other."""
        self._observations.recall(self._now())
        unknown = [symbol for symbol in self._observations.unknown() if symbol not in self._asked]
        if not self._access.is_open or not unknown:
            return
        found = await self._access.ask(lambda history: history.latest(unknown))
        if found is not None:
            self._asked |= frozenset(unknown)
            self._observations.learn(found, self._now())


def _write_batch(batch: Batch, history: "History") -> None:
    history.write(batch)


def _write_bars(told: tuple[BarsRecord, ...], history: "History") -> None:
    # What needs SQLAlchemy is imported in the history's thread, once the screen is painted.
    from mytrader_tui.history.bars import keep_bars

    keep_bars(history, told)


def _pruning(settings: HistorySettings, now: datetime) -> "Pruning":
    from mytrader_tui.history.retention import Limits, Pruning

    return Pruning(Limits(settings.raw_days, settings.hourly_days, settings.max_megabytes), now)

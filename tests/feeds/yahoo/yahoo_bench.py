"""A poller on the bench: made, run and ended, and an ear for what it says."""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from mytrader_tui.feeds.feed import PollOutcome
from mytrader_tui.feeds.yahoo import Pauses, YahooPoller
from mytrader_tui.market.link import Link
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Quote, Source, Update

PATIENCE = 10.0
"""Seconds that a test waits for something that should come at once; the first request imports pandas."""

LONG_PAUSES = Pauses()


def clock() -> Moment:
    """Both real clocks."""
    return Moment(datetime.now(UTC), time.monotonic())


class Ears:
    """A Sink that keeps all it is told, and wakes whoever waits for it."""

    def __init__(self) -> None:
        self.quotes: list[Quote] = []
        self.links: list[Link] = []
        self.coverage: list[frozenset[str]] = []
        self.outcomes: list[PollOutcome] = []
        self.unread: list[tuple[int, str]] = []
        self._news = asyncio.Event()

    def publish(self, updates: Sequence[Update]) -> None:
        self.quotes += [update for update in updates if isinstance(update, Quote)]

    def unreadable(self, source: Source, count: int, why: str) -> None:
        self.unread.append((count, why))

    def link_changed(self, source: Source, link: Link) -> None:
        self.links.append(link)
        self._news.set()

    def coverage_changed(self, source: Source, covered: frozenset[str]) -> None:
        self.coverage.append(covered)

    def polled(self, source: Source, outcome: PollOutcome) -> None:
        self.outcomes.append(outcome)
        self._news.set()

    async def until(self, true: Callable[[], bool]) -> None:
        """Return once `true`, which only a poll or a change of the link can make it."""
        async with asyncio.timeout(PATIENCE):
            while not true():
                self._news.clear()
                await self._news.wait()

    async def polls(self, times: int) -> PollOutcome:
        """The outcome of the latest poll once there were `times` in all."""
        await self.until(lambda: len(self.outcomes) >= times)
        return self.outcomes[-1]


class Bench:
    """Makes pollers, runs them, and ends them."""

    def __init__(self, ears: Ears, folder: Path) -> None:
        self._ears = ears
        self._folder = folder
        self._pollers: list[YahooPoller] = []
        self._tasks: list[asyncio.Task[None]] = []

    def poller(
        self,
        base_url: str,
        *,
        poll_seconds: float = 60.0,
        request_timeout: float = 3.0,
        pauses: Pauses = LONG_PAUSES,
    ) -> YahooPoller:
        """A poller that nobody runs yet."""
        poller = YahooPoller(
            sink=self._ears,
            clock=clock,
            poll_seconds=poll_seconds,
            base_url=base_url,
            cache_folder=self._folder,
            request_timeout=request_timeout,
            jitter=lambda: 0.5,
            pauses=pauses,
            chart_spacing=0.01,
        )
        self._pollers.append(poller)
        return poller

    def run(self, poller: YahooPoller, *symbols: str) -> asyncio.Task[None]:
        """Want `symbols` and poll."""
        poller.want(symbols)
        self._tasks.append(asyncio.create_task(poller.run(), name="yahoo under test"))
        return self._tasks[-1]

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for poller in self._pollers:
            poller.close()

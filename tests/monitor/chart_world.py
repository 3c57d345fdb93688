"""Charts between the demo market's real sockets and a folder, on a clock that a test moves."""

import asyncio
import warnings
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast
from unittest.mock import patch

from mytrader_tui.demo.market import DemoMarket
from mytrader_tui.feeds.alpaca.data import AlpacaData
from mytrader_tui.feeds.alpaca.rest import Timeouts
from mytrader_tui.feeds.feed import PollOutcome
from mytrader_tui.feeds.yahoo import YahooPoller
from mytrader_tui.history.records import Batch
from mytrader_tui.market.board import Board
from mytrader_tui.market.link import Link
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Source, Update
from mytrader_tui.market.session import hours_at
from mytrader_tui.monitor import history_access, history_keeper
from mytrader_tui.monitor.bar_shelf import BarShelf
from mytrader_tui.monitor.bar_sources import BarSources
from mytrader_tui.monitor.charts import Charts
from mytrader_tui.monitor.history_keeper import HistoryKeeper
from mytrader_tui.monitor.sparklines import Sparklines
from mytrader_tui.settings import Secret
from mytrader_tui.settings.history import History

if TYPE_CHECKING:
    from mytrader_tui.monitor.observations import Observations

with warnings.catch_warnings():
    # Imported here and now, so that short deadlines measure requests and not the libraries' imports.
    warnings.simplefilter("ignore")
    import alpaca.data.historical.stock  # noqa: F401

    import mytrader_tui.feeds.yahoo.session  # noqa: F401

PATIENCE_SECONDS = 60.0
"""How long an answer may take that is to come; a machine that does much else needs some of it."""

FRIDAY_NOON = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)


class Deaf:
    """A Sink that nobody listens at."""

    def publish(self, updates: Sequence[Update]) -> None: ...
    def unreadable(self, source: Source, count: int, why: str) -> None: ...
    def link_changed(self, source: Source, link: Link) -> None: ...
    def coverage_changed(self, source: Source, covered: frozenset[str]) -> None: ...
    def polled(self, source: Source, outcome: PollOutcome) -> None: ...


class Nothing:
    """Observations of nothing."""

    complete = False

    def take(self) -> Batch:
        return Batch()

    def unknown(self) -> list[str]:
        return []

    def recall(self, now: Moment) -> None: ...

    def write_last_known(self) -> None: ...


class World:
    """A demo market, the clients on it and a clock that only `pass_by` moves.

    `alpaca_seconds` and `yahoo_seconds` are how long the next client waits for an answer.
    """

    def __init__(self, folder: Path) -> None:
        self.alpaca_seconds = self.yahoo_seconds = PATIENCE_SECONDS
        self.now = Moment(FRIDAY_NOON, 1000.0)
        self.market = DemoMarket(clock=self.clock, ticks_per_second=0)
        self.folder = folder
        self.board = Board()
        self._open: list[AlpacaData | YahooPoller] = []

    def clock(self) -> Moment:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now = self.now.later(seconds)

    async def begin(self) -> None:
        """Keep a history from now on."""
        self.prepare()
        self.run()

    def prepare(self) -> None:
        """A history that is not opened yet."""
        self.keeper = HistoryKeeper(History(), self.folder, cast("Observations", Nothing()), self.clock)

    def run(self) -> None:
        """Open it and keep it."""
        self._running = asyncio.create_task(self.keeper.run(), name="history")

    async def end(self) -> None:
        """Have all that waits written, and let go of the history."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while self.keeper._has_work:  # noqa: ASYNC110 - what is waited for has no event to wait on
                await asyncio.sleep(0.01)
        self._running.cancel()
        await asyncio.wait({self._running})
        await self.keeper.finish()

    async def restart(self) -> None:
        """End the program and start it again, on the same files."""
        await self.end()
        await self.begin()

    def shelf(self, *, history: bool = True) -> BarShelf:
        """A shelf of this run."""
        shelf = BarShelf(self.folder / "bars")
        shelf.employ(self.keeper if history else None)
        return shelf

    def charts(self, *, history: bool = True, **settings: float) -> Charts:
        """New charts of this run."""
        shelf = self.shelf(history=history)
        known = {"deadline": 2 * PATIENCE_SECONDS, "repeat": 0.0, **settings}
        lines = Sparklines(self.clock, self.board, lambda: hours_at(self.now.wall), shelf)
        return Charts(self.clock, self.board, shelf, lines, **known)

    def sources(self, *, alpaca: bool = True, yahoo: bool = True) -> BarSources:
        """The clients of one run."""
        data, poller = None, None
        if alpaca:
            data = AlpacaData(
                data_url=self.market.data_url,
                feed="iex",
                key=Secret(self.market.key),
                secret=Secret(self.market.secret),
                clock=self.clock,
                timeouts=Timeouts(self.alpaca_seconds, self.alpaca_seconds, self.alpaca_seconds),
            )
            self._open.append(data)
        if yahoo:
            poller = YahooPoller(
                sink=Deaf(),
                clock=self.clock,
                poll_seconds=60.0,
                cache_folder=self.folder / "yahoo",
                base_url=self.market.yahoo_url,
                request_timeout=self.yahoo_seconds,
            )
            self._open.append(poller)
        return BarSources(data, poller, self.clock)

    def employed(self, *, history: bool = True, **settings: float) -> Charts:
        """Charts with both sources."""
        charts = self.charts(history=history, **settings)
        charts.employ(self.sources())
        return charts

    def asked(self, of: str) -> list[str]:
        """The requests for bars so far, of `alpaca` or `yahoo`."""
        path = {"alpaca": "/v2/stocks/bars", "yahoo": "/v8/finance/chart"}[of]
        return [target for _, target in self.market.seen.requests if target.startswith(path)]

    def close(self) -> None:
        for client in self._open:
            client.close()


@asynccontextmanager
async def world(folder: Path) -> AsyncIterator[World]:
    """A market on Friday's noon in which nothing moves by itself."""
    made = World(folder)
    with (
        patch.object(history_keeper, "LOOK_SECONDS", 0.01),
        patch.object(history_keeper, "LEAVE_SECONDS", PATIENCE_SECONDS),
        patch.object(history_access, "READY_SECONDS", PATIENCE_SECONDS),
        patch.object(history_access, "ANSWER_SECONDS", PATIENCE_SECONDS),
    ):
        async with made.market:
            await made.begin()
            yield made
            made.close()
            await made.end()

"""The Monitor: opens the feeds, owns every task, and stops all of them in time. It is the screens' Desk."""

import asyncio
import importlib
import logging
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from typing_extensions import override

from mytrader_tui.market.link import Reason
from mytrader_tui.monitor.account import note_for
from mytrader_tui.monitor.availability import Off, alpaca_off, yahoo_off
from mytrader_tui.monitor.clock import system_clock
from mytrader_tui.monitor.desk import MarketDesk
from mytrader_tui.monitor.instance_lock import InstanceLock, fingerprint
from mytrader_tui.monitor.memory import settle
from mytrader_tui.monitor.supervision import Work, keep_running, stop_all
from mytrader_tui.settings import Settings
from mytrader_tui.settings.credentials import Credentials
from mytrader_tui.settings.flags import NO_FLAGS, Flags
from mytrader_tui.settings.opening import AS_LEFT, Opening
from mytrader_tui.settings.paths import Paths
from mytrader_tui.telemetry.log_memory import LogMemory

if TYPE_CHECKING:
    from mytrader_tui.feeds.alpaca.stream import AlpacaStream
    from mytrader_tui.feeds.feed import Clock
    from mytrader_tui.monitor.allotment import Allotment
    from mytrader_tui.monitor.history_keeper import HistoryKeeper
    from mytrader_tui.monitor.questions import Questions
    from mytrader_tui.monitor.sources import Sources

TICK_SECONDS = 1.0
STOP_SECONDS = 0.7

Prepare = Callable[[], Awaitable[tuple[Settings, Credentials | None]]]

_log = logging.getLogger(__name__)


class Monitor(MarketDesk):
    """Runs the feeds from `run` until cancelled, and is the Desk that the screens read.

    `prepare`, if given, is awaited once before the feeds open and names the settings and credentials to use: the
    demo starts its market there, after the first paint. `log` is where the log's newest records are kept,
    `opening` the list to begin with, `flags` what of the settings the command line said.
    """

    def __init__(
        self,
        settings: Settings,
        credentials: Credentials | None,
        paths: Paths,
        *,
        clock: "Clock" = system_clock,
        prepare: Prepare | None = None,
        log: LogMemory | None = None,
        opening: Opening = AS_LEFT,
        flags: Flags = NO_FLAGS,
    ) -> None:
        log, demo = log or LogMemory((), clock), prepare is not None
        super().__init__(settings, credentials, paths, clock=clock, demo=demo, log=log, opening=opening, flags=flags)
        self._credentials = credentials
        self._paths = paths
        self._prepare = prepare
        self._lock: InstanceLock | None = None
        self._balance_due = False
        self._allotment: Allotment | None = None
        self._questions: Questions | None = None
        self._keeper: HistoryKeeper | None = None
        self._searches: tuple[tuple[str, Work], ...] = ()

    async def run(self) -> None:
        """Open the feeds and keep everything running until cancelled; then stop it all within a second."""
        tasks: set[asyncio.Task[None]] = set()
        try:
            sources = await self._open()
            self._employ(sources)
            self._balance()
            tasks = {self._supervised(name, work) for name, work in self._work(sources)}
            await asyncio.wait(tasks)
        finally:
            # Whoever cancels again cuts a wait short, and nothing else.
            try:
                await stop_all(tasks, STOP_SECONDS)
            finally:
                try:
                    if self._keeper is not None:
                        await self._keeper.finish()
                finally:
                    self._let_go()

    def _let_go(self) -> None:
        """Write what is not written yet, and close what is open; none of it waits."""
        self._watching.save_now()
        self._alerting.close()
        self._ledger_file.close()
        if self._sources is not None:
            self._sources.close()
        if self._lock is not None:
            self._lock.release()

    async def _open(self) -> "Sources":
        if self._prepare is not None:
            self._settings, self._credentials = await self._prepare()
            self._alpaca_off = alpaca_off(self._settings, self._credentials, self._flags)
        # The feeds' libraries take a tenth of a second to import: not on the loop that paints.
        sources_module = await asyncio.to_thread(importlib.import_module, "mytrader_tui.monitor.sources")
        sources: Sources = sources_module.open_sources(
            self._settings,
            self._credentials,
            self._paths,
            sink=self._intake,
            order_sink=self._account,
            clock=self._clock,
        )
        # Known from here on: whoever leaves while the rest is being opened has them closed.
        self._sources = sources
        if sources.stream is not None and self._credentials is not None:
            self._lock = InstanceLock(self._paths.state_folder, self._credentials.key)
        held_elsewhere = self._lock is not None and not await asyncio.to_thread(self._lock.acquire)
        self._intake.begin(
            alpaca_off=Off(Reason.SECOND_INSTANCE) if held_elsewhere else self._alpaca_off,
            yahoo_off=yahoo_off(self._settings, self._flags),
        )
        self._account.note = self._account.orders_note = note_for(self._alpaca_off)
        if (stream := sources.stream) is not None and not held_elsewhere:
            self._intake.attach(stream, lambda: stream.canary_covered)
        if sources.yahoo is not None:
            self._intake.attach(sources.yahoo)
        return sources

    def _employ(self, sources: "Sources") -> None:
        """Those who work with the opened sources."""
        # Like the feeds themselves, they are imported only once the screen is painted.
        from mytrader_tui.monitor.allotment import Allotment
        from mytrader_tui.monitor.bar_sources import BarSources
        from mytrader_tui.monitor.broker_watch import BrokerWatch
        from mytrader_tui.monitor.questions import Questions
        from mytrader_tui.monitor.refreshing import Refreshing

        self._allotment = Allotment(
            self._intake,
            sources.stream,
            sources.yahoo,
            places=self._settings.alpaca.max_symbols,
            poll_seconds=self._settings.yahoo.poll_seconds,
        )
        self._questions = Questions(self._intake, sources.data, sources.yahoo, self._clock)
        self._charts.employ(BarSources(sources.data, sources.yahoo, self._clock))
        self._searches = self._open_searches(sources)
        self._keeper = self._open_history()
        self._shelf.employ(self._keeper)
        if sources.broker is not None and sources.orders is not None:
            self._broker_watch = BrokerWatch(
                sources.broker, sources.orders, self._account, self._intake, self._clock, self._changed
            )
        self._refreshing = Refreshing(sources.yahoo, self._questions, self._broker_watch, self._clock)

    def _open_history(self) -> "HistoryKeeper | None":
        from mytrader_tui.monitor.history_keeper import HistoryKeeper

        if not self._settings.history.enabled:
            return None
        if self._credentials is not None:
            self._observations.account = fingerprint(self._credentials.key)
        return HistoryKeeper(self._settings.history, self._paths.data_folder, self._observations, self._clock)

    @override
    def _history_trouble(self) -> str:
        return self._keeper.trouble if self._keeper is not None else ""

    def _open_searches(self, sources: "Sources") -> tuple[tuple[str, Work], ...]:
        """Who looks symbols up for the dialog that adds them."""
        from mytrader_tui.monitor.broker_listings import BrokerListings
        from mytrader_tui.monitor.listings_file import FILE_NAME
        from mytrader_tui.monitor.yahoo_search import YahooSearch

        broker, yahoo = None, None
        work: list[tuple[str, Work]] = []
        if sources.broker is not None:
            path, url = self._paths.cache_folder / FILE_NAME, self._settings.alpaca.trading_url
            broker = BrokerListings(sources.broker.assets, url=url, path=path, clock=self._clock)
            work.append(("listings", broker.run))
        if sources.yahoo is not None:
            yahoo = YahooSearch(sources.yahoo.search)
            work.append(("yahoo-search", yahoo.run))
        self._finding.employ(broker, yahoo)
        return tuple(work)

    def _work(self, sources: "Sources") -> Iterator[tuple[str, Work]]:
        yield "tick", self._tick
        yield "memory", settle
        yield "state-writer", self._watching.write_when_changed
        yield "alerts-writer", self._alerting.write_when_changed
        yield "charts", self._charts.own_fetches
        yield "sparklines", self._charts.keep_sparklines
        yield from self._searches
        if self._keeper is not None:
            yield "history", self._keeper.run
        if sources.stream is not None:
            yield "alpaca-stream", partial(self._stream, sources.stream)
        if sources.yahoo is not None:
            yield "yahoo-poller", sources.yahoo.run
        if (broker := self._broker_watch) is not None:
            yield "account", broker.watch_account
            yield "orders", broker.watch_orders
            yield "account-socket", broker.watch_socket
            yield "broker-clock", broker.watch_clock
            yield "broker-calendar", broker.watch_calendar
        if (questions := self._questions) is not None and sources.data is not None:
            yield "snapshots", questions.read_snapshots
            yield "probe", questions.probe_silence
            yield "opinions", questions.gather_opinions

    async def _stream(self, stream: "AlpacaStream") -> None:
        """Stream from when no other instance does."""
        if self._lock is not None:
            await self._lock.acquired()
        self._intake.attach(stream, lambda: stream.canary_covered)
        await stream.run()

    def _supervised(self, name: str, work: Work) -> asyncio.Task[None]:
        return asyncio.create_task(keep_running(name, work, self._crashed, asyncio.sleep), name=f"keep-{name}")

    def _crashed(self, name: str, error: BaseException) -> None:
        self._crash = f"{name} failed ({type(error).__name__}) and was restarted · the log says more"

    @override
    def _changed(self) -> None:
        """Have the feeds' wants worked out anew, once, after the present call."""
        if not self._balance_due and self._sources is not None:
            self._balance_due = True
            asyncio.get_running_loop().call_soon(self._balance)

    def _balance(self) -> None:
        """Ask each feed for what it should serve now."""
        self._balance_due = False
        if self._allotment is not None and self._questions is not None:
            held = self.holdings.symbols() if self.holdings else ()
            now = self._clock()
            listed = (*self.lists.watchlists.symbols, *self._alerting.symbols(now))
            self._allotment.balance(held, listed, self._in_sight, now.mono)
            self._questions.notice()

    async def _tick(self) -> None:
        while True:
            self._notice_passage()
            self._intake.tick()
            self._inspector.note(self._clock())
            self._balance()
            self._alerting.tick()
            await asyncio.sleep(TICK_SECONDS)

    def _notice_passage(self) -> None:
        """After a sleep, what was connected is not, whatever it says; after a set clock, the broker's is asked."""
        passage = self._clock.look()
        if passage.slept:
            _log.warning("this machine slept for %.0f s: connecting anew", passage.slept)
            self._intake.resumed()
            if self._sources is not None and self._sources.stream is not None:
                self._sources.stream.reconnect()
            if self._sources is not None and self._sources.yahoo is not None:
                self._sources.yahoo.poll_now()
        if passage.jumped:
            _log.warning("this machine's clock was set by %+.0f s", passage.jumped)
        if (passage.slept or passage.jumped) and self._broker_watch is not None:
            self._broker_watch.resumed()

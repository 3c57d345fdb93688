"""The Monitor: opens the feeds, owns every task, and stops all of them in time. It is the screens' Desk."""

import asyncio
import importlib
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence, Set
from functools import partial
from typing import TYPE_CHECKING

from mytrader_tui.market.board import Board
from mytrader_tui.market.equity import EquityHistory, EquityPeriod
from mytrader_tui.market.freshness import Badge
from mytrader_tui.market.link import Reason
from mytrader_tui.market.marking import Portfolio
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.order_book import OrderBook
from mytrader_tui.market.portfolio import Account, Holdings
from mytrader_tui.market.quote import Source
from mytrader_tui.market.status import Status, hint_for, skew_text, source_status
from mytrader_tui.market.story import tell
from mytrader_tui.market.watchlist import AddOutcome, Watchlist
from mytrader_tui.monitor.account import AccountBook, note_for
from mytrader_tui.monitor.availability import alpaca_off
from mytrader_tui.monitor.clock import MarketClock, suspended_seconds, system_clock
from mytrader_tui.monitor.instance_lock import InstanceLock
from mytrader_tui.monitor.intake import Intake
from mytrader_tui.monitor.memory import settle
from mytrader_tui.monitor.supervision import Work, keep_running, stop_all
from mytrader_tui.monitor.watching import Watching
from mytrader_tui.settings import Settings
from mytrader_tui.settings.credentials import Credentials
from mytrader_tui.settings.paths import Paths
from mytrader_tui.settings.schema import FEED_DELAY_SECONDS
from mytrader_tui.telemetry.ledger import Ledger, LedgerEntry
from mytrader_tui.telemetry.ledger_file import FILE_NAME, LedgerFile

if TYPE_CHECKING:
    from mytrader_tui.feeds.alpaca.stream import AlpacaStream
    from mytrader_tui.feeds.feed import Clock
    from mytrader_tui.monitor.allotment import Allotment
    from mytrader_tui.monitor.broker_watch import BrokerWatch
    from mytrader_tui.monitor.questions import Questions
    from mytrader_tui.monitor.sources import Sources

TICK_SECONDS = 1.0
STOP_SECONDS = 0.7

Prepare = Callable[[], Awaitable[tuple[Settings, Credentials | None]]]

_log = logging.getLogger(__name__)


class Monitor:
    """Runs the feeds from `run` until cancelled, and is the Desk that the screens read.

    `prepare`, if given, is awaited once before the feeds open and names the settings and credentials to use: the
    demo starts its market there, after the first paint.
    """

    def __init__(
        self,
        settings: Settings,
        credentials: Credentials | None,
        paths: Paths,
        *,
        clock: "Clock" = system_clock,
        prepare: Prepare | None = None,
    ) -> None:
        self._settings = settings
        self._credentials = credentials
        self._clock = MarketClock(clock, suspended_seconds if clock is system_clock else None)
        self._prepare = prepare
        self._ledger_file = LedgerFile(paths.state_folder / FILE_NAME)
        self._intake = Intake(settings, self._clock, self._changed, Ledger(self._ledger_file.append))
        self._watching = Watching(settings.watchlist.symbols, paths, self._changed)
        self._paths = paths
        self._reason_off = alpaca_off(settings, credentials)
        self._account = AccountBook(note_for(self._reason_off), self._clock, self._order_happened)
        self._sources: Sources | None = None
        self._lock: InstanceLock | None = None
        self._balance_due = False
        self._allotment: Allotment | None = None
        self._questions: Questions | None = None
        self._broker_watch: BrokerWatch | None = None
        self._in_sight: tuple[str, ...] = ()
        self._crash = ""
        self._announcement = ""

    @property
    def board(self) -> Board:
        """The quotes."""
        return self._intake.board

    @property
    def intake(self) -> Intake:
        """The router, the ledger and the counters behind the board."""
        return self._intake

    @property
    def watchlist(self) -> Watchlist:
        """The symbols shown, in order."""
        return self._watching.watchlist

    @property
    def account(self) -> Account | None:
        """The account as last reported."""
        return self._account.account

    @property
    def holdings(self) -> Holdings | None:
        """The positions as last reported."""
        return self._account.holdings

    @property
    def account_note(self) -> str:
        """Why the account is missing or old."""
        return self._account.note

    @property
    def orders(self) -> OrderBook:
        """The orders of the last days."""
        return self._account.orders

    @property
    def orders_note(self) -> str:
        """Why the orders may be old."""
        return self._account.orders_note

    @property
    def amounts_hidden(self) -> bool:
        """True while no amount of the account may be on the screen."""
        return self._watching.amounts_hidden

    @property
    def ledger(self) -> tuple[LedgerEntry, ...]:
        """The changes of the serving source, oldest first."""
        return self._intake.ledger.entries

    def portfolio(self, now: Moment, dirty: Set[str]) -> Portfolio:
        """The positions at the board's prices."""
        return self._account.portfolio(lambda symbol: (self.board.served(symbol), self.badge(symbol, now)), now, dirty)

    def take_news(self) -> tuple[str, ...]:
        """What became of orders since the last call."""
        return self._account.take_news()

    def hide_amounts(self, hidden: bool) -> None:
        """Hide or show the account's amounts, now and after a restart."""
        self._watching.hide_amounts(hidden)

    async def equity_history(self, period: EquityPeriod) -> EquityHistory | str:
        """The account's equity over `period`, or why it cannot be told."""
        if self._broker_watch is None:
            return self._account.note or "The sources are still being opened, try again."
        return await self._broker_watch.equity_history(period)

    def now(self) -> Moment:
        """The present by both clocks."""
        return self._clock()

    def badge(self, symbol: str, now: Moment) -> Badge:
        """What may be claimed of the price served for `symbol`."""
        return self._intake.badge(symbol, now)

    def status(self, now: Moment) -> Status:
        """The router's state and the sources' links."""
        intake = self._intake
        rows = Counter(self.board.serving(symbol) for symbol in intake.wanted)
        late = FEED_DELAY_SECONDS[self._settings.alpaca.feed]
        sources = tuple(
            source_status(source, intake.link(source), rows[source], delay, now)
            for source, delay in ((Source.ALPACA, late), (Source.YAHOO, 0.0))
        )
        entries = intake.ledger.entries
        cause = entries[-1].cause if entries else intake.model.down_reason.value
        return Status(
            now=now,
            state=intake.model.state,
            story=tell(intake.model, intake.link(Source.ALPACA), cause, now),
            sources=sources,
            hours=intake.hours,
            messages_per_second=intake.rate.per_second(now.mono),
            hint=self._hint(),
            demo=self._prepare is not None,
        )

    def _hint(self) -> str:
        """The most urgent thing to tell the user beside the story."""
        return (
            self._announcement
            or self._crash
            or self._watching.trouble
            or self._ledger_file.trouble
            or self._intake.opinions.text(self._clock())
            or skew_text(self._clock.skew)
            or hint_for(self._intake.link(Source.ALPACA))
        )

    async def add(self, text: str) -> AddOutcome:
        """Validate the symbols in `text` against the sources and add those that one of them knows."""
        return await self._watching.add(text, self._sources)

    def remove(self, symbol: str) -> None:
        """Take `symbol` off the watchlist."""
        self._watching.remove(symbol)

    def undo_remove(self) -> str | None:
        """Put the symbol removed last back in its place."""
        return self._watching.undo_remove()

    def mark(self, symbol: str) -> str:
        """Why the row of `symbol` is held, or how far its sources are apart."""
        return self._intake.opinions.mark(symbol)

    def cycle_source(self) -> str:
        """Let the user's choice of source go on: automatic, Alpaca, Yahoo, automatic; what it is now, in words."""
        order = (None, Source.ALPACA, Source.YAHOO)
        chosen = order[(order.index(self._intake.model.pinned) + 1) % len(order)]
        self._intake.pin(chosen)
        return f"Pinned to {chosen.value.capitalize()}." if chosen else "The source is chosen automatically."

    def show(self, symbols: Sequence[str]) -> None:
        """These rows are in sight: where the plan streams fewer symbols than there are, they come first."""
        if tuple(symbols) != self._in_sight:
            self._in_sight = tuple(symbols)
            self._changed()

    def announce(self, text: str) -> None:
        """Show `text` where the hints stand: the demo tells what it is doing to the market."""
        self._announcement = text

    def alarm(self, text: str) -> None:
        """Show `text` where the hints stand until there is something newer: a fault outside of the tasks here."""
        self._crash = text

    async def run(self) -> None:
        """Open the feeds and keep everything running until cancelled; then stop it all within a second."""
        tasks: set[asyncio.Task[None]] = set()
        try:
            self._sources = await self._open()
            self._employ(self._sources)
            self._balance()
            tasks = {self._supervised(name, work) for name, work in self._work(self._sources)}
            await asyncio.wait(tasks)
        finally:
            await stop_all(tasks, STOP_SECONDS)
            if self._sources is not None:
                self._sources.close()
            if self._lock is not None:
                self._lock.release()
            self._watching.save_now()
            self._ledger_file.close()

    async def _open(self) -> "Sources":
        if self._prepare is not None:
            self._settings, self._credentials = await self._prepare()
            self._reason_off = alpaca_off(self._settings, self._credentials)
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
        if sources.stream is not None and self._credentials is not None:
            self._lock = InstanceLock(self._paths.state_folder, self._credentials.key)
        held_elsewhere = self._lock is not None and not await asyncio.to_thread(self._lock.acquire)
        self._intake.begin(
            alpaca_off=Reason.SECOND_INSTANCE if held_elsewhere else self._reason_off,
            yahoo_off=None if self._settings.yahoo.enabled else Reason.DISABLED,
        )
        self._account.note = self._account.orders_note = note_for(self._reason_off)
        if (stream := sources.stream) is not None and not held_elsewhere:
            self._intake.attach(stream, lambda: stream.canary_covered)
        if sources.yahoo is not None:
            self._intake.attach(sources.yahoo)
        return sources

    def _employ(self, sources: "Sources") -> None:
        """Those who work with the opened sources."""
        # Like the feeds themselves, they are imported only once the screen is painted.
        from mytrader_tui.monitor.allotment import Allotment
        from mytrader_tui.monitor.broker_watch import BrokerWatch
        from mytrader_tui.monitor.questions import Questions

        self._allotment = Allotment(
            self._intake,
            sources.stream,
            sources.yahoo,
            places=self._settings.alpaca.max_symbols,
            poll_seconds=self._settings.yahoo.poll_seconds,
        )
        self._questions = Questions(self._intake, sources.data, sources.yahoo, self._clock)
        if sources.broker is not None and sources.orders is not None:
            self._broker_watch = BrokerWatch(
                sources.broker, sources.orders, self._account, self._intake, self._clock, self._changed
            )

    def _work(self, sources: "Sources") -> Iterator[tuple[str, Work]]:
        yield "tick", self._tick
        yield "memory", settle
        yield "state-writer", self._watching.write_when_changed
        if sources.stream is not None:
            yield "alpaca-stream", partial(self._stream, sources.stream)
        if sources.yahoo is not None:
            yield "yahoo-poller", sources.yahoo.run
        if (broker := self._broker_watch) is not None:
            yield "account", broker.watch_account
            yield "orders", broker.watch_orders
            yield "account-socket", broker.watch_socket
            yield "broker-clock", broker.watch_clock
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

    def _order_happened(self) -> None:
        if self._broker_watch is not None:
            self._broker_watch.happened()
        self._changed()

    def _crashed(self, name: str, error: BaseException) -> None:
        self._crash = f"{name} failed ({type(error).__name__}) and was restarted · the log says more"

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
            self._allotment.balance(held, self.watchlist.symbols, self._in_sight, self._clock().mono)
            self._questions.notice()

    async def _tick(self) -> None:
        while True:
            self._notice_passage()
            self._intake.tick()
            self._balance()
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

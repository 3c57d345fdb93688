"""The Monitor: opens the feeds, owns every task, and stops all of them in time. It is the screens' Desk."""

import asyncio
import importlib
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from mytrader_tui.feeds.alpaca.error import AlpacaError
from mytrader_tui.market.board import Board
from mytrader_tui.market.freshness import Badge
from mytrader_tui.market.link import Reason
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.portfolio import Account, Holdings
from mytrader_tui.market.quote import Source
from mytrader_tui.market.router import fallback_wanted
from mytrader_tui.market.session import Session
from mytrader_tui.market.status import Status, hint_for, skew_text, source_status
from mytrader_tui.market.story import tell
from mytrader_tui.market.symbol import alpaca_can_know
from mytrader_tui.market.watchlist import AddOutcome, Watchlist
from mytrader_tui.monitor.account import AccountWatch, note_for
from mytrader_tui.monitor.availability import alpaca_off
from mytrader_tui.monitor.clock import MarketClock, suspended_seconds, system_clock
from mytrader_tui.monitor.instance_lock import InstanceLock
from mytrader_tui.monitor.intake import Intake
from mytrader_tui.monitor.supervision import Work, keep_running, stop_all
from mytrader_tui.monitor.watching import Watching
from mytrader_tui.settings import Settings
from mytrader_tui.settings.credentials import Credentials
from mytrader_tui.settings.paths import Paths
from mytrader_tui.telemetry.ledger import Ledger, LedgerEntry
from mytrader_tui.telemetry.ledger_file import FILE_NAME, LedgerFile

if TYPE_CHECKING:
    from mytrader_tui.feeds.alpaca.account import AlpacaAccount
    from mytrader_tui.feeds.alpaca.data import AlpacaData
    from mytrader_tui.feeds.alpaca.stream import AlpacaStream
    from mytrader_tui.feeds.feed import Clock
    from mytrader_tui.feeds.yahoo import YahooPoller
    from mytrader_tui.monitor.sources import Sources

TICK_SECONDS = 1.0
STOP_SECONDS = 0.7
BROKER_CLOCK_SECONDS = 60.0
SNAPSHOT_RETRY_SECONDS = 15.0
EXTENDED_POLL_SECONDS = 60.0
CLOSED_POLL_SECONDS = 15 * 60.0
"""How often the fallback is asked while everything that it serves is closed."""

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
        self._account = AccountWatch(note_for(self._reason_off))
        self._sources: Sources | None = None
        self._lock: InstanceLock | None = None
        self._balance_due = False
        self._snapshots_due = asyncio.Event()
        self._clock_due = asyncio.Event()
        self._snapshot_mark: object = None
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
    def ledger(self) -> tuple[LedgerEntry, ...]:
        """The changes of the serving source, oldest first."""
        return self._intake.ledger.entries

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
        late = 900.0 if self._settings.alpaca.feed == "delayed_sip" else 0.0
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
            self._settings, self._credentials, self._paths, self._intake, self._clock
        )
        if sources.stream is not None and self._credentials is not None:
            self._lock = InstanceLock(self._paths.state_folder, self._credentials.key)
        held_elsewhere = self._lock is not None and not await asyncio.to_thread(self._lock.acquire)
        self._intake.begin(
            alpaca_off=Reason.SECOND_INSTANCE if held_elsewhere else self._reason_off,
            yahoo_off=None if self._settings.yahoo.enabled else Reason.DISABLED,
        )
        self._account.note = note_for(self._reason_off)
        if (stream := sources.stream) is not None and not held_elsewhere:
            self._intake.attach(stream, lambda: stream.canary_covered)
        if sources.yahoo is not None:
            self._intake.attach(sources.yahoo)
        return sources

    def _work(self, sources: "Sources") -> Iterator[tuple[str, Work]]:
        yield "tick", self._tick
        yield "state-writer", self._watching.write_when_changed
        if sources.stream is not None:
            yield "alpaca-stream", partial(self._stream, sources.stream)
        if sources.yahoo is not None:
            yield "yahoo-poller", sources.yahoo.run
        if sources.broker is not None:
            yield "account", partial(self._watch_account, sources.broker)
            yield "broker-clock", partial(self._watch_clock, sources.broker)
        if sources.data is not None:
            yield "snapshots", partial(self._read_snapshots, sources.data)

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

    def _changed(self) -> None:
        """Have the feeds' wants worked out anew, once, after the present call."""
        if not self._balance_due and self._sources is not None:
            self._balance_due = True
            asyncio.get_running_loop().call_soon(self._balance)

    def _balance(self) -> None:
        """Ask each feed for what it should serve now: positions first, then the watchlist in its order."""
        self._balance_due = False
        sources, intake = self._sources, self._intake
        if sources is None:
            return
        held = self.holdings.symbols() if self.holdings else ()
        symbols = tuple(dict.fromkeys((*held, *self.watchlist.symbols)))
        intake.watch(symbols)
        if sources.stream is not None:
            sources.stream.want(symbols)
        if sources.yahoo is not None:
            polled = symbols if fallback_wanted(intake.model) else tuple(s for s in symbols if s not in intake.covered)
            sources.yahoo.want(polled)
            self._pace(sources.yahoo, polled)
        link = intake.link(Source.ALPACA)
        mark = (link.since.mono, link.up, intake.hours.session, intake.covered)
        if link.up and intake.covered and mark != self._snapshot_mark:
            self._snapshot_mark = mark
            self._snapshots_due.set()

    def _pace(self, yahoo: "YahooPoller", symbols: Sequence[str]) -> None:
        """Ask less often while nothing that Yahoo serves can trade."""
        poll_seconds = self._settings.yahoo.poll_seconds
        own = [quote.session for s in symbols if (quote := self.board.quote(s, Source.YAHOO)) and alpaca_can_know(s)]
        if len(own) == len(symbols) and own and all(session is Session.CLOSED for session in own):
            poll_seconds = max(poll_seconds, CLOSED_POLL_SECONDS)
        if poll_seconds != yahoo.link.poll_seconds:
            yahoo.set_cadence(poll_seconds)
            self._intake.set_cadence(poll_seconds)

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
        if passage.slept or passage.jumped:
            self._clock_due.set()

    async def _watch_account(self, broker: "AlpacaAccount") -> None:
        while True:
            pause = await self._account.refresh(broker)
            self._changed()
            await asyncio.sleep(pause)

    async def _watch_clock(self, broker: "AlpacaAccount") -> None:
        while True:
            asked = self._clock()
            try:
                clock = await broker.clock()
            except AlpacaError as error:
                _log.info("the broker's clock could not be read, the rules serve: %s", error)
            else:
                self._clock.compare(asked, clock.timestamp, self._clock())
                self._intake.hear_broker(clock)
            await self._until_clock_due()

    async def _until_clock_due(self) -> None:
        self._clock_due.clear()
        try:
            async with asyncio.timeout(BROKER_CLOCK_SECONDS):
                await self._clock_due.wait()
        except TimeoutError:
            return

    async def _read_snapshots(self, data: "AlpacaData") -> None:
        """Last, previous close and volume before the first trade prints, and again after every gap."""
        while True:
            await self._snapshots_due.wait()
            self._snapshots_due.clear()
            try:
                self._intake.ingest(await data.snapshots(sorted(self._intake.covered)))
            except AlpacaError as error:
                _log.warning("snapshots could not be read: %s", error)
                await asyncio.sleep(max(SNAPSHOT_RETRY_SECONDS, error.retry_after or 0.0))
                self._snapshots_due.set()

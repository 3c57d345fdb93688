"""What the screens are told: the monitor's side of the Desk, put together from those who know."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence, Set
from typing import TYPE_CHECKING

from mytrader_tui.history.last_known import FILE_NAME as LAST_KNOWN_FILE
from mytrader_tui.market.account.equity import EquityHistory, EquityPeriod
from mytrader_tui.market.account.marking import Portfolio
from mytrader_tui.market.account.order_book import OrderBook
from mytrader_tui.market.account.portfolio import Account, Holdings
from mytrader_tui.market.board import Board
from mytrader_tui.market.freshness import Badge
from mytrader_tui.market.inspection import Inspection
from mytrader_tui.market.link import Reason
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Source
from mytrader_tui.market.status import Status, hint_for, skew_text, source_status
from mytrader_tui.market.watchlist import AddOutcome, Watchlist
from mytrader_tui.monitor.account import AccountBook, note_for
from mytrader_tui.monitor.alerting import Alerting, Sight
from mytrader_tui.monitor.availability import alpaca_off, yahoo_off
from mytrader_tui.monitor.bar_shelf import BarShelf
from mytrader_tui.monitor.charts import Charts
from mytrader_tui.monitor.clock import MarketClock, suspended_seconds, system_clock
from mytrader_tui.monitor.finding import Finding
from mytrader_tui.monitor.inspecting import Inspector
from mytrader_tui.monitor.intake import Intake
from mytrader_tui.monitor.lists import Lists
from mytrader_tui.monitor.observations import Observations
from mytrader_tui.monitor.sparklines import Sparklines
from mytrader_tui.monitor.watching import Watching
from mytrader_tui.process.desktop_notice import DesktopNotices
from mytrader_tui.settings import Settings
from mytrader_tui.settings.alerts_file import FILE_NAME as ALERTS_FILE
from mytrader_tui.settings.credentials import Credentials
from mytrader_tui.settings.flags import NO_FLAGS, Flags
from mytrader_tui.settings.opening import AS_LEFT, Opening
from mytrader_tui.settings.paths import Paths
from mytrader_tui.settings.schema import FEED_DELAY_SECONDS
from mytrader_tui.settings.state import View
from mytrader_tui.telemetry.ledger import Ledger, LedgerEntry
from mytrader_tui.telemetry.ledger_file import FILE_NAME, LedgerFile
from mytrader_tui.telemetry.log_memory import LogMemory

if TYPE_CHECKING:
    from mytrader_tui.feeds.feed import Clock
    from mytrader_tui.monitor.broker_watch import BrokerWatch
    from mytrader_tui.monitor.refreshing import Refreshing
    from mytrader_tui.monitor.sources import Sources


class MarketDesk(ABC):
    """Holds what is known and answers the screens from it; whoever runs the feeds fills it. It starts no task."""

    def __init__(
        self,
        settings: Settings,
        credentials: Credentials | None,
        paths: Paths,
        *,
        clock: "Clock",
        demo: bool,
        log: LogMemory,
        opening: Opening = AS_LEFT,
        flags: Flags = NO_FLAGS,
    ) -> None:
        self._settings = settings
        self._demo = demo
        self._log = log
        self._clock = MarketClock(clock, suspended_seconds if clock is system_clock else None)
        self._ledger_file = LedgerFile(paths.state_folder / FILE_NAME)
        self._intake = Intake(settings, self._clock, self._changed, Ledger(self._ledger_file.append))
        self._inspector = Inspector(self._intake)
        self._watching = Watching(settings.watchlists, paths, self._changed, opening)
        self._flags = flags
        off = alpaca_off(settings, credentials, flags)
        # The demo's keys come with its market: until that runs, nobody knows that there are none.
        self._alpaca_off = None if demo and off is not None and off.reason is Reason.NO_KEYS else off
        self._intake.begin(alpaca_off=self._alpaca_off, yahoo_off=yahoo_off(settings, flags))
        self._account = AccountBook(note_for(self._alpaca_off), self._clock, self._order_happened)
        self._shelf = BarShelf(paths.cache_folder / "bars")
        sparklines = Sparklines(self._clock, self._intake.board, lambda: self._intake.hours, self._shelf)
        self._charts = Charts(self._clock, self._intake.board, self._shelf, sparklines)
        self._finding = Finding()
        self._alerting = Alerting(
            paths.state_folder / ALERTS_FILE,
            settings.alerts,
            look=self._sight,
            clock=self._clock,
            changed=self._changed,
            notices=DesktopNotices("mytrader-tui (demo)" if demo else "mytrader-tui"),
        )
        self._intake.follow = self._alerting.heard
        last_known = paths.data_folder / LAST_KNOWN_FILE
        self._observations = Observations(self._intake, lambda: self._account.account, last_known)
        if settings.history.enabled:
            self._intake.watch(self.lists.watchlists.symbols)
            self._observations.restore(self._intake.wanted, self._clock())
        self._sources: Sources | None = None
        self._broker_watch: BrokerWatch | None = None
        self._refreshing: Refreshing | None = None
        self._in_sight: tuple[str, ...] = ()
        self._crash = ""
        self._announcement = ""

    @abstractmethod
    def _changed(self) -> None:
        """What the feeds should be asked for may have changed."""

    def _order_happened(self) -> None:
        if self._broker_watch is not None:
            self._broker_watch.happened()
        self._changed()

    @property
    def charts(self) -> Charts:
        """Bars of the past."""
        return self._charts

    @property
    def search(self) -> Finding:
        """Completion of symbols and names."""
        return self._finding

    @property
    def alerts(self) -> Alerting:
        """Price alerts."""
        return self._alerting

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
        """The active list: the symbols shown, in order."""
        return self._watching.watchlist

    @property
    def lists(self) -> Lists:
        """The named watchlists."""
        return self._watching.lists

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
    def view(self) -> View:
        """How the user left the screen."""
        return self._watching.view

    @property
    def ledger(self) -> tuple[LedgerEntry, ...]:
        """The changes of the serving source, oldest first."""
        return self._intake.ledger.entries

    @property
    def log(self) -> LogMemory:
        """The newest records of the log."""
        return self._log

    def portfolio(self, now: Moment, dirty: Set[str]) -> Portfolio:
        """The positions at the board's prices."""
        return self._account.portfolio(lambda symbol: (self.board.served(symbol), self.badge(symbol, now)), now, dirty)

    def take_news(self) -> tuple[str, ...]:
        """What became of orders since the last call."""
        return self._account.take_news()

    def hide_amounts(self, hidden: bool) -> None:
        """Hide or show the account's amounts, now and after a restart."""
        self._watching.hide_amounts(hidden)

    def keep_view(self, view: View) -> None:
        """Keep how the user left the screen, for the next start too."""
        self._watching.keep_view(view)

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

    def _sight(self, symbol: str, now: Moment) -> Sight:
        return Sight(self.board.served(symbol), self.badge(symbol, now), self.mark(symbol))

    def status(self, now: Moment) -> Status:
        """The router's state and the sources' links."""
        intake = self._intake
        rows = Counter(self.board.serving(symbol) for symbol in intake.wanted)
        late = FEED_DELAY_SECONDS[self._settings.alpaca.feed]
        sources = tuple(
            source_status(source, intake.link(source), rows[source], delay, now)
            for source, delay in ((Source.ALPACA, late), (Source.YAHOO, 0.0))
        )
        return Status(
            now=now,
            state=intake.model.state,
            story=intake.story(now),
            sources=sources,
            hours=intake.hours,
            messages_per_second=intake.rate.per_second(now.mono),
            hint=self._hint(),
            demo=self._demo,
            warnings=self._log.unseen,
        )

    def _hint(self) -> str:
        """The most urgent thing to tell the user beside the story."""
        return (
            self._announcement
            or self._crash
            or self._watching.trouble
            or self._alerting.trouble
            or self._ledger_file.trouble
            or self._history_trouble()
            or self._intake.opinions.text(self._clock())
            or skew_text(self._clock.skew)
            or self._hint_of_sources()
        )

    def _hint_of_sources(self) -> str:
        alpaca, yahoo = (self._intake.link(source) for source in (Source.ALPACA, Source.YAHOO))
        return hint_for(alpaca, yahoo, self._alpaca_off.cure if self._alpaca_off else "")

    def _history_trouble(self) -> str:
        """What is the matter with the history, where one is kept."""
        return ""

    async def add(self, text: str) -> AddOutcome:
        """Validate the symbols in `text` against the sources and add those that one of them knows."""
        return await self._watching.add(text, self._sources, self._finding.suggestion)

    def remove(self, symbol: str) -> None:
        """Take `symbol` off the active list."""
        self._watching.remove(symbol)

    def undo_remove(self) -> str | None:
        """Put the symbol removed last back in its place."""
        return self._watching.undo_remove()

    def mark(self, symbol: str) -> str:
        """Why the row of `symbol` is held, or how far its sources are apart."""
        return self._intake.opinions.mark(symbol)

    def inspect(self, symbol: str, now: Moment) -> Inspection:
        """Everything behind the row of `symbol`."""
        return self._inspector.inspect(symbol, now)

    def inspect_json(self, symbol: str, now: Moment) -> str:
        """The same as JSON."""
        from mytrader_tui.api.inspection import as_json

        return as_json(self.inspect(symbol, now))

    def apart(self, symbol: str) -> float | None:
        """How far Yahoo's price is over what Alpaca said at its time, in basis points; None while not comparable."""
        return self._intake.opinions.apart(symbol, self._clock())

    def refresh(self) -> str:
        """Ask every source again now, as far as each allows it; what was asked, in words."""
        return self._refreshing.ask() if self._refreshing is not None else "The sources are still being opened."

    def cycle_source(self) -> str:
        """Let the user's choice of source go on: automatic, Alpaca, Yahoo, automatic; what it is now, in words.

        What is switched off is passed over, and why is said.
        """
        order = (None, Source.ALPACA, Source.YAHOO)
        place, passed = order.index(self.pinned), list[str]()
        for step in range(1, len(order) + 1):
            source = order[(place + step) % len(order)]
            if source is None or (why := self._intake.why_not(source)) is None:
                return " ".join((*passed, self.pin(source)))
            passed.append(_not_chosen(source, why))
        return " ".join(passed)

    @property
    def pinned(self) -> Source | None:
        """The source that the user chose."""
        return self._intake.model.pinned

    def pin(self, source: Source | None) -> str:
        """Let `source` serve, or with None whichever the router chooses; the choice, or why it cannot be, in words."""
        if source is not None and (why := self._intake.why_not(source)) is not None:
            return _not_chosen(source, why)
        self._intake.pin(source)
        return f"Pinned to {source.value.capitalize()}." if source else "The source is chosen automatically."

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


def _not_chosen(source: Source, why: str) -> str:
    return f"Not {source.value.capitalize()}: {why}."

"""A desk without a market behind it: a real board, real values, and a clock that stands still until told."""

import asyncio
from collections.abc import Sequence, Set
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from fake_alerts import FakeAlerts
from fake_charts import FakeCharts
from fake_inspection import FakeInspection
from fake_search import FakeSearch
from msgspec.structs import replace

from mytrader_tui.api.inspection import as_json
from mytrader_tui.market.account.equity import EquityHistory, EquityPeriod
from mytrader_tui.market.account.marking import Portfolio
from mytrader_tui.market.account.order_book import OrderBook
from mytrader_tui.market.account.portfolio import Account, Holdings, Position
from mytrader_tui.market.account.portfolio_keeper import PortfolioKeeper
from mytrader_tui.market.board import Board
from mytrader_tui.market.failover.router import State
from mytrader_tui.market.freshness import Badge, badge
from mytrader_tui.market.inspection import Inspection
from mytrader_tui.market.link import Link
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import BidAsk, Origin, Quote, Source, Trade
from mytrader_tui.market.session import MarketHours, hours_at
from mytrader_tui.market.status import SourceHealth, SourceStatus, Status
from mytrader_tui.market.symbol import BadSymbolError, canonical
from mytrader_tui.market.watchlist import AddOutcome, Refusal, Watchlist
from mytrader_tui.market.watchlists import FIRST_NAME, NamedList, Watchlists
from mytrader_tui.monitor.lists import Lists
from mytrader_tui.settings.state import View
from mytrader_tui.telemetry.ledger import LedgerEntry
from mytrader_tui.telemetry.log_memory import LogMemory

# A Friday in a regular session: 10:30 in New York.
START = Moment(datetime(2026, 11, 20, 15, 30, tzinfo=UTC), 1000.0)
IEX = Origin(Source.ALPACA, "iex", 0.0)
YAHOO = Origin(Source.YAHOO, "quote", 900.0, polled=True)


class FakeDesk:
    """Everything a test may set is a plain attribute."""

    def __init__(self, symbols: tuple[str, ...] = ("AAPL", "MSFT", "TSLA")) -> None:
        self.board = Board()
        self.lists = Lists(Watchlists((NamedList(FIRST_NAME, Watchlist(symbols)),)), lambda: None)
        self.left = View()
        self.account: Account | None = None
        self.holdings: Holdings | None = None
        self.account_note = ""
        self.orders = OrderBook()
        self.charts = FakeCharts()
        self.search = FakeSearch()
        self.alerts = FakeAlerts()
        self.orders_note = ""
        self.inspected = FakeInspection()
        self.log = LogMemory((), lambda: self.moment)
        self.amounts_hidden = False
        self.news: list[str] = []
        self.history: EquityHistory | str = "no history was asked of anybody"
        self.periods: list[EquityPeriod] = []
        self.keeper = PortfolioKeeper()
        self.ledger: tuple[LedgerEntry, ...] = ()
        self.moment = START
        self.hours: MarketHours = hours_at(START.wall)
        self.links = {
            Source.ALPACA: Link(up=True, since=START, heard=START),
            Source.YAHOO: Link(up=True, since=START, heard=START, poll_seconds=60.0),
        }
        self.state = State.PRIMARY_ACTIVE
        self.story: tuple[str, ...] = ("Alpaca serving for 0:00",)
        self.sources: tuple[SourceStatus, ...] | None = None
        self.hint = ""
        self.marks: dict[str, str] = {}
        self.basis_points: dict[str, float] = {}
        self.shown: tuple[str, ...] = ()
        self.cycled = 0
        self.pinned: Source | None = None
        self.refreshed = 0
        self.demo = False
        self.pace = 12.0
        self.unknown = frozenset({"NOPE", "ZZZZ"})
        self.add_pause: asyncio.Event | None = None
        self.asked: list[str] = []

    def now(self) -> Moment:
        return self.moment

    def advance(self, seconds: float) -> Moment:
        self.moment = self.moment.later(seconds)
        return self.moment

    def hear(self) -> None:
        """Every link gives a sign of life now."""
        self.links = {
            source: Link(up=True, since=START, heard=self.moment, poll_seconds=link.poll_seconds)
            for source, link in self.links.items()
        }

    def badge(self, symbol: str, now: Moment) -> Badge:
        quote = self.board.served(symbol)
        source = self.board.serving(symbol) or Source.ALPACA
        return badge(quote, self.links[Source.ALPACA if source is Source.CACHE else source], self.hours, now)

    def portfolio(self, now: Moment, dirty: Set[str]) -> Portfolio:
        def served(symbol: str) -> tuple[Quote | None, Badge]:
            return self.board.served(symbol), self.badge(symbol, now)

        return self.keeper.update(self.account, self.holdings, served, now, dirty)

    def take_news(self) -> tuple[str, ...]:
        news, self.news = tuple(self.news), []
        return news

    def hide_amounts(self, hidden: bool) -> None:
        self.amounts_hidden = hidden

    @property
    def watchlist(self) -> Watchlist:
        return self.lists.watchlists.active.watchlist

    @watchlist.setter
    def watchlist(self, watchlist: Watchlist) -> None:
        self.lists.put(watchlist)

    @property
    def view(self) -> View:
        active = self.lists.watchlists.active
        return replace(self.left, sort=active.sort, falling=active.falling)

    @view.setter
    def view(self, view: View) -> None:
        self.keep_view(view)

    def keep_view(self, view: View) -> None:
        self.lists.sort(view.sort, falling=view.falling)
        self.left = view

    async def equity_history(self, period: EquityPeriod) -> EquityHistory | str:
        self.periods.append(period)
        return self.history

    def mark(self, symbol: str) -> str:
        return self.marks.get(symbol, "")

    def inspect(self, symbol: str, now: Moment) -> Inspection:
        return self.inspected.of(self, symbol, now)

    def inspect_json(self, symbol: str, now: Moment) -> str:
        return as_json(self.inspect(symbol, now))

    def apart(self, symbol: str) -> float | None:
        return self.basis_points.get(symbol)

    def show(self, symbols: Sequence[str]) -> None:
        self.shown = tuple(symbols)

    def refresh(self) -> str:
        self.refreshed += 1
        return "Asked Alpaca, Yahoo and the account again."

    def cycle_source(self) -> str:
        self.cycled += 1
        return "Pinned to Alpaca."

    def pin(self, source: Source | None) -> str:
        self.pinned = source
        return f"Pinned to {source.value.capitalize()}." if source else "The source is chosen automatically."

    def status(self, now: Moment) -> Status:
        sources = self.sources or (
            SourceStatus(Source.ALPACA, SourceHealth.LIVE, self.links[Source.ALPACA], 9),
            SourceStatus(Source.YAHOO, SourceHealth.DELAYED, self.links[Source.YAHOO], 2),
        )
        return Status(
            now,
            self.state,
            self.story,
            sources,
            self.hours,
            self.pace,
            hint=self.hint,
            demo=self.demo,
            warnings=self.log.unseen,
        )

    async def add(self, text: str) -> AddOutcome:
        self.asked.append(text)
        if self.add_pause is not None:
            await self.add_pause.wait()
        added: list[str] = []
        refused: list[Refusal] = []
        for word in text.replace(",", " ").split():
            try:
                symbol = canonical(word)
            except BadSymbolError as error:
                refused.append(Refusal(word, str(error)))
                continue
            if symbol in self.unknown:
                refused.append(Refusal(symbol, "neither Alpaca nor Yahoo knows it"))
            elif symbol in self.watchlist.symbols:
                refused.append(Refusal(symbol, "is on the list already"))
            else:
                self.watchlist = self.watchlist.add(symbol)
                added.append(symbol)
        return AddOutcome(tuple(added), tuple(refused))

    def remove(self, symbol: str) -> None:
        self.watchlist = self.watchlist.remove(symbol)

    def undo_remove(self) -> str | None:
        symbol = self.watchlist.removals[-1].symbol if self.watchlist.removals else None
        self.watchlist = self.watchlist.undo()
        return symbol

    # What the market says.

    def quote(self, symbol: str, last: float | None, *, origin: Origin = IEX, age: float = 0.0, **more: object) -> None:
        """A whole picture of `symbol`, served from now on by the origin's source."""
        event_time = self.moment.wall - timedelta(seconds=age)
        fields = {"event_time": event_time, "previous_close": None if last is None else last - 1.0, **more}
        self.board.apply(Quote(symbol=symbol, origin=origin, receipt=self.moment, last=last, **fields))
        self.board.serve(symbol, origin.source)

    def trade(self, symbol: str, price: float, *, origin: Origin = IEX) -> None:
        """A print on the tape, now."""
        self.board.apply(Trade(symbol, price, 100, self.moment.wall, origin, self.moment))

    def bid_ask(self, symbol: str, bid: float, ask: float, *, origin: Origin = IEX) -> None:
        """A new best bid and ask, now."""
        self.board.apply(BidAsk(symbol, bid, ask, 1, 1, self.moment.wall, origin, self.moment))

    def hold(self, **quantities: tuple[str, str]) -> None:
        """An account and positions: symbol = (quantity, average entry)."""
        positions = tuple(
            Position(symbol=symbol, quantity=Decimal(qty), average_entry=Decimal(entry), receipt=self.moment)
            for symbol, (qty, entry) in quantities.items()
        )
        self.holdings = Holdings(positions, self.moment)
        self.account = Account(
            equity=Decimal("102345.67"),
            last_equity=Decimal("102000"),
            cash=Decimal("45000"),
            buying_power=Decimal("190000"),
            currency="USD",
            status="ACTIVE",
            paper=True,
            receipt=self.moment,
        )


class IdleWorker:
    """Runs until cancelled and does nothing."""

    async def run(self) -> None:
        await asyncio.Event().wait()

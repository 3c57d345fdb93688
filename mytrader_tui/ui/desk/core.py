"""The desk itself: prices, badges, the account, the status, and what the keys change."""

from collections.abc import Sequence, Set
from typing import Protocol

from mytrader_tui.market.account.equity import EquityHistory, EquityPeriod
from mytrader_tui.market.account.marking import Portfolio
from mytrader_tui.market.account.order_book import OrderBook
from mytrader_tui.market.account.portfolio import Account, Holdings
from mytrader_tui.market.board import Board
from mytrader_tui.market.freshness import Badge
from mytrader_tui.market.inspection import Inspection
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Source
from mytrader_tui.market.status import Status
from mytrader_tui.market.watchlist import AddOutcome, Watchlist
from mytrader_tui.settings.state import View
from mytrader_tui.telemetry.ledger import LedgerEntry
from mytrader_tui.ui.desk.alerts import AlertDesk
from mytrader_tui.ui.desk.charts import ChartDesk
from mytrader_tui.ui.desk.lists import ListDesk
from mytrader_tui.ui.desk.log import LogDesk
from mytrader_tui.ui.desk.search import SearchDesk


class Desk(Protocol):
    """Read on every paint, so each property is cheap; nothing here raises and nothing blocks."""

    @property
    def board(self) -> Board:
        """The quotes. Only one screen drains its dirty symbols."""

    @property
    def watchlist(self) -> Watchlist:
        """The active list: the symbols to show, in order."""

    @property
    def lists(self) -> ListDesk:
        """The named watchlists, of which `watchlist` is the active one."""

    @property
    def account(self) -> Account | None:
        """The account as last reported, or None before any answer."""

    @property
    def holdings(self) -> Holdings | None:
        """The positions as last reported, or None before any answer."""

    @property
    def account_note(self) -> str:
        """Why the account is missing or old, in words, with what to do; empty when all is well."""

    @property
    def orders(self) -> OrderBook:
        """The newest version of every order of the day; its `version` grows with every change."""

    @property
    def orders_note(self) -> str:
        """Why the orders may be old, in words; empty while the account's socket is up and they were read since."""

    @property
    def amounts_hidden(self) -> bool:
        """True while no amount of money of the account may be on the screen."""

    @property
    def view(self) -> View:
        """How the user left the screen: the active list's sort, and the theme chosen by key."""

    @property
    def ledger(self) -> tuple[LedgerEntry, ...]:
        """The changes of the serving source, oldest first; the same tuple until there is something new."""

    @property
    def charts(self) -> ChartDesk:
        """Bars of the past."""

    @property
    def search(self) -> SearchDesk:
        """Completion of symbols and names."""

    @property
    def alerts(self) -> AlertDesk:
        """Price alerts."""

    @property
    def log(self) -> LogDesk:
        """The newest records of the log."""

    def portfolio(self, now: Moment, dirty: Set[str]) -> Portfolio:
        """The positions at the board's prices; the same object as before if nothing changed.

        `dirty` are the symbols with news since the last call.
        """

    def take_news(self) -> tuple[str, ...]:
        """What became of orders since the last call, a line each, oldest first."""

    def hide_amounts(self, hidden: bool) -> None:
        """Hide or show the account's amounts, now and after a restart."""

    def keep_view(self, view: View) -> None:
        """Keep how the user leaves the screen, for the next start too; the sort is the active list's."""

    async def equity_history(self, period: EquityPeriod) -> EquityHistory | str:
        """The account's equity over `period`, or why it cannot be told, in words."""

    def now(self) -> Moment:
        """The present by both clocks."""

    def badge(self, symbol: str, now: Moment) -> Badge:
        """What may be claimed of the price served for `symbol`."""

    def mark(self, symbol: str) -> str:
        """Why the row of `symbol` is held, or how far its sources are apart; empty if all is well."""

    def inspect(self, symbol: str, now: Moment) -> Inspection:
        """Everything behind the row of `symbol`: both sources, the badge's rule, and what happened lately."""

    def inspect_json(self, symbol: str, now: Moment) -> str:
        """The same as JSON, with the provenance fields of a snapshot."""

    def apart(self, symbol: str) -> float | None:
        """How far Yahoo's price is over (below: negative) what Alpaca said at its time, in basis points.

        None while the two cannot be compared. Cheap: read on every paint.
        """

    def status(self, now: Moment) -> Status:
        """The router's state and the sources' links."""

    async def add(self, text: str) -> AddOutcome:
        """Validate and add the symbols in `text` (separated by blanks or commas)."""

    def show(self, symbols: Sequence[str]) -> None:
        """Take note of the rows in sight: where not all can be live, they come first."""

    def refresh(self) -> str:
        """Ask every source again now, as far as each allows it; what was asked, in words."""

    def cycle_source(self) -> str:
        """Pin the next source (automatic, Alpaca, Yahoo, automatic); the choice in words."""

    @property
    def pinned(self) -> Source | None:
        """The source that the user chose; None while the choice is automatic."""

    def pin(self, source: Source | None) -> str:
        """Let `source` serve whatever the evidence, or with None leave the choice automatic; the choice in words."""

    def remove(self, symbol: str) -> None:
        """Take `symbol` off the active list."""

    def undo_remove(self) -> str | None:
        """Put the symbol last removed from the active list back in its place; its name, or None if there is none."""

"""What the screens need of whoever runs the market behind them: the seam between `ui` and the monitor."""

from collections.abc import Sequence, Set
from typing import Protocol

from mytrader_tui.market.board import Board
from mytrader_tui.market.equity import EquityHistory, EquityPeriod
from mytrader_tui.market.freshness import Badge
from mytrader_tui.market.marking import Portfolio
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.order_book import OrderBook
from mytrader_tui.market.portfolio import Account, Holdings
from mytrader_tui.market.status import Status
from mytrader_tui.market.watchlist import AddOutcome, Watchlist
from mytrader_tui.telemetry.ledger import LedgerEntry


class Desk(Protocol):
    """Read on every paint, so each property is cheap; nothing here raises and nothing blocks."""

    @property
    def board(self) -> Board:
        """The quotes. Only one screen drains its dirty symbols."""

    @property
    def watchlist(self) -> Watchlist:
        """The symbols to show, in order."""

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
    def ledger(self) -> tuple[LedgerEntry, ...]:
        """The changes of the serving source, oldest first; the same tuple until there is something new."""

    def portfolio(self, now: Moment, dirty: Set[str]) -> Portfolio:
        """The positions at the board's prices; the same object as before if nothing changed.

        `dirty` are the symbols with news since the last call.
        """

    def take_news(self) -> tuple[str, ...]:
        """What became of orders since the last call, a line each, oldest first."""

    def hide_amounts(self, hidden: bool) -> None:
        """Hide or show the account's amounts, now and after a restart."""

    async def equity_history(self, period: EquityPeriod) -> EquityHistory | str:
        """The account's equity over `period`, or why it cannot be told, in words."""

    def now(self) -> Moment:
        """The present by both clocks."""

    def badge(self, symbol: str, now: Moment) -> Badge:
        """What may be claimed of the price served for `symbol`."""

    def mark(self, symbol: str) -> str:
        """Why the row of `symbol` is held, or how far its sources are apart; empty if all is well."""

    def status(self, now: Moment) -> Status:
        """The router's state and the sources' links."""

    async def add(self, text: str) -> AddOutcome:
        """Validate and add the symbols in `text` (separated by blanks or commas)."""

    def show(self, symbols: Sequence[str]) -> None:
        """Take note of the rows in sight: where not all can be live, they come first."""

    def cycle_source(self) -> str:
        """Pin the next source (automatic, Alpaca, Yahoo, automatic); the choice in words."""

    def remove(self, symbol: str) -> None:
        """Take `symbol` off the watchlist."""

    def undo_remove(self) -> str | None:
        """Put the symbol removed last back in its place; its name, or None if there is none."""

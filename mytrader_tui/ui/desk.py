"""What the screens need of whoever runs the market behind them: the seam between `ui` and the monitor."""

from collections.abc import Sequence
from typing import Protocol

from mytrader_tui.market.board import Board
from mytrader_tui.market.freshness import Badge
from mytrader_tui.market.moment import Moment
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
    def ledger(self) -> tuple[LedgerEntry, ...]:
        """The changes of the serving source, oldest first; the same tuple until there is something new."""

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

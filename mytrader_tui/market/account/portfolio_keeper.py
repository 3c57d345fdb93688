"""The portfolio kept up to date with the board at the cost of what changed."""

from collections.abc import Callable, Set
from decimal import Decimal

from msgspec.structs import replace

from mytrader_tui.market.account.marking import HOME_CURRENCY, Portfolio, PortfolioRow, mark, sum_up
from mytrader_tui.market.account.portfolio import Account, Holdings
from mytrader_tui.market.freshness import NO_DATA, Badge
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Quote
from mytrader_tui.market.trust.suspicion import Exclusion, Split, split_between

BADGE_SECONDS = 0.25
"""How often badges are read again without news; no share of a total outlives its truth by more than this."""

Served = Callable[[str], tuple[Quote | None, Badge]]
"""What the board shows for a symbol now, and what may be claimed of it."""


class PortfolioKeeper:
    """Values again only what has news, and remembers what only two answers of the broker tell together.

    That is a trade, after which the account's cash is older than the positions, and a split, after which the board's
    price may be older than the quantity.
    """

    def __init__(self) -> None:
        self._account: Account | None = None
        self._holdings: Holdings | None = None
        self._rows: list[PortfolioRow] = []
        self._places: dict[str, list[int]] = {}
        self._splits: dict[str, Split] = {}
        self._traded: Moment | None = None
        self._read = float("-inf")
        self._portfolio: Portfolio | None = None

    def update(
        self,
        account: Account | None,
        holdings: Holdings | None,
        served: Served,
        now: Moment,
        dirty: Set[str] = frozenset(),
    ) -> Portfolio:
        """The portfolio at `now`; the same object as before if nothing changed.

        `dirty` are the symbols whose quotes may have changed since the last call. Whatever changed is noticed within
        a quarter of a second.
        """
        told = self._portfolio is None or account is not self._account or holdings is not self._holdings
        afresh = holdings is not self._holdings or _currency(account) != _currency(self._account)
        self._account = account
        if holdings is not self._holdings:
            self._take(holdings)
        if afresh or now.mono - self._read >= BADGE_SECONDS:
            self._read = now.mono
            dirty = self._places.keys()
        looked = [self._look(place, served, afresh=afresh) for place in self._places_of(dirty)]
        if self._portfolio is None or told or any(looked):
            self._portfolio = sum_up(self._rows, account, holdings, self._traded, now)
        return self._portfolio

    def _take(self, holdings: Holdings | None) -> None:
        """Go on with other holdings; their rows say nothing until they are looked at."""
        positions = holdings.positions if holdings else ()
        if holdings is not None and self._holdings is not None and _quantities(holdings) != _quantities(self._holdings):
            self._traded = holdings.receipt
        self._find_splits(holdings)
        self._holdings = holdings
        self._rows = [PortfolioRow(position, None, NO_DATA, None, Exclusion.NO_PRICE) for position in positions]
        self._places = {}
        for place, position in enumerate(positions):
            self._places.setdefault(position.symbol, []).append(place)

    def _find_splits(self, holdings: Holdings | None) -> None:
        before = {row.position.symbol: row for row in self._rows}
        after = {position.symbol: position for position in (holdings.positions if holdings else ())}
        for gone in self._splits.keys() - after.keys():
            del self._splits[gone]
        for symbol in before.keys() & after.keys():
            row = before[symbol]
            split = split_between(row.position, after[symbol], row.valuation.price) if row.valuation else None
            if split is not None:
                self._splits[symbol] = split

    def _places_of(self, symbols: Set[str]) -> list[int]:
        return [place for symbol in symbols & self._places.keys() for place in self._places[symbol]]

    def _look(self, place: int, served: Served, *, afresh: bool) -> bool:
        """Bring the row at `place` up to date; True if it says something else now."""
        row = self._rows[place]
        symbol = row.position.symbol
        quote, badge = served(symbol)
        if quote is not row.quote or afresh:
            self._rows[place] = found = mark(
                row.position, quote, badge, _currency(self._account), self._splits.get(symbol)
            )
            if found.valuation is not None:
                self._splits.pop(symbol, None)
            return True
        if badge != row.badge:
            self._rows[place] = replace(row, badge=badge)
            return True
        return False


def _quantities(holdings: Holdings) -> dict[str, Decimal]:
    return {position.symbol: position.quantity for position in holdings.positions}


def _currency(account: Account | None) -> str:
    return account.currency if account else HOME_CURRENCY

"""The order of the positions' rows by any of their columns."""

from collections.abc import Callable
from decimal import Decimal
from enum import Enum

from mytrader_tui.market.account.marking import Portfolio, PortfolioRow
from mytrader_tui.market.account.portfolio import money
from mytrader_tui.market.account.valuation import Valuation

Sortable = Decimal | str


class PositionColumn(Enum):
    """What positions can be sorted by. The value is its name in files."""

    SYMBOL = "symbol"
    SIDE = "side"
    QUANTITY = "quantity"
    AVERAGE_ENTRY = "average_entry"
    LAST = "last"
    MARKET_VALUE = "market_value"
    COST_BASIS = "cost_basis"
    DAY_PROFIT = "day_profit"
    DAY_PERCENT = "day_percent"
    UNREALIZED = "unrealized"
    UNREALIZED_PERCENT = "unrealized_percent"
    WEIGHT = "weight"


def sort_rows(portfolio: Portfolio, column: PositionColumn, *, descending: bool = False) -> tuple[PortfolioRow, ...]:
    """The rows of `portfolio` by `column`; what is not known comes last either way, and equals by symbol."""
    of = _KEYS[column]
    known = [(key, row) for row in portfolio.rows if (key := of(row)) is not None]
    unknown = [row for row in portfolio.rows if of(row) is None]
    known.sort(key=_symbol_of_pair)
    known.sort(key=_key_of_pair, reverse=descending)
    return (*(row for _, row in known), *sorted(unknown, key=_symbol))


def _symbol(row: PortfolioRow) -> str:
    return row.position.symbol


def _symbol_of_pair(pair: tuple[Sortable, PortfolioRow]) -> str:
    return pair[1].position.symbol


def _key_of_pair(pair: tuple[Sortable, PortfolioRow]) -> Sortable:
    return pair[0]


def _last(row: PortfolioRow) -> Decimal | None:
    return None if row.quote is None or row.quote.price is None else money(row.quote.price)


def _valued(part: Callable[[Valuation], Decimal | None]) -> Callable[[PortfolioRow], Decimal | None]:
    return lambda row: None if row.valuation is None else part(row.valuation)


_KEYS: dict[PositionColumn, Callable[[PortfolioRow], Sortable | None]] = {
    PositionColumn.SYMBOL: _symbol,
    PositionColumn.SIDE: lambda row: "short" if row.position.quantity < 0 else "long",
    PositionColumn.QUANTITY: lambda row: row.position.quantity,
    PositionColumn.AVERAGE_ENTRY: lambda row: row.position.average_entry,
    PositionColumn.LAST: _last,
    PositionColumn.MARKET_VALUE: _valued(lambda worth: worth.market_value),
    PositionColumn.COST_BASIS: _valued(lambda worth: worth.cost_basis),
    PositionColumn.DAY_PROFIT: _valued(lambda worth: worth.day_profit),
    PositionColumn.DAY_PERCENT: _valued(lambda worth: worth.day_percent),
    PositionColumn.UNREALIZED: _valued(lambda worth: worth.unrealized),
    PositionColumn.UNREALIZED_PERCENT: _valued(lambda worth: worth.unrealized_percent),
    PositionColumn.WEIGHT: _valued(lambda worth: abs(worth.market_value)),
}

"""The paper account: what is held, and what it is worth at the board's prices. Money is Decimal throughout."""

from collections.abc import Iterable
from decimal import Decimal

import msgspec

from mytrader_tui.market.moment import Moment


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """The account as the broker last reported it, in `currency`. `paper` is judged from the host that answered."""

    equity: Decimal
    last_equity: Decimal | None
    cash: Decimal
    buying_power: Decimal
    currency: str
    status: str
    paper: bool
    receipt: Moment

    @property
    def day_profit(self) -> Decimal | None:
        """Day P&L: equity less yesterday's closing equity."""
        return None if self.last_equity is None else self.equity - self.last_equity

    @property
    def day_profit_percent(self) -> Decimal | None:
        """Day P&L in percent of yesterday's closing equity, or None where that is 0 or unknown."""
        if not self.last_equity:
            return None
        return 100 * (self.equity - self.last_equity) / self.last_equity


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """A holding as the broker reports it; `quantity` is negative for a short one."""

    symbol: str
    quantity: Decimal
    average_entry: Decimal
    receipt: Moment

    @property
    def cost_basis(self) -> Decimal:
        """What was paid: negative for a short position, which was paid for."""
        return self.quantity * self.average_entry


class Valuation(msgspec.Struct, frozen=True):
    """A position at a price. `unrealized_percent` is None where the cost is 0."""

    market_value: Decimal
    unrealized: Decimal
    unrealized_percent: Decimal | None


class Holdings(msgspec.Struct, frozen=True):
    """All positions as of one answer of the broker."""

    positions: tuple[Position, ...]
    receipt: Moment

    def symbols(self) -> tuple[str, ...]:
        """The symbols held, in the broker's order."""
        return tuple(position.symbol for position in self.positions)


def money(price: float) -> Decimal:
    """A price off the wire as the decimal number it was written as."""
    return Decimal(repr(price))


def value(position: Position, last: float) -> Valuation:
    """`position` at `last`."""
    market_value = position.quantity * money(last)
    cost = position.cost_basis
    unrealized = market_value - cost
    return Valuation(market_value, unrealized, 100 * unrealized / abs(cost) if cost else None)


def total(valuations: Iterable[Valuation]) -> Valuation:
    """The sum of `valuations`, its percentage over the sum of the absolute costs."""
    rows = list(valuations)
    market_value = sum((row.market_value for row in rows), Decimal(0))
    unrealized = sum((row.unrealized for row in rows), Decimal(0))
    cost = sum((abs(row.market_value - row.unrealized) for row in rows), Decimal(0))
    return Valuation(market_value, unrealized, 100 * unrealized / cost if cost else None)

"""What positions are worth at a price, and their sums. An unknown is None and in no sum; it is never a 0."""

from collections.abc import Iterable
from decimal import Decimal

import msgspec

from mytrader_tui.market.account.portfolio import Position, money

_NOTHING = Decimal(0)


class Valuation(msgspec.Struct, frozen=True, kw_only=True):
    """A position at `price`. Percentages are of what it cost, and of what it was worth when the day began.

    `unrealized_percent` is None where the cost is 0, `day_profit` where no previous close is known.
    """

    price: Decimal
    market_value: Decimal
    cost_basis: Decimal
    unrealized: Decimal
    unrealized_percent: Decimal | None
    day_profit: Decimal | None = None
    day_percent: Decimal | None = None


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """The sums of some valuations. Percentages are of the sums of the absolute costs.

    `day_profit` is the sum of those that are known, None if none of them is; `without_day` counts the others.
    `long_value` and `short_value`, which is negative or 0, are the exposure; they add up to `market_value`.
    """

    market_value: Decimal = _NOTHING
    cost_basis: Decimal = _NOTHING
    unrealized: Decimal = _NOTHING
    unrealized_percent: Decimal | None = None
    day_profit: Decimal | None = None
    day_percent: Decimal | None = None
    without_day: int = 0
    long_value: Decimal = _NOTHING
    short_value: Decimal = _NOTHING

    @property
    def gross_value(self) -> Decimal:
        """The sum of the absolute market values, of which a weight is a share."""
        return self.long_value - self.short_value

    def weight(self, valuation: Valuation) -> Decimal | None:
        """The share of `valuation`, one of those summed, in the gross value: from 0 to 1, None if that is 0."""
        gross = self.gross_value
        return abs(valuation.market_value) / gross if gross else None


def value(position: Position, last: float, previous_close: float | None = None) -> Valuation:
    """`position` at `last`, from a source whose previous close is `previous_close`.

    Prices of the extended hours count, as with the broker: before the open the day's profit is what came since the
    regular close, after the close it is the regular day's and what came after it. The day is reckoned from the
    broker's word where something was traded today, else from `previous_close`, else from the broker's.
    """
    price = money(last)
    quantity = position.quantity
    market_value = quantity * price
    cost = quantity * position.average_entry
    unrealized = market_value - cost
    begun = _day_began_at(position, previous_close)
    day = None if begun is None else quantity * (price - begun)
    return Valuation(
        price=price,
        market_value=market_value,
        cost_basis=cost,
        unrealized=unrealized,
        unrealized_percent=_percent(unrealized, abs(cost)),
        day_profit=day,
        day_percent=None if day is None else _percent(day, abs(market_value - day)),
    )


def total(valuations: Iterable[Valuation]) -> Totals:
    """The sums of `valuations`."""
    long = short = cost = cost_size = unrealized = day = day_size = _NOTHING
    count = dated = 0
    for row in valuations:
        count += 1
        if row.market_value >= 0:
            long += row.market_value
        else:
            short += row.market_value
        unrealized += row.unrealized
        cost += row.cost_basis
        cost_size += abs(row.cost_basis)
        if row.day_profit is not None:
            dated += 1
            day += row.day_profit
            day_size += abs(row.market_value - row.day_profit)
    return Totals(
        market_value=long + short,
        cost_basis=cost,
        unrealized=unrealized,
        unrealized_percent=_percent(unrealized, cost_size),
        day_profit=day if dated or not count else None,
        day_percent=_percent(day, day_size),
        without_day=count - dated,
        long_value=long,
        short_value=short,
    )


def _day_began_at(position: Position, previous_close: float | None) -> Decimal | None:
    if position.day_entry is not None and position.day_entry != position.previous_close:
        return position.day_entry
    return position.previous_close if previous_close is None else money(previous_close)


def _percent(part: Decimal, whole: Decimal) -> Decimal | None:
    return 100 * part / whole if whole else None

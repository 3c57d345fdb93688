"""The paper account and what it holds, as the broker says. Money is Decimal throughout."""

from decimal import Decimal

import msgspec

from mytrader_tui.market.moment import Moment

_ROUNDING = Decimal("0.02")
"""What the broker's rounding to cents may make of the difference of two amounts."""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """The account as the broker last reported it, in `currency`. `paper` is judged from the host that answered.

    `short_market_value` is negative or 0. What the broker did not say is None.
    """

    equity: Decimal
    last_equity: Decimal | None
    cash: Decimal
    buying_power: Decimal
    currency: str
    status: str
    paper: bool
    receipt: Moment
    long_market_value: Decimal | None = None
    short_market_value: Decimal | None = None

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
    """A holding as the broker reports it; `quantity` is negative for a short one.

    `previous_close` and `broker_price` are the broker's own prices a share: of the last day and now. `day_entry` is
    the price a share from which the broker reckons the day's profit: that of the fill for shares traded today, the
    previous close for all others; it equals `previous_close` where nothing was traded today.
    """

    symbol: str
    quantity: Decimal
    average_entry: Decimal
    receipt: Moment
    previous_close: Decimal | None = None
    broker_price: Decimal | None = None
    day_entry: Decimal | None = None

    @property
    def cost_basis(self) -> Decimal:
        """What was paid: negative for a short position, which was paid for."""
        return self.quantity * self.average_entry


class Holdings(msgspec.Struct, frozen=True):
    """All positions as of one answer of the broker, or of a fill told since.

    `unreadable` counts the positions of that answer that are none of these: they are held, and nothing is known.
    """

    positions: tuple[Position, ...]
    receipt: Moment
    unreadable: int = 0

    def symbols(self) -> tuple[str, ...]:
        """The symbols held, in the broker's order."""
        return tuple(position.symbol for position in self.positions)


def money(price: float) -> Decimal:
    """A price off the wire as the decimal number it was written as."""
    return Decimal(repr(price))


def day_entry(
    quantity: Decimal, broker_price: Decimal | None, previous_close: Decimal | None, day_profit: Decimal | None
) -> Decimal | None:
    """The price a share that makes the broker's `day_profit` of `quantity` shares, or None where it cannot be known.

    It is `previous_close` itself if only the broker's rounding of the amount tells them apart.
    """
    if not quantity or broker_price is None or day_profit is None:
        return None
    entry = broker_price - day_profit / quantity
    if previous_close is not None and abs((entry - previous_close) * quantity) <= _ROUNDING:
        return previous_close
    return entry

"""The account's figures as the screens show them, whoever they come from."""

from decimal import Decimal
from typing import NamedTuple, Self

from mytrader_tui.market.account.marking import Portfolio
from mytrader_tui.market.account.portfolio import Account
from mytrader_tui.ui.desk import Desk


class AccountFigures(NamedTuple):
    """The account, what is long and short (negative or 0), and how many orders are open (None: never read).

    `hidden` leaves the amounts unsaid. `age` is how long ago the broker told them, in seconds.
    """

    account: Account
    long: Decimal | None
    short: Decimal | None
    open_orders: int | None
    hidden: bool
    age: float

    @property
    def exposure(self) -> tuple[tuple[str, Decimal | None], ...]:
        """What is long and what is short, each behind its name."""
        return (("Long", self.long), ("Short", self.short))

    @classmethod
    def of(cls, desk: Desk, portfolio: Portfolio) -> Self | None:
        """The figures now; None without an account.

        The exposure is at the board's prices where every position has one, else as the broker last said.
        """
        account, totals = desk.account, portfolio.totals
        if account is None:
            return None
        whole = totals is not None and not portfolio.honesty.excluded
        long = totals.long_value if whole and totals else account.long_market_value
        short = totals.short_value if whole and totals else account.short_market_value
        read = not (desk.orders_note and not desk.orders.version)
        age = desk.now().seconds_since(account.receipt)
        return cls(account, long, short, desk.orders.open_count if read else None, desk.amounts_hidden, age)


def open_orders_text(count: int | None) -> str:
    """How many orders are open, in words."""
    match count:
        case None:
            return "open orders unknown"
        case 0:
            return "no open orders"
        case 1:
            return "1 open order"
        case _:
            return f"{count} open orders"

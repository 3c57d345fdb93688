"""Orders for the screens: times in seconds from the desk's start."""

from datetime import timedelta
from decimal import Decimal

from fake_desk import START, FakeDesk

from mytrader_tui.market.account.orders import Order


def an_order(
    name: str,
    status: str = "new",
    *,
    symbol: str = "MSFT",
    side: str = "buy",
    kind: str = "market",
    quantity: str | None = "3",
    notional: str | None = None,
    filled: str = "0",
    average: str | None = None,
    limit: str | None = None,
    stop: str | None = None,
    submitted: float = 0.0,
    updated: float | None = None,
) -> Order:
    def number(text: str | None) -> Decimal | None:
        return None if text is None else Decimal(text)

    placed = START.wall + timedelta(seconds=submitted)
    changed = placed if updated is None else START.wall + timedelta(seconds=updated)
    return Order(
        id=name,
        symbol=symbol,
        side=side,
        kind=kind,
        quantity=number(quantity),
        notional=number(notional),
        filled_quantity=Decimal(filled),
        average_fill_price=number(average),
        limit_price=number(limit),
        stop_price=number(stop),
        time_in_force="day",
        status=status,
        submitted_at=placed,
        filled_at=changed if status == "filled" else None,
        canceled_at=changed if status == "canceled" else None,
        updated_at=changed,
    )


DAY = (
    an_order("1", "filled", symbol="AAPL", quantity="1200", filled="1200", average="228.4125", submitted=-3000),
    an_order("2", "canceled", symbol="TSLA", side="sell", kind="limit", quantity="10.5", limit="410", submitted=-1800),
    an_order("3", "partially_filled", kind="limit", filled="1", average="418.2", limit="418.5", submitted=-600),
    an_order(
        "4", symbol="NVDA", side="sell", kind="stop_limit", quantity="50", stop="130", limit="129.5", submitted=-9
    ),
    an_order("5", "accepted", symbol="SPY", quantity=None, notional="750.25", submitted=-100_000),
    an_order("6", "filled", symbol="AMZN", filled="3", average="200", submitted=-200_000),
)
"""Three open, two closed today, and one closed two days ago."""


def with_orders(desk: FakeDesk, *orders: Order) -> FakeDesk:
    desk.orders.reread(orders or DAY, desk.moment)
    return desk

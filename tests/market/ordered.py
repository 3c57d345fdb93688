"""Orders and what becomes of them, for the tests."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from mytrader_tui.market.account.orders import Order, OrderUpdate
from mytrader_tui.market.moment import Moment

NOW = Moment(datetime(2026, 11, 20, 17, 0, tzinfo=UTC), 1000.0)


def at(seconds: float | None) -> datetime | None:
    return None if seconds is None else NOW.wall + timedelta(seconds=seconds)


def number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def order(
    name: str = "1",
    status: str = "new",
    *,
    symbol: str = "MSFT",
    side: str = "buy",
    quantity: str | None = "3",
    notional: str | None = None,
    filled: str = "0",
    average: str | None = None,
    limit: str | None = None,
    stop: str | None = None,
    submitted: float | None = 0.0,
    ended: float | None = None,
    updated: float | None = 0.0,
) -> Order:
    """Times in seconds from the start."""
    return Order(
        id=name,
        symbol=symbol,
        side=side,
        kind="market",
        quantity=number(quantity),
        notional=number(notional),
        filled_quantity=Decimal(filled),
        average_fill_price=number(average),
        limit_price=number(limit),
        stop_price=number(stop),
        time_in_force="day",
        status=status,
        submitted_at=at(submitted),
        filled_at=at(ended) if status == "filled" else None,
        canceled_at=at(ended) if status == "canceled" else None,
        updated_at=at(updated),
    )


def update(
    event: str,
    about: Order | None = None,
    *,
    price: str | None = None,
    quantity: str | None = None,
    position: str | None = None,
) -> OrderUpdate:
    return OrderUpdate(
        event=event,
        order=about or order(),
        price=number(price),
        quantity=number(quantity),
        position_quantity=number(position),
        at=NOW.wall,
    )

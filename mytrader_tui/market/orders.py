"""Orders as the broker reports them, and what becomes of them."""

from datetime import datetime
from decimal import Decimal

import msgspec


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """An order: of a `quantity` of shares or of a `notional` amount of money. Words are the broker's own."""

    id: str
    symbol: str
    side: str
    kind: str
    quantity: Decimal | None
    notional: Decimal | None
    filled_quantity: Decimal
    average_fill_price: Decimal | None
    limit_price: Decimal | None
    stop_price: Decimal | None
    time_in_force: str
    status: str
    submitted_at: datetime | None
    filled_at: datetime | None
    canceled_at: datetime | None
    updated_at: datetime | None


class OrderUpdate(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an `order` at an instant; price and quantity are those of a fill, the position's is after it."""

    event: str
    order: Order
    price: Decimal | None
    quantity: Decimal | None
    position_quantity: Decimal | None
    at: datetime

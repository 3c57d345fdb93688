"""Orders as the broker reports them, and what becomes of them."""

from datetime import datetime
from decimal import Decimal

import msgspec

CLOSED_STATUSES = frozenset({"filled", "canceled", "expired", "replaced", "rejected"})
"""The statuses after which nothing more happens to an order (Alpaca's own words)."""

FILL_EVENTS = frozenset({"fill", "partial_fill"})

_QUIET_EVENTS = frozenset({"new", "accepted", "pending_new", "pending_cancel", "pending_replace", "calculated"})


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

    @property
    def is_open(self) -> bool:
        """True if something may still happen to it: also with a status that nobody here has heard of."""
        return self.status not in CLOSED_STATUSES

    @property
    def closed_at(self) -> datetime | None:
        """When it was filled, cancelled or otherwise done with; None while it is open or where nobody said."""
        if self.is_open:
            return None
        ended = self.filled_at if self.status == "filled" else self.canceled_at
        return ended or self.updated_at or self.submitted_at

    @property
    def sign(self) -> int:
        """1 for an order that buys, -1 for one that sells, 0 for a side that nobody here has heard of."""
        return {"buy": 1, "sell": -1}.get(self.side.partition("_")[0], 0)


class OrderUpdate(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an `order` at an instant; price and quantity are those of a fill, the position's is after it.

    `position_quantity` is negative for a short position.
    """

    event: str
    order: Order
    price: Decimal | None
    quantity: Decimal | None
    position_quantity: Decimal | None
    at: datetime

    @property
    def is_fill(self) -> bool:
        """True if shares changed hands."""
        return self.event in FILL_EVENTS

    @property
    def notable(self) -> bool:
        """True if a person wants to be told; an event that nobody here has heard of is notable."""
        return self.event not in _QUIET_EVENTS

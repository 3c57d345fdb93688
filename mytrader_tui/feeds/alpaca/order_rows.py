"""Orders and what becomes of them, as REST and the account's socket write both, however loosely.

Shapes: GET /v2/orders and the `data` of a trade_updates message. Words such as statuses and events are kept as they
come: a new one is no reason to lose an order.
"""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from mytrader_tui.feeds.alpaca.holdings import priced_symbol
from mytrader_tui.feeds.alpaca.lenient import number, part, text
from mytrader_tui.market.account.orders import Order, OrderUpdate
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.symbol import BadSymbolError

_Aware = Annotated[datetime, Meta(tz=True)]


class _Order(msgspec.Struct):
    id: str
    symbol: Any = None
    asset_class: Any = None
    side: Any = None
    type: Any = None
    order_type: Any = None
    qty: Any = None
    notional: Any = None
    filled_qty: Any = None
    filled_avg_price: Any = None
    limit_price: Any = None
    stop_price: Any = None
    time_in_force: Any = None
    status: Any = None
    submitted_at: Any = None
    filled_at: Any = None
    canceled_at: Any = None
    updated_at: Any = None


class _Update(msgspec.Struct):
    order: Any
    event: Any = None
    price: Any = None
    qty: Any = None
    position_qty: Any = None
    timestamp: Any = None


def order(row: object) -> Order | None:
    """The order in a `row`, or None where it has no id; whatever else is missing is empty or None."""
    raw = part(row, _Order)
    if raw is None or not text(raw.id):
        return None
    return Order(
        id=text(raw.id),
        symbol=_symbol(raw),
        side=text(raw.side),
        kind=text(raw.type) or text(raw.order_type),
        quantity=number(raw.qty),
        notional=number(raw.notional),
        filled_quantity=number(raw.filled_qty) or Decimal(0),
        average_fill_price=number(raw.filled_avg_price),
        limit_price=number(raw.limit_price),
        stop_price=number(raw.stop_price),
        time_in_force=text(raw.time_in_force),
        status=text(raw.status),
        submitted_at=_when(raw.submitted_at),
        filled_at=_when(raw.filled_at),
        canceled_at=_when(raw.canceled_at),
        updated_at=_when(raw.updated_at),
    )


def update(data: object, receipt: Moment) -> OrderUpdate | None:
    """What became of an order, or None without a readable one. Without a time of its own it is of its `receipt`."""
    raw = part(data, _Update)
    about = order(raw.order) if raw is not None else None
    if raw is None or about is None:
        return None
    return OrderUpdate(
        event=text(raw.event),
        order=about,
        price=number(raw.price),
        quantity=number(raw.qty),
        position_quantity=number(raw.position_qty),
        at=_when(raw.timestamp) or receipt.wall,
    )


def _symbol(raw: _Order) -> str:
    """The symbol as positions have it; that of an option as it came; empty for an order of several legs."""
    symbol = text(raw.symbol)
    try:
        return priced_symbol(symbol, raw.asset_class)
    except BadSymbolError:
        return symbol


def _when(raw: object) -> datetime | None:
    found: datetime | None = part(raw, _Aware)
    return found.astimezone(UTC) if found is not None and 1970 <= found.year < 9999 else None

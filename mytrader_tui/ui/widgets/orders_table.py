"""The orders as rows, the newest on top."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal

from typing_extensions import override

from mytrader_tui.market.account.order_book import OrderFilter
from mytrader_tui.market.account.order_text import price_text, quantity_text
from mytrader_tui.market.account.orders import Order
from mytrader_tui.market.moment import Moment
from mytrader_tui.ui.columns import NOTHING, Cell, Column, Tone
from mytrader_tui.ui.figures import HIDDEN, MISSING, Forms
from mytrader_tui.ui.widgets.ticking_table import TickingTable

_EMPTY = {
    OrderFilter.OPEN: "No open orders.",
    OrderFilter.CLOSED: "No order was closed today.",
    OrderFilter.ALL: "No orders today.",
}
_UNREAD = "The orders have not been read yet."

_TONES = {
    "filled": Tone.STRONG,
    "rejected": Tone.STALE,
    "canceled": Tone.MUTED,
    "expired": Tone.MUTED,
    "replaced": Tone.MUTED,
}


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order, its time at home, and whether its quantities and amounts are left unsaid."""

    order: Order
    time: str
    hidden: bool


class OrdersTable(TickingTable[OrderRow]):
    """One row an order: when it was placed (at home in `zone`), what it wants, how it stands, what it cost."""

    def __init__(self, *, zone: tzinfo | None, id: str = "orders") -> None:
        super().__init__(id=id, empty=_UNREAD)
        self._zone = zone
        self._orders: dict[str, Order] = {}
        self._hidden = False

    def take(self, orders: Sequence[Order], wanted: OrderFilter, *, read: bool, hidden: bool) -> None:
        """Show `orders`, those `wanted` of all; the cursor stays on its order. `read` is False before any answer."""
        self._orders = {order.id: order for order in orders}
        self._hidden = hidden
        self._empty = _EMPTY[wanted] if read else _UNREAD
        self.touch(self._orders.keys())
        self.set_keys(tuple(self._orders))

    @override
    def columns(self, width: int) -> Sequence[Column[OrderRow]]:
        """The columns; the ranks say what a narrow screen gives up first."""
        symbol = max(6, min(max((len(order.symbol) for order in self._orders.values()), default=0), 12))
        return (
            Column("Time", 8, 12, 2, _time, right=False),
            Column("Side", 4, 10, 0, _side, right=False, growth=2),
            Column("Filled", 10, 15, 0, _quantity, growth=1),
            Column("Symbol", symbol, symbol, 0, _symbol, right=False),
            Column("Type", 20, 34, 1, _kind, right=False),
            Column("Status", 8, 16, 0, _status, right=False, growth=1),
            Column("Avg fill", 9, 11, 3, _average),
        )

    @override
    def row(self, key: str, now: Moment) -> OrderRow:
        """The row of the order `key`."""
        order = self._orders[key]
        return OrderRow(order, placed_at(order.submitted_at, now, self._zone), self._hidden)


def placed_at(at: datetime | None, now: Moment, zone: tzinfo | None) -> str:
    """The time of day of `at`, with its day where that is not today."""
    if at is None:
        return MISSING
    here = at.astimezone(zone)
    return f"{here:%H:%M:%S}" if here.date() == now.wall.astimezone(zone).date() else f"{here:%m-%d %H:%M}"


def filled_forms(order: Order) -> Forms:
    """How much of the order is filled: `1 / 3`; of one for an amount of money, `1 / for 500.00`."""
    filled = quantity_text(order.filled_quantity)
    if order.quantity is not None:
        wanted = quantity_text(order.quantity)
    elif order.notional is not None:
        wanted = f"for {price_text(order.notional)}"
    else:
        wanted = MISSING
    short = () if order.quantity is not None or order.notional is None else (wanted,)
    return (f"{filled} / {wanted}", f"{filled}/{wanted}", f"{filled}/{wanted}".replace(",", ""), *short)


def kind_forms(order: Order) -> Forms:
    """What sort of order it is, with its prices and how long it holds: `stop 165.00 @ 166.00 day`."""
    kind = "stop" if order.kind == "stop_limit" else order.kind.replace("_", " ")
    stop = _priced("stop", kind, order.stop_price)
    limit = _priced("limit" if kind == "limit" else "@", kind, order.limit_price)
    return (f"{kind}{stop}{limit} {order.time_in_force}".strip(), f"{kind}{stop}{limit}")


def _priced(word: str, kind: str, price: Decimal | None) -> str:
    """`price` behind its word, unless the order's kind has just said it."""
    if price is None:
        return ""
    return f" {price_text(price)}" if kind.endswith(word) else f" {word} {price_text(price)}"


def _time(row: OrderRow) -> Cell:
    return Cell((row.time, row.time.rpartition(" ")[0]), Tone.MUTED, number=False)


def _side(row: OrderRow) -> Cell:
    return Cell((row.order.side.replace("_", " "),), number=False)


def _quantity(row: OrderRow) -> Cell:
    return Cell((HIDDEN,), Tone.MUTED) if row.hidden else Cell(filled_forms(row.order))


def _symbol(row: OrderRow) -> Cell:
    return Cell((row.order.symbol,), Tone.STRONG, number=False)


def _kind(row: OrderRow) -> Cell:
    return Cell(kind_forms(row.order), number=False)


def _status(row: OrderRow) -> Cell:
    order = row.order
    words = order.status.replace("_", " ")
    return Cell((words, words.replace("ially filled", "ial")), _TONES.get(order.status, Tone.DELAYED), number=False)


def _average(row: OrderRow) -> Cell:
    average = row.order.average_fill_price
    return NOTHING if average is None else Cell((price_text(average),))

"""The orders of the account, from both of the broker's ways of telling of them."""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum

from msgspec.structs import replace

from mytrader_tui.market.account.orders import Order, OrderUpdate
from mytrader_tui.market.moment import Moment

_NEVER = datetime.min.replace(tzinfo=UTC)


class OrderFilter(Enum):
    """Which orders to show. The value is the word for people."""

    OPEN = "open"
    CLOSED = "closed"
    ALL = "all"


class OrderBook:
    """The newest version of every order, whichever way and in whatever order the versions came."""

    def __init__(self) -> None:
        self._orders: dict[str, Order] = {}
        self._heard: dict[str, Moment] = {}
        self._newest_first: tuple[Order, ...] | None = ()
        self.version = 0
        """Grows whenever an order came, changed or went."""

    @property
    def open_count(self) -> int:
        """How many orders are open."""
        return sum(order.is_open for order in self._orders.values())

    def reread(self, orders: Iterable[Order], asked: Moment, *, complete: bool = True) -> None:
        """Take the broker's answer to a question of the moment `asked`: all open orders, and those closed of late.

        An order is in it once or more; a version older than the known one changes nothing. What is not in a
        `complete` answer and was last heard of before the question is no order of today any more, and goes.
        """
        named: set[str] = set()
        for order in orders:
            named.add(order.id)
            self._merge(order, asked)
        gone = [known for known in self._orders if known not in named and self._heard[known].mono < asked.mono]
        for known in gone if complete else ():
            del self._orders[known], self._heard[known]
            self._changed()

    def apply(self, update: OrderUpdate, now: Moment) -> bool:
        """Take what became of an order, heard `now`; True unless it was known already."""
        order = update.order
        return self._merge(order if order.updated_at else replace(order, updated_at=update.at), now)

    def get(self, order_id: str) -> Order | None:
        """The newest version of one order."""
        return self._orders.get(order_id)

    def select(self, wanted: OrderFilter, since: datetime) -> tuple[Order, ...]:
        """The open orders of any day, those closed after `since`, or both; the newest first."""
        if self._newest_first is None:
            self._newest_first = tuple(sorted(self._orders.values(), key=_submitted, reverse=True))
        is_open, closed = wanted is not OrderFilter.CLOSED, wanted is not OrderFilter.OPEN
        return tuple(
            order
            for order in self._newest_first
            if (is_open if order.is_open else closed and (order.closed_at is None or order.closed_at >= since))
        )

    def _merge(self, order: Order, heard: Moment) -> bool:
        before = self._heard.get(order.id)
        if before is None or before.mono < heard.mono:
            self._heard[order.id] = heard
        known = self._orders.get(order.id)
        if known is not None and _version(order) <= _version(known):
            return False
        self._orders[order.id] = order
        self._changed()
        return True

    def _changed(self) -> None:
        self._newest_first = None
        self.version += 1


def _version(order: Order) -> tuple[datetime, bool, Decimal]:
    """What grows from one version of an order to the next; at the same instant the one further on is the newer."""
    return (order.updated_at or order.submitted_at or _NEVER, not order.is_open, order.filled_quantity)


def _submitted(order: Order) -> tuple[datetime, str]:
    return (order.submitted_at or order.updated_at or _NEVER, order.id)

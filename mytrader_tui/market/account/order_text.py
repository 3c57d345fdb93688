"""What became of an order in one line: `bought 3 MSFT @ 418.20`."""

from decimal import Decimal

from mytrader_tui.market.account.orders import Order, OrderUpdate

_CENTS = 2
_PRICE_PLACES = 4
_SIGNIFICANT = 4
_MAX_PLACES = 12

_HAPPENED = {
    "canceled": "canceled",
    "expired": "expired",
    "replaced": "order replaced",
    "rejected": "order rejected",
    "new": "order accepted",
    "done_for_day": "done for today",
    "order_cancel_rejected": "cancel rejected",
    "order_replace_rejected": "replace rejected",
}


def update_text(update: OrderUpdate) -> str:
    """`update` in one line. Quantities and prices of a fill are the whole order's where it is known."""
    match update.event:
        case "fill":
            return _filled(update)
        case "partial_fill":
            return _partly_filled(update)
        case event:
            happened = _HAPPENED.get(event, f"order {event.replace('_', ' ')}" if event else "order changed")
            return f"{happened}: {order_text(update.order)}{_already(update.order)}"


def order_text(order: Order) -> str:
    """What the order wants: `buy 3 MSFT @ 400.00`, `sell 20 AAPL stop 165.00`, `buy MSFT for 500.00`."""
    if order.quantity is not None:
        wanted = f"{order.side} {quantity_text(order.quantity)} {order.symbol}"
    elif order.notional is not None:
        wanted = f"{order.side} {order.symbol} for {price_text(order.notional)}"
    else:
        wanted = f"{order.side} {order.symbol}"
    stop = "" if order.stop_price is None else f" stop {price_text(order.stop_price)}"
    limit = "" if order.limit_price is None else f" @ {price_text(order.limit_price)}"
    return " ".join(f"{wanted}{stop}{limit}".split())


def price_text(price: Decimal) -> str:
    """A price or amount to the cent, and further where it has more: four places, or four digits of a tiny one."""
    places = _PRICE_PLACES if not price else max(_PRICE_PLACES, _SIGNIFICANT - 1 - price.adjusted())
    rounded = round(price, min(places, _MAX_PLACES))
    return f"{rounded:,.{max(_CENTS, _decimals(rounded))}f}"


def quantity_text(quantity: Decimal) -> str:
    """A number of shares or coins with as many places as it has, and no more than twelve."""
    return f"{quantity:,.{min(_MAX_PLACES, _decimals(quantity))}f}"


def _filled(update: OrderUpdate) -> str:
    order = update.order
    quantity = order.filled_quantity or update.quantity
    price = (order.average_fill_price if order.filled_quantity else None) or update.price
    done, then = _deed(order, update.position_quantity, quantity)
    many = "" if quantity is None else f" {quantity_text(quantity)}"
    return f"{done}{many} {order.symbol}{_at(price)}{then}"


def _partly_filled(update: OrderUpdate) -> str:
    order = update.order
    quantity = order.filled_quantity or update.quantity
    done, then = _deed(order, update.position_quantity, quantity)
    part = "" if quantity is None else f" {quantity_text(quantity)}"
    whole = "" if order.quantity is None or not part else f" of {quantity_text(order.quantity)}"
    price = update.price or order.average_fill_price
    return f"partially filled{part}{whole}: {done} {order.symbol}{_at(price)}{then}"


def _deed(order: Order, position: Decimal | None, quantity: Decimal | None) -> tuple[str, str]:
    """What was done, and what it made of the position where that is worth telling."""
    plain = {1: "bought", -1: "sold"}.get(order.sign, f"{order.side} order filled:".strip())
    if position is None or quantity is None or not order.sign:
        return plain, ""
    before = position - order.sign * quantity
    if order.sign < 0:
        if before <= 0:
            return "sold short", ""
        return plain, f", now short {quantity_text(-position)}" if position < 0 else ""
    if before >= 0:
        return plain, ""
    return ("bought to cover", "") if position <= 0 else (plain, f", now long {quantity_text(position)}")


def _already(order: Order) -> str:
    """How much of an order that ended early was filled: it is held."""
    return f", {quantity_text(order.filled_quantity)} filled" if order.filled_quantity and not order.is_open else ""


def _at(price: Decimal | None) -> str:
    return "" if price is None else f" @ {price_text(price)}"


def _decimals(number: Decimal) -> int:
    """The places behind the point of `number` without its last zeros."""
    return max(0, -int(number.normalize().as_tuple().exponent))

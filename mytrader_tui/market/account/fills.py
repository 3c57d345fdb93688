"""What a fill does to a position, until the broker's own account of it is read."""

from decimal import Decimal

from msgspec.structs import replace

from mytrader_tui.market.account.orders import OrderUpdate
from mytrader_tui.market.account.portfolio import Holdings, Position
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.symbol import BadSymbolError, canonical

_NOTHING = Decimal(0)


def apply_fill(holdings: Holdings, update: OrderUpdate, now: Moment) -> Holdings:
    """`holdings` after the `update` heard `now`; the same object if that changes nothing.

    The quantity is the one that the update gives for the whole position, so that a fill which the positions' answer
    already contained is not counted twice. What cannot be known, as the entry of a new position without a price, is
    left as it was: the positions are read again after every fill.
    """
    symbol = update.order.symbol
    if not update.is_fill or not _countable(symbol):
        return holdings
    held = next((position for position in holdings.positions if position.symbol == symbol), None)
    before = held.quantity if held else _NOTHING
    after = _quantity_after(before, update)
    if after is None or after == before:
        return holdings
    position = _position_after(symbol, held, after, update.price or update.order.average_fill_price, now)
    if after and position is None:
        return holdings
    if held is None:
        positions = (*holdings.positions, position)
    else:
        positions = tuple(position if each is held else each for each in holdings.positions)
    return replace(holdings, positions=tuple(each for each in positions if each is not None), receipt=now)


def average(before: Decimal, entry: Decimal | None, after: Decimal, price: Decimal | None) -> Decimal | None:
    """The average entry when a position of `before` shares at `entry` became one of `after` by a trade at `price`.

    A smaller position keeps its entry; one that turned from long to short, or back, begins at `price`.
    """
    if not before or (before > 0) != (after > 0):
        return price
    if abs(after) <= abs(before):
        return entry
    if entry is None or price is None:
        return None
    return (before * entry + (after - before) * price) / after


def _quantity_after(before: Decimal, update: OrderUpdate) -> Decimal | None:
    if update.position_quantity is not None:
        return update.position_quantity
    if update.quantity is None or not update.order.sign:
        return None
    return before + update.order.sign * update.quantity


def _position_after(
    symbol: str, held: Position | None, after: Decimal, price: Decimal | None, now: Moment
) -> Position | None:
    """The position that is now of `after` shares; None if that is none, or if its entry cannot be known."""
    if held is None:
        held = Position(symbol=symbol, quantity=_NOTHING, average_entry=_NOTHING, receipt=now)
    entry = average(held.quantity, held.average_entry, after, price)
    if not after or entry is None:
        return None
    since = held.previous_close if held.day_entry is None else held.day_entry
    return replace(
        held,
        quantity=after,
        average_entry=entry,
        day_entry=average(held.quantity, since, after, price),
        broker_price=price or held.broker_price,
        receipt=now,
    )


def _countable(symbol: str) -> bool:
    """True for a symbol that positions have: not an option's, whose price is of a hundredth of what was traded."""
    try:
        return canonical(symbol) == symbol
    except BadSymbolError:
        return False

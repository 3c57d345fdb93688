"""Whether a position may be valued at a price at all: a split seen by one side only would make it worth a multiple."""

from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum

import msgspec

from mytrader_tui.market.account.portfolio import Position

_APART = Decimal("1.9")
"""The ratio of the broker's price and ours from which the one speaks of other shares than the other."""

_NEAR = Decimal("0.05")
_FAR = Decimal(10)
_SAME_COST = Decimal("0.005")
_RESIZED = Decimal("1.4")
_SETTLED = timedelta(hours=1)


class Exclusion(Enum):
    """Why a position is in no total. The value is the text for people."""

    NO_PRICE = "no price"
    OTHER_CURRENCY = "priced in another currency"
    POSSIBLE_SPLIT = "possible split"
    PRICES_APART = "the broker's price is far from this one"


class Split(msgspec.Struct, frozen=True):
    """A split that the broker's quantity has shown: `factor` shares for one of those that were worth `price`."""

    factor: Decimal
    price: Decimal
    noticed: datetime

    def reached(self, price: Decimal, printed: datetime | None) -> bool:
        """True if `price` is one after the split: nearer in proportion to what that should be than to the old one.

        A price that was still `printed` an hour later is one after the split wherever it stands.
        """
        if printed is not None and printed - self.noticed > _SETTLED:
            return True
        between = self.price * self.price / self.factor
        return price * price < between if self.factor > 1 else price * price > between


def far_apart(position: Position, price: Decimal) -> Exclusion | None:
    """What stands against valuing `position` at `price` by the broker's own price; None if it has no such price.

    Both prices are of about the same time: no share doubles between them, but after a split of 2:1 one of them is
    still of the old shares, and with it, it may be, the quantity.
    """
    ratio = _ratio(position.broker_price, price)
    if ratio is None or ratio < _APART:
        return None
    whole = ratio.to_integral_value()
    near = ratio >= _FAR or abs(ratio / whole - 1) <= _NEAR
    return Exclusion.POSSIBLE_SPLIT if near else Exclusion.PRICES_APART


def closes_apart(position: Position, previous_close: Decimal | None) -> bool:
    """True if the broker's previous close and this one are not of the same shares."""
    ratio = _ratio(position.previous_close, previous_close)
    return ratio is not None and ratio >= _APART


def split_between(before: Position, after: Position, price: Decimal) -> Split | None:
    """The split that made `after` of `before`, which was valued at `price`: another quantity that cost the same.

    One of less than 3:2, such as a dividend in shares, cannot be told from what a price does in a day.
    """
    if not before.quantity or not before.cost_basis:
        return None
    factor = after.quantity / before.quantity
    if factor <= 0 or max(factor, 1 / factor) < _RESIZED:
        return None
    same_cost = abs(after.cost_basis / before.cost_basis - 1) <= _SAME_COST
    return Split(factor, price, after.receipt.wall) if same_cost else None


def _ratio(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    """The larger price over the smaller, or None where one of them is no price."""
    if one is None or other is None or one <= 0 or other <= 0:
        return None
    return max(one / other, other / one)

"""Small drawings in the characters of a table's line: a sparkline, and a bar that shows where a price stands.

Both are read without colour: the height of a stroke, and the place of a mark.
"""

from collections.abc import Sequence
from functools import lru_cache

from mytrader_tui.ui.figures import fit, price_forms

_HEIGHTS = "▁▂▃▄▅▆▇"
"""No stroke fills its cell: those of two rows never touch."""

_LINE, _MARK = "─", "◆"

_NUMBER_LEAST, _NUMBER_BEST = 7, 8
"""What each end of a range may take as a number beside its bar."""

_BAR_LEAST = 6

NUMBERED_LEAST = 2 * (_NUMBER_LEAST + 1) + _BAR_LEAST
NUMBERED_BEST = 2 * (_NUMBER_BEST + 1) + _BAR_LEAST + 2
"""The cells from which a range has its two numbers beside it, and what suits it best."""


@lru_cache(maxsize=4096)
def sparkline(values: Sequence[float], width: int) -> str:
    """`values`, oldest first, in at most `width` cells: each cell is as high as the last value of its stretch."""
    count = min(width, len(values))
    points = [values[(place + 1) * len(values) // count - 1] for place in range(count)]
    low, high = min(points, default=0.0), max(points, default=0.0)
    if high <= low:
        return _HEIGHTS[3] * count
    top = len(_HEIGHTS) - 1
    return "".join(_HEIGHTS[round(top * (point - low) / (high - low))] for point in points)


@lru_cache(maxsize=4096)
def range_bar(low: float, high: float, at: float | None, width: int) -> str:
    """The way from `low` to `high` in `width` cells, marked where `at` stands; its two numbers if there is room.

    A price beyond an end is marked at that end.
    """
    side = min(_NUMBER_BEST, (width - _BAR_LEAST - 2) // 2)
    if side < _NUMBER_LEAST:
        return _bar(low, high, at, width)
    left, right = (fit(price_forms(price), side) for price in (low, high))
    return f"{left.rjust(side)} {_bar(low, high, at, width - 2 * side - 2)} {right.ljust(side)}"


def standing(low: float, high: float, at: float) -> float:
    """How far from `low` (0) to `high` (1) the price `at` stands, no further than either."""
    return min(1.0, max(0.0, (at - low) / (high - low))) if high > low else 0.5


def _bar(low: float, high: float, at: float | None, width: int) -> str:
    if width <= 0:
        return ""
    if at is None:
        return _LINE * width
    place = round((width - 1) * standing(low, high, at))
    return _LINE * place + _MARK + _LINE * (width - 1 - place)

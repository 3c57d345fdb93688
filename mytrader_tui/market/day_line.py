"""The day as a line of closes, small enough for a table's row."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from mytrader_tui.market.bars import Bar

STEP_SECONDS = 1200
"""Time from one point to the next: the longest US day, 04:00 to 20:00, has 48 of them."""

MOST_POINTS = 60
NIGHT_SECONDS = 3 * 3600.0
"""A pause in which a market may have closed and opened again: no exchange breaks for so long within a day."""


class DayLine(msgspec.Struct, frozen=True):
    """The last close of each step in which something traded, oldest first, MOST_POINTS of them at most.

    `steps` are counted from the epoch.
    """

    steps: tuple[int, ...] = ()
    closes: tuple[float, ...] = ()


def line_of(bars: Iterable[Bar]) -> DayLine:
    """The line through `bars`, which are of STEP_SECONDS or less, oldest first."""
    last = {_step(bar.start): bar.close for bar in bars}
    return DayLine(tuple(last)[-MOST_POINTS:], tuple(last.values())[-MOST_POINTS:])


def is_new_day(line: DayLine, at: datetime) -> bool:
    """True for a price of `at` (aware) that a night lies before."""
    return bool(line.steps) and at.timestamp() - (line.steps[-1] + 1) * STEP_SECONDS > NIGHT_SECONDS


def moved(line: DayLine, price: float, at: datetime) -> DayLine:
    """`line` with the price of `at` (aware) in its last point, or as the next one; the same one if that is not news."""
    step = _step(at)
    if not line.steps or step > line.steps[-1]:
        return DayLine((*line.steps, step)[-MOST_POINTS:], (*line.closes, price)[-MOST_POINTS:])
    if step < line.steps[-1] or price == line.closes[-1]:
        return line
    return DayLine(line.steps, (*line.closes[:-1], price))


def _step(at: datetime) -> int:
    return int(at.timestamp() // STEP_SECONDS)

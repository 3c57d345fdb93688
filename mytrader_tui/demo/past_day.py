"""A made-up course of prices between two that are known."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec

_MINUTE_DEVIATION = 0.0006

Step = tuple[datetime, float, float, float, float, int]
"""Start (UTC), open, high, low, close, volume."""


class Course(msgspec.Struct, frozen=True):
    """From `start` to `end` (aware) at the prices `first` to `last`, touching `high` and `low` where they are given."""

    start: datetime
    end: datetime
    first: float
    last: float
    high: float | None = None
    low: float | None = None
    volume: int = 0


def minutes_along(course: Course, dice: random.Random, step: int, digits: int) -> Iterator[Step]:
    """`course` in steps of so many minutes; the volumes add up to its own. Nothing if it is shorter than one step."""
    count = int((course.end - course.start).total_seconds() // 60) // step
    if count < 1:
        return
    path = _bridge(course, dice, count, _MINUTE_DEVIATION * step**0.5, digits)
    top, bottom = dice.randrange(count), dice.randrange(count)
    start, each = course.start.astimezone(UTC), course.volume // count
    for at in range(count):
        opened, close = path[at], path[at + 1]
        high, low = max(opened, close), min(opened, close)
        if at == top and course.high is not None:
            high = course.high
        if at == bottom and course.low is not None:
            low = course.low
        volume = each if at else course.volume - each * (count - 1)
        yield start + timedelta(minutes=at * step), opened, high, low, close, volume


def _bridge(course: Course, dice: random.Random, count: int, deviation: float, digits: int) -> list[float]:
    """`count` + 1 prices from the first to the last, within the high and the low."""
    noise = [0.0]
    for _ in range(count):
        noise.append(noise[-1] + dice.gauss(0.0, deviation))
    rise = course.last - course.first
    prices = [
        course.first + rise * at / count + course.last * (noise[at] - noise[-1] * at / count) for at in range(count + 1)
    ]
    high = course.high if course.high is not None else max(prices)
    low = course.low if course.low is not None else min(prices)
    inner = [round(min(max(price, low), high), digits) for price in prices[1:-1]]
    return [course.first, *inner, course.last]

"""What stands along a chart's axes: times at the candles where an hour, a day or a month begins, and prices."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from typing import NamedTuple

from mytrader_tui.ui.candles import Candle, day_starts
from mytrader_tui.ui.figures import decimals

_ROOM = 2
"""Columns that stay free between two labels at least."""

_MINUTE_STEPS = (1, 5, 15, 30, 60, 120, 180, 360)


class Tick(NamedTuple):
    """A label and the candle, counted from the left, under whose middle it stands."""

    place: int
    label: str


class Scale(NamedTuple):
    """The least and the greatest price of a chart's axis."""

    low: float
    high: float


def price_scale(shown: Sequence[Candle], *levels: float | None) -> Scale:
    """A scale that holds every candle with some room, and those of `levels` that are near them."""
    low, high = min(candle.low for candle in shown), max(candle.high for candle in shown)
    spread = high - low
    for level in levels:
        if level is not None and low - spread <= level <= high + spread:
            low, high = min(low, level), max(high, level)
    room = max((high - low) * 0.04, abs(high) * 0.0002, 1e-9)
    return Scale(low - room, high + room)


def price_label(price: float, ticks: Sequence[float]) -> str:
    """A price with the places that a price of its size has, or more where the `ticks` are closer than that."""
    places = decimals(price)
    step = ticks[1] - ticks[0] if len(ticks) > 1 else 1.0
    while places < 8 and step < 10.0**-places * 0.99:
        places += 1
    return f"{price:,.{places}f}"


def time_ticks(shown: Sequence[Candle], columns: int, zone: tzinfo | None, *, whole_days: bool) -> list[Tick]:
    """The finest labels that `columns` have room for; days are as the exchange counts them, times are in `zone`."""
    levels = _day_levels(shown) if whole_days else _minute_levels(shown, zone)
    ticks: list[Tick] = []
    for ticks in levels:
        if len(ticks) > 1 and len(fitting := _apart(ticks, len(shown), columns)) == len(ticks):
            return fitting
    return _apart(ticks, len(shown), columns)


def _apart(ticks: Sequence[Tick], count: int, columns: int) -> list[Tick]:
    """Those of `ticks` whose labels neither touch nor reach over the ends."""
    kept: list[Tick] = []
    free = 0.0
    for tick in ticks:
        middle, half = (tick.place + 0.5) * columns / count, len(tick.label) / 2
        if middle - half >= free and middle + half <= columns:
            kept.append(tick)
            free = middle + half + _ROOM
    return kept


def _minute_levels(shown: Sequence[Candle], zone: tzinfo | None) -> Iterator[list[Tick]]:
    days = set(day_starts(shown))
    here = [candle.start.astimezone(zone) for candle in shown]
    for step in _MINUTE_STEPS:
        yield list(_steps(here, days, step))
    yield [Tick(place, _day(here[place])) for place in sorted(days)]


def _steps(here: Sequence[datetime], days: set[int], step: int) -> Iterator[Tick]:
    """A tick wherever `step` minutes are full, and at the first candle of every day its date."""
    for place in range(1, len(here)):
        minute = here[place].hour * 60 + here[place].minute
        before = here[place - 1].hour * 60 + here[place - 1].minute
        if place in days:
            yield Tick(place, _day(here[place]))
        elif minute // step != before // step:
            full = minute // step * step
            yield Tick(place, f"{full // 60:02}:{full % 60:02}")


def _day(here: datetime) -> str:
    return f"{here:%a} {here.day}"


def _day_levels(shown: Sequence[Candle]) -> Iterator[list[Tick]]:
    # A whole day starts at midnight or at the opening of its exchange, wherever that is: its date is that of UTC.
    days = [candle.start.astimezone(UTC) for candle in shown]
    keys: tuple[tuple[Callable[[datetime], object], Callable[[datetime], str]], ...] = (
        (lambda day: day.date(), _date),
        (lambda day: day.isocalendar()[:2], _date),
        (lambda day: (day.year, day.month), _month),
        (lambda day: (day.year, (day.month - 1) // 3), _month),
        (lambda day: day.year, lambda day: f"{day.year}"),
    )
    for key, label in keys:
        yield [
            Tick(place, label(days[place])) for place in range(1, len(days)) if key(days[place]) != key(days[place - 1])
        ]


def _date(day: datetime) -> str:
    return f"{day:%b} {day.day}"


def _month(day: datetime) -> str:
    return f"{day.year}" if day.month == 1 else f"{day:%b}"

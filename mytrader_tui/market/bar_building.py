"""Bars put in order: sound ones only, each start once, small ones merged, days and weeks by the calendar."""

import math
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from mytrader_tui.market.bar_days import day_of, day_start, local_date, monday_of
from mytrader_tui.market.bars import Bar
from mytrader_tui.market.session import Session, trading_day


def is_sound(bar: Bar) -> bool:
    """True for prices above 0 of which the high is the highest and the low the lowest, and a volume of at least 0."""
    prices = (bar.open, bar.high, bar.low, bar.close)
    if not all(math.isfinite(price) and price > 0 for price in prices):
        return False
    known = bar.volume is None or (math.isfinite(bar.volume) and bar.volume >= 0)
    return known and bar.high == max(prices) and bar.low == min(prices)


def in_order(bars: Iterable[Bar]) -> tuple[Bar, ...]:
    """The sound ones of `bars`, oldest first; of two with the same start the later told."""
    by_start = {bar.start: bar for bar in bars if is_sound(bar)}
    return tuple(by_start[start] for start in sorted(by_start))


def joined(earlier: Bar, later: Bar, start: datetime) -> Bar:
    """Two neighbours as one bar that starts at `start`; the volume is unknown only if both are."""
    volumes = [bar.volume for bar in (earlier, later) if bar.volume is not None]
    return Bar(
        start,
        earlier.open,
        max(earlier.high, later.high),
        min(earlier.low, later.low),
        later.close,
        sum(volumes) if volumes else None,
        earlier.session,
    )


def merged(bars: Iterable[Bar], span_seconds: float) -> tuple[Bar, ...]:
    """`bars` in larger ones of `span_seconds`: those of the regular session count from its opening.

    Both are to be of less than a day, oldest first.
    """
    built: list[Bar] = []
    for bar in bars:
        start = _slot(bar, span_seconds)
        if built and built[-1].start == start and built[-1].session is bar.session:
            built[-1] = joined(built[-1], bar, start)
        else:
            built.append(replace(bar, start=start))
    return tuple(built)


def whole_days(bars: Iterable[Bar], zone: str) -> tuple[Bar, ...]:
    """Bars of days, whatever instant of their day in `zone` they are stamped with.

    Of a day told twice the second row is the newer telling of the same day: Yahoo adds one for the present day.
    """
    built: list[Bar] = []
    for bar in bars:
        start = day_start(local_date(bar.start, zone))
        if built and built[-1].start == start:
            both = joined(built[-1], bar, start)
            volumes = [each.volume for each in (built[-1], bar) if each.volume is not None]
            built[-1] = replace(both, volume=max(volumes, default=None))
        else:
            built.append(replace(bar, start=start, session=Session.REGULAR))
    return tuple(built)


def whole_weeks(bars: Iterable[Bar], zone: str) -> tuple[Bar, ...]:
    """Bars of weeks, stamped with any instant of their week in `zone`; two of one week are joined."""
    built: list[Bar] = []
    for bar in bars:
        start = day_start(monday_of(local_date(bar.start, zone)))
        if built and built[-1].start == start:
            built[-1] = joined(built[-1], bar, start)
        else:
            built.append(replace(bar, start=start, session=Session.REGULAR))
    return tuple(built)


def latest_day(bars: tuple[Bar, ...]) -> tuple[Bar, ...]:
    """Those of `bars` that are of the same New York date as the last."""
    if not bars:
        return ()
    day = day_of(bars[-1].start)
    return tuple(bar for bar in bars if day_of(bar.start) == day)


def _slot(bar: Bar, span_seconds: float) -> datetime:
    """Where the larger bar begins that `bar` belongs to."""
    date = day_of(bar.start)
    hours = trading_day(date) if bar.session is Session.REGULAR else None
    anchor = hours.open.astimezone(UTC) if hours is not None else day_start(date)
    steps = (bar.start - anchor).total_seconds() // span_seconds
    return anchor + timedelta(seconds=steps * span_seconds)

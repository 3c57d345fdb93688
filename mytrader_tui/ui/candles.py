"""Bars as a chart of so many columns shows them: which are in sight, and how many share a candle."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from mytrader_tui.market.bars import Bar
from mytrader_tui.market.session import Session

LEAST_IN_SIGHT = 8
"""A zoom shows no fewer bars than these."""

ZOOM = 0.7
"""What a step of zooming leaves of the bars in sight."""

NIGHT = timedelta(hours=4)
"""A gap of this length between two bars lies between two days of trading."""

_DAY_SECONDS = 86_400.0


class Candle(NamedTuple):
    """Consecutive bars as one: `start` is the first one's, `last` the last one's start, `before` the close before."""

    start: datetime
    last: datetime
    open: float
    high: float
    low: float
    close: float
    volume: float | None
    session: Session
    before: float | None

    @property
    def change(self) -> float | None:
        """The close less the close before, or None where that is unknown."""
        return None if self.before is None else self.close - self.before

    @property
    def change_percent(self) -> float | None:
        """The change in percent of the close before, or None where that is unknown."""
        return 100.0 * (self.close - self.before) / self.before if self.before else None

    @property
    def extended(self) -> bool:
        """True for a candle before the open or after the close."""
        return self.session in (Session.PRE, Session.POST)


class Window(NamedTuple):
    """The bars in sight: `width` of them (0: all), the last of which is the newest but `behind`."""

    width: int = 0
    behind: int = 0

    def bounds(self, total: int) -> tuple[int, int]:
        """The first bar in sight and the one after the last, of `total`."""
        if not self.width or self.width >= total:
            return 0, total
        last = total - min(self.behind, total - self.width)
        return last - self.width, last

    def zoomed(self, factor: float, at: float, total: int) -> "Window":
        """The window `factor` times as wide, in which the place `at` (0 left, 1 right) shows what it showed."""
        first, last = self.bounds(total)
        count = max(min(LEAST_IN_SIGHT, total), min(total, round((last - first) * factor)))
        if count == total:
            return ALL
        start = round(first + at * (last - first) - at * count)
        return Window(count, max(0, min(total - count, total - start - count)))

    def moved(self, bars: int, total: int) -> "Window":
        """The window `bars` later, or earlier if negative, no further than to the end."""
        first, last = self.bounds(total)
        if last - first >= total:
            return self
        return Window(self.width, max(0, min(total - self.width, total - last - bars)))


ALL = Window()


class Candles(NamedTuple):
    """The candles in sight, `bars` bars to each (fewer where a session ends)."""

    shown: tuple[Candle, ...]
    bars: int


def candles(bars: Sequence[Bar], window: Window, most: int, before: float | None, span_seconds: float) -> Candles:
    """At most `most` candles of the bars in `window`, each of as many bars as that takes.

    `before` is the close before the first of `bars`. Within a day no candle reaches over the end of a session.
    """
    first, last = window.bounds(len(bars))
    seen, most = bars[first:last], max(1, most)
    if first:
        before = bars[first - 1].close
    per = max(1, math.ceil(len(seen) / most))
    groups = _grouped(seen, per, apart=span_seconds < _DAY_SECONDS)
    while len(groups) > most and per < len(seen):
        per += 1
        groups = _grouped(seen, per, apart=True)
    if len(groups) > most:
        groups = _grouped(seen, per := max(1, math.ceil(len(seen) / most)), apart=False)
    shown: list[Candle] = []
    for group in groups:
        shown.append(_candle(group, before))
        before = shown[-1].close
    return Candles(tuple(shown), per)


def day_starts(shown: Sequence[Candle]) -> list[int]:
    """The places of the candles with which a day of trading begins, but for the first."""
    return [place for place in range(1, len(shown)) if shown[place].start - shown[place - 1].last >= NIGHT]


def _grouped(bars: Sequence[Bar], per: int, *, apart: bool) -> list[Sequence[Bar]]:
    """`per` bars together; those of two sessions or of two days stay `apart`."""
    if per == 1:
        return [(bar,) for bar in bars]
    groups: list[Sequence[Bar]] = []
    begin = 0
    for place in range(1, len(bars) + 1):
        full = place == len(bars) or place - begin == per
        if full or (apart and _parted(bars[place - 1], bars[place])):
            groups.append(bars[begin:place])
            begin = place
    return groups


def _parted(bar: Bar, following: Bar) -> bool:
    return bar.session is not following.session or following.start - bar.start >= NIGHT


def _candle(bars: Sequence[Bar], before: float | None) -> Candle:
    first, last = bars[0], bars[-1]
    if len(bars) == 1:
        prices = (first.open, first.high, first.low, first.close)
        return Candle(first.start, first.start, *prices, first.volume, first.session, before)
    volumes = [bar.volume for bar in bars if bar.volume is not None]
    return Candle(
        first.start,
        last.start,
        first.open,
        max(bar.high for bar in bars),
        min(bar.low for bar in bars),
        last.close,
        sum(volumes) if len(volumes) == len(bars) else None,
        last.session,
        before,
    )

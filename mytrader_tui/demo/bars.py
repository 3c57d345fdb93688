"""Bars of the demo's past: made up backwards from the walk, the same for every source and every question."""

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import msgspec

from mytrader_tui.demo.hours import DemoHours
from mytrader_tui.demo.past_day import Course, minutes_along
from mytrader_tui.demo.prices import Prices, Walk
from mytrader_tui.market.session import NEW_YORK, Session, TradingDay, trading_day

DAYS = 1320
"""A little more than five years of trading days."""

_DAY_DEVIATION = 0.013
_PAST_STEP = 5
"""Minutes of the finest bars of a day before today."""

_EARLY_VOLUME = 0.002
_BEFORE_THE_OPEN = timedelta(hours=2)


class PastBar(msgspec.Struct, frozen=True):
    """A bar that starts at `time` (aware) and whose volume is in shares."""

    time: datetime
    open: float
    high: float
    low: float
    close: float
    volume: int
    session: Session = Session.REGULAR

    @property
    def trades(self) -> int:
        """The number of trades."""
        return max(1, self.volume // 110)

    @property
    def vwap(self) -> float:
        """Some average price."""
        return round((self.open + self.high + self.low + self.close) / 4, 4)


class _Days:
    """The trading days before one day, newest first, made as far back as somebody asked."""

    def __init__(self, walk: Walk, seed: int, today: date) -> None:
        self._walk = walk
        self._rng = random.Random(f"{seed}:{walk.listing.symbol}:days")
        self._day = today
        self._close = walk.previous_close
        self._made: list[PastBar] = []

    def newest_first(self, count: int) -> list[PastBar]:
        """The latest `count` days."""
        while len(self._made) < count:
            self._made.append(self._one_more())
        return self._made[:count]

    def _one_more(self) -> PastBar:
        self._day -= timedelta(days=1)
        while trading_day(self._day) is None:
            self._day -= timedelta(days=1)
        before = self._close / (1.0 + self._rng.gauss(0.0003, _DAY_DEVIATION))
        bar = self._bar(before, self._close)
        self._close = before
        return bar

    def _bar(self, before: float, close: float) -> PastBar:
        rng, digits = self._rng, self._walk.listing.digits
        opened = before * (1.0 + rng.gauss(0.0, _DAY_DEVIATION / 3))
        high = max(opened, close) * (1.0 + abs(rng.gauss(0.0, _DAY_DEVIATION / 3)))
        low = min(opened, close) * (1.0 - abs(rng.gauss(0.0, _DAY_DEVIATION / 3)))
        volume = int(self._walk.began.volume * rng.uniform(0.6, 1.5))
        start = datetime.combine(self._day, time(), NEW_YORK)
        least = 10.0**-digits
        opened, high, low, close = (max(least, round(price, digits)) for price in (opened, high, low, close))
        return PastBar(start, opened, high, low, close, volume)


class Bars:
    """The past of every walk."""

    def __init__(self, prices: Prices, hours: DemoHours) -> None:
        self._prices = prices
        self._hours = hours
        self._days: dict[tuple[str, date], _Days] = {}

    def today(self, symbol: str, now: datetime) -> PastBar:
        """The day so far."""
        walk = self._prices.walk(symbol, now)
        return PastBar(self._hours.day(now), walk.open, walk.high, walk.low, walk.price, walk.volume)

    def daily(self, symbol: str, now: datetime, count: int = DAYS) -> list[PastBar]:
        """The latest `count` days, oldest first; the last is `today`."""
        today = self._hours.day(now).date()
        days = self._days.get((symbol, today))
        if days is None:
            days = self._days[symbol, today] = _Days(self._prices.walk(symbol, now), self._prices.seed, today)
        return [*reversed(days.newest_first(count - 1)), self.today(symbol, now)]

    def weekly(self, symbol: str, now: datetime) -> list[PastBar]:
        """Five years of weeks, oldest first, each stamped with its Monday."""
        weeks: list[PastBar] = []
        for bar in self.daily(symbol, now):
            monday = datetime.combine(bar.time.date() - timedelta(days=bar.time.weekday()), time(), NEW_YORK)
            join(weeks, bar, monday)
        return weeks

    def intraday(self, symbol: str, now: datetime, minutes: int, days: int = 1) -> list[PastBar]:
        """The latest `days` in bars of so many minutes, oldest first, extended hours too.

        The last closes at the walk's price. Of days before today there is nothing finer than 5 minutes.
        """
        bars: list[PastBar] = []
        for bar in self._fine(symbol, now, days):
            step = bar.time.minute % minutes if minutes < 60 else bar.time.minute
            join(bars, bar, bar.time - timedelta(minutes=step))
        return bars

    def latest_minute(self, symbol: str, now: datetime) -> PastBar:
        """The last bar of a minute."""
        walk, until = self._prices.walk(symbol, now), self._hours.last_print(now, now)
        number, each = next(reversed(walk.minutes.items()))
        start = datetime.fromtimestamp(60 * number, UTC)
        if start > until:
            return self.intraday(symbol, now, 1)[-1]
        return PastBar(start, each.open, each.high, each.low, each.close, each.volume)

    def _fine(self, symbol: str, now: datetime, days: int) -> Iterator[PastBar]:
        walk, seed = self._prices.walk(symbol, now), self._prices.seed
        past = self.daily(symbol, now, days + 1)[:-1] if days > 1 else []
        for before, bar in pairwise(past):
            day = trading_day(bar.time.date())
            if day is not None:
                yield from _past_day(walk, seed, before.close, bar, day)
        yield from self._today(walk, now)

    def _today(self, walk: Walk, now: datetime) -> Iterator[PastBar]:
        """What was before the walk began is made up and ends where it began; the rest is what traded."""
        began = walk.began
        opened = self._hours.opened(began.when)
        day = trading_day(opened.date())
        usual = day is not None and day.open == opened
        first = day.pre if usual and day else opened - _BEFORE_THE_OPEN
        end = _minute(self._hours.last_print(began.when, began.when))
        close = min(end, day.close) if usual and day else end
        dice = self._dice(walk, opened)
        early = Course(first, opened, walk.previous_close, walk.open, volume=int(began.volume * _EARLY_VOLUME))
        yield from _bars(walk, early, dice, Session.PRE)
        course = Course(opened, close, walk.open, began.price, began.high, began.low, began.volume)
        yield from _bars(walk, course, dice, Session.REGULAR)
        late = Course(close, end, began.price, began.price, volume=int(began.volume * _EARLY_VOLUME))
        yield from _bars(walk, late, dice, Session.POST)
        until = self._hours.last_print(now, now)
        for number, each in list(walk.minutes.items()):
            start = datetime.fromtimestamp(60 * number, UTC)
            if end <= start <= until:
                post = usual and day is not None and start >= day.close
                session = Session.POST if post else Session.REGULAR
                yield PastBar(start, each.open, each.high, each.low, each.close, each.volume, session)

    def _dice(self, walk: Walk, opened: datetime) -> random.Random:
        return random.Random(f"{self._prices.seed}:{walk.listing.symbol}:{opened.astimezone(UTC):%F%H%M}")


def join(bars: list[PastBar], bar: PastBar, start: datetime) -> None:
    """Make `bar` a part of the last of `bars` if that starts at `start` too, else the next one."""
    if not bars or bars[-1].time != start:
        bars.append(msgspec.structs.replace(bar, time=start))
        return
    last = bars[-1]
    bars[-1] = PastBar(
        start,
        last.open,
        max(last.high, bar.high),
        min(last.low, bar.low),
        bar.close,
        last.volume + bar.volume,
        last.session,
    )


def _past_day(walk: Walk, seed: int, before: float, bar: PastBar, day: TradingDay) -> Iterable[PastBar]:
    """A day before today in small bars that add up to `bar`, from the close `before` it on."""
    dice = random.Random(f"{seed}:{walk.listing.symbol}:{bar.time:%F}")
    few = int(bar.volume * _EARLY_VOLUME)
    yield from _bars(walk, Course(day.pre, day.open, before, bar.open, volume=few), dice, Session.PRE, _PAST_STEP)
    course = Course(day.open, day.close, bar.open, bar.close, bar.high, bar.low, bar.volume)
    yield from _bars(walk, course, dice, Session.REGULAR, _PAST_STEP)
    late = Course(day.close, day.post, bar.close, bar.close, volume=few)
    yield from _bars(walk, late, dice, Session.POST, _PAST_STEP)


def _bars(walk: Walk, course: Course, dice: random.Random, session: Session, step: int = 1) -> Iterator[PastBar]:
    for start, *prices, volume in minutes_along(course, dice, step, walk.listing.digits):
        opened, high, low, close = prices
        yield PastBar(start, opened, high, low, close, volume, session)


def _minute(instant: datetime) -> datetime:
    return instant.replace(second=0, microsecond=0)

"""Bars of the demo's past: made up backwards from the walk, the same for every source and every question."""

import random
from datetime import UTC, date, datetime, time, timedelta

import msgspec

from mytrader_tui.demo.hours import DemoHours
from mytrader_tui.demo.prices import Prices, Walk
from mytrader_tui.market.session import NEW_YORK, trading_day

_DAY_DEVIATION = 0.013
_MINUTE_DEVIATION = 0.0006
_DAYS_KEPT = 520


class PastBar(msgspec.Struct, frozen=True):
    """A bar that starts at `time` (aware) and whose volume is in shares."""

    time: datetime
    open: float
    high: float
    low: float
    close: float
    volume: int
    trades: int
    vwap: float


class Bars:
    """The past of every walk."""

    def __init__(self, prices: Prices, hours: DemoHours) -> None:
        self._prices = prices
        self._hours = hours
        self._days: dict[tuple[str, date], list[PastBar]] = {}

    def today(self, symbol: str, now: datetime) -> PastBar:
        """The day so far."""
        walk = self._prices.walk(symbol, now)
        day = self._hours.day(now)
        return PastBar(day, walk.open, walk.high, walk.low, walk.price, walk.volume, walk.trades, walk.vwap)

    def daily(self, symbol: str, now: datetime) -> list[PastBar]:
        """Two years of days, oldest first; the last is `today`."""
        today = self._hours.day(now).date()
        days = self._days.get((symbol, today))
        if days is None:
            days = _days_before(self._prices.walk(symbol, now), self._prices.seed, today)
            self._days[symbol, today] = days
        return [*days, self.today(symbol, now)]

    def intraday(self, symbol: str, now: datetime, minutes: int) -> list[PastBar]:
        """Today in bars of so many minutes, oldest first; the last closes at the walk's price."""
        walk = self._prices.walk(symbol, now)
        opened = self._hours.opened(now)
        until = self._hours.last_print(now, now)
        count = max(1, min(390, int((until - opened).total_seconds() // 60)))
        path = _bridge(walk, self._prices.seed, opened, count)
        return [
            _bar(walk, opened + timedelta(minutes=at), path[at : at + minutes + 1], minutes, count)
            for at in range(0, count, minutes)
        ]


def _days_before(walk: Walk, seed: int, today: date) -> list[PastBar]:
    """The trading days before `today`, made newest first so that asking for more changes none."""
    rng = random.Random(f"{seed}:{walk.listing.symbol}:days")
    days: list[PastBar] = []
    close, day = walk.previous_close, today
    while len(days) < _DAYS_KEPT:
        day -= timedelta(days=1)
        if trading_day(day) is None:
            continue
        before = close / (1.0 + rng.gauss(0.0003, _DAY_DEVIATION))
        days.append(_day_bar(walk, rng, datetime.combine(day, time(), NEW_YORK), before, close))
        close = before
    return days[::-1]


def _day_bar(walk: Walk, rng: random.Random, start: datetime, before: float, close: float) -> PastBar:
    digits = walk.listing.digits
    opened = before * (1.0 + rng.gauss(0.0, _DAY_DEVIATION / 3))
    high = max(opened, close) * (1.0 + abs(rng.gauss(0.0, _DAY_DEVIATION / 3)))
    low = min(opened, close) * (1.0 - abs(rng.gauss(0.0, _DAY_DEVIATION / 3)))
    volume = int(walk.volume * rng.uniform(0.6, 1.5))
    low, high = round(low, digits), round(high, digits)
    middle = round((opened + high + low + close) / 4, 4)
    return PastBar(start, round(opened, digits), high, low, round(close, digits), volume, volume // 110, middle)


def _bridge(walk: Walk, seed: int, opened: datetime, count: int) -> list[float]:
    """`count` + 1 prices from the day's open to the walk's price."""
    rng = random.Random(f"{seed}:{walk.listing.symbol}:{opened.astimezone(UTC):%F%H%M}")
    noise = [0.0]
    for _ in range(count):
        noise.append(noise[-1] + rng.gauss(0.0, _MINUTE_DEVIATION))
    rise = walk.price - walk.open
    return [
        walk.open + rise * at / count + walk.price * (noise[at] - noise[-1] * at / count) for at in range(count + 1)
    ]


def _bar(walk: Walk, start: datetime, prices: list[float], minutes: int, count: int) -> PastBar:
    rounded = [round(price, walk.listing.digits) for price in prices]
    volume = max(1, walk.volume * minutes // count)
    mean = round(sum(rounded) / len(rounded), 4)
    trades = max(1, volume // 110)
    return PastBar(start, rounded[0], max(rounded), min(rounded), rounded[-1], volume, trades, mean)

"""Series of bars for tests: a seeded walk over a day of New York's hours, or over days."""

import math
import random
from datetime import UTC, datetime, timedelta

from fake_desk import IEX, START

from mytrader_tui.market.bars import PLANS, Bar, BarSeries, Timeframe
from mytrader_tui.market.quote import Origin
from mytrader_tui.market.session import NEW_YORK, Session, trading_day


def walk(count: int, *, start: float = 190.0, step: float = 0.002, seed: int = 7) -> list[tuple[float, ...]]:
    """Open, high, low, close and volume of `count` bars, each of which opens at the close before."""
    dice, price, found = random.Random(seed), start, []
    for _ in range(count):
        opened = price
        price = round(price * math.exp(dice.gauss(0, step)), 2)
        high = round(max(opened, price) * (1 + abs(dice.gauss(0, step / 2))), 2)
        low = round(min(opened, price) * (1 - abs(dice.gauss(0, step / 2))), 2)
        found.append((opened, high, low, price, float(dice.randint(5_000, 90_000))))
    return found


def a_day(symbol: str = "AAPL", *, until: datetime = START.wall, origin: Origin = IEX, **more: object) -> BarSeries:
    """Today from 04:00 in New York until `until`, in bars of five minutes."""
    day = trading_day(until.astimezone(NEW_YORK).date())
    assert day is not None
    span = timedelta(seconds=PLANS[Timeframe.DAY].span_seconds)
    begin = day.pre.astimezone(UTC)
    count = (until - begin) // span + 1
    bars = []
    for place, prices in enumerate(walk(count)):
        at = begin + place * span
        session = Session.PRE if at < day.open else Session.REGULAR if at < day.close else Session.POST
        bars.append(Bar(at, *prices, session))
    return a_series(symbol, Timeframe.DAY, bars, origin=origin, **more)


def days(timeframe: Timeframe = Timeframe.YEAR, count: int = 252, symbol: str = "AAPL") -> BarSeries:
    """`count` weekdays up to today."""
    span = PLANS[timeframe].span_seconds
    day, starts = START.wall.astimezone(NEW_YORK).replace(hour=0, minute=0), []
    while len(starts) < count:
        if day.weekday() < 5:
            starts.append(day.astimezone(UTC))
        day -= timedelta(seconds=span)
    prices = walk(count, start=120.0, step=0.015)
    scale = 190.0 / prices[-1][3]
    prices = [(*(round(price * scale, 2) for price in row[:4]), row[4] * 500) for row in prices]
    return a_series(symbol, timeframe, [Bar(at, *row) for at, row in zip(reversed(starts), prices, strict=True)])


def minutes(count: int, symbol: str = "AAPL", *, closing: bool = True) -> BarSeries:
    """`count` bars of five minutes of the regular session up to now."""
    span = timedelta(minutes=5)
    begin = START.wall - (count - 1) * span
    bars = [Bar(begin + place * span, *prices) for place, prices in enumerate(walk(count))]
    return a_series(symbol, Timeframe.DAY, bars)


def a_series(symbol: str, timeframe: Timeframe, bars: list[Bar], *, origin: Origin = IEX, note: str = "") -> BarSeries:
    """`bars` as told now."""
    return BarSeries(
        symbol=symbol,
        timeframe=timeframe,
        span_seconds=PLANS[timeframe].span_seconds,
        bars=tuple(bars),
        origin=origin,
        receipt=START,
        previous_close=bars[0].open - 0.4 if bars else None,
        currency="USD",
        note=note,
    )

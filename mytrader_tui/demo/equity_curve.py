"""The demo's equity over time: a gentle way up to what the account is worth now."""

import math
from datetime import datetime, timedelta
from decimal import Decimal

import msgspec

from mytrader_tui.demo.broker_shapes import EquityHistory
from mytrader_tui.market.session import NEW_YORK, hours_at, trading_day


class Span(msgspec.Struct, frozen=True):
    """A period: its days and its timeframe; `growth` is the part of the equity that was made within it."""

    days: int
    timeframe: str
    growth: float


SPANS = {
    "1D": Span(1, "5Min", 0.0),
    "1W": Span(7, "1H", 0.012),
    "1M": Span(30, "1D", 0.03),
    "3M": Span(91, "1D", 0.07),
    "1A": Span(365, "1D", 0.18),
}
_STEPS = {"5Min": timedelta(minutes=5), "1H": timedelta(hours=1), "1D": timedelta(days=1)}


def curve(period: str, last_equity: Decimal, equity: Decimal, now: datetime) -> EquityHistory:
    """The history of a `period` (of SPANS) up to `now`, where it is worth `equity`; today began at `last_equity`."""
    span = SPANS[period]
    end = float(equity)
    base = float(last_equity) if period == "1D" else end * (1 - span.growth)
    times = _times(period, now)
    worth = [_worth(base, end, index, len(times)) for index in range(len(times))]
    return EquityHistory(
        timestamp=[int(time.timestamp()) for time in times],
        equity=[round(each, 2) for each in worth],
        profit_loss=[round(each - base, 2) for each in worth],
        profit_loss_pct=[round((each - base) / base, 6) for each in worth],
        base_value=round(base, 2),
        timeframe=span.timeframe,
    )


def _worth(base: float, end: float, index: int, count: int) -> float:
    """A straight way with waves on it that are still at both ends."""
    way = (index + 1) / count
    wave = 0.004 * base * math.sin(9 * way) * math.sin(math.pi * way)
    return base + (end - base) * way + wave


def _times(period: str, now: datetime) -> list[datetime]:
    """The ends of the steps within regular sessions; of a day, those of the latest one that has begun."""
    span = SPANS[period]
    step = _STEPS[span.timeframe]
    first = hours_at(now).since.astimezone(NEW_YORK).date() if period == "1D" else (now - timedelta(span.days)).date()
    times: list[datetime] = []
    for offset in range(span.days + 1):
        hours = trading_day(first + timedelta(days=offset))
        if hours is None:
            continue
        time = hours.close if span.timeframe == "1D" else hours.open + step
        while time <= min(hours.close, now):
            times.append(time)
            time += step
    return times or [now]

"""The newest price folded into the last bar of a series. What is closed stays as its source told it."""

import math
from datetime import date, datetime, timedelta

import msgspec
from msgspec.structs import replace

from mytrader_tui.market.bar_days import day_of, day_start, local_date, monday_of, session_at, trades_between
from mytrader_tui.market.bars import DAY_SECONDS, PLANS, Bar, BarSeries, Timeframe
from mytrader_tui.market.quote import UNDECLARED_DELAY_SECONDS, Quote, Trade
from mytrader_tui.market.session import Session
from mytrader_tui.market.trust.conditions import Effect, effect_of

BUILDING_SECONDS = 60.0
"""A source's bars may lack its latest minute, and what happened before that is in them already."""

_NEW_YORK = "America/New_York"


class _Print(msgspec.Struct, frozen=True):
    """A price that may be shown, and of its day what the source says as well, where it does."""

    price: float
    time: datetime
    open: float | None = None
    high: float | None = None
    low: float | None = None
    volume: float | None = None


def live(series: BarSeries, news: Trade | Quote) -> BarSeries:
    """`series` with a believed trade, or a quote's newest price, in its last bar or as the beginning of the next.

    The very same series if `news` has no say in it: it is another symbol's or source's, its sale conditions set no
    price of these hours, it is older than what the bars already hold, or between it and the last bar there is more
    than a span (of whole days: any trading day) of which nothing is known. The volume of a bar within a day is never
    touched, and that of a new one unknown.
    """
    if not series.bars or news.symbol != series.symbol or news.origin.source is not series.origin.source:
        return series
    found = _of_trade(series, news) if isinstance(news, Trade) else _of_quote(series, news)
    if found is None or not (math.isfinite(found.price) and found.price > 0) or found.time < _held_until(series):
        return series
    built = _within_day(series, found) if PLANS[series.timeframe].intraday else _whole(series, found)
    last = series.bars[-1]
    if built is None or built == last:
        return series
    closed = series.bars[:-1] if built.start == last.start else series.bars
    return replace(series, bars=(*closed, built))


def _of_trade(series: BarSeries, trade: Trade) -> _Print | None:
    effect = effect_of(trade.tape, trade.conditions)
    if effect is Effect.EXTENDED:
        allowed = PLANS[series.timeframe].extended and session_at(trade.event_time) is not Session.REGULAR
    else:
        allowed = effect is Effect.LAST
    return _Print(trade.price, trade.event_time) if allowed else None


def _of_quote(series: BarSeries, quote: Quote) -> _Print | None:
    extended = PLANS[series.timeframe].extended
    price, time = (quote.price, quote.price_time) if extended else (quote.last, quote.event_time)
    if price is None or time is None:
        return None
    if quote.day is not None and day_of(quote.day) != local_date(time, series.zone):
        return _Print(price, time)
    return _Print(price, time, quote.open, quote.high, quote.low, quote.volume)


def _held_until(series: BarSeries) -> datetime:
    """The instant up to which the bars hold every print."""
    late = series.origin.delay_seconds
    seconds = BUILDING_SECONDS + (UNDECLARED_DELAY_SECONDS if late is None else late)
    return series.receipt.wall - timedelta(seconds=seconds)


def _within_day(series: BarSeries, found: _Print) -> Bar | None:
    last, span = series.bars[-1], timedelta(seconds=series.span_seconds)
    steps = (found.time - last.start) // span
    if steps < 0:
        return None
    if steps == 0:
        return _moved(last, found.price)
    start = last.start + steps * span
    if start > max(last.start + span, series.receipt.wall) + span:
        return None
    session = session_at(start) if series.zone == _NEW_YORK else Session.REGULAR
    if session is not Session.REGULAR and not PLANS[series.timeframe].extended:
        return None
    other_day = local_date(start, series.zone) != local_date(last.start, series.zone)
    if other_day and series.timeframe is Timeframe.DAY:
        return None
    return Bar(start, found.price, found.price, found.price, found.price, None, session)


def _whole(series: BarSeries, found: _Print) -> Bar | None:
    """The bar of the day or the week."""
    last, date_ = series.bars[-1], local_date(found.time, series.zone)
    weeks = series.span_seconds > DAY_SECONDS
    start = day_start(monday_of(date_) if weeks else date_)
    if start < last.start:
        return None
    if start == last.start:
        moved = _moved(last, found.price, found.high, found.low)
        known = not weeks and found.volume is not None and found.volume > (last.volume or 0.0)
        return replace(moved, volume=found.volume) if known else moved
    if not _follows(day_of(last.start), day_of(start), weeks=weeks, new_york=series.zone == _NEW_YORK):
        return None
    opened = found.open if found.open is not None and not weeks else found.price
    first = Bar(start, opened, opened, opened, opened, None if weeks else found.volume)
    return _moved(first, found.price, found.high, found.low)


def _follows(last: date, day: date, *, weeks: bool, new_york: bool) -> bool:
    if weeks:
        return (day - last).days == 7
    return not trades_between(last, day) if new_york else (day - last).days == 1


def _moved(bar: Bar, price: float, high: float | None = None, low: float | None = None) -> Bar:
    highs = [each for each in (bar.high, price, high) if each is not None]
    lows = [each for each in (bar.low, price, low) if each is not None and each > 0]
    return replace(bar, high=max(highs), low=min(lows), close=price)

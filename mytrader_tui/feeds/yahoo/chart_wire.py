"""What Yahoo's v8 chart answer says of the past, as bars.

The endpoint is undocumented; its shape is the one that yfinance 1.7 reads. The columns stand side by side, and a null
in one of them is a span in which nothing traded.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any

import msgspec
from msgspec.structs import replace

from mytrader_tui.feeds.yahoo import fields
from mytrader_tui.feeds.yahoo.failure import YahooError
from mytrader_tui.feeds.yahoo.wire import MAX_CURRENCY
from mytrader_tui.market.bar_building import in_order, is_sound, joined, whole_days, whole_weeks
from mytrader_tui.market.bar_days import is_zone, session_at
from mytrader_tui.market.bars import PLANS, Bar, BarSeries, Timeframe
from mytrader_tui.market.link import Reason
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Origin, Source
from mytrader_tui.market.session import Session
from mytrader_tui.market.symbol import alpaca_can_know

_INTERVALS = {300.0: "5m", 1800.0: "30m", 3600.0: "60m", 86_400.0: "1d", 604_800.0: "1wk"}
_RANGES = {
    Timeframe.DAY: "1d",
    Timeframe.FIVE_DAYS: "5d",
    Timeframe.MONTH: "1mo",
    Timeframe.THREE_MONTHS: "3mo",
    Timeframe.SIX_MONTHS: "6mo",
    Timeframe.YEAR: "1y",
    Timeframe.FIVE_YEARS: "5y",
}
_AHEAD = timedelta(days=1)
"""How far over the present a question reaches, so that no clock that is slow cuts the latest bar off."""

_US = "America/New_York"
_MALFORMED = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_Sessions = list[tuple[float, float, Session]]


class _Period(msgspec.Struct):
    start: float
    end: float


class _Periods(msgspec.Struct):
    pre: list[list[_Period]] = []
    regular: list[list[_Period]] = []
    post: list[list[_Period]] = []


class _Meta(msgspec.Struct, rename="camel"):
    symbol: object = None
    currency: object = None
    chart_previous_close: object = None
    previous_close: object = None
    exchange_timezone_name: object = None
    exchange_data_delayed_by: object = None
    trading_periods: object = None


class _Columns(msgspec.Struct):
    open: list[Any] | None = None
    high: list[Any] | None = None
    low: list[Any] | None = None
    close: list[Any] | None = None
    volume: list[Any] | None = None


class _Indicators(msgspec.Struct, frozen=True):
    quote: list[_Columns | None] = []


class _Result(msgspec.Struct):
    meta: _Meta
    timestamp: list[Any] | None = None
    indicators: _Indicators = _Indicators()


class _Chart(msgspec.Struct):
    result: list[_Result] | None


class _Body(msgspec.Struct):
    chart: _Chart


_BODY = msgspec.json.Decoder(_Body)


def chart_parameters(timeframe: Timeframe, since: datetime | None, now: datetime) -> dict[str, str]:
    """What to ask for at `now`: all of `timeframe`, or the part of it from `since` on."""
    plan = PLANS[timeframe]
    if since is None:
        span = {"range": _RANGES[timeframe]}
    else:
        span = {"period1": str(int(since.timestamp())), "period2": str(int((now + _AHEAD).timestamp()))}
    return {
        **span,
        "interval": _INTERVALS[plan.span_seconds],
        "includePrePost": "true" if plan.extended else "false",
    }


def decode_bars(body: bytes, names: Mapping[str, str], timeframe: Timeframe, receipt: Moment) -> BarSeries | None:
    """The bars in a v8 answer, asked for at `receipt`; `names` is the one symbol by Yahoo's spelling.

    None where Yahoo does not know the symbol or has no bars of it. Raises YahooError (UNREADABLE) for an answer of
    another shape, such as a page of HTML.
    """
    try:
        results = _BODY.decode(body).chart.result or ()
    except _MALFORMED as error:
        page = body[:256].lstrip().startswith(b"<")
        raise YahooError(Reason.UNREADABLE, "a web page instead of a chart" if page else "not a chart") from error
    for result in results:
        symbol = names.get(result.meta.symbol.upper()) if isinstance(result.meta.symbol, str) else None
        if symbol is not None:
            return _series(symbol, result, timeframe, receipt)
    return None


def _series(symbol: str, result: _Result, timeframe: Timeframe, receipt: Moment) -> BarSeries | None:
    meta, plan = result.meta, PLANS[timeframe]
    zone = _zone(meta.exchange_timezone_name, symbol)
    bars = _built(tuple(_rows(result)), timeframe, zone)
    if not bars:
        return None
    if plan.intraday:
        bars = tuple(_in_session(bars, _periods(meta.trading_periods), zone))
    return BarSeries(
        symbol=symbol,
        timeframe=timeframe,
        span_seconds=plan.span_seconds,
        bars=bars,
        origin=Origin(Source.YAHOO, "chart", fields.minutes(meta.exchange_data_delayed_by), polled=True),
        receipt=receipt,
        previous_close=fields.price(meta.chart_previous_close) or fields.price(meta.previous_close),
        currency=fields.words(meta.currency, MAX_CURRENCY),
        zone=zone,
    )


def _rows(result: _Result) -> Iterator[Bar]:
    columns = next(iter(result.indicators.quote), None) or _Columns()
    table = zip_longest(
        result.timestamp or (),
        columns.open or (),
        columns.high or (),
        columns.low or (),
        columns.close or (),
        columns.volume or (),
    )
    for stamp, *raw, volume in table:
        start, prices = fields.epoch(stamp), [fields.price(each) for each in raw]
        if start is None or None in prices:
            continue
        opened, high, low, close = (price for price in prices if price is not None)
        yield Bar(start, opened, high, low, close, fields.count(volume))


def _built(rows: tuple[Bar, ...], timeframe: Timeframe, zone: str) -> tuple[Bar, ...]:
    bars, plan = in_order(_with_sound_ends(rows)), PLANS[timeframe]
    if plan.intraday:
        bars = _on_the_grid(bars, timedelta(seconds=plan.span_seconds))
    else:
        bars = whole_weeks(bars, zone) if timeframe is Timeframe.FIVE_YEARS else whole_days(bars, zone)
    # Where no bar has a volume Yahoo counts none, as for currencies: 0 would be a figure that nobody told.
    return bars if any(bar.volume for bar in bars) else tuple(replace(bar, volume=None) for bar in bars)


def _with_sound_ends(rows: Iterable[Bar]) -> Iterator[Bar]:
    """`rows` whose high and low reach their open and close: Yahoo rounds each column by itself."""
    for bar in rows:
        ends = (bar.open, bar.close)
        yield bar if is_sound(bar) else replace(bar, high=max(bar.high, *ends), low=min(bar.low, *ends))


def _on_the_grid(bars: tuple[Bar, ...], span: timedelta) -> tuple[Bar, ...]:
    """`bars` with the last in its place: Yahoo stamps the one that is not closed with its latest trade's time."""
    if len(bars) < 2:
        return bars
    before, last = bars[-2:]
    start = before.start + (last.start - before.start) // span * span
    if start != before.start:
        return (*bars[:-1], replace(last, start=start))
    return (*bars[:-2], joined(before, last, before.start))


def _in_session(bars: Iterable[Bar], sessions: _Sessions, zone: str) -> Iterator[Bar]:
    for bar in bars:
        session = _told_session(bar.start, sessions)
        if session is None:
            session = session_at(bar.start) if zone == _US else Session.REGULAR
        # Outside of the regular session Yahoo counts no volume and says 0.
        unknown = session is not Session.REGULAR and not bar.volume
        yield replace(bar, session=session, volume=None if unknown else bar.volume)


def _told_session(start: datetime, sessions: _Sessions) -> Session | None:
    seconds = start.timestamp()
    return next((session for begin, end, session in sessions if begin <= seconds < end), None)


def _periods(raw: object) -> _Sessions:
    """When each session was, by `tradingPeriods`: by name with extended hours, else a bare list of the regular ones."""
    try:
        if isinstance(raw, dict):
            named = msgspec.convert(raw, _Periods)
        else:
            named = _Periods(regular=msgspec.convert(raw, list[list[_Period]]))
    except msgspec.ValidationError:
        return []
    kinds = ((named.regular, Session.REGULAR), (named.pre, Session.PRE), (named.post, Session.POST))
    return [(each.start, each.end, kind) for days, kind in kinds for day in days for each in day]


def _zone(raw: object, symbol: str) -> str:
    """The exchange's zone, if there is one of that name."""
    if isinstance(raw, str) and is_zone(raw):
        return raw
    return _US if alpaca_can_know(symbol) else "UTC"

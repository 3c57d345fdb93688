"""What Yahoo's v7 quote and v8 chart answers say, as `market` values.

Both endpoints are undocumented. Their shapes here are those that yfinance 1.7 reads, and every field is optional:
one field or one item that makes no sense costs only itself.
"""

from collections.abc import Mapping
from datetime import datetime

import msgspec
from msgspec.structs import replace

from mytrader_tui.feeds.json_text import decode_json
from mytrader_tui.feeds.yahoo import fields
from mytrader_tui.feeds.yahoo.failure import YahooError
from mytrader_tui.market.link import Reason
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Origin, Quote, Source
from mytrader_tui.market.session import NEW_YORK, Session, latest_hours_since
from mytrader_tui.market.symbol import alpaca_can_know

MAX_CURRENCY = 8
MAX_NAME = 60


class Answer(msgspec.Struct, frozen=True):
    """What could be read of an answer, and how many of its items could not."""

    quotes: tuple[Quote, ...] = ()
    unreadable: int = 0


class _Item(msgspec.Struct, rename="camel"):
    symbol: object = None
    currency: object = None
    short_name: object = None
    long_name: object = None
    market_state: object = None
    exchange_data_delayed_by: object = None
    regular_market_price: object = None
    regular_market_time: object = None
    regular_market_previous_close: object = None
    regular_market_open: object = None
    regular_market_day_high: object = None
    regular_market_day_low: object = None
    fifty_two_week_low: object = None
    fifty_two_week_high: object = None
    regular_market_volume: object = None
    pre_market_price: object = None
    pre_market_time: object = None
    post_market_price: object = None
    post_market_time: object = None
    bid: object = None
    ask: object = None
    bid_size: object = None
    ask_size: object = None


class _Print(msgspec.Struct, frozen=True):
    price: float
    time: datetime


class _QuoteResponse(msgspec.Struct):
    result: list[msgspec.Raw]


class _QuoteBody(msgspec.Struct, rename="camel"):
    quote_response: _QuoteResponse


class _Span(msgspec.Struct):
    start: float
    end: float


class _Periods(msgspec.Struct):
    pre: _Span | None = None
    regular: _Span | None = None
    post: _Span | None = None


class _Meta(msgspec.Struct, rename="camel"):
    symbol: object = None
    currency: object = None
    short_name: object = None
    long_name: object = None
    regular_market_price: object = None
    regular_market_time: object = None
    previous_close: object = None
    chart_previous_close: object = None
    regular_market_day_high: object = None
    regular_market_day_low: object = None
    fifty_two_week_low: object = None
    fifty_two_week_high: object = None
    regular_market_volume: object = None
    current_trading_period: object = None


class _ChartResult(msgspec.Struct):
    meta: msgspec.Raw


class _Chart(msgspec.Struct):
    result: list[_ChartResult] | None


class _ChartBody(msgspec.Struct):
    chart: _Chart


_QUOTE_BODY = msgspec.json.Decoder(_QuoteBody)
_CHART_BODY = msgspec.json.Decoder(_ChartBody)
_ITEM = msgspec.json.Decoder(_Item)
_META = msgspec.json.Decoder(_Meta)
_MALFORMED = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def decode_quotes(body: bytes, names: Mapping[str, str], receipt: Moment) -> Answer:
    """The quotes in a v7 answer, heard at `receipt`; `names` are the symbols asked for, by Yahoo's spelling.

    Symbols that were not asked for are left out. Raises YahooError (UNREADABLE) if the answer as a whole is of
    another shape, such as a page of HTML.
    """
    try:
        items = decode_json(_QUOTE_BODY, body).quote_response.result
    except _MALFORMED as error:
        raise _unreadable(body) from error
    quotes: dict[str, Quote] = {}
    unreadable = 0
    for raw in items:
        try:
            item = _ITEM.decode(raw)
        except _MALFORMED:
            unreadable += 1
            continue
        if not isinstance(item.symbol, str):
            unreadable += 1
        elif symbol := names.get(item.symbol.upper()):
            quotes[symbol] = _quote(symbol, item, receipt)
    return Answer(tuple(quotes.values()), unreadable)


def decode_chart(body: bytes, names: Mapping[str, str], receipt: Moment) -> Answer:
    """The quote in a v8 chart answer, heard at `receipt`, or none for a symbol that Yahoo does not know.

    Raises YahooError (UNREADABLE) if the answer is of another shape.
    """
    try:
        result = decode_json(_CHART_BODY, body).chart.result
        metas = [_META.decode(each.meta) for each in result or ()]
    except _MALFORMED as error:
        raise _unreadable(body) from error
    quotes = [
        _chart_quote(symbol, meta, receipt)
        for meta in metas
        if isinstance(meta.symbol, str) and (symbol := names.get(meta.symbol.upper()))
    ]
    return Answer(tuple(quotes), len(metas) - len(quotes))


def _quote(symbol: str, item: _Item, receipt: Moment) -> Quote:
    """The regular market's last price, and beside it that of the extended hours where it is newer.

    Yahoo gives the bid and the ask no time, so theirs is that of the receipt.
    """
    last = fields.price(item.regular_market_price)
    event_time = None if last is None else fields.epoch(item.regular_market_time)
    extended = None if last is not None and event_time is None else _extended(symbol, item, event_time, receipt)
    bid, ask = fields.price(item.bid), fields.price(item.ask)
    quoted = bid is not None or ask is not None
    quote = Quote(
        symbol=symbol,
        origin=_origin("quote", fields.minutes(item.exchange_data_delayed_by)),
        receipt=receipt,
        last=last,
        event_time=event_time,
        extended_last=extended.price if extended else None,
        extended_time=extended.time if extended else None,
        extended_receipt=receipt if extended else None,
        previous_close=fields.price(item.regular_market_previous_close),
        open=fields.price(item.regular_market_open),
        high=fields.price(item.regular_market_day_high),
        low=fields.price(item.regular_market_day_low),
        year_low=fields.price(item.fifty_two_week_low),
        year_high=fields.price(item.fifty_two_week_high),
        volume=fields.count(item.regular_market_volume),
        bid=bid,
        ask=ask,
        bid_size=None if bid is None else fields.count(item.bid_size),
        ask_size=None if ask is None else fields.count(item.ask_size),
        bid_ask_time=receipt.wall if quoted else None,
        bid_ask_receipt=receipt if quoted else None,
        session=fields.session(item.market_state),
        currency=fields.words(item.currency, MAX_CURRENCY),
        name=fields.words(item.short_name, MAX_NAME) or fields.words(item.long_name, MAX_NAME),
    )
    return _of_present_day(quote)


def _chart_quote(symbol: str, meta: _Meta, receipt: Moment) -> Quote:
    last = fields.price(meta.regular_market_price)
    quote = Quote(
        symbol=symbol,
        origin=_origin("chart", None),
        receipt=receipt,
        last=last,
        event_time=None if last is None else fields.epoch(meta.regular_market_time),
        previous_close=fields.price(meta.previous_close) or fields.price(meta.chart_previous_close),
        high=fields.price(meta.regular_market_day_high),
        low=fields.price(meta.regular_market_day_low),
        year_low=fields.price(meta.fifty_two_week_low),
        year_high=fields.price(meta.fifty_two_week_high),
        volume=fields.count(meta.regular_market_volume),
        session=_session_at(meta.current_trading_period, receipt),
        currency=fields.words(meta.currency, MAX_CURRENCY),
        name=fields.words(meta.short_name, MAX_NAME) or fields.words(meta.long_name, MAX_NAME),
    )
    return _of_present_day(quote)


def _extended(symbol: str, item: _Item, regular: datetime | None, receipt: Moment) -> "_Print | None":
    """The newer of the prices before the open and after the close, if it is newer than the `regular` one and of late.

    Yahoo goes on telling them after their hours: the morning's all day long, the evening's until the next morning.
    Only a US listing has such hours. Without a time neither price can be told from one that is over.
    """
    if not alpaca_can_know(symbol):
        return None
    told = (
        (item.pre_market_price, item.pre_market_time),
        (item.post_market_price, item.post_market_time),
    )
    prints = [
        _Print(price, time)
        for price, time in ((fields.price(price), fields.epoch(time)) for price, time in told)
        if price is not None and time is not None
    ]
    newest = max(prints, key=lambda each: each.time, default=None)
    if newest is None or (regular is not None and newest.time <= regular):
        return None
    return newest if newest.time >= latest_hours_since(receipt.wall) else None


def _of_present_day(quote: Quote) -> Quote:
    """`quote` of a US listing against the close before the present trading day, once that has begun.

    Until its first regular trade Yahoo goes on telling the day before, with that day's own previous close: its last
    price is then the close that a change is counted from, and its open, high, low and volume are not today's.
    """
    if quote.event_time is None or quote.session in (None, Session.CLOSED) or not alpaca_can_know(quote.symbol):
        return quote
    traded, told = (time.astimezone(NEW_YORK).date() for time in (quote.event_time, quote.receipt.wall))
    if traded >= told:
        return quote
    return replace(quote, previous_close=quote.last, open=None, high=None, low=None, volume=None)


def _origin(feed: str, delay_seconds: float | None) -> Origin:
    return Origin(Source.YAHOO, feed, delay_seconds, polled=True)


def _session_at(periods: object, receipt: Moment) -> Session | None:
    """The session at `receipt`, by the periods of the present or next trading day in epoch seconds."""
    try:
        spans = msgspec.convert(periods, _Periods)
    except msgspec.ValidationError:
        return None
    now = receipt.wall.timestamp()
    named = ((spans.pre, Session.PRE), (spans.regular, Session.REGULAR), (spans.post, Session.POST))
    for span, session in named:
        if span is not None and span.start <= now < span.end:
            return session
    return Session.CLOSED if spans.regular is not None else None


def _unreadable(body: bytes) -> YahooError:
    page = body[:256].lstrip().startswith(b"<")
    return YahooError(Reason.UNREADABLE, "a web page instead of prices" if page else "not the shape of a price answer")

"""Is this print believable? Named rules, each with one reason; a print that breaks one never reaches the board."""

import math
from datetime import datetime, timedelta
from enum import Enum

from msgspec.structs import replace

from mytrader_tui.market.quote import BidAsk, DayBar, Quote, Trade, Update

MAX_FUTURE = timedelta(seconds=5)
"""How far ahead of our clock an event may be stamped before it is refused."""


MIN_PRICE = 1e-9
"""Below the cheapest coin that trades: less is rounding noise, not a price."""


class Rule(Enum):
    """Why a print was refused. The value is the metric's label."""

    NOT_FINITE = "not_finite"
    NOT_POSITIVE = "not_positive"
    NEGATIVE_SIZE = "negative_size"
    FUTURE_EVENT_TIME = "future_event_time"
    OUT_OF_ORDER = "out_of_order"
    CROSSED = "crossed"


def believe(update: Update, known: Quote | None, now: datetime) -> tuple[Update | None, Rule | None]:
    """What of `update` may be believed at `now`, given what its source had said before, and the rule it broke.

    (update, None) is good; (None, rule) is refused whole; (update, rule) lost the part that broke the rule:
    a snapshot with a crossed quote keeps its last price and loses its bid and ask. (None, None) broke no rule and
    says nothing: a snapshot without any price.
    """
    match update:
        case Trade():
            rule = _trade(update, known, now)
            return (None, rule) if rule else (update, None)
        case BidAsk():
            rule = _bid_ask(update, known, now)
            return (None, rule) if rule else (update, None)
        case DayBar():
            rule = _day_bar(update, known, now)
            return (None, rule) if rule else (update, None)
        case Quote():
            return _quote(update, known, now)


def _price(price: float) -> Rule | None:
    if not math.isfinite(price):
        return Rule.NOT_FINITE
    return Rule.NOT_POSITIVE if price < MIN_PRICE else None


def _count(size: float) -> Rule | None:
    if not math.isfinite(size):
        return Rule.NOT_FINITE
    return Rule.NEGATIVE_SIZE if size < 0 else None


def _when(event_time: datetime, newest: datetime | None, now: datetime) -> Rule | None:
    if event_time - now > MAX_FUTURE:
        return Rule.FUTURE_EVENT_TIME
    return Rule.OUT_OF_ORDER if newest is not None and event_time < newest else None


def _trade(trade: Trade, known: Quote | None, now: datetime) -> Rule | None:
    newest = known.event_time if known else None
    return _price(trade.price) or _count(trade.size) or _when(trade.event_time, newest, now)


def _sides(bid: float | None, ask: float | None) -> Rule | None:
    for side in (bid, ask):
        if side is not None and (rule := _price(side)):
            return rule
    return Rule.CROSSED if bid is not None and ask is not None and bid > ask else None


def _bid_ask(bid_ask: BidAsk, known: Quote | None, now: datetime) -> Rule | None:
    newest = known.bid_ask_time if known else None
    return (
        _sides(bid_ask.bid, bid_ask.ask)
        or _count(bid_ask.bid_size or 0.0)
        or _count(bid_ask.ask_size or 0.0)
        or _when(bid_ask.event_time, newest, now)
    )


def _day_bar(bar: DayBar, known: Quote | None, now: datetime) -> Rule | None:
    newest = known.day if known else None
    for price in (bar.open, bar.high, bar.low, bar.close, bar.vwap):
        if price is not None and (rule := _price(price)):
            return rule
    return _count(bar.volume) or _when(bar.event_time, newest, now)


def _quote(quote: Quote, known: Quote | None, now: datetime) -> tuple[Quote | None, Rule | None]:
    broken: Rule | None = None
    if quote.last is not None:
        broken = _price(quote.last)
        if broken is None and quote.event_time is not None:
            broken = _when(quote.event_time, known.event_time if known else None, now)
        if broken:
            quote = replace(quote, last=None, last_size=None, event_time=None)
    if rule := _quote_sides(quote, known, now):
        broken = broken or rule
        quote = replace(
            quote, bid=None, ask=None, bid_size=None, ask_size=None, bid_ask_time=None, bid_ask_receipt=None
        )
    quote, rule = _without_bad_figures(quote)
    return (quote if _says_something(quote) else None), broken or rule


def _quote_sides(quote: Quote, known: Quote | None, now: datetime) -> Rule | None:
    rule = _sides(quote.bid, quote.ask) or _count(quote.bid_size or 0.0) or _count(quote.ask_size or 0.0)
    if rule or quote.bid_ask_time is None:
        return rule
    return _when(quote.bid_ask_time, known.bid_ask_time if known else None, now)


def _without_bad_figures(quote: Quote) -> tuple[Quote, Rule | None]:
    bad: dict[str, None] = {}
    broken: Rule | None = None
    for name in ("previous_close", "open", "high", "low", "vwap"):
        value: float | None = getattr(quote, name)
        if value is not None and (rule := _price(value)):
            bad[name], broken = None, rule
    for name in ("volume", "last_size"):
        count: float | None = getattr(quote, name)
        if count is not None and (rule := _count(count)):
            bad[name], broken = None, rule
    return (replace(quote, **bad) if bad else quote), broken


def _says_something(quote: Quote) -> bool:
    return any(value is not None for value in (quote.last, quote.previous_close, quote.bid, quote.ask))

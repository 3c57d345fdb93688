"""Is this print believable by itself? Named rules, each with one reason; a print that breaks one is not published.

The rules that need to remember earlier prints are `market.trust.validator`'s.
"""

import math
from datetime import datetime, timedelta
from enum import Enum

from msgspec.structs import replace

from mytrader_tui.market.quote import Believed, BidAsk, Cancel, Correction, DayBar, Quote, Trade, TradingStatus, Update

MAX_FUTURE = timedelta(seconds=5)
"""How far ahead of our clock an event may be stamped before it is refused."""

MIN_PRICE = 1e-9
"""Below the cheapest coin that trades: less is rounding noise, not a price."""


class Rule(Enum):
    """Why a print was refused. The value is the metric's label."""

    UNREADABLE = "unreadable"
    NOT_FINITE = "not_finite"
    NOT_POSITIVE = "not_positive"
    NEGATIVE_SIZE = "negative_size"
    FUTURE_EVENT_TIME = "future_event_time"
    OUT_OF_ORDER = "out_of_order"
    DUPLICATE = "duplicate"
    CROSSED = "crossed"
    JUMP = "jump"
    CONDITION = "condition"

    @property
    def blames_feed(self) -> bool:
        """True if a print that breaks the rule says something against the feed that carried it."""
        return self not in _BLAMELESS


# What is merely late, told again, or a trade that sets no price is part of any honest feed.
_BLAMELESS = frozenset({Rule.OUT_OF_ORDER, Rule.DUPLICATE, Rule.CONDITION})


def believe(update: Update, known: Quote | None, now: datetime) -> tuple[Believed | None, Rule | None]:
    """What of `update` may be believed at `now` by itself, given what its source had said before, and the rule broken.

    (update, None) is good; (None, rule) is refused whole; (update, rule) lost the part that broke the rule:
    a snapshot with a crossed quote keeps its last price and loses its bid and ask. (None, None) broke no rule and
    says nothing by itself: a snapshot without any price, a correction of a trade that is not remembered.
    """
    match update:
        case Quote():
            return _quote(update, known, now)
        case Correction() | Cancel():
            return None, amendment_rule(update, now)
        case Trade():
            newest = known.event_time if known else None
            rule = trade_rule(update, now) or _order(update.event_time, newest)
        case BidAsk():
            rule = _bid_ask(update, known, now)
        case DayBar():
            rule = _day_bar(update, known, now)
        case TradingStatus():
            rule = _when(update.event_time, known.halt_time if known else None, now)
    return (None, rule) if rule else (update, None)


def trade_rule(trade: Trade, now: datetime) -> Rule | None:
    """The rule that `trade` breaks at `now` whatever came before it."""
    # One comparison passes what is good; NaN fails every comparison.
    if MIN_PRICE <= trade.price < math.inf and 0 <= trade.size < math.inf:
        return Rule.FUTURE_EVENT_TIME if trade.event_time > now + MAX_FUTURE else None
    return _price(trade.price) or _count(trade.size)


def amendment_rule(update: Correction | Cancel, now: datetime) -> Rule | None:
    """The rule that a correction or cancel breaks at `now`."""
    broken = None
    if isinstance(update, Correction):
        broken = _price(update.price) or _count(update.size)
    return broken or _when(update.event_time, None, now)


def _price(price: float) -> Rule | None:
    if not math.isfinite(price):
        return Rule.NOT_FINITE
    return Rule.NOT_POSITIVE if price < MIN_PRICE else None


def _count(size: float) -> Rule | None:
    if not math.isfinite(size):
        return Rule.NOT_FINITE
    return Rule.NEGATIVE_SIZE if size < 0 else None


def _when(event_time: datetime, newest: datetime | None, now: datetime) -> Rule | None:
    return Rule.FUTURE_EVENT_TIME if event_time > now + MAX_FUTURE else _order(event_time, newest)


def _order(event_time: datetime, newest: datetime | None) -> Rule | None:
    return Rule.OUT_OF_ORDER if newest is not None and event_time < newest else None


def _sides(bid: float | None, ask: float | None) -> Rule | None:
    if bid is not None and ask is not None and MIN_PRICE <= bid <= ask < math.inf:
        return None
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
            quote = without_last(quote)
    if quote.extended_last is not None:
        rule = _price(quote.extended_last)
        if rule is None and quote.extended_time is not None:
            rule = _when(quote.extended_time, known.extended_time if known else None, now)
        if rule:
            broken, quote = broken or rule, without_extended(quote)
    if rule := _quote_sides(quote, known, now):
        broken = broken or rule
        quote = replace(
            quote, bid=None, ask=None, bid_size=None, ask_size=None, bid_ask_time=None, bid_ask_receipt=None
        )
    quote, rule = _without_bad_figures(quote)
    return (quote if says_something(quote) else None), broken or rule


def without_last(quote: Quote) -> Quote:
    """`quote` without its last price."""
    return replace(quote, last=None, last_size=None, event_time=None, print_id=None)


def without_extended(quote: Quote) -> Quote:
    """`quote` without its extended hours' price."""
    return replace(quote, extended_last=None, extended_time=None, extended_receipt=None, extended_print_id=None)


def _quote_sides(quote: Quote, known: Quote | None, now: datetime) -> Rule | None:
    rule = _sides(quote.bid, quote.ask) or _count(quote.bid_size or 0.0) or _count(quote.ask_size or 0.0)
    if rule or quote.bid_ask_time is None:
        return rule
    return _when(quote.bid_ask_time, known.bid_ask_time if known else None, now)


def _without_bad_figures(quote: Quote) -> tuple[Quote, Rule | None]:
    bad: dict[str, None] = {}
    broken: Rule | None = None
    for name in ("previous_close", "open", "high", "low", "year_low", "year_high", "vwap"):
        value: float | None = getattr(quote, name)
        if value is not None and (rule := _price(value)):
            bad[name], broken = None, rule
    for name in ("volume", "last_size"):
        count: float | None = getattr(quote, name)
        if count is not None and (rule := _count(count)):
            bad[name], broken = None, rule
    return (replace(quote, **bad) if bad else quote), broken


def says_something(quote: Quote) -> bool:
    """True if `quote` holds any price."""
    prices = (quote.last, quote.extended_last, quote.previous_close, quote.bid, quote.ask)
    return any(price is not None for price in prices)

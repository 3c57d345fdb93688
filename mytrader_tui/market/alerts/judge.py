"""Whether an alert's condition holds on data that may be believed: a pure function of the row and now."""

from decimal import Decimal

from mytrader_tui.market.account.portfolio import money
from mytrader_tui.market.alerts.alert import Alert, AlertCondition, AlertKind, Firing, Stand, Verdict
from mytrader_tui.market.freshness import Badge, BadgeKind
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Quote, Source
from mytrader_tui.market.session import NEW_YORK

FRESH_SECONDS = 5 * 60.0
"""How old a price may be, beyond the delay that its source admits, for an alert to fire on it."""

UNDECLARED_SECONDS = 20 * 60.0
"""The delay that is allowed to a source that declares none: exchanges hold free prices back for 15 to 20 minutes."""

_HUNDRED = Decimal(100)


def judge(alert: Alert, quote: Quote | None, badge: Badge, mark: str, now: Moment) -> Verdict:
    """How `alert` stands on `quote` at `now`, a row that shows `badge` and, if something is the matter, `mark`.

    A condition is met only on a price that is LIVE or DELAYED, that the sources do not disagree on, and whose own
    time is within what its badge admits. All else is held, with the reason.
    """
    reason = _disbelief(quote, badge, mark)
    if reason or quote is None:
        return _held(reason)
    condition = alert.condition
    if quote.in_extended and not condition.extended:
        return _held("extended-hours prices do not count for it")
    if alert.currency and quote.currency and alert.currency != quote.currency:
        return _held(f"the price is now in {quote.currency}, its level in {alert.currency}")
    if reason := _age_of_price(quote, badge, now) or _missing(condition.kind, quote, now):
        return _held(reason)
    value = compared(condition.kind, quote)
    if value is None:
        return _held("no price yet")
    if not holds(condition, value):
        late = "" if badge.kind is BadgeKind.LIVE else provenance(quote, badge)
        return Verdict(Stand.WAITING, value=float(value), late=late)
    return Verdict(Stand.MET, value=float(value), firing=_firing(quote, float(value), badge, now))


def compared(kind: AlertKind, quote: Quote) -> Decimal | None:
    """What of `quote` is held against a level of that kind, exact; None where it is not known."""
    price, close = _known(quote.price), _known(quote.previous_close)
    match kind:
        case AlertKind.ABOVE | AlertKind.BELOW:
            return price
        case AlertKind.VOLUME:
            return _known(quote.volume)
        case AlertKind.PERCENT:
            return None if price is None or not close else _HUNDRED * (price - close) / close


def holds(condition: AlertCondition, value: Decimal) -> bool:
    """True if `value` is at or beyond the level; a move counts in either direction."""
    level = money(condition.level)
    match condition.kind:
        case AlertKind.BELOW:
            return value <= level
        case AlertKind.PERCENT:
            return abs(value) >= level
        case AlertKind.ABOVE | AlertKind.VOLUME:
            return value >= level


def span_words(seconds: float) -> str:
    """A span in one unit, rounded down: `42 s`, `9 min`, `3 h`, `2 d`."""
    whole = max(0, int(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min"
    return f"{whole // 3600} h" if whole < 86400 else f"{whole // 86400} d"


def _held(reason: str) -> Verdict:
    return Verdict(Stand.HELD, reason)


def _disbelief(quote: Quote | None, badge: Badge, mark: str) -> str:
    """Why what the row shows is no news; empty if it is."""
    if quote is None or _known(quote.price) is None or badge.kind is BadgeKind.NO_DATA:
        return "no price yet"
    if mark:
        return mark
    span = span_words(badge.seconds or 0.0)
    match badge.kind:
        case BadgeKind.CACHED:
            return f"price from disk, {span} old"
        case BadgeKind.STALE:
            return f"not heard for {span}"
        case BadgeKind.CLOSED:
            return "market closed"
        case BadgeKind.HALTED:
            return "trading halted"
        case BadgeKind.LIVE | BadgeKind.DELAYED:
            return ""


def _age_of_price(quote: Quote, badge: Badge, now: Moment) -> str:
    """Why the price's own time forbids to call it news; empty if it does not."""
    if quote.price_time is None:
        return "the price has no time of its own"
    age = now.age_of(quote.price_time)
    return f"price {span_words(age)} old" if age > age_limit(quote, badge) else ""


def age_limit(quote: Quote, badge: Badge) -> float:
    """Seconds that the price of a row with `badge` may be old: its delay, a poll that is longer, and what is fresh."""
    if badge.kind is BadgeKind.LIVE:
        return FRESH_SECONDS
    declared = quote.origin.delay_seconds
    delay = UNDECLARED_SECONDS if declared is None else declared
    poll = badge.seconds if badge.seconds is not None and badge.seconds > delay else 0.0
    return delay + poll + FRESH_SECONDS


def _missing(kind: AlertKind, quote: Quote, now: Moment) -> str:
    """Why what the kind needs beside the price cannot be told; empty if it can."""
    if kind is AlertKind.PERCENT and not _known(quote.previous_close):
        return "previous close not known"
    if kind is not AlertKind.VOLUME:
        return ""
    if _known(quote.volume) is None:
        return "volume not known"
    # A stream's bar names its day; an answer's volume is of the day of its price, whose age was looked at.
    of_day = quote.day is None or quote.day.astimezone(NEW_YORK).date() == now.wall.astimezone(NEW_YORK).date()
    return "" if of_day else "the volume is an earlier day's"


def _known(value: float | None) -> Decimal | None:
    """`value` as it was written, or None for what is no amount."""
    number = None if value is None else money(value)
    return number if number is not None and number.is_finite() and number >= 0 else None


def _firing(quote: Quote, value: float, badge: Badge, now: Moment) -> Firing | None:
    if quote.price is None or quote.price_time is None:
        return None
    return Firing(
        value=value,
        price=quote.price,
        price_time=quote.price_time,
        at=now.wall,
        provenance=provenance(quote, badge),
        source=quote.origin.source,
        print_id=quote.price_print_id,
        extended=quote.in_extended,
    )


def provenance(quote: Quote, badge: Badge) -> str:
    """How fresh a price that may be believed is, and whose: `LIVE iex`, `delayed 15 min, yahoo`."""
    origin = quote.origin
    whose = origin.feed if origin.source is Source.ALPACA else origin.source.value
    if badge.kind is BadgeKind.LIVE:
        return f"LIVE {whose}"
    return f"delayed {span_words(badge.seconds)}, {whose}" if badge.seconds is not None else f"delay unknown, {whose}"

"""Why a price has its badge: the rule that gave it, as a sentence with the numbers behind it."""

import msgspec

from mytrader_tui.market.freshness import Badge, BadgeRule, heard_at, judge
from mytrader_tui.market.link import Link, Reason
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Quote
from mytrader_tui.market.session import MarketHours

# What a difference of two binary clock readings is off by, so that 0.4 s stays 0.4 s.
_DUST = 1e-6


class Explanation(msgspec.Struct, frozen=True):
    """A badge, the rule that gave it, and what made the rule apply, in words."""

    badge: Badge
    rule: BadgeRule
    because: str

    @property
    def text(self) -> str:
        """The sentence: `LIVE: iex is real time, its link was heard 0.4 s ago (limit 5 s), …`."""
        return f"{self.badge.text.split(' ', 1)[1]}: {self.because}"


def explain(quote: Quote | None, link: Link, hours: MarketHours, now: Moment) -> Explanation:
    """The badge that `freshness.badge` gives the same price, and why: both read one decision."""
    badge, rule = judge(quote, link, hours, now)
    return Explanation(badge, rule, f"{rule.value}" if quote is None else _because(rule, quote, link, hours, now))


def span_text(seconds: float) -> str:
    """A span as a sentence says it, rounded down: `0.4 s`, `42 s`, `15 min`, `3 h 20 min`, `2 d 4 h`."""
    tenths = int(max(0.0, seconds) * 10 + _DUST)
    if tenths < 100:
        return f"{tenths / 10:.1f} s"
    whole = tenths // 10
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min"
    if whole < 86400:
        return f"{whole // 3600} h {whole // 60 % 60} min"
    return f"{whole // 86400} d {whole // 3600 % 24} h"


def _because(rule: BadgeRule, quote: Quote, link: Link, hours: MarketHours, now: Moment) -> str:
    feed = quote.origin.feed
    told = f"this price was heard {span_text(now.seconds_since(heard_at(quote, link)))} ago"
    match rule:
        case BadgeRule.NO_PRICE:
            return f"{rule.value}"
        case BadgeRule.FROM_DISK:
            return f"restored from disk; {told}, and nothing newer since"
        case BadgeRule.LAST_OF_SESSION:
            return _settled(quote, link, hours, now)
        case BadgeRule.HALTED:
            return f"trading is halted ({quote.halted}), by a real-time stream: {_heard(link, now)}"
        case BadgeRule.UNPROVEN_CLOSE:
            return _unproven(quote, link, hours, now)
        case BadgeRule.LINK_DOWN:
            return f"{_trouble(link)}; {told}"
        case BadgeRule.OVERDUE:
            return f"{told} (limit {link.limit:g} s): {feed} is asked every {link.poll_seconds:g} s and told nothing"
        case BadgeRule.SILENT:
            return f"the link says that it is up, but {_silence(link, now)}; {told}"
        case BadgeRule.MISSED:
            came = span_text(now.seconds_since(link.since))
            return f"the link came up {came} ago, {told}: a print in between may have been missed"
        case BadgeRule.NO_PRINT_YET:
            begun = span_text(now.age_of(hours.since))
            return f"{hours.session.value} hours began {begun} ago without a print: the price is the last session's"
        case BadgeRule.BEFORE_THE_OPEN:
            opened = span_text(now.age_of(hours.since))
            return f"the market opened {opened} ago, and {feed} still tells a price from before; {told}"
        case _:
            return _served(rule, quote, link, hours, now)


def _served(rule: BadgeRule, quote: Quote, link: Link, hours: MarketHours, now: Moment) -> str:
    feed, late = quote.origin.feed, quote.origin.delay_seconds or 0.0
    in_order = f"{_heard(link, now)}, {_session(quote, hours)}"
    match rule:
        case BadgeRule.NO_EVENT_TIME:
            return f"{feed} does not say when it was traded; {in_order}"
        case BadgeRule.NO_DECLARED_DELAY:
            return f"{feed} does not say how late it is; {in_order}"
        case BadgeRule.POLLED:
            larger = "the declared delay" if late >= (link.poll_seconds or 0.0) else "the pause between two questions"
            declared = f"declares a delay of {span_text(late)}" if late else "declares no delay"
            return f"{feed} {declared} and is asked every {link.poll_seconds:g} s: shown is {larger}; {in_order}"
        case BadgeRule.LATE_FEED:
            return f"{feed} is {span_text(late)} late by its own word; {in_order}"
        case BadgeRule.ANSWERED:
            return f"{feed} answered a question, no stream brought it; {in_order}"
        case _:
            return f"{feed} is real time, {_heard(link, now)}, event time known, {_session(quote, hours)}"


def _heard(link: Link, now: Moment) -> str:
    """The link's last sign of life beside the limit that it is held to."""
    if link.heard is None:
        return "its link was never heard"
    return f"its link was heard {span_text(now.seconds_since(link.heard))} ago (limit {link.limit:g} s)"


def _silence(link: Link, now: Moment) -> str:
    if link.heard is None:
        return "it was never heard"
    return f"it was last heard {span_text(now.seconds_since(link.heard))} ago (limit {link.limit:g} s)"


def _trouble(link: Link) -> str:
    """Why a link that does not bring the price is down."""
    match link.reason:
        case Reason.CONTRADICTED:
            return "the row is held because the sources contradict each other"
        case Reason.SYMBOL_LIMIT:
            return "Alpaca does not stream this symbol now"
        case None:
            return "the link is down"
        case reason:
            return f"the link is down, {reason.value}"


def _session(quote: Quote, hours: MarketHours) -> str:
    session = quote.session or hours.session
    return f"{session.value} session"


def _settled(quote: Quote, link: Link, hours: MarketHours, now: Moment) -> str:
    heard = span_text(now.seconds_since(heard_at(quote, link)))
    if quote.session is not None:
        limit = "" if link.poll_seconds is None else f" (limit {link.limit:g} s)"
        return f"{quote.origin.feed} calls its market closed, heard {heard} ago{limit}"
    ended = f"the session ended {span_text(now.age_of(hours.since))} ago"
    if quote.price_receipt.wall >= hours.since:
        return f"{ended}, and this price was heard after that, {heard} ago"
    return f"{ended}, and the link that brought this price stayed up past the end"


def _unproven(quote: Quote, link: Link, hours: MarketHours, now: Moment) -> str:
    heard = span_text(now.seconds_since(heard_at(quote, link)))
    if quote.session is not None:
        return f"{quote.origin.feed} called its market closed, but that was {heard} ago (limit {link.limit:g} s)"
    ended = span_text(now.age_of(hours.since))
    return f"the session ended {ended} ago, this price was heard {heard} ago: a later one may have been missed"

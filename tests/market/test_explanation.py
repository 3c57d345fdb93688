"""Why a badge was given: each rule's sentence, and that no sentence ever disagrees with the badge or with the facts."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from mytrader_tui.market.explanation import Explanation, explain, span_text
from mytrader_tui.market.freshness import BadgeKind, BadgeRule, badge
from mytrader_tui.market.link import Link, Reason
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Origin, Quote, Source
from mytrader_tui.market.session import MarketHours, Session

NOW = Moment(datetime(2026, 11, 20, 17, 0, tzinfo=UTC), 100_000.0)
IEX = Origin(Source.ALPACA, "iex", 0.0)
DELAYED_SIP = Origin(Source.ALPACA, "delayed_sip", 900.0)
YAHOO = Origin(Source.YAHOO, "v7", 900.0, polled=True)
DISK = Origin(Source.CACHE, "disk", None)


def ago(seconds: float) -> Moment:
    return NOW.later(-seconds)


def quote(origin: Origin = IEX, age: float = 1.0, **fields: object) -> Quote:
    given = {"last": 190.0, "event_time": ago(age).wall, **fields}
    return Quote(symbol="AAPL", origin=origin, receipt=ago(age), **given)  # type: ignore[arg-type]  # fields by name


def stream(heard: float | None = 0.4, *, up: bool = True, since: float = 3600.0, reason: Reason | None = None) -> Link:
    return Link(up=up, since=ago(since), heard=None if heard is None else ago(heard), reason=reason)


def poller(heard: float = 1.0, poll: float = 60.0) -> Link:
    return Link(up=True, since=ago(3600.0), heard=ago(heard), poll_seconds=poll)


def hours(session: Session, since: float = 7200.0) -> MarketHours:
    return MarketHours(session, ago(since).wall, ago(-7200.0).wall, ago(-7200.0).wall)


OPEN, SHUT, EARLY = hours(Session.REGULAR), hours(Session.CLOSED), hours(Session.PRE)

CASES = {
    "live": (
        quote(),
        stream(),
        OPEN,
        "LIVE: iex is real time, its link was heard 0.4 s ago (limit 5 s), event time known, regular session",
    ),
    "polled": (
        quote(YAHOO, 20.0),
        poller(20.0),
        OPEN,
        "DELAYED 15m: v7 declares a delay of 15 min and is asked every 60 s: shown is the declared delay; "
        "its link was heard 20 s ago (limit 150 s), regular session",
    ),
    "slowly polled": (
        quote(YAHOO, 20.0),
        poller(20.0, 1800.0),
        OPEN,
        "DELAYED 30m: v7 declares a delay of 15 min and is asked every 1800 s: shown is the pause between two "
        "questions; its link was heard 20 s ago (limit 4500 s), regular session",
    ),
    "late feed": (
        quote(DELAYED_SIP),
        stream(),
        EARLY,
        "DELAYED 15m: delayed_sip is 15 min late by its own word; its link was heard 0.4 s ago (limit 5 s), "
        "pre session",
    ),
    "no event time": (
        quote(event_time=None),
        stream(),
        OPEN,
        "DELAYED ?: iex does not say when it was traded; its link was heard 0.4 s ago (limit 5 s), regular session",
    ),
    "link down": (
        quote(age=42.0),
        stream(up=False, reason=Reason.DROPPED),
        OPEN,
        "STALE 42s: the link is down, the connection was lost; this price was heard 42 s ago",
    ),
    "held": (
        quote(age=42.0),
        stream(up=False, reason=Reason.CONTRADICTED),
        OPEN,
        "STALE 42s: the row is held because the sources contradict each other; this price was heard 42 s ago",
    ),
    "silent": (
        quote(age=8.0),
        stream(7.0),
        OPEN,
        "STALE 8s: the link says that it is up, but it was last heard 7.0 s ago (limit 5 s); "
        "this price was heard 8.0 s ago",
    ),
    "missed": (
        quote(age=1800.0),
        stream(since=20.0),
        OPEN,
        "STALE 30m: the link came up 20 s ago, this price was heard 30 min ago: a print in between may have been "
        "missed",
    ),
    "overdue": (
        quote(YAHOO, 300.0),
        poller(300.0),
        OPEN,
        "STALE 5m: this price was heard 5 min ago (limit 150 s): v7 is asked every 60 s and told nothing",
    ),
    "closed": (
        quote(age=7100.0),
        stream(),
        SHUT,
        "CLOSED: the session ended 2 h 0 min ago, and this price was heard after that, 1 h 58 min ago",
    ),
    "closed over a link that held": (
        quote(age=9000.0),
        stream(since=10_000.0),
        SHUT,
        "CLOSED: the session ended 2 h 0 min ago, and the link that brought this price stayed up past the end",
    ),
    "closed by its own word": (
        quote(YAHOO, 10.0, session=Session.CLOSED),
        poller(10.0),
        OPEN,
        "CLOSED: v7 calls its market closed, heard 10 s ago (limit 150 s)",
    ),
    "closed and unproven": (
        quote(age=9000.0),
        stream(since=8000.0),
        SHUT,
        "STALE 2h: the session ended 2 h 0 min ago, this price was heard 2 h 30 min ago: a later one may have been "
        "missed",
    ),
    "no print yet": (
        quote(age=7201.0),
        stream(since=9000.0),
        EARLY,
        "CLOSED: pre hours began 2 h 0 min ago without a print: the price is the last session's",
    ),
    "before the open": (
        quote(YAHOO, 10.0, event_time=ago(60_000.0).wall, session=Session.REGULAR),
        poller(10.0),
        OPEN,
        "STALE 16h: the market opened 2 h 0 min ago, and v7 still tells a price from before; "
        "this price was heard 10 s ago",
    ),
    "halted": (
        quote(halted="news pending", halt_time=ago(9.0).wall, halt_receipt=ago(9.0)),
        stream(),
        OPEN,
        "HALTED: trading is halted (news pending), by a real-time stream: its link was heard 0.4 s ago (limit 5 s)",
    ),
    "cached": (
        quote(DISK, 3 * 3600.0),
        stream(),
        OPEN,
        "CACHED 3h: restored from disk; this price was heard 3 h 0 min ago, and nothing newer since",
    ),
    "no data": (None, stream(), OPEN, "NO DATA: no price was ever heard"),
}


@pytest.mark.parametrize(("price", "link", "market", "text"), CASES.values(), ids=CASES.keys())
def test_the_sentence_names_the_rule_and_its_numbers(
    price: Quote | None, link: Link, market: MarketHours, text: str
) -> None:
    assert explain(price, link, market, NOW).text == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0.0 s"),
        (0.49, "0.4 s"),
        (9.99, "9.9 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (3660, "1 h 1 min"),
        (-3, "0.0 s"),
        (90_000, "1 d 1 h"),
    ],
)
def test_a_span_is_rounded_down(seconds: float, text: str) -> None:
    assert span_text(seconds) == text


AGES = st.floats(min_value=0.0, max_value=20_000.0)
MOMENTS = AGES.map(ago)
ORIGINS = st.builds(
    Origin,
    st.sampled_from(Source),
    st.just("feed"),
    st.one_of(st.none(), st.just(0.0), st.floats(min_value=0.0, max_value=3600.0)),
    st.booleans(),
)
LINKS = st.builds(
    Link,
    up=st.booleans(),
    since=MOMENTS,
    heard=st.none() | MOMENTS | st.floats(0.0, 10.0).map(ago),
    poll_seconds=st.none() | st.floats(min_value=1.0, max_value=3600.0),
    reason=st.none() | st.sampled_from(Reason),
)
QUOTES = st.none() | st.builds(
    Quote,
    symbol=st.just("AAPL"),
    origin=ORIGINS,
    receipt=MOMENTS,
    last=st.none() | st.just(190.0),
    event_time=st.none() | MOMENTS.map(lambda moment: moment.wall),
    session=st.none() | st.sampled_from(Session),
    extended_last=st.none() | st.just(191.0),
    extended_time=st.none() | MOMENTS.map(lambda moment: moment.wall),
    extended_receipt=st.none() | MOMENTS,
    halted=st.none() | st.just("news pending"),
    halt_receipt=st.none() | MOMENTS,
)
HOURS = st.builds(hours, st.sampled_from(Session), AGES)

KINDS = {
    BadgeKind.NO_DATA: {BadgeRule.NO_PRICE},
    BadgeKind.CACHED: {BadgeRule.FROM_DISK},
    BadgeKind.LIVE: {BadgeRule.REAL_TIME},
    BadgeKind.HALTED: {BadgeRule.HALTED},
    BadgeKind.CLOSED: {BadgeRule.LAST_OF_SESSION, BadgeRule.NO_PRINT_YET},
    BadgeKind.STALE: {
        BadgeRule.UNPROVEN_CLOSE,
        BadgeRule.LINK_DOWN,
        BadgeRule.OVERDUE,
        BadgeRule.SILENT,
        BadgeRule.MISSED,
        BadgeRule.BEFORE_THE_OPEN,
    },
    BadgeKind.DELAYED: {
        BadgeRule.NO_EVENT_TIME,
        BadgeRule.NO_DECLARED_DELAY,
        BadgeRule.POLLED,
        BadgeRule.LATE_FEED,
        BadgeRule.ANSWERED,
    },
}


@given(QUOTES, LINKS, HOURS, st.floats(0.0, 5000.0))
def test_an_explanation_never_disagrees_with_the_badge(
    price: Quote | None, link: Link, market: MarketHours, later: float
) -> None:
    now = NOW.later(later)
    shown, told = badge(price, link, market, now), explain(price, link, market, now)
    event(told.rule.name)

    assert told.badge == shown
    assert told.rule in KINDS[shown.kind]
    assert told.text.startswith(f"{shown.text.split(' ', 1)[1]}: ")


@given(QUOTES, LINKS, HOURS)
def test_what_an_explanation_claims_is_so(price: Quote | None, link: Link, market: MarketHours) -> None:
    told = explain(price, link, market, NOW)
    if price is None or price.price is None:
        assert told.rule is BadgeRule.NO_PRICE
        return
    session = price.session or market.session
    receipt_age = NOW.seconds_since(price.price_receipt)
    of_before = price.price_time is not None and price.price_time < market.since
    # The closing auction prints some seconds after the close, and is none of the hours that begin with it.
    of_the_close = price.price_time is not None and price.session is market.session and not price.in_extended

    claims = {
        BadgeRule.FROM_DISK: price.origin.source is Source.CACHE,
        BadgeRule.LAST_OF_SESSION: session is Session.CLOSED,
        BadgeRule.HALTED: price.halted is not None and session is not Session.CLOSED and link.proven(NOW),
        BadgeRule.UNPROVEN_CLOSE: session is Session.CLOSED,
        BadgeRule.LINK_DOWN: not link.up and session is not Session.CLOSED,
        BadgeRule.OVERDUE: link.poll_seconds is not None and receipt_age > link.limit,
        BadgeRule.SILENT: link.up and not link.proven(NOW),
        BadgeRule.MISSED: link.proven(NOW) and price.price_receipt.mono < link.since.mono,
        BadgeRule.NO_PRINT_YET: of_before or of_the_close,
        BadgeRule.BEFORE_THE_OPEN: of_before,
        BadgeRule.NO_EVENT_TIME: price.price_time is None,
        BadgeRule.NO_DECLARED_DELAY: price.origin.delay_seconds is None,
        BadgeRule.POLLED: link.up and link.poll_seconds is not None,
        BadgeRule.LATE_FEED: link.proven(NOW) and bool(price.origin.delay_seconds),
        BadgeRule.ANSWERED: link.proven(NOW) and price.origin.polled,
        BadgeRule.REAL_TIME: link.proven(NOW) and price.origin.delay_seconds == 0 and price.price_time is not None,
    }

    assert claims[told.rule]


@given(QUOTES, LINKS, HOURS)
def test_every_number_of_a_live_sentence_is_within_its_limit(
    price: Quote | None, link: Link, market: MarketHours
) -> None:
    told: Explanation = explain(price, link, market, NOW)
    if told.badge.kind is BadgeKind.LIVE:
        assert link.heard is not None
        assert f"heard {span_text(NOW.seconds_since(link.heard))} ago (limit 5 s)" in told.because
        assert timedelta(seconds=NOW.seconds_since(link.heard)) <= timedelta(seconds=5)

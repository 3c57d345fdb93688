"""What may be claimed of a price: the table of badges row by row, then what no input whatever may bring about."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mytrader_tui.market.freshness import NO_DATA, Badge, BadgeKind, badge, heard_at, short_span
from mytrader_tui.market.link import STREAM_HEARD_LIMIT, Link, poll_limit
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Origin, Quote, Source
from mytrader_tui.market.session import MarketHours, Session

NOW = Moment(datetime(2026, 11, 20, 17, 0, tzinfo=UTC), 100_000.0)
IEX = Origin(Source.ALPACA, "iex", 0.0)
DELAYED_SIP = Origin(Source.ALPACA, "delayed_sip", 900.0)
YAHOO = Origin(Source.YAHOO, "v7", 900.0, polled=True)
YAHOO_REAL_TIME = Origin(Source.YAHOO, "v7", 0.0, polled=True)
YAHOO_UNDECLARED = Origin(Source.YAHOO, "v7", None, polled=True)
CACHE = Origin(Source.CACHE, "disk", None)


def ago(seconds: float) -> Moment:
    return NOW.later(-seconds)


def quote(origin: Origin = IEX, age: float = 1.0, **fields: object) -> Quote:
    given = {"last": 190.0, "event_time": ago(age).wall, **fields}
    return Quote(symbol="AAPL", origin=origin, receipt=ago(age), **given)  # type: ignore[arg-type]  # fields by name


def stream(heard: float | None = 1.0, *, up: bool = True, since: float = 3600.0) -> Link:
    return Link(up=up, since=ago(since), heard=None if heard is None else ago(heard))


def poller(heard: float = 1.0, *, up: bool = True, poll: float = 60.0) -> Link:
    return Link(up=up, since=ago(3600.0), heard=ago(heard), poll_seconds=poll)


def hours(session: Session, since: float = 7200.0) -> MarketHours:
    return MarketHours(session, ago(since).wall, ago(-7200.0).wall, ago(-7200.0).wall)


OPEN = hours(Session.REGULAR)
SHUT = hours(Session.CLOSED)


@pytest.mark.parametrize("session", [Session.PRE, Session.REGULAR, Session.POST])
def test_live_is_a_real_time_stream_that_is_up_in_a_session(session: Session) -> None:
    assert badge(quote(), stream(), hours(session), NOW).text == "● LIVE"


def test_a_quiet_symbol_on_a_healthy_link_stays_live() -> None:
    assert badge(quote(age=1800.0), stream(), OPEN, NOW).text == "● LIVE"


def test_a_price_from_before_the_link_came_back_is_stale_until_it_is_heard_again() -> None:
    missed = quote(age=1800.0)
    renewed = quote(age=10.0, event_time=ago(1800.0).wall)

    assert badge(missed, stream(since=20.0), OPEN, NOW).text == "▲ STALE 30m"
    assert badge(renewed, stream(since=20.0), OPEN, NOW).text == "● LIVE"


EXTENDED_HOURS = [Session.PRE, Session.POST]


@pytest.mark.parametrize("session", EXTENDED_HOURS)
def test_a_close_of_the_session_before_is_never_live_in_the_extended_hours(session: Session) -> None:
    close = quote(age=7201.0)
    polled_again = quote(age=1.0, event_time=ago(7201.0).wall)

    for shown in (close, polled_again):
        assert badge(shown, stream(since=9000.0), hours(session), NOW).text == "○ CLOSED"


@pytest.mark.parametrize("session", EXTENDED_HOURS)
def test_a_close_of_the_session_before_is_stale_once_the_link_may_have_missed_a_print(session: Session) -> None:
    for link in (stream(since=20.0), stream(up=False), stream(heard=5.1)):
        assert badge(quote(age=7201.0), link, hours(session), NOW).kind is BadgeKind.STALE


@pytest.mark.parametrize("session", EXTENDED_HOURS)
def test_an_extended_hours_print_is_live_over_an_old_close(session: Session) -> None:
    shown = quote(age=60_000.0, extended_last=191.0, extended_time=ago(30.0).wall, extended_receipt=ago(30.0))

    assert badge(shown, stream(since=70_000.0), hours(session), NOW).text == "● LIVE"
    assert badge(shown, stream(since=20.0), hours(session), NOW).text == "▲ STALE 30s"


@pytest.mark.parametrize("session", EXTENDED_HOURS)
def test_a_print_of_the_sessions_first_instant_is_of_that_session(session: Session) -> None:
    first = quote(age=1.0, event_time=hours(session).since)

    assert badge(first, stream(), hours(session), NOW).text == "● LIVE"


def test_a_price_of_the_extended_hours_alone_is_a_price() -> None:
    shown = quote(
        last=None, event_time=None, extended_last=191.0, extended_time=ago(30.0).wall, extended_receipt=ago(30.0)
    )

    assert badge(shown, stream(), hours(Session.PRE), NOW).text == "● LIVE"


def test_a_polled_source_says_its_delay_in_the_extended_hours_too() -> None:
    assert badge(quote(YAHOO, event_time=ago(7201.0).wall), poller(), hours(Session.PRE), NOW).text == "◷ DELAYED 15m"


def halted(age: float = 1.0, halt_age: float = 1.0, origin: Origin = IEX) -> Quote:
    return quote(origin, age, halted="news pending", halt_time=ago(halt_age).wall, halt_receipt=ago(halt_age))


@pytest.mark.parametrize("session", [Session.PRE, Session.REGULAR, Session.POST])
def test_a_halted_symbol_is_halted_however_long_it_is_silent(session: Session) -> None:
    assert badge(halted(3000.0, 2900.0), stream(), hours(session), NOW).text == "‖ HALTED"


def test_a_halt_told_after_the_link_came_back_stands_though_the_price_is_older() -> None:
    assert badge(halted(1800.0, 10.0), stream(since=20.0), OPEN, NOW).text == "‖ HALTED"


def test_a_halt_told_before_the_link_came_back_stands_where_the_price_was_told_again() -> None:
    assert badge(halted(10.0, 1800.0), stream(since=20.0), OPEN, NOW).text == "‖ HALTED"


@pytest.mark.parametrize(
    "link",
    [stream(up=False), stream(heard=5.1), stream(heard=None), stream(since=0.5)],
    ids=["down", "silent", "never heard", "came back after the halt"],
)
def test_a_halt_by_a_link_that_proves_nothing_is_stale(link: Link) -> None:
    assert badge(halted(), link, OPEN, NOW).kind is BadgeKind.STALE


def test_a_delayed_feeds_halt_is_as_late_as_the_feed() -> None:
    assert badge(halted(origin=DELAYED_SIP), stream(), OPEN, NOW).text == "◷ DELAYED 15m"


def test_a_halt_ends_with_the_day() -> None:
    assert badge(halted(), stream(), SHUT, NOW).text == "○ CLOSED"


def test_a_halt_makes_no_unproven_close_a_proven_one() -> None:
    assert badge(halted(9000.0, 10.0), stream(since=20.0, heard=7300.0), SHUT, NOW).kind is BadgeKind.STALE
    assert badge(halted(9000.0, 10.0), stream(since=8000.0), SHUT, NOW).kind is BadgeKind.STALE


def test_a_halted_symbol_without_a_price_has_no_data() -> None:
    assert badge(quote(last=None, halted="ipo", halt_receipt=ago(1.0)), stream(), OPEN, NOW) is NO_DATA


@pytest.mark.parametrize(
    ("origin", "link", "text"),
    [
        (DELAYED_SIP, stream(), "◷ DELAYED 15m"),
        (YAHOO, poller(), "◷ DELAYED 15m"),
        (YAHOO_REAL_TIME, poller(), "◷ DELAYED 1m"),
        (YAHOO_REAL_TIME, poller(poll=10.0), "◷ DELAYED 10s"),
        (YAHOO, poller(poll=3600.0), "◷ DELAYED 1h"),
        (YAHOO_UNDECLARED, poller(), "◷ DELAYED ?"),
    ],
    ids=["delayed stream", "delayed poll", "real-time poll", "fast poll", "slow poll", "undeclared"],
)
def test_delayed_shows_the_larger_of_the_declared_delay_and_the_poll_interval(
    origin: Origin, link: Link, text: str
) -> None:
    assert badge(quote(origin), link, OPEN, NOW).text == text


def test_an_answer_to_a_question_is_never_live_whatever_link_it_is_judged_by() -> None:
    assert badge(quote(YAHOO_REAL_TIME), stream(), OPEN, NOW).kind is BadgeKind.DELAYED


def test_a_price_without_an_event_time_is_delayed_by_an_unknown_time() -> None:
    assert badge(quote(event_time=None), stream(), OPEN, NOW).text == "◷ DELAYED ?"


@pytest.mark.parametrize(
    ("origin", "age", "link"),
    [
        (IEX, 7100.0, stream()),
        (IEX, 7200.0, stream(up=False)),
        (IEX, 9000.0, stream(since=10_000.0)),
        (YAHOO, 7100.0, poller(up=False)),
        (YAHOO, 10.0, poller()),
    ],
    ids=[
        "heard after the end",
        "heard at the very end, link lost since",
        "heard before the end, link up ever since",
        "polled after the end, link lost since",
        "polled just now",
    ],
)
def test_closed_is_the_last_price_of_the_latest_session_from_whichever_source(
    origin: Origin, age: float, link: Link
) -> None:
    assert badge(quote(origin, age), link, SHUT, NOW).text == "○ CLOSED"


@pytest.mark.parametrize(
    ("age", "link"),
    [
        (7201.0, stream(up=False)),
        (9000.0, stream(since=8000.0)),
        (9000.0, stream(heard=None)),
        (9000.0, stream(heard=7201.0, since=10_000.0)),
    ],
    ids=["link lost", "link renewed after the price", "link never heard", "link not heard since the end"],
)
def test_a_price_that_may_not_be_the_last_of_its_session_is_stale_when_closed(age: float, link: Link) -> None:
    assert badge(quote(age=age), link, SHUT, NOW).kind is BadgeKind.STALE


def test_the_symbols_own_session_wins_over_new_yorks() -> None:
    tokyo_open = quote(YAHOO, session=Session.REGULAR)
    tokyo_shut = quote(YAHOO, session=Session.CLOSED)

    assert badge(tokyo_open, poller(), SHUT, NOW).kind is BadgeKind.DELAYED
    assert badge(tokyo_shut, poller(), OPEN, NOW).kind is BadgeKind.CLOSED


def test_the_symbols_own_closing_is_believed_for_as_long_as_its_poll_is_not_overdue() -> None:
    assert badge(quote(YAHOO, 150.0, session=Session.CLOSED), poller(), OPEN, NOW).kind is BadgeKind.CLOSED
    assert badge(quote(YAHOO, 151.0, session=Session.CLOSED), poller(), OPEN, NOW).text == "▲ STALE 2m"


@pytest.mark.parametrize(
    ("origin", "link"),
    [
        (IEX, stream(up=False)),
        (IEX, stream(heard=5.1)),
        (IEX, stream(heard=None)),
        (DELAYED_SIP, stream(up=False)),
        (YAHOO, poller(up=False)),
        (YAHOO, poller(poll=10.0)),
    ],
    ids=["down", "silent", "never heard", "delayed stream down", "poller down", "poll overdue"],
)
def test_stale_shows_the_receipt_age(origin: Origin, link: Link) -> None:
    old = quote(origin, age=70.0, event_time=ago(700.0).wall)

    assert badge(old, link, OPEN, NOW).text == "▲ STALE 1m"


def test_cached_shows_its_age_whatever_the_session_and_the_link() -> None:
    restored = quote(CACHE, age=3 * 3600.0)

    for market in (OPEN, SHUT):
        for link in (stream(), stream(up=False), poller()):
            assert badge(restored, link, market, NOW).text == "□ CACHED 3h"


def test_no_data_is_a_price_never_heard() -> None:
    assert badge(None, stream(), OPEN, NOW) is NO_DATA
    assert badge(quote(last=None, bid=189.0, ask=191.0), stream(), OPEN, NOW) is NO_DATA
    assert NO_DATA.text == "— NO DATA"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0s"), (59.9, "59s"), (60, "1m"), (3599, "59m"), (3600, "1h"), (86399, "23h"), (86400, "1d"), (1e6, "11d")],
)
def test_a_span_is_in_one_unit_and_rounded_down(seconds: float, text: str) -> None:
    assert short_span(seconds) == text


AGES = st.floats(min_value=0.0, max_value=20_000.0)
ORIGINS = st.builds(
    Origin,
    st.sampled_from(Source),
    st.just("feed"),
    st.one_of(st.none(), st.just(0.0), st.floats(min_value=0.0, max_value=3600.0)),
    st.booleans(),
)
MOMENTS = AGES.map(ago)
LINKS = st.builds(
    Link,
    up=st.booleans(),
    since=MOMENTS,
    heard=st.none() | MOMENTS,
    poll_seconds=st.none() | st.floats(min_value=1.0, max_value=3600.0),
)
QUOTES = st.builds(
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


@given(QUOTES, LINKS, HOURS)
def test_live_is_never_claimed_without_its_proof(quote: Quote, link: Link, hours: MarketHours) -> None:
    if badge(quote, link, hours, NOW).kind is not BadgeKind.LIVE:
        return
    assert link.up
    assert link.heard is not None
    assert NOW.mono - link.heard.mono <= STREAM_HEARD_LIMIT
    assert quote.price_receipt.mono >= link.since.mono
    assert quote.price is not None
    assert quote.price_time is not None
    assert quote.halted is None
    assert quote.origin.delay_seconds == 0
    assert not quote.origin.polled
    assert link.poll_seconds is None
    assert quote.origin.source is not Source.CACHE
    session = quote.session or hours.session
    assert session is not Session.CLOSED
    if quote.session is None and session is not Session.REGULAR:
        assert quote.price_time >= hours.since, "an old close is not live"


@given(QUOTES, LINKS, HOURS)
def test_halted_is_never_claimed_without_its_proof(quote: Quote, link: Link, hours: MarketHours) -> None:
    if badge(quote, link, hours, NOW).kind is not BadgeKind.HALTED:
        return
    assert quote.halted is not None
    assert quote.price is not None
    assert link.proven(NOW)
    assert link.poll_seconds is None
    assert quote.origin.delay_seconds == 0
    assert quote.origin.source is not Source.CACHE
    assert (quote.session or hours.session) is not Session.CLOSED


@given(QUOTES, LINKS, HOURS)
def test_no_data_is_said_exactly_where_there_is_no_price(quote: Quote, link: Link, hours: MarketHours) -> None:
    assert (badge(quote, link, hours, NOW) == NO_DATA) == (quote.price is None)


@given(QUOTES, LINKS, HOURS)
def test_what_disk_said_is_cached_and_nothing_else_is(quote: Quote, link: Link, hours: MarketHours) -> None:
    cached = badge(quote, link, hours, NOW).kind is BadgeKind.CACHED

    assert cached == (quote.origin.source is Source.CACHE and quote.price is not None)


@given(QUOTES, LINKS, HOURS)
def test_live_delayed_and_halted_decay_by_the_clock_alone(quote: Quote, link: Link, hours: MarketHours) -> None:
    before = badge(quote, link, hours, NOW)
    if before.kind not in (BadgeKind.LIVE, BadgeKind.DELAYED, BadgeKind.HALTED):
        return
    limit = STREAM_HEARD_LIMIT if link.poll_seconds is None else poll_limit(link.poll_seconds)

    after = badge(quote, link, hours, NOW.later(limit + 0.1))

    assert after.kind is BadgeKind.STALE


@given(QUOTES, LINKS, HOURS, AGES, AGES)
def test_what_has_gone_stale_does_not_come_back_by_waiting(
    quote: Quote, link: Link, hours: MarketHours, first: float, second: float
) -> None:
    if badge(quote, link, hours, NOW.later(first)).kind is BadgeKind.STALE:
        assert badge(quote, link, hours, NOW.later(first + second)).kind is BadgeKind.STALE


@given(QUOTES, LINKS, HOURS)
def test_the_wall_clock_changes_no_badge(quote: Quote, link: Link, hours: MarketHours) -> None:
    set_back = Moment(NOW.wall - timedelta(days=1), NOW.mono)

    assert badge(quote, link, hours, set_back) == badge(quote, link, hours, NOW)


@given(QUOTES, LINKS, HOURS)
def test_a_badge_never_shows_a_negative_or_too_small_number(quote: Quote, link: Link, hours: MarketHours) -> None:
    shown: Badge = badge(quote, link, hours, NOW)
    heard = heard_at(quote, link)
    # An answer that has nothing newer may stand for a price of extended hours that are over, and nothing else may.
    assert heard == quote.price_receipt or (quote.in_extended and link.poll_seconds and heard == quote.receipt)

    match shown.kind:
        case BadgeKind.CACHED:
            assert shown.seconds == NOW.mono - heard.mono
        case BadgeKind.STALE:
            # A polled price from before the open is as old as itself, however lately it was told.
            told = NOW.mono - heard.mono
            assert shown.seconds in (told, told + heard.age_of(quote.price_time or NOW.wall))
        case BadgeKind.DELAYED if shown.seconds is not None:
            assert shown.seconds >= max(quote.origin.delay_seconds or 0.0, link.poll_seconds or 0.0)
        case _:
            assert shown.seconds is None

"""F56 to F62: Yahoo fails, lies or goes away, alone or with Alpaca."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from layers import generated, simulated, unit
from msgspec.structs import replace
from router_story import Story
from world import BOTH, DELAYED, FALLBACK, LIVE, ORDINARY, PRIMARY, STALE, WEDNESDAY, World, world

from mytrader_tui.feeds.yahoo.failure import YahooError
from mytrader_tui.feeds.yahoo.pauses import Pauses
from mytrader_tui.feeds.yahoo.wire import decode_quotes
from mytrader_tui.market.failover import evidence as ev
from mytrader_tui.market.failover.breaker import BreakerState
from mytrader_tui.market.failover.router import State, fallback_down
from mytrader_tui.market.freshness import BadgeKind, badge
from mytrader_tui.market.link import Link, Reason
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Origin, Quote, Source
from mytrader_tui.market.session import Session, hours_at

HOUR = 3600.0
NO_ALPACA = replace(ORDINARY, alpaca=replace(ORDINARY.alpaca, enabled=False))
NOW = Moment(WEDNESDAY, 1000.0)


def _asked(it: World) -> int:
    """Requests that Yahoo got, those for its cookie apart."""
    return sum(host == "yahoo" and path != "/" for host, path in it.market.seen.requests)


@pytest.mark.parametrize(("header", "pause"), [("300", 300.0), (None, 60.0)])
@simulated
async def test_f56_a_429_is_a_pause_without_a_single_request(tmp_path, header, pause):
    async with world(tmp_path, settings=NO_ALPACA) as it:
        await it.until(lambda: it.kind("AAPL") is DELAYED, 30, "a poll")
        it.market.faults.yahoo_status, it.market.faults.yahoo_retry_after = 429, header
        await it.until(lambda: it.yahoo.retry_at is not None, 70, "the refusal")
        refused, began = _asked(it), it.now

        assert fallback_down(it.monitor.intake.model)
        await it.go(pause - 2)
        assert _asked(it) == refused
        it.market.faults.yahoo_status = it.market.faults.yahoo_retry_after = None
        await it.until(lambda: _asked(it) > refused, 5, "the next request")
        assert pause - 1 <= it.now - began <= pause + 3
        await it.until(lambda: it.kind("AAPL") is DELAYED, 5, "prices again")


@simulated
async def test_f56_a_day_long_block_is_asked_about_every_quarter_of_an_hour(tmp_path):
    async with world(tmp_path, settings=NO_ALPACA) as it:
        await it.until(lambda: it.kind("AAPL") is DELAYED, 30, "a poll")
        it.market.faults.yahoo_status = 429
        await it.go(HOUR)
        before = _asked(it)
        await it.go(HOUR)

        assert _asked(it) - before == 4
        assert it.state is BOTH
        assert it.kind("AAPL") is STALE
        assert "too many requests" in it.words


@unit
def test_f56_the_pause_doubles_up_to_a_quarter_of_an_hour():
    assert [Pauses().after(None, times, WEDNESDAY) for times in range(1, 8)] == [60, 120, 240, 480, 900, 900, 900]


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE html><html>Before you continue</html>",
        b"Too Many Requests\r\n",
        b"",
        b"[]",
        b'{"finance": {"error": null}}',
        b'{"quoteResponse": {"result": null}}',
        b"\xff\xfe",
    ],
)
@unit
def test_f57_what_has_not_the_shape_of_prices_is_refused(body):
    with pytest.raises(YahooError) as refused:
        decode_quotes(body, {"AAPL": "AAPL"}, NOW)

    assert refused.value.reason is Reason.UNREADABLE


@pytest.mark.parametrize("crumb_too", [True, False])
@simulated
async def test_f57_a_consent_page_is_no_price_and_no_crumb(tmp_path, crumb_too):
    def consent(market):
        market.faults.yahoo_html = True
        market.faults.yahoo_paths = () if crumb_too else ("/v7/", "/v8/")

    async with world(tmp_path, settings=NO_ALPACA, prepare=consent) as it:
        await it.go(200)
        assert it.state is BOTH
        assert it.kind("AAPL") is BadgeKind.NO_DATA
        assert "makes no sense" in it.words
        it.market.faults.clear()

        await it.until(lambda: it.kind("AAPL") is DELAYED, 130, "prices")
        crumbs = [path for host, path in it.market.seen.requests if host == "yahoo" and "crumb=" in path]
        assert not any("html" in path.casefold() for path in crumbs)


@simulated
async def test_f58_symbols_that_an_answer_leaves_out_grow_stale_and_are_never_zero(tmp_path):
    async with world(tmp_path, settings=NO_ALPACA) as it:
        await it.until(lambda: {it.kind(each) for each in ("AAPL", "MSFT")} == {DELAYED}, 30, "a poll")
        known = it.last("MSFT")
        it.market.faults.yahoo_missing = frozenset({"MSFT"})

        await it.until(lambda: it.kind("MSFT") is STALE, 400, "the missing one stale")

        assert it.kind("AAPL") is DELAYED
        assert it.last("MSFT") == known
        assert known


@simulated
async def test_f58_an_empty_answer_is_a_failed_poll(tmp_path):
    async with world(tmp_path, settings=NO_ALPACA) as it:
        await it.until(lambda: it.kind("AAPL") is DELAYED, 30, "a poll")
        known = it.last("AAPL")
        it.market.faults.yahoo_empty = True

        await it.until(lambda: it.state is BOTH, 400, "nobody serving")
        await it.go(2)

        assert it.kind("AAPL") is STALE
        assert it.last("AAPL") == known


@simulated
async def test_f59_yesterdays_close_told_during_the_session_is_not_fresh(tmp_path):
    def yesterday(market):
        market.faults.yahoo_yesterday = True

    async with world(tmp_path, settings=NO_ALPACA, prepare=yesterday) as it:
        await it.until(lambda: it.last("AAPL") is not None, 30, "a poll")
        await it.go(5)

        assert it.kind("AAPL") is STALE
        assert (it.monitor.badge("AAPL", it.monitor.now()).seconds or 0) > 12 * HOUR
        it.market.faults.yahoo_yesterday = False
        await it.until(lambda: it.kind("AAPL") is DELAYED, 70, "today's price")


@pytest.mark.parametrize(
    ("hours_ago", "kind"),
    [(0.2, BadgeKind.DELAYED), (0.49, BadgeKind.DELAYED), (18.0, BadgeKind.STALE), (72.0, BadgeKind.STALE)],
)
@unit
def test_f59_a_market_time_before_the_session_is_not_of_the_session(hours_ago, kind):
    origin = Origin(Source.YAHOO, "quote", 900.0, polled=True)
    event = NOW.later(-hours_ago * HOUR).wall
    quote = Quote(symbol="AAPL", origin=origin, receipt=NOW, last=1.0, event_time=event, session=Session.REGULAR)
    link = Link(up=True, since=NOW, heard=NOW, poll_seconds=60.0)

    assert badge(quote, link, hours_at(WEDNESDAY), NOW).kind is kind


@pytest.mark.parametrize("first", ["fallback", "primary", "both in one tick"])
@unit
def test_f60_from_nobody_whichever_is_first_serves_at_once_and_alpaca_wins_a_tie(first):
    story = _nobody()

    if first == "fallback":
        story.tell(ev.PollSucceeded())
        expected = State.FALLBACK_ACTIVE
    elif first == "primary":
        story.tell(ev.LinkUp()).tell(ev.Life())
        expected = State.PRIMARY_ACTIVE
    else:
        story.tell(ev.LinkUp()).tell(ev.Life()).tell(ev.PollSucceeded()).tell(ev.Tick())
        expected = State.PRIMARY_ACTIVE

    assert story.model.state is expected
    assert story.transitions[-1].at == story.now


def _nobody() -> Story:
    story = Story().streaming()
    story.fallback_answers = False
    story.tell(ev.LinkDown(Reason.DROPPED))
    for _ in range(3):
        story.tell(ev.PollFailed())
    story.run(61)
    assert story.model.state is State.BOTH_UNAVAILABLE
    return story


@given(st.permutations(["up", "life", "poll"]), st.floats(0, 300))
@generated
def test_f60_in_any_order_somebody_serves_as_soon_as_somebody_can(order, pause):
    story = _nobody()
    events = {"up": ev.LinkUp(), "life": ev.Life(), "poll": ev.PollSucceeded()}
    order = [each for each in order if each != "life"]
    order.insert(order.index("up") + 1, "life")

    for each in order:
        story.now += pause / 10
        story.tell(events[each])

    assert story.model.state is not State.BOTH_UNAVAILABLE
    assert sum(each.after is State.BOTH_UNAVAILABLE for each in story.transitions) == 1


@given(st.integers(1, 110), st.booleans())
@generated
def test_f61_a_fallback_that_dies_during_the_hold_promotes_a_flowing_primary_at_once(held, throttled):
    story = Story().streaming()
    story.tell(ev.LinkDown(Reason.DROPPED)).run(61)
    story.tell(ev.LinkUp()).tell(ev.Life()).run(held, life=True)
    assert story.model.state is State.FALLBACK_ACTIVE

    if throttled:
        story.tell(ev.PollFailed(retry_after=300.0))
    else:
        for _ in range(3):
            story.tell(ev.PollFailed())

    assert story.model.state is State.PRIMARY_ACTIVE
    assert State.BOTH_UNAVAILABLE not in story.states
    assert "while Alpaca streams" in story.transitions[-1].cause


def _breaker_open() -> Story:
    story = Story().streaming()
    for _ in itertools.count():
        story.tell(ev.LinkDown(Reason.DROPPED)).run(61)
        story.tell(ev.LinkUp()).tell(ev.Life())
        if story.model.breaker.state is BreakerState.OPEN:
            return story
        while story.model.state is not State.PRIMARY_ACTIVE:
            story.run(1, life=True)
    raise AssertionError


@given(st.integers(0, 500), st.booleans())
@settings(max_examples=25)
@generated
def test_f62_with_the_breaker_open_a_dead_fallback_promotes_the_primary_and_the_trial_then_runs(passed, throttled):
    story = _breaker_open()
    story.run(passed, life=True)
    assert story.model.state is State.FALLBACK_ACTIVE
    assert story.model.breaker.state is BreakerState.OPEN

    story.fallback_answers = False
    story.tell(ev.PollFailed(retry_after=900.0 if throttled else None))
    for _ in range(2):
        story.tell(ev.PollFailed())
    assert story.model.state is State.PRIMARY_ACTIVE

    # Serving already when its cool-down ends: the trial begins then, and ends.
    story.run(901 - passed, life=True)
    assert story.model.breaker.state is BreakerState.HALF_OPEN
    story.run(125, life=True)
    assert story.model.breaker.state is BreakerState.CLOSED
    assert story.model.state is State.PRIMARY_ACTIVE


@simulated
async def test_f61_no_blackout_where_yahoo_dies_just_as_alpaca_comes_back(tmp_path):
    async with world(tmp_path, ticks_per_second=4) as it:
        await it.serving()
        it.cut_off()
        await it.failover(within=61)
        it.market.gates.stream.accept()
        await it.until(lambda: it.alpaca.up, 70, "the link")
        it.market.faults.yahoo_status = 500

        await it.until(lambda: it.state is PRIMARY, 300, "Alpaca serving")
        await it.until(lambda: it.kind("AAPL") is LIVE, 10, "live rows")

        assert BOTH not in {entry.after for entry in it.entries[1:]}
        assert FALLBACK in {entry.after for entry in it.entries}

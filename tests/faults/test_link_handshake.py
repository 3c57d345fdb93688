"""F09 to F18: the socket opens, and the login or the subscription does not come about."""

import pytest
from layers import simulated
from msgspec.structs import replace
from servers import stream_server
from world import DELAYED, FALLBACK, KEY, LIVE, ORDINARY, PRIMARY, SECRET, world

from mytrader_tui.market.link import Reason
from mytrader_tui.market.quote import Source

HALF_AN_HOUR = 1800.0
MANY = tuple(f"{first}{second}X" for first in "ABCDEFG" for second in "ABCDEF")
"""More symbols than the plan allows."""


@pytest.mark.parametrize(
    ("step", "number"), [("connected", "f09"), ("auth", "f10")], ids=["f09 no greeting", "f10 no login"]
)
@simulated
async def test_f09_f10_a_handshake_step_that_is_not_answered_within_5_s_ends_the_attempt(tmp_path, step, number):
    def mute(market):
        market.faults.mute_step = step

    async with world(tmp_path, prepare=mute) as it:
        began = it.now
        await it.until(lambda: it.alpaca.reason is Reason.TIMEOUT, 6, "the timeout")

        assert 5 <= it.now - began <= 5.5
        await it.go(120)
        assert it.state is FALLBACK
        assert len(it.knocks.attempts) > 3
        it.market.faults.mute_step = ""
        await it.until(lambda: it.kind("AAPL") is LIVE, 70, "live rows")


@simulated
async def test_f11_refused_keys_fail_over_at_once_are_not_tried_again_and_never_echoed(tmp_path):
    async def never(socket):
        await socket.wait()

    def refuse(request):
        return {"T": "error", "code": 402, "msg": f"auth failed for {request['key']} with {request['secret']}"}

    async with stream_server(never, refuse) as refusing, world(tmp_path, change=refusing) as it:
        took = await it.failover(within=5)

        assert took < 5
        assert "the keys were refused" in it.words
        assert "auth failed for *** with ***" in it.alpaca.detail
        assert not any(secret in f"{link}" for link in it.links for secret in (KEY, SECRET))
        await it.go(HALF_AN_HOUR)
        assert len(it.knocks.attempts) == 1


@simulated
async def test_f11_keys_refused_while_serving_fail_over_within_5_s(tmp_path):
    async with world(tmp_path) as it:
        await it.serving()
        it.market.faults.auth_error = 402
        it.market.gates.stream.cut()

        took = await it.failover(within=5)

        assert took < 5
        assert it.kind("AAPL") is DELAYED


@simulated
async def test_f12_a_login_that_the_server_timed_out_is_tried_again(tmp_path):
    async with world(tmp_path) as it:
        await it.serving()
        it.market.faults.auth_error = 404
        it.market.gates.stream.cut()
        await it.until(lambda: it.alpaca.reason is Reason.AUTH_TIMEOUT, 5, "the refusal")
        it.market.faults.auth_error = None

        await it.until(lambda: it.kind("AAPL") is LIVE, 30, "live again")

        assert it.failovers == []


@simulated
async def test_f13_another_session_that_leaves_within_30_s_costs_no_failover_and_no_second_socket(tmp_path):
    async with world(tmp_path) as it:
        await it.serving()
        it.market.faults.auth_error = 406
        it.market.gates.stream.cut()
        cut = it.now
        await it.go(30)
        assert it.alpaca.reason is Reason.CONNECTION_LIMIT
        assert "another session holds your stream" in it.words
        it.market.faults.auth_error = None

        await it.until(lambda: it.kind("AAPL") is LIVE, 10, "live again")

        assert it.failovers == []
        assert it.knocks.since(cut) == 1


@simulated
async def test_f14_another_session_that_stays_fails_over_at_the_threshold_and_is_asked_once_a_minute(tmp_path):
    async with world(tmp_path) as it:
        await it.serving()
        it.market.faults.auth_error = 406
        it.market.gates.stream.cut()

        took = await it.failover(within=63)

        assert 60 <= took <= 63
        assert "another session holds your stream" in it.causes[-1]
        assert "close it" in it.words
        after = it.now
        await it.go(HALF_AN_HOUR)
        assert it.state is FALLBACK
        assert 5 <= it.knocks.since(after) <= 30
        it.market.faults.auth_error = None
        await it.until(lambda: it.state is PRIMARY, 400, "recovery by the slow probe")


@pytest.mark.parametrize("code", [409, 411])
@simulated
async def test_f15_a_plan_without_the_feed_is_fatal_and_iex_is_offered(tmp_path, code):
    async with world(tmp_path) as it:
        await it.serving()
        it.market.faults.auth_error = code
        it.market.gates.stream.cut()

        took = await it.failover(within=5)

        assert took < 5
        assert 'feed = "iex"' in it.words
        refused = len(it.knocks.attempts)
        await it.go(HALF_AN_HOUR)
        assert len(it.knocks.attempts) == refused


@simulated
async def test_f16_beyond_the_plans_limit_the_first_stream_and_the_rest_are_polled_with_a_banner(tmp_path):
    greedy = replace(ORDINARY, alpaca=replace(ORDINARY.alpaca, max_symbols=50))

    async with world(tmp_path, settings=greedy, symbols=MANY, ticks_per_second=10) as it:
        await it.until(lambda: it.state is PRIMARY and it.kind(MANY[0]) is LIVE, 30, "live rows")
        await it.until(lambda: it.kind(MANY[-1]) is DELAYED, 90, "the rest polled")

        streamed = it.monitor.intake.covered
        assert len(streamed) == 30
        watched = [symbol for symbol in MANY if symbol in streamed]
        assert watched == list(MANY[: len(watched)])
        for symbol in MANY[len(watched) :]:
            assert it.monitor.board.serving(symbol) is Source.YAHOO
        assert "the plan allows 30 symbols" in it.words
        assert len(it.knocks.attempts) == 1
        await it.steady(300)


@simulated
async def test_f17_a_symbol_missing_from_the_acknowledgement_is_polled_and_flagged(tmp_path):
    def silent_about_msft(market):
        market.faults.unacknowledged = frozenset({"MSFT"})

    async with world(tmp_path, prepare=silent_about_msft) as it:
        await it.serving()
        await it.until(lambda: it.kind("MSFT") is DELAYED, 70, "MSFT polled")

        assert it.monitor.board.serving("MSFT") is Source.YAHOO
        assert "MSFT" in it.words
        await it.steady(300)
        assert it.kind("AAPL") is LIVE


@simulated
async def test_f18_one_malformed_symbol_in_a_batch_is_quarantined_alone(tmp_path):
    def refuse_nvda(market):
        market.faults.malformed = frozenset({"NVDA"})

    async with world(tmp_path, symbols=("AAPL", "NVDA", "MSFT", "AMD"), prepare=refuse_nvda) as it:
        await it.serving()
        await it.until(lambda: {it.kind(each) for each in ("AAPL", "MSFT", "AMD")} == {LIVE}, 60, "the others live")
        await it.until(lambda: it.kind("NVDA") is DELAYED, 70, "NVDA polled")

        assert "the server refused NVDA" in it.words
        assert len(it.knocks.attempts) == 1
        await it.steady(300)

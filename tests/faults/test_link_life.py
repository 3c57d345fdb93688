"""F19 to F28: the link is up, or seems to be; or it comes and goes."""

import asyncio
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from layers import generated, installed, simulated, unit
from processes import Trap, closed_ports, log_of, log_says, on_screen, until
from router_story import Story
from servers import Socket, stream_server
from websockets.exceptions import ConnectionClosed
from world import DELAYED, KEY, LIVE, PRIMARY, SECRET, STALE, WEDNESDAY, world

from mytrader_tui.market.failover import evidence as ev
from mytrader_tui.market.failover.breaker import BreakerState
from mytrader_tui.market.failover.router import State
from mytrader_tui.market.link import Reason

HALF_AN_HOUR = 1800.0


@pytest.mark.parametrize("told", [True, False], ids=["with 407", "without 407"])
@simulated
async def test_f19_a_slow_client_reconnects_and_the_newest_price_is_shown(tmp_path, told):
    async with world(tmp_path) as it:
        await it.serving()
        if told:
            it.market.faults.mute = True
            await it.market.send_error(407)
            await it.until(lambda: it.alpaca.reason is Reason.SLOW_CLIENT, 2, "the link's reason")
            assert "the server found us too slow" in it.words
            it.market.faults.mute = False
        else:
            it.market.gates.stream.cut()
            await it.go(1)

        await it.until(lambda: it.alpaca.up, 10, "the reconnect")
        await it.market.trade("AAPL", 123.45)
        await it.until(lambda: it.last("AAPL") is not None and it.kind("AAPL") is LIVE, 5, "live again")

        assert it.drops == 1
        assert it.failovers == []


@simulated
async def test_f20_a_half_open_link_is_down_within_16_s_and_fails_over_at_the_threshold(tmp_path):
    async with world(tmp_path, ticks_per_second=4) as it:
        await it.serving()
        it.market.gates.stream.freeze()
        frozen = it.now
        await it.until(lambda: it.kind("AAPL") is STALE, 6, "rows stale")

        await it.until(lambda: not it.alpaca.up, 16, "the link down")
        assert it.now - frozen <= 16
        assert it.links[-1].reason is Reason.HALF_OPEN

        await it.failover(within=61)
        assert it.now - frozen <= 60 + 16 + 1
        assert it.kind("AAPL") is DELAYED


@simulated
async def test_f21_a_stream_that_is_mute_but_answers_pings_fails_over_after_60_s_of_silence(tmp_path):
    async with world(tmp_path, ticks_per_second=4) as it:
        await it.serving()
        it.market.faults.mute = True
        muted = it.now

        await it.failover(within=62)

        assert 58 <= it.now - muted <= 61
        assert it.alpaca.up
        assert "no trade or quote" in it.causes[-1]
        assert it.kind("AAPL") is DELAYED


@simulated
async def test_f21_a_market_that_is_quiet_itself_is_no_mute_stream(tmp_path):
    async with world(tmp_path, ticks_per_second=0) as it:
        await it.until(lambda: it.alpaca.up, 5, "the link")
        await it.go(2)
        await it.market.trade("AAPL", it.market.price("AAPL"))
        await it.until(lambda: it.state is PRIMARY, 2, "serving")

        await it.steady(300)

        assert it.kind("AAPL") is LIVE


@given(st.lists(st.sampled_from(["tick", "ack", "poll", "one bad", "up again"]), min_size=200, max_size=200))
@settings(max_examples=25)
@generated
def test_f21_nothing_but_life_postpones_the_failover_of_a_mute_stream(noise):
    story = Story().streaming()
    spoke = story.now

    for kind in noise:
        story.later(0.5)
        if kind == "ack":
            story.tell(ev.Subscribed(3, canary=True))
        elif kind == "poll":
            story.tell(ev.PollSucceeded())
        elif kind == "one bad" and story.now - spoke < 10:
            story.tell(ev.Invalid(1))
        story.tell(ev.Tick())

    assert story.exits
    assert 59 <= story.exits[0].at - spoke <= 61


async def _pings(socket: Socket) -> None:
    await socket.connection.ping()


async def _pongs(socket: Socket) -> None:
    await socket.connection.pong(b"unasked")


async def _acknowledgements(socket: Socket) -> None:
    await socket.send({"T": "subscription", "trades": ["AAPL", "MSFT"], "quotes": ["AAPL", "MSFT", "SPY"]})


async def _errors(socket: Socket) -> None:
    await socket.send({"T": "error", "code": 403, "msg": "already authenticated"})


@pytest.mark.parametrize("noise", [_pings, _pongs, _acknowledgements, _errors])
@simulated
async def test_f22_noise_that_is_no_price_is_no_life(tmp_path, noise):
    async def life(socket: Socket) -> None:
        with suppress(ConnectionClosed):
            await socket.send(_trade("AAPL", 190.0))
            while True:
                await noise(socket)
                await asyncio.sleep(0.5)

    async with stream_server(life) as noisy, world(tmp_path, change=noisy) as it:
        await it.until(lambda: it.state is PRIMARY, 20, "serving")
        spoke = it.now

        await it.failover(within=62)

        assert 59 <= it.now - spoke <= 61
        assert it.alpaca.up


def _trade(symbol: str, price: float) -> dict[str, object]:
    return {"T": "t", "S": symbol, "i": 1, "x": "V", "p": price, "s": 100, "t": WEDNESDAY, "c": ["@"], "z": "C"}


@pytest.mark.parametrize("what", ["strangers", "invalid", "unreadable"])
@simulated
async def test_f23_symbols_nobody_asked_for_and_invalid_messages_are_no_life(tmp_path, what):
    async def life(socket: Socket) -> None:
        with suppress(ConnectionClosed):
            await socket.send(_trade("AAPL", 190.0))
            while True:
                await asyncio.sleep(0.5)
                if what == "strangers":
                    await socket.send(_trade("AMD", 180.0))
                elif what == "invalid":
                    await socket.send(_trade("AAPL", -1.0))
                else:
                    await socket.connection.send(b"\xc1\xc1")

    async with stream_server(life) as useless, world(tmp_path, change=useless) as it:
        await it.until(lambda: it.state is PRIMARY, 20, "serving")
        spoke = it.now

        await it.failover(within=62)

        if what == "strangers":
            assert 59 <= it.now - spoke <= 61
        else:
            assert it.now - spoke <= 61
            assert "make no sense" in it.causes[-1]
        assert it.last("AMD") is None
        assert it.last("AAPL") != -1.0


@given(st.integers(0, 60), st.integers(0, 100))
@generated
def test_f23_invalid_messages_are_garbage_once_20_were_seen_and_half_of_them_are_bad(good, bad):
    story = Story().streaming()
    story.run(good, life=True)

    for _ in range(bad):
        story.tell(ev.Invalid())

    seen = min(100, 1 + good + bad)
    assert bool(story.exits) is (seen >= 20 and 2 * bad >= seen)


@simulated
async def test_f24_resets_every_30_s_never_flap(tmp_path):
    async with world(tmp_path, ticks_per_second=1) as it:
        await it.serving()
        for _ in range(60):
            await it.go(30)
            it.market.gates.stream.cut()
        assert len(it.failovers) <= 4
        assert len(it.knocks.attempts) <= 2 * 61


@simulated
async def test_f24_an_adversary_that_flaps_at_the_worst_pace_meets_the_breaker(tmp_path):
    async with world(tmp_path, ticks_per_second=1) as it:
        await it.serving()
        began = it.now
        while it.now - began < 2 * HALF_AN_HOUR and it.monitor.intake.model.breaker.state is BreakerState.CLOSED:
            it.cut_off()
            await it.failover(within=61)
            it.market.gates.stream.accept()
            await it.until(lambda: it.state is PRIMARY, 2000, "recovery")
            recent = [each for each in it.failovers if (it.failovers[-1].at - each.at).total_seconds() <= HALF_AN_HOUR]
            assert len(recent) <= 4


@given(st.lists(st.tuples(st.integers(55, 70), st.integers(1, 400)), min_size=3, max_size=12))
@settings(max_examples=25)
@generated
def test_f24_at_most_four_failovers_in_half_an_hour_whatever_the_pace(outages):
    story = Story().streaming()
    for down, up in outages:
        story.tell(ev.LinkDown(Reason.DROPPED)).run(down)
        story.tell(ev.LinkUp()).run(up, life=True)

    exits = [each.at for each in story.exits]
    for at in exits:
        assert sum(at <= other < at + HALF_AN_HOUR for other in exits) <= 4


@pytest.mark.parametrize(("seconds", "fails_over"), [(59, False), (60, True), (61, True)])
@unit
def test_f25_an_outage_of_59_s_is_waited_out_and_one_of_60_is_not(seconds, fails_over):
    story = Story().streaming()

    story.tell(ev.LinkDown(Reason.DROPPED)).run(seconds)

    assert bool(story.exits) is fails_over


@pytest.mark.parametrize(("seconds", "returns"), [(119, False), (120, True), (121, True)])
@unit
def test_f25_flow_of_119_s_is_not_yet_a_recovery_and_120_is(seconds, returns):
    story = Story().streaming()
    story.tell(ev.LinkDown(Reason.DROPPED)).run(61)

    story.tell(ev.LinkUp()).tell(ev.Life()).run(seconds, life=True)

    assert (story.model.state is State.PRIMARY_ACTIVE) is returns


@given(st.lists(st.booleans(), min_size=2, max_size=20))
@settings(max_examples=25)
@generated
def test_f25_a_flap_just_within_each_threshold_never_changes_the_source(short):
    story = Story().streaming()
    for each in short:
        story.tell(ev.LinkDown(Reason.DROPPED)).run(59)
        story.tell(ev.LinkUp()).tell(ev.Life()).run(59 if each else 121, life=True)

    assert story.exits == []


@simulated
async def test_f26_two_endings_of_one_connection_are_one_transition(tmp_path):
    async with world(tmp_path) as it:
        await it.serving()

        await it.market.send_error(407)
        it.market.gates.stream.cut()
        it.market.gates.stream.cut()
        await it.until(lambda: it.drops, 2, "the drop")
        await it.until(lambda: it.kind("AAPL") is LIVE, 10, "live again")

        assert it.drops == 1
        assert it.failovers == []


@simulated
async def test_f26_a_close_while_connecting_is_one_more_failure_and_no_more(tmp_path):
    def mute(market):
        market.faults.mute_step = "connected"

    async with world(tmp_path, prepare=mute) as it:
        await it.go(1)
        it.market.gates.stream.cut()
        await it.go(0.5)
        assert it.drops == 0
        assert it.alpaca.reason is Reason.DROPPED
        it.market.faults.mute_step = ""

        await it.until(lambda: it.kind("AAPL") is LIVE, 30, "live rows")

        assert len(it.knocks.attempts) == 2


@pytest.mark.parametrize("when", ["backoff", "connecting", "login pause", "half-open"])
@simulated
async def test_f26_stopping_takes_less_than_a_second_wherever_the_stream_is(tmp_path, when):
    async with world(tmp_path) as it:
        await it.serving()
        if when == "backoff":
            it.cut_off()
            await it.go(40)
        elif when == "connecting":
            it.market.gates.stream.cut()
            it.market.gates.stream.black_hole()
            await it.go(5)
        elif when == "login pause":
            it.market.faults.auth_error = 406
            it.market.gates.stream.cut()
            await it.go(20)
        else:
            it.market.gates.stream.freeze()
            await it.go(3)


@installed
def test_f27_a_plain_proxy_sees_neither_keys_nor_prices(tmp_path):
    refused = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"
    with Trap(answer=refused) as proxy:
        address = f"http://127.0.0.1:{proxy.port}"
        proxies = dict.fromkeys(("HTTPS_PROXY", "https_proxy"), address)
        config = closed_ports("wss://localhost:9").replace("http://127.0.0.1:9", "https://localhost:9", 2)
        with on_screen(tmp_path, config=config, **proxies):
            until(lambda: proxy.heard.count(b"CONNECT localhost:9") >= 2, lambda: f"{proxy.heard!r} {log_of(tmp_path)}")

    assert KEY.encode() not in proxy.heard
    assert SECRET.encode() not in proxy.heard
    assert all(line.startswith(b"CONNECT ") for line in proxy.heard.split(b"\r\n") if b" HTTP/1.1" in line)


@installed
def test_f27_a_hostile_proxy_is_not_asked_for_what_is_on_this_machine(tmp_path):
    with Trap() as proxy:
        address = f"http://127.0.0.1:{proxy.port}"
        proxies = dict.fromkeys(("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"), address)
        with on_screen(tmp_path, config=closed_ports(), **proxies):
            log_says(tmp_path, "alpaca link down")
            log_says(tmp_path, "the account could not be read")

    assert KEY.encode() not in proxy.heard
    assert SECRET.encode() not in proxy.heard

"""What networks do: the link goes down with its reason, comes back by itself, never storms, and stops when told."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest
import pytest_asyncio
from stream_kit import IMPATIENT, KEY, QUICK, SECRET, SLOW_RETRY, Ear, clock, running, stop, stream_to, until

from mytrader_tui.demo.market import DemoMarket
from mytrader_tui.feeds.alpaca.deadlines import Deadlines
from mytrader_tui.feeds.alpaca.wire import MAX_FRAME_BYTES
from mytrader_tui.market.link import Reason


@pytest_asyncio.fixture
async def market() -> AsyncIterator[DemoMarket]:
    async with DemoMarket(clock=clock, ticks_per_second=0, key=KEY, secret=SECRET) as market:
        yield market


@pytest.mark.parametrize("step", ["connected", "auth", "subscribe"])
async def test_a_step_that_is_never_answered_ends_at_its_deadline(market, step):
    ear = Ear()
    market.faults.mute_step = step
    stream = stream_to(market.stream_url, ear, deadlines=IMPATIENT)
    stream.want(["AAPL"])

    async with running(stream):
        await until(lambda: ear.links)
        assert (stream.link.up, stream.link.reason) == (False, Reason.TIMEOUT)
        market.faults.mute_step = ""

        await until(lambda: stream.link.up)


async def test_a_change_that_is_never_acknowledged_ends_the_link(market):
    ear = Ear()
    stream = stream_to(market.stream_url, ear, deadlines=IMPATIENT)
    stream.want(["AAPL"])

    async with running(stream):
        await until(lambda: stream.link.up)
        # A busy machine may miss such short deadlines on the way up as well.
        before = len(ear.reasons)
        market.faults.mute_step = "subscribe"
        stream.want(["AAPL", "MSFT"])
        await until(lambda: len(ear.reasons) > before)

        assert ear.reasons[before] is Reason.TIMEOUT
        assert "AAPL" in stream.covered


async def test_a_server_that_accepts_and_says_nothing_ends_at_the_connect_deadline(market):
    market.gates.stream.black_hole()
    stream = stream_to(market.stream_url, Ear(), deadlines=IMPATIENT)

    async with running(stream):
        await until(lambda: stream.link.reason is Reason.TIMEOUT)


async def test_a_server_that_is_not_there_is_a_network_fault(market):
    market.gates.stream.refuse()
    stream = stream_to(market.stream_url, Ear())

    async with running(stream):
        await until(lambda: stream.link.reason is Reason.NETWORK)
        market.gates.stream.accept()

        await until(lambda: stream.link.up)


async def test_a_host_that_does_not_exist_is_a_network_fault():
    stream = stream_to("ws://" + "x" * 70, Ear())

    async with running(stream):
        await until(lambda: stream.link.reason is Reason.NETWORK)


async def test_a_server_that_does_not_speak_tls_is_never_spoken_to_plainly(market):
    stream = stream_to(market.stream_url.replace("ws://", "wss://"), Ear(), deadlines=SLOW_RETRY)

    async with running(stream):
        await until(lambda: stream.link.reason is Reason.NETWORK)

        assert market.seen.actions == []


async def test_a_cut_link_comes_back_with_its_subscriptions(market):
    ear = Ear()
    stream = stream_to(market.stream_url, ear)
    stream.want(["AAPL"])

    async with running(stream):
        await until(lambda: stream.link.up)
        market.gates.stream.cut()
        await until(lambda: not stream.link.up)
        assert stream.link.reason is Reason.DROPPED
        await until(lambda: stream.link.up)
        await market.trade("AAPL", 1.0)
        await until(lambda: ear.updates)

        assert ear.coverages == [{"AAPL"}]


async def test_a_half_open_link_is_found_dead_by_its_unanswered_ping(market):
    ear = Ear()
    stream = stream_to(market.stream_url, ear, deadlines=IMPATIENT)
    stream.want(["AAPL"])

    async with running(stream):
        await until(lambda: stream.link.up)
        market.gates.stream.freeze()
        await until(lambda: not stream.link.up)

        assert ear.reasons[0] is Reason.HALF_OPEN
        assert stream.link.heard is not None


@pytest.mark.parametrize("code", [1000, 1001, 1006, 1011, 1012, 1013])
async def test_a_server_that_hangs_up_at_once_is_tried_again_and_again_but_ever_more_slowly(market, code):
    ear = Ear()
    market.faults.close_code = code
    deadlines = msgspec.structs.replace(QUICK, backoff_most=10.0)
    stream = stream_to(market.stream_url, ear, deadlines=deadlines)

    async with running(stream):
        await until(lambda: len(ear.links) == 4)

    pauses = [link.retry_at.mono - link.since.mono for link in ear.links if link.retry_at]
    assert set(ear.reasons) <= {Reason.DROPPED, Reason.STOPPED}
    assert pauses == sorted(pauses)


async def test_a_login_alone_does_not_make_the_next_pause_short_again(market):
    ear = Ear()
    stream = stream_to(market.stream_url, ear, deadlines=msgspec.structs.replace(QUICK, backoff_most=10.0))
    pauses = []

    async with running(stream):
        for _ in range(4):
            await until(lambda: stream.link.up)
            await market.send_error(407)
            await until(lambda: not stream.link.up)
            pauses.append(stream.link.retry_at.mono - stream.link.since.mono)

    assert pauses == sorted(pauses)
    assert pauses[-1] >= 8 * QUICK.backoff_least


async def test_a_print_makes_the_next_pause_short_again(market):
    ear = Ear()
    stream = stream_to(market.stream_url, ear, deadlines=msgspec.structs.replace(QUICK, backoff_most=10.0))
    stream.want(["AAPL"])

    async with running(stream):
        for _ in range(3):
            await until(lambda: stream.link.up)
            await market.send_error(407)
            await until(lambda: not stream.link.up)
        await until(lambda: stream.link.up)
        await market.trade("AAPL", 1.0)
        await until(lambda: ear.updates)
        await market.send_error(407)
        await until(lambda: not stream.link.up)

        assert stream.link.retry_at.mono - stream.link.since.mono <= 2.5 * QUICK.backoff_least


async def test_attempts_keep_their_distance_whatever_asks_for_them(market):
    deadlines = msgspec.structs.replace(QUICK, attempt_gap=0.1)
    stream = stream_to(market.stream_url, Ear(), deadlines=deadlines)
    began = time.monotonic()

    async with running(stream):
        while time.monotonic() - began < 0.55:
            stream.reconnect()
            await asyncio.sleep(0.005)

        assert 2 <= len(market.seen.requests) <= 7
        assert market.seen.open_connections <= 1


async def test_a_frame_too_large_to_be_true_ends_the_link(market):
    ear = Ear()
    stream = stream_to(market.stream_url, ear, deadlines=SLOW_RETRY)
    stream.want(["AAPL"])

    async with running(stream):
        await until(lambda: stream.link.up)
        await market.send_raw(b"\0" * (MAX_FRAME_BYTES + 1))
        await until(lambda: not stream.link.up)

        assert stream.link.reason is Reason.DROPPED
        assert "too large" in stream.link.detail


@asynccontextmanager
async def redirecting_to(target: str) -> AsyncIterator[str]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 307 Elsewhere\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.mark.parametrize("same_host", [False, True])
async def test_a_redirect_is_refused_and_the_keys_stay_here(market, same_host):
    target = "/v2/elsewhere" if same_host else f"{market.stream_url}/v2/iex"
    async with redirecting_to(target) as url:
        stream = stream_to(url, Ear(), deadlines=SLOW_RETRY)
        async with running(stream):
            await until(lambda: stream.link.reason is not Reason.STARTING)

            assert stream.link.reason is Reason.REFUSED
            assert "redirect" in stream.link.detail
            assert market.seen.requests == []


def _nothing(market: DemoMarket) -> None:
    """The stream works."""


def _frozen(market: DemoMarket) -> None:
    market.gates.stream.freeze()


def _refusing(market: DemoMarket) -> None:
    market.gates.stream.refuse()


def _fault(**values: object):
    def apply(market: DemoMarket) -> None:
        for name, value in values.items():
            setattr(market.faults, name, value)

    return apply


@pytest.mark.parametrize(
    "before",
    [
        _nothing,
        _frozen,
        _refusing,
        _fault(mute_step="connected"),
        _fault(mute_step="auth"),
        _fault(mute_step="subscribe"),
        _fault(auth_error=402),
        _fault(auth_error=406),
        _fault(upgrade_status=503),
        _fault(close_code=1013),
    ],
)
@pytest.mark.parametrize("wait", [0.0, 0.003, 0.1])
async def test_cancelling_stops_within_a_second_in_every_state(market, before, wait):
    before(market)
    stream = stream_to(market.stream_url, Ear(), deadlines=Deadlines())  # the real deadlines: nothing may lean on them
    stream.want(["AAPL"])
    task = asyncio.create_task(stream.run(), name="stream under test")
    await asyncio.sleep(wait)

    seconds = await stop(task)

    assert seconds < 1.0
    assert stream.link.reason in (Reason.STOPPED, Reason.STARTING)


async def test_cancelling_a_live_stream_stops_within_a_second_though_the_peer_went_silent(market):
    stream = stream_to(market.stream_url, Ear(), deadlines=Deadlines())
    stream.want(["AAPL"])
    task = asyncio.create_task(stream.run(), name="stream under test")
    await until(lambda: stream.link.up)
    market.gates.stream.freeze()

    seconds = await stop(task)

    assert seconds < 1.0
    market.gates.stream.thaw()
    await until(lambda: market.gates.stream.connections == 0)


async def test_a_link_lost_at_the_very_moment_of_the_cancel_does_not_hide_the_cancel(market):
    for delay in range(12):
        stream = stream_to(market.stream_url, Ear())
        task = asyncio.create_task(stream.run(), name="stream under test")
        await until(lambda stream=stream: stream.link.up)
        market.gates.stream.cut()
        for _ in range(delay):
            await asyncio.sleep(0)

        await stop(task)

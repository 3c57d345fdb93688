"""The stream on a working market: login, prints, symbols that come and go, signs of life."""

import asyncio
from collections.abc import AsyncIterator

import msgspec
import pytest
import pytest_asyncio
from stream_kit import KEY, QUICK, SECRET, SLOW_RETRY, Ear, clock, priced, running, stop, stream_to, until

from mytrader_tui.demo.market import DemoMarket
from mytrader_tui.market.link import Reason
from mytrader_tui.market.quote import BidAsk, Source, Trade


@pytest_asyncio.fixture
async def market() -> AsyncIterator[DemoMarket]:
    async with DemoMarket(clock=clock, ticks_per_second=0, key=KEY, secret=SECRET) as market:
        yield market


async def test_the_link_is_up_once_the_subscription_is_acknowledged(market):
    ear = Ear()
    stream = stream_to(market.stream_url, ear)
    stream.want(["AAPL", "MSFT"])

    async with running(stream):
        await until(lambda: stream.link.up)

        assert market.seen.subscribed == {"AAPL", "MSFT"}
        assert stream.covered == {"AAPL", "MSFT"}
        assert ear.coverages == [{"AAPL", "MSFT"}]
        assert [link.up for link in ear.links] == [True]


async def test_without_symbols_the_link_is_up_once_the_login_is_through(market):
    stream = stream_to(market.stream_url, Ear())

    async with running(stream):
        await until(lambda: stream.link.up)

        assert [action["action"] for action in market.seen.actions] == ["auth"]


async def test_prints_arrive_with_their_origin_and_times(market):
    ear = Ear()
    stream = stream_to(market.stream_url, ear)
    stream.want(["AAPL"])
    when = clock().wall.replace(microsecond=0)

    async with running(stream):
        await until(lambda: stream.link.up)
        await market.trade("AAPL", 190.25, size=7, event_time=when)
        await market.bid_ask("AAPL", 190.2, 190.3, event_time=when)
        await until(lambda: len(ear.updates) == 2)

    trade, bid_ask = ear.updates
    assert isinstance(trade, Trade)
    assert isinstance(bid_ask, BidAsk)
    assert (trade.symbol, trade.price, trade.size, trade.event_time) == ("AAPL", 190.25, 7, when)
    assert (bid_ask.bid, bid_ask.ask) == (190.2, 190.3)
    assert trade.origin.source is Source.ALPACA
    assert (trade.origin.feed, trade.origin.delay_seconds) == ("iex", 0)
    assert trade.receipt.wall >= when


@pytest.mark.parametrize(("feed", "delay"), [("iex", 0), ("test", 0), ("delayed_sip", 900)])
async def test_each_feed_declares_its_delay(market, feed, delay):
    ear = Ear()
    stream = stream_to(market.stream_url, ear, feed=feed)
    stream.want(["AAPL"])

    async with running(stream):
        await until(lambda: stream.link.up)
        await market.trade("AAPL", 190.25)
        await until(lambda: ear.updates)

    assert (ear.updates[0].origin.feed, ear.updates[0].origin.delay_seconds) == (feed, delay)


async def test_a_symbol_added_while_streaming_is_subscribed_on_the_open_socket(market):
    ear = Ear()
    stream = stream_to(market.stream_url, ear)
    stream.want(["AAPL"])

    async with running(stream):
        await until(lambda: stream.link.up)
        stream.want(["AAPL", "NVDA"])
        await until(lambda: stream.covered == {"AAPL", "NVDA"})
        await market.trade("NVDA", 140.0)
        await until(lambda: ear.updates)

        assert market.seen.connections == 1
        assert priced(market.seen.actions)[-1] == {
            "action": "subscribe", "trades": ["NVDA"], "quotes": ["NVDA"], "dailyBars": ["NVDA"],
        }  # fmt: skip


async def test_a_symbol_removed_while_streaming_is_unsubscribed_and_no_longer_covered(market):
    ear = Ear()
    stream = stream_to(market.stream_url, ear)
    stream.want(["AAPL", "NVDA"])

    async with running(stream):
        await until(lambda: stream.link.up)
        stream.want(["AAPL"])
        assert stream.covered == {"AAPL"}
        await until(lambda: market.seen.subscribed == {"AAPL"})

        assert priced(market.seen.actions)[-1]["action"] == "unsubscribe"
        assert market.seen.connections == 1


async def test_changes_in_one_breath_are_sent_as_one(market):
    stream = stream_to(market.stream_url, Ear())
    stream.want(["AAPL"])

    async with running(stream):
        await until(lambda: stream.link.up)
        before = len(priced(market.seen.actions))
        for last in ("MSFT", "NVDA", "TSLA"):
            stream.want(["AAPL", last])
        await until(lambda: stream.covered == {"AAPL", "TSLA"})

        assert len(priced(market.seen.actions)) - before == 1


async def test_a_change_during_the_login_is_not_lost(market):
    stream = stream_to(market.stream_url, Ear())
    stream.want(["AAPL"])

    async with running(stream):
        for count in range(1, 40):
            stream.want(["AAPL", "MSFT", "NVDA"][: 1 + count % 3])
            await asyncio.sleep(0.0005)
        stream.want(["AAPL", "TSLA"])

        await until(lambda: market.seen.subscribed == {"AAPL", "TSLA"})
        await until(lambda: stream.covered == {"AAPL", "TSLA"})


async def test_the_order_of_the_list_alone_sends_nothing(market):
    stream = stream_to(market.stream_url, Ear())
    stream.want(["AAPL", "MSFT"])

    async with running(stream):
        await until(lambda: stream.link.up)
        before = len(priced(market.seen.actions))
        stream.want(["MSFT", "AAPL"])
        await asyncio.sleep(0.05)

        assert len(priced(market.seen.actions)) == before


async def test_the_canary_is_subscribed_for_quotes_and_not_counted_as_covered(market):
    ear = Ear()
    stream = stream_to(market.stream_url, ear, canary="SPY")
    stream.want(["AAPL"])

    async with running(stream):
        await until(lambda: stream.link.up)
        await market.bid_ask("SPY", 600.0, 600.1)
        await until(lambda: ear.updates)

        assert stream.covered == {"AAPL"}
        assert stream.canary_covered
        assert priced(market.seen.actions)[-1]["trades"] == ["AAPL"]


async def test_the_canary_gives_its_place_up_and_gets_it_back(market):
    stream = stream_to(market.stream_url, Ear(), canary="SPY", max_symbols=2)
    stream.want(["AAPL"])

    async with running(stream):
        await until(lambda: stream.link.up)
        assert stream.canary_covered
        stream.want(["AAPL", "MSFT"])
        await until(lambda: stream.covered == {"AAPL", "MSFT"})
        assert not stream.canary_covered
        stream.want(["AAPL"])
        await until(lambda: stream.canary_covered)


async def test_only_the_first_symbols_within_the_limit_are_asked_for(market):
    stream = stream_to(market.stream_url, Ear(), max_symbols=2)
    stream.want(["AAPL", "^GSPC", "BTC-USD", "MSFT", "NVDA"])

    async with running(stream):
        await until(lambda: stream.link.up)

        assert stream.covered == {"AAPL", "MSFT"}
        assert stream.link.detail == ""


async def test_a_quiet_link_keeps_proving_that_it_lives(market):
    stream = stream_to(market.stream_url, Ear())
    stream.want(["AAPL"])

    async with running(stream):
        await until(lambda: stream.link.up)
        first = stream.link.heard
        await until(lambda: stream.link.heard.mono > first.mono + 2 * QUICK.quiet)

        assert stream.link.up


async def test_junk_between_prints_is_counted_and_the_link_kept(market):
    ear = Ear()
    market.faults.garbage = True
    stream = stream_to(market.stream_url, ear)
    stream.want(["AAPL"])

    async with running(stream):
        await until(lambda: stream.link.up)
        for price in range(1, 9):
            await market.trade("AAPL", float(price))
        await until(lambda: len(ear.updates) == 8 and len(ear.dropped) >= 6)

        assert stream.link.up
        assert market.seen.connections == 1


async def test_a_frame_of_fifty_thousand_prints_lets_the_loop_breathe(market):
    ear = Ear()
    stream = stream_to(market.stream_url, ear)
    stream.want(["AAPL"])
    breaths = 0

    async def breathe() -> None:
        nonlocal breaths
        while len(ear.updates) < 50_000:
            breaths += 1 if ear.updates else 0
            await asyncio.sleep(0)

    async with running(stream):
        await until(lambda: stream.link.up)
        one = msgspec.msgpack.encode({"T": "t", "S": "AAPL", "p": 190.25, "s": 100, "t": clock().wall})
        async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
            tasks.create_task(breathe())
            await market.send_raw(b"\xdd" + (50_000).to_bytes(4, "big") + one * 50_000)

    assert len(ear.updates) == 50_000
    assert breaths >= 10


async def test_a_reconnect_on_request_replaces_the_socket_without_waiting(market):
    ear = Ear()
    stream = stream_to(market.stream_url, ear, deadlines=SLOW_RETRY)
    stream.want(["AAPL"])

    async with running(stream):
        await until(lambda: stream.link.up)
        stream.reconnect()
        await until(lambda: market.seen.connections == 2 and stream.link.up)

        assert market.seen.open_connections == 1
        assert [link.up for link in ear.links] == [True, False, True]


async def test_a_reconnect_on_request_cuts_a_pause_short(market):
    market.gates.stream.refuse()
    stream = stream_to(market.stream_url, Ear(), deadlines=SLOW_RETRY)

    async with running(stream):
        await until(lambda: stream.link.retry_at is not None)
        market.gates.stream.accept()
        stream.reconnect()
        await until(lambda: stream.link.up)


async def test_once_cancelled_the_link_says_stopped_and_the_server_sees_the_socket_gone(market):
    ear = Ear()
    stream = stream_to(market.stream_url, ear)
    task = asyncio.create_task(stream.run(), name="stream under test")
    await until(lambda: stream.link.up)

    await stop(task)

    assert (stream.link.up, stream.link.reason) == (False, Reason.STOPPED)
    assert ear.links[-1] == stream.link
    await until(lambda: market.seen.open_connections == 0)


async def test_the_frames_that_carry_keys_never_reach_a_log(market, caplog):
    caplog.set_level("DEBUG", logger="websockets")
    caplog.set_level("DEBUG", logger="websockets.client")
    stream = stream_to(market.stream_url, Ear())
    stream.want(["AAPL"])

    async with running(stream):
        await until(lambda: stream.link.up)

    assert not [record for record in caplog.records if record.name.startswith("websockets")]

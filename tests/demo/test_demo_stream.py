"""The demo's market data socket speaks Alpaca's protocol."""

import asyncio
import contextlib
from datetime import UTC, datetime

import msgspec
import pytest
from demo_clients import NOON, StreamClient, quiet_market, until
from websockets.exceptions import ConnectionClosed

from mytrader_tui.demo import data_socket


async def test_a_subscriber_gets_its_trades_with_the_type_first_and_the_time_as_a_timestamp() -> None:
    async with quiet_market() as market, StreamClient(market) as client:
        assert await client.authenticate() == {"T": "success", "msg": "authenticated"}
        await client.subscribe(trades=["AAPL"])
        await market.trade("AAPL", 190.25, size=7, conditions=("@", "I"))
        trade = await client.hear()
        assert trade == {
            **{"T": "t", "S": "AAPL", "i": 1, "x": "V", "p": 190.25, "s": 7, "c": ["@", "I"], "t": NOON.wall, "z": "C"}
        }
        assert next(iter(trade)) == "T"
        assert b"\xa1t\xd6\xff" in client.frames[-1] or b"\xa1t\xd7\xff" in client.frames[-1]


async def test_a_price_that_cannot_be_is_printed_as_it_stands_and_moves_nothing() -> None:
    async with quiet_market() as market, StreamClient(market) as client:
        await client.authenticate()
        await client.subscribe(trades=["AAPL"])
        before = market.price("AAPL")
        for price in (float("nan"), float("inf"), -1.0, 0.0):
            await market.trade("AAPL", price)
        printed = [(await client.hear())["p"] for _ in range(4)]
        assert [str(price) for price in printed] == ["nan", "inf", "-1.0", "0.0"]
        assert market.price("AAPL") == before


async def test_a_subscriber_gets_quotes_day_bars_and_statuses() -> None:
    async with quiet_market() as market, StreamClient(market) as client:
        await client.authenticate()
        await client.subscribe(quotes=["AAPL"], dailyBars=["AAPL"], statuses=["*"])
        await market.bid_ask("AAPL", 190.1, 190.3)
        await market.day_bar("AAPL")
        await market.status("AAPL", "H", "Trading Halt", "T12", "Information requested")
        quote, bar, status = await client.hear(), await client.hear(), await client.hear()
        assert (quote["T"], quote["bp"], quote["ap"]) == ("q", 190.1, 190.3)
        assert (bar["T"], bar["c"], bar["t"]) == ("d", market.price("AAPL"), datetime(2026, 11, 20, 5, tzinfo=UTC))
        assert (status["T"], status["sc"], status["rc"]) == ("s", "H", "T12")


async def test_corrections_and_cancels_name_the_trade_and_come_to_its_subscribers() -> None:
    async with quiet_market() as market, StreamClient(market) as client:
        await client.authenticate()
        await client.subscribe(trades=["AAPL"])
        printed = await market.trade("AAPL", 209.0, size=7)
        corrected = await market.correct(printed, 190.5)
        await market.cancel(corrected, "E")
        trade, correction, cancel = await client.hear(), await client.hear(), await client.hear()
        assert correction == {
            "T": "c", "S": "AAPL", "x": "V", "oi": trade["i"], "op": 209.0, "os": 7, "oc": ["@"],
            "ci": trade["i"] + 1, "cp": 190.5, "cs": 7, "cc": ["@"], "t": NOON.wall, "z": "C",
        }  # fmt: skip
        assert cancel == {
            "T": "x", "S": "AAPL", "i": trade["i"] + 1, "x": "V", "p": 190.5, "s": 7, "a": "E", "t": NOON.wall,
            "z": "C",
        }  # fmt: skip


async def test_a_client_that_does_not_ask_for_messagepack_gets_json_as_text() -> None:
    async with quiet_market() as market, StreamClient(market, msgpack=False) as client:
        await client.authenticate()
        await client.subscribe(trades=["AAPL"])
        await market.trade("AAPL", 190.25)
        trade = await client.hear()
        assert trade["t"] == "2026-11-20T17:00:00Z"
        assert isinstance(client.frames[-1], str)


async def test_the_answer_to_a_subscription_is_the_whole_list_and_corrections_come_with_trades() -> None:
    async with quiet_market() as market, StreamClient(market) as client:
        await client.authenticate()
        await client.subscribe(trades=["AAPL", "MSFT"], bars=["*"])
        more = await client.subscribe(quotes=["SPY"])
        await client.say(action="unsubscribe", trades=["AAPL"])
        less = await client.hear()
        assert more["trades"] == more["corrections"] == more["cancelErrors"] == ["AAPL", "MSFT"]
        assert (more["quotes"], more["bars"]) == (["SPY"], ["*"])
        assert (less["trades"], less["quotes"]) == (["MSFT"], ["SPY"])
        assert market.seen.subscribed == {"MSFT", "SPY"}


async def test_nobody_gets_what_he_did_not_subscribe_to() -> None:
    async with quiet_market() as market, StreamClient(market) as client:
        await client.authenticate()
        await client.subscribe(trades=["AAPL"])
        await market.trade("MSFT", 418.0)
        await market.bid_ask("AAPL", 190.0, 190.1)
        assert await client.hears_nothing()


async def test_the_thirty_first_symbol_is_refused_and_the_subscription_stays() -> None:
    async with quiet_market(symbol_limit=2) as market, StreamClient(market) as client:
        await client.authenticate()
        await client.subscribe(trades=["AAPL", "MSFT"], quotes=["AAPL"], bars=["SPY", "QQQ"])
        refused = await client.subscribe(trades=["SPY"])
        after = await client.subscribe()
        assert refused == {"T": "error", "code": 405, "msg": "symbol limit exceeded"}
        assert after["trades"] == ["AAPL", "MSFT"]


@pytest.mark.parametrize("symbol", ["^GSPC", "BTC-USD", "7203.T", "aapl", "TOOLONG", ""])
async def test_a_malformed_symbol_refuses_the_whole_request(symbol: str) -> None:
    async with quiet_market() as market, StreamClient(market) as client:
        await client.authenticate()
        refused = await client.subscribe(trades=["AAPL", symbol])
        assert refused["code"] == 400
        assert market.seen.subscribed == frozenset()


async def test_every_step_out_of_order_has_its_error() -> None:
    async with quiet_market() as market, StreamClient(market) as client:
        await client.hear()
        await client.say(action="subscribe", trades=["AAPL"])
        early = await client.hear()
        await client.say(action="auth", key="wrong", secret="wrong")
        wrong = await client.hear()
        await client.say(action="auth", key=market.key, secret=market.secret)
        good = await client.hear()
        await client.say(action="auth", key=market.key, secret=market.secret)
        again = await client.hear()
        await client.say(action="dance")
        unknown = await client.hear()
        await client.socket.send(b"\xc1")
        unreadable = await client.hear()
        assert [each["code"] for each in (early, wrong, again, unknown, unreadable)] == [401, 402, 403, 400, 400]
        assert good["msg"] == "authenticated"


async def test_the_consolidated_feed_is_not_for_this_plan() -> None:
    async with quiet_market() as market, StreamClient(market, feed="sip") as client:
        assert (await client.authenticate())["code"] == 409


async def test_credentials_in_the_headers_need_no_auth_frame() -> None:
    from websockets.asyncio.client import connect

    async with quiet_market() as market:
        headers = {"APCA-API-KEY-ID": market.key, "APCA-API-SECRET-KEY": market.secret}
        async with connect(f"{market.stream_url}/v2/iex", additional_headers=headers) as socket:
            assert await socket.recv() == '[{"T":"success","msg":"connected"}]'
            assert await socket.recv() == '[{"T":"success","msg":"authenticated"}]'


async def test_the_second_connection_is_refused_until_the_first_is_gone_and_may_ask_again_on_its_socket() -> None:
    async with quiet_market() as market, StreamClient(market) as second:
        async with StreamClient(market) as first:
            assert (await first.authenticate())["msg"] == "authenticated"
            refused = await second.authenticate()
            assert market.seen.open_connections == 2
        await until(lambda: market.seen.open_connections == 1)
        await second.say(action="auth", key=market.key, secret=market.secret)
        assert refused["code"] == 406
        assert (await second.hear())["msg"] == "authenticated"
        assert market.seen.connections == 2


async def test_a_client_that_never_authenticates_is_told_so_and_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_socket, "AUTH_SECONDS", 0.02)
    async with quiet_market() as market, StreamClient(market) as client:
        await client.hear()
        assert (await client.hear())["code"] == 404
        with pytest.raises(ConnectionClosed):
            await client.frame()


async def test_a_client_that_reads_nothing_is_told_that_it_is_slow_and_closed() -> None:
    async with quiet_market() as market, StreamClient(market) as client:
        await client.authenticate()
        for _ in range(1200):
            await market.send_raw(b"x" * 20_000)
        last: bytes | str = b""
        with contextlib.suppress(ConnectionClosed):
            while True:
                last = await client.frame()
        assert isinstance(last, bytes)
        assert msgspec.msgpack.decode(last)[0]["code"] == 407


async def test_raw_frames_and_errors_reach_the_clients_as_they_are() -> None:
    async with quiet_market() as market, StreamClient(market) as client:
        await client.authenticate()
        await market.send_raw(b"\xc1junk")
        await market.send_error(407)
        assert await client.frame() == b"\xc1junk"
        assert await client.hear() == {"T": "error", "code": 407, "msg": "slow client"}


async def test_what_clients_said_is_seen() -> None:
    async with quiet_market() as market, StreamClient(market) as client:
        await client.authenticate()
        await client.subscribe(trades=["AAPL"])
        assert [action["action"] for action in market.seen.actions] == ["auth", "subscribe"]
        assert market.seen.requests == [("stream", "/v2/iex")]


async def test_a_ticking_market_prints_at_its_rate_in_few_frames() -> None:
    async with quiet_market(ticks_per_second=2000) as market, StreamClient(market) as client:
        await client.authenticate()
        await client.subscribe(trades=["AAPL", "SPY"], quotes=["AAPL", "SPY"], dailyBars=["AAPL"])
        frames_before = len(client.frames)
        start = asyncio.get_running_loop().time()
        messages = [await client.hear() for _ in range(600)]
        took = asyncio.get_running_loop().time() - start
        assert 0.2 < took < 2.0
        assert len(client.frames) - frames_before < 30
        assert {message["T"] for message in messages} == {"t", "q", "d"}
        assert all(message["bp"] < message["ap"] for message in messages if message["T"] == "q")


async def test_an_unknown_symbol_may_be_subscribed_and_never_prints() -> None:
    async with quiet_market(ticks_per_second=500) as market, StreamClient(market) as client:
        await client.authenticate()
        assert (await client.subscribe(trades=["ZZZZ"], quotes=["NOPE"]))["trades"] == ["ZZZZ"]
        assert await client.hears_nothing(0.2)


async def test_a_closed_market_prints_nothing() -> None:
    async with quiet_market(ticks_per_second=500) as market, StreamClient(market) as client:
        market.set_session("closed")
        await client.authenticate()
        await client.subscribe(trades=["AAPL"], quotes=["AAPL"])
        assert await client.hears_nothing(0.2)

"""Each fault of the demo's market data socket does what it says."""

import pytest
from demo_clients import StreamClient, quiet_market
from websockets.exceptions import ConnectionClosed, InvalidStatus


@pytest.mark.parametrize("status", [401, 403, 429, 500])
async def test_the_upgrade_is_answered_with_the_status_and_counted_as_a_request_only(status: int) -> None:
    async with quiet_market() as market:
        market.faults.upgrade_status = status
        market.faults.upgrade_retry_after = "7"
        with pytest.raises(InvalidStatus) as refused:
            async with StreamClient(market):
                pass
        assert refused.value.response.status_code == status
        assert refused.value.response.headers["Retry-After"] == "7"
        assert market.seen.connections == 0
        assert market.seen.requests == [("stream", "/v2/iex")]


async def test_the_greeting_never_comes() -> None:
    async with quiet_market() as market:
        market.faults.mute_step = "connected"
        async with StreamClient(market) as client:
            assert await client.hears_nothing()


async def test_the_answer_to_auth_never_comes() -> None:
    async with quiet_market() as market:
        market.faults.mute_step = "auth"
        async with StreamClient(market) as client:
            await client.hear()
            await client.say(action="auth", key=market.key, secret=market.secret)
            assert await client.hears_nothing()


async def test_the_answer_to_a_subscription_never_comes() -> None:
    async with quiet_market() as market:
        market.faults.mute_step = "subscribe"
        async with StreamClient(market) as client:
            await client.authenticate()
            await client.say(action="subscribe", trades=["AAPL"])
            assert await client.hears_nothing()
            assert market.seen.subscribed == {"AAPL"}


@pytest.mark.parametrize("code", [402, 404, 406, 409, 411, 500])
async def test_auth_is_answered_with_the_error(code: int) -> None:
    async with quiet_market() as market:
        market.faults.auth_error = code
        async with StreamClient(market) as client:
            assert (await client.authenticate())["code"] == code


async def test_a_mute_stream_acknowledges_and_answers_pings_but_prints_nothing() -> None:
    async with quiet_market(ticks_per_second=200) as market, StreamClient(market) as client:
        await client.authenticate()
        market.faults.mute = True
        assert (await client.subscribe(trades=["AAPL"]))["trades"] == ["AAPL"]
        await market.trade("AAPL", 190.25)
        assert await client.hears_nothing(0.1)
        await (await client.socket.ping())
        market.faults.mute = False
        assert (await client.hear())["T"] == "t"


async def test_garbage_comes_between_good_frames() -> None:
    async with quiet_market() as market, StreamClient(market) as client:
        await client.authenticate()
        await client.subscribe(trades=["AAPL"])
        market.faults.garbage = True
        for price in (190.0, 190.1, 190.2):
            await market.trade("AAPL", price)
        frames = [await client.frame() for _ in range(6)]
        assert [b"AAPL" in frame for frame in frames if isinstance(frame, bytes)] == [True, False] * 3


@pytest.mark.parametrize(("code", "heard"), [(1000, 1000), (1001, 1001), (1012, 1012), (1013, 1013), (1006, None)])
async def test_the_stream_accepts_and_closes_at_once(code: int, heard: int | None) -> None:
    async with quiet_market() as market:
        market.faults.close_code = code
        async with StreamClient(market) as client:
            with pytest.raises(ConnectionClosed) as closed:
                await client.frame()
            assert (closed.value.rcvd.code if closed.value.rcvd else None) == heard


async def test_clearing_ends_every_fault() -> None:
    async with quiet_market() as market:
        market.faults.upgrade_status = 500
        market.faults.mute_step = "auth"
        market.faults.clear()
        async with StreamClient(market) as client:
            assert (await client.authenticate())["msg"] == "authenticated"

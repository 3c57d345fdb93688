"""The demo's orders from outside: taken on, filled in parts, cancelled; and its count of requests."""

import json
from typing import Any

import pytest
from demo_clients import get, quiet_market
from websockets.asyncio.client import ClientConnection, connect

from mytrader_tui.demo.market import DemoMarket


async def listener(market: DemoMarket) -> ClientConnection:
    socket = await connect(market.trading_stream_url)
    await socket.send(json.dumps({"action": "auth", "key": market.key, "secret": market.secret}))
    await socket.recv()
    await socket.send(json.dumps({"action": "listen", "data": {"streams": ["trade_updates"]}}))
    await socket.recv()
    return socket


async def told(socket: ClientConnection) -> dict[str, Any]:
    return dict(json.loads(await socket.recv())["data"])


async def test_an_order_is_told_of_and_open_until_it_is_filled() -> None:
    async with quiet_market() as market, await listener(market) as socket:
        order = await market.order("KO", "buy", 10, limit=60)
        new = await told(socket)
        await market.fill("KO", "buy", 4, 59, order)
        part = await told(socket)
        await market.fill("KO", "buy", 6, 60, order)
        rest = await told(socket)

    assert (new["event"], new["order"]["limit_price"], "price" in new) == ("new", "60", False)
    assert (part["event"], part["order"]["status"], part["position_qty"]) == ("partial_fill", "partially_filled", "4")
    assert (rest["event"], rest["order"]["status"], rest["order"]["filled_avg_price"]) == ("fill", "filled", "59.6")


async def test_a_cancelled_order_is_told_of_and_cannot_be_cancelled_again() -> None:
    async with quiet_market() as market, await listener(market) as socket:
        order = await market.order("KO", "sell", 1)
        await told(socket)
        await market.cancel_order(order)

        assert (await told(socket))["order"]["status"] == "canceled"
        with pytest.raises(LookupError):
            await market.cancel_order(order)


async def test_every_answer_says_what_is_left_of_the_minute_and_beyond_it_there_is_nothing() -> None:
    async with quiet_market() as market:
        answers = [await get(f"{market.trading_url}/v2/clock", market) for _ in range(201)]

    left = [int(answer.headers["X-RateLimit-Remaining"]) for answer in answers]
    assert left == [*range(199, -1, -1), 0]
    assert {answer.status_code for answer in answers[:200]} == {200}
    assert answers[200].status_code == 429

"""The demo's account socket: two dialects, binary frames, fills."""

import json
from typing import Any

import pytest
from demo_clients import quiet_market
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from mytrader_tui.demo.market import DemoMarket


async def _ask(socket: ClientConnection, frame: dict[str, Any]) -> dict[str, Any]:
    await socket.send(json.dumps(frame))
    answer = await socket.recv()
    assert isinstance(answer, bytes)
    return dict(json.loads(answer))


def _dialects(market: DemoMarket) -> list[dict[str, Any]]:
    return [
        {"action": "auth", "key": market.key, "secret": market.secret},
        {"action": "authenticate", "data": {"key_id": market.key, "secret_key": market.secret}},
    ]


@pytest.mark.parametrize("dialect", [0, 1])
async def test_both_dialects_are_understood_and_a_fill_is_told(dialect: int) -> None:
    async with quiet_market() as market, connect(market.trading_stream_url) as socket:
        authorized = await _ask(socket, _dialects(market)[dialect])
        listening = await _ask(socket, {"action": "listen", "data": {"streams": ["trade_updates"]}})
        await market.fill("MSFT", side="buy", qty=3, price=418.20)
        update = json.loads(await socket.recv())
        assert authorized["data"] == {"status": "authorized", "action": "authenticate"}
        assert listening == {"stream": "listening", "data": {"streams": ["trade_updates"]}}
        assert update["stream"] == "trade_updates"
        assert {name: update["data"][name] for name in ("event", "price", "qty", "position_qty")} == {
            "event": "fill",
            "price": "418.2",
            "qty": "3",
            "position_qty": "23",
        }
        assert update["data"]["order"]["status"] == "filled"


async def test_wrong_credentials_are_unauthorized_and_hear_nothing() -> None:
    async with quiet_market() as market, connect(market.trading_stream_url) as socket:
        answer = await _ask(socket, {"action": "auth", "key": "wrong", "secret": "wrong"})
        refused = await _ask(socket, {"action": "listen", "data": {"streams": ["trade_updates"]}})
        assert answer["data"]["status"] == refused["data"]["status"] == "unauthorized"


async def test_listening_to_nothing_stops_the_updates() -> None:
    async with quiet_market() as market, connect(market.trading_stream_url) as socket:
        await _ask(socket, _dialects(market)[0])
        await _ask(socket, {"action": "listen", "data": {"streams": ["trade_updates"]}})
        await _ask(socket, {"action": "listen", "data": {"streams": []}})
        await market.fill("MSFT", side="sell", qty=1, price=418)
        again = await _ask(socket, {"action": "listen", "data": {"streams": ["trade_updates"]}})
        assert again["stream"] == "listening"


@pytest.mark.parametrize("frame", [b"not json", b'{"action":"dance"}'])
async def test_what_is_not_understood_is_an_error_and_the_end(frame: bytes) -> None:
    async with quiet_market() as market, connect(market.trading_stream_url) as socket:
        await socket.send(frame)
        assert json.loads(await socket.recv()) == {"data": {"error_message": "invalid action"}, "action": "error"}
        with pytest.raises(ConnectionClosed):
            await socket.recv()

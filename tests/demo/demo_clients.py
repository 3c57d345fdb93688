"""What the demo's tests talk to it with: a clock that stands still, and plain clients on real sockets."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

import msgspec
import requests
from websockets.asyncio.client import ClientConnection, connect

from mytrader_tui.demo.market import DemoMarket
from mytrader_tui.market.moment import Moment

NOON = Moment(datetime(2026, 11, 20, 17, 0, tzinfo=UTC), 1000.0)
"""A Friday's noon in New York."""


def standing() -> Moment:
    """A clock that stands at noon."""
    return NOON


def quiet_market(**settings: Any) -> DemoMarket:
    """A market on the standing clock in which nothing happens by itself."""
    return DemoMarket(**{"clock": standing, "ticks_per_second": 0, **settings})


class StreamClient:
    """A market data client that takes one message after the other, whatever frames they come in."""

    def __init__(self, market: DemoMarket, feed: str = "iex", msgpack: bool = True) -> None:
        self._market = market
        self._url = f"{market.stream_url}/v2/{feed}"
        self._codec: Any = msgspec.msgpack if msgpack else msgspec.json
        self._type = "application/msgpack" if msgpack else "application/json"
        self._waiting: list[dict[str, Any]] = []
        self.frames: list[bytes | str] = []

    async def __aenter__(self) -> "StreamClient":
        headers = {"Content-Type": self._type}
        self.socket: ClientConnection = await connect(self._url, additional_headers=headers, compression=None)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.socket.close()

    async def say(self, **frame: object) -> None:
        """Send a frame."""
        encoded = self._codec.encode(frame)
        await self.socket.send(encoded if self._codec is msgspec.msgpack else encoded.decode())

    async def frame(self) -> bytes | str:
        """The next frame as it came."""
        async with asyncio.timeout(30):
            frame = await self.socket.recv()
        self.frames.append(frame)
        return frame

    async def hear(self) -> dict[str, Any]:
        """The next message."""
        if not self._waiting:
            self._waiting = self._codec.decode(await self.frame())
        return self._waiting.pop(0)

    async def authenticate(self, key: str | None = None, secret: str | None = None) -> dict[str, Any]:
        """Greet and authenticate; the answer."""
        assert await self.hear() == {"T": "success", "msg": "connected"}
        await self.say(action="auth", key=key or self._market.key, secret=secret or self._market.secret)
        return await self.hear()

    async def subscribe(self, **channels: list[str]) -> dict[str, Any]:
        """Subscribe; the answer."""
        await self.say(action="subscribe", **channels)
        return await self.hear()

    async def hears_nothing(self, seconds: float = 0.05) -> bool:
        """True if no frame comes for so long."""
        try:
            async with asyncio.timeout(seconds):
                self.frames.append(await self.socket.recv())
        except TimeoutError:
            return True
        return False


async def get(url: str, market: DemoMarket | None = None, seconds: float = 3.0) -> requests.Response:
    """GET in a thread, with the market's credentials if it is given."""
    headers = {"APCA-API-KEY-ID": market.key, "APCA-API-SECRET-KEY": market.secret} if market else {}
    return await asyncio.to_thread(requests.get, url, headers=headers, timeout=seconds)


async def until(condition: Callable[[], bool]) -> None:
    """Wait until `condition` holds, half a minute at most."""
    for _ in range(6000):
        if condition():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it never came true")

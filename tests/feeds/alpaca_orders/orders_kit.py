"""What the tests of the account's socket share: an ear that remembers, short deadlines, a server with a script."""

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import msgspec
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from mytrader_tui.feeds.alpaca.deadlines import Deadlines
from mytrader_tui.feeds.alpaca.order_stream import AlpacaOrders
from mytrader_tui.market.account.orders import OrderUpdate
from mytrader_tui.market.link import Link, Reason
from mytrader_tui.market.moment import Moment
from mytrader_tui.settings.secret import Secret

KEY, SECRET = "DEMO-KEY", "demo-secret"
QUICK = Deadlines(quiet=0.05, close=0.2, backoff_least=0.02, backoff_most=0.1, attempt_gap=0.02)
IMPATIENT = msgspec.structs.replace(QUICK, connect=0.3, step=0.2, ping_interval=0.2, ping_timeout=0.1)
_START = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
_BORN = time.monotonic()


def clock() -> Moment:
    """A fixed day that runs at the pace of the monotonic clock."""
    return Moment(_START, 0.0).later(time.monotonic() - _BORN)


class Ear:
    """An OrderSink that remembers everything."""

    def __init__(self) -> None:
        self.updates: list[OrderUpdate] = []
        self.links: list[Link] = []

    @property
    def reasons(self) -> list[Reason]:
        return [link.reason for link in self.links if link.reason is not None]

    @property
    def ups(self) -> int:
        return sum(link.up for link in self.links)

    def order_update(self, update: OrderUpdate) -> None:
        self.updates.append(update)

    def orders_link(self, link: Link) -> None:
        self.links.append(link)


async def until(condition: Callable[[], object], within: float = 30.0) -> None:
    async with asyncio.timeout(within):
        while not condition():  # noqa: ASYNC110 - most conditions have no event to wait for
            await asyncio.sleep(0.002)


def orders_at(url: str, ear: Ear, deadlines: Deadlines = QUICK, key: str = KEY, secret: str = SECRET) -> AlpacaOrders:
    return AlpacaOrders(
        url=url,
        key=Secret(key),
        secret=Secret(secret),
        sink=ear,
        clock=clock,
        backoff_rng=random.Random(1),
        deadlines=deadlines,
    )


@asynccontextmanager
async def running(orders: AlpacaOrders) -> AsyncIterator[asyncio.Task[None]]:
    """Run for the length of a block; it must then stop within a second, and must not have ended before."""
    task = asyncio.create_task(orders.run(), name="orders under test")
    try:
        yield task
        assert not task.done(), "run() ended by itself"
    finally:
        task.cancel()
        async with asyncio.timeout(1.0):
            await asyncio.gather(task, return_exceptions=True)
        assert task.cancelled()


AUTHORIZED = {"stream": "authorization", "data": {"status": "authorized", "action": "authenticate"}}
UNAUTHORIZED = {"stream": "authorization", "data": {"status": "unauthorized", "action": "authenticate"}}
LISTENING = {"stream": "listening", "data": {"streams": ["trade_updates"]}}
Answer = Sequence[object]
"""What is sent: maps as JSON, bytes and texts as they are."""


class Scripted:
    """A loopback trading socket that answers each action with what the script has for it; silence if it has nothing."""

    def __init__(self, auth: Answer = (AUTHORIZED,), listen: Answer = (LISTENING,), *, hang_up: bool = False) -> None:
        self.script = {"auth": auth, "listen": listen}
        self.hang_up = hang_up
        self.requests: list[dict[str, Any]] = []
        self.sockets: list[ServerConnection] = []
        self.opened = 0
        self._server: Server | None = None

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"ws://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/stream"

    async def __aenter__(self) -> "Scripted":
        self._server = await serve(self._handle, "127.0.0.1", 0, compression=None)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close(close_connections=False)
        for socket in list(self.sockets):
            socket.transport.abort()
        await self._server.wait_closed()

    async def send(self, *messages: object) -> None:
        for socket in list(self.sockets):
            for message in messages:
                raw = message if isinstance(message, bytes | str) else json.dumps(message).encode()
                await socket.send(raw)

    async def _handle(self, socket: ServerConnection) -> None:
        self.opened += 1
        self.sockets.append(socket)
        try:
            async for frame in socket:
                request = json.loads(frame)
                self.requests.append(request)
                await self.send(*self.script[request["action"]])
                if self.hang_up:
                    return
        except ConnectionClosed:
            return
        finally:
            self.sockets.remove(socket)


ORDER = {
    "id": "61e69015-8549-4bfd-b9c3-01e75843f47d",
    "client_order_id": "mine",
    "created_at": "2026-11-20T14:59:00Z",
    "updated_at": "2026-11-20T15:00:00Z",
    "submitted_at": "2026-11-20T14:59:00Z",
    "filled_at": "2026-11-20T15:00:00Z",
    "symbol": "MSFT",
    "asset_class": "us_equity",
    "qty": "3",
    "filled_qty": "3",
    "filled_avg_price": "418.2",
    "order_class": "simple",
    "order_type": "limit",
    "type": "limit",
    "side": "buy",
    "time_in_force": "gtc",
    "limit_price": "419",
    "stop_price": None,
    "status": "filled",
    "extended_hours": False,
}


def told(event: str = "fill", order: object = None, **data: object) -> dict[str, object]:
    """A trade_updates message."""
    inside = {"event": event, "order": ORDER if order is None else order, "timestamp": "2026-11-20T15:00:00.25Z"}
    return {"stream": "trade_updates", "data": inside | data}


FILL = told(price="418.2", qty="3", position_qty="23")

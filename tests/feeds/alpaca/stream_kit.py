"""What the stream's tests share: an ear that remembers, short deadlines, and a server that follows a script."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import msgspec
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from mytrader_tui.feeds.alpaca.deadlines import Deadlines
from mytrader_tui.feeds.alpaca.stream import AlpacaStream
from mytrader_tui.feeds.feed import PollOutcome
from mytrader_tui.market.link import Link, Reason
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Source, Update
from mytrader_tui.settings.secret import Secret

KEY = "DEMO-KEY"
SECRET = "demo-secret"
WITHIN = 30.0
"""Seconds that a test waits for what must happen; generous, because it costs only the tests that fail."""

QUICK = Deadlines(
    quiet=0.05,
    close=0.2,
    login_retries=(0.02, 0.04),
    connection_limit=(0.1, 0.2),
    backoff_least=0.02,
    backoff_most=0.1,
    attempt_gap=0.02,
)
"""Short pauses, so that what comes back comes back soon; but a busy machine misses no deadline."""

IMPATIENT = msgspec.structs.replace(QUICK, connect=0.3, step=0.2, ping_interval=0.2, ping_timeout=0.1)
"""Short deadlines too, for tests in which the server is to miss them."""

SLOW_RETRY = msgspec.structs.replace(QUICK, backoff_least=30.0, backoff_most=60.0)
"""One attempt, then a pause that no test waits for."""

_START = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
_BORN = time.monotonic()


def clock() -> Moment:
    """A clock of the tests' own: a fixed day that runs at the pace of the monotonic clock."""
    return Moment(_START, 0.0).later(time.monotonic() - _BORN)


class Ear:
    """A Sink that remembers everything."""

    def __init__(self) -> None:
        self.updates: list[Update] = []
        self.links: list[Link] = []
        self.coverages: list[frozenset[str]] = []
        self.dropped: list[tuple[int, str]] = []

    @property
    def reasons(self) -> list[Reason]:
        return [link.reason for link in self.links if link.reason is not None]

    def publish(self, updates: Sequence[Update]) -> None:
        self.updates.extend(updates)

    def unreadable(self, source: Source, count: int, why: str) -> None:
        self.dropped.append((count, why))

    def link_changed(self, source: Source, link: Link) -> None:
        self.links.append(link)

    def coverage_changed(self, source: Source, covered: frozenset[str]) -> None:
        self.coverages.append(covered)

    def polled(self, source: Source, outcome: PollOutcome) -> None:
        raise AssertionError("a stream does not poll")


async def until(condition: Callable[[], object], within: float = WITHIN) -> None:
    """Wait until `condition` holds; fails after `within` seconds."""
    async with asyncio.timeout(within):
        while not condition():  # noqa: ASYNC110 - most conditions have no event to wait for
            await asyncio.sleep(0.002)


def stream_to(
    url: str,
    ear: Ear,
    *,
    feed: str = "iex",
    deadlines: Deadlines = QUICK,
    max_symbols: int = 30,
    canary: str = "",
    secret: str = SECRET,
) -> AlpacaStream:
    """A stream with the demo's keys and a seeded backoff."""
    return AlpacaStream(
        url=url,
        feed=feed,
        key=Secret(KEY),
        secret=Secret(secret),
        sink=ear,
        clock=clock,
        max_symbols=max_symbols,
        canary=canary,
        backoff_rng=random.Random(1),
        deadlines=deadlines,
    )


@asynccontextmanager
async def running(stream: AlpacaStream) -> AsyncIterator[asyncio.Task[None]]:
    """Run `stream` for the length of a block; it must then stop within a second."""
    task = asyncio.create_task(stream.run(), name="stream under test")
    try:
        yield task
    finally:
        await stop(task)


async def stop(task: asyncio.Task[None]) -> float:
    """Cancel `task` and return the seconds that took; fails from one second on."""
    before = time.monotonic()
    task.cancel()
    async with asyncio.timeout(1.0):
        await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()
    return time.monotonic() - before


Request = Mapping[str, object]
Script = Callable[[Request], Sequence[Mapping[str, object]]]


class ScriptedServer:
    """A loopback stream that answers each request with whatever `script` makes of it; greets and logs in by itself."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self.requests: list[Request] = []
        self.sockets: list[ServerConnection] = []
        self.opened = 0
        self._server: Server | None = None

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"ws://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def __aenter__(self) -> "ScriptedServer":
        self._server = await serve(self._handle, "127.0.0.1", 0, compression=None)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close(close_connections=False)
        for socket in list(self.sockets):
            socket.transport.abort()
        await self._server.wait_closed()

    async def send(self, *messages: Mapping[str, object]) -> None:
        for socket in list(self.sockets):
            await socket.send(msgspec.msgpack.encode(messages))

    async def _handle(self, socket: ServerConnection) -> None:
        self.opened += 1
        self.sockets.append(socket)
        try:
            await self._answer(socket)
        except ConnectionClosed:
            return
        finally:
            self.sockets.remove(socket)

    async def _answer(self, socket: ServerConnection) -> None:
        await socket.send(msgspec.msgpack.encode([{"T": "success", "msg": "connected"}]))
        async for frame in socket:
            request = msgspec.msgpack.decode(frame)
            self.requests.append(request)
            if request["action"] == "auth":
                answers: Sequence[Mapping[str, object]] = self._script(request) or [AUTHENTICATED]
            else:
                answers = self._script(request)
            for answer in answers:
                await socket.send(msgspec.msgpack.encode([answer]))


AUTHENTICATED = {"T": "success", "msg": "authenticated"}


def error(code: int, msg: str = "no") -> Mapping[str, object]:
    """One error message."""
    return {"T": "error", "code": code, "msg": msg}


def priced(requests: Sequence[Mapping[str, object]]) -> list[Mapping[str, object]]:
    """The requests without those for statuses alone, which follow whenever they may."""
    return [each for each in requests if each.keys() != {"action", "statuses"}]


class Book:
    """The subscription as a server keeps it; answers a request with the whole of it."""

    def __init__(self) -> None:
        self.channels: dict[str, list[str]] = {"trades": [], "quotes": [], "dailyBars": [], "statuses": []}

    def apply(self, request: Request) -> Mapping[str, object]:
        for channel, held in self.channels.items():
            named = request.get(channel, [])
            assert isinstance(named, list)
            rest = [each for each in held if each not in named]
            self.channels[channel] = rest + named if request["action"] == "subscribe" else rest
        return {"T": "subscription", **self.channels}

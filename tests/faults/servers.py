"""Market data servers that break the protocol in ways that the demo market, which speaks it, cannot."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress

import msgspec
from msgspec.structs import replace
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from mytrader_tui.settings import Settings

Message = Mapping[str, object]
Life = Callable[["Socket"], Awaitable[None]]

AUTHENTICATED = {"T": "success", "msg": "authenticated"}


class Socket:
    """A logged-in, subscribed client."""

    def __init__(self, connection: ServerConnection) -> None:
        self.connection = connection

    async def send(self, *messages: Message) -> None:
        """One frame."""
        await self.connection.send(msgspec.msgpack.encode(messages))

    async def wait(self) -> None:
        """Until the client leaves."""
        await self.connection.wait_closed()


@asynccontextmanager
async def stream_server(
    life: Life, login: Callable[[Message], Message] = lambda _: AUTHENTICATED
) -> AsyncIterator[Callable[[Settings], Settings]]:
    """A server that greets, answers each login with `login`, acknowledges what is asked, and then lives `life`.

    Yields what points settings at it.
    """

    async def handle(connection: ServerConnection) -> None:
        with suppress(ConnectionClosed):
            await _welcome(connection, life, login)

    server = await serve(handle, "127.0.0.1", 0, compression=None, ping_interval=None, close_timeout=0.1)
    url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield lambda settings: replace(settings, alpaca=replace(settings.alpaca, stream_url=url))
    finally:
        server.close()
        await server.wait_closed()


async def _welcome(connection: ServerConnection, life: Life, login: Callable[[Message], Message]) -> None:
    socket = Socket(connection)
    await socket.send({"T": "success", "msg": "connected"})
    held: dict[str, list[str]] = {"trades": [], "quotes": [], "dailyBars": []}
    living: asyncio.Task[None] | None = None
    try:
        async for frame in connection:
            request = msgspec.msgpack.decode(frame)
            if request["action"] == "auth":
                await socket.send(login(request))
                continue
            for channel, symbols in held.items():
                symbols += [each for each in request.get(channel, ()) if each not in symbols]
            await socket.send({"T": "subscription", **held})
            if living is None:
                living = asyncio.ensure_future(life(socket))
    finally:
        if living is not None:
            living.cancel()
            await asyncio.gather(living, return_exceptions=True)


@asynccontextmanager
async def plain_server(answer: Callable[[bytes], bytes | None]) -> AsyncIterator[Callable[[Settings], Settings]]:
    """A TCP server that answers the request (its bytes) with other bytes and hangs up, or keeps silent for None."""
    writers: list[asyncio.StreamWriter] = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        request = await reader.readuntil(b"\r\n\r\n")
        said = answer(request)
        if said is not None:
            writer.write(said)
            await writer.drain()
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield lambda settings: replace(settings, alpaca=replace(settings.alpaca, stream_url=url))
    finally:
        server.close()
        for writer in writers:
            writer.transport.abort()
        await server.wait_closed()

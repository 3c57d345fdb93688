"""A stand-in for Yahoo's hosts whose every answer a test can script: what the demo market has no fault for."""

import asyncio
from collections.abc import Sequence
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec

QUOTE = "/v7/finance/quote"
CHART = "/v8/finance/chart/"
CRUMB = "/v1/test/getcrumb"


class Reply(msgspec.Struct, frozen=True):
    """One HTTP answer; a `hang` never comes."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    hang: bool = False


HTML = Reply(body=b"<!DOCTYPE html><html><body>Before you continue to Yahoo</body></html>")


def item(symbol: str, **fields: object) -> dict[str, object]:
    """A v7 item with a price of 100 unless `fields` say otherwise."""
    return {"symbol": symbol, "regularMarketPrice": 100.0, "regularMarketTime": 1_750_000_000, **fields}


def quote_body(items: Sequence[object]) -> bytes:
    """A whole v7 answer."""
    return msgspec.json.encode({"quoteResponse": {"result": items, "error": None}})


def chart_body(symbol: str, **meta: object) -> bytes:
    """A whole v8 answer for one symbol."""
    facts = {"symbol": symbol, "regularMarketPrice": 100.0, "regularMarketTime": 1_750_000_000, **meta}
    return msgspec.json.encode({"chart": {"result": [{"meta": facts}], "error": None}})


class ScriptedYahoo:
    """Answers every symbol with a price until `replies[path]` says otherwise; `paths` are the requests in order."""

    def __init__(self) -> None:
        self.replies: dict[str, Reply] = {}
        self.paths: list[str] = []
        self.connections = 0
        self._server: asyncio.Server | None = None
        self._news = asyncio.Event()
        self._talks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """Where it listens."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def asked(self, path: str) -> list[str]:
        """The requests whose path begins with `path`."""
        return [target for target in self.paths if target.startswith(path)]

    async def heard(self, path: str, times: int) -> None:
        """Return once `times` requests for `path` have come in."""
        async with asyncio.timeout(60):
            while len(self.asked(path)) < times:
                self._news.clear()
                await self._news.wait()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)
        await self._server.wait_closed()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        talk = asyncio.get_running_loop().create_task(self._talk(reader, writer), name="scripted yahoo")
        self._talks.add(talk)
        talk.add_done_callback(self._talks.discard)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                target = head.split(b" ", 2)[1].decode()
                self.paths.append(target)
                self._news.set()
                reply = self._reply(target)
                if reply.hang:
                    await asyncio.Event().wait()
                writer.write(_encode(reply))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()

    def _reply(self, target: str) -> Reply:
        parts = urlsplit(target)
        for path, reply in self.replies.items():
            if parts.path == path or (path.endswith("/") and path != "/" and parts.path.startswith(path)):
                return reply
        if parts.path == CRUMB:
            return Reply(body=b"crumb")
        if parts.path == QUOTE:
            symbols = parse_qs(parts.query)["symbols"][0].split(",")
            return Reply(body=quote_body([item(symbol) for symbol in symbols]))
        if parts.path.startswith(CHART):
            return Reply(body=chart_body(unquote(parts.path.removeprefix(CHART))))
        return Reply(status=404, headers=(("Set-Cookie", "A3=demo; Path=/; Max-Age=3600"),))


def _encode(reply: Reply) -> bytes:
    headers = "".join(f"{name}: {value}\r\n" for name, value in reply.headers)
    return f"HTTP/1.1 {reply.status} X\r\n{headers}Content-Length: {len(reply.body)}\r\n\r\n".encode() + reply.body

"""An HTTP server on loopback that answers exactly the bytes it is told to, or nothing."""

import asyncio
import json
import warnings
from datetime import UTC, datetime
from types import TracebackType

from mytrader_tui.feeds.alpaca.account import Lifetimes
from mytrader_tui.market.moment import Moment

with warnings.catch_warnings():
    # Imported here and now, so that short deadlines measure requests and not alpaca-py's half second of imports.
    warnings.simplefilter("ignore")
    import alpaca.data.historical.stock
    import alpaca.trading.client  # noqa: F401

WALL = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
"""A Wednesday, 10:00 in New York: in the regular session."""

FRESH = Lifetimes(account=0, positions=0, calendar=0, assets=0)
"""Every answer is asked for anew."""


def clock() -> Moment:
    return Moment(WALL, 1000.0)


def http(status: int, body: str, content_type: str = "application/json", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Type: {content_type}", f"Content-Length: {len(body.encode())}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join([*lines, "", ""]) + body).encode()


def ok(answer: object) -> bytes:
    return http(200, json.dumps(answer))


class OddServer:
    """Sends `answer` to every request, then closes if `hang_up` is set; an empty `answer` means silence."""

    def __init__(self, answer: bytes = b"", *, hang_up: bool = False) -> None:
        self.answer = answer
        self.hang_up = hang_up
        self.requests: list[str] = []
        self.heads: list[str] = []
        self.open_sockets = 0
        self.asked = asyncio.Event()
        self.all_closed = asyncio.Event()
        self._writers: set[asyncio.StreamWriter] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def __aenter__(self) -> "OddServer":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self._port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        await self._server.wait_closed()

    def answer_now(self, answer: bytes) -> None:
        """Answer the requests that are still waiting."""
        for writer in self._writers:
            writer.write(answer)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        self.open_sockets += 1
        self.all_closed.clear()
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                self.heads.append(head)
                self.requests.append(head.split(" ")[1])
                self.asked.set()
                writer.write(self.answer)
                if self.hang_up:
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            self.open_sockets -= 1
            if self.open_sockets == 0:
                self.all_closed.set()
            writer.close()

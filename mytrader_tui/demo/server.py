"""One uvicorn server in the current event loop, without signals, logs, lifespan or background timers."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp

# A logger with a handler of its own keeps logging's last resort, the terminal, out of it.
logging.getLogger("uvicorn").addHandler(logging.NullHandler())

_KEPT_SECONDS = 3600
"""How long an idle connection is kept: closing it just as a client asks again would be a fault of the demo's own."""


class _QuietServer(uvicorn.Server):
    """uvicorn as a part of another program: it neither catches signals nor polls, and it stops at once."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.leave = asyncio.Event()
        self.ready = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    async def main_loop(self) -> None:
        await self.leave.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for listener in sockets or ():
            listener.close()
        for connection in list(self.server_state.connections):
            if connection.transport is not None:
                connection.transport.abort()
        tasks = list(self.server_state.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class LoopbackServer:
    """Serves an ASGI app on a free port of 127.0.0.1 between `start` and `stop`."""

    def __init__(self, app: ASGIApp, name: str) -> None:
        self._app = app
        self._name = name
        self._server: _QuietServer | None = None
        self._task: asyncio.Task[None] | None = None
        self.port = 0

    async def start(self) -> None:
        """Listen; `port` is known when this returns."""
        # asyncio switches Nagle's delay of 40 ms off only where the protocol is named.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.bind(("127.0.0.1", 0))
        listener.setblocking(False)
        self.port = int(listener.getsockname()[1])
        self._server = _QuietServer(_config(self._app))
        self._task = asyncio.get_running_loop().create_task(self._server.serve([listener]), name=self._name)
        await self._server.ready.wait()

    async def stop(self) -> None:
        """Close every connection and wait for the server's end."""
        if self._server is not None and self._task is not None:
            self._server.leave.set()
            await self._task


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http="h11",
        ws="websockets-sansio",
        lifespan="off",
        log_config=None,
        access_log=False,
        date_header=False,
        server_header=False,
        ws_ping_interval=None,
        timeout_keep_alive=_KEPT_SECONDS,
        ws_per_message_deflate=False,
        interface="asgi3",
    )

"""A loopback TCP forwarder that can do to a connection what networks do: cut it, freeze it, refuse it, swallow it."""

import asyncio
import socket
import struct
from collections.abc import Coroutine
from enum import Enum
from typing import cast

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)
"""SO_LINGER with no time to linger: closing sends RST instead of FIN."""


class Flow(Enum):
    """What a gate does with bytes."""

    OPEN = "open"
    FROZEN = "frozen"
    SWALLOWED = "swallowed"


class Gate:
    """Forwards 127.0.0.1:`port` to another port of 127.0.0.1, both ways, until told otherwise.

    The faults act at once and may be called from the loop's thread only. The port stays the same for the gate's
    life. `start` and `stop` are its owner's.
    """

    def __init__(self, upstream: int) -> None:
        self._upstream = upstream
        self._port = 0
        self._socket: socket.socket | None = None
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._clients: set[_Leg] = set()
        self._flow = Flow.OPEN

    @property
    def port(self) -> int:
        """The port that clients connect to."""
        return self._port

    @property
    def connections(self) -> int:
        """Connections of clients now open."""
        return len(self._clients)

    @property
    def flow(self) -> Flow:
        """What becomes of bytes now."""
        return self._flow

    def start(self) -> None:
        """Listen on a free port."""
        self.accept()

    async def stop(self) -> None:
        """Close the port and every connection."""
        self.refuse()
        self.cut()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.sleep(0)

    def cut(self) -> None:
        """Reset every connection: clients see RST, the server a lost connection."""
        for client in list(self._clients):
            client.reset()

    def freeze(self) -> None:
        """Forward nothing, close nothing: every connection is half-open, new ones are accepted into the same."""
        self._turn(Flow.FROZEN)

    def thaw(self) -> None:
        """Forward again, and what was held back first."""
        self._turn(Flow.OPEN)

    def black_hole(self) -> None:
        """Accept connections and swallow every byte of theirs and of those already open, until `accept`."""
        self._turn(Flow.SWALLOWED)

    def refuse(self) -> None:
        """Close the listening port: new connections are refused, open ones go on."""
        if self._server is not None:
            self._server.close()
        elif self._socket is not None:
            self._socket.close()
        self._server = self._socket = None

    def accept(self) -> None:
        """Serve as usual: the port listens and bytes flow. Connections that lost bytes in a black hole are reset."""
        if self._flow is Flow.SWALLOWED:
            self.cut()
        self._turn(Flow.OPEN)
        if self._socket is None:
            self._socket = _listen(self._port)
            self._port = int(self._socket.getsockname()[1])
            self._own(self._serve(self._socket), "demo gate listens")

    def joined(self, client: "_Leg") -> None:
        """A client connected: dial the server for it."""
        self._clients.add(client)
        self._own(self._dial(client), "demo gate dials")

    def left(self, client: "_Leg") -> None:
        """A client's connection is gone."""
        self._clients.discard(client)

    def _own(self, work: Coroutine[None, None, None], name: str) -> None:
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, listener: socket.socket) -> None:
        if listener is not self._socket:
            return
        loop = asyncio.get_running_loop()
        # Not yet serving, so that `refuse` has a server to close however soon it comes.
        server = await loop.create_server(lambda: _Leg(self), sock=listener, start_serving=False)
        self._server = server
        await server.start_serving()

    async def _dial(self, client: "_Leg") -> None:
        try:
            await asyncio.get_running_loop().create_connection(lambda: _Leg(self, client), "127.0.0.1", self._upstream)
        except OSError:
            client.reset()

    def _turn(self, flow: Flow) -> None:
        self._flow = flow
        for client in list(self._clients):
            client.settle()
            if client.twin is not None:
                client.twin.settle()


class _Leg(asyncio.Protocol):
    """One side of a forwarded connection; `twin` is the other side once it is there."""

    def __init__(self, gate: Gate, twin: "_Leg | None" = None) -> None:
        self._gate = gate
        self._upstream = twin is not None
        self.twin = twin
        self._transport: asyncio.Transport | None = None
        self._full = False
        self._lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        if self.twin is None:
            self.settle()
            self._gate.joined(self)
        elif self.twin._lost:
            self._transport.abort()
        else:
            self.twin.twin = self
            self.settle()
            self.twin.settle()

    def data_received(self, data: bytes) -> None:
        if self._gate.flow is Flow.OPEN and self.twin is not None and self.twin._transport is not None:
            self.twin._transport.write(data)

    def pause_writing(self) -> None:
        self._full = True
        if self.twin is not None:
            self.twin.settle()

    def resume_writing(self) -> None:
        self._full = False
        if self.twin is not None:
            self.twin.settle()

    def connection_lost(self, _exc: Exception | None) -> None:
        self._lost = True
        if not self._upstream:
            self._gate.left(self)
        twin = self.twin
        if twin is not None and twin._transport is not None:
            twin._transport.close()

    def settle(self) -> None:
        """Read or stop reading, as the gate and the other side's buffer allow."""
        if self._transport is None or self._transport.is_closing():
            return
        swallowed = self._gate.flow is Flow.SWALLOWED
        flowing = self._gate.flow is Flow.OPEN and self.twin is not None and not self.twin._full
        if swallowed or flowing:
            self._transport.resume_reading()
        else:
            self._transport.pause_reading()

    def reset(self) -> None:
        """Close this client's side with RST and the server's side at once."""
        if self._transport is not None:
            raw = self._transport.get_extra_info("socket")
            if raw is not None and not self._transport.is_closing():
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            self._transport.abort()
        if self.twin is not None and self.twin._transport is not None:
            self.twin._transport.abort()


def _listen(port: int) -> socket.socket:
    # asyncio switches Nagle's delay of 40 ms off only where the protocol is named.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setblocking(False)
    listener.bind(("127.0.0.1", port))
    listener.listen(128)
    return listener

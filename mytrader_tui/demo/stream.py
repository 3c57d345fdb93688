"""The demo's market data stream: every client's socket, and what is sent to all of them."""

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from mytrader_tui.demo.data_socket import DataSocket, error
from mytrader_tui.demo.faults import Faults
from mytrader_tui.demo.messages import Print
from mytrader_tui.demo.seen import Seen


class DataStream:
    """The sockets of /v2/{feed}. Everything here queues and returns at once."""

    def __init__(
        self, *, faults: Faults, seen: Seen, key: str, secret: str, symbol_limit: int, connection_limit: int
    ) -> None:
        self.faults = faults
        self.seen = seen
        self.key = key
        self.secret = secret
        self.symbol_limit = symbol_limit
        self._connection_limit = connection_limit
        self._sockets: list[DataSocket] = []
        self.app = Starlette(routes=[WebSocketRoute("/v2/{feed}", self._serve)])

    def admits(self, feed: str) -> bool:
        """True if one more authenticated socket of `feed` is within the connection limit."""
        return sum(socket.authenticated and socket.feed == feed for socket in self._sockets) < self._connection_limit

    @property
    def symbols(self) -> frozenset[str]:
        """The symbols that any client has trades or quotes of."""
        return frozenset().union(*(socket.symbols for socket in self._sockets))

    def publish(self, prints: Sequence[Print]) -> None:
        """Send each client those prints that it is subscribed to, in one frame."""
        for socket in self._sockets:
            socket.send_prints(prints)

    def send_raw(self, frame: bytes) -> None:
        """Send a frame as it stands to every authenticated client."""
        for socket in self._sockets:
            if socket.authenticated:
                socket.send_raw(frame)

    def send_error(self, code: int) -> None:
        """Send Alpaca's error of this code to every client."""
        for socket in self._sockets:
            socket.send([error(code)])

    async def _serve(self, websocket: WebSocket) -> None:
        self.seen.request("stream", websocket.url.path)
        socket = DataSocket(self, websocket)
        self._sockets.append(socket)
        self.seen.subscribed = frozenset()
        try:
            await socket.run()
        finally:
            self._sockets.remove(socket)

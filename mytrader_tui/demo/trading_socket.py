"""The demo's account socket: authorisation in both dialects, listening, and what becomes of orders.

Frames to the client are binary with JSON inside, as on Alpaca's paper host.
"""

from collections.abc import Mapping

import msgspec
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from mytrader_tui.demo.broker_shapes import TradeUpdate
from mytrader_tui.demo.credentials import Credentials

_UPDATES = "trade_updates"


class Authorization(msgspec.Struct):
    """The answer to an authorisation."""

    status: str
    action: str


class Listening(msgspec.Struct):
    """Everything that is listened to."""

    streams: list[str]


class AccountMessage(msgspec.Struct):
    """The envelope of every message but errors."""

    stream: str
    data: Authorization | Listening | TradeUpdate


class AccountError(msgspec.Struct):
    """The inside of an error."""

    error_message: str


class ErrorFrame(msgspec.Struct):
    """An error, after which the socket is closed."""

    data: AccountError
    action: str = "error"


class AccountStream:
    """The sockets of /stream."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials
        self._listeners: set[WebSocket] = set()
        self.routes = [WebSocketRoute("/stream", self._serve)]

    @property
    def listeners(self) -> int:
        """Clients that listen to trade updates now."""
        return len(self._listeners)

    async def publish(self, update: TradeUpdate) -> None:
        """Send an update to every client that listens."""
        for websocket in list(self._listeners):
            await _send(websocket, AccountMessage(_UPDATES, update))

    async def send_raw(self, frame: bytes) -> None:
        """Send a frame as it stands to every client that listens."""
        for websocket in list(self._listeners):
            await _send_frame(websocket, frame)

    async def _serve(self, websocket: WebSocket) -> None:
        await websocket.accept()
        authorized = False
        try:
            while True:
                frame = await _receive(websocket)
                if frame is None:
                    return
                if (frame.get("action") in ("auth", "authenticate")) and not authorized:
                    authorized = await self._authorize(websocket, frame)
                elif not await self._listen(websocket, frame, authorized):
                    self._listeners.discard(websocket)
                    await websocket.close(1000)
                    return
        finally:
            self._listeners.discard(websocket)

    async def _authorize(self, websocket: WebSocket, frame: Mapping[str, object]) -> bool:
        authorized = _credentials_in(frame) == self._credentials
        status = "authorized" if authorized else "unauthorized"
        await _send(websocket, AccountMessage("authorization", Authorization(status, "authenticate")))
        return authorized

    async def _listen(self, websocket: WebSocket, frame: Mapping[str, object], authorized: bool) -> bool:
        """Answer anything but an authorisation; False if it ends the connection."""
        if frame.get("action") != "listen":
            await _send(websocket, ErrorFrame(AccountError("invalid action")))
            return False
        if not authorized:
            await _send(websocket, AccountMessage("authorization", Authorization("unauthorized", "listen")))
            return True
        data = frame.get("data")
        streams = data.get("streams") if isinstance(data, dict) else None
        listening = isinstance(streams, list) and _UPDATES in streams
        (self._listeners.add if listening else self._listeners.discard)(websocket)
        await _send(websocket, AccountMessage("listening", Listening([_UPDATES] if listening else [])))
        return True


def _credentials_in(frame: Mapping[str, object]) -> Credentials | None:
    data = frame.get("data") if frame.get("action") == "authenticate" else None
    if isinstance(data, dict):
        key, secret = data.get("key_id"), data.get("secret_key")
    else:
        key, secret = frame.get("key"), frame.get("secret")
    return Credentials(key, secret) if isinstance(key, str) and isinstance(secret, str) else None


async def _receive(websocket: WebSocket) -> Mapping[str, object] | None:
    """The client's next frame, an empty map if it is unreadable, None if the client is gone."""
    event = await websocket.receive()
    if event["type"] != "websocket.receive":
        return None
    try:
        return msgspec.json.decode(event.get("text") or event.get("bytes") or b"", type=dict[str, object])
    except msgspec.DecodeError:
        return {}


async def _send(websocket: WebSocket, message: AccountMessage | ErrorFrame) -> None:
    await _send_frame(websocket, msgspec.json.encode(message))


async def _send_frame(websocket: WebSocket, frame: bytes) -> None:
    try:
        await websocket.send_bytes(frame)
    except WebSocketDisconnect:
        # The client left; its own task sees the end and cleans up.
        return

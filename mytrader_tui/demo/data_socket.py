"""One client's socket on the demo's market data stream: handshake, subscriptions, prints and refusals."""

import asyncio
from collections.abc import Sequence
from typing import Protocol

import msgspec
from starlette.responses import Response
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from mytrader_tui.demo.faults import Faults
from mytrader_tui.demo.messages import Codec, ErrorMessage, Message, Print, Success
from mytrader_tui.demo.seen import Seen
from mytrader_tui.demo.subscription import RefusedError, Subscription

AUTH_SECONDS = 10.0
"""How long a client may take to authenticate."""

_BACKLOG = 1000
"""Frames that may wait for a slow client before it is told so and dropped."""

_FREE_FEEDS = frozenset({"iex", "test", "delayed_sip"})
_ABNORMAL = 1006
_CONNECTION_LIMIT = 406
_REASONS = {
    400: "invalid syntax",
    401: "not authenticated",
    402: "auth failed",
    403: "already authenticated",
    404: "auth timeout",
    405: "symbol limit exceeded",
    406: "connection limit exceeded",
    407: "slow client",
    409: "insufficient subscription",
    410: "invalid subscribe action for this feed",
    411: "insufficient scope",
    500: "internal error",
}
_GARBAGE = (b"\xc1\xc1\xc1", b"\x93\x83\xa1T", b"", b"[{", b"\x81\xa1T\xa1t")


class Exchange(Protocol):
    """What a socket needs of the stream that it belongs to."""

    faults: Faults
    seen: Seen
    key: str
    secret: str
    symbol_limit: int

    def admits(self, feed: str) -> bool:
        """True if one more authenticated socket of `feed` is within the connection limit."""


def error(code: int) -> ErrorMessage:
    """Alpaca's error message of this code."""
    return ErrorMessage(code, _REASONS.get(code, "error"))


class DataSocket:
    """A client from its upgrade to its end. Frames are sent by a task of the socket's own, in order."""

    def __init__(self, exchange: Exchange, websocket: WebSocket) -> None:
        self._exchange = exchange
        self._websocket = websocket
        self.feed = str(websocket.path_params["feed"])
        asked = websocket.headers.get("content-type", "")
        self._codec = Codec.MSGPACK if asked == Codec.MSGPACK.value else Codec.JSON
        self._subscription = Subscription(exchange.symbol_limit)
        self._outbox: asyncio.Queue[bytes | str | None] = asyncio.Queue(_BACKLOG)
        self._overtime: asyncio.TimerHandle | None = None
        self._junk = 0
        self.authenticated = False

    @property
    def symbols(self) -> frozenset[str]:
        """The symbols that the client has trades or quotes of."""
        return self._subscription.symbols

    async def run(self) -> None:
        """Serve the client until either side ends the connection."""
        faults = self._exchange.faults
        if faults.upgrade_status is not None:
            await self._refuse_upgrade(faults.upgrade_status, faults.upgrade_retry_after)
            return
        await self._websocket.accept()
        if faults.close_code is not None:
            if faults.close_code != _ABNORMAL:
                await self._websocket.close(faults.close_code)
            return
        seen = self._exchange.seen
        seen.connections += 1
        seen.open_connections += 1
        sender = asyncio.create_task(self._send_outbox(), name="demo stream sends")
        try:
            self._greet()
            await self._listen()
        finally:
            self._disarm()
            seen.open_connections -= 1
            sender.cancel()
            await asyncio.gather(sender, return_exceptions=True)

    def send(self, messages: Sequence[Message]) -> None:
        """Queue one frame of messages."""
        self._queue(self._frame(messages))

    def send_prints(self, prints: Sequence[Print]) -> None:
        """Queue one frame of those prints that the client is subscribed to, if any."""
        if not self.authenticated or self._exchange.faults.mute:
            return
        wanted = [message for message in prints if self._subscription.wants(message)]
        if wanted:
            self.send(wanted)
            if self._exchange.faults.garbage:
                self._junk += 1
                self.send_raw(_GARBAGE[self._junk % len(_GARBAGE)])

    def send_raw(self, frame: bytes) -> None:
        """Queue one binary frame as it stands."""
        self._queue(frame)

    def _frame(self, messages: Sequence[Message]) -> bytes | str:
        frame = self._codec.encode(messages)
        return frame.decode() if self._codec is Codec.JSON else frame

    def _queue(self, frame: bytes | str) -> None:
        # A client that left a thousand frames unread is dropped as too slow, and is told so.
        if self._outbox.qsize() >= _BACKLOG - 2:
            self._give_up(407)
        else:
            self._outbox.put_nowait(frame)

    def _give_up(self, code: int) -> None:
        if not self._outbox.full():
            self._outbox.put_nowait(self._frame([error(code)]))
        if not self._outbox.full():
            self._outbox.put_nowait(None)

    async def _refuse_upgrade(self, status: int, retry_after: str | None) -> None:
        headers = {"Retry-After": retry_after} if retry_after is not None else {}
        await self._websocket.send_denial_response(Response(b"refused\n", status, headers))

    def _greet(self) -> None:
        if self._exchange.faults.mute_step == "connected":
            return
        self.send([Success("connected")])
        self._arm()
        key = self._websocket.headers.get("apca-api-key-id")
        if key is not None:
            self._authenticate({"key": key, "secret": self._websocket.headers.get("apca-api-secret-key")})

    def _arm(self) -> None:
        self._disarm()
        self._overtime = asyncio.get_running_loop().call_later(AUTH_SECONDS, self._give_up, 404)

    def _disarm(self) -> None:
        if self._overtime is not None:
            self._overtime.cancel()
            self._overtime = None

    async def _send_outbox(self) -> None:
        try:
            while (frame := await self._outbox.get()) is not None:
                if isinstance(frame, str):
                    await self._websocket.send_text(frame)
                else:
                    await self._websocket.send_bytes(frame)
            await self._websocket.close(1000)
        except WebSocketDisconnect:
            # The client left; `run` sees the end and cleans up.
            return

    async def _listen(self) -> None:
        while self._websocket.client_state is WebSocketState.CONNECTED:
            event = await self._websocket.receive()
            if event["type"] != "websocket.receive":
                return
            text, blob = event.get("text"), event.get("bytes")
            self._hear(text.encode() if text is not None else blob or b"", is_text=text is not None)

    def _hear(self, blob: bytes, is_text: bool) -> None:
        try:
            frame = (Codec.JSON if is_text else self._codec).decode(blob)
        except msgspec.DecodeError:
            self.send([error(400)])
            return
        self._exchange.seen.action(frame)
        match frame.get("action"):
            case "auth":
                self._authenticate(frame)
            case "subscribe" | "unsubscribe" if not self.authenticated:
                self.send([error(401)])
            case "subscribe":
                self._change(frame, more=True)
            case "unsubscribe":
                self._change(frame, more=False)
            case _:
                self.send([error(400)])

    def _authenticate(self, frame: dict[str, object]) -> None:
        if self._exchange.faults.mute_step == "auth":
            self._disarm()
            return
        refusal = self._refusal(frame)
        if refusal is not None:
            # Who is told that another session is in the way may ask again: Alpaca's own client does.
            if refusal == _CONNECTION_LIMIT:
                self._arm()
            self.send([error(refusal)])
            return
        self.authenticated = True
        self._disarm()
        self.send([Success("authenticated")])

    def _refusal(self, frame: dict[str, object]) -> int | None:
        exchange = self._exchange
        if self.authenticated:
            return 403
        if exchange.faults.auth_error is not None:
            return exchange.faults.auth_error
        if (frame.get("key"), frame.get("secret")) != (exchange.key, exchange.secret):
            return 402
        if self.feed not in _FREE_FEEDS:
            return 409
        return None if exchange.admits(self.feed) else 406

    def _change(self, frame: dict[str, object], more: bool) -> None:
        faults = self._exchange.faults
        try:
            if more:
                self._subscription.add(_accepted(frame, faults))
            else:
                self._subscription.remove(frame)
        except RefusedError as refused:
            self.send([error(refused.code)])
            return
        self._exchange.seen.subscribed = self.symbols
        if faults.mute_step != "subscribe":
            self.send([self._subscription.message()])


def _accepted(frame: dict[str, object], faults: Faults) -> dict[str, object]:
    """The request as far as the faults let it pass. Raises RefusedError 400 for a symbol that they call malformed."""
    lists = {name: set(symbols) for name, symbols in frame.items() if isinstance(symbols, list)}
    if any(symbols & faults.malformed for symbols in lists.values()):
        raise RefusedError(400)
    if not faults.unacknowledged:
        return frame
    return frame | {name: sorted(symbols - faults.unacknowledged) for name, symbols in lists.items()}

"""One socket to Alpaca: opened without following anybody elsewhere, read frame by frame, closed within a deadline."""

import asyncio
import contextlib
import logging
import ssl
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from mytrader_tui.feeds.alpaca.deadlines import Deadlines
from mytrader_tui.feeds.alpaca.failure import LinkLostError, of_opening
from mytrader_tui.feeds.alpaca.wire import MAX_FRAME_BYTES
from mytrader_tui.feeds.feed import Clock
from mytrader_tui.market.moment import Moment

_QUEUED_FRAMES = 256
"""Frames that may wait for us before TCP holds the server back; pongs wait behind them, so it is not small."""


class _Direct(connect):
    """A connection to the address given and no other.

    The login goes over the socket, so that following a redirect would take the keys to wherever it points.
    """

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


class Line:
    """An open socket. `heard` is the last sign of life of any kind: a frame or the pong to a ping of ours."""

    def __init__(self, connection: ClientConnection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock
        self._heard_at = 0.0
        self.heard: Moment
        self._hear()

    async def send(self, message: bytes) -> None:
        """Send one frame. Raises websockets' ConnectionClosed."""
        await self._connection.send(message)

    async def receive(self) -> bytes:
        """The next frame, which came at `heard`. Raises websockets' ConnectionClosed."""
        # Undecoded, because a text frame that is not UTF-8 would otherwise close the connection.
        frame = await self._connection.recv(decode=False)
        self._hear()
        return frame

    async def prove_life(self, quiet: float) -> None:
        """Ask for a pong whenever nothing was heard for `quiet` seconds. Raises websockets' ConnectionClosed.

        How long a pong may take is up to the keepalive, which ends the connection.
        """
        while True:
            silence = asyncio.get_running_loop().time() - self._heard_at
            if silence < quiet:
                await asyncio.sleep(quiet - silence)
                continue
            await (await self._connection.ping())
            self._hear()

    async def hang_up(self, seconds: float) -> None:
        """Say goodbye, so that the server frees the account's one connection, and cut the socket after `seconds`."""
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._connection.close()
        finally:
            self._connection.transport.abort()

    def _hear(self) -> None:
        self._heard_at = asyncio.get_running_loop().time()
        self.heard = self._clock()


async def dial(url: str, clock: Clock, deadlines: Deadlines, content_type: str = "application/json") -> Line:
    """Open a socket to `url` for frames of `content_type`; raises LinkLostError for whatever stands against it.

    No compression: the frames are small, inflating costs 1 to 2 µs each, and nothing can unpack to more than it is.
    A proxy of the environment is used for wss:// only, where it sees nothing but TLS.
    """
    _keep_keys_out_of_logs()
    secure = urlsplit(url).scheme == "wss"
    # In a thread, because reading the system's certificates takes some 30 ms.
    tls = await asyncio.to_thread(ssl.create_default_context) if secure else None
    try:
        connection = await _Direct(
            url,
            additional_headers={"Content-Type": content_type},
            compression=None,
            proxy=True if secure else None,
            ssl=tls,
            open_timeout=deadlines.connect,
            ping_interval=deadlines.ping_interval,
            ping_timeout=deadlines.ping_timeout,
            close_timeout=deadlines.close,
            max_size=MAX_FRAME_BYTES,
            max_queue=_QUEUED_FRAMES,
        )
    except (OSError, WebSocketException, ValueError, EOFError, ImportError) as error:
        # ValueError: a host name that IDNA refuses; ImportError: a SOCKS proxy without its library.
        raise LinkLostError(of_opening(error, clock().wall)) from error
    return Line(connection, clock)


def _keep_keys_out_of_logs() -> None:
    # At DEBUG, websockets logs every frame, the login among them; a child's own level would win over its parent's.
    for name in ("websockets", "websockets.client"):
        logger = logging.getLogger(name)
        if logger.getEffectiveLevel() < logging.INFO:
            logger.setLevel(logging.INFO)

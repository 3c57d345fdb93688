"""The login: `connected`, our keys, `authenticated`, each answer within its deadline."""

import asyncio
from collections.abc import Awaitable, Callable

from websockets.exceptions import ConnectionClosed

from mytrader_tui.feeds.alpaca.failure import Failure, LinkLostError, of_close, of_error
from mytrader_tui.feeds.alpaca.reading import Reading
from mytrader_tui.feeds.alpaca.wire import Auth, ErrorMessage, SuccessMessage, encode
from mytrader_tui.market.link import Reason
from mytrader_tui.settings.secret import Secret

_CONNECTION_LIMIT = 406

Send = Callable[[bytes], Awaitable[None]]
Receive = Callable[[], Awaitable[Reading]]


class Handshake:
    """Logs one socket in. `step` is the deadline of each answer in seconds."""

    def __init__(self, send: Send, receive: Receive, step: float) -> None:
        self._send = send
        self._receive = receive
        self._step = step

    async def greeted(self) -> None:
        """Wait for `connected`. Raises LinkLostError."""
        error = await self._answer("connected")
        if error is not None:
            raise LinkLostError(of_error(error))

    async def log_in(
        self, key: Secret, secret: Secret, retries: tuple[float, ...], taken: Callable[[Failure, float], None]
    ) -> None:
        """Send the keys until they are taken; raises LinkLostError if they are refused.

        While another session holds the account's connection the login is repeated on the same socket after each of
        the pauses in `retries`, and `taken` is told each time what was said and how long the pause is.
        """
        limit: Failure | None = None
        for pause in (*retries, None):
            try:
                error = await self._answer("authenticated", lambda: encode(Auth(key.reveal(), secret.reveal())))
            except ConnectionClosed as closed:
                # A server that hangs up on a login it has no room for means the same as before.
                raise LinkLostError(limit or of_close(closed)) from closed
            if error is None:
                return
            failure = of_error(error)
            if error.code != _CONNECTION_LIMIT or pause is None:
                timed_out = failure.reason is Reason.AUTH_TIMEOUT
                raise LinkLostError(limit if limit and timed_out else failure)
            limit = failure
            taken(failure, pause)
            await asyncio.sleep(pause)

    async def _answer(self, awaited: str, request: Callable[[], bytes] | None = None) -> ErrorMessage | None:
        """Send what `request` makes, if any, and wait for success named `awaited` (None) or an error."""
        try:
            async with asyncio.timeout(self._step):
                if request is not None:
                    await self._send(request())
                return await self._verdict(awaited)
        except TimeoutError as error:
            raise LinkLostError(Failure(Reason.TIMEOUT, f"no `{awaited}` from the server")) from error

    async def _verdict(self, awaited: str) -> ErrorMessage | None:
        while True:
            for control in (await self._receive()).controls:
                if isinstance(control, ErrorMessage):
                    return control
                if isinstance(control, SuccessMessage) and control.msg == awaited:
                    return None

"""The demo's request limit: Alpaca's headers on every REST answer, and 429 for what is beyond it."""

from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mytrader_tui.demo.answer import problem
from mytrader_tui.market.moment import Moment

REQUESTS_A_MINUTE = 200


class RateHeaders:
    """An ASGI app around another one; counts by the minutes of `clock`, for everybody together."""

    def __init__(self, app: ASGIApp, clock: Callable[[], Moment], most: int = REQUESTS_A_MINUTE) -> None:
        self._app = app
        self._clock = clock
        self._most = most
        self._minute = 0
        self._count = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count one request, and pass it on or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        minute = int(self._clock().wall.timestamp() // 60)
        self._count = self._count + 1 if minute == self._minute else 1
        self._minute = minute
        left = max(self._most - self._count, 0)

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-RateLimit-Limit"] = str(self._most)
                headers["X-RateLimit-Remaining"] = str(left)
                headers["X-RateLimit-Reset"] = str((minute + 1) * 60)
            await send(message)

        app = self._app if self._count <= self._most else problem(429, "too many requests.", 42910000)
        await app(scope, receive, marked)

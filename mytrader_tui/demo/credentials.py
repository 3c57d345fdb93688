"""The one key pair that the demo's Alpaca knows."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from mytrader_tui.demo.answer import problem


class Credentials(msgspec.Struct, frozen=True):
    """A key id and its secret. They open nothing but this demo."""

    key: str
    secret: str

    def refusal(self, request: Request) -> Response | None:
        """The answer to a request without these credentials: 401 if it has none, 403 if it has others."""
        key, secret = (request.headers.get(f"apca-api-{part}") for part in ("key-id", "secret-key"))
        if key is None or secret is None:
            return problem(401, "unauthorized.", 40110000)
        return None if (key, secret) == (self.key, self.secret) else problem(403, "forbidden.", 40310000)

"""Why a connection failed or ended, in the domain's words."""

import socket
import ssl
from datetime import datetime

import msgspec
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from mytrader_tui.feeds.alpaca.wire import ErrorMessage
from mytrader_tui.feeds.retry_after import retry_after_seconds
from mytrader_tui.market.link import Reason

_KEEPALIVE_FAILED = "keepalive ping timeout"
_TOO_BIG = 1009

_OF_CODE = {
    400: Reason.BAD_REQUEST,
    401: Reason.BAD_REQUEST,
    402: Reason.AUTH_FAILED,
    403: Reason.BAD_REQUEST,
    404: Reason.AUTH_TIMEOUT,
    405: Reason.SYMBOL_LIMIT,
    406: Reason.CONNECTION_LIMIT,
    407: Reason.SLOW_CLIENT,
    409: Reason.NOT_ENTITLED,
    410: Reason.NOT_ENTITLED,
    411: Reason.NOT_ENTITLED,
    500: Reason.SERVER_ERROR,
}
_ENDING = frozenset({401, 402, 404, 406, 407, 409, 411})


class Failure(msgspec.Struct, frozen=True):
    """Why, with the server's own words in `detail`, which may hold anything until they are cleaned.

    `retry_after` is the pause in seconds that the server asked for, already bounded.
    """

    reason: Reason
    detail: str = ""
    retry_after: float | None = None


class LinkLostError(Exception):
    """This connection is of no use any more."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.reason.value)
        self.failure = failure


def of_error(message: ErrorMessage) -> Failure:
    """An error frame of Alpaca's. Codes that nobody documented count as a refusal."""
    return Failure(_OF_CODE.get(message.code, Reason.REFUSED), f"{message.msg} ({message.code})")


def ends_link(message: ErrorMessage) -> bool:
    """True if `message` ends the connection even when it answers no request of ours."""
    return message.code in _ENDING


def of_close(closed: ConnectionClosed) -> Failure:
    """The end of an open connection."""
    if closed.rcvd is None and closed.sent is not None and closed.sent.reason == _KEEPALIVE_FAILED:
        return Failure(Reason.HALF_OPEN, "no answer to a ping")
    if closed.sent is not None and closed.sent.code == _TOO_BIG and not closed.rcvd_then_sent:
        return Failure(Reason.DROPPED, "a frame was too large to be true")
    if closed.rcvd is not None:
        return Failure(Reason.DROPPED, f"{closed.rcvd.reason or 'closed'} ({closed.rcvd.code})")
    return Failure(Reason.DROPPED)


def of_opening(error: Exception, now: datetime) -> Failure:
    """An attempt that never became an open connection; `now` is for a Retry-After that names a date."""
    match error:
        case InvalidStatus():
            return _of_status(error, now)
        case TimeoutError():
            return Failure(Reason.TIMEOUT, "no answer while connecting")
        case ssl.SSLCertVerificationError():
            return Failure(Reason.NETWORK, f"the certificate is not valid: {error.verify_message}")
        case socket.gaierror():
            return Failure(Reason.NETWORK, "the host name is not known")
        case OSError():
            return Failure(Reason.NETWORK, error.strerror or type(error).__name__)
        case WebSocketException():
            # Its text may quote a proxy's address with its password.
            return Failure(Reason.REFUSED, type(error).__name__)
        case _:
            return Failure(Reason.NETWORK, type(error).__name__)


def _of_status(error: InvalidStatus, now: datetime) -> Failure:
    status = error.response.status_code
    detail = f"HTTP {status}"
    if status in (401, 403):
        return Failure(Reason.AUTH_FAILED, detail)
    if 300 <= status < 400:
        return Failure(Reason.REFUSED, f"{detail}: a redirect, which is never followed with keys in hand")
    pauses = error.response.headers.get_all("Retry-After")
    pause = retry_after_seconds(pauses[0], now) if pauses else None
    if status == 429:
        return Failure(Reason.RATE_LIMITED, detail, pause)
    if status >= 500:
        return Failure(Reason.SERVER_ERROR, detail, pause)
    return Failure(Reason.REFUSED, detail)

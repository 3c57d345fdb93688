"""Frames of the account's socket as they are on the wire: JSON, in binary frames on the paper host.

Protocol: Alpaca's websocket streaming for trading. Every message is a map: `stream` names its kind and `data` holds
the rest; an error has an `action` instead, after which the server closes.
"""

from typing import Any

import msgspec

from mytrader_tui.feeds.alpaca.lenient import part
from mytrader_tui.feeds.alpaca.order_rows import update
from mytrader_tui.feeds.alpaca.wire import Auth
from mytrader_tui.feeds.json_text import decode_json
from mytrader_tui.market.account.orders import OrderUpdate
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.text import clean

TRADE_UPDATES = "trade_updates"


# The server's own words are as they came, not yet cleaned: a key must be whole to be found and taken out.


class Authorization(msgspec.Struct, frozen=True):
    """The answer to a login, or to a request without one."""

    granted: bool
    status: str


class Listening(msgspec.Struct, frozen=True):
    """The whole of what is listened to now."""

    streams: tuple[str, ...]


class Refused(msgspec.Struct, frozen=True):
    """An error in the server's words, after which it closes."""

    detail: str


class Unreadable(msgspec.Struct, frozen=True):
    """A frame that says nothing that can be used, and why."""

    why: str


class Listen(msgspec.Struct, tag_field="action", tag="listen"):
    """Asks for these streams and no others."""

    data: Listening


Message = Authorization | Listening | Refused | OrderUpdate | Unreadable

_BAD = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class _Frame(msgspec.Struct):
    stream: Any = None
    action: Any = None
    data: Any = None


class _Authorization(msgspec.Struct):
    status: Any = None


class _Listening(msgspec.Struct):
    streams: list[Any] | None = None


class _Error(msgspec.Struct):
    error_message: Any = None


_frame = msgspec.json.Decoder(_Frame)


def decode(frame: bytes, receipt: Moment) -> Message:
    """What one `frame` says, received at `receipt`; whatever the bytes, nothing is raised."""
    try:
        raw = decode_json(_frame, frame)
    except _BAD as error:
        return Unreadable(clean(str(error)))
    if raw.action == "error":
        return Refused(_word((part(raw.data, _Error) or _Error()).error_message))
    match raw.stream:
        case "authorization":
            status = _word((part(raw.data, _Authorization) or _Authorization()).status)
            return Authorization(status == "authorized", status)
        case "listening":
            streams = (part(raw.data, _Listening) or _Listening()).streams or []
            return Listening(tuple(_word(each) for each in streams))
        case "trade_updates":
            return update(raw.data, receipt) or Unreadable("an update without an order")
        case _:
            return Unreadable("a message of an unknown kind")


def login(auth: Auth) -> bytes:
    """The login as JSON."""
    return msgspec.json.encode(auth)


def listen(*streams: str) -> bytes:
    """The request for `streams` as JSON."""
    return msgspec.json.encode(Listen(Listening(streams)))


def _word(raw: object) -> str:
    return raw if isinstance(raw, str) else ""

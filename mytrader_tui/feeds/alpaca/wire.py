"""Alpaca's market data frames as they are on the wire: typed messages, their decoder, and what the client sends.

Protocol: Alpaca's market data stream v2. Every frame is an array of maps, msgpack or JSON text; the key `T` names
the kind; keys not listed here are ignored.
"""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta, Raw

from mytrader_tui.market.text import clean

MAX_FRAME_BYTES = 16 * 1024 * 1024
MAX_SALVAGED = 100_000
"""Elements up to which a frame that does not decode as a whole is looked at one by one."""

MAX_WHY = 200

# What a status says in words: longer than any documented one.
_Words = Annotated[str, Meta(max_length=256)]
_Symbol = Annotated[str, Meta(min_length=1, max_length=24)]
_Code = Annotated[str, Meta(max_length=32)]
_Codes = Annotated[tuple[_Code, ...], Meta(max_length=32)]
_When = Annotated[datetime, Meta(tz=True)]
_Symbols = tuple[str, ...]


class TradeMessage(msgspec.Struct, tag_field="T", tag="t", gc=False, kw_only=True):
    """One print."""

    symbol: _Symbol = msgspec.field(name="S")
    price: float = msgspec.field(name="p")
    size: float = msgspec.field(name="s")
    time: _When = msgspec.field(name="t")
    trade_id: int | None = msgspec.field(name="i", default=None)
    exchange: _Code = msgspec.field(name="x", default="")
    conditions: _Codes | None = msgspec.field(name="c", default=None)
    tape: _Code = msgspec.field(name="z", default="")


class QuoteMessage(msgspec.Struct, tag_field="T", tag="q", gc=False, kw_only=True):
    """The best bid and ask; a price of 0 means that nobody quotes that side. Sizes are round lots."""

    symbol: _Symbol = msgspec.field(name="S")
    bid: float = msgspec.field(name="bp")
    ask: float = msgspec.field(name="ap")
    bid_size: float = msgspec.field(name="bs")
    ask_size: float = msgspec.field(name="as")
    time: _When = msgspec.field(name="t")


class _Bar(msgspec.Struct, gc=False, kw_only=True):
    symbol: _Symbol = msgspec.field(name="S")
    open: float = msgspec.field(name="o")
    high: float = msgspec.field(name="h")
    low: float = msgspec.field(name="l")
    close: float = msgspec.field(name="c")
    volume: float = msgspec.field(name="v")
    time: _When = msgspec.field(name="t")
    vwap: float | None = msgspec.field(name="vw", default=None)


class MinuteBarMessage(_Bar, tag_field="T", tag="b", gc=False, kw_only=True):
    """The minute that just ended."""


class DayBarMessage(_Bar, tag_field="T", tag="d", gc=False, kw_only=True):
    """The day so far, sent every minute."""


class UpdatedBarMessage(_Bar, tag_field="T", tag="u", gc=False, kw_only=True):
    """A minute bar again, after late trades."""


class StatusMessage(msgspec.Struct, tag_field="T", tag="s", gc=False, kw_only=True):
    """A trading halt, its end, or another status of the symbol's market; the texts are as they came."""

    symbol: _Symbol = msgspec.field(name="S")
    status_code: _Code = msgspec.field(name="sc")
    time: _When = msgspec.field(name="t")
    status: _Words = msgspec.field(name="sm", default="")
    reason: _Words = msgspec.field(name="rm", default="")


class CorrectionMessage(msgspec.Struct, tag_field="T", tag="c", gc=False, kw_only=True):
    """A print was corrected; comes by itself with every trades subscription."""

    symbol: _Symbol = msgspec.field(name="S")
    original_id: int = msgspec.field(name="oi")
    trade_id: int = msgspec.field(name="ci")
    price: float = msgspec.field(name="cp")
    size: float = msgspec.field(name="cs")
    time: _When = msgspec.field(name="t")
    exchange: _Code = msgspec.field(name="x", default="")
    conditions: _Codes | None = msgspec.field(name="cc", default=None)


class CancelMessage(msgspec.Struct, tag_field="T", tag="x", gc=False, kw_only=True):
    """A print was cancelled or in error; comes by itself with every trades subscription."""

    symbol: _Symbol = msgspec.field(name="S")
    trade_id: int = msgspec.field(name="i")
    time: _When = msgspec.field(name="t")
    exchange: _Code = msgspec.field(name="x", default="")


class SuccessMessage(msgspec.Struct, tag_field="T", tag="success", kw_only=True):
    """`connected` or `authenticated`."""

    msg: str


class ErrorMessage(msgspec.Struct, tag_field="T", tag="error", kw_only=True):
    """The server refuses something; `code` 400 to 411 or 500. `msg` is as it came, not yet cleaned."""

    code: int
    msg: str = ""


class SubscriptionMessage(msgspec.Struct, tag_field="T", tag="subscription", kw_only=True):
    """The whole of what is subscribed now."""

    trades: _Symbols = ()
    quotes: _Symbols = ()
    daily_bars: _Symbols = msgspec.field(name="dailyBars", default=())
    statuses: _Symbols = ()


Control = SuccessMessage | ErrorMessage | SubscriptionMessage
Message = (
    TradeMessage
    | QuoteMessage
    | MinuteBarMessage
    | DayBarMessage
    | UpdatedBarMessage
    | StatusMessage
    | CorrectionMessage
    | CancelMessage
    | Control
)


class Auth(msgspec.Struct, tag_field="action", tag="auth"):
    """The login. Never printed: it holds the keys in clear."""

    key: str
    secret: str

    def __repr__(self) -> str:
        return "Auth(***)"


class Subscribe(msgspec.Struct, tag_field="action", tag="subscribe", omit_defaults=True):
    """Adds to what is subscribed."""

    trades: _Symbols = ()
    quotes: _Symbols = ()
    daily_bars: _Symbols = msgspec.field(name="dailyBars", default=())
    statuses: _Symbols = ()


class Unsubscribe(Subscribe, tag_field="action", tag="unsubscribe", omit_defaults=True):
    """Takes away from what is subscribed."""


class Frame(msgspec.Struct):
    """What one frame holds: its readable messages in order, how many could not be read, and why the first could not."""

    messages: list[Message]
    dropped: int = 0
    why: str = ""


_BAD = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

_Salvaged = Annotated[list[Raw], Meta(max_length=MAX_SALVAGED)]
_msgpack_frame = msgspec.msgpack.Decoder(list[Message])
_msgpack_parts = msgspec.msgpack.Decoder(_Salvaged)
_msgpack_message: msgspec.msgpack.Decoder[Message] = msgspec.msgpack.Decoder(Message)
_json_frame = msgspec.json.Decoder(list[Message])
_json_parts = msgspec.json.Decoder(_Salvaged)
_json_message: msgspec.json.Decoder[Message] = msgspec.json.Decoder(Message)

# No msgpack array begins with any of these bytes, so text and binary cannot be taken for each other.
_JSON_STARTS = frozenset({b"[", b"{", b" ", b"\t", b"\r", b"\n"})


def decode(frame: bytes) -> Frame:
    """The messages of a `frame`; whatever the bytes, nothing is raised.

    A message that cannot be read costs only itself; a frame that is no array of messages counts as one.
    """
    is_json = frame[:1] in _JSON_STARTS
    try:
        return Frame(_json_frame.decode(frame) if is_json else _msgpack_frame.decode(frame))
    except _BAD:
        return _salvage(frame, is_json)


def encode(message: Auth | Subscribe) -> bytes:
    """A client's `message` as msgpack."""
    return msgspec.msgpack.encode(message)


def _salvage(frame: bytes, is_json: bool) -> Frame:
    try:
        parts = _json_parts.decode(frame) if is_json else _msgpack_parts.decode(frame)
    except _BAD as error:
        return Frame([], 1, clean(str(error), MAX_WHY))
    read = _json_message.decode if is_json else _msgpack_message.decode
    salvaged = Frame([])
    for part in parts:
        try:
            salvaged.messages.append(read(part))
        except _BAD as error:
            salvaged.dropped += 1
            salvaged.why = salvaged.why or clean(str(error), MAX_WHY)
    return salvaged

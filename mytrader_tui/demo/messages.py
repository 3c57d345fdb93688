"""Alpaca's market data messages as the demo sends them, and their two encodings.

Shapes are those of Alpaca's streaming market data v2: "T" comes first, times are RFC 3339 in JSON and the timestamp
extension (-1) in MessagePack. Sizes of quotes are round lots.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum

import msgspec

from mytrader_tui.demo.listings import Listing
from mytrader_tui.demo.prices import Walk

_TAPES = {"NYQ": "A", "PCX": "B"}


class Success(msgspec.Struct, tag_field="T", tag="success"):
    """A step of the handshake that went well."""

    msg: str


class ErrorMessage(msgspec.Struct, tag_field="T", tag="error"):
    """A refusal."""

    code: int
    msg: str


class SubscriptionMessage(msgspec.Struct, tag_field="T", tag="subscription", rename="camel"):
    """Everything that the socket is subscribed to."""

    trades: list[str]
    quotes: list[str]
    bars: list[str]
    updated_bars: list[str]
    daily_bars: list[str]
    statuses: list[str]
    lulds: list[str]
    corrections: list[str]
    cancel_errors: list[str]


_TRADE = {"symbol": "S", "trade_id": "i", "exchange": "x", "price": "p", "size": "s", "conditions": "c", "time": "t"}


class TradeMessage(msgspec.Struct, tag_field="T", tag="t", rename={**_TRADE, "tape": "z"}):
    """One print."""

    symbol: str
    trade_id: int
    exchange: str
    price: float
    size: float
    conditions: tuple[str, ...]
    time: datetime
    tape: str


_BID = {"bid_exchange": "bx", "bid": "bp", "bid_size": "bs"}
_ASK = {"ask_exchange": "ax", "ask": "ap", "ask_size": "as"}


class QuoteMessage(
    msgspec.Struct,
    tag_field="T",
    tag="q",
    rename={"symbol": "S", **_BID, **_ASK, "conditions": "c", "time": "t", "tape": "z"},
):
    """The best bid and ask."""

    symbol: str
    bid_exchange: str
    bid: float
    bid_size: int
    ask_exchange: str
    ask: float
    ask_size: int
    conditions: tuple[str, ...]
    time: datetime
    tape: str


_BAR = {"symbol": "S", "open": "o", "high": "h", "low": "l", "close": "c", "volume": "v"}
_BAR_REST = {"time": "t", "trades": "n", "vwap": "vw"}


class DailyBarMessage(msgspec.Struct, tag_field="T", tag="d", rename={**_BAR, **_BAR_REST}):
    """The day so far; `time` is the day's start in New York."""

    symbol: str
    open: float
    high: float
    low: float
    close: float
    volume: int
    time: datetime
    trades: int
    vwap: float


class MinuteBarMessage(DailyBarMessage, tag_field="T", tag="b", rename={**_BAR, **_BAR_REST}):
    """One minute."""


_STATUS = {"symbol": "S", "code": "sc", "text": "sm", "reason_code": "rc", "reason": "rm", "time": "t", "tape": "z"}


class StatusMessage(msgspec.Struct, tag_field="T", tag="s", rename=_STATUS):
    """A trading status such as a halt: code H halts, T trades."""

    symbol: str
    code: str
    text: str
    reason_code: str
    reason: str
    time: datetime
    tape: str


_CORRECTED = {"corrected_id": "ci", "corrected_price": "cp", "corrected_size": "cs", "corrected_conditions": "cc"}
_ORIGINAL = {"original_id": "oi", "original_price": "op", "original_size": "os", "original_conditions": "oc"}


class CorrectionMessage(
    msgspec.Struct,
    tag_field="T",
    tag="c",
    rename={"symbol": "S", "exchange": "x", **_ORIGINAL, **_CORRECTED, "time": "t", "tape": "z"},
):
    """A print that was other than printed."""

    symbol: str
    exchange: str
    original_id: int
    original_price: float
    original_size: float
    original_conditions: tuple[str, ...]
    corrected_id: int
    corrected_price: float
    corrected_size: float
    corrected_conditions: tuple[str, ...]
    time: datetime
    tape: str


_CANCEL = {"symbol": "S", "trade_id": "i", "exchange": "x", "price": "p", "size": "s", "action": "a", "time": "t"}


class CancelMessage(msgspec.Struct, tag_field="T", tag="x", rename={**_CANCEL, "tape": "z"}):
    """A print that never was: `action` is C where it was cancelled, E where it was an error."""

    symbol: str
    trade_id: int
    exchange: str
    price: float
    size: float
    action: str
    time: datetime
    tape: str


Print = (
    TradeMessage | QuoteMessage | DailyBarMessage | MinuteBarMessage | StatusMessage | CorrectionMessage | CancelMessage
)
Message = Success | ErrorMessage | SubscriptionMessage | Print


class Codec(Enum):
    """The encodings that a client chooses between by its Content-Type."""

    MSGPACK = "application/msgpack"
    JSON = "application/json"

    def encode(self, messages: Sequence[Message]) -> bytes:
        """The messages as one frame."""
        return msgspec.msgpack.encode(messages) if self is Codec.MSGPACK else msgspec.json.encode(messages)

    def decode(self, frame: bytes) -> dict[str, object]:
        """A client's frame. Raises msgspec.DecodeError for what is no map in this encoding."""
        if self is Codec.MSGPACK:
            return msgspec.msgpack.decode(frame, type=dict[str, object])
        return msgspec.json.decode(frame, type=dict[str, object])


def tape(listing: Listing) -> str:
    """The consolidated tape that reports the listing: A for New York, B for Arca, C for Nasdaq."""
    return _TAPES.get(listing.exchange, "C")


def trade_message(walk: Walk, trade_id: int, time: datetime, conditions: tuple[str, ...] = ("@",)) -> TradeMessage:
    """The walk's latest trade."""
    facts = walk.listing
    return TradeMessage(facts.symbol, trade_id, "V", walk.price, walk.size, conditions, time, tape(facts))


def quote_message(walk: Walk, time: datetime) -> QuoteMessage:
    """The walk's bid and ask."""
    facts, lots = walk.listing, 1 + walk.trades % 7
    return QuoteMessage(facts.symbol, "V", walk.bid, lots, "V", walk.ask, 8 - lots, ("R",), time, tape(facts))


def daily_bar_message(walk: Walk, day: datetime) -> DailyBarMessage:
    """The walk's day so far; `day` is its start."""
    return DailyBarMessage(
        walk.listing.symbol,
        walk.open,
        walk.high,
        walk.low,
        walk.price,
        walk.volume,
        day,
        walk.trades,
        walk.vwap,
    )


def minute_bar_message(walk: Walk, minute: datetime) -> MinuteBarMessage:
    """A minute in which the walk stood still: it keeps the day, not its minutes."""
    price = walk.price
    return MinuteBarMessage(walk.listing.symbol, price, price, price, price, walk.size, minute, 1, price)

"""From Alpaca's messages to market values."""

from datetime import UTC, datetime
from functools import lru_cache

import msgspec

from mytrader_tui.feeds.alpaca.wire import (
    CancelMessage,
    Control,
    CorrectionMessage,
    DayBarMessage,
    ErrorMessage,
    Message,
    QuoteMessage,
    StatusMessage,
    SubscriptionMessage,
    SuccessMessage,
    TradeMessage,
    decode,
)
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import BidAsk, Cancel, Correction, DayBar, Origin, Trade, TradingStatus, Update
from mytrader_tui.market.text import clean
from mytrader_tui.market.trust import halts

_MAX_REASON = 60
"""Characters of a halt's reason that are kept."""


class Reading(msgspec.Struct):
    """One frame read: prints in order, the server's own words, and what had to be dropped, with the first reason."""

    updates: list[Update]
    controls: list[Control]
    dropped: int = 0
    why: str = ""


def read(frame: bytes, origin: Origin, receipt: Moment) -> Reading:
    """What the bytes of one `frame`, received at `receipt`, say. Never raises."""
    decoded = decode(frame)
    reading = Reading([], [], decoded.dropped, decoded.why)
    for message in decoded.messages:
        try:
            if isinstance(message, QuoteMessage):
                reading.updates.append(_bid_ask(message, origin, receipt))
            elif isinstance(message, TradeMessage):
                reading.updates.append(_trade(message, origin, receipt))
            elif isinstance(message, SuccessMessage | ErrorMessage | SubscriptionMessage):
                reading.controls.append(message)
            elif (update := _rarer(message, origin, receipt)) is not None:
                reading.updates.append(update)
        except ValueError as error:
            reading.dropped += 1
            reading.why = reading.why or str(error)
    return reading


def _rarer(message: Message, origin: Origin, receipt: Moment) -> Update | None:
    """What is no trade and no quote; None for what has no place in a row, such as a minute bar."""
    match message:
        case DayBarMessage():
            return _day_bar(message, origin, receipt)
        case CorrectionMessage():
            return _correction(message, origin, receipt)
        case CancelMessage():
            return _cancel(message, origin, receipt)
        case StatusMessage():
            return _status(message, origin, receipt)
        case _:
            return None


def _trade(message: TradeMessage, origin: Origin, receipt: Moment) -> Trade:
    return Trade(
        symbol=_symbol(message.symbol),
        price=message.price,
        size=message.size,
        event_time=_in_utc(message.time),
        origin=origin,
        receipt=receipt,
        trade_id=message.trade_id,
        exchange=_word(message.exchange),
        conditions=_words(message.conditions) if message.conditions else (),
        tape=_word(message.tape),
    )


def _bid_ask(message: QuoteMessage, origin: Origin, receipt: Moment) -> BidAsk:
    bid, ask = message.bid or None, message.ask or None
    return BidAsk(
        symbol=_symbol(message.symbol),
        bid=bid,
        ask=ask,
        bid_size=None if bid is None else message.bid_size,
        ask_size=None if ask is None else message.ask_size,
        event_time=_in_utc(message.time),
        origin=origin,
        receipt=receipt,
    )


def _day_bar(message: DayBarMessage, origin: Origin, receipt: Moment) -> DayBar:
    return DayBar(
        symbol=_symbol(message.symbol),
        open=message.open,
        high=message.high,
        low=message.low,
        close=message.close,
        volume=message.volume,
        vwap=message.vwap or None,
        event_time=_in_utc(message.time),
        origin=origin,
        receipt=receipt,
    )


def _correction(message: CorrectionMessage, origin: Origin, receipt: Moment) -> Correction:
    exchange = _word(message.exchange)
    return Correction(
        symbol=_symbol(message.symbol),
        original=(message.original_id, exchange),
        corrected=(message.trade_id, exchange),
        price=message.price,
        size=message.size,
        event_time=_in_utc(message.time),
        origin=origin,
        receipt=receipt,
        conditions=None if message.conditions is None else _words(message.conditions),
    )


def _cancel(message: CancelMessage, origin: Origin, receipt: Moment) -> Cancel:
    return Cancel(
        symbol=_symbol(message.symbol),
        original=(message.trade_id, _word(message.exchange)),
        event_time=_in_utc(message.time),
        origin=origin,
        receipt=receipt,
    )


def _status(message: StatusMessage, origin: Origin, receipt: Moment) -> TradingStatus | None:
    code = _word(message.status_code)
    halted = halts.halting(code)
    if halted is None:
        return None
    return TradingStatus(
        symbol=_symbol(message.symbol),
        halted=halted,
        code=code,
        reason=clean(message.reason, _MAX_REASON) or clean(message.status, _MAX_REASON) or halts.meaning(code),
        event_time=_in_utc(message.time),
        origin=origin,
        receipt=receipt,
    )


def _in_utc(when: datetime) -> datetime:
    if when.tzinfo is UTC:
        return when
    try:
        return when.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("a time beyond the calendar") from error


# The texts repeat for ever, so cleaning them costs one look-up; the caches are bounded, as the texts are.


@lru_cache(maxsize=16384)
def _symbol(text: str) -> str:
    # A symbol that cleaning would change could turn into another one's name: it is refused, not repaired.
    if clean(text) != text:
        raise ValueError("a symbol with characters that no symbol has")
    return text


@lru_cache(maxsize=1024)
def _word(text: str) -> str:
    return clean(text)


@lru_cache(maxsize=1024)
def _words(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(clean(text) for text in texts)

"""What one market data socket is subscribed to, and what of a request is refused."""

import re

from mytrader_tui.demo.messages import (
    CancelMessage,
    CorrectionMessage,
    DailyBarMessage,
    MinuteBarMessage,
    Print,
    QuoteMessage,
    StatusMessage,
    SubscriptionMessage,
    TradeMessage,
)

CHANNELS = ("trades", "quotes", "bars", "updatedBars", "dailyBars", "statuses", "lulds")
_SYMBOL = re.compile(r"[A-Z]{1,5}(?:\.[A-Z]{1,2})?|FAKEPACA|ZZZZ[A-Z]*|NOPE[A-Z]*|\*")
_LIMITED = ("trades", "quotes")


class RefusedError(Exception):
    """A request that leaves the subscription as it was; `code` is Alpaca's."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Subscription:
    """The symbols of every channel, each list without doubles and in the order asked for."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._channels: dict[str, list[str]] = {channel: [] for channel in CHANNELS}

    @property
    def symbols(self) -> frozenset[str]:
        """The symbols that have trades or quotes."""
        return frozenset(symbol for channel in _LIMITED for symbol in self._channels[channel])

    def add(self, frame: dict[str, object]) -> None:
        """Add what `frame` lists. Raises RefusedError: 400 malformed, 405 over the limit."""
        wanted = {
            channel: list(dict.fromkeys([*present, *_listed(frame, channel)]))
            for channel, present in self._channels.items()
        }
        limited = {symbol for channel in _LIMITED for symbol in wanted[channel]}
        if len(limited) > self._limit or ("*" in limited and self._limit < 1000):
            raise RefusedError(405)
        self._channels = wanted

    def remove(self, frame: dict[str, object]) -> None:
        """Take off what `frame` lists. Raises RefusedError 400 if it is malformed."""
        unwanted = {channel: set(_listed(frame, channel)) for channel in CHANNELS}
        for channel, present in self._channels.items():
            self._channels[channel] = [symbol for symbol in present if symbol not in unwanted[channel]]

    def wants(self, message: Print) -> bool:
        """True if the socket is subscribed to `message`."""
        present = self._channels[_channel(message)]
        return message.symbol in present or "*" in present

    def message(self) -> SubscriptionMessage:
        """The whole subscription; corrections and cancellations come with the trades."""
        lists = self._channels
        return SubscriptionMessage(
            trades=lists["trades"],
            quotes=lists["quotes"],
            bars=lists["bars"],
            updated_bars=lists["updatedBars"],
            daily_bars=lists["dailyBars"],
            statuses=lists["statuses"],
            lulds=lists["lulds"],
            corrections=lists["trades"],
            cancel_errors=lists["trades"],
        )


def _listed(frame: dict[str, object], channel: str) -> list[str]:
    symbols = frame.get(channel, [])
    if not isinstance(symbols, list):
        raise RefusedError(400)
    for symbol in symbols:
        if not isinstance(symbol, str) or not _SYMBOL.fullmatch(symbol):
            raise RefusedError(400)
    return symbols


def _channel(message: Print) -> str:
    match message:
        case TradeMessage() | CorrectionMessage() | CancelMessage():
            return "trades"
        case QuoteMessage():
            return "quotes"
        case StatusMessage():
            return "statuses"
        case MinuteBarMessage():
            return "bars"
        case DailyBarMessage():
            return "dailyBars"

"""What should be subscribed, what is, and the difference: pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Flag

import msgspec

from mytrader_tui.feeds.alpaca.wire import Subscribe, SubscriptionMessage, Unsubscribe
from mytrader_tui.market.symbol import alpaca_can_know

STATUS_ATTEMPTS = 3
"""Sockets on which the statuses are asked for without an answer before they are no longer asked for."""

SYMBOLS_A_REQUEST = 400
"""Symbols in one request: some kilobytes, well below the 32 KiB that Alpaca's clients keep their frames under."""


class Channel(Flag):
    """What can be subscribed of a symbol."""

    NONE = 0
    TRADES = 1
    QUOTES = 2
    DAILY_BARS = 4
    ALL = 7
    STATUSES = 8


class Subscription(msgspec.Struct, frozen=True):
    """Symbols in their order of importance, each with its channels. Equal whatever the order."""

    channels: Mapping[str, Channel] = {}

    def __len__(self) -> int:
        return len(self.channels)

    def __contains__(self, symbol: str) -> bool:
        return symbol in self.channels

    def minus(self, other: "Subscription") -> "Subscription":
        """What this has and `other` lacks."""
        rest = {each: flags & ~other.of(each) for each, flags in self.channels.items()}
        return Subscription({each: flags for each, flags in rest.items() if flags})

    def plus(self, other: "Subscription") -> "Subscription":
        """Both together."""
        added = {each: flags | self.of(each) for each, flags in other.channels.items()}
        return Subscription({**self.channels, **added})

    def of(self, symbol: str) -> Channel:
        """The channels of `symbol`."""
        return self.channels.get(symbol, Channel.NONE)

    def on(self, channel: Channel) -> tuple[str, ...]:
        """The symbols that have `channel`."""
        return tuple(each for each, flags in self.channels.items() if channel in flags)

    def parts(self, size: int) -> Iterator["Subscription"]:
        """The same in parts of at most `size` symbols, in order."""
        symbols = list(self.channels)
        for start in range(0, len(symbols), size):
            yield Subscription({each: self.channels[each] for each in symbols[start : start + size]})


NOTHING = Subscription()


def acknowledged(message: SubscriptionMessage) -> Subscription:
    """What the server says is subscribed."""
    known = Subscription(dict.fromkeys(message.trades, Channel.TRADES))
    known = known.plus(Subscription(dict.fromkeys(message.quotes, Channel.QUOTES)))
    known = known.plus(Subscription(dict.fromkeys(message.daily_bars, Channel.DAILY_BARS)))
    return known.plus(Subscription(dict.fromkeys(message.statuses, Channel.STATUSES)))


def adding(part: Subscription) -> Subscribe:
    """The request that adds `part`."""
    return Subscribe(*_channels(part))


def removing(part: Subscription) -> Unsubscribe:
    """The request that takes `part` away."""
    return Unsubscribe(*_channels(part))


def _channels(part: Subscription) -> Iterator[tuple[str, ...]]:
    return (part.on(each) for each in (Channel.TRADES, Channel.QUOTES, Channel.DAILY_BARS, Channel.STATUSES))


def statuses_of(asked: Subscription) -> Subscription:
    """The statuses that belong to `asked`: those of the symbols whose trades are asked for."""
    return Subscription(dict.fromkeys(asked.on(Channel.TRADES), Channel.STATUSES))


class Demand:
    """What is wanted and what the server has taught us about it.

    `cap` is how many symbols may be asked for: the plan's limit as configured, or less once the server refused.
    The canary is a symbol whose quotes alone are wanted; it takes a place only where one is free.
    `status_attempts` is how often the trading statuses, which a plan may lack, may still be asked for in vain.
    """

    def __init__(self, max_symbols: int, canary: str) -> None:
        self._max_symbols = max_symbols
        self._canary = canary if alpaca_can_know(canary) else ""
        self._wanted: tuple[str, ...] = ()
        self._refused: frozenset[str] = frozenset()
        self.cap = max_symbols
        self.status_attempts = STATUS_ATTEMPTS

    @property
    def wanted(self) -> tuple[str, ...]:
        """The symbols asked of us that Alpaca can know, without repeats, the most important first."""
        return self._wanted

    def want(self, symbols: Sequence[str]) -> None:
        """Replace the list. A refused symbol that leaves it may try again when it returns."""
        self._wanted = tuple(dict.fromkeys(each for each in symbols if alpaca_can_know(each)))
        self._refused &= {*self._wanted, self._canary}

    def plan(self, cap: int | None = None) -> Subscription:
        """What to subscribe with at most `cap` symbols; a smaller cap always gives a beginning of a larger one's."""
        full = {each: Channel.ALL for each in self._wanted if each not in self._refused}
        if self._canary and self._canary not in self._wanted and self._canary not in self._refused:
            full[self._canary] = Channel.QUOTES
        limit = self.cap if cap is None else cap
        return Subscription(dict(list(full.items())[:limit]))

    def covered_by(self, acknowledged: Subscription) -> frozenset[str]:
        """The wanted symbols whose trades the server says it sends."""
        return frozenset(each for each in self._wanted if Channel.TRADES in acknowledged.of(each))

    def canary_in(self, acknowledged: Subscription) -> bool:
        """True if the canary's quotes are among what the server says it sends."""
        return bool(self._canary) and Channel.QUOTES in acknowledged.of(self._canary)

    def refuse(self, symbols: Iterable[str]) -> None:
        """The server cannot read these symbols: do not ask for them again."""
        self._refused |= set(symbols)

    def begin(self) -> None:
        """A new socket: where the server once allowed nothing at all, ask again."""
        if self.cap == 0:
            self.cap = self._max_symbols

    def forget_lessons(self) -> None:
        """Ask for everything again, as if the server had never refused anything."""
        self.cap = self._max_symbols
        self.status_attempts = STATUS_ATTEMPTS
        self._refused = frozenset()

    @property
    def note(self) -> str:
        """What the server did not give, in words; empty if nothing."""
        notes = []
        if self.cap < self._max_symbols:
            notes.append(f"the plan allows {self.cap} symbols")
        if self._refused:
            notes.append(f"the server refused {', '.join(sorted(self._refused))}")
        return "; ".join(notes)

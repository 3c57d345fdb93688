"""What the sources say of a symbol, each price with who said it, when it happened and when it was heard."""

from datetime import datetime
from enum import Enum

import msgspec

from mytrader_tui.market.moment import Moment
from mytrader_tui.market.session import Session


class Source(Enum):
    """Who says a price."""

    ALPACA = "alpaca"
    YAHOO = "yahoo"
    CACHE = "cache"


class Origin(msgspec.Struct, frozen=True):
    """Where a value comes from: its source, the source's feed, and how late that feed is by its own word.

    `delay_seconds` is 0 for a real-time feed and None where the source declares nothing.
    `polled` tells a repeated question from a stream.
    """

    source: Source
    feed: str
    delay_seconds: float | None
    polled: bool = False


class Trade(msgspec.Struct, frozen=True):
    """One print on the tape. `price` is in the symbol's currency, `size` in shares."""

    symbol: str
    price: float
    size: float
    event_time: datetime
    origin: Origin
    receipt: Moment
    trade_id: int | None = None
    exchange: str = ""
    conditions: tuple[str, ...] = ()


class BidAsk(msgspec.Struct, frozen=True):
    """The best bid and ask at one instant; a side that nobody quotes is None. Sizes are as the source counts them."""

    symbol: str
    bid: float | None
    ask: float | None
    bid_size: float | None
    ask_size: float | None
    event_time: datetime
    origin: Origin
    receipt: Moment


class DayBar(msgspec.Struct, frozen=True):
    """A symbol's trading day so far. `event_time` is the start of the day that the bar covers."""

    symbol: str
    open: float
    high: float
    low: float
    close: float
    volume: float
    vwap: float | None
    event_time: datetime
    origin: Origin
    receipt: Moment


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """One source's whole picture of one symbol.

    `receipt` is when the source last told us, or told us again, that `last` is the last price; `event_time` is
    when that trade happened. The bid and ask have times of their own. `session` is the source's own word on the
    symbol's market and None where it has none.
    """

    symbol: str
    origin: Origin
    receipt: Moment
    last: float | None = None
    last_size: float | None = None
    event_time: datetime | None = None
    previous_close: float | None = None
    open: float | None = None
    high: float | None = None
    low: float | None = None
    volume: float | None = None
    vwap: float | None = None
    day: datetime | None = None
    bid: float | None = None
    ask: float | None = None
    bid_size: float | None = None
    ask_size: float | None = None
    bid_ask_time: datetime | None = None
    bid_ask_receipt: Moment | None = None
    session: Session | None = None
    currency: str | None = None
    name: str | None = None

    @property
    def change(self) -> float | None:
        """`last` less `previous_close`, or None where either is unknown."""
        if self.last is None or self.previous_close is None:
            return None
        return self.last - self.previous_close

    @property
    def change_percent(self) -> float | None:
        """The change in percent of the previous close, or None where it is unknown."""
        change = self.change
        if change is None or not self.previous_close:
            return None
        return 100.0 * change / self.previous_close


Update = Trade | BidAsk | DayBar | Quote
"""Anything a feed can say about a symbol."""

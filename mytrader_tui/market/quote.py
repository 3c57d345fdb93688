"""What the sources say of a symbol, each price with who said it, when it happened and when it was heard."""

from datetime import datetime
from enum import Enum

import msgspec

from mytrader_tui.market.moment import Moment
from mytrader_tui.market.session import Session, hours_at
from mytrader_tui.market.trust.conditions import Effect, effect_of


class Source(Enum):
    """Who says a price."""

    ALPACA = "alpaca"
    YAHOO = "yahoo"
    CACHE = "cache"

    # Enum's own hash runs in Python, and every print looks up a key that holds a source.
    __hash__ = object.__hash__


class Origin(msgspec.Struct, frozen=True):
    """Where a value comes from: its source, the source's feed, and how late that feed is by its own word.

    `delay_seconds` is 0 for a real-time feed and None where the source declares nothing.
    `polled` tells a repeated question from a stream.
    """

    source: Source
    feed: str
    delay_seconds: float | None
    polled: bool = False


UNDECLARED_DELAY_SECONDS = 1200.0
"""How late a source may be that declares nothing."""

PrintId = tuple[int, str]
"""What names a trade among those of its symbol and day: its number and the exchange that gave it."""


class Trade(msgspec.Struct, frozen=True):
    """One print. `price` is in the symbol's currency, `size` in shares.

    `tape` is the consolidated tape that carries the symbol (A, B, C, O) and tells what the `conditions` mean.
    """

    symbol: str
    price: float
    size: float
    event_time: datetime
    origin: Origin
    receipt: Moment
    trade_id: int | None = None
    exchange: str = ""
    conditions: tuple[str, ...] = ()
    tape: str = ""

    @property
    def extended(self) -> bool:
        """True if this print sets the extended hours' price and never the last."""
        return effect_of(self.tape, self.conditions) is Effect.EXTENDED

    @property
    def print_id(self) -> PrintId | None:
        """What names this trade, or None where the source does not."""
        return None if self.trade_id is None else (self.trade_id, self.exchange)


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


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """The trade named `original` was other than printed: it is now the one named here. `event_time` is the notice's."""

    symbol: str
    original: PrintId
    corrected: PrintId
    price: float
    size: float
    event_time: datetime
    origin: Origin
    receipt: Moment
    conditions: tuple[str, ...] | None = None


class Cancel(msgspec.Struct, frozen=True, kw_only=True):
    """The trade named `original` never was: cancelled, or printed in error. `event_time` is the notice's."""

    symbol: str
    original: PrintId
    event_time: datetime
    origin: Origin
    receipt: Moment


class Repair(msgspec.Struct, frozen=True, kw_only=True):
    """The print that set a price was taken back: `trade` is the newest that stands, or None where none is known.

    `extended` tells which price: that of the extended hours or the last.
    """

    symbol: str
    trade: Trade | None
    extended: bool
    origin: Origin
    receipt: Moment


class Retraction(msgspec.Struct, frozen=True, kw_only=True):
    """A print of the regular session at `price` was taken back that is not the last, but may be its day's extreme.

    `event_time` is the print's.
    """

    symbol: str
    price: float
    event_time: datetime
    origin: Origin
    receipt: Moment


class TradingStatus(msgspec.Struct, frozen=True, kw_only=True):
    """A trading halt, or its end. `reason` is in words; `code` is the tape's."""

    symbol: str
    halted: bool
    code: str
    reason: str
    event_time: datetime
    origin: Origin
    receipt: Moment


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """One source's whole picture of one symbol.

    `receipt` is when the source last told us, or told us again, that `last` is the last price; `event_time` is
    when that trade happened, `print_id` what names it. The extended hours' price has a time and a name of its own, the
    bid and ask have a time. `session` is the source's own word on the symbol's market and None where it has none.
    `halted` is why the symbol does not trade, None while it does; `halt_time` is when its latest status was given.
    `open`, `high`, `low`, `volume` and `vwap` are of the regular session of `day`, where a stream's bar names one.
    `year_low` and `year_high` are those of the last 52 weeks.
    """

    symbol: str
    origin: Origin
    receipt: Moment
    last: float | None = None
    last_size: float | None = None
    event_time: datetime | None = None
    print_id: PrintId | None = None
    extended_last: float | None = None
    extended_time: datetime | None = None
    extended_receipt: Moment | None = None
    extended_print_id: PrintId | None = None
    previous_close: float | None = None
    open: float | None = None
    high: float | None = None
    low: float | None = None
    year_low: float | None = None
    year_high: float | None = None
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
    halted: str | None = None
    halt_time: datetime | None = None
    halt_receipt: Moment | None = None

    @property
    def in_extended(self) -> bool:
        """True if the newest print is one of the extended hours: its price, not `last`, is the one to show."""
        if self.extended_last is None or self.extended_time is None:
            return False
        return self.event_time is None or self.extended_time > self.event_time

    @property
    def price(self) -> float | None:
        """The price to show in any session: that of the newest print."""
        if self.extended_last is None:
            return self.last
        return self.extended_last if self.in_extended else self.last

    @property
    def price_time(self) -> datetime | None:
        """When the trade at `price` happened, where the source says."""
        return self.extended_time if self.in_extended else self.event_time

    @property
    def price_print_id(self) -> PrintId | None:
        """What names the trade at `price`, where the source does."""
        return self.extended_print_id if self.in_extended else self.print_id

    @property
    def price_receipt(self) -> Moment:
        """When the source last told us that `price` is the price."""
        return self.extended_receipt if self.in_extended and self.extended_receipt else self.receipt

    @property
    def price_session(self) -> Session:
        """The hours that `price` is of: those of New York for a print of the extended hours, else the regular ones.

        CLOSED is for a print that its source calls one of the extended hours, while New York has none.
        """
        if not self.in_extended or self.extended_time is None:
            return Session.REGULAR
        session = hours_at(self.extended_time).session
        return Session.CLOSED if session is Session.REGULAR else session

    @property
    def spans_close(self) -> bool:
        """True if `change` goes on past the regular close: it is the day's and what came after it, in one."""
        return self.price_session in (Session.POST, Session.CLOSED)

    @property
    def standing_bid(self) -> float | None:
        """The bid, as long as its source stands by it."""
        return self.bid if self._sides_stand else None

    @property
    def standing_ask(self) -> float | None:
        """The ask, as long as its source stands by it."""
        return self.ask if self._sides_stand else None

    @property
    def _sides_stand(self) -> bool:
        # A stream's stand until it tells others. A source that is asked has told the price since, and not these.
        told = self.bid_ask_receipt
        return told is None or not self.origin.polled or told.mono >= self.price_receipt.mono

    @property
    def change(self) -> float | None:
        """`price` less `previous_close`, or None where either is unknown.

        Before the open that is the move since the regular close, after the close the whole of the day's.
        """
        price = self.price
        if price is None or self.previous_close is None:
            return None
        return price - self.previous_close

    @property
    def change_percent(self) -> float | None:
        """The change in percent of the previous close, or None where it is unknown."""
        change = self.change
        if change is None or not self.previous_close:
            return None
        return 100.0 * change / self.previous_close


Update = Trade | BidAsk | DayBar | Quote | Correction | Cancel | TradingStatus
"""Anything a feed can say about a symbol."""

Believed = Trade | BidAsk | DayBar | Quote | Repair | Retraction | TradingStatus
"""What may go on the board once it was validated."""

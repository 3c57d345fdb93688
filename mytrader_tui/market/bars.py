"""Bars of the past: open, high, low, close and volume over equal spans, as one source tells them."""

from datetime import datetime
from enum import Enum

import msgspec

from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Origin
from mytrader_tui.market.session import Session

DAY_SECONDS = 86_400.0
WEEK_SECONDS = 7 * DAY_SECONDS


class Timeframe(Enum):
    """How much of the past a chart shows; the value is its name on the screen."""

    DAY = "1D"
    FIVE_DAYS = "5D"
    MONTH = "1M"
    THREE_MONTHS = "3M"
    SIX_MONTHS = "6M"
    YEAR = "1Y"
    FIVE_YEARS = "5Y"


class Plan(msgspec.Struct, frozen=True):
    """What a timeframe is made of: bars of `span_seconds`, over so many trading days or else so many months.

    `extended` tells whether the bars before the open and after the close belong to it. Whole days have neither.
    """

    span_seconds: float
    trading_days: int = 0
    months: int = 0
    extended: bool = False

    @property
    def intraday(self) -> bool:
        """True for spans of less than a day."""
        return self.span_seconds < DAY_SECONDS


PLANS = {
    Timeframe.DAY: Plan(300.0, trading_days=1, extended=True),
    Timeframe.FIVE_DAYS: Plan(1800.0, trading_days=5, extended=True),
    Timeframe.MONTH: Plan(3600.0, months=1),
    Timeframe.THREE_MONTHS: Plan(DAY_SECONDS, months=3),
    Timeframe.SIX_MONTHS: Plan(DAY_SECONDS, months=6),
    Timeframe.YEAR: Plan(DAY_SECONDS, months=12),
    Timeframe.FIVE_YEARS: Plan(WEEK_SECONDS, months=60),
}
"""At most some 260 bars each: as many as a wide terminal can tell apart."""


class Bar(msgspec.Struct, frozen=True):
    """What traded from `start` (aware UTC) on, for the series' span. `volume` is in shares; None where unknown.

    A bar of a whole day starts at New York's midnight of its date in the exchange's own calendar, one of a week at
    that of its Monday. `session` is PRE, REGULAR or POST for a bar within a day, and REGULAR for whole days.
    """

    start: datetime
    open: float
    high: float
    low: float
    close: float
    volume: float | None
    session: Session = Session.REGULAR


class BarSeries(msgspec.Struct, frozen=True):
    """The bars of `symbol`, oldest first, each `span_seconds` long, as `origin` told them at `receipt`.

    `previous_close` is the close before the first bar's day where the source says it. `currency` is ISO 4217, or GBp.
    `note` says in words what is amiss (`kept from Fri 20 Nov 09:41 New York: ...`); empty if nothing is. `zone` is
    the exchange's own, by whose calendar a day is that day. `live_bars.live` keeps the last bar moving.
    """

    symbol: str
    timeframe: Timeframe
    span_seconds: float
    bars: tuple[Bar, ...]
    origin: Origin
    receipt: Moment
    previous_close: float | None = None
    currency: str | None = None
    note: str = ""
    zone: str = "America/New_York"

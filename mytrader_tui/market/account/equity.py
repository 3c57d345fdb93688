"""The account's worth over time, as the broker kept it."""

from datetime import datetime
from decimal import Decimal
from typing import Literal

import msgspec

from mytrader_tui.market.moment import Moment

EquityPeriod = Literal["1D", "1W", "1M", "3M", "1A"]
"""A day, a week, one month, three months, a year (Alpaca's letter for years is A)."""


class EquityPoint(msgspec.Struct, frozen=True):
    """The equity `at` an instant in UTC, and the profit since the history's base where the broker says it."""

    at: datetime
    equity: Decimal
    profit: Decimal | None = None


class EquityHistory(msgspec.Struct, frozen=True, kw_only=True):
    """The points of a `period` in order of time. `base` is the equity before the first, from which profit counts."""

    period: EquityPeriod
    points: tuple[EquityPoint, ...]
    base: Decimal | None
    receipt: Moment

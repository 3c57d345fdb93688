"""How long bars that were once told may be shown without asking again."""

from datetime import datetime

from mytrader_tui.market.bar_days import next_edge
from mytrader_tui.market.bars import PLANS, BarSeries, Timeframe
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.session import Session, hours_at
from mytrader_tui.market.symbol import alpaca_can_know

_SECONDS = {Timeframe.DAY: 60.0, Timeframe.FIVE_DAYS: 300.0, Timeframe.MONTH: 600.0}
_FOREIGN_DAYS = 3600.0
"""Whole days of what keeps other hours than New York's."""

_AMISS = 300.0
"""A series of the second choice: the first may be back."""

_LONGEST = 86_400.0


def is_fresh(series: BarSeries, now: Moment) -> bool:
    """True while asking again would bring little more than the stream does.

    Bars within a day of a US listing stand still while its market is closed, whole days until the next edge of the
    trading day. What came with a note is asked for again soon.
    """
    age = now.seconds_since(series.receipt)
    limit = _SECONDS.get(series.timeframe, _FOREIGN_DAYS)
    if age < min(limit, _AMISS if series.note else limit):
        return True
    if series.note or age >= _LONGEST or not alpaca_can_know(series.symbol):
        return False
    told = series.receipt.wall
    return now.wall < (_next_session(told) if PLANS[series.timeframe].intraday else next_edge(told))


def _next_session(told: datetime) -> datetime:
    """When trading goes on after `told`, which is then already if it was not closed."""
    hours = hours_at(told)
    return hours.until if hours.session is Session.CLOSED else told

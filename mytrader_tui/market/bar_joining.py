"""Bars that are kept, gone on with by those told since: what has to be asked for, and whether the two fit."""

from datetime import date, datetime, timedelta

from msgspec.structs import replace

from mytrader_tui.market.bar_building import in_order
from mytrader_tui.market.bar_days import SETTLING, day_of, first_day, local_date
from mytrader_tui.market.bars import PLANS, Bar, BarSeries, Timeframe
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import UNDECLARED_DELAY_SECONDS, Source

OVERLAP = 3
"""Closed bars that are told again, to see whether they still are what they were."""

_ROUNDING = 1e-4
"""What two tellings of one price may differ by, as a part of it or in its currency. The least split is a percent."""

_NEW_YORK = "America/New_York"


def asked_from(kept: BarSeries, now: Moment) -> datetime | None:
    """Where to begin to ask so that what is told goes on from `kept`; None if all of it has to be told anew.

    That is where it is of the second choice (it has a note), where too few bars of it are closed, and where its first
    day has moved on and only the source can say what the close before it was.
    """
    settled = _settled(kept)
    if kept.note or len(settled) < OVERLAP:
        return None
    if PLANS[kept.timeframe].intraday and not _same_days(kept, now):
        return None
    since = settled[-OVERLAP].start
    return since if day_of(since) >= first_day(kept.timeframe, now.wall) else None


def continued(kept: BarSeries, told: BarSeries) -> BarSeries | None:
    """`kept` and after it what was `told` from `asked_from` on; None where the two disagree on a closed bar.

    Then a split or a correction has changed the past too. The close before a first day that has moved on is None.
    """
    source = (told.origin.source, told.origin.feed)
    if source != (kept.origin.source, kept.origin.feed) or told.zone != kept.zone or not told.bars:
        return None
    again = {bar.start: bar for bar in told.bars}
    closed = [bar for bar in _settled(kept) if bar.start >= told.bars[0].start]
    if not closed or not all(_agree(bar, again.get(bar.start)) for bar in closed):
        return None
    before = (bar for bar in kept.bars if bar.start < told.bars[0].start)
    whole = replace(
        told,
        bars=in_order((*before, *told.bars)),
        previous_close=kept.previous_close,
        currency=told.currency or kept.currency,
    )
    return since_day(whole, first_day(told.timeframe, told.receipt.wall))


def since_day(series: BarSeries, first: date) -> BarSeries:
    """`series` without the days before `first`, if any are left then.

    Of whole days the last that goes is the close before the others; within a day that is not known. Days of another
    calendar than New York's are left as their source gave them.
    """
    if series.zone != _NEW_YORK and PLANS[series.timeframe].intraday:
        return series
    gone = [bar for bar in series.bars if day_of(bar.start) < first]
    if not gone or len(gone) == len(series.bars):
        return series
    previous = None if PLANS[series.timeframe].intraday else gone[-1].close
    return replace(series, bars=series.bars[len(gone) :], previous_close=previous)


def _settled(series: BarSeries) -> tuple[Bar, ...]:
    """The bars of which no later telling should differ: closed well before they were told."""
    delay = series.origin.delay_seconds
    late = timedelta(seconds=UNDECLARED_DELAY_SECONDS if delay is None else delay)
    until = series.receipt.wall - SETTLING - late - timedelta(seconds=series.span_seconds)
    return tuple(bar for bar in series.bars if bar.start <= until)


def _same_days(kept: BarSeries, now: Moment) -> bool:
    """True if a chart of these days still begins where `kept` does, or Alpaca can be asked for the close before."""
    told = kept.receipt.wall
    if kept.zone != _NEW_YORK:
        return local_date(told, kept.zone) == local_date(now.wall, kept.zone)
    if kept.origin.source is Source.ALPACA and kept.timeframe is not Timeframe.DAY:
        return True
    return first_day(kept.timeframe, told) == first_day(kept.timeframe, now.wall)


def _agree(kept: Bar, told: Bar | None) -> bool:
    if told is None:
        return False
    pairs = zip((kept.open, kept.high, kept.low, kept.close), (told.open, told.high, told.low, told.close), strict=True)
    return all(abs(one - other) <= _ROUNDING * max(1.0, abs(one)) for one, other in pairs)

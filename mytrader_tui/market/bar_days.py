"""The calendar of bars: which session a bar is of, where a day and a week begin, how far a timeframe reaches back."""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mytrader_tui.market.bars import PLANS, Timeframe
from mytrader_tui.market.session import NEW_YORK, Session, hours_at, trading_day

SETTLING = timedelta(minutes=20)
"""How long after an edge of the day a source that is a quarter of an hour late may still not tell of it."""

_LOOK = timedelta(days=1)
_ZONE = re.compile(r"[A-Za-z]{2,20}(?:[/_+\-][A-Za-z0-9]{1,20}){0,4}")


def session_at(instant: datetime) -> Session:
    """PRE, REGULAR or POST for a bar that starts at `instant` (aware), by New York's rules.

    What traded on a day on which New York does not trade did so in a market without extended hours.
    """
    local = instant.astimezone(NEW_YORK)
    day = trading_day(local.date())
    if day is None or day.open <= local < day.close:
        return Session.REGULAR
    return Session.PRE if local < day.open else Session.POST


@lru_cache(maxsize=4096)
def day_start(day: date) -> datetime:
    """New York's midnight at which `day` begins, in UTC."""
    return datetime.combine(day, time(), NEW_YORK).astimezone(UTC)


def day_of(start: datetime) -> date:
    """The date of a bar of whole days that starts at `start`."""
    return start.astimezone(NEW_YORK).date()


def monday_of(day: date) -> date:
    """The Monday of the week of `day`."""
    return day - timedelta(days=day.weekday())


def local_date(instant: datetime, zone: str) -> date:
    """The date of `instant` (aware) by the clocks of `zone`."""
    return instant.astimezone(ZoneInfo(zone)).date()


def is_zone(name: object) -> bool:
    """True if there is a time zone of that name, which comes from outside."""
    if not isinstance(name, str) or not _ZONE.fullmatch(name):
        return False
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def present_day(now: datetime) -> date:
    """The latest New York day whose pre-market has begun by `now` (aware): Friday on a weekend."""
    return hours_at(now).since.astimezone(NEW_YORK).date()


def first_day(timeframe: Timeframe, now: datetime) -> date:
    """The first day of `timeframe` as of `now` (aware)."""
    plan, day = PLANS[timeframe], present_day(now)
    if plan.months:
        return months_before(day, plan.months)
    for _ in range(plan.trading_days - 1):
        day -= timedelta(days=1)
        while trading_day(day) is None:
            day -= timedelta(days=1)
    return day


def months_before(day: date, months: int) -> date:
    """The same day of the month so many months before `day`, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def trades_between(day: date, later: date) -> bool:
    """True if New York trades on a day after `day` and before `later`."""
    between = (day + timedelta(days=step) for step in range(1, (later - day).days))
    return any(trading_day(each) is not None for each in between)


def next_edge(instant: datetime) -> datetime:
    """The first opening or closing of New York's regular session, settled, after `instant` (aware), in UTC."""
    day = instant.astimezone(NEW_YORK).date() - _LOOK
    while True:
        hours = trading_day(day)
        for edge in (hours.open, hours.close) if hours is not None else ():
            settled = edge.astimezone(UTC) + SETTLING
            if settled > instant:
                return settled
        day += timedelta(days=1)

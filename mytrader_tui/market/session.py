"""When New York trades: pre, regular, post or closed, and when that next changes.

The rules are the New York Stock Exchange's holidays and early closings (NYSE Rule 7.2 and its yearly notices)
and the consolidated tape's hours, 04:00 to 20:00 Eastern Time.
"""

from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from functools import lru_cache
from zoneinfo import ZoneInfo

import msgspec

NEW_YORK = ZoneInfo("America/New_York")

_PRE = time(4, 0)
_OPEN = time(9, 30)
_CLOSE = time(16, 0)
_POST = time(20, 0)
_EARLY_CLOSE = time(13, 0)
_EARLY_POST = time(17, 0)
_WEEKEND = 5
TEST_MARKET = "test market"
"""The note of a market that never closes."""

_JUNETEENTH_SINCE = 2022

# Closings that no rule foretells: two days of hurricane Sandy and two days of national mourning.
_UNSCHEDULED = {
    date(2012, 10, 29): "hurricane Sandy",
    date(2012, 10, 30): "hurricane Sandy",
    date(2018, 12, 5): "day of mourning",
    date(2025, 1, 9): "day of mourning",
}


class Session(Enum):
    """A part of the trading day."""

    PRE = "pre"
    REGULAR = "regular"
    POST = "post"
    CLOSED = "closed"


class MarketHours(msgspec.Struct, frozen=True):
    """The session at one instant, from `since` until `until` (aware UTC), and why it is unusual, if it is.

    While closed, `since` is when the latest session ended; `next_open` is the next regular opening. `early_close`
    is when the day's regular session ends, where that is before the usual time.
    """

    session: Session
    since: datetime
    until: datetime
    next_open: datetime
    note: str = ""
    early_close: datetime | None = None


class BrokerClock(msgspec.Struct, frozen=True):
    """What the broker says of the market (all aware): it knows of closings that no rule foretells."""

    timestamp: datetime
    is_open: bool
    next_open: datetime
    next_close: datetime


class TradingDay(msgspec.Struct, frozen=True):
    """One day's sessions in New York's time; `note` names a half day."""

    pre: datetime
    open: datetime
    close: datetime
    post: datetime
    note: str = ""


class BrokerCalendar(msgspec.Struct, frozen=True):
    """The broker's word on every day from `first` to `last`: those that are not among its `days` have no trading."""

    first: date
    last: date
    days: tuple[TradingDay, ...]

    def day(self, day: date) -> TradingDay | None:
        """What the broker says of `day`, with a note where the rules say otherwise; the rules beyond its reach."""
        rules = trading_day(day)
        if not self.first <= day <= self.last:
            return rules
        said = next((each for each in self.days if each.open.astimezone(NEW_YORK).date() == day), None)
        if said is None or (rules is not None and (said.open, said.close) == (rules.open, rules.close)):
            return rules if said else None
        note = (
            "half day" if rules is not None and said.close < rules.close else "open" if rules is None else "other hours"
        )
        return msgspec.structs.replace(
            said,
            pre=min(said.pre, said.open),
            post=max(said.post, said.close),
            note=f"{note} by the broker's calendar",
        )


def _nth(year: int, month: int, weekday: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _last_monday_of_may(year: int) -> date:
    last = date(year, 5, 31)
    return last - timedelta(days=last.weekday())


def _easter(year: int) -> date:
    """Easter Sunday by the anonymous Gregorian computus."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def _observed(day: date) -> date:
    shift = {5: -1, 6: 1}.get(day.weekday(), 0)
    return day + timedelta(days=shift)


@lru_cache(maxsize=64)
def holidays(year: int) -> dict[date, str]:
    """The weekdays of `year` on which New York does not trade, with their names."""
    days = {
        _nth(year, 1, 0, 3): "Martin Luther King Day",
        _nth(year, 2, 0, 3): "Presidents Day",
        _easter(year) - timedelta(days=2): "Good Friday",
        _last_monday_of_may(year): "Memorial Day",
        _observed(date(year, 7, 4)): "Independence Day",
        _nth(year, 9, 0, 1): "Labor Day",
        _nth(year, 11, 3, 4): "Thanksgiving",
        _observed(date(year, 12, 25)): "Christmas",
    }
    # A New Year's Day on a Saturday is not made up for: the Friday before belongs to the old year's books.
    if date(year, 1, 1).weekday() != 5:
        days[_observed(date(year, 1, 1))] = "New Year's Day"
    if year >= _JUNETEENTH_SINCE:
        days[_observed(date(year, 6, 19))] = "Juneteenth"
    days |= {day: name for day, name in _UNSCHEDULED.items() if day.year == year}
    return days


def _half_day(day: date) -> str:
    if day == _nth(day.year, 11, 3, 4) + timedelta(days=1):
        return "half day after Thanksgiving"
    if (day.month, day.day) == (12, 24):
        return "half day before Christmas"
    if (day.month, day.day) == (7, 3):
        return "half day before Independence Day"
    return ""


@lru_cache(maxsize=512)
def trading_day(day: date) -> TradingDay | None:
    """The sessions of `day`, or None where New York does not trade on it."""
    if day.weekday() >= _WEEKEND or day in holidays(day.year):
        return None
    note = _half_day(day)

    def at(hour: time) -> datetime:
        return datetime.combine(day, hour, NEW_YORK)

    return TradingDay(
        at(_PRE), at(_OPEN), at(_EARLY_CLOSE if note else _CLOSE), at(_EARLY_POST if note else _POST), note
    )


def _day(day: date, calendar: BrokerCalendar | None) -> TradingDay | None:
    return trading_day(day) if calendar is None else calendar.day(day)


def _neighbour(day: date, step: int, calendar: BrokerCalendar | None) -> TradingDay:
    while True:
        day += timedelta(days=step)
        if (found := _day(day, calendar)) is not None:
            return found


def hours_at(now: datetime, calendar: BrokerCalendar | None = None) -> MarketHours:
    """The market's hours at `now` (aware) by the rules, and by the broker's `calendar` on the days that it knows."""
    local = now.astimezone(NEW_YORK)
    day = local.date()
    today = _day(day, calendar)
    following = _neighbour(day, 1, calendar)
    if today is None:
        previous = _neighbour(day, -1, calendar)
        return _hours(Session.CLOSED, previous.post, following.pre, following.open, _closed_because(day))
    if now < today.pre:
        return _hours(Session.CLOSED, _neighbour(day, -1, calendar).post, today.pre, today.open, "")
    if now < today.open:
        return _trading(Session.PRE, today.pre, today.open, today.open, today)
    if now < today.close:
        return _trading(Session.REGULAR, today.open, today.close, following.open, today)
    if now < today.post:
        return _trading(Session.POST, today.close, today.post, following.open, today)
    return _hours(Session.CLOSED, today.post, following.pre, following.open, "")


def latest_hours_since(now: datetime) -> datetime:
    """When the trading day of `now` (aware) began, while closed the latest one; before the open, the post hours.

    What traded since then is of the present session or of the one before it.
    """
    hours = hours_at(now)
    date = hours.since.astimezone(NEW_YORK).date()
    day = trading_day(date)
    if hours.session is Session.PRE or day is None:
        return _neighbour(date, -1, None).close.astimezone(UTC)
    return day.pre.astimezone(UTC)


def _closed_because(day: date) -> str:
    """Why there is no trading on `day`; nothing is said of a weekend."""
    if day.weekday() >= _WEEKEND:
        return ""
    return holidays(day.year).get(day, "closed by the broker's calendar")


def _trading(session: Session, since: datetime, until: datetime, next_open: datetime, today: TradingDay) -> MarketHours:
    early = today.close.astimezone(UTC) if today.close.astimezone(NEW_YORK).time() < _CLOSE else None
    return msgspec.structs.replace(_hours(session, since, until, next_open, today.note), early_close=early)


def _hours(session: Session, since: datetime, until: datetime, next_open: datetime, note: str) -> MarketHours:
    return MarketHours(session, since.astimezone(UTC), until.astimezone(UTC), next_open.astimezone(UTC), note)


def hours_by_broker(now: datetime, clock: BrokerClock | None, calendar: BrokerCalendar | None = None) -> MarketHours:
    """The hours at `now`: the broker's clock wins over its calendar, and that over the rules, as far as each reaches.

    A clock read before its own next opening or closing says nothing of what comes after it.
    """
    rules = hours_at(now, calendar)
    if clock is None:
        return rules
    if clock.is_open and now < clock.next_close:
        if rules.session is Session.REGULAR:
            return _closing_at(rules, clock.next_close.astimezone(UTC))
        return MarketHours(
            Session.REGULAR, clock.timestamp, clock.next_close, clock.next_open, "open by the broker's clock"
        )
    if clock.is_open or now >= clock.next_open:
        return rules
    skips_today = rules.session is Session.PRE and clock.next_open > rules.until
    if rules.session is Session.REGULAR or skips_today:
        # A trading day by the rules on which the broker is shut is an unscheduled closing.
        return MarketHours(
            Session.CLOSED, clock.timestamp, clock.next_open, clock.next_open, "closed by the broker's clock"
        )
    return msgspec.structs.replace(rules, next_open=clock.next_open)


def _closing_at(rules: MarketHours, until: datetime) -> MarketHours:
    """A regular session that ends when the broker's clock says."""
    if until == rules.until:
        return rules
    early = until if until < rules.until else None
    note = "half day by the broker's clock" if early else "other hours by the broker's clock"
    return msgspec.structs.replace(rules, until=until, note=note, early_close=early)


def always_open(now: datetime) -> MarketHours:
    """The hours of a market that never closes, such as Alpaca's test stream."""
    far = now + timedelta(days=1)
    return MarketHours(Session.REGULAR, now - timedelta(days=1), far, far, TEST_MARKET)

"""The demo's trading hours: open or closed as told whatever the real New York does, or New York's own by the clock."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Literal

from mytrader_tui.market.moment import Moment
from mytrader_tui.market.session import NEW_YORK, Session, hours_at, trading_day

DemoSession = Literal["regular", "closed", "calendar"]

_STILL_OPEN = timedelta(hours=4)
_OPEN_SINCE = timedelta(hours=3)


class DemoHours:
    """Answers every question about the session at an instant (aware); all answers are aware, in New York's time."""

    def __init__(self, clock: Callable[[], Moment]) -> None:
        self._clock = clock
        self.session: DemoSession = "regular"

    @property
    def part(self) -> Session:
        """The part of the trading day that the demo is in now."""
        if self.session == "calendar":
            return hours_at(self._clock().wall).session
        return Session.REGULAR if self.session == "regular" else Session.CLOSED

    @property
    def is_open(self) -> bool:
        """True while the demo's regular session lasts."""
        return self.part is Session.REGULAR

    @property
    def prints(self) -> bool:
        """True while there are trades and quotes, before and after the regular session too."""
        return self.part is not Session.CLOSED

    def next_close(self, now: datetime) -> datetime:
        """The end of the present session, or of the next."""
        if not self.is_open:
            opening = self.next_open(now)
            day = trading_day(opening.date())
            return day.close if day is not None else opening + _STILL_OPEN
        hours = hours_at(now)
        if hours.session is Session.REGULAR:
            return hours.until.astimezone(NEW_YORK)
        return _whole_hour(now + _STILL_OPEN)

    def next_open(self, now: datetime) -> datetime:
        """The next regular opening after the present session."""
        after = self.next_close(now) if self.is_open else now
        return hours_at(after).next_open.astimezone(NEW_YORK)

    def opened(self, now: datetime) -> datetime:
        """When the session that the prices belong to began."""
        day = trading_day(self.day(now).date())
        if day is not None and day.open + timedelta(minutes=15) <= now and (not self.is_open or now < day.close):
            return day.open
        return (now - _OPEN_SINCE).astimezone(NEW_YORK).replace(second=0, microsecond=0)

    def day(self, now: datetime) -> datetime:
        """Midnight of the day that the prices belong to, which is how bars of days are stamped."""
        local = self.last_print(now, now).astimezone(NEW_YORK)
        return datetime.combine(local.date(), time(), NEW_YORK)

    def last_print(self, when: datetime, now: datetime) -> datetime:
        """`when`, or if the market is closed the end of the latest session before `now`, whichever is earlier."""
        if self.is_open:
            return when
        hours = hours_at(now)
        if self.session == "calendar":
            end = _latest_close(now)
        else:
            end = hours.since if hours.session is Session.CLOSED else now - timedelta(minutes=5)
        return min(when, end)

    def regular_close(self, now: datetime) -> datetime | None:
        """When the latest regular session ended, if the demo keeps New York's hours and is outside them."""
        return _latest_close(now) if self.session == "calendar" and not self.is_open else None

    def close_before(self, now: datetime) -> datetime:
        """The end of the regular session of the trading day before `now`'s."""
        return _latest_close(datetime.combine(now.astimezone(NEW_YORK).date(), time(), NEW_YORK))


def _whole_hour(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0).astimezone(NEW_YORK)


def _latest_close(now: datetime) -> datetime:
    """The end of the latest regular session before `now`."""
    date = now.astimezone(NEW_YORK).date()
    while (day := trading_day(date)) is None or day.close > now:
        date -= timedelta(days=1)
    return day.close

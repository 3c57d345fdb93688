"""Spans and times of day as people read them."""

from datetime import datetime, tzinfo

from mytrader_tui.market.freshness import short_span
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.session import NEW_YORK, TEST_MARKET, MarketHours, Session

_NEXT = {
    Session.PRE: "opens",
    Session.REGULAR: "closes",
    Session.POST: "ends",
    Session.CLOSED: "pre-market",
}


def long_span(seconds: float) -> str:
    """A span in its two largest units, rounded down: `42s`, `14m`, `2h 05m`, `3d 4h`."""
    minutes = int(max(0.0, seconds)) // 60
    if minutes < 60:
        return short_span(max(0.0, seconds))
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours}h {minutes:02}m"
    days, hours = divmod(hours, 24)
    return f"{days}d {hours}h"


def session_forms(hours: MarketHours, now: Moment, zone: tzinfo | None) -> tuple[str, ...]:
    """The session and when it changes, the fullest form first: `regular · closes in 2h 05m at 22:00 CET (16:00 NY)`.

    `zone` is home (None: the system's). An unusual day says why, and before it opens when it closes.
    """
    name = hours.session.value
    if hours.note == TEST_MARKET:
        return (f"{name} · {hours.note}, never closes", name)
    change = f"{_next_change(hours)} in {long_span((hours.until - now.wall).total_seconds())}"
    here, there = _times_of(hours.until, now, zone)
    why = f"{name} · {note}" if (note := _note(hours)) else name
    both = f"at {here} ({there} NY)" if here else f"at {there} NY"
    forms = (
        f"{why} · {change} {both}",
        f"{why} · {change} ({there} NY)",
        f"{why} · {change}",
        f"{name} · {change}",
        name,
    )
    return tuple(dict.fromkeys(forms))


def _next_change(hours: MarketHours) -> str:
    """What comes next; a closed market that opens without a pre-market opens."""
    if hours.session is Session.CLOSED and hours.until == hours.next_open:
        return _NEXT[Session.PRE]
    return _NEXT[hours.session]


def _note(hours: MarketHours) -> str:
    """Why the day is unusual; of a half day also when it will close, until that is the next change anyway."""
    if hours.early_close is not None and hours.session is Session.PRE:
        return f"{hours.note}, closes {hours.early_close.astimezone(NEW_YORK):%H:%M} NY"
    return hours.note


def _times_of(at: datetime, now: Moment, zone: tzinfo | None) -> tuple[str, str]:
    """`at` at home and in New York; the first is empty where both are the same. Another day than today is named."""
    here, there = at.astimezone(zone), at.astimezone(NEW_YORK)
    home = f"{_day(here, now.wall.astimezone(zone))}{here:%H:%M} {zone_name(here)}"
    away = f"{_day(there, now.wall.astimezone(NEW_YORK))}{there:%H:%M}"
    return ("" if here.utcoffset() == there.utcoffset() else home), away


def _day(at: datetime, now: datetime) -> str:
    return "" if at.date() == now.date() else f"{at:%a} "


def clock_forms(wall: datetime, zone: tzinfo | None) -> tuple[str, ...]:
    """The time of day at home (`zone`, None for the system's) and in New York, the fullest form first.

    `wall` is aware. A zone that shows New York's time is not said twice.
    """
    here = wall.astimezone(zone)
    there = wall.astimezone(NEW_YORK)
    new_york = f"{there:%H:%M:%S} New York"
    if here.utcoffset() == there.utcoffset():
        return (new_york, f"{there:%H:%M:%S} NY", f"{there:%H:%M} NY")
    name = zone_name(here)
    return (
        f"{here:%H:%M:%S} {name} · {new_york}",
        f"{here:%H:%M:%S} {name} · {there:%H:%M:%S} NY",
        f"{there:%H:%M:%S} NY",
        f"{there:%H:%M} NY",
    )


def zone_name(here: datetime) -> str:
    """A zone's short name, or its offset where the name is only a number or a sentence (as on Windows)."""
    name = here.tzname() or ""
    if name.isalpha() and len(name) <= 5:
        return name
    return f"UTC{here:%z}" if here.utcoffset() else "UTC"

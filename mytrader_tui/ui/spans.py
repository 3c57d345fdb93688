"""Spans and times of day as people read them."""

from datetime import datetime, tzinfo

from mytrader_tui.market.freshness import short_span
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.session import NEW_YORK, MarketHours, Session

_NEXT = {
    Session.PRE: "opens in",
    Session.REGULAR: "closes in",
    Session.POST: "ends in",
    Session.CLOSED: "pre-market in",
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


def session_text(hours: MarketHours, now: Moment) -> str:
    """The session and when it changes: `regular, closes in 2h 05m`; an unusual day says why."""
    why = f" ({hours.note})" if hours.note else ""
    span = long_span((hours.until - now.wall).total_seconds())
    return f"{hours.session.value}{why}, {_NEXT[hours.session]} {span}"


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

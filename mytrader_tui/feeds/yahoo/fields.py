"""Single fields of Yahoo's answers, each of which may be absent, null or of any type: the value, or None."""

import math
from datetime import UTC, datetime

from mytrader_tui.market.session import Session
from mytrader_tui.market.text import clean

_LATEST = 4_102_444_800.0
"""Epoch seconds of 2100-01-01: later is not a time but another unit."""

_SESSIONS = {
    "PREPRE": Session.CLOSED,
    "PRE": Session.PRE,
    "REGULAR": Session.REGULAR,
    "POST": Session.POST,
    "POSTPOST": Session.CLOSED,
    "CLOSED": Session.CLOSED,
}


def number(value: object) -> float | None:
    """A finite JSON number; a boolean or a text that looks like a number is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        finite = float(value)
    except OverflowError:
        return None
    return finite if math.isfinite(finite) else None


def price(value: object) -> float | None:
    """A number above 0: Yahoo writes 0 where it has no price."""
    found = number(value)
    return found if found is not None and found > 0 else None


def count(value: object) -> float | None:
    """A number of at least 0."""
    found = number(value)
    return found if found is not None and found >= 0 else None


def minutes(value: object) -> float | None:
    """A number of minutes, of at least 0, in seconds."""
    found = number(value)
    return None if found is None else count(60.0 * found)


def epoch(value: object) -> datetime | None:
    """Epoch seconds as aware UTC."""
    found = price(value)
    return datetime.fromtimestamp(found, UTC) if found is not None and found < _LATEST else None


def words(value: object, limit: int) -> str | None:
    """A text, cleaned, of at most `limit` characters; None where nothing is left of it."""
    return (clean(value, limit) or None) if isinstance(value, str) else None


def session(value: object) -> Session | None:
    """The session that a `marketState` names."""
    return _SESSIONS.get(value) if isinstance(value, str) else None

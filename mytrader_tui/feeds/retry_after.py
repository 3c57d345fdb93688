"""How long a server asks us to wait."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LEAST_SECONDS = 1.0
MOST_SECONDS = 900.0
"""A server may ask for any pause, by mistake too; beyond these bounds it is not taken at its word."""

_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def retry_after_seconds(header: str | None, now: datetime) -> float | None:
    """The pause that a Retry-After `header` asks for: whole seconds or an HTTP date (RFC 9110, section 10.2.3).

    Between LEAST_SECONDS and MOST_SECONDS; None where the header is missing or unreadable.
    """
    text = (header or "").strip()
    if _NUMBER.fullmatch(text):
        return _bounded(text, 0.0)
    try:
        due = parsedate_to_datetime(text)
    except ValueError:
        return None
    if due.tzinfo is None:
        due = due.replace(tzinfo=UTC)
    return _bounded(str((due - now).total_seconds()), 0.0)


def reset_seconds(header: str | None, now: datetime) -> float | None:
    """The pause until an X-RateLimit-Reset `header` (whole epoch seconds, as Alpaca sends it), bounded as above."""
    text = (header or "").strip()
    return _bounded(text, now.timestamp()) if _NUMBER.fullmatch(text) else None


def _bounded(seconds: str, since: float) -> float:
    # float() of digits never fails: a number too long for it becomes infinity, which the bound cuts.
    return min(max(float(seconds) - since, LEAST_SECONDS), MOST_SECONDS)

"""How long to wait: between two polls, and after Yahoo asked to be left alone."""

import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import msgspec

JITTER = 0.1
"""Share of the poll interval by which a poll comes earlier or later, so that copies of us do not march in step."""


class Pauses(msgspec.Struct, frozen=True):
    """Bounds in seconds: a Retry-After is kept within `shortest` and `longest`; without one the pause starts at
    `first` and doubles up to `longest`.
    """

    first: float = 60.0
    shortest: float = 1.0
    longest: float = 900.0

    def after(self, retry_after: str | None, times: int, now: datetime) -> float:
        """Seconds without a request after the `times`-th (from 1) rate limit in a row, answered at `now`."""
        asked = retry_after_seconds(retry_after, now)
        if asked is not None:
            return min(max(asked, self.shortest), self.longest)
        doublings = min(times - 1, 32)
        return min(self.first * 2.0**doublings, self.longest)


def retry_after_seconds(header: str | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for: a number or an HTTP date (RFC 9110, 10.2.3).

    None for no header and for one that is neither; a date in the past asks for 0.
    """
    text = (header or "").strip()
    if not text or len(text) > 64:
        return None
    try:
        seconds = float(text)
    except ValueError:
        return _until(text, now)
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def jittered(seconds: float, fraction: float) -> float:
    """`seconds`, up to a tenth earlier or later as `fraction` goes from 0 to 1."""
    return seconds * (1.0 + JITTER * (2.0 * fraction - 1.0))


def _until(text: str, now: datetime) -> float | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, OverflowError, IndexError):
        return None
    aware = date if date.tzinfo else date.replace(tzinfo=UTC)
    return max(0.0, (aware - now).total_seconds())

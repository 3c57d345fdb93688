"""How long to wait: between two polls, and after Yahoo asked to be left alone."""

from datetime import datetime

import msgspec

from mytrader_tui.feeds.retry_after import MOST_SECONDS, retry_after_seconds

JITTER = 0.1
"""Share of the poll interval by which a poll comes earlier or later, so that copies of us do not march in step."""


class Pauses(msgspec.Struct, frozen=True):
    """Seconds: a pause without a Retry-After starts at `first` and doubles up to `longest`."""

    first: float = 60.0
    longest: float = MOST_SECONDS

    def after(self, retry_after: str | None, times: int, now: datetime) -> float:
        """Seconds without a request after the `times`-th (from 1) rate limit in a row, answered at `now`."""
        asked = retry_after_seconds(retry_after, now)
        if asked is not None:
            return asked
        doublings = min(times - 1, 32)
        return min(self.first * 2.0**doublings, self.longest)


def jittered(seconds: float, fraction: float) -> float:
    """`seconds`, up to a tenth earlier or later as `fraction` goes from 0 to 1."""
    return seconds * (1.0 + JITTER * (2.0 * fraction - 1.0))

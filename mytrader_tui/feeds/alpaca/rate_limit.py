"""How many requests Alpaca grants an account: counted here, before Alpaca has to refuse one."""

import re
from collections import deque

import msgspec

from mytrader_tui.feeds.feed import Clock
from mytrader_tui.feeds.retry_after import reset_seconds

REQUESTS = 200
WINDOW_SECONDS = 60.0
"""Alpaca's own limit: so many requests a minute for one account, whichever program sends them."""

_SLACK = 0.001
"""Seconds beyond the moment when a place falls free, so that no rounding wakes anybody before it."""

_COUNT = re.compile(r"[0-9]{1,9}")


class Allowance(msgspec.Struct, frozen=True):
    """What one answer's X-RateLimit-Remaining and X-RateLimit-Reset say, as they came."""

    remaining: str | None
    reset: str | None


class _Word(msgspec.Struct):
    """A server's latest word on what it still grants: so many requests until then, on the monotonic clock."""

    left: int
    until: float


class RequestLimit:
    """One account's requests, over whichever of its clients: at most `requests` in any `seconds`, however they fall.

    A server's own word counts beside it, because other programs spend of the same account. It is shared by every
    client that uses the same keys, and belongs to the event loop's thread.

    aiolimiter's bucket would not do: after a burst that empties it, it lets as many again through within the same
    minute. That of `limits` holds the window, but reads the system's clock and cannot say how long to wait.
    """

    def __init__(self, clock: Clock, requests: int = REQUESTS, seconds: float = WINDOW_SECONDS) -> None:
        self._clock = clock
        self._requests = requests
        self._seconds = seconds
        self._taken: deque[float] = deque()
        self._words: dict[str, _Word] = {}

    def take(self, server: str) -> float:
        """Count one request to `server` and return 0; or count nothing and return the seconds until one may leave."""
        now = self._clock().mono
        while self._taken and now - self._taken[0] >= self._seconds:
            self._taken.popleft()
        free_at = self._taken[0] + self._seconds if len(self._taken) >= self._requests else now
        word = self._words.get(server)
        if word is not None and word.left <= 0:
            # Once its time is over, the word holds nothing back: it lies behind `now`.
            free_at = max(free_at, word.until)
        if free_at > now:
            return free_at - now + _SLACK
        self._taken.append(now)
        if word is not None:
            word.left -= 1
        return 0.0

    def hear(self, server: str, allowance: Allowance) -> None:
        """Take the word of `server`, which replaces its last; one that says nothing readable changes nothing."""
        reset = reset_seconds(allowance.reset, self._clock().wall)
        remaining = _COUNT.fullmatch((allowance.remaining or "").strip())
        if reset is not None and remaining is not None:
            # A reset beyond the window is a mistake, or a clock that differs from ours.
            self._words[server] = _Word(int(remaining[0]), self._clock().mono + min(reset, self._seconds))

    def pause(self, server: str, seconds: float) -> None:
        """`server` wants no request for so long."""
        self._words[server] = _Word(0, self._clock().mono + seconds)

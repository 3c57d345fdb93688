"""How the poller stands with Yahoo: its link, from what became of its polls."""

from mytrader_tui.market.link import Link, Reason, poll_limit
from mytrader_tui.market.moment import Moment

DOWN_AFTER = 3
"""Polls that fail in a row before the link counts as down."""


class Standing:
    """Up while the last success is recent and fewer than three polls failed since; not up before the first one."""

    def __init__(self, poll_seconds: float, now: Moment) -> None:
        self.poll_seconds = poll_seconds
        self._up = False
        self._since = now
        self._heard: Moment | None = None
        self._failures = 0
        self._reason = Reason.STARTING
        self._detail = ""
        self._retry_at: Moment | None = None

    def succeeded(self, now: Moment) -> None:
        """A poll was answered with prices at `now`."""
        self._heard, self._failures = now, 0
        self._reason, self._detail = Reason.STARTING, ""

    def failed(self, reason: Reason, detail: str = "") -> None:
        """A poll was not answered, or not with prices."""
        self._failures += 1
        self._reason, self._detail = reason, detail

    def paused(self, until: Moment) -> None:
        """Nothing is asked before `until`."""
        self._retry_at = until

    def stopped(self) -> None:
        """Nobody polls any more."""
        self._heard, self._failures = None, 0
        self._reason, self._detail = Reason.STOPPED, ""

    def started(self) -> None:
        """Polling begins, maybe again."""
        self._reason = Reason.STARTING

    def decays_in(self, now: Moment) -> float | None:
        """Seconds until the link goes down for want of a success, or None if it is down."""
        if self._heard is None or not self._up:
            return None
        return poll_limit(self.poll_seconds) - now.seconds_since(self._heard)

    def link(self, now: Moment) -> Link:
        """The link at `now`."""
        up = self._is_up(now)
        if up is not self._up:
            self._up, self._since = up, now
        return Link(
            up=up,
            since=self._since,
            heard=self._heard,
            poll_seconds=self.poll_seconds,
            reason=None if up else self._reason,
            detail=self._detail,
            retry_at=self._retry_at if self._retry_at is not None and self._retry_at.mono > now.mono else None,
        )

    def _is_up(self, now: Moment) -> bool:
        if self._heard is None or self._failures >= DOWN_AFTER:
            return False
        return now.seconds_since(self._heard) <= poll_limit(self.poll_seconds)

"""How a source's connection stands, and why, in words a trader understands."""

from enum import Enum

import msgspec

from mytrader_tui.market.moment import Moment

STREAM_HEARD_LIMIT = 5.0
"""Seconds without any sign of life (frame or pong) after which a stream's rows are no longer live."""

POLL_FLOOR = 60.0
"""Seconds that a poll may always be old before it is overdue."""

POLL_SLACK = 2.5
"""Polls that may be missed before the last one is overdue."""


class Reason(Enum):
    """Why a link is not up. The value is the text for people."""

    STARTING = "connecting"
    NO_KEYS = "no Alpaca keys"
    DISABLED = "switched off"
    NETWORK = "cannot reach the server"
    TIMEOUT = "the server does not answer"
    DROPPED = "the connection was lost"
    HALF_OPEN = "the connection went dead"
    AUTH_FAILED = "the keys were refused"
    AUTH_TIMEOUT = "the server timed the login out"
    CONNECTION_LIMIT = "another session holds your stream"
    SYMBOL_LIMIT = "the plan's symbol limit is reached"
    SLOW_CLIENT = "the server found us too slow"
    NOT_ENTITLED = "the plan does not include this feed"
    BAD_REQUEST = "the server did not accept a request"
    RATE_LIMITED = "too many requests"
    SERVER_ERROR = "the server has a fault"
    UNREADABLE = "the server's answer makes no sense"
    REFUSED = "the server refused the connection"
    CONTRADICTED = "the sources contradict each other"
    CRASHED = "the feed stopped with an error and is being restarted"
    SECOND_INSTANCE = "another mytrader-tui on this machine holds the stream"
    STOPPED = "stopped"

    @property
    def fatal(self) -> bool:
        """True where trying again cannot help until the keys or the settings change."""
        return self in _FATAL

    @property
    def off(self) -> bool:
        """True where the source is not tried at all: that it does not serve is no fault of its own."""
        return self in _OFF


_OFF = frozenset({Reason.NO_KEYS, Reason.DISABLED})
_FATAL = frozenset({Reason.NO_KEYS, Reason.DISABLED, Reason.AUTH_FAILED, Reason.NOT_ENTITLED, Reason.SECOND_INSTANCE})


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A source's connection at one instant.

    `since` is when it came up or went down; `heard` the last proof of life of any kind: a frame, a pong, an
    answered request. `poll_seconds` is the present interval of a polled source and None for a stream.
    `retry_at` is when the next attempt is due, if one is. `detail` is the server's own word, cleaned.
    """

    up: bool
    since: Moment
    heard: Moment | None = None
    poll_seconds: float | None = None
    reason: Reason | None = None
    detail: str = ""
    retry_at: Moment | None = None

    def proven(self, now: Moment) -> bool:
        """True while the link is up and has been heard from within its limit."""
        if not self.up or self.heard is None:
            return False
        return now.seconds_since(self.heard) <= self.limit

    @property
    def limit(self) -> float:
        """Seconds after which no news means that the link is not what it says."""
        return STREAM_HEARD_LIMIT if self.poll_seconds is None else poll_limit(self.poll_seconds)


def poll_limit(poll_seconds: float) -> float:
    """Seconds after which a source polled every `poll_seconds` is overdue."""
    return max(POLL_FLOOR, POLL_SLACK * poll_seconds)

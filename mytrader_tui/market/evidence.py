"""What the router is told: everything that speaks for or against a source, as typed events."""

from enum import Enum

import msgspec

from mytrader_tui.market.link import Reason
from mytrader_tui.market.session import Session


class Phase(Enum):
    """The market as the router sees it: silence means something only while OPEN."""

    OPEN = "open"
    EXTENDED = "extended"
    CLOSED = "closed"


def phase_of(session: Session) -> Phase:
    """The router's phase in a session."""
    if session is Session.REGULAR:
        return Phase.OPEN
    return Phase.CLOSED if session is Session.CLOSED else Phase.EXTENDED


class LinkUp(msgspec.Struct, frozen=True):
    """The primary authenticated and acknowledged its subscription."""


class LinkDown(msgspec.Struct, frozen=True):
    """The primary is not connected, or an attempt to connect it failed."""

    reason: Reason


class Subscribed(msgspec.Struct, frozen=True):
    """The primary's acknowledged subscription: how many symbols, and whether the canary is among them."""

    symbols: int
    canary: bool


class Life(msgspec.Struct, frozen=True):
    """Validated trades, quotes or bars of subscribed symbols; nothing else is life."""

    count: int = 1


class Invalid(msgspec.Struct, frozen=True):
    """Messages of the primary that could not be read or believed."""

    count: int = 1


class PollSucceeded(msgspec.Struct, frozen=True):
    """The fallback answered with prices."""


class PollFailed(msgspec.Struct, frozen=True):
    """The fallback did not answer, or not with prices; `retry_after` seconds if it asked for a pause."""

    retry_after: float | None = None


class Cadence(msgspec.Struct, frozen=True):
    """The fallback's present poll interval in seconds."""

    poll_seconds: float


class PhaseEdge(msgspec.Struct, frozen=True):
    """The market's phase is now this."""

    phase: Phase


class Quiet(msgspec.Struct, frozen=True):
    """A probe showed that the market itself is quiet: the primary misses nothing."""


class Mute(msgspec.Struct, frozen=True):
    """A probe showed that the primary withholds prints that exist."""


class Resumed(msgspec.Struct, frozen=True):
    """The machine slept: durations that span the gap prove nothing."""


class Tick(msgspec.Struct, frozen=True):
    """A second went by."""


Evidence = (
    LinkUp
    | LinkDown
    | Subscribed
    | Life
    | Invalid
    | PollSucceeded
    | PollFailed
    | Cadence
    | PhaseEdge
    | Quiet
    | Mute
    | Resumed
    | Tick
)

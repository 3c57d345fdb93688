"""What the router is told: everything that speaks for or against a source, as typed events."""

from datetime import datetime, timedelta
from enum import Enum

import msgspec

from mytrader_tui.market.link import Reason
from mytrader_tui.market.quote import Source
from mytrader_tui.market.session import MarketHours, Session

PRE_MARKET_LEAD = timedelta(minutes=30)
"""How long before the pre-market a lost link is judged again, so that the first print finds a source serving."""


class Phase(Enum):
    """The market as the router sees it: silence means something only while OPEN."""

    OPEN = "open"
    EXTENDED = "extended"
    CLOSED = "closed"


def phase_of(hours: MarketHours, now: datetime) -> Phase:
    """The router's phase at `now` (aware) in a market at `hours`; the last half hour of a night is EXTENDED."""
    if hours.session is Session.REGULAR:
        return Phase.OPEN
    if hours.session is Session.CLOSED and hours.until - now > PRE_MARKET_LEAD:
        return Phase.CLOSED
    return Phase.EXTENDED


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
    """A probe of every subscribed symbol, the canary too, showed a quiet market: the primary misses nothing."""


class Mute(msgspec.Struct, frozen=True):
    """A probe showed that the primary withholds prints that exist."""


class Probing(msgspec.Struct, frozen=True):
    """A probe was sent: the next one is not due before its time, even if no answer comes."""


class Untrusted(msgspec.Struct, frozen=True):
    """Whether the primary breaks with its own last prices on many symbols; it counts as garbage while it does."""

    broken: bool


class Pinned(msgspec.Struct, frozen=True):
    """The user chose the serving source, or with None leaves the choice to the router again."""

    source: Source | None


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
    | Probing
    | Untrusted
    | Pinned
    | Resumed
    | Tick
)

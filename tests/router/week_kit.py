"""A week of the market in simulated time: its calendar, its prints, and what goes wrong with the feeds."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from mytrader_tui.market.failover.evidence import PRE_MARKET_LEAD, Phase, phase_of
from mytrader_tui.market.session import MarketHours, hours_at

NEW_YORK = ZoneInfo("America/New_York")
WEEK_SECONDS = 7 * 86400
SPACING = 2700.0
"""Seconds between two outages: longer than any exit from the primary counts."""


class Kind(Enum):
    """What goes wrong. The value is its name in the figures."""

    DROP = "link lost"
    BLINK = "link lost for 45 s"
    REFUSED = "keys refused"
    LIMITED = "another session (406)"
    MUTE = "mute, with pongs"
    HICCUP = "mute for 45 s"
    GARBAGE = "garbage"
    HALF_OPEN = "half-open"
    RESETS = "reset every 30 s"
    FLAP = "65 s down, 50 s up"
    THROTTLED = "link lost, Yahoo 429"
    DARK = "both down"
    NIGHT = "link lost overnight"
    DAWN = "link lost overnight, into the pre-market"
    EARLY = "link lost in the pre-market"
    EARLY_HALF_OPEN = "half-open in the pre-market"
    LATE_MUTE = "mute after hours"


HARMLESS = {Kind.BLINK, Kind.HICCUP, Kind.RESETS, Kind.NIGHT, Kind.LATE_MUTE}
"""Nothing is missed for the threshold, or nothing can be known to be: no failover."""

PLANNED = (
    *[Kind.DROP, Kind.DROP, Kind.BLINK, Kind.REFUSED, Kind.LIMITED, Kind.MUTE, Kind.MUTE, Kind.HICCUP, Kind.GARBAGE],
    *[Kind.HALF_OPEN, Kind.RESETS, Kind.FLAP, Kind.THROTTLED, Kind.DARK, Kind.NIGHT, Kind.NIGHT, Kind.DAWN],
    *[Kind.EARLY, Kind.EARLY_HALF_OPEN, Kind.LATE_MUTE],
)
"""The twenty outages of a week."""

_SECONDS = {Kind.BLINK: 45.0, Kind.HICCUP: 45.0, Kind.NIGHT: 9000.0, Kind.RESETS: 1200.0, Kind.FLAP: 1150.0}
_NOTICED_AFTER = 15.0
"""Seconds until ping and pong show that a connection is half-open."""


@dataclass(frozen=True)
class Span:
    """A stretch of one phase, in seconds of the week."""

    phase: Phase
    begins: float
    ends: float


@dataclass(frozen=True)
class Outage:
    """`kind` from `begins` to `ends`, in seconds of the week."""

    kind: Kind
    begins: float
    ends: float

    def down(self, at: float) -> bool:
        """The client knows that the link is down."""
        since = at - self.begins
        match self.kind:
            case Kind.MUTE | Kind.HICCUP | Kind.GARBAGE | Kind.LATE_MUTE:
                return False
            case Kind.HALF_OPEN | Kind.EARLY_HALF_OPEN:
                return since >= _NOTICED_AFTER
            case Kind.RESETS:
                return since % 30.0 < 1.0
            case Kind.FLAP:
                return since % 115.0 < 65.0
            case _:
                return True

    def dead(self, at: float) -> bool:
        """Nothing whatever comes over the link, whether the client knows it or not."""
        return self.kind in (Kind.HALF_OPEN, Kind.EARLY_HALF_OPEN) or self.down(at)

    def silences(self, at: float) -> bool:
        """No valid print comes."""
        return self.kind in (Kind.MUTE, Kind.HICCUP, Kind.GARBAGE, Kind.LATE_MUTE) or self.dead(at)


@dataclass(frozen=True)
class Liquidity:
    """How often the watchlist prints in seconds, open and extended, and whether a canary beside it does."""

    name: str
    open_gap: float
    extended_gap: float
    canary: bool


LIQUID = Liquidity("liquid", 0.2, 4.0, canary=True)
ILLIQUID = Liquidity("illiquid", 45.0, 900.0, canary=True)
NO_CANARY = Liquidity("illiquid, no canary", 45.0, 900.0, canary=False)


class Calendar:
    """The week from midnight in New York on `first`: its hours and phases by second."""

    def __init__(self, first: date) -> None:
        self.begins = datetime.combine(first, time(), NEW_YORK).astimezone(UTC)
        self._hours = hours_at(self.begins)
        self.spans = tuple(self._spans())
        self._span = self.spans[0]

    def wall(self, at: float) -> datetime:
        """The wall clock at second `at`."""
        return self.begins + timedelta(seconds=at)

    def hours(self, at: float) -> MarketHours:
        """The market's hours at second `at`, asked in order."""
        now = self.wall(at)
        if not self._hours.since <= now < self._hours.until:
            self._hours = hours_at(now)
        return self._hours

    def phase(self, at: float) -> Phase:
        """The phase at second `at`."""
        return self.span(at).phase

    def span(self, at: float) -> Span:
        """The stretch around second `at`."""
        if not self._span.begins <= at < self._span.ends:
            self._span = next(span for span in self.spans if span.begins <= at < span.ends)
        return self._span

    def _spans(self) -> Iterator[Span]:
        at = 0.0
        while at < WEEK_SECONDS:
            now = self.wall(at)
            hours = hours_at(now)
            phase = phase_of(hours, now)
            until = hours.until - PRE_MARKET_LEAD if phase is Phase.CLOSED else hours.until
            ends = (until - self.begins).total_seconds()
            yield Span(phase, at, ends)
            at = ends


def plan(calendar: Calendar, seed: int) -> tuple[Outage, ...]:
    """The planned outages at random times of the right phase, none near another or an edge that it is not about."""
    rng = random.Random(seed)
    placed: list[Outage] = []
    for kind in sorted(PLANNED, key=lambda kind: kind not in (Kind.DAWN, Kind.NIGHT)):
        while True:
            outage = _propose(calendar, kind, rng)
            if all(outage.begins > p.ends + SPACING or outage.ends + SPACING < p.begins for p in placed):
                placed.append(outage)
                break
    return tuple(sorted(placed, key=lambda outage: outage.begins))


def _propose(calendar: Calendar, kind: Kind, rng: random.Random) -> Outage:
    seconds = _SECONDS.get(kind) or float(rng.randrange(200, 900))
    whole = [span for span in calendar.spans if span.ends <= WEEK_SECONDS and span.begins > 0]
    match kind:
        case Kind.NIGHT | Kind.DAWN:
            phase = Phase.CLOSED
        case Kind.EARLY | Kind.EARLY_HALF_OPEN | Kind.LATE_MUTE:
            phase = Phase.EXTENDED
        case _:
            phase = Phase.OPEN
    span = rng.choice([span for span in whole if span.phase is phase])
    if kind is Kind.DAWN:
        return Outage(kind, span.ends - 3600.0, span.ends + 600.0)
    begins = float(rng.randrange(int(span.begins + 300.0), int(span.ends - seconds - 600.0)))
    return Outage(kind, begins, begins + seconds)

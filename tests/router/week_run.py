"""One simulated week with a router in it, and beside it the rule that everybody writes first."""

import math
import random
from dataclasses import dataclass, field
from datetime import timedelta

from week_kit import HARMLESS, WEEK_SECONDS, Calendar, Kind, Liquidity, Outage

from mytrader_tui.market.failover import evidence as ev
from mytrader_tui.market.failover.evidence import Evidence, Phase
from mytrader_tui.market.failover.router import (
    State,
    Timers,
    Transition,
    fallback_wanted,
    hold_seconds,
    primary_flows,
    probe_due,
    start,
    step,
)
from mytrader_tui.market.freshness import BadgeKind, badge
from mytrader_tui.market.link import STREAM_HEARD_LIMIT, Link, Reason
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Origin, Quote, Source

T0 = 50_000.0
CLOSED_STEP, EXTENDED_STEP = 60.0, 5.0
_REASONS = {Kind.REFUSED: Reason.AUTH_FAILED, Kind.LIMITED: Reason.CONNECTION_LIMIT}
_IEX = Origin(Source.ALPACA, "iex", 0.0)


class NaiveRule:
    """Sixty seconds without a message: fail over. Two minutes of messages: come back."""

    def __init__(self) -> None:
        self.serving = True
        self.failovers: list[float] = []
        self.away = 0.0
        self._heard = self._flowing = 0.0

    def pass_to(self, at: float, heard: bool, passed: float, counts: bool) -> None:
        """`counts` says whether the seconds that `passed` belong to the regular session."""
        if heard:
            if at - self._heard >= 60.0:
                self._flowing = at
            self._heard = at
        if self.serving and at - self._heard >= 60.0:
            self.serving = False
            self.failovers.append(at)
        elif not self.serving and at - self._heard < 60.0 and at - self._flowing >= 120.0:
            self.serving = True
        self.away += passed if counts and not self.serving else 0.0


@dataclass
class Week:
    """A run of one week: the router's transitions, what each return had to wait for, and false claims of LIVE."""

    calendar: Calendar
    outages: tuple[Outage, ...]
    liquidity: Liquidity
    seed: int
    made: list[Transition] = field(default_factory=list)
    naive: NaiveRule = field(default_factory=NaiveRule)
    missed: dict[Outage, float] = field(default_factory=dict)
    held: dict[float, float] = field(default_factory=dict)
    flowing: dict[float, float] = field(default_factory=dict)
    false_live: int = 0
    live: int = 0
    away: float = 0.0
    open_seconds: float = 0.0
    steps: int = 0

    def __post_init__(self) -> None:
        self._rng = random.Random(self.seed)
        self._up = False
        self._link_since = self._heard = self._printed = T0
        self._last_try = -math.inf
        self._polled = -math.inf
        self._probe: Evidence | None = None
        self._phase = self.calendar.phase(0.0)
        self._next_outage = 0
        self.model = start(Timers(), T0, phase=self._phase)

    def run(self) -> "Week":
        """Let the whole week go by."""
        at = 1.0
        while at < WEEK_SECONDS:
            passed = self._step_at(at)
            self._second(at, passed)
            at += passed
        return self

    def _step_at(self, at: float) -> float:
        """A second while anything is at stake; wider steps through the quiet hours, never over an edge."""
        span = self.calendar.span(at)
        if self._near(at) or span.phase is Phase.OPEN or self.model.state is not State.PRIMARY_ACTIVE:
            return 1.0
        wide = CLOSED_STEP if span.phase is Phase.CLOSED else EXTENDED_STEP
        edges = [span.ends, *(o.begins - 5.0 for o in self.outages[self._next_outage : self._next_outage + 1])]
        return max(1.0, min([wide, *(math.ceil(edge - at) for edge in edges if edge > at)]))

    def _near(self, at: float) -> bool:
        while self._next_outage < len(self.outages) and self.outages[self._next_outage].ends + 600.0 < at:
            self._next_outage += 1
        return self._next_outage < len(self.outages) and self.outages[self._next_outage].begins - 5.0 <= at

    def outage(self, at: float) -> Outage | None:
        """What is wrong at `at`."""
        if self._next_outage >= len(self.outages):
            return None
        upcoming = self.outages[self._next_outage]
        return upcoming if upcoming.begins <= at < upcoming.ends else None

    def _second(self, at: float, passed: float) -> None:
        outage, phase = self.outage(at), self.calendar.phase(at)
        if phase is not self._phase:
            self._phase = phase
            self._tell(ev.PhaseEdge(phase), at)
            self._tell(ev.Cadence(900.0 if phase is Phase.CLOSED else 60.0), at)
        self._connection(at, outage)
        prints, canary = self._prints(passed, phase)
        delivered = self._up and not (outage and outage.silences(at))
        self._messages(at, outage, prints + canary, delivered)
        if prints + canary and not delivered and outage is not None:
            self.missed.setdefault(outage, at)
        self._fallback(at, outage)
        self._probing(at, outage)
        self._tell(ev.Tick(), at)
        regular = phase is Phase.OPEN
        self.open_seconds += passed if regular else 0.0
        self.away += passed if regular and self.model.state is not State.PRIMARY_ACTIVE else 0.0
        self.naive.pass_to(at, bool(prints) and delivered, passed, regular)
        self._claim(at, outage)

    def _connection(self, at: float, outage: Outage | None) -> None:
        down = outage is not None and outage.down(at)
        if not (outage and outage.dead(at)):
            self._heard = T0 + at
        if down and (self._up or at - self._last_try >= 30.0) and outage is not None:
            self._link_since = T0 + at if self._up else self._link_since
            self._up, self._last_try = False, at
            self._tell(ev.LinkDown(_REASONS.get(outage.kind, Reason.DROPPED)), at)
        elif not down and not self._up:
            self._up, self._link_since = True, T0 + at
            self._tell(ev.Subscribed(30, self.liquidity.canary), at)
            self._tell(ev.LinkUp(), at)

    def _prints(self, passed: float, phase: Phase) -> tuple[int, int]:
        """Prints of the watchlist, and quotes of the canary, in the seconds that `passed`."""
        if phase is Phase.CLOSED:
            return 0, 0
        gap = self.liquidity.open_gap if phase is Phase.OPEN else self.liquidity.extended_gap
        due = passed / gap
        prints = int(due) + (self._rng.random() < due % 1.0)
        quotes = self._rng.random() < (0.9 if phase is Phase.OPEN else 0.2)
        return prints, int(self.liquidity.canary and quotes)

    def _messages(self, at: float, outage: Outage | None, count: int, delivered: bool) -> None:
        if not count or not self._up:
            return
        if delivered:
            self._printed = T0 + at
            self._tell(ev.Life(count), at)
        elif outage is not None and outage.kind is Kind.GARBAGE:
            self._tell(ev.Invalid(count), at)

    def _fallback(self, at: float, outage: Outage | None) -> None:
        """Yahoo is asked only when it may be needed: no other symbol keeps it warm."""
        if not fallback_wanted(self.model) or at - self._polled < self.model.poll_seconds:
            return
        if self.model.retry_until is not None and self.model.now < self.model.retry_until:
            return
        self._polled = at
        match outage.kind if outage else None:
            case Kind.THROTTLED:
                self._tell(ev.PollFailed(120.0), at)
            case Kind.DARK:
                self._polled = at - self.model.poll_seconds + 5.0
                self._tell(ev.PollFailed(), at)
            case _:
                self._tell(ev.PollSucceeded(), at)

    def _probing(self, at: float, outage: Outage | None) -> None:
        """A probe is answered a second later: has the exchange printed what we did not hear?"""
        if self._probe is not None:
            self._tell(self._probe, at)
            self._probe = None
        if probe_due(self.model):
            self._tell(ev.Probing(), at)
            self._probe = ev.Mute() if outage is not None and outage in self.missed else ev.Quiet()

    def _tell(self, event: Evidence, at: float) -> None:
        hold, flowed = hold_seconds(self.model), self.model.flow_since
        self.model, made = step(self.model, event, T0 + at)
        self.steps += 1
        for transition in made:
            self.made.append(transition)
            self.held[transition.at] = hold
            self.flowing[transition.at] = flowed if flowed is not None else transition.at

    def _claim(self, at: float, outage: Outage | None) -> None:
        """What the row of a symbol says, and whether it says LIVE of a line that has been dead for over its limit."""
        if self.model.state is not State.PRIMARY_ACTIVE or (outage is None and at % 60.0 >= 1.0):
            return
        heard = self._moment(self._heard)
        link = Link(up=self._up, since=self._moment(self._link_since), heard=heard)
        printed = self._moment(self._printed)
        quote = Quote(symbol="SPY", origin=_IEX, receipt=printed, last=600.0, event_time=printed.wall)
        said = badge(quote, link, self.calendar.hours(at), self._moment(T0 + at)).kind
        self.live += said is BadgeKind.LIVE
        self.false_live += said is BadgeKind.LIVE and T0 + at - self._heard > STREAM_HEARD_LIMIT

    def _moment(self, mono: float) -> Moment:
        return Moment(self.calendar.begins + timedelta(seconds=mono - T0), mono)

    # What came of it

    def exits(self, outage: Outage) -> list[float]:
        """When the primary was left during `outage`, in seconds after it began."""
        return [at - outage.begins for at in self.all_exits() if outage.begins <= at <= outage.ends + 2.0]

    def all_exits(self) -> list[float]:
        """When the primary was left, in seconds of the week."""
        return [made.at - T0 for made in self.made if made.before is State.PRIMARY_ACTIVE]

    def false_exits(self) -> list[float]:
        """Exits that no outage called for."""
        return [at for at in self.all_exits() if not _called_for(at, self.outages)]

    def return_after(self, outage: Outage) -> Transition | None:
        """How the primary came back once `outage` was over."""
        after = (made for made in self.made if made.at - T0 >= outage.ends and made.after is State.PRIMARY_ACTIVE)
        return next(after, None)

    def naive_false(self) -> list[float]:
        """The naive rule's failovers that no outage called for."""
        return [at for at in self.naive.failovers if not _called_for(at, self.outages)]

    def flows(self) -> bool:
        """The primary flows at the end."""
        return primary_flows(self.model)


def _called_for(at: float, outages: tuple[Outage, ...]) -> bool:
    return any(o.begins <= at <= o.ends + 2.0 and o.kind not in HARMLESS for o in outages)

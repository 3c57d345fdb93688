"""The circuit breaker over the primary: after many failovers it must prove itself before it is tried again."""

from enum import Enum

import msgspec
from msgspec.structs import replace

from mytrader_tui.market.failover.timers import Timers

TRIP_EXITS = 4
"""Exits from the primary within the history that open the breaker."""


class BreakerState(Enum):
    """CLOSED lets the primary serve, OPEN does not, HALF_OPEN tries it."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half-open"


class Breaker(msgspec.Struct, frozen=True):
    """A breaker since `since` (monotonic seconds); `trial_since` is when the primary began to prove itself.

    `cooldown_seconds` is how long it stays open, now or the next time; `last_exit` when the primary was last left.
    """

    state: BreakerState = BreakerState.CLOSED
    since: float = 0.0
    cooldown_seconds: float = Timers().breaker_cooldown_seconds
    trial_since: float | None = None
    last_exit: float | None = None

    @property
    def cooled_at(self) -> float:
        """When an open breaker's cool-down ends, in monotonic seconds."""
        return self.since + self.cooldown_seconds

    def at(self, now: float, timers: Timers, *, proving: bool) -> "Breaker":
        """The breaker at `now`: its cool-down ends (B2), its trial passes (B3), old failures are forgiven (B5).

        `proving` is whether the primary serves and nothing is wrong with it.
        """
        if self.state is BreakerState.CLOSED and self.last_exit is None:
            return self
        breaker = self
        if breaker.state is BreakerState.OPEN and now - breaker.since >= breaker.cooldown_seconds:
            breaker = replace(breaker, state=BreakerState.HALF_OPEN, since=now, trial_since=None)
        if breaker.state is BreakerState.HALF_OPEN:
            breaker = breaker._on_trial(now, timers.trial_seconds, proving)
        # An open breaker forgives nothing: half an hour without an exit is then its own doing.
        forgiven = breaker.last_exit is not None and now - breaker.last_exit >= timers.forgive_seconds
        if forgiven and breaker.state is BreakerState.CLOSED:
            breaker = replace(breaker, cooldown_seconds=timers.breaker_cooldown_seconds, last_exit=None)
        return breaker

    def tripped(self, now: float, timers: Timers, exits: int) -> "Breaker":
        """The breaker after the primary was left for the `exits`-th time within the history (B1, B4)."""
        left = replace(self, last_exit=now)
        if self.state is BreakerState.HALF_OPEN:
            doubled = min(2 * self.cooldown_seconds, timers.breaker_limit_seconds)
            return replace(left, state=BreakerState.OPEN, since=now, cooldown_seconds=doubled, trial_since=None)
        if self.state is BreakerState.CLOSED and exits >= TRIP_EXITS:
            return replace(left, state=BreakerState.OPEN, since=now, trial_since=None)
        return left

    def _on_trial(self, now: float, trial_seconds: float, proving: bool) -> "Breaker":
        if not proving:
            return self if self.trial_since is None else replace(self, trial_since=None)
        if self.trial_since is None:
            return replace(self, trial_since=now)
        if now - self.trial_since >= trial_seconds:
            return replace(self, state=BreakerState.CLOSED, since=now, trial_since=None)
        return self

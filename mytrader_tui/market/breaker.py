"""The circuit breaker over the primary: after many failovers it must prove itself before it is tried again."""

from enum import Enum

import msgspec
from msgspec.structs import replace

TRIP_EXITS = 4
"""Exits from the primary within the history that open the breaker."""

FIRST_COOLDOWN_SECONDS = 15 * 60.0
MAX_COOLDOWN_SECONDS = 60 * 60.0
TRIAL_SECONDS = 120.0
FORGIVE_SECONDS = 30 * 60.0


class BreakerState(Enum):
    """CLOSED lets the primary serve, OPEN does not, HALF_OPEN tries it."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half-open"


class Breaker(msgspec.Struct, frozen=True):
    """A breaker since `since` (monotonic seconds); `trial_since` is when the primary began to prove itself."""

    state: BreakerState = BreakerState.CLOSED
    since: float = 0.0
    cooldown_seconds: float = FIRST_COOLDOWN_SECONDS
    trial_since: float | None = None
    last_exit: float | None = None

    def at(self, now: float, *, primary_active: bool, healthy: bool) -> "Breaker":
        """The breaker at `now`: its cool-down ends (B2), its trial passes (B3), old failures are forgiven (B5)."""
        breaker = self
        if breaker.state is BreakerState.OPEN and now - breaker.since >= breaker.cooldown_seconds:
            breaker = replace(breaker, state=BreakerState.HALF_OPEN, since=now, trial_since=None)
        if breaker.state is BreakerState.HALF_OPEN:
            breaker = breaker._on_trial(now, primary_active and healthy)
        forgiven = breaker.last_exit is not None and now - breaker.last_exit >= FORGIVE_SECONDS
        if forgiven and breaker.state is BreakerState.CLOSED:
            breaker = replace(breaker, cooldown_seconds=FIRST_COOLDOWN_SECONDS, last_exit=None)
        return breaker

    def tripped(self, now: float, exits: int) -> "Breaker":
        """The breaker after the primary was left for the `exits`-th time within the history (B1, B4)."""
        left = replace(self, last_exit=now)
        if self.state is BreakerState.HALF_OPEN:
            doubled = min(2 * self.cooldown_seconds, MAX_COOLDOWN_SECONDS)
            return replace(left, state=BreakerState.OPEN, since=now, cooldown_seconds=doubled, trial_since=None)
        if self.state is BreakerState.CLOSED and exits >= TRIP_EXITS:
            return replace(left, state=BreakerState.OPEN, since=now, trial_since=None)
        return left

    def _on_trial(self, now: float, proving: bool) -> "Breaker":
        if not proving:
            return self if self.trial_since is None else replace(self, trial_since=None)
        if self.trial_since is None:
            return replace(self, trial_since=now)
        if now - self.trial_since >= TRIAL_SECONDS:
            return replace(self, state=BreakerState.CLOSED, since=now, trial_since=None)
        return self

"""What the router knows and says: its states, its model and the transitions that it makes."""

from enum import Enum

import msgspec

from mytrader_tui.market.failover.breaker import Breaker
from mytrader_tui.market.failover.evidence import Phase
from mytrader_tui.market.failover.timers import Timers
from mytrader_tui.market.link import Reason
from mytrader_tui.market.quote import Source


class State(Enum):
    """Which source the router lets serve. The value is the text for people."""

    PRIMARY_ACTIVE = "Alpaca serving"
    FALLBACK_ACTIVE = "Yahoo serving"
    BOTH_UNAVAILABLE = "no source"


class Transition(msgspec.Struct, frozen=True):
    """One change of state: when (monotonic seconds), between which, why in words, and how long the old one held."""

    at: float
    before: State
    after: State
    cause: str
    held_seconds: float


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the router knows. All times are monotonic seconds.

    `base` is the latest of the link's last coming up or going down, the phase's start and the end of a sleep: what
    was before proves nothing. `last_life` is the last life since then. `expected_since` is when something came to
    be subscribed whose silence would mean something, `limit_since` when another session was first said to hold the
    stream, if that is still the reason. `asked_since` is since when the fallback is asked for everything at its
    present pace, in this phase and awake, or None while it is not. `window` has a bit for each of the last hundred
    messages, set where it made no sense; `seen` counts them. `exits` are the times at which the primary was left
    within the history, `spent` those within the budget.
    """

    timers: Timers
    now: float
    started: float
    state: State = State.BOTH_UNAVAILABLE
    entered: float
    pinned: Source | None = None
    phase: Phase = Phase.CLOSED
    up: bool = False
    base: float
    down_reason: Reason = Reason.STARTING
    fatal: Reason | None = None
    limit_since: float | None = None
    symbols: int = 0
    canary: bool = False
    expected_since: float
    last_life: float | None = None
    probed: float | None = None
    quiet_until: float | None = None
    muted: bool = False
    untrusted: bool = False
    window: int = 0
    seen: int = 0
    flow_since: float | None = None
    fallback_enabled: bool = True
    poll_seconds: float = 60.0
    poll_failures: int = 0
    last_poll: float | None = None
    retry_until: float | None = None
    asked_since: float | None = None
    ever_primary: bool = False
    exits: tuple[float, ...] = ()
    spent: tuple[float, ...] = ()
    breaker: Breaker = Breaker()


def start(timers: Timers, now: float, *, phase: Phase, fatal: Reason | None = None, fallback: bool = True) -> Model:
    """The model at program start (T0); `fatal` is why the primary cannot even be tried."""
    return Model(
        timers=timers,
        now=now,
        started=now,
        entered=now,
        phase=phase,
        base=now,
        expected_since=now,
        asked_since=now,
        fatal=fatal,
        down_reason=fatal or Reason.STARTING,
        fallback_enabled=fallback,
        breaker=Breaker(cooldown_seconds=timers.breaker_cooldown_seconds),
    )

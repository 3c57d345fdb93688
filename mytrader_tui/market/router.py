"""Which source serves: the failover state machine, a pure reducer.

`step(model, event, now)` absorbs one piece of evidence and makes at most two transitions. `now` is monotonic
seconds; a smaller one is clamped. Nothing here reads a clock, sleeps or draws a random number.
"""

from enum import Enum

import msgspec
from msgspec.structs import replace

from mytrader_tui.market import evidence as ev
from mytrader_tui.market.breaker import Breaker, BreakerState
from mytrader_tui.market.evidence import Evidence, Phase
from mytrader_tui.market.link import Reason, poll_limit

HISTORY_SECONDS = 30 * 60.0
"""How long an exit from the primary counts against it."""

MAX_HOLD_SECONDS = 30 * 60.0
START_GRACE_SECONDS = 10.0
"""How long the primary may take to come up before the fallback serves in its place."""

CONNECTION_LIMIT_PATIENCE = 60.0
POLL_FAILURES_DOWN = 3
_GARBAGE_WINDOW = 100
_GARBAGE_MINIMUM = 20
_WINDOW_MASK = (1 << _GARBAGE_WINDOW) - 1


class State(Enum):
    """Which source the router lets serve. The value is the text for people."""

    PRIMARY_ACTIVE = "Alpaca serving"
    FALLBACK_ACTIVE = "Yahoo serving"
    BOTH_UNAVAILABLE = "no source"


class Timers(msgspec.Struct, frozen=True):
    """The thresholds in seconds, and whether a recovered primary is preferred to a working fallback."""

    failover_seconds: float = 60.0
    recovery_seconds: float = 120.0
    prefer_alpaca: bool = True


class Transition(msgspec.Struct, frozen=True):
    """One change of state: when (monotonic seconds), between which, why in words, and how long the old one held."""

    at: float
    before: State
    after: State
    cause: str
    held_seconds: float


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the router knows. All times are monotonic seconds."""

    timers: Timers
    now: float
    started: float
    state: State = State.BOTH_UNAVAILABLE
    entered: float
    phase: Phase = Phase.CLOSED
    phase_since: float
    up: bool = False
    link_since: float
    down_reason: Reason = Reason.STARTING
    fatal: Reason | None = None
    limit_since: float | None = None
    symbols: int = 0
    canary: bool = False
    expected_since: float = 0.0
    last_life: float | None = None
    resumed: float
    quiet_until: float | None = None
    muted: bool = False
    window: int = 0
    seen: int = 0
    flow_since: float | None = None
    fallback_enabled: bool = True
    poll_seconds: float = 60.0
    poll_failures: int = 0
    last_poll: float | None = None
    retry_until: float | None = None
    ever_primary: bool = False
    exits: tuple[float, ...] = ()
    breaker: Breaker = Breaker()


def start(timers: Timers, now: float, *, phase: Phase, fatal: Reason | None = None, fallback: bool = True) -> Model:
    """The model at program start (T0); `fatal` is why the primary cannot even be tried."""
    return Model(
        timers=timers,
        now=now,
        started=now,
        entered=now,
        phase=phase,
        phase_since=now,
        link_since=now,
        expected_since=now,
        resumed=now,
        fatal=fatal,
        down_reason=fatal or Reason.STARTING,
        fallback_enabled=fallback,
    )


def step(model: Model, event: Evidence, now: float) -> tuple[Model, tuple[Transition, ...]]:
    """Absorb `event` at `now`; the new model and the transitions it caused."""
    model = _absorb(replace(model, now=max(now, model.now)), event)
    model = _keep_time(model)
    made: list[Transition] = []
    for _ in range(2):
        target = _target(model)
        if target is None:
            break
        model, transition = _move(model, *target)
        made.append(transition)
    return model, tuple(made)


def expects_life(model: Model) -> bool:
    """EXPECT: the market is open and something that always trades is subscribed."""
    return model.phase is Phase.OPEN and model.symbols > 0 and model.canary


def silent_for(model: Model) -> float:
    """Seconds without life that count as silence.

    None do before the link, the phase or the machine came up, nor before anything was subscribed that would speak.
    """
    life = model.started if model.last_life is None else model.last_life
    return model.now - max(life, model.link_since, model.phase_since, model.resumed, model.expected_since)


def primary_fault(model: Model) -> str | None:
    """P_BAD, with its cause in a trader's words, or None."""
    limit = model.timers.failover_seconds
    if model.fatal is not None:
        return model.fatal.value
    if _garbage(model):
        return "most of Alpaca's messages make no sense"
    if not model.up and model.phase is not Phase.CLOSED and down_for(model) >= limit:
        return f"Alpaca down for {limit:g} s: {model.down_reason.value}"
    if model.up and expects_life(model) and silent_for(model) >= limit and not _quiet(model):
        return f"no trade or quote from any symbol for {limit:g} s while the market is open"
    return None


def primary_flows(model: Model) -> bool:
    """P_FLOW: the primary is up, without fault, and has shown life as recently as its phase demands."""
    if not model.up or primary_fault(model) is not None:
        return False
    if not expects_life(model) or _quiet(model):
        return True
    fresh_since = max(model.link_since, model.phase_since)
    life = model.last_life
    return life is not None and life >= fresh_since and model.now - life < model.timers.failover_seconds


def fallback_down(model: Model) -> bool:
    """F_DOWN: switched off, three failed polls in a row, or inside a pause that it asked for."""
    paused = model.retry_until is not None and model.now < model.retry_until
    return not model.fallback_enabled or model.poll_failures >= POLL_FAILURES_DOWN or paused


def fallback_ready(model: Model) -> bool:
    """F_OK: not down, and its last success is recent enough to serve."""
    if fallback_down(model) or model.last_poll is None:
        return False
    return model.now - model.last_poll < poll_limit(model.poll_seconds)


def fallback_wanted(model: Model) -> bool:
    """True while the fallback must poll every symbol: it serves, or may have to at any moment (pre-warming)."""
    if model.state is not State.PRIMARY_ACTIVE:
        return True
    if model.fatal is not None or (not model.up and model.phase is not Phase.CLOSED):
        return True
    return expects_life(model) and silent_for(model) >= model.timers.failover_seconds / 2


def hold_seconds(model: Model) -> float:
    """HOLD: how long the primary must flow unbroken before it serves again."""
    if not model.ever_primary:
        return 0.0
    exits = max(1, len(_recent(model)))
    return min(model.timers.recovery_seconds * 2.0 ** (exits - 1), MAX_HOLD_SECONDS)


def down_for(model: Model) -> float:
    """Seconds of disconnection that count against the primary."""
    return model.now - max(model.link_since, model.phase_since, model.resumed)


def _garbage(model: Model) -> bool:
    return model.seen >= _GARBAGE_MINIMUM and 2 * model.window.bit_count() >= model.seen


def _quiet(model: Model) -> bool:
    return model.quiet_until is not None and model.now < model.quiet_until


def _recent(model: Model) -> tuple[float, ...]:
    return tuple(at for at in model.exits if model.now - at < HISTORY_SECONDS)


def _absorb(model: Model, event: Evidence) -> Model:
    now = model.now
    match event:
        case ev.Life(count):
            return _remember(replace(model, last_life=now, muted=False), 0, count)
        case ev.Tick():
            return model
        case ev.Invalid(count):
            return _remember(model, -1, count)
        case ev.LinkUp():
            return replace(model, up=True, link_since=now, fatal=None, limit_since=None, window=0, seen=0, muted=False)
        case ev.LinkDown(reason):
            return _link_down(model, reason)
        case ev.Subscribed(symbols, canary):
            expected = canary and symbols > 0
            since = model.expected_since if model.canary and model.symbols > 0 and expected else now
            return replace(model, symbols=symbols, canary=canary, expected_since=since)
        case ev.PollSucceeded():
            return replace(model, last_poll=now, poll_failures=0, retry_until=None)
        case ev.PollFailed(retry_after):
            until = model.retry_until if retry_after is None else now + retry_after
            return replace(model, poll_failures=model.poll_failures + 1, retry_until=until)
        case ev.Cadence(poll_seconds):
            return replace(model, poll_seconds=poll_seconds)
        case ev.PhaseEdge(phase):
            return replace(model, phase=phase, phase_since=now, quiet_until=None)
        case ev.Quiet():
            return replace(model, quiet_until=now + model.timers.failover_seconds)
        case ev.Mute():
            return replace(model, muted=True, quiet_until=None)
        case ev.Resumed():
            return replace(model, resumed=now, flow_since=None)


def _remember(model: Model, bit: int, count: int) -> Model:
    """Shift `count` messages, valid (0) or not (-1), into the window of the last hundred."""
    count = min(count, _GARBAGE_WINDOW)
    window = ((model.window << count) | (bit & ((1 << count) - 1))) & _WINDOW_MASK
    return replace(model, window=window, seen=min(_GARBAGE_WINDOW, model.seen + count))


def _link_down(model: Model, reason: Reason) -> Model:
    since = model.now if model.up else model.link_since
    limit_since = None
    fatal = reason if reason.fatal else model.fatal
    if reason is Reason.CONNECTION_LIMIT:
        limit_since = model.now if model.limit_since is None else model.limit_since
        if model.now - limit_since >= CONNECTION_LIMIT_PATIENCE:
            fatal = reason
    return replace(model, up=False, link_since=since, down_reason=reason, fatal=fatal, limit_since=limit_since)


def _keep_time(model: Model) -> Model:
    """The clocks that run with evidence: unbroken flow, the failure history, the breaker's cool-down and trial."""
    flows = primary_flows(model)
    flow_since = (model.now if model.flow_since is None else model.flow_since) if flows else None
    active = model.state is State.PRIMARY_ACTIVE
    breaker = model.breaker.at(model.now, primary_active=active, healthy=primary_fault(model) is None)
    if flow_since == model.flow_since and breaker is model.breaker:
        return model
    return replace(model, flow_since=flow_since, breaker=breaker)


def _target(model: Model) -> tuple[State, str] | None:
    """The first transition of the table that applies, with its cause."""
    fault = primary_fault(model)
    match model.state:
        case State.PRIMARY_ACTIVE:
            if fault is None:
                return None
            if fallback_down(model):
                missing = "Yahoo does not answer either" if model.fallback_enabled else "Yahoo is switched off"
                return State.BOTH_UNAVAILABLE, f"{fault}; {missing}"
            return State.FALLBACK_ACTIVE, fault
        case State.FALLBACK_ACTIVE:
            return _from_fallback(model)
        case State.BOTH_UNAVAILABLE:
            if primary_flows(model):
                return State.PRIMARY_ACTIVE, "Alpaca is streaming"
            grace_over = model.now - model.started >= START_GRACE_SECONDS
            if fallback_ready(model) and (model.ever_primary or model.fatal is not None or grace_over):
                return State.FALLBACK_ACTIVE, fault or model.down_reason.value
            return None


def _from_fallback(model: Model) -> tuple[State, str] | None:
    flows = primary_flows(model)
    held = flows and model.flow_since is not None and model.now - model.flow_since >= hold_seconds(model)
    if held and model.breaker.state is not BreakerState.OPEN and model.timers.prefer_alpaca:
        steady = hold_seconds(model)
        return State.PRIMARY_ACTIVE, f"Alpaca steady for {steady:g} s" if steady else "Alpaca is streaming"
    overdue = model.last_poll is None or model.now - model.last_poll >= poll_limit(model.poll_seconds)
    if fallback_down(model) or (overdue and model.phase is not Phase.CLOSED):
        if flows:
            return State.PRIMARY_ACTIVE, "Yahoo failed while Alpaca streams"
        return State.BOTH_UNAVAILABLE, "Yahoo failed and Alpaca is not back"
    return None


def _move(model: Model, after: State, cause: str) -> tuple[Model, Transition]:
    transition = Transition(model.now, model.state, after, cause, model.now - model.entered)
    moved = replace(model, state=after, entered=model.now)
    if model.state is State.PRIMARY_ACTIVE:
        exits = (*_recent(model), model.now)
        moved = replace(moved, exits=exits, flow_since=None, breaker=model.breaker.tripped(model.now, len(exits)))
    if after is State.PRIMARY_ACTIVE:
        moved = replace(moved, ever_primary=True)
    return moved, transition

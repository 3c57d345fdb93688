"""Which source serves: the failover state machine, a pure reducer.

`step(model, event, now)` absorbs one piece of evidence and makes at most two transitions. `now` is monotonic
seconds; a smaller one is clamped. Nothing here reads a clock, sleeps or draws a random number.
"""

import math

from msgspec.structs import replace

from mytrader_tui.market.failover import evidence as ev
from mytrader_tui.market.failover.evidence import Evidence
from mytrader_tui.market.failover.predicates import (
    down_for,
    expects_life,
    fallback_down,
    fallback_failed,
    fallback_ready,
    fallback_wanted,
    final_reason,
    has_recovered,
    hold_seconds,
    is_shaky,
    primary_fault,
    primary_flows,
    probe_due,
    return_barred_until,
    shows_life,
    silent_for,
)
from mytrader_tui.market.failover.routing import Model, State, Transition, start
from mytrader_tui.market.failover.timers import Timers
from mytrader_tui.market.link import Reason
from mytrader_tui.market.quote import Source

__all__ = [
    "Model",
    "State",
    "Timers",
    "Transition",
    "down_for",
    "expects_life",
    "fallback_down",
    "fallback_ready",
    "fallback_wanted",
    "hold_seconds",
    "primary_fault",
    "primary_flows",
    "probe_due",
    "return_barred_until",
    "silent_for",
    "start",
    "step",
]

GARBAGE_WINDOW = 100
MAX_RETRY_SECONDS = 900.0
_WINDOW_MASK = (1 << GARBAGE_WINDOW) - 1
_KEPT_EXITS = 32
_MOST_TRANSITIONS = 2


def step(model: Model, event: Evidence, now: float) -> tuple[Model, tuple[Transition, ...]]:
    """Absorb `event` at `now`; the new model and the transitions it caused."""
    now = now if now > model.now else model.now
    # What ran out before the event came has run out: a print after a minute's silence mends no hold.
    aged, fault = _keep_time(model, now)
    model = _absorb(aged, event)
    if model is not aged:
        model, fault = _keep_time(model, now)
    target = _target(model, fault)
    if target is None:
        return model, ()
    made: list[Transition] = []
    while target is not None and len(made) < _MOST_TRANSITIONS:
        moved, transition = _move(model, *target)
        made.append(transition)
        model, fault = _keep_time(moved, now)
        target = _target(model, fault)
    return model, tuple(made)


def _absorb(model: Model, event: Evidence) -> Model:
    now = model.now
    match event:
        case ev.Life(count):
            return _remember(model, 0, count)
        case ev.Tick():
            return model
        case ev.Invalid(count):
            return _remember(model, -1, count)
        case ev.LinkUp():
            return _link_up(model)
        case ev.LinkDown(reason):
            return _link_down(model, reason)
        case ev.Subscribed(symbols, canary):
            spoke = model.symbols > 0 and symbols > 0 and (model.canary or not canary)
            return replace(model, symbols=symbols, canary=canary, expected_since=model.expected_since if spoke else now)
        case ev.PollSucceeded():
            return replace(model, last_poll=now, poll_failures=0, retry_until=None)
        case ev.PollFailed(retry_after):
            return _poll_failed(model, retry_after)
        case ev.Cadence(poll_seconds):
            sooner = poll_seconds < model.poll_seconds
            return replace(model, poll_seconds=poll_seconds, asked_since=None if sooner else model.asked_since)
        case ev.Quiet() | ev.Mute() if not model.up:
            return model
        case ev.Quiet():
            return replace(model, quiet_until=now + model.timers.failover_seconds, muted=False, probed=now)
        case ev.Mute():
            return replace(model, muted=True, quiet_until=None, probed=now)
        case ev.Probing():
            return replace(model, probed=now)
        case ev.Untrusted(broken):
            return replace(model, untrusted=broken)
        case ev.Pinned(source):
            return replace(model, pinned=None if source is Source.CACHE else source)
        case ev.PhaseEdge(phase):
            return model if phase is model.phase else replace(_rebased(model), phase=phase)
        case ev.Resumed():
            return replace(_rebased(model), last_poll=None, flow_since=None)


def _rebased(model: Model) -> Model:
    """`model` with everything to be shown anew: nothing heard or asked before a phase or a sleep ended counts."""
    return replace(_forgetting(model), base=model.now, asked_since=None)


def _forgetting(model: Model) -> Model:
    """`model` without what was heard of the stream so far."""
    return replace(model, last_life=None, quiet_until=None, muted=False, probed=None)


def _remember(model: Model, bit: int, count: int) -> Model:
    """Shift `count` messages, valid (0) or not (-1), into the window of the last hundred.

    What comes while the link is down is the rest of a connection that ended, or the greetings of one that may.
    """
    if not model.up or count <= 0:
        return model
    count = min(count, GARBAGE_WINDOW)
    window = ((model.window << count) | (bit & ((1 << count) - 1))) & _WINDOW_MASK
    seen = min(GARBAGE_WINDOW, model.seen + count)
    if bit:
        return replace(model, window=window, seen=seen)
    return replace(model, window=window, seen=seen, last_life=model.now, muted=False)


def _link_up(model: Model) -> Model:
    if model.up:
        # A stream that is up and says so again has not begun anew: its silence goes on.
        return model
    fresh = _forgetting(model)
    return replace(fresh, up=True, base=model.now, fatal=None, limit_since=None, window=0, seen=0)


def _link_down(model: Model, reason: Reason) -> Model:
    base = model.now if model.up else model.base
    fatal = reason if reason.fatal else model.fatal
    limit_since = None
    if reason is Reason.CONNECTION_LIMIT:
        limit_since = model.now if model.limit_since is None else model.limit_since
    return replace(
        model, up=False, base=base, down_reason=reason, fatal=fatal, limit_since=limit_since, window=0, seen=0
    )


def _poll_failed(model: Model, retry_after: float | None) -> Model:
    until = model.retry_until
    if retry_after is not None and math.isfinite(retry_after) and retry_after >= 0:
        asked = model.now + min(retry_after, MAX_RETRY_SECONDS)
        until = asked if until is None else max(until, asked)
    return replace(model, poll_failures=model.poll_failures + 1, retry_until=until)


def _keep_time(model: Model, now: float) -> tuple[Model, str | None]:
    """`model` at `now` with the clocks that run with evidence, and the primary's fault then.

    The clocks are the unbroken flow, the asking of the fallback, and the breaker's cool-down and trial.
    """
    if now != model.now:
        model = replace(model, now=now)
    fault = primary_fault(model)
    flow_since = asked_since = None
    if fault is None and shows_life(model):
        flow_since = now if model.flow_since is None else model.flow_since
    serving = model.state is State.PRIMARY_ACTIVE
    if not serving or fault is not None or is_shaky(model):
        asked_since = now if model.asked_since is None else model.asked_since
    breaker = model.breaker.at(now, model.timers, proving=serving and fault is None)
    if flow_since == model.flow_since and asked_since == model.asked_since and breaker is model.breaker:
        return model, fault
    return replace(model, flow_since=flow_since, asked_since=asked_since, breaker=breaker), fault


def _target(model: Model, fault: str | None) -> tuple[State, str] | None:
    """The first transition of the table that applies, with its cause; `fault` is the primary's."""
    if model.pinned is not None:
        return _pinned_to_alpaca(model) if model.pinned is Source.ALPACA else _pinned_to_yahoo(model)
    match model.state:
        case State.PRIMARY_ACTIVE:
            return _from_primary(model, fault)
        case State.FALLBACK_ACTIVE:
            return _from_fallback(model)
        case State.BOTH_UNAVAILABLE:
            return _from_neither(model, fault)


def _from_primary(model: Model, fault: str | None) -> tuple[State, str] | None:
    if fault is None:
        return None
    if fallback_down(model):
        missing = "Yahoo does not answer either" if model.fallback_enabled else "Yahoo is switched off"
        return State.BOTH_UNAVAILABLE, f"{fault}; {missing}"
    return State.FALLBACK_ACTIVE, fault


def _from_fallback(model: Model) -> tuple[State, str] | None:
    if has_recovered(model):
        steady = hold_seconds(model)
        return State.PRIMARY_ACTIVE, f"Alpaca steady for {steady:g} s" if steady else "Alpaca is streaming"
    if not fallback_failed(model):
        return None
    if primary_flows(model):
        return State.PRIMARY_ACTIVE, "Yahoo failed while Alpaca streams"
    if model.fatal is not None and model.fatal.off:
        return State.BOTH_UNAVAILABLE, "Yahoo failed"
    return State.BOTH_UNAVAILABLE, "Yahoo failed and Alpaca is not back"


def _from_neither(model: Model, fault: str | None) -> tuple[State, str] | None:
    if primary_flows(model):
        return State.PRIMARY_ACTIVE, "Alpaca is streaming"
    waited = model.now - model.started >= model.timers.start_grace_seconds
    if fallback_ready(model) and (model.ever_primary or waited or final_reason(model) is not None):
        return State.FALLBACK_ACTIVE, fault or model.down_reason.value
    return None


def _pinned_to_alpaca(model: Model) -> tuple[State, str] | None:
    if model.up:
        return _unless_there(model, State.PRIMARY_ACTIVE, "you chose Alpaca")
    return _unless_there(model, State.BOTH_UNAVAILABLE, f"you chose Alpaca, and it is down: {model.down_reason.value}")


def _pinned_to_yahoo(model: Model) -> tuple[State, str] | None:
    if fallback_failed(model):
        missing = "it does not answer" if model.fallback_enabled else "it is switched off"
        return _unless_there(model, State.BOTH_UNAVAILABLE, f"you chose Yahoo, and {missing}")
    return _unless_there(model, State.FALLBACK_ACTIVE, "you chose Yahoo")


def _unless_there(model: Model, state: State, cause: str) -> tuple[State, str] | None:
    return None if model.state is state else (state, cause)


def _move(model: Model, after: State, cause: str) -> tuple[Model, Transition]:
    transition = Transition(model.now, model.state, after, cause, model.now - model.entered)
    left = _left(model) if model.state is State.PRIMARY_ACTIVE and model.pinned is None else model
    ever_primary = model.ever_primary or after is State.PRIMARY_ACTIVE
    return replace(left, state=after, entered=model.now, ever_primary=ever_primary), transition


def _left(model: Model) -> Model:
    """`model` with one more exit from the primary on its account; what the user chose is on nobody's."""
    timers, now = model.timers, model.now
    exits = (*(at for at in model.exits if now - at < timers.history_seconds), now)[-_KEPT_EXITS:]
    spent = (*(at for at in model.spent if now - at < timers.budget_seconds), now)[-_KEPT_EXITS:]
    breaker = model.breaker.tripped(now, timers, len(exits))
    return replace(model, exits=exits, spent=spent, breaker=breaker)

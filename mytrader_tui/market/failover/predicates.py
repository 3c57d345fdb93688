"""What the evidence amounts to: is the primary bad, does it flow, is the fallback down, what is worth asking now."""

from mytrader_tui.market.failover.breaker import BreakerState
from mytrader_tui.market.failover.evidence import Phase
from mytrader_tui.market.failover.routing import Model, State
from mytrader_tui.market.link import Reason, poll_limit

POLL_FAILURES_DOWN = 3
GARBAGE_MINIMUM = 20
BUDGET_EXITS = 10
"""Exits from the primary within the budget's time after which the router does not choose it by itself again."""


def expects_life(model: Model) -> bool:
    """EXPECT: the market is open, and something is subscribed that always trades or is known to have traded."""
    return model.phase is Phase.OPEN and model.symbols > 0 and (model.canary or model.muted)


def silent_for(model: Model) -> float:
    """Seconds without life that count as silence.

    None do before the link, the phase or the machine came up, nor before anything was subscribed that would speak.
    """
    since = model.base if model.last_life is None else model.last_life
    return model.now - (since if since > model.expected_since else model.expected_since)


def down_for(model: Model) -> float:
    """Seconds of disconnection that count against the primary."""
    return model.now - model.base


def primary_fault(model: Model) -> str | None:
    """P_BAD, with its cause in a trader's words, or None."""
    if (final := final_reason(model)) is not None:
        return final
    if model.untrusted:
        return "Alpaca's prices break with its own last prices"
    if is_garbage(model):
        return "most of Alpaca's messages make no sense"
    limit = model.timers.failover_seconds
    if not model.up:
        if model.phase is not Phase.CLOSED and down_for(model) >= limit:
            return f"Alpaca down for {limit:g} s: {model.down_reason.value}"
    elif expects_life(model) and silent_for(model) >= limit and not is_excused(model):
        return f"no trade or quote from any symbol for {limit:g} s while the market is open"
    return None


def final_reason(model: Model) -> str | None:
    """FATAL, in words: a reason that waiting does not mend.

    Another session that holds the stream becomes one in time. That time does not run while the market is closed:
    the server takes a minute and a half to let go of a connection of ours that broke, and nothing is missed then.
    """
    if model.fatal is not None:
        return model.fatal.value
    if model.limit_since is None or model.phase is Phase.CLOSED:
        return None
    held = model.now - max(model.limit_since, model.base)
    return f"{Reason.CONNECTION_LIMIT.value} (406)" if held >= model.timers.connection_limit_seconds else None


def is_garbage(model: Model) -> bool:
    """GARBAGE: enough messages were seen, and half of the last hundred made no sense."""
    return model.seen >= GARBAGE_MINIMUM and 2 * model.window.bit_count() >= model.seen


def is_excused(model: Model) -> bool:
    """True within a QUIET verdict: the market itself has nothing to say."""
    return model.quiet_until is not None and model.now < model.quiet_until


def shows_life(model: Model) -> bool:
    """True where the primary, if nothing is wrong with it, has shown as much life as its phase demands."""
    if not model.up:
        return False
    if not expects_life(model) or is_excused(model):
        return True
    return model.last_life is not None and model.now - model.last_life < model.timers.failover_seconds


def primary_flows(model: Model) -> bool:
    """P_FLOW: the primary is up, without fault, and shows life."""
    return shows_life(model) and primary_fault(model) is None


def fallback_down(model: Model) -> bool:
    """F_DOWN: switched off, three failed polls in a row, or inside a pause that it asked for."""
    paused = model.retry_until is not None and model.now < model.retry_until
    return not model.fallback_enabled or model.poll_failures >= POLL_FAILURES_DOWN or paused


def fallback_ready(model: Model) -> bool:
    """F_OK: not down, and its last success is recent enough to serve."""
    if fallback_down(model) or model.last_poll is None:
        return False
    return model.now - model.last_poll < poll_limit(model.poll_seconds)


def fallback_failed(model: Model) -> bool:
    """True where a serving fallback can serve no longer: it is down, or has had no success for its limit.

    The limit runs only while it is asked and the market is not closed, and anew where it is asked more often.
    """
    if fallback_down(model):
        return True
    if model.phase is Phase.CLOSED:
        return False
    if model.asked_since is None:
        return False
    answered = model.asked_since if model.last_poll is None else max(model.asked_since, model.last_poll)
    return model.now - answered >= poll_limit(model.poll_seconds)


def fallback_wanted(model: Model) -> bool:
    """True while the fallback must poll every symbol: it serves, or may have to at any moment (pre-warming)."""
    return model.state is not State.PRIMARY_ACTIVE or is_shaky(model) or primary_fault(model) is not None


def is_shaky(model: Model) -> bool:
    """True while the primary is on its way to a failover: its link is down, or half of the silence is over."""
    if not model.up:
        return model.phase is not Phase.CLOSED
    return expects_life(model) and silent_for(model) >= model.timers.failover_seconds / 2


def probe_due(model: Model) -> bool:
    """True when the REST snapshot should be asked whether a silent stream misses prints; never while closed."""
    if not model.up or model.symbols == 0 or model.phase is Phase.CLOSED:
        return False
    timers = model.timers
    pause = timers.failover_seconds / 2 if model.phase is Phase.OPEN else timers.extended_probe_seconds
    asked = model.probed is not None and model.now - model.probed < pause
    return not asked and silent_for(model) >= pause


def recent_exits(model: Model) -> int:
    """`k`: how often the primary was left within the history."""
    return sum(model.now - at < model.timers.history_seconds for at in model.exits)


def hold_seconds(model: Model) -> float:
    """HOLD: how long the primary must flow unbroken before it serves again."""
    if not model.ever_primary:
        return 0.0
    doublings = max(1, recent_exits(model)) - 1
    return min(model.timers.recovery_seconds * 2.0**doublings, model.timers.hold_limit_seconds)


def return_barred_until(model: Model) -> float | None:
    """When the primary may be chosen again after too many exits (monotonic seconds), or None if it may be now."""
    cooled = model.breaker.cooled_at if model.breaker.state is BreakerState.OPEN else None
    spent = [at + model.timers.budget_seconds for at in model.spent]
    unspent = sorted(at for at in spent if at > model.now)
    refilled = unspent[-BUDGET_EXITS] if len(unspent) >= BUDGET_EXITS else None
    return max((at for at in (cooled, refilled) if at is not None), default=None)


def has_recovered(model: Model) -> bool:
    """True when the primary has flowed for its hold, and nothing bars it from being chosen again."""
    if model.flow_since is None or model.now - model.flow_since < hold_seconds(model):
        return False
    return model.timers.prefer_alpaca and return_barred_until(model) is None

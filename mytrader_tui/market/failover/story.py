"""What is going on, in the order a trader asks: who serves, why, and what happens next and when."""

from mytrader_tui.market.failover.evidence import Phase
from mytrader_tui.market.failover.router import (
    Model,
    State,
    down_for,
    expects_life,
    fallback_down,
    hold_seconds,
    primary_fault,
    primary_flows,
    return_barred_until,
    silent_for,
)
from mytrader_tui.market.link import Link
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Source

SILENCE_WORTH_TELLING = 10.0
"""Seconds of silence of a stream that should speak before it is mentioned, or half the threshold if that is less."""

_CHOSEN = "you chose "
"""What the router's causes begin with where the user made the change."""


def tell(model: Model, primary: Link, cause: str, now: Moment) -> tuple[str, ...]:
    """The phrases, the most important first. `cause` is why the state was entered; `primary` is Alpaca's link."""
    held = clock_span(now.mono - model.entered)
    cause = _still_true(model, cause)
    match model.state:
        case State.PRIMARY_ACTIVE:
            serving = (f"Alpaca serving for {held}", *_choice(model))
            return _primary(model, primary, now) or serving
        case State.FALLBACK_ACTIVE:
            return (f"Yahoo serving for {held}", *(_choice(model) or (cause, *_way_back(model, now))))
        case State.BOTH_UNAVAILABLE if not model.ever_primary and model.last_poll is None and model.fatal is None:
            return ("Connecting", "no source has answered yet")
        case State.BOTH_UNAVAILABLE:
            return (f"No source for {held}", cause, *(_choice(model) or ("both are tried again",)))


def clock_span(seconds: float) -> str:
    """A span as people read a timer: `0:09`, `12:40`, `1:02:03`."""
    whole = max(0, round(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def _primary(model: Model, link: Link, now: Moment) -> tuple[str, ...]:
    """What is wrong with a primary that should serve; nothing if it does."""
    limit = model.timers.failover_seconds
    if not link.up:
        reason = link.reason.value if link.reason else model.down_reason.value
        down = f"Alpaca down {clock_span(now.seconds_since(link.since))}: {reason}"
        if model.phase is Phase.CLOSED:
            return (down, "the market is closed: nothing is missed")
        return (down, _takeover(model, limit - down_for(model)))
    if not link.proven(now):
        return ("Alpaca does not answer", "the connection is being tested")
    silence = silent_for(model)
    if expects_life(model) and silence >= min(SILENCE_WORTH_TELLING, limit / 2):
        return (f"Alpaca silent {clock_span(silence)}", _takeover(model, limit - silence))
    return ()


def _choice(model: Model) -> tuple[str, ...]:
    """That the user chose the source, which no evidence overrules."""
    if model.pinned is None:
        return ()
    return ("pinned to Alpaca" if model.pinned is Source.ALPACA else "pinned to Yahoo",)


def _still_true(model: Model, cause: str) -> str:
    """`cause`, unless it is a choice that the user took back: then what is the matter now, if anything is."""
    if model.pinned is not None or not cause.startswith(_CHOSEN):
        return cause
    return primary_fault(model) or "automatic again"


def _takeover(model: Model, left: float) -> str:
    if model.pinned is Source.ALPACA:
        return "pinned to Alpaca: Yahoo does not take over"
    if fallback_down(model):
        return "Yahoo does not answer either"
    return f"Yahoo takes over in {clock_span(left)}" if left > 0 else "Yahoo takes over"


def _way_back(model: Model, now: Moment) -> tuple[str, ...]:
    if model.fatal is not None:
        return ()
    if not model.timers.prefer_alpaca:
        return ("Alpaca serves again only if Yahoo fails",)
    if (barred_until := return_barred_until(model)) is not None:
        return (f"too many failovers: Alpaca is tried again in {clock_span(barred_until - now.mono)}",)
    if not primary_flows(model):
        return ()
    flowing = model.now - model.flow_since if model.flow_since is not None else 0.0
    return (f"back to live after {clock_span(hold_seconds(model) - flowing)} of steady data",)

"""What is going on, in the order a trader asks: who serves, why, and what happens next and when."""

from collections.abc import Collection

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
from mytrader_tui.market.link import Link, Reason
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Source

SILENCE_WORTH_TELLING = 10.0
"""Seconds of silence of a stream that should speak before it is mentioned, or half the threshold if that is less."""

_CHOSEN = "you chose "
"""What the router's causes begin with where the user made the change."""


def tell(model: Model, primary: Link, cause: str, now: Moment, serving: Collection[Source] = ()) -> tuple[str, ...]:
    """The phrases, the most important first.

    `cause` is why the state was entered, empty at the start; `primary` is Alpaca's link; `serving` are the sources
    that serve a row all the same where the router lets none.
    """
    held = clock_span(now.mono - model.entered)
    match model.state:
        case State.PRIMARY_ACTIVE:
            return _primary(model, primary, now) or (f"Alpaca serving for {held}", *_choice(model))
        case State.FALLBACK_ACTIVE:
            return (
                f"Yahoo serving for {held}",
                *(_choice(model) or (*_why_not_alpaca(model, cause), *_way_back(model, now))),
            )
        case State.BOTH_UNAVAILABLE:
            return _neither(model, held, _still_true(model, cause), serving)


def _neither(model: Model, held: str, cause: str, serving: Collection[Source]) -> tuple[str, ...]:
    """That the router lets no source serve: which rows still get prices, or what is waited for."""
    why = cause or _why_neither(model, serving)
    if serving:
        names = " and ".join(source.value.capitalize() for source in sorted(serving, key=lambda each: each.value))
        return (f"{names} serving meanwhile", why, *_choice(model))
    if _alpaca_connects(model) or _yahoo_connects(model):
        never = not model.ever_primary and model.last_poll is None
        return ("Connecting", "no source has answered yet" if never else why, *_choice(model))
    return (f"No source for {held}", why, *(_choice(model) or _tried_again(model)))


def _alpaca_connects(model: Model) -> bool:
    """True until the stream came up or failed to."""
    return not model.up and model.fatal is None and model.down_reason is Reason.STARTING


def _yahoo_connects(model: Model) -> bool:
    """True until a poll was answered or failed."""
    return model.fallback_enabled and model.last_poll is None and not model.poll_failures


def _why_neither(model: Model, serving: Collection[Source]) -> str:
    """Why the router lets no source serve, where none ever did."""
    said: list[str] = []
    keyless = model.fatal is not None and model.fatal.off
    if not (keyless and model.fallback_enabled) and (fault := _alpacas_trouble(model, serving)):
        said.append(fault)
    if not model.fallback_enabled:
        said.append("Yahoo is switched off")
    elif Source.YAHOO not in serving:
        said.append("Yahoo does not answer either" if said else "Yahoo does not answer")
    return "; ".join(said)


def _alpacas_trouble(model: Model, serving: Collection[Source] = ()) -> str:
    if model.fatal is Reason.DISABLED:
        return f"Alpaca is {model.fatal.value}"
    if (fault := primary_fault(model)) is not None:
        return fault
    if _alpaca_connects(model):
        return "Alpaca is connecting"
    return "" if Source.ALPACA in serving or model.up else f"Alpaca down: {model.down_reason.value}"


def _tried_again(model: Model) -> tuple[str, ...]:
    """Which sources are tried again; the stream gives up after a refusal that waiting does not mend."""
    alpaca = model.fatal in (None, Reason.SECOND_INSTANCE)
    if alpaca and model.fallback_enabled:
        return ("both are tried again",)
    if alpaca or model.fallback_enabled:
        return (f"{'Alpaca' if alpaca else 'Yahoo'} is tried again",)
    return ()


def _why_not_alpaca(model: Model, cause: str) -> tuple[str, ...]:
    """Why Yahoo serves; nothing where Alpaca is switched off, which it says itself."""
    if model.fatal is Reason.DISABLED:
        return ()
    if cause == Reason.STARTING.value:
        return tuple(filter(None, (_alpacas_trouble(model),)))
    return (_still_true(model, cause),)


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

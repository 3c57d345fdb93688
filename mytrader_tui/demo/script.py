"""Two minutes in which the demo's sources fail in six ways and recover, told step by step."""

import asyncio
from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING, assert_never

import msgspec

if TYPE_CHECKING:
    from mytrader_tui.demo.market import DemoMarket

_NOTICED = 4.0
"""Seconds that a step lasts after the program should have reacted, so that a viewer sees it."""

_RECONNECTED = 6.5
"""Seconds that a client's pause between two attempts may last by the end of an outage."""

_YAHOO_PAUSE = "4"
"""The Retry-After, in seconds, of a Yahoo that has had enough."""


class Act(Enum):
    """What a step does to the market."""

    NOTHING = "nothing"
    LOSE_STREAM = "lose the stream"
    MUTE_STREAM = "mute the stream"
    TAKE_CONNECTION = "take the only connection"
    FREEZE_STREAM = "freeze the stream"
    CLOSE_FOR_REPAIRS = "close for repairs"
    LOSE_BOTH = "lose the stream and refuse polls"
    HEAL = "heal"


class ScriptStep(msgspec.Struct, frozen=True):
    """One step: its act is done when it begins, then it lasts `seconds`."""

    caption: str
    act: Act
    seconds: float


_FAILURES = (
    (Act.LOSE_STREAM, "1/6 Alpaca's stream is cut and its port refuses", "Alpaca is back, and must prove itself"),
    (Act.MUTE_STREAM, "2/6 Alpaca's stream goes mute, yet answers pings", "Alpaca prints again"),
    (Act.TAKE_CONNECTION, "3/6 Another program took Alpaca's only connection", "The connection is free again"),
    (Act.FREEZE_STREAM, "4/6 The line goes dead without a word (half-open)", "The line is mended"),
    (Act.CLOSE_FOR_REPAIRS, "5/6 Alpaca's server closes for repairs (503)", "The repairs are done"),
    (Act.LOSE_BOTH, "6/6 Alpaca is cut, and Yahoo says: too many requests", "Both are well again"),
)


def steps(failover_seconds: float, recovery_seconds: float) -> tuple[ScriptStep, ...]:
    """The script for a program that fails over and recovers after so many seconds."""
    outage = failover_seconds + _NOTICED
    recovery = _RECONNECTED + recovery_seconds + _NOTICED / 2
    script = [ScriptStep("All is well: Alpaca streams", Act.NOTHING, _NOTICED)]
    for act, failing, healing in _FAILURES:
        script += (ScriptStep(failing, act, outage), ScriptStep(healing, Act.HEAL, recovery))
    return tuple(script)


def perform(act: Act, market: "DemoMarket") -> None:
    """Do `act` to `market`; must run on the market's loop."""
    stream, faults = market.gates.stream, market.faults
    match act:
        case Act.NOTHING:
            return
        case Act.LOSE_STREAM:
            stream.refuse()
            stream.cut()
        case Act.MUTE_STREAM:
            faults.mute = True
        case Act.TAKE_CONNECTION:
            faults.auth_error = 406
            stream.cut()
        case Act.FREEZE_STREAM:
            stream.freeze()
        case Act.CLOSE_FOR_REPAIRS:
            faults.upgrade_status = 503
            stream.cut()
        case Act.LOSE_BOTH:
            faults.yahoo_status, faults.yahoo_retry_after = 429, _YAHOO_PAUSE
            perform(Act.LOSE_STREAM, market)
        case Act.HEAL:
            faults.clear()
            stream.accept()
        case _:
            assert_never(act)


async def play(
    market: "DemoMarket",
    announce: Callable[[str], None],
    *,
    failover_seconds: float = 3.0,
    recovery_seconds: float = 3.0,
) -> None:
    """Play the script on `market`, on its loop; `announce` gets each step's caption as it begins.

    Cancelling heals the market.
    """
    try:
        for step in steps(failover_seconds, recovery_seconds):
            announce(step.caption)
            perform(step.act, market)
            await asyncio.sleep(step.seconds)
    finally:
        if market.running:
            perform(Act.HEAL, market)

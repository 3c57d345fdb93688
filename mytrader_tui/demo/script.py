"""A minute in which the demo's Alpaca fails in three ways and recovers, told step by step."""

import asyncio
from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING, assert_never

import msgspec

if TYPE_CHECKING:
    from mytrader_tui.demo.market import DemoMarket

_NOTICED = 4.0
"""Seconds that a step lasts after the program should have reacted, so that a viewer sees it."""


class Act(Enum):
    """What a step does to the market."""

    NOTHING = "nothing"
    LOSE_STREAM = "lose the stream"
    MUTE_STREAM = "mute the stream"
    TAKE_CONNECTION = "take the only connection"
    HEAL = "heal"


class ScriptStep(msgspec.Struct, frozen=True):
    """One step: its act is done when it begins, then it lasts `seconds`."""

    caption: str
    act: Act
    seconds: float


def steps(failover_seconds: float, recovery_seconds: float) -> tuple[ScriptStep, ...]:
    """The script for a program that fails over and recovers after so many seconds; the hold doubles each time."""
    outage = failover_seconds + _NOTICED
    return (
        ScriptStep("All is well: Alpaca streams every row", Act.NOTHING, _NOTICED),
        ScriptStep("Alpaca's stream is cut and its port refuses", Act.LOSE_STREAM, outage),
        ScriptStep(
            "Alpaca is back: it must prove itself before it serves again", Act.HEAL, recovery_seconds + _NOTICED
        ),
        ScriptStep("Alpaca's stream goes mute, yet answers pings", Act.MUTE_STREAM, outage),
        ScriptStep("Alpaca prints again: the proof takes twice as long", Act.HEAL, 2 * recovery_seconds + _NOTICED),
        ScriptStep("Another program took Alpaca's only connection (406)", Act.TAKE_CONNECTION, outage),
        ScriptStep("The connection is free again", Act.HEAL, 0.0),
    )


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
        case Act.HEAL:
            faults.clear()
            stream.accept()
        case _:
            assert_never(act)


async def play(
    market: "DemoMarket",
    announce: Callable[[str], None],
    *,
    failover_seconds: float = 6.0,
    recovery_seconds: float = 8.0,
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

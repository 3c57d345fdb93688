"""A pilot that waits for what is under way, however slow the machine.

Textual takes a process that uses no processor time for one that has nothing to do. Where others use the processor,
that is also one that is not let: the test then looks at a screen on which a key has not arrived.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import textual.app
import textual.pilot
from textual._wait import SLEEP_GRANULARITY
from textual.pilot import Pilot

PATIENCE_SECONDS = 1.0
"""Of processor time: an app that always has something to do is not waited for."""


def wait_for_what_is_under_way() -> None:
    """Let every pause of a pilot, and every key it presses, end only when the event loop has nothing to do."""
    for module in (textual.app, textual.pilot):
        module.wait_for_idle = _then_at_rest(module.wait_for_idle)  # type: ignore[attr-defined]
    Pilot.pause = _then_at_rest(Pilot.pause)  # type: ignore[method-assign]


def _then_at_rest(waited: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    async def wait(*place: Any, **how: Any) -> None:
        await waited(*place, **how)
        await _at_rest()

    return wait


async def _at_rest() -> None:
    ready, begun = asyncio.get_running_loop()._ready, time.process_time()  # type: ignore[attr-defined]
    while ready and time.process_time() - begun < PATIENCE_SECONDS:
        while ready and time.process_time() - begun < PATIENCE_SECONDS:  # noqa: ASYNC110 - no event tells of it
            await asyncio.sleep(0)
        # What was done may be painted a little later.
        await asyncio.sleep(SLEEP_GRANULARITY)

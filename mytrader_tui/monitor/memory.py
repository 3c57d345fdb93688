"""Keeps the garbage collector from stopping the loop: it would look through all of pandas again and again."""

import asyncio
import gc
from collections.abc import Sequence

PAUSES_SECONDS = (1.0, 3.0, 10.0, 30.0)
"""Pauses between the freezes: the libraries load one after the other, with the first question to each source."""


async def settle(pauses: Sequence[float] = PAUSES_SECONDS) -> None:
    """Take what is loaded by then out of the collector's sight, after each of the `pauses` (seconds).

    A full collection takes 0.1 s and more once the feeds' libraries are loaded, and nothing of theirs is garbage.
    """
    for pause in pauses:
        await asyncio.sleep(pause)
        gc.freeze()

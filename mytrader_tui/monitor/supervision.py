"""Tasks that may not die unseen: each is named, owned, restarted with a pause when it crashes, and stopped in time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0

_log = logging.getLogger(__name__)

Work = Callable[[], Coroutine[Any, Any, None]]
Crash = Callable[[str, BaseException], None]


async def keep_running(name: str, work: Work, crashed: Crash, pause: Callable[[float], Awaitable[None]]) -> None:
    """Run `work` until cancelled; when it raises, report it to `crashed` and start it again after a growing pause.

    Work that returns by itself is finished and not run again.
    """
    wait = FIRST_PAUSE_SECONDS
    while True:
        task = asyncio.create_task(work(), name=name)
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError:
            task.cancel()
            await asyncio.wait({task})
            raise
        if task.cancelled():
            return
        error = task.exception()
        if error is None:
            return
        _log.error("%s stopped with an error and starts again in %.0f s", name, wait, exc_info=error)
        crashed(name, error)
        await pause(wait)
        wait = min(2 * wait, LONGEST_PAUSE_SECONDS)


async def stop_all(tasks: set[asyncio.Task[None]], deadline: float) -> None:
    """Cancel `tasks` and wait at most `deadline` seconds for them; one that will not end is logged and left."""
    for task in tasks:
        task.cancel()
    if not tasks:
        return
    _, late = await asyncio.wait(tasks, timeout=deadline)
    for task in late:
        _log.error("%s did not stop within %.1f s", task.get_name(), deadline)

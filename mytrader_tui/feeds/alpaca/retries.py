"""Asking again by ourselves, a few times, for what may pass by itself."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from mytrader_tui.feeds.alpaca.backoff import Backoff
from mytrader_tui.feeds.alpaca.error import AlpacaError

if TYPE_CHECKING:
    from tenacity import RetryCallState

_T = TypeVar("_T")

RETRIES = 3
FIRST_PAUSE = 2.0
LAST_PAUSE = 8.0
"""Pauses of 2, 4 and 8 s at most; the half of each is chance."""

PATIENCE = 15.0
"""Seconds up to which a pause that the server asks for is waited out here; of a longer one the caller must know."""

Sleep = Callable[[float], Awaitable[None]]


class Retries:
    """Repeats a question up to RETRIES times while its error is transient, after the pause that the server asks for."""

    def __init__(self, rng: random.Random | None = None, sleep: Sleep = asyncio.sleep) -> None:
        self._rng = rng or random.Random()
        self._sleep = sleep

    async def answer_to(self, question: Callable[[], Awaitable[_T]]) -> _T:
        """What `question` answers in the end; raises its last error."""
        # Only here, because nothing is asked before the first paint.
        from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt

        backoff = Backoff(FIRST_PAUSE / 2, LAST_PAUSE, self._rng)
        retrying = AsyncRetrying(
            sleep=self._sleep,
            stop=stop_after_attempt(1 + RETRIES),
            wait=lambda state: max(backoff.next(), _asked_for(state)),
            retry=retry_if_exception(_worth_it),
            reraise=True,
        )

        async def attempt() -> _T:
            # tenacity awaits only what it can see to be a coroutine function.
            return await question()

        return await retrying(attempt)


def _worth_it(error: BaseException) -> bool:
    return isinstance(error, AlpacaError) and error.transient and (error.retry_after or 0.0) <= PATIENCE


def _asked_for(state: "RetryCallState") -> float:
    error = state.outcome.exception() if state.outcome is not None else None
    return (error.retry_after or 0.0) if isinstance(error, AlpacaError) else 0.0

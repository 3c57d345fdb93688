"""Answers kept for a while and asked for once, however many want them at the same time."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import msgspec

from mytrader_tui.feeds.alpaca.error import AlpacaError
from mytrader_tui.feeds.feed import Clock
from mytrader_tui.market.link import Reason

_T = TypeVar("_T")
Key = tuple[object, ...]
"""What was asked: its name first, then whatever makes it another question."""


class _Kept(msgspec.Struct, frozen=True):
    value: Any
    until: float


class _Flight(msgspec.Struct):
    """A question under way. Nobody waiting any more ends it."""

    task: asyncio.Task[Any]
    waiting: int = 0


class Answers:
    """Cache-aside: an answer serves everybody who asks the same until its time is over, counted from the asking.

    Errors are shared by those who wait for them, and never kept. A few lines that no library has: their caches know
    nothing of a question under way, of who still waits for it, or of an event that it may not have seen.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: dict[Key, _Kept] = {}
        self._flights: dict[Key, _Flight] = {}
        self._left: set[asyncio.Task[Any]] = set()

    async def of(self, key: Key, seconds: float, ask: Callable[[], Coroutine[Any, Any, _T]]) -> _T:
        """The answer to `key`: a kept one, that of a question under way, or what `ask` brings, kept for `seconds`.

        Raises what `ask` raises, and AlpacaError (STOPPED) once closed.
        """
        kept = self._kept.get(key)
        if kept is not None and self._clock().mono < kept.until:
            value: _T = kept.value
            return value
        flight = self._flights.get(key)
        if flight is None:
            name = "alpaca " + " ".join(str(part) for part in key)
            flight = _Flight(asyncio.create_task(self._ask(key, seconds, ask), name=name))
            self._flights[key] = flight
        answer: _T = await self._landing(key, flight)
        return answer

    def invalidate(self, *names: str) -> None:
        """Something happened to what has these names: what is kept or under way may not know of it."""
        for key in [key for key in self._kept if key[0] in names]:
            del self._kept[key]
        for key in [key for key in self._flights if key[0] in names]:
            # It goes on for those who asked before, and serves nobody else.
            self._left.add(self._flights.pop(key).task)

    def close(self) -> None:
        """End every question under way."""
        for task in (*self._left, *(flight.task for flight in self._flights.values())):
            task.cancel()

    async def _ask(self, key: Key, seconds: float, ask: Callable[[], Coroutine[Any, Any, _T]]) -> _T:
        asked = self._clock().mono
        try:
            value = await ask()
            if self._is_mine(key):
                self._kept = {each: kept for each, kept in self._kept.items() if asked < kept.until}
                self._kept[key] = _Kept(value, asked + seconds)
            return value
        finally:
            if self._is_mine(key):
                del self._flights[key]

    def _is_mine(self, key: Key) -> bool:
        flight = self._flights.get(key)
        return flight is not None and flight.task is asyncio.current_task()

    async def _landing(self, key: Key, flight: _Flight) -> Any:
        flight.waiting += 1
        try:
            await asyncio.wait({flight.task})
        except asyncio.CancelledError:
            if flight.waiting == 1:
                await self._abandon(key, flight)
            raise
        finally:
            flight.waiting -= 1
            self._left.discard(flight.task)
        if flight.task.cancelled():
            raise AlpacaError(Reason.STOPPED)
        return flight.task.result()

    async def _abandon(self, key: Key, flight: _Flight) -> None:
        if self._flights.get(key) is flight:
            del self._flights[key]
        flight.task.cancel()
        await asyncio.gather(flight.task, return_exceptions=True)

"""Keys typed ahead: each waits until the one before it is done, and so goes to the screen which that one opened."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from textual.app import App
from textual.dom import DOMNode
from textual.events import Event

ROUNDS = 2
"""A key is done when its whole way has been walked behind it so often: what it did may have told others more."""

PATIENCE_SECONDS = 5.0
"""A key that is not known to be done by then, because whoever had it is gone, holds up the others no longer."""


class TypedAhead:
    """The keys and pastes of `app` in a row; `deliver` hands one to whoever has the focus at that moment.

    A key goes from the focus up to the app, through a queue of messages each. Another that is read meanwhile would be
    given to whoever has the focus then, though the first is about to open a screen. So something follows each key
    through the same queues; when it arrives the key has been done.
    """

    def __init__(self, app: App[Any], deliver: Callable[[Event], Awaitable[None]]) -> None:
        self._app = app
        self._deliver = deliver
        self._waiting: deque[Event] = deque()
        self._turn = 0
        self._patience: asyncio.TimerHandle | None = None

    @property
    def busy(self) -> bool:
        """True until the last key is done."""
        return self._patience is not None

    async def take(self, event: Event) -> None:
        """Deliver `event` when those before it are done."""
        self._waiting.append(event)
        if not self.busy:
            await self._next()

    async def _next(self) -> None:
        self._turn += 1
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
        if not self._waiting:
            return
        turn, way = self._turn, self._way
        loop = asyncio.get_running_loop()
        self._patience = loop.call_later(PATIENCE_SECONDS, self._app.call_later, self._done, turn)
        await self._deliver(self._waiting.popleft())
        self._follow(way, turn, ROUNDS)

    async def _done(self, turn: int) -> None:
        if turn == self._turn:
            await self._next()

    @property
    def _way(self) -> list[DOMNode]:
        """Whom a key passes, the app last."""
        app = self._app
        start = app.focused or (app.screen if app.screen_stack else app)
        return start.ancestors_with_self

    def _follow(self, way: list[DOMNode], turn: int, rounds: int) -> None:
        """Queue up at each on the `way`, one after the other; whoever is closing is passed over."""
        for place, node in enumerate(way, start=1):
            if node.call_later(partial(self._passed, way[place:], turn, rounds)):
                return

    async def _passed(self, rest: list[DOMNode], turn: int, rounds: int) -> None:
        if turn != self._turn:
            return
        if rest:
            self._follow(rest, turn, rounds)
        elif rounds > 1:
            self._follow(self._way, turn, rounds - 1)
        else:
            await self._done(turn)

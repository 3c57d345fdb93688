"""Keeps one socket to Alpaca open: attempts, the pauses between them, and the Link that says how it stands."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import TypeVar

from msgspec.structs import replace
from websockets.exceptions import ConnectionClosed

from mytrader_tui.feeds.alpaca.backoff import Backoff
from mytrader_tui.feeds.alpaca.deadlines import Deadlines
from mytrader_tui.feeds.alpaca.failure import Failure, LinkLostError, of_close
from mytrader_tui.feeds.alpaca.line import Line
from mytrader_tui.feeds.feed import Clock
from mytrader_tui.market.link import Link, Reason
from mytrader_tui.market.text import clean
from mytrader_tui.settings.secret import Secret

Converse = Callable[[Line, asyncio.TaskGroup], Awaitable[None]]
_E = TypeVar("_E", bound=Exception)


class LinkKeeper:
    """One socket, opened by `open_line` and opened again whenever it is lost.

    `converse` leads the conversation over an open line, with tasks of the group given, until it raises
    LinkLostError or websockets' ConnectionClosed; it calls `up` once the line serves. `report` hears of every up,
    down and failed attempt; what advances in between, `link.heard`, is read from the property. After a fatal
    refusal (`Reason.fatal`) no further attempt is made. `secrets` are struck out of what the server says.
    """

    def __init__(
        self,
        name: str,
        *,
        open_line: Callable[[], Awaitable[Line]],
        converse: Converse,
        report: Callable[[Link], None],
        clock: Clock,
        deadlines: Deadlines,
        rng: random.Random,
        secrets: tuple[Secret, ...],
    ) -> None:
        self._name = name
        self._open_line = open_line
        self._converse = converse
        self._tell = report
        self._clock = clock
        self._deadlines = deadlines
        self._secrets = secrets
        self._backoff = Backoff(deadlines.backoff_least, deadlines.backoff_most, rng)
        self._link = Link(up=False, since=clock(), reason=Reason.STARTING)
        self._line: Line | None = None
        self._hurry = asyncio.Event()
        self._attempted_at = float("-inf")
        self._least_pause = 0.0

    @property
    def link(self) -> Link:
        """The connection as of now."""
        return self._link if self._line is None else replace(self._link, heard=self._line.heard)

    def up(self, detail: str = "") -> None:
        """The line serves; `detail` is what it does not give, in words."""
        if not self._link.up:
            self._report(Link(up=True, since=self._clock(), detail=detail))
        elif detail != self._link.detail:
            self._report(replace(self._link, detail=detail))

    def proven(self) -> None:
        """The line was of use: the next pause is the shortest again."""
        self._backoff.reset()

    def reconnect(self) -> None:
        """Drop the socket, if any, and connect anew without waiting. Does nothing after a fatal refusal."""
        self._backoff.reset()
        self._hurry.set()

    def keep_pace(self, least_pause: float) -> None:
        """Wait at least so many seconds between two attempts from now on; a shorter wait begins at once."""
        if least_pause < self._least_pause and self._link.retry_at is not None:
            self._hurry.set()
        self._least_pause = least_pause

    async def run(self) -> None:
        """Connect and keep connected until cancelled; then the socket is closed within a second."""
        try:
            while True:
                failure = await self._attempt()
                if failure.reason.fatal:
                    self.down(failure, None)
                    await asyncio.get_running_loop().create_future()
                await self._pause(failure)
        finally:
            self.down(Failure(Reason.STOPPED), None)

    async def _attempt(self) -> Failure:
        """One socket from its opening to its end, and why it ended."""
        self._hurry.clear()
        self._attempted_at = asyncio.get_running_loop().time()
        self._link = replace(self._link, retry_at=None)
        failure = Failure(Reason.DROPPED)
        try:
            async with AsyncExitStack() as held, asyncio.TaskGroup() as tasks:
                tasks.create_task(self._until_hurried(), name=f"{self._name} reconnect")
                line = await self._open_line()
                held.push_async_callback(line.hang_up, self._deadlines.close)
                self._line = line
                await self._converse(line, tasks)
        except* ConnectionClosed as closed:
            failure = of_close(_first(closed))
        except* LinkLostError as lost:
            failure = _first(lost).failure
        finally:
            self._let_go()
        # A task group forgets that it was cancelled if one of its tasks fails at that very moment.
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise asyncio.CancelledError
        return failure

    async def _until_hurried(self) -> None:
        await self._hurry.wait()
        raise LinkLostError(Failure(Reason.DROPPED, "reconnecting on request"))

    async def _pause(self, failure: Failure) -> None:
        """Report `failure` and wait for the next attempt, less if hurried, but never less than the gap between two."""
        if self._link.up and self._clock().seconds_since(self._link.since) >= self._deadlines.backoff_most:
            self.proven()
        pause = 0.0 if self._hurry.is_set() else self._pause_seconds(failure)
        gap = self._attempted_at + self._deadlines.attempt_gap - asyncio.get_running_loop().time()
        self.down(failure, max(pause, gap))
        if pause > gap:
            try:
                async with asyncio.timeout(pause):
                    await self._hurry.wait()
            except TimeoutError:
                return
        gap = self._attempted_at + self._deadlines.attempt_gap - asyncio.get_running_loop().time()
        await asyncio.sleep(max(gap, 0.0))

    def _pause_seconds(self, failure: Failure) -> float:
        if failure.reason is Reason.CONNECTION_LIMIT:
            return max(self._backoff.between(*self._deadlines.connection_limit), self._least_pause)
        return max(self._backoff.next(), failure.retry_after or 0.0, self._least_pause)

    def _let_go(self) -> None:
        if self._line is not None:
            self._link = replace(self._link, heard=self._line.heard)
        self._line = None

    def down(self, failure: Failure, retry_in: float | None) -> None:
        """The line does not serve, and the next attempt is due in so many seconds, if one is."""
        now = self._clock()
        self._report(
            Link(
                up=False,
                since=now if self._link.up else self._link.since,
                heard=self.link.heard,
                reason=failure.reason,
                detail=self.public(failure.detail),
                retry_at=None if retry_in is None else now.later(max(retry_in, 0.0)),
            )
        )

    def _report(self, link: Link) -> None:
        self._link = link
        self._tell(self.link)

    def public(self, text: str) -> str:
        """`text` from outside as it may be shown: without our keys, should the server have quoted them."""
        text = clean(text, 4096)
        for secret in self._secrets:
            if secret.reveal():
                text = text.replace(secret.reveal(), "***")
        return clean(text)


def _first(group: ExceptionGroup[_E]) -> _E:
    leaf = group.exceptions[0]
    return _first(leaf) if isinstance(leaf, ExceptionGroup) else leaf

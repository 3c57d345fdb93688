"""Keeps what the server sends equal to what is wanted, over one open socket, one request at a time."""

import asyncio
from collections.abc import Callable

from mytrader_tui.feeds.alpaca.failure import Failure, LinkLostError, of_error
from mytrader_tui.feeds.alpaca.handshake import Send
from mytrader_tui.feeds.alpaca.subscription import (
    NOTHING,
    STATUS_ATTEMPTS,
    SYMBOLS_A_REQUEST,
    Channel,
    Demand,
    Subscription,
    acknowledged,
    adding,
    removing,
    statuses_of,
)
from mytrader_tui.feeds.alpaca.wire import ErrorMessage, Subscribe, SubscriptionMessage, encode
from mytrader_tui.market.link import Reason

_MALFORMED = 400
_SYMBOL_LIMIT = 405
_NO_ANSWER = frozenset({403})
"""Errors that cannot answer a subscription."""

_FORGIVEN = frozenset({409, 411})
"""Errors that would end the link, were they not the answer to a request for what a plan may lack."""


class _OverLimitError(Exception):
    """The server will not have `size` symbols."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


class Subscriber:
    """Moves one socket's subscription towards the demand, whenever that changes.

    The server answers a request with the whole of what is subscribed, or with an error that leaves it as it was and
    names no request: so no second request goes out before the first is answered, within `step` seconds.
    `on_change` is called after each acknowledgement and whenever the demand has been met as far as it can be.
    """

    def __init__(self, demand: Demand, send: Send, step: float, on_change: Callable[[], None]) -> None:
        self._demand = demand
        self._send = send
        self._step = step
        self._on_change = on_change
        self._asked = NOTHING
        self._statuses = NOTHING
        self._without_statuses = False
        self._asking_statuses = False
        self._changed = asyncio.Event()
        self._answer: asyncio.Future[ErrorMessage | None] | None = None
        self.acknowledged = NOTHING

    @property
    def withheld(self) -> tuple[str, ...]:
        """The wanted symbols that the server took on without a word and does not list among what it sends."""
        trades = Channel.TRADES
        asked = [each for each in self._demand.wanted if trades in self._asked.of(each)]
        return tuple(each for each in asked if trades not in self.acknowledged.of(each))

    def nudge(self) -> None:
        """The demand changed. Changes that come while a request is under way are taken together."""
        self._changed.set()

    async def keep(self) -> None:
        """Subscribe now and after every change, until cancelled.

        Raises LinkLostError where the server answers nothing, or that the socket is of no use, and websockets'
        ConnectionClosed.
        """
        while True:
            self._changed.clear()
            await self._settle()
            self._on_change()
            await self._settle_statuses()
            await self._changed.wait()

    def forgives(self, message: ErrorMessage) -> bool:
        """True if `message` answers the request for the statuses, which the link can do without."""
        return self._asking_statuses and message.code in _FORGIVEN

    def hear(self, message: SubscriptionMessage | ErrorMessage) -> None:
        """Take the server's word, which may be the answer to the request under way."""
        if isinstance(message, SubscriptionMessage):
            self.acknowledged = acknowledged(message)
            self._on_change()
            self._answered(None)
        elif message.code not in _NO_ANSWER:
            self._answered(message)

    def _answered(self, error: ErrorMessage | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(error)

    async def _settle(self) -> None:
        """Ask until the demand is met, halving the doubt after every refusal for the number of symbols."""
        trial: int | None = None
        while self._asked != self._demand.plan():
            try:
                await self._move_to(self._demand.plan(trial))
            except _OverLimitError as over:
                self._demand.cap = over.size - 1
                trial = 0
            if trial is not None:
                trial = (len(self._asked) + self._demand.cap + 1) // 2

    async def _move_to(self, goal: Subscription) -> None:
        excess = self._asked.minus(goal)
        if len(excess):
            await self._remove(excess)
        for part in goal.minus(self._asked).parts(SYMBOLS_A_REQUEST):
            await self._add(part)

    async def _remove(self, part: Subscription) -> None:
        kept = self._statuses.minus(statuses_of(part))
        error = await self._request(removing(part.plus(self._statuses.minus(kept))))
        if error is not None:
            raise LinkLostError(of_error(error))
        self._asked, self._statuses = self._asked.minus(part), kept

    async def _add(self, part: Subscription) -> None:
        """Subscribe `part`; where the server cannot read it, find the symbols that it cannot read."""
        error = await self._request(adding(part))
        if error is None:
            self._asked = self._asked.plus(part)
        elif error.code == _SYMBOL_LIMIT:
            raise _OverLimitError(len(self._asked.plus(part)))
        elif error.code != _MALFORMED:
            raise LinkLostError(of_error(error))
        elif len(part) == 1:
            self._demand.refuse(part.channels)
        else:
            for half in part.parts((len(part) + 1) // 2):
                await self._add(half)

    async def _settle_statuses(self) -> None:
        """Ask for the trading statuses of what is streamed, and go on without them where the server refuses."""
        missing = statuses_of(self._asked).minus(self._statuses)
        for part in missing.parts(SYMBOLS_A_REQUEST):
            if self._without_statuses or not self._demand.status_attempts:
                return
            # Counted beforehand: a server that hangs up over the question must not be asked it for ever.
            self._demand.status_attempts -= 1
            if await self._grants_statuses(part):
                self._demand.status_attempts = STATUS_ATTEMPTS
                self._statuses = self._statuses.plus(part)

    async def _grants_statuses(self, part: Subscription) -> bool:
        self._asking_statuses = True
        try:
            error = await self._request(adding(part))
        except LinkLostError:
            # No answer in time: there may be none to this one.
            self._without_statuses = True
            return False
        finally:
            self._asking_statuses = False
        if error is not None:
            self._demand.status_attempts = 0
        return error is None

    async def _request(self, request: Subscribe) -> ErrorMessage | None:
        self._answer = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(self._step):
                await self._send(encode(request))
                return await self._answer
        except TimeoutError as error:
            raise LinkLostError(Failure(Reason.TIMEOUT, "no answer to a subscription")) from error
        finally:
            self._answer = None

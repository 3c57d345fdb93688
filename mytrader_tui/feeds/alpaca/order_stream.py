"""The account's socket: what becomes of orders, told as it happens."""

import asyncio
import random
from collections.abc import Callable
from typing import Protocol

from mytrader_tui.feeds.alpaca.deadlines import Deadlines
from mytrader_tui.feeds.alpaca.failure import Failure, LinkLostError
from mytrader_tui.feeds.alpaca.line import Line, dial
from mytrader_tui.feeds.alpaca.link_keeper import LinkKeeper
from mytrader_tui.feeds.alpaca.order_wire import (
    TRADE_UPDATES,
    Authorization,
    Listening,
    Message,
    Refused,
    Unreadable,
    decode,
    listen,
    login,
)
from mytrader_tui.feeds.alpaca.wire import Auth
from mytrader_tui.feeds.feed import Clock
from mytrader_tui.market.account.orders import OrderUpdate
from mytrader_tui.market.link import Link, Reason
from mytrader_tui.settings.schema import PAPER_HOST, check_url
from mytrader_tui.settings.secret import Secret

_TURN_SECONDS = 0.005
"""Reading without a pause before the event loop gets a turn: frames that are already here suspend nobody."""


class OrderSink(Protocol):
    """Who is told of orders. Every call is made on the event loop, returns at once and never raises."""

    def order_update(self, update: OrderUpdate) -> None:
        """Something became of an order."""

    def orders_link(self, link: Link) -> None:
        """The socket came up, went down, or failed to come up again.

        Nothing is replayed: whenever it comes up, orders and positions must be read anew.
        """


class AlpacaOrders:
    """The trade updates of the account at `url`, which must be the paper host's or this machine's (else ValueError).

    `run` lasts until cancelled, raises nothing, and after refused keys only waits. `link.heard` advances with every
    frame and pong. `unreadable` counts the frames that could not be used, of which `trouble` is the latest reason.
    """

    def __init__(
        self,
        *,
        url: str,
        key: Secret,
        secret: Secret,
        sink: OrderSink,
        clock: Clock,
        backoff_rng: random.Random | None = None,
        deadlines: Deadlines | None = None,
    ) -> None:
        check_url("trading_stream_url", url, "wss", host=PAPER_HOST)
        self._key = key
        self._secret = secret
        self._sink = sink
        self._deadlines = deadlines or Deadlines()
        self._keeper = LinkKeeper(
            "alpaca orders",
            open_line=lambda: dial(url, clock, self._deadlines),
            converse=self._converse,
            report=sink.orders_link,
            clock=clock,
            deadlines=self._deadlines,
            rng=backoff_rng or random.Random(),
            secrets=(key, secret),
        )
        self.unreadable = 0
        self.trouble = ""

    @property
    def link(self) -> Link:
        """The connection as of now."""
        return self._keeper.link

    def reconnect(self) -> None:
        """Drop the socket, if any, and connect anew without waiting: for when the machine has slept."""
        self._keeper.reconnect()

    async def run(self) -> None:
        """Connect and keep connected until cancelled; then the socket is closed within a second."""
        await self._keeper.run()

    async def _converse(self, line: Line, tasks: asyncio.TaskGroup) -> None:
        tasks.create_task(line.prove_life(self._deadlines.quiet), name="alpaca orders sign of life")
        await self._log_in(line)
        await self._subscribe(line)
        self._keeper.up()
        await self._follow(line)

    async def _log_in(self, line: Line) -> None:
        # Built within the call, so that no frame of a traceback holds the keys in clear.
        await self._ask(
            line, lambda: login(Auth(self._key.reveal(), self._secret.reveal())), Authorization, "the login"
        )

    async def _subscribe(self, line: Line) -> None:
        await self._ask(line, lambda: listen(TRADE_UPDATES), Listening, "the request for trade updates")

    async def _ask(self, line: Line, request: Callable[[], bytes], awaited: type[Message], what: str) -> None:
        """Send what `request` makes and wait for its answer."""
        try:
            async with asyncio.timeout(self._deadlines.step):
                await line.send(request())
                while not isinstance(await self._next(line), awaited):
                    continue
        except TimeoutError as error:
            raise LinkLostError(Failure(Reason.TIMEOUT, f"no answer to {what}")) from error

    async def _follow(self, line: Line) -> None:
        loop = asyncio.get_running_loop()
        turn = loop.time()
        while True:
            if isinstance(await self._next(line), OrderUpdate):
                self._keeper.proven()
            if loop.time() - turn > _TURN_SECONDS:
                await asyncio.sleep(0)
                turn = loop.time()

    async def _next(self, line: Line) -> Message:
        """The next message, an update already handed on. Raises LinkLostError for one that ends the connection."""
        frame = await line.receive()
        message = decode(frame, line.heard)
        match message:
            case OrderUpdate():
                self._sink.order_update(message)
            case Unreadable():
                self.unreadable += 1
                self.trouble = self._keeper.public(message.why)
            case Authorization(granted=False):
                raise LinkLostError(
                    Failure(Reason.AUTH_FAILED, f"trading socket: {message.status or 'not authorized'}")
                )
            case Refused():
                raise LinkLostError(Failure(Reason.REFUSED, message.detail))
            case Listening() if TRADE_UPDATES not in message.streams:
                raise LinkLostError(Failure(Reason.REFUSED, "the server does not send trade updates"))
            case _:
                pass
        return message

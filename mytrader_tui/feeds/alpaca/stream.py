"""Alpaca's market data stream as a feed: the one socket, kept connected, authenticated and subscribed."""

import asyncio
import random
from collections.abc import Sequence

from mytrader_tui.feeds.alpaca.deadlines import Deadlines
from mytrader_tui.feeds.alpaca.failure import LinkLostError, ends_link, of_error
from mytrader_tui.feeds.alpaca.handshake import Handshake
from mytrader_tui.feeds.alpaca.line import Line, dial
from mytrader_tui.feeds.alpaca.link_keeper import LinkKeeper
from mytrader_tui.feeds.alpaca.reading import Reading, read
from mytrader_tui.feeds.alpaca.subscriber import Subscriber
from mytrader_tui.feeds.alpaca.subscription import NOTHING, Demand, Subscription
from mytrader_tui.feeds.alpaca.wire import ErrorMessage, SubscriptionMessage
from mytrader_tui.feeds.feed import Clock, Sink
from mytrader_tui.market.link import Link
from mytrader_tui.market.quote import Origin, Source
from mytrader_tui.settings.schema import FEED_DELAY_SECONDS
from mytrader_tui.settings.secret import Secret

_PUBLISHED_AT_ONCE = 2000
"""Prints handed over before the event loop gets a turn."""

_TURN_SECONDS = 0.005
"""Reading without a pause before the event loop gets a turn: frames that are already here suspend nobody."""


class AlpacaStream:
    """The live feed (see `feeds.feed.Feed`): trades, quotes and day bars of the wanted symbols, in order of importance.

    `url` is the base address, `feed` one of iex, sip, delayed_sip, test. `canary` is a symbol whose quotes alone are
    subscribed if a place is free, so that silence means something. After a fatal refusal (`Reason.fatal`) `run`
    makes no further attempt and waits to be cancelled.

    `link.heard` advances with every frame and pong and is read from the property; the sink is told only of the
    link's ups, downs and failed attempts. `covered` outlives a lost connection, as the link then says that it is
    down, and is corrected by the next acknowledgement.
    """

    source = Source.ALPACA

    def __init__(
        self,
        *,
        url: str,
        feed: str,
        key: Secret,
        secret: Secret,
        sink: Sink,
        clock: Clock,
        max_symbols: int,
        canary: str = "",
        backoff_rng: random.Random | None = None,
        deadlines: Deadlines | None = None,
    ) -> None:
        self._url = f"{url.rstrip('/')}/v2/{feed}"
        self._origin = Origin(Source.ALPACA, feed, FEED_DELAY_SECONDS.get(feed))
        self._key = key
        self._secret = secret
        self._sink = sink
        self._clock = clock
        self._deadlines = deadlines or Deadlines()
        self._demand = Demand(max_symbols, canary)
        self._keeper = LinkKeeper(
            "alpaca",
            open_line=lambda: dial(self._url, self._clock, self._deadlines, "application/msgpack"),
            converse=self._converse,
            report=lambda link: sink.link_changed(Source.ALPACA, link),
            clock=clock,
            deadlines=self._deadlines,
            rng=backoff_rng or random.Random(),
            secrets=(key, secret),
        )
        self._subscriber: Subscriber | None = None
        self._acknowledged: Subscription = NOTHING
        self._covered: frozenset[str] = frozenset()
        self._canary_covered = False

    @property
    def link(self) -> Link:
        """The connection as of now."""
        return self._keeper.link

    @property
    def covered(self) -> frozenset[str]:
        """The wanted symbols in the server's latest word on what it sends; the canary only if it is wanted."""
        return self._covered

    @property
    def canary_covered(self) -> bool:
        """True if the server says that it sends the canary's quotes. Its changes are told as changes of coverage."""
        return self._canary_covered

    def want(self, symbols: Sequence[str]) -> None:
        """Serve these symbols from now on, the most important first; on an open socket the change is sent at once."""
        self._demand.want(symbols)
        self._refresh_coverage()
        if self._subscriber is not None:
            self._subscriber.nudge()

    def reconnect(self) -> None:
        """Drop the socket, if any, and connect anew without waiting: for when the machine has slept.

        What the server taught about its limits is forgotten. Does nothing after a fatal refusal.
        """
        self._demand.forget_lessons()
        self._keeper.reconnect()

    def keep_pace(self, least_pause: float) -> None:
        """Wait at least so many seconds between two attempts from now on; a shorter wait begins at once."""
        self._keeper.keep_pace(least_pause)

    async def run(self) -> None:
        """Connect and keep connected until cancelled; then the socket is closed within a second."""
        await self._keeper.run()

    async def _converse(self, line: Line, tasks: asyncio.TaskGroup) -> None:
        try:
            await self._serve(line, tasks)
        finally:
            self._subscriber = None

    async def _serve(self, line: Line, tasks: asyncio.TaskGroup) -> None:
        handshake = Handshake(line.send, lambda: self._receive(line), self._deadlines.step)
        await handshake.greeted()
        await handshake.log_in(self._key, self._secret, self._deadlines.login_retries, self._keeper.down)
        self._demand.begin()
        subscriber = Subscriber(self._demand, line.send, self._deadlines.step, self._subscription_changed)
        self._subscriber = subscriber
        tasks.create_task(subscriber.keep(), name="alpaca subscriptions")
        tasks.create_task(line.prove_life(self._deadlines.quiet), name="alpaca sign of life")
        await self._listen(line, subscriber)

    async def _listen(self, line: Line, subscriber: Subscriber) -> None:
        loop = asyncio.get_running_loop()
        turn = loop.time()
        while True:
            reading = await self._receive(line)
            for control in reading.controls:
                if isinstance(control, ErrorMessage) and ends_link(control) and not subscriber.forgives(control):
                    raise LinkLostError(of_error(control))
                if isinstance(control, ErrorMessage | SubscriptionMessage):
                    subscriber.hear(control)
            await self._publish(reading)
            if loop.time() - turn > _TURN_SECONDS:
                await asyncio.sleep(0)
                turn = loop.time()

    async def _receive(self, line: Line) -> Reading:
        reading = read(await line.receive(), self._origin, line.heard)
        if reading.dropped:
            self._sink.unreadable(Source.ALPACA, reading.dropped, self._keeper.public(reading.why))
        return reading

    async def _publish(self, reading: Reading) -> None:
        if not reading.updates:
            return
        self._keeper.proven()
        self._sink.publish(reading.updates[:_PUBLISHED_AT_ONCE])
        for start in range(_PUBLISHED_AT_ONCE, len(reading.updates), _PUBLISHED_AT_ONCE):
            await asyncio.sleep(0)
            self._sink.publish(reading.updates[start : start + _PUBLISHED_AT_ONCE])

    def _subscription_changed(self) -> None:
        """The server acknowledged something, or nothing is left to ask: the login is complete."""
        if self._subscriber is not None:
            self._acknowledged = self._subscriber.acknowledged
        # First what is subscribed: a link that is up with nothing on it would owe nobody a sign of life.
        self._refresh_coverage()
        self._keeper.up(self._note())

    def _note(self) -> str:
        """What the server does not give, in words."""
        withheld = self._subscriber.withheld if self._subscriber is not None else ()
        silent = f"the server does not send {', '.join(withheld)}" if withheld else ""
        return "; ".join(filter(None, (self._demand.note, silent)))

    def _refresh_coverage(self) -> None:
        covered = self._demand.covered_by(self._acknowledged)
        canary = self._demand.canary_in(self._acknowledged)
        if covered != self._covered or canary != self._canary_covered:
            self._covered, self._canary_covered = covered, canary
            self._sink.coverage_changed(Source.ALPACA, covered)

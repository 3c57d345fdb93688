"""The live stream: a login and a subscription to one symbol, closed at once."""

import asyncio
from contextlib import suppress
from pathlib import Path

from websockets.exceptions import ConnectionClosed

from mytrader_tui.doctor.advice import refused
from mytrader_tui.doctor.result import Result, ok, skip
from mytrader_tui.feeds.alpaca.deadlines import Deadlines
from mytrader_tui.feeds.alpaca.failure import Failure, LinkLostError, of_close, of_error
from mytrader_tui.feeds.alpaca.handshake import Handshake
from mytrader_tui.feeds.alpaca.line import Line, dial
from mytrader_tui.feeds.alpaca.reading import Reading, read
from mytrader_tui.feeds.alpaca.wire import ErrorMessage, Subscribe, SubscriptionMessage, encode
from mytrader_tui.feeds.feed import Clock
from mytrader_tui.market.link import Reason
from mytrader_tui.market.quote import Origin, Source
from mytrader_tui.monitor.instance_lock import InstanceLock
from mytrader_tui.settings.credentials import Credentials
from mytrader_tui.settings.schema import FEED_DELAY_SECONDS, Alpaca

DEADLINES = Deadlines(connect=5.0, step=3.0)
TEST_SYMBOL = "FAKEPACA"
"""The one symbol of Alpaca's test feed."""

IN_USE = "another mytrader-tui on this machine streams with these keys: it is left alone"


class StreamTrial:
    """Tries the stream of `alpaca` once; `folder` is where running instances keep their lock."""

    def __init__(
        self, alpaca: Alpaca, pair: Credentials, folder: Path, clock: Clock, deadlines: Deadlines = DEADLINES
    ) -> None:
        self._alpaca = alpaca
        self._pair = pair
        self._folder = folder
        self._clock = clock
        self._deadlines = deadlines
        self._origin = Origin(Source.ALPACA, alpaca.feed, FEED_DELAY_SECONDS[alpaca.feed])

    async def run(self, symbol: str) -> Result:
        """Whether the plan lets the feed be streamed; a running instance keeps its place."""
        # Where no lock's file is, nobody has ever run; none is made for the sake of a look.
        lock = InstanceLock(self._folder, self._pair.key)
        if not lock.begun:
            return await self._try_one_of(symbol)
        if not await asyncio.to_thread(lock.acquire):
            return skip(IN_USE)
        try:
            return await self._try_one_of(symbol)
        finally:
            lock.release()

    async def _try_one_of(self, symbol: str) -> Result:
        return await self._try(TEST_SYMBOL if self._alpaca.feed == "test" else symbol)

    async def _try(self, symbol: str) -> Result:
        began = self._clock()
        try:
            line = await dial(self._url, self._clock, self._deadlines, "application/msgpack")
            try:
                await self._subscribe(line, symbol)
            finally:
                await line.hang_up(self._deadlines.close)
        except LinkLostError as lost:
            return refused(lost.failure.reason, lost.failure.detail)
        except ConnectionClosed as closed:
            failure = of_close(closed)
            return refused(failure.reason, failure.detail)
        took = f"{1000 * self._clock().seconds_since(began):,.0f} ms"
        return ok(f"login and subscription to {symbol} on the feed {self._alpaca.feed} in {took}, closed again")

    @property
    def _url(self) -> str:
        return f"{self._alpaca.stream_url.rstrip('/')}/v2/{self._alpaca.feed}"

    async def _subscribe(self, line: Line, symbol: str) -> None:
        """Raises LinkLostError or websockets' ConnectionClosed."""

        async def receive() -> Reading:
            return read(await line.receive(), self._origin, line.heard)

        handshake = Handshake(line.send, receive, self._deadlines.step)
        await handshake.greeted()
        await handshake.log_in(self._pair.key, self._pair.secret, (), lambda *_: None)
        await line.send(encode(Subscribe(quotes=(symbol,))))
        with suppress(TimeoutError):
            async with asyncio.timeout(self._deadlines.step):
                while not _acknowledged(await receive(), symbol):
                    pass
                return
        raise LinkLostError(Failure(Reason.TIMEOUT, "no answer to the subscription"))


def _acknowledged(reading: Reading, symbol: str) -> bool:
    for control in reading.controls:
        if isinstance(control, ErrorMessage):
            raise LinkLostError(of_error(control))
        if isinstance(control, SubscriptionMessage):
            return symbol in control.quotes
    return False

"""The fallback feed: Yahoo's quotes of the wanted symbols, asked for again and again."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace

from mytrader_tui.feeds.feed import Clock, PollOutcome, Sink
from mytrader_tui.feeds.yahoo.client import MAX_BATCH, YahooClient
from mytrader_tui.feeds.yahoo.failure import RateLimitedError, YahooError
from mytrader_tui.feeds.yahoo.pauses import Pauses
from mytrader_tui.feeds.yahoo.schedule import Schedule
from mytrader_tui.feeds.yahoo.standing import Standing
from mytrader_tui.feeds.yahoo.wire import Answer
from mytrader_tui.market.bars import BarSeries, Timeframe
from mytrader_tui.market.link import Link, Reason
from mytrader_tui.market.listing import Listing
from mytrader_tui.market.quote import Quote, Source

_T = TypeVar("_T")

CHART_AFTER = 3
"""Polls of v7 that fail in a row before the charts are asked as well."""

CHART_SYMBOLS = 10
"""Symbols served by charts, which take one request each: the most important ones."""

_CHART_MAY_HELP = frozenset(
    {Reason.TIMEOUT, Reason.SERVER_ERROR, Reason.UNREADABLE, Reason.REFUSED, Reason.BAD_REQUEST}
)
_BLINK = 0.01
_PAUSES = Pauses()


class YahooPoller:
    """A Feed that polls. New symbols are asked for at once, all of them every `poll_seconds`.

    `base_url` is a loopback server instead of Yahoo, or empty. `request_timeout` (seconds) is for one HTTP request.
    `jitter` returns 0 to 1. `chart_spacing` is the least time between two chart requests, in seconds.
    """

    source = Source.YAHOO

    def __init__(
        self,
        *,
        sink: Sink,
        clock: Clock,
        poll_seconds: float,
        cache_folder: Path,
        base_url: str = "",
        request_timeout: float = 8.0,
        jitter: Callable[[], float] = random.random,
        pauses: Pauses = _PAUSES,
        chart_spacing: float = 1.0,
    ) -> None:
        self._sink = sink
        self._clock = clock
        self._pauses = pauses
        self._chart_spacing = chart_spacing
        self._client = YahooClient(
            clock=clock, base_url=base_url, cache_folder=cache_folder, request_timeout=request_timeout
        )
        self._schedule = Schedule(poll_seconds, jitter)
        self._standing = Standing(poll_seconds, clock())
        self._wake = asyncio.Event()
        self._turn = asyncio.Lock()
        self._answered: frozenset[str] = frozenset()
        self._failed_quotes = 0
        self._rate_limits = 0
        self._told_link = self._comparable_link()
        self._told_covered = self.covered

    @property
    def link(self) -> Link:
        """Up while the last success is recent and fewer than three polls in a row failed since."""
        return self._standing.link(self._clock())

    @property
    def covered(self) -> frozenset[str]:
        """The wanted symbols for which the latest answer had a price."""
        return self._answered & frozenset(self._schedule.wanted)

    def want(self, symbols: Sequence[str]) -> None:
        """Serve these canonical symbols from now on, the most important first; replaces the list before."""
        self._schedule.want(symbols, self._clock().mono)
        self._wake.set()

    def set_cadence(self, poll_seconds: float) -> None:
        """Poll at this interval, counted from the last poll."""
        self._schedule.keep_pace(poll_seconds)
        self._standing.poll_seconds = poll_seconds
        self._wake.set()

    def poll_now(self) -> None:
        """Poll all symbols at once, or when the present pause is over."""
        self._schedule.hurry()
        self._wake.set()

    @property
    def pause_seconds(self) -> float:
        """How long nothing will be asked because Yahoo wants it so; 0 if it does not."""
        return self._schedule.paused_for(self._clock().mono)

    async def run(self) -> None:
        """Poll until cancelled."""
        self._standing.started()
        try:
            while True:
                self._tell()
                if symbols := self._schedule.due(self._clock().mono):
                    await self._poll(symbols)
                else:
                    await self._sleep()
        finally:
            self._standing.stopped()
            self._tell()

    async def lookup(self, symbol: str) -> Quote | None:
        """What Yahoo says of one canonical symbol, None if it does not know it. Raises YahooError."""
        answer = await self._in_turn(lambda: self._client.quotes((symbol,)))
        return next(iter(answer.quotes), None)

    async def bars(self, symbol: str, timeframe: Timeframe, since: datetime | None = None) -> BarSeries | None:
        """The past of one canonical symbol, from `since` on if that is given; None if Yahoo has none of it.

        The previous close is that before the first bar told. Raises YahooError.
        """
        return await self._in_turn(lambda: self._client.bars(symbol, timeframe, since))

    async def search(self, text: str) -> tuple[Listing, ...]:
        """The listings that Yahoo takes `text` for, the likeliest first. Raises YahooError."""
        return await self._unless_paused(lambda: self._client.search(text))

    async def once(self, symbols: Sequence[str]) -> list[Quote]:
        """The quotes of canonical `symbols`, without those Yahoo does not know. Raises YahooError."""
        quotes: list[Quote] = []
        for batch in _batches(symbols):
            quotes += (await self._quotes(batch)).quotes
        return quotes

    def close(self) -> None:
        """End the thread. The feed is of no use afterwards."""
        self._client.close()

    async def _sleep(self) -> None:
        now = self._clock()
        known = (self._schedule.seconds_left(now.mono), self._standing.decays_in(now))
        seconds = min((left for left in known if left is not None), default=None)
        self._wake.clear()
        try:
            async with asyncio.timeout(None if seconds is None else max(seconds, _BLINK)):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _poll(self, symbols: Sequence[str]) -> None:
        started, whole = self._clock(), self._schedule.is_whole(symbols)
        heard, failure = await self._ask_quotes(symbols, whole=whole)
        self._failed_quotes = 0 if failure is None else self._failed_quotes + 1
        if failure and not heard and self._failed_quotes >= CHART_AFTER and failure.reason in _CHART_MAY_HELP:
            heard, failure = await self._ask_charts(symbols[:CHART_SYMBOLS], failure)
        self._schedule.asked(symbols, started.mono, whole=whole)
        self._settle(frozenset(symbols), heard, failure)

    async def _ask_quotes(self, symbols: Sequence[str], *, whole: bool) -> tuple[frozenset[str], YahooError | None]:
        """The symbols that got a price, and what ended the poll early. There is no second try within a poll."""
        heard: frozenset[str] = frozenset()
        try:
            for batch in _batches(symbols):
                heard |= self._publish(await self._quotes(batch))
        except YahooError as error:
            if error.reason is Reason.UNREADABLE:
                self._sink.unreadable(self.source, 1, error.detail)
            return heard, error
        if whole and not heard:
            return heard, YahooError(Reason.UNREADABLE, "an answer without a single price")
        return heard, None

    async def _ask_charts(
        self, symbols: Sequence[str], failure: YahooError
    ) -> tuple[frozenset[str], YahooError | None]:
        """The same by charts; `failure` is why v7 did not do."""
        heard: frozenset[str] = frozenset()
        try:
            for symbol in symbols:
                await asyncio.sleep(self._chart_spacing)
                heard |= self._publish(await self._chart(symbol))
        except RateLimitedError as error:
            return heard, error
        except YahooError as error:
            failure = error
        return heard, None if heard else failure

    async def _quotes(self, batch: Sequence[str]) -> Answer:
        return await self._in_turn(lambda: self._client.quotes(batch))

    async def _chart(self, symbol: str) -> Answer:
        return await self._in_turn(lambda: self._client.chart(symbol))

    async def _in_turn(self, ask: Callable[[], Awaitable[_T]]) -> _T:
        """One after the other: what waits for its turn learns of the pause that the one before it began."""
        async with self._turn:
            return await self._unless_paused(ask)

    async def _unless_paused(self, ask: Callable[[], Awaitable[_T]]) -> _T:
        """Every request passes here: none is sent in a pause, and a rate limit begins one."""
        left = self._schedule.paused_for(self._clock().mono)
        if left > 0:
            raise YahooError(Reason.RATE_LIMITED, f"nothing is asked for another {left:.0f} s")
        try:
            return await ask()
        except RateLimitedError as error:
            self._pause(error)
            raise

    def _pause(self, error: RateLimitedError) -> None:
        self._rate_limits += 1
        now = self._clock()
        seconds = self._pauses.after(error.retry_after, self._rate_limits, now.wall)
        self._schedule.pause(now.mono + seconds)
        self._standing.paused(now.later(seconds))
        self._wake.set()

    def _publish(self, answer: Answer) -> frozenset[str]:
        """The symbols with a price."""
        if answer.quotes:
            self._sink.publish(answer.quotes)
        if answer.unreadable:
            self._sink.unreadable(self.source, answer.unreadable, "items of an answer that are no quotes")
        return frozenset(quote.symbol for quote in answer.quotes if quote.last is not None)

    def _settle(self, asked: frozenset[str], heard: frozenset[str], failure: YahooError | None) -> None:
        """Take note of how a poll ended. Half an answer is a success of the link, and its failure is still told."""
        if failure is None:
            self._rate_limits = 0
        if heard:
            self._standing.succeeded(self._clock())
        elif failure is not None:
            self._standing.failed(failure.reason, failure.detail)
        if heard or failure is None:
            self._answered = (self._answered - asked) | heard
        self._tell()
        self._sink.polled(self.source, self._outcome(len(asked), len(heard), failure))

    def _outcome(self, asked: int, answered: int, failure: YahooError | None) -> PollOutcome:
        if failure is None:
            return PollOutcome(answered=answered, asked=asked)
        left = self._schedule.paused_for(self._clock().mono)
        return PollOutcome(
            answered=answered,
            asked=asked,
            reason=failure.reason,
            retry_after=left if failure.reason is Reason.RATE_LIMITED else None,
            detail=failure.detail,
        )

    def _comparable_link(self) -> Link:
        return replace(self.link, heard=None)

    def _tell(self) -> None:
        if (link := self._comparable_link()) != self._told_link:
            self._told_link = link
            self._sink.link_changed(self.source, self.link)
        if (covered := self.covered) != self._told_covered:
            self._told_covered = covered
            self._sink.coverage_changed(self.source, covered)


def _batches(symbols: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(symbols), MAX_BATCH):
        yield symbols[start : start + MAX_BATCH]

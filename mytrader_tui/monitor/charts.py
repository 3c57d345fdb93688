"""Bars of the past for the chart, kept in memory and in the history, and the day's lines for the table's rows."""

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from mytrader_tui.market.bar_lifetimes import is_fresh
from mytrader_tui.market.bars import BarSeries, Timeframe
from mytrader_tui.market.board import Board
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Source
from mytrader_tui.market.session import NEW_YORK
from mytrader_tui.monitor.bar_shelf import BarShelf
from mytrader_tui.monitor.sparklines import Sparklines

if TYPE_CHECKING:
    from mytrader_tui.monitor.bar_sources import BarSources, Told

DEADLINE_SECONDS = 30.0
"""For a whole question, whichever sources it goes to and whoever is asked before it."""

REPEAT_SECONDS = 2.0
"""How long a failure answers for itself: whoever asks again at once gets the same words and sends no request."""

MOST_KEPT = 48
OPENING = "The sources are still being opened, try again."
ENDING = "The program is ending."

_Key = tuple[str, Timeframe]


class _Failure(msgspec.Struct, frozen=True):
    """Why there was no answer, and when that was."""

    why: str
    at: Moment


class Charts:
    """The ChartDesk. What is asked for twice at a time is fetched once, and fetched for good once it was begun:
    a screen that moves on costs no connection. `sparklines` are kept beside it, over the same sources.
    """

    def __init__(
        self,
        clock: Callable[[], Moment],
        board: Board,
        shelf: BarShelf,
        sparklines: Sparklines,
        *,
        deadline: float = DEADLINE_SECONDS,
        repeat: float = REPEAT_SECONDS,
    ) -> None:
        self._clock = clock
        self._board = board
        self._shelf = shelf
        self._deadline = deadline
        self._repeat = repeat
        self._sources: BarSources | None = None
        self._opened = asyncio.Event()
        self._kept: dict[_Key, BarSeries] = {}
        self._flights: dict[_Key, asyncio.Task[BarSeries | str | None]] = {}
        self._waiting: Counter[_Key] = Counter()
        self._failures: dict[_Key, _Failure] = {}
        self._sparklines = sparklines

    def employ(self, sources: "BarSources") -> None:
        """Ask these from now on."""
        self._sources = sources
        self._sparklines.employ(sources)
        self._opened.set()

    def sparkline(self, symbol: str) -> tuple[float, ...]:
        """Closes of the day so far, oldest first; empty until known."""
        return self._sparklines.line(symbol)

    async def keep_sparklines(self) -> None:
        """Fetch and move the lines that somebody looks at, until cancelled."""
        await self._sparklines.run()

    async def own_fetches(self) -> None:
        """Last until cancelled, and then end every question under way."""
        try:
            await self._shelf.clear_old_folder()
            await asyncio.Event().wait()
        finally:
            tasks = list(self._flights.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def series(self, symbol: str, timeframe: Timeframe) -> BarSeries | str:
        """The bars of `symbol`, or why there are none."""
        key = (symbol, timeframe)
        kept = self._kept.get(key)
        if kept is not None and is_fresh(kept, self._clock()):
            return kept
        failure = self._failures.get(key)
        if failure is not None and self._clock().seconds_since(failure.at) < self._repeat:
            return self._with_note(kept, failure.why)
        self._waiting[key] += 1
        try:
            while (answer := await self._landing(key)) is None:
                continue
        finally:
            self._waiting[key] -= 1
            if not self._waiting[key]:
                del self._waiting[key]
        return answer

    async def _landing(self, key: _Key) -> BarSeries | str | None:
        """What comes of the question under way, or of a new one; None if that was dropped just before."""
        task = self._flights.get(key)
        if task is None:
            task = self._flights[key] = asyncio.create_task(self._fly(key), name=f"bars {key[0]} {key[1].value}")
        # Not awaited itself: whoever waits may be cancelled, and a question that was sent goes on.
        await asyncio.wait({task})
        return ENDING if task.cancelled() else task.result()

    async def _fly(self, key: _Key) -> BarSeries | str | None:
        until = asyncio.get_running_loop().time() + self._deadline
        try:
            kept = self._kept.get(key) or await self._loaded(key, until)
            if kept is not None:
                self._keep(key, kept)
                if is_fresh(kept, self._clock()):
                    return kept
            answer = await self._ask(key, kept, until)
            if answer is None:
                return None
            if not isinstance(answer, str):
                return self._put_away(key, answer)
            self._failures[key] = _Failure(answer, self._clock())
            return self._with_note(kept, answer)
        finally:
            del self._flights[key]

    async def _loaded(self, key: _Key, until: float) -> BarSeries | None:
        """What is kept. The history may not be open yet: then it is waited for, as long as for the sources."""
        try:
            async with asyncio.timeout_at(until):
                return await self._shelf.load(*key, self._clock())
        except TimeoutError:
            return None

    async def _ask(self, key: _Key, kept: BarSeries | None, until: float) -> "Told | str | None":
        try:
            async with asyncio.timeout_at(until):
                await self._opened.wait()
                if self._sources is None:
                    return OPENING
                return await self._sources.series(*key, wanted=lambda: self._waiting[key] > 0, kept=kept)
        except TimeoutError:
            return OPENING if self._sources is None else f"no answer within {self._deadline:g} s"

    def _put_away(self, key: _Key, told: "Told") -> BarSeries:
        series = self._with_delay(told.series)
        self._failures.pop(key, None)
        self._keep(key, series)
        self._shelf.store(series, told.since)
        return series

    def _keep(self, key: _Key, series: BarSeries) -> None:
        self._kept.pop(key, None)
        self._kept[key] = series
        while len(self._kept) > MOST_KEPT:
            del self._kept[next(iter(self._kept))]

    def _with_delay(self, series: BarSeries) -> BarSeries:
        """`series` as late as the same source says that its quotes are, where its charts say nothing."""
        origin = series.origin
        quote = self._board.quote(series.symbol, Source.YAHOO) if origin.source is Source.YAHOO else None
        if quote is None or origin.delay_seconds is not None:
            return series
        return replace(series, origin=replace(origin, delay_seconds=quote.origin.delay_seconds))

    def _with_note(self, kept: BarSeries | None, why: str) -> BarSeries | str:
        """What is known already, and from when, because there is nothing newer; the reason alone if nothing is."""
        if kept is None:
            return why
        when = kept.receipt.wall.astimezone(NEW_YORK)
        return replace(kept, note=f"kept from {when:%a} {when.day} {when:%b %H:%M} New York ({why})")

"""The day's lines of the rows in sight: begun from bars, moved on by the board, forgotten when nobody looks."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from mytrader_tui.market.bar_days import SETTLING
from mytrader_tui.market.bars import Bar
from mytrader_tui.market.board import Board
from mytrader_tui.market.day_line import STEP_SECONDS, DayLine, is_new_day, line_of, moved
from mytrader_tui.market.moment import Moment, remembered
from mytrader_tui.market.quote import Quote, Source
from mytrader_tui.market.session import MarketHours, Session
from mytrader_tui.market.symbol import alpaca_can_know
from mytrader_tui.monitor.bar_shelf import BarShelf, DayKept

if TYPE_CHECKING:
    from mytrader_tui.monitor.bar_sources import BarSources

LOOKED_AT_SECONDS = 60.0
"""How long a row counts as looked at after its line was asked for."""

MOVE_SECONDS = 60.0
"""How often a line follows the board within a step."""

REQUEST_SECONDS = 2.0
"""The least time between two requests to one source."""

RETRY_SECONDS = 300.0
"""When a symbol without bars is asked about again."""

PAUSE_SECONDS = 60.0
"""The pause after a request that failed. Yahoo's own pauses may be longer, and then nothing is sent at all."""

MOST_ASKED = 100

MOST_LINES = 2000
_TICK_SECONDS = 0.5
_NEVER = float("-inf")


class _Row(msgspec.Struct):
    """One symbol's line. Times are monotonic seconds.

    `recalled` is when the history was asked for it, `begun` when it was last begun from bars, `followed` when it was
    last held against the board. `shown` is what the screen has, the same tuple until it changes.
    """

    line: DayLine = DayLine()
    shown: tuple[float, ...] = ()
    asked: float = _NEVER
    recalled: float = _NEVER
    begun: float = _NEVER
    followed: float = _NEVER
    retry: float = _NEVER
    not_at_alpaca: bool = False


class Sparklines:
    """What `line` is asked for is kept up to date for a minute. `request_gap` and `move_seconds` are in seconds."""

    def __init__(
        self,
        clock: Callable[[], Moment],
        board: Board,
        hours: Callable[[], MarketHours],
        shelf: BarShelf,
        *,
        request_gap: float = REQUEST_SECONDS,
        move_seconds: float = MOVE_SECONDS,
    ) -> None:
        self._clock = clock
        self._board = board
        self._hours = hours
        self._shelf = shelf
        self._request_gap = request_gap
        self._move_seconds = move_seconds
        self._sources: BarSources | None = None
        self._rows: dict[str, _Row] = {}
        self._alpaca_failed = False

    def employ(self, sources: "BarSources") -> None:
        """Ask these from now on."""
        self._sources = sources

    def line(self, symbol: str) -> tuple[float, ...]:
        """The closes of the day so far; asking keeps them up to date."""
        row = self._rows.get(symbol)
        if row is None:
            if len(self._rows) >= MOST_LINES:
                del self._rows[min(self._rows, key=lambda each: self._rows[each].asked)]
            row = self._rows[symbol] = _Row()
        row.asked = self._clock().mono
        return row.shown

    async def run(self) -> None:
        """Until cancelled. Each source has a pace of its own: one that hangs does not hold up the other."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._begin_by_history(), name="sparklines by the history")
            tasks.create_task(self._begin_by_alpaca(), name="sparklines by alpaca")
            tasks.create_task(self._begin_by_yahoo(), name="sparklines by yahoo")
            tasks.create_task(self._follow(), name="sparklines by the board")

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(_TICK_SECONDS)
            self.follow_board()

    async def _begin_by_history(self) -> None:
        """What is kept of the day is shown first; what is all of it needs no source."""
        while True:
            symbols = tuple(symbol for symbol, row in self._in_sight(self._clock().mono) if row.recalled == _NEVER)
            if symbols:
                kept = await self._shelf.days(symbols, self._clock())
                for symbol in symbols:
                    self._recall(symbol, kept.get(symbol))
            await asyncio.sleep(_TICK_SECONDS)

    def _recall(self, symbol: str, kept: DayKept | None) -> None:
        row, now = self._rows.get(symbol), self._clock()
        if row is None:
            return
        row.recalled = now.mono
        if row.begun != _NEVER or kept is None or not kept.bars:
            return
        if kept.told is not None and self._is_whole(symbol, kept.told, now):
            row.begun = row.followed = remembered(kept.told, now).mono
        self._show(row, line_of(kept.bars))

    def _is_whole(self, symbol: str, told: datetime, now: Moment) -> bool:
        """True if the board can go on from bars that were told then: nothing that they lack could be a point."""
        hours = self._hours()
        closed = alpaca_can_know(symbol) and hours.session is Session.CLOSED and hours.since + SETTLING <= told
        return closed or now.age_of(told) < STEP_SECONDS

    async def _begin_by_alpaca(self) -> None:
        """Many rows at once, as soon as there are any."""
        while True:
            await asyncio.sleep(_TICK_SECONDS)
            symbols = self._due(at_alpaca=True)
            if self._sources is None or not symbols:
                continue
            asked = self._clock()
            told = await self._sources.day_of_many(symbols)
            self._alpaca_failed = told is None
            if told is not None:
                for symbol in symbols:
                    self._begin(symbol, told.bars.get(symbol, ()), at_alpaca=True)
                self._shelf.store_days(told.bars, told.origin, asked)
            await asyncio.sleep(self._request_gap if told is not None else PAUSE_SECONDS)

    async def _begin_by_yahoo(self) -> None:
        """One row after the other, what Alpaca does not tell."""
        while True:
            await asyncio.sleep(_TICK_SECONDS)
            symbols = self._due(at_alpaca=False)
            if self._sources is None or not symbols:
                continue
            told = await self._sources.day_of_one(symbols[0])
            if told is not None:
                self._begin(symbols[0], told.series.bars if told.series else (), at_alpaca=False)
                if told.series is not None:
                    self._shelf.store(told.series, None)
            await asyncio.sleep(self._request_gap if told is not None else PAUSE_SECONDS)

    def _due(self, *, at_alpaca: bool) -> tuple[str, ...]:
        """The rows in sight whose line has to be begun, by this source; no more than one question may name."""
        sources, now = self._sources, self._clock().mono
        if sources is None or not (sources.has_alpaca if at_alpaca else sources.has_yahoo):
            return ()
        instead = not sources.has_alpaca or self._alpaca_failed
        found = (
            symbol
            for symbol, row in self._in_sight(now)
            if row.begun == _NEVER
            and row.recalled != _NEVER
            and now >= row.retry
            and (alpaca_can_know(symbol) and not row.not_at_alpaca if at_alpaca else self._is_yahoos(symbol, instead))
        )
        return tuple(found)[:MOST_ASKED]

    def _is_yahoos(self, symbol: str, instead: bool) -> bool:
        return instead or self._rows[symbol].not_at_alpaca or not alpaca_can_know(symbol)

    def _begin(self, symbol: str, bars: tuple[Bar, ...], *, at_alpaca: bool) -> None:
        row, now = self._rows.get(symbol), self._clock().mono
        if row is None:
            return
        if not bars and at_alpaca and self._board.quote(symbol, Source.ALPACA) is None:
            # It may be one that Alpaca does not carry: Yahoo has the last word.
            row.not_at_alpaca = True
            return
        row.begun = row.followed = now
        row.retry = now if bars else now + RETRY_SECONDS
        self._show(row, line_of(bars))

    def _is_closed(self, quote: Quote | None) -> bool:
        """True while no price can move the line: the source's own word on its market, or New York's hours."""
        own = quote.session if quote is not None else None
        return (own or self._hours().session) is Session.CLOSED

    def follow_board(self) -> None:
        """Move the lines in sight on to what the board serves, each once a minute or when a new step begins."""
        now = self._clock()
        for symbol, row in self._in_sight(now.mono):
            quote = self._board.served(symbol)
            if quote is None or row.begun == _NEVER or self._is_closed(quote):
                continue
            step_began = now.wall.timestamp() % STEP_SECONDS < now.mono - row.followed
            if step_began or now.mono - row.followed >= self._move_seconds:
                self._move(row, quote, now.mono)

    def _move(self, row: _Row, quote: Quote, now: float) -> None:
        at, price = quote.price_time, quote.price
        unseen, row.followed = now - row.followed, now
        if at is None or price is None or quote.origin.source is Source.CACHE:
            return
        line = moved(row.line, price, at)
        missed = unseen > 2 * STEP_SECONDS and line.steps[-1:] != row.line.steps[-1:]
        if missed or is_new_day(row.line, at):
            # Only bars tell what was in between, or how the new day began.
            row.begun = row.retry = _NEVER
            row.not_at_alpaca = False
            return
        self._show(row, line)

    def _show(self, row: _Row, line: DayLine) -> None:
        row.line = line
        if line.closes != row.shown:
            row.shown = line.closes

    def _in_sight(self, now: float) -> Iterator[tuple[str, _Row]]:
        """The rows looked at, the latest first."""
        rows = [(symbol, row) for symbol, row in self._rows.items() if now - row.asked <= LOOKED_AT_SECONDS]
        yield from sorted(rows, key=lambda each: each[1].asked, reverse=True)

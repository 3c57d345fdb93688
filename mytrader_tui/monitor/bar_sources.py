"""Who tells the bars: Alpaca where it can, else Yahoo, and in words why neither."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec
from msgspec.structs import replace

from mytrader_tui.feeds.alpaca.bars import DAY_CHUNK, AlpacaBars
from mytrader_tui.feeds.alpaca.data import AlpacaData
from mytrader_tui.feeds.alpaca.error import AlpacaError
from mytrader_tui.feeds.yahoo import YahooError, YahooPoller
from mytrader_tui.market.bar_days import day_of
from mytrader_tui.market.bar_joining import asked_from, continued
from mytrader_tui.market.bars import PLANS, Bar, BarSeries, Timeframe
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Origin, Source
from mytrader_tui.market.symbol import alpaca_can_know

NOBODY = "There is no source of bars: Alpaca and Yahoo are both off."

_log = logging.getLogger(__name__)


class Told(msgspec.Struct, frozen=True):
    """A series, and from when on it was asked for; None if that was all of it."""

    series: BarSeries
    since: datetime | None = None


class Day(msgspec.Struct, frozen=True):
    """The present day of one symbol; None where the source has no bars of it."""

    series: BarSeries | None


class Days(msgspec.Struct, frozen=True):
    """The present day of each symbol that has one, as `origin` tells it."""

    bars: dict[str, tuple[Bar, ...]]
    origin: Origin


class _NotWantedError(Exception):
    """Its turn came, and nobody waited for it any more."""


class BarSources:
    """Asks for bars, each source one question at a time. Nothing here raises but cancellation."""

    def __init__(self, data: AlpacaData | None, yahoo: YahooPoller | None, clock: Callable[[], Moment]) -> None:
        self._now = clock
        self._data = data
        self._yahoo = yahoo
        self._alpaca_turn = asyncio.Lock()
        self._yahoo_turn = asyncio.Lock()

    @property
    def has_alpaca(self) -> bool:
        """True if Alpaca can be asked for the day of many symbols at once."""
        return self._data is not None

    @property
    def has_yahoo(self) -> bool:
        """True if Yahoo can be asked."""
        return self._yahoo is not None

    async def series(
        self, symbol: str, timeframe: Timeframe, wanted: Callable[[], bool], kept: BarSeries | None = None
    ) -> Told | str | None:
        """The bars, with a note if they are not of the source that should have told them; or why there are none.

        Of what goes on from `kept` only the new part is asked for. None, and nothing is sent, if its turn comes and
        nobody has `wanted` it for so long.
        """
        try:
            return await self._first(_Question(symbol, timeframe, wanted, kept))
        except _NotWantedError:
            return None

    async def _first(self, question: "_Question") -> Told | str:
        said: list[str] = []
        for name, ask in (("Alpaca", self._ask_alpaca), ("Yahoo", self._ask_yahoo)):
            answer = await ask(question)
            if isinstance(answer, Told):
                note = f"{said[0]}; these are {name}'s bars" if said else ""
                return replace(answer, series=replace(answer.series, note=note))
            if answer:
                said.append(answer)
        return " · ".join(said) or NOBODY

    async def day_of_many(self, symbols: Sequence[str]) -> Days | None:
        """The present day of as many of `symbols` as one request to Alpaca holds; None if it failed."""
        if self._data is None:
            return None
        try:
            async with self._alpaca_turn:
                bars = self._data.bars
                return Days(await bars.day_bars(symbols[:DAY_CHUNK]), bars.origin)
        except AlpacaError as error:
            _log.info("no bars of the day from Alpaca: %s", error)
            return None

    async def day_of_one(self, symbol: str) -> Day | None:
        """The present day of `symbol` by Yahoo; None if it failed."""
        if self._yahoo is None:
            return None
        try:
            async with self._yahoo_turn:
                return Day(await self._yahoo.bars(symbol, Timeframe.DAY))
        except YahooError as error:
            _log.info("no bars of the day of %s from Yahoo: %s", symbol, error)
            return None

    async def _ask_alpaca(self, question: "_Question") -> Told | str:
        if self._data is None or not alpaca_can_know(question.symbol):
            return ""
        try:
            async with self._alpaca_turn:
                told = await self._of_alpaca(self._data.bars, question)
        except AlpacaError as error:
            _log.info("no bars of %s from Alpaca: %s", question.symbol, error)
            return f"Alpaca: {error.reason.value}"
        return told or "Alpaca has no such bars"

    async def _of_alpaca(self, bars: AlpacaBars, question: "_Question") -> Told | None:
        question.ensure_wanted()
        since = question.since(Source.ALPACA, self._now())
        if since is not None:
            tail = await bars.tail(question.symbol, question.timeframe, since)
            series = question.continued(tail)
            if series is not None and series.previous_close is None and PLANS[series.timeframe].intraday:
                first = day_of(series.bars[0].start)
                series = replace(series, previous_close=await bars.close_before(series.symbol, first))
            if series is not None:
                return Told(series, since)
        whole = await bars.series(question.symbol, question.timeframe)
        return Told(whole) if whole is not None else None

    async def _ask_yahoo(self, question: "_Question") -> Told | str:
        if self._yahoo is None:
            return ""
        try:
            async with self._yahoo_turn:
                told = await self._of_yahoo(self._yahoo, question)
        except YahooError as error:
            _log.info("no bars of %s from Yahoo: %s", question.symbol, error)
            return f"Yahoo: {error.reason.value}"
        return told or "Yahoo has no such bars"

    async def _of_yahoo(self, yahoo: YahooPoller, question: "_Question") -> Told | None:
        question.ensure_wanted()
        since = question.since(Source.YAHOO, self._now())
        if since is not None:
            series = question.continued(await yahoo.bars(question.symbol, question.timeframe, since))
            if series is not None:
                return Told(series, since)
        whole = await yahoo.bars(question.symbol, question.timeframe)
        return Told(whole) if whole is not None else None


class _Question(msgspec.Struct, frozen=True):
    """What is asked for, whether it still is, and what is known already."""

    symbol: str
    timeframe: Timeframe
    wanted: Callable[[], bool]
    kept: BarSeries | None

    def ensure_wanted(self) -> None:
        """Raise _NotWantedError if nobody waits any more."""
        if not self.wanted():
            raise _NotWantedError

    def since(self, source: Source, now: Moment) -> datetime | None:
        """From when on `source` need only be asked; None for all of it."""
        if self.kept is None or self.kept.origin.source is not source:
            return None
        return asked_from(self.kept, now)

    def continued(self, told: BarSeries | None) -> BarSeries | None:
        """What is known with what was `told` since; None where they do not fit."""
        return continued(self.kept, told) if self.kept is not None and told is not None else None

"""Bars kept in the history, so that a chart is there before any source is, and what was told is not asked for again."""

import asyncio
import logging
import math
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from mytrader_tui.history.bar_records import BarRecord, BarsRecord
from mytrader_tui.market.bar_building import in_order
from mytrader_tui.market.bar_days import day_start, first_day, is_zone, present_day
from mytrader_tui.market.bar_joining import since_day
from mytrader_tui.market.bars import PLANS, Bar, BarSeries, Timeframe
from mytrader_tui.market.moment import Moment, remembered
from mytrader_tui.market.quote import Origin, Source
from mytrader_tui.market.session import Session
from mytrader_tui.market.text import clean

if TYPE_CHECKING:
    from mytrader_tui.history.records import QuoteRecord
    from mytrader_tui.history.store import History
    from mytrader_tui.monitor.history_keeper import HistoryKeeper

DAY_LINE_SECONDS = 1200
"""Span of the bars that a row's line is begun from."""

MOST_RECENT = 48
"""Series that are told from memory: they may not be written yet."""

_LINE_SPANS = (300, DAY_LINE_SECONDS)
_MAX_CURRENCY = 8
_SOURCES = frozenset(source.value for source in Source)

_log = logging.getLogger(__name__)


class DayKept(msgspec.Struct, frozen=True):
    """What is known of a symbol's present day, oldest first; when a source last told bars of it, if one did."""

    bars: tuple[Bar, ...]
    told: datetime | None = None


class BarShelf:
    """Reads and writes bars through the history's keeper. Nothing here raises but cancellation.

    Until `employ` says whose history it is a question waits a moment; without one, memory alone serves. `old_folder`
    is where an earlier version of this program kept its bars.
    """

    def __init__(self, old_folder: Path | None = None) -> None:
        self._old_folder = old_folder
        self._keeper: HistoryKeeper | None = None
        self._known = asyncio.Event()
        self._recent: dict[tuple[str, int], BarSeries] = {}

    def employ(self, keeper: "HistoryKeeper | None") -> None:
        """Work with this history from now on, or with none."""
        self._keeper = keeper
        self._known.set()

    async def clear_old_folder(self) -> None:
        """Remove what an earlier version left."""
        if self._old_folder is not None:
            await asyncio.to_thread(_remove, self._old_folder)

    async def load(self, symbol: str, timeframe: Timeframe, now: Moment) -> BarSeries | None:
        """The kept series, its receipt placed before `now`; None if there is none, or none that makes sense."""
        span = int(PLANS[timeframe].span_seconds)
        recent = self._recent.get((symbol, span))
        if recent is not None and _reaches(recent.timeframe, timeframe):
            return _cut(msgspec.structs.replace(recent, timeframe=timeframe))
        keeper = await self._employed()
        kept = await keeper.ask(lambda history: _kept(history, symbol, span)) if keeper is not None else None
        return _series(kept, timeframe, now) if kept is not None else None

    def store(self, series: BarSeries, since: datetime | None) -> None:
        """Keep `series`, of which only what starts at `since` or later is new; all of it if that is None."""
        key = series.symbol, int(series.span_seconds)
        recent = self._recent.pop(key, None)
        longer = since is not None and recent is not None and not _reaches(series.timeframe, recent.timeframe)
        if not longer:
            self._recent[key] = series
        while len(self._recent) > MOST_RECENT:
            del self._recent[next(iter(self._recent))]
        if self._keeper is not None:
            self._keeper.keep_bars(_record(series, since))

    def store_days(self, days: Mapping[str, Sequence[Bar]], origin: Origin, now: Moment) -> None:
        """Keep the present day of these rows, in bars of DAY_LINE_SECONDS; it is all that is kept of such bars."""
        for symbol, bars in days.items() if self._keeper is not None else ():
            series = BarSeries(symbol, Timeframe.DAY, float(DAY_LINE_SECONDS), tuple(bars), origin, now)
            if bars and self._keeper is not None:
                self._keeper.keep_bars(_record(series, None))

    async def days(self, symbols: Sequence[str], now: Moment) -> dict[str, DayKept]:
        """What is known of the present New York day of each of `symbols`: bars, and prices between and after them."""
        keeper = await self._employed()
        if keeper is None:
            return {}
        since = day_start(present_day(now.wall))
        told = await keeper.ask(lambda history: _days(history, symbols, since))
        if told is None:
            return {}
        kept, prices = told
        symbols_told = {record.symbol for record in kept} | {record.symbol for record in prices}
        return {
            symbol: _day(
                [record for record in kept if record.symbol == symbol and record.receipt_time <= now.wall],
                [record for record in prices if record.symbol == symbol],
            )
            for symbol in symbols_told
        }

    async def _employed(self) -> "HistoryKeeper | None":
        await self._known.wait()
        return self._keeper


def _reaches(kept: Timeframe, wanted: Timeframe) -> bool:
    """True if a series of `kept` goes back as far as one of `wanted` does; both have the same span."""
    return PLANS[kept].months >= PLANS[wanted].months


def _cut(series: BarSeries) -> BarSeries:
    """`series` without what is older than its timeframe was when it was told."""
    return since_day(series, first_day(series.timeframe, series.receipt.wall))


def _kept(history: "History", symbol: str, span: int) -> BarsRecord | None:
    from mytrader_tui.history.bars import kept_bars

    return kept_bars(history, symbol, span)


def _days(history: "History", symbols: Sequence[str], since: datetime) -> "tuple[list[BarsRecord], list[QuoteRecord]]":
    from mytrader_tui.history.bars import kept_days, prices_since

    return kept_days(history, symbols, _LINE_SPANS, since), prices_since(history, symbols, since)


def _day(told: "Sequence[BarsRecord]", prices: "Iterable[QuoteRecord]") -> DayKept:
    """A line through what is known: the end of each bar, and each price, in the order in which they came to be."""
    newest = max(told, key=lambda record: record.receipt_time, default=None)
    known: list[tuple[datetime, Bar]] = []
    for bar in _bars(newest.bars) if newest is not None else ():
        end = bar.start.timestamp() + newest.span_seconds if newest is not None else 0.0
        known.append((datetime.fromtimestamp(end, UTC), bar))
    until = newest.receipt_time if newest is not None else None
    for record in prices:
        price = record.price
        if math.isfinite(price) and price > 0 and (until is None or record.event_time > until):
            known.append((record.event_time, Bar(record.event_time, price, price, price, price, None)))
    known.sort(key=lambda each: each[0])
    return DayKept(tuple(bar for _, bar in known), until)


def _record(series: BarSeries, since: datetime | None) -> BarsRecord:
    first = day_start(first_day(series.timeframe, series.receipt.wall))
    goes_on = since is not None and not PLANS[series.timeframe].intraday
    return BarsRecord(
        symbol=series.symbol,
        span_seconds=int(series.span_seconds),
        source=series.origin.source.value,
        feed=series.origin.feed,
        delay=series.origin.delay_seconds,
        polled=series.origin.polled,
        receipt_time=series.receipt.wall,
        covered_from=None if goes_on else min(first, series.bars[0].start),
        previous_close=series.previous_close,
        currency=series.currency,
        zone=series.zone,
        note=series.note,
        bars=tuple(
            BarRecord(bar.start, bar.open, bar.high, bar.low, bar.close, bar.volume, bar.session.value)
            for bar in series.bars
            if since is None or bar.start >= since
        ),
        anew=since is None,
    )


def _series(kept: BarsRecord, timeframe: Timeframe, now: Moment) -> BarSeries | None:
    bars = _bars(kept.bars)
    if len(bars) != len(kept.bars) or not bars or kept.receipt_time > now.wall or kept.covered_from is None:
        return None
    if kept.covered_from > day_start(first_day(timeframe, kept.receipt_time)):
        return None
    if kept.source not in _SOURCES or not _is_price(kept.previous_close) or not is_zone(kept.zone):
        return None
    series = BarSeries(
        symbol=kept.symbol,
        timeframe=timeframe,
        span_seconds=PLANS[timeframe].span_seconds,
        bars=bars,
        origin=Origin(Source(kept.source), clean(kept.feed), kept.delay, kept.polled),
        receipt=remembered(kept.receipt_time, now),
        previous_close=kept.previous_close,
        currency=None if kept.currency is None else clean(kept.currency, _MAX_CURRENCY),
        note=clean(kept.note),
        zone=kept.zone,
    )
    return _cut(series)


def _bars(records: Iterable[BarRecord]) -> tuple[Bar, ...]:
    """The sound ones, oldest first."""
    sessions = {session.value: session for session in Session}
    return in_order(
        Bar(each.start, each.open, each.high, each.low, each.close, each.volume, sessions[each.session])
        for each in records
        if each.session in sessions
    )


def _is_price(value: float | None) -> bool:
    return value is None or (math.isfinite(value) and value > 0)


def _remove(folder: Path) -> None:
    files = [*folder.glob("bars *.msgpack"), *folder.glob(".bars *.mytrader-tmp")]
    with suppress(OSError):
        for path in files:
            path.unlink(missing_ok=True)
        if folder.is_dir():
            folder.rmdir()
        if files:
            _log.info("bars are kept in the history now: %d files in %s were removed", len(files), folder)

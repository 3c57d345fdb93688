"""Bars in the history: written as they are told, read back as one series a symbol and span."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, select, update

from mytrader_tui.history.bar_records import BarRecord, BarsRecord
from mytrader_tui.history.records import QuoteRecord
from mytrader_tui.history.schema import BAR_COVERAGE, BARS, MARKET_DATA
from mytrader_tui.history.store import CHUNK, History, put, quote_of

_OF_SERIES = ("source", "feed", "delay", "currency", "receipt_time")
"""What each bar repeats of its series, so that a bar can be read by itself."""


def keep_bars(history: History, told: Iterable[BarsRecord]) -> None:
    """Keep what was `told`, all of it or nothing. Writing it again changes nothing. Raises HistoryError."""
    with history.writing() as connection:
        for record in told:
            _keep(connection, record)


def kept_bars(history: History, symbol: str, span_seconds: int) -> BarsRecord | None:
    """All that is kept of `symbol` in that span; None if nothing is. Raises HistoryError."""
    coverage = BAR_COVERAGE.c
    with history.reading() as connection:
        row = connection.execute(
            select(BAR_COVERAGE).where(coverage.symbol == symbol, coverage.span_seconds == span_seconds)
        ).one_or_none()
        if row is None:
            return None
        return _record(row._mapping, _bars(connection, row._mapping, row.covered_from))


def kept_days(history: History, symbols: Sequence[str], spans: Sequence[int], since: datetime) -> list[BarsRecord]:
    """Of each of `symbols` and `spans` the bars from `since` (aware) on, where any are kept. Raises HistoryError."""
    coverage, bars, found = BAR_COVERAGE.c, BARS.c, list[BarsRecord]()
    joined = BAR_COVERAGE.join(
        BARS,
        (bars.symbol == coverage.symbol)
        & (bars.span_seconds == coverage.span_seconds)
        & (bars.source == coverage.source),
    )
    columns = [BARS.c[name] for name in BarRecord.__struct_fields__]
    with history.reading() as connection:
        for start in range(0, len(symbols), CHUNK):
            wanted = coverage.symbol.in_(symbols[start : start + CHUNK]) & coverage.span_seconds.in_(spans)
            heads = connection.execute(select(BAR_COVERAGE).where(wanted, coverage.receipt_time >= since)).all()
            rows = connection.execute(
                select(coverage.symbol, coverage.span_seconds, *columns)
                .select_from(joined)
                .where(wanted, coverage.receipt_time >= since, bars.start >= since)
                .order_by(coverage.symbol, coverage.span_seconds, bars.start)
            )
            of_each: dict[tuple[str, int], list[BarRecord]] = {}
            for symbol, span, *values in rows:
                of_each.setdefault((symbol, span), []).append(BarRecord(*values))
            found += [_record(head._mapping, of_each.get((head.symbol, head.span_seconds), [])) for head in heads]
    return found


def prices_since(history: History, symbols: Sequence[str], since: datetime) -> list[QuoteRecord]:
    """The prices of `symbols` made from `since` (aware) on, oldest first. Raises HistoryError."""
    data, found = MARKET_DATA.c, list[QuoteRecord]()
    with history.reading() as connection:
        for start in range(0, len(symbols), CHUNK):
            wanted = data.symbol.in_(symbols[start : start + CHUNK]) & (data.event_time >= since)
            rows = connection.execute(select(MARKET_DATA).where(wanted).order_by(data.symbol, data.event_time))
            found += [quote_of(row._mapping) for row in rows]
    return found


def _keep(connection: Connection, record: BarsRecord) -> None:
    if record.anew:
        for table in (BARS, BAR_COVERAGE):
            mine = (table.c.symbol == record.symbol) & (table.c.span_seconds == record.span_seconds)
            connection.execute(delete(table).where(mine))
    fields = msgspec.structs.asdict(record)
    shared = {name: fields[name] for name in ("symbol", "span_seconds", *_OF_SERIES)}
    rows = [{**shared, **msgspec.structs.asdict(bar)} for bar in record.bars]
    put(connection, BARS, rows, newer="receipt_time")
    coverage = {column.name: fields[column.name] for column in BAR_COVERAGE.columns}
    if record.covered_from is not None:
        put(connection, BAR_COVERAGE, [coverage], newer="receipt_time")
        return
    told = {name: value for name, value in coverage.items() if name not in ("covered_from", "previous_close")}
    mine = (BAR_COVERAGE.c.symbol == record.symbol) & (BAR_COVERAGE.c.span_seconds == record.span_seconds)
    older = BAR_COVERAGE.c.receipt_time < record.receipt_time
    connection.execute(update(BAR_COVERAGE).where(mine & older).values(told))


def _bars(connection: Connection, coverage: Any, since: datetime) -> list[BarRecord]:
    bars = BARS.c
    rows = connection.execute(
        select(*(bars[name] for name in BarRecord.__struct_fields__))
        .where(
            bars.symbol == coverage["symbol"],
            bars.span_seconds == coverage["span_seconds"],
            bars.source == coverage["source"],
            bars.start >= since,
        )
        .order_by(bars.start)
    )
    return [BarRecord(*row) for row in rows]


def _record(coverage: Any, bars: Sequence[BarRecord]) -> BarsRecord:
    known = {column.name: coverage[column.name] for column in BAR_COVERAGE.columns}
    return BarsRecord(**known, bars=tuple(bars), anew=False)

"""What a history holds: rows, their span and their size."""

from datetime import datetime

import msgspec
from sqlalchemy import Column, func, select

from mytrader_tui.history.migrations import version_of
from mytrader_tui.history.retention import size_of
from mytrader_tui.history.schema import BARS, EQUITY, HOURLY, MARKET_DATA, TRANSITIONS
from mytrader_tui.history.store import History

_TIMES: dict[str, Column[datetime]] = {
    "quotes": MARKET_DATA.c.event_time,
    "hourly": HOURLY.c.hour,
    "bars": BARS.c.start,
    "equity": EQUITY.c.receipt_time,
    "transitions": TRANSITIONS.c.event_time,
}


class TableStatistics(msgspec.Struct, frozen=True):
    """One kind of row: how many, from when to when (aware UTC; None where there are none)."""

    name: str
    rows: int
    oldest: datetime | None
    newest: datetime | None


class Statistics(msgspec.Struct, frozen=True):
    """The whole: the schema's version, the bytes filled, the symbols with prices, and each table."""

    version: int
    bytes: int
    symbols: int
    tables: tuple[TableStatistics, ...]


def statistics(history: History) -> Statistics:
    """Count what is there. Raises HistoryError."""
    size = size_of(history)
    with history.reading() as connection:
        tables: list[TableStatistics] = []
        for name, time in _TIMES.items():
            rows, oldest, newest = connection.execute(select(func.count(), func.min(time), func.max(time))).one()
            tables.append(TableStatistics(name, rows, oldest, newest))
        symbols = connection.execute(select(func.count(MARKET_DATA.c.symbol.distinct()))).scalar_one()
        return Statistics(version_of(connection), size, symbols, tuple(tables))

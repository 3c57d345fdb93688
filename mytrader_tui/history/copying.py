"""Moving house: one history copied into another, a part at a time, so that it can be cut short and gone on with."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, func, select, tuple_

from mytrader_tui.history.error import HistoryError
from mytrader_tui.history.schema import BAR_COVERAGE, BARS, EQUITY, HOURLY, MARKET_DATA, TRANSITIONS
from mytrader_tui.history.store import CHUNK, History, put

PART = 5000
"""Rows that are read, written and committed together."""

_NEWER = dict.fromkeys((MARKET_DATA.name, BARS.name, BAR_COVERAGE.name), "receipt_time")
_SUMMED = {MARKET_DATA.name: "price", HOURLY.name: "close", BARS.name: "close"}
_TABLES = (MARKET_DATA, HOURLY, BARS, BAR_COVERAGE, EQUITY, TRANSITIONS)

Progress = Callable[[str, int, int], None]
"""Told after each part: the table, the rows done and the rows in all."""


class CopyError(HistoryError):
    """What arrived is not what was sent."""


class Copied(msgspec.Struct, frozen=True):
    """A table's rows that were copied or there already, and what their prices sum to on both sides, if it has any."""

    table: str
    rows: int
    sent: float
    arrived: float


def copy(source: History, target: History, progress: Progress = lambda *_: None) -> tuple[Copied, ...]:
    """Copy all of `source` into `target`. Raises HistoryError, CopyError where a part did not arrive whole.

    After each part the target is asked how many of its rows it has and what their prices sum to. Cut short, it goes on
    after the last row that arrived: a part that is there already is checked and not sent again. Rows of others in the
    target stay; of a price that both have, the one heard later stays.
    """
    return tuple(_copy(source, target, table, progress) for table in _TABLES)


def _copy(source: History, target: History, table: Table, progress: Progress) -> Copied:
    with source.reading() as connection:
        total = connection.execute(select(func.count()).select_from(table)).scalar_one()
    copied = Copied(table.name, 0, 0.0, 0.0)
    after: Sequence[Any] | None = None
    progress(table.name, 0, total)
    while rows := _part(source, table, after):
        copied = _sent(target, table, rows, copied)
        after = [rows[-1][column.name] for column in table.primary_key]
        progress(table.name, copied.rows, total)
    return copied


def _part(source: History, table: Table, after: Sequence[Any] | None) -> list[dict[str, Any]]:
    """The next rows by the key, after that one."""
    asked = select(table).order_by(*table.primary_key).limit(PART)
    if after is not None:
        asked = asked.where(tuple_(*table.primary_key) > tuple(after))
    with source.reading() as connection:
        return [dict(row._mapping) for row in connection.execute(asked)]


def _sent(target: History, table: Table, rows: list[dict[str, Any]], before: Copied) -> Copied:
    summed = _SUMMED.get(table.name)
    sent = sum(row[summed] for row in rows) if summed else 0.0
    with target.writing() as connection:
        count, arrived = _there(connection, table, rows)
        if count != len(rows) or not _equal(sent, arrived):
            put(connection, table, rows, newer=_NEWER.get(table.name))
            count, arrived = _there(connection, table, rows)
        if count != len(rows):
            raise CopyError(f"of {len(rows)} rows of {table.name} {count} arrived: nothing of this part was kept")
    return Copied(table.name, before.rows + count, before.sent + sent, before.arrived + arrived)


def _there(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> tuple[int, float]:
    """How many of `rows` there are by their keys, and the sum of their prices."""
    keys = list(table.primary_key)
    summed = _SUMMED.get(table.name)
    total = func.coalesce(func.sum(table.c[summed]), 0.0) if summed else func.count()
    found, arrived = 0, 0.0
    for start in range(0, len(rows), CHUNK):
        wanted = [tuple(row[key.name] for key in keys) for row in rows[start : start + CHUNK]]
        asked = select(func.count(), total).select_from(table).where(tuple_(*keys).in_(wanted))
        count, value = connection.execute(asked).one()
        found, arrived = found + count, arrived + (float(value) if summed else 0.0)
    return found, arrived


def _equal(sent: float, arrived: float) -> bool:
    return abs(sent - arrived) <= 1e-6 * max(1.0, abs(sent))

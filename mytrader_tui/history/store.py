"""Writing to the history and asking it: the same for SQLite and PostgreSQL, in the thread that calls."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from sqlalchemy import CTE, Connection, Engine, Table, and_, column, func, select, values
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from mytrader_tui.history.records import Batch, EquityRecord, QuoteRecord, TransitionRecord
from mytrader_tui.history.schema import EQUITY, MARKET_DATA, TRANSITIONS
from mytrader_tui.history.telling import told

CHUNK = 500
"""Rows in one statement, and symbols in one question."""

_Record = TypeVar("_Record", bound=msgspec.Struct)


class History:
    """The history behind `engine`. Every method raises HistoryError and nothing else.

    Several programs may write to one history at once; what two of them saw alike is kept once.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def engine(self) -> Engine:
        """The database, for those who work on all of it: retention, export, copying."""
        return self._engine

    def write(self, batch: Batch) -> None:
        """Keep `batch`, all of it or nothing. Writing it again changes nothing.

        A price of a symbol, an instant and a source that is kept already takes what was heard of it later.
        """
        with self.writing() as connection:
            _put(connection, MARKET_DATA, batch.quotes, newer="receipt_time")
            _put(connection, EQUITY, batch.equity)
            _put(connection, TRANSITIONS, batch.transitions)

    def latest(self, symbols: Sequence[str]) -> list[QuoteRecord]:
        """The newest price of each of `symbols` that has one, from whichever source."""
        found: list[QuoteRecord] = []
        with self.reading() as connection:
            for start in range(0, len(symbols), CHUNK):
                asked = _asked(symbols[start : start + CHUNK])
                theirs = MARKET_DATA.alias("theirs")
                newest = (
                    select(func.max(theirs.c.event_time)).where(theirs.c.symbol == asked.c.symbol).scalar_subquery()
                )
                on = and_(MARKET_DATA.c.symbol == asked.c.symbol, MARKET_DATA.c.event_time == newest)
                rows = connection.execute(select(MARKET_DATA).select_from(asked.join(MARKET_DATA, on)))
                found += [quote_of(row._mapping) for row in rows]
        newest_first = sorted(found, key=lambda record: (record.symbol, record.receipt_time))
        return list({record.symbol: record for record in newest_first}.values())

    def quotes(self, symbol: str, start: datetime, end: datetime) -> list[QuoteRecord]:
        """The prices of `symbol` made from `start` (aware) until before `end`, oldest first."""
        time = MARKET_DATA.c.event_time
        wanted = select(MARKET_DATA).where(MARKET_DATA.c.symbol == symbol, time >= start, time < end)
        with self.reading() as connection:
            return [quote_of(row._mapping) for row in connection.execute(wanted.order_by(time))]

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes; its errors come as HistoryError."""
        try:
            with self._engine.connect().execution_options(writes=True) as connection, connection.begin():
                yield connection
        except (SQLAlchemyError, OSError) as error:
            raise told(error) from error

    @contextmanager
    def outside_transaction(self) -> Iterator[Connection]:
        """A connection whose statements stand alone, as VACUUM must; its errors come as HistoryError."""
        try:
            with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                yield connection
        except (SQLAlchemyError, OSError) as error:
            raise told(error) from error

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that reads, and sees one state of the whole; its errors come as HistoryError."""
        try:
            with self._engine.connect() as connection, connection.begin():
                yield connection
        except (SQLAlchemyError, OSError) as error:
            raise told(error) from error


def quote_of(row: Any) -> QuoteRecord:
    """A row of market_data by its columns' names."""
    return QuoteRecord(**{name: row[name] for name in QuoteRecord.__struct_fields__})


def put(connection: Connection, table: Table, rows: Sequence[dict[str, Any]], *, newer: str | None = None) -> None:
    """Insert `rows`, given by column; of those that are there already the one with the greater `newer` stays.

    Without `newer` what is there stays.
    """
    if not rows:
        return
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement: Any = dialect.insert(table)
    key = [each.name for each in table.primary_key]
    if newer is None:
        statement = statement.on_conflict_do_nothing(index_elements=key)
    else:
        new = statement.excluded
        taken = {each.name: new[each.name] for each in table.columns if each.name not in key}
        statement = statement.on_conflict_do_update(
            index_elements=key, set_=taken, where=new[newer] > table.columns[newer]
        )
    for start in range(0, len(rows), CHUNK):
        connection.execute(statement, rows[start : start + CHUNK])


def _put(
    connection: Connection,
    table: Table,
    records: Sequence[QuoteRecord] | Sequence[EquityRecord] | Sequence[TransitionRecord],
    *,
    newer: str | None = None,
) -> None:
    put(connection, table, [msgspec.structs.asdict(record) for record in records], newer=newer)


def _asked(symbols: Sequence[str]) -> CTE:
    rows = values(column("symbol", MARKET_DATA.c.symbol.type)).data([(symbol,) for symbol in symbols])
    return rows.cte("asked")

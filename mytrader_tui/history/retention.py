"""How long what is kept: raw prices become hours, hours go, and the whole stays below a size."""

from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from functools import partial

import msgspec
from sqlalchemy import Column, ColumnElement, Connection, Table, delete, func, select, text, tuple_, update

from mytrader_tui.history.records import QuoteRecord
from mytrader_tui.history.rollup import hours_of
from mytrader_tui.history.schema import BAR_COVERAGE, BARS, EQUITY, HOURLY, MARKET_DATA, METADATA, TRANSITIONS
from mytrader_tui.history.store import History, put
from mytrader_tui.market.session import NEW_YORK

_DAY_SECONDS = 86400
_FINE_DAYS = 40.0
"""How long bars within a day are kept at least: a chart of a month reaches back 31 days."""

STEP_ROWS = 5000
"""Rows that one step deals with: some hundredths of a second, for which a batch may have to wait."""

_SERIES_AT_ONCE = 20
_BARS_AT_ONCE = 5
_SAMPLE = 1000
_BESIDE_ROW = 80
"""Bytes that PostgreSQL keeps beside a row: its place in the page, and in the indices."""

_EMPTY_TABLE = 32768
"""Bytes that it keeps for a table without rows."""

_MEGABYTE = 1024 * 1024


class Limits(msgspec.Struct, frozen=True):
    """Days that raw prices, and then hours, are kept; megabytes that the whole may have."""

    raw_days: float = 30.0
    hourly_days: float = 730.0
    max_megabytes: float = 2048.0


class Pruned(msgspec.Struct, frozen=True):
    """Rows that became hours, and rows that are gone for good."""

    rolled_up: int = 0
    removed: int = 0

    def plus(self, other: "Pruned") -> "Pruned":
        """Both together."""
        return Pruned(self.rolled_up + other.rolled_up, self.removed + other.removed)


def prune(history: History, limits: Limits, now: datetime) -> Pruned:
    """Bring the history within `limits` as of `now` (aware), however long it takes. Raises HistoryError."""
    pruning = Pruning(limits, now)
    while pruning.step(history):
        pass
    return pruning.done


class Pruning:
    """Brings a history within `limits` as of `now` (aware), a step at a time; `done` is what became of it so far.

    Each step is a transaction of its own over some STEP_ROWS rows, so that others have their turn between two of them.
    What was cut short goes on where it stopped: the rows themselves tell what is left.
    """

    def __init__(self, limits: Limits, now: datetime) -> None:
        self.done = Pruned()
        self._limits = limits
        self._now = now
        self._series: tuple[str, int] = ("", 0)
        self._filled: tuple[float, float] | None = None
        hourly_until = _midnight(now - timedelta(days=limits.hourly_days))
        by_age = (HOURLY.c.hour, EQUITY.c.receipt_time, TRANSITIONS.c.event_time)
        self._phases: deque[Callable[[History], Pruned | None]] = deque(
            (
                self._old_prices,
                *(partial(_remove_before, column=column, until=hourly_until) for column in by_age),
                self._old_bars,
                self._above_size,
            )
        )

    def step(self, history: History) -> bool:
        """Deal with the next rows; False when all is within the limits. Raises HistoryError."""
        while self._phases:
            more = self._phases[0](history)
            if more is not None:
                self.done = self.done.plus(more)
                return True
            self._phases.popleft()
        return False

    def _old_prices(self, history: History) -> Pruned | None:
        day = _first(history, MARKET_DATA.c.event_time)
        if day is None or day >= _midnight(self._now - timedelta(days=self._limits.raw_days)):
            return None
        return _roll_up(history, day)

    def _old_bars(self, history: History) -> Pruned | None:
        """Bars within a day that are too old go, some series at a time, and what is told of the others begins there."""
        until = _midnight(self._now - timedelta(days=max(self._limits.raw_days, _FINE_DAYS)))
        looked_at = _series_after(history, self._series)
        if not looked_at:
            with history.writing() as connection:
                _begin_at(connection, until)
            return None
        fine = [series for series in looked_at if series[1] < _DAY_SECONDS]
        key, gone = tuple_(BARS.c.symbol, BARS.c.span_seconds), 0
        with history.reading() as connection:
            old = key.in_(fine) & (BARS.c.start < until)
            some = connection.execute(select(BARS.c.symbol, BARS.c.span_seconds).where(old).distinct()).all()
        if some:
            with history.writing() as connection:
                series = [(row.symbol, row.span_seconds) for row in some]
                gone = _delete(connection, BARS, key.in_(series) & (BARS.c.start < until))
                _begin_at(connection, until, series)
        self._series = looked_at[-1]
        return Pruned(removed=gone)

    def _above_size(self, history: History) -> Pruned | None:
        """Make room: the oldest day of raw prices but today's becomes hours; without any, the oldest hours go, and then
        bars."""
        if self._bytes(history) <= self._limits.max_megabytes * _MEGABYTE:
            return None
        more = self._oldest(history)
        if more is not None and self._filled is not None:
            filled, each = self._filled
            self._filled = filled - each * (more.rolled_up + more.removed), each
        return more

    def _bytes(self, history: History) -> float:
        """What the rows fill now: in PostgreSQL, whose files stay as large as they were, counted once and estimated."""
        size = size_of(history)
        if history.engine.dialect.name != "postgresql" or size <= self._limits.max_megabytes * _MEGABYTE:
            return size
        self._filled = self._filled or _filled(history)
        return self._filled[0]

    def _oldest(self, history: History) -> Pruned | None:
        day = _first(history, MARKET_DATA.c.event_time)
        if day is not None and day < _midnight(self._now):
            return _roll_up(history, day)
        hour = _first(history, HOURLY.c.hour)
        if hour is not None:
            return _remove_before(history, HOURLY.c.hour, hour + timedelta(days=1))
        return _oldest_bars(history)


def size_of(history: History) -> int:
    """Bytes that the history fills. What was freed counts until it is given back in PostgreSQL, and not in SQLite."""
    with history.reading() as connection:
        if connection.dialect.name == "postgresql":
            sizes = [
                connection.execute(select(func.pg_total_relation_size(name))).scalar_one() for name in METADATA.tables
            ]
            return int(sum(sizes))
        pages, free, size = (
            connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one()
            for pragma in ("page_count", "freelist_count", "page_size")
        )
        return int((pages - free) * size)


def vacuum(history: History) -> None:
    """Give the space of what was removed back, and renew the planner's statistics. Raises HistoryError.

    Whoever writes meanwhile waits: each table is written anew.
    """
    ours = ", ".join(METADATA.tables)
    statements = ("VACUUM", "ANALYZE")
    if history.engine.dialect.name == "postgresql":
        # A large table takes longer than any statement of the program may.
        statements = ("SET statement_timeout = 0", f"VACUUM (FULL, ANALYZE) {ours}")
    with history.outside_transaction() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def _filled(history: History) -> tuple[float, float]:
    """PostgreSQL: bytes that all rows fill, by their number and the size of some, and those of one on average."""
    rows, filled, beside = 0, 0.0, _EMPTY_TABLE * len(METADATA.tables)
    with history.reading() as connection:
        for table in METADATA.sorted_tables:
            some = select(table).limit(_SAMPLE).subquery("sample")
            count = connection.execute(select(func.count()).select_from(table)).scalar_one()
            width = connection.execute(select(func.avg(func.pg_column_size(text("sample")))).select_from(some)).scalar()
            rows += count
            filled += count * (float(width or 0.0) + _BESIDE_ROW)
    return filled + beside, filled / max(1, rows)


def _first(history: History, column: Column[datetime]) -> datetime | None:
    """The midnight in New York before the oldest row by `column`."""
    with history.reading() as connection:
        oldest = connection.execute(select(func.min(column))).scalar()
    return None if oldest is None else _midnight(oldest)


def _midnight(when: datetime) -> datetime:
    """The beginning of the day in New York that `when` is in: no session goes on over it."""
    return datetime.combine(when.astimezone(NEW_YORK).date(), time(), NEW_YORK).astimezone(UTC)


def _roll_up(history: History, day: datetime) -> Pruned:
    """The prices of the day from `day` on become hours, those of some symbols at a time, in one transaction."""
    following = _midnight(day + timedelta(hours=36))
    data = MARKET_DATA.c
    with history.writing() as connection:
        inside = (data.event_time >= day) & (data.event_time < following)
        inside &= data.symbol.in_(_some_symbols(connection, inside))
        rows = connection.execute(
            select(*(data[name] for name in QuoteRecord.__struct_fields__))
            .where(inside)
            .order_by(data.symbol, data.source, data.event_time)
        )
        hours = hours_of(QuoteRecord(*row) for row in rows)
        put(connection, HOURLY, [msgspec.structs.asdict(hour) for hour in hours])
        gone = connection.execute(delete(MARKET_DATA).where(inside)).rowcount
    return Pruned(rolled_up=gone)


def _some_symbols(connection: Connection, inside: ColumnElement[bool]) -> list[str]:
    """Symbols that have some STEP_ROWS prices `inside` together; one at least, if any has."""
    data = MARKET_DATA.c
    first = select(data.symbol).where(inside).order_by(data.event_time).limit(_SERIES_AT_ONCE).subquery()
    counts = connection.execute(
        select(data.symbol, func.count())
        .where(data.symbol.in_(select(first.c.symbol)), inside)
        .group_by(data.symbol)
        .order_by(data.symbol)
    ).all()
    symbols: list[str] = []
    rows = 0
    for symbol, count in counts:
        if symbols and rows + count > STEP_ROWS:
            break
        symbols.append(symbol)
        rows += count
    return symbols


def _remove_before(history: History, column: Column[datetime], until: datetime) -> Pruned | None:
    """Rows of the table of `column` from before `until` go, STEP_ROWS at most; None where there are none."""
    key = tuple_(*column.table.primary_key)
    some = select(*column.table.primary_key).where(column < until).limit(STEP_ROWS)
    with history.writing() as connection:
        gone = _delete(connection, column.table, key.in_(some))
    return Pruned(removed=gone) if gone else None


def _series_after(history: History, after: tuple[str, int]) -> list[tuple[str, int]]:
    """The next series of bars by symbol and span."""
    key = (BARS.c.symbol, BARS.c.span_seconds)
    asked = select(*key).distinct().where(tuple_(*key) > after).order_by(*key).limit(_SERIES_AT_ONCE)
    with history.reading() as connection:
        return [(row.symbol, row.span_seconds) for row in connection.execute(asked)]


def _begin_at(connection: Connection, until: datetime, series: list[tuple[str, int]] | None = None) -> None:
    """What is told of bars within a day, of `series` or of all, begins at `until` where it began before."""
    covered = BAR_COVERAGE.c
    which = (covered.span_seconds < _DAY_SECONDS) & (covered.covered_from < until)
    if series is not None:
        which &= tuple_(covered.symbol, covered.span_seconds).in_(series)
    connection.execute(update(BAR_COVERAGE).where(which).values(covered_from=until, previous_close=None))


def _oldest_bars(history: History) -> Pruned | None:
    """The bars that were told longest ago go: they can be asked for again. None where there are none."""
    covered = BAR_COVERAGE.c
    with history.writing() as connection:
        oldest = connection.execute(
            select(covered.symbol, covered.span_seconds).order_by(covered.receipt_time).limit(_BARS_AT_ONCE)
        ).all()
        series = [(row.symbol, row.span_seconds) for row in oldest]
        gone = sum(
            _delete(connection, table, tuple_(table.c.symbol, table.c.span_seconds).in_(series))
            for table in (BARS, BAR_COVERAGE)
        )
    return Pruned(removed=gone) if gone else None


def _delete(connection: Connection, table: Table, which: ColumnElement[bool]) -> int:
    return connection.execute(delete(table).where(which)).rowcount

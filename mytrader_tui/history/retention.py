"""How long what is kept: raw prices become hours, hours go, and the whole stays below a size."""

from datetime import UTC, datetime, time, timedelta

import msgspec
from sqlalchemy import Column, Connection, Table, delete, func, select, tuple_, update

from mytrader_tui.history.records import QuoteRecord
from mytrader_tui.history.rollup import hours_of
from mytrader_tui.history.schema import BAR_COVERAGE, BARS, EQUITY, HOURLY, MARKET_DATA, METADATA, TRANSITIONS
from mytrader_tui.history.store import History, put
from mytrader_tui.market.session import NEW_YORK

_DAY_SECONDS = 86400
_FINE_DAYS = 40.0
"""How long bars within a day are kept at least: a chart of a month reaches back 31 days."""

_BARS_AT_ONCE = 20
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
    """Bring the history within `limits` as of `now` (aware). Raises HistoryError.

    Days are dealt with one by one, each in a transaction of its own: a write waits for no more than one, and what
    was cut short goes on where it stopped.
    """
    done = _by_age(history, limits, now)
    while size_of(history) > limits.max_megabytes * _MEGABYTE:
        more = _oldest_day(history, now)
        if more == Pruned():
            break
        done = done.plus(more)
    return done


def size_of(history: History) -> int:
    """Bytes that the history fills; what was freed and not yet given back does not count."""
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
    """Give the space of what was removed back, and renew the planner's statistics. Raises HistoryError."""
    postgresql = history.engine.dialect.name == "postgresql"
    with history.outside_transaction() as connection:
        for statement in ("VACUUM (ANALYZE)",) if postgresql else ("VACUUM", "ANALYZE"):
            connection.exec_driver_sql(statement)


def _by_age(history: History, limits: Limits, now: datetime) -> Pruned:
    done = Pruned()
    raw_until = _midnight(now - timedelta(days=limits.raw_days))
    while (day := _first(history, MARKET_DATA.c.event_time)) is not None and day < raw_until:
        done = done.plus(_roll_up(history, day))
    hourly_until = _midnight(now - timedelta(days=limits.hourly_days))
    for column in (HOURLY.c.hour, EQUITY.c.receipt_time, TRANSITIONS.c.event_time):
        done = done.plus(_remove_before(history, column, hourly_until))
    fine_until = _midnight(now - timedelta(days=max(limits.raw_days, _FINE_DAYS)))
    return done.plus(_remove_fine_bars(history, fine_until))


def _oldest_day(history: History, now: datetime) -> Pruned:
    """Make room: the oldest day of raw prices but today's becomes hours; without any, the oldest day of hours goes,
    and then bars."""
    day = _first(history, MARKET_DATA.c.event_time)
    if day is not None and day < _midnight(now):
        return _roll_up(history, day)
    hour = _first(history, HOURLY.c.hour)
    if hour is not None:
        return _remove_before(history, HOURLY.c.hour, hour + timedelta(days=1))
    return _oldest_bars(history)


def _first(history: History, column: Column[datetime]) -> datetime | None:
    """The midnight in New York before the oldest row by `column`."""
    with history.reading() as connection:
        oldest = connection.execute(select(func.min(column))).scalar()
    return None if oldest is None else _midnight(oldest)


def _midnight(when: datetime) -> datetime:
    """The beginning of the day in New York that `when` is in: no session goes on over it."""
    return datetime.combine(when.astimezone(NEW_YORK).date(), time(), NEW_YORK).astimezone(UTC)


def _roll_up(history: History, day: datetime) -> Pruned:
    """The prices of the day from `day` on become hours, in one transaction."""
    following = _midnight(day + timedelta(hours=36))
    data = MARKET_DATA.c
    inside = (data.event_time >= day) & (data.event_time < following)
    with history.writing() as connection:
        rows = connection.execute(
            select(*(data[name] for name in QuoteRecord.__struct_fields__))
            .where(inside)
            .order_by(data.symbol, data.source, data.event_time)
        )
        hours = hours_of(QuoteRecord(*row) for row in rows)
        put(connection, HOURLY, [msgspec.structs.asdict(hour) for hour in hours])
        gone = connection.execute(delete(MARKET_DATA).where(inside)).rowcount
    return Pruned(rolled_up=gone)


def _remove_before(history: History, column: Column[datetime], until: datetime) -> Pruned:
    with history.writing() as connection:
        return Pruned(removed=_delete(connection, column.table, column < until))


def _remove_fine_bars(history: History, until: datetime) -> Pruned:
    """Bars within a day that are older than `until` go, and what is told of the others begins there."""
    with history.writing() as connection:
        fine = (BARS.c.span_seconds < _DAY_SECONDS) & (BARS.c.start < until)
        gone = _delete(connection, BARS, fine)
        covered = BAR_COVERAGE.c
        begun_before = (covered.span_seconds < _DAY_SECONDS) & (covered.covered_from < until)
        connection.execute(update(BAR_COVERAGE).where(begun_before).values(covered_from=until, previous_close=None))
        return Pruned(removed=gone)


def _oldest_bars(history: History) -> Pruned:
    """The bars that were told longest ago go: they can be asked for again."""
    covered = BAR_COVERAGE.c
    with history.writing() as connection:
        oldest = connection.execute(
            select(covered.symbol, covered.span_seconds).order_by(covered.receipt_time).limit(_BARS_AT_ONCE)
        ).all()
        for table in (BARS, BAR_COVERAGE):
            _delete(connection, table, tuple_(table.c.symbol, table.c.span_seconds).in_([tuple(row) for row in oldest]))
        return Pruned(removed=len(oldest))


def _delete(connection: Connection, table: Table, which: object) -> int:
    return connection.execute(delete(table).where(which)).rowcount  # type: ignore[arg-type]

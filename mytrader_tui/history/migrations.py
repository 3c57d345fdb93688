"""The numbered steps that bring a history of any earlier version to the present one, each in a transaction of its own.

A page of steps, not alembic: a program that opens its own file at each start needs neither branches nor a command
line of its own, and alembic's import costs more than everything else here together.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, Table, func, insert, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from mytrader_tui.history.error import NewerSchemaError
from mytrader_tui.history.schema import (
    BAR_COVERAGE,
    BARS,
    EQUITY,
    HOURLY,
    MARKET_DATA,
    SCHEMA_VERSION,
    TRANSITIONS,
)
from mytrader_tui.history.telling import told

_LOCK = 7_242_130_219
"""What names this program's migrations among PostgreSQL's advisory locks: two monitors may start at once."""

Step = Callable[[Connection], None]


def _first(connection: Connection) -> None:
    for table in (MARKET_DATA, HOURLY, BARS, EQUITY, TRANSITIONS):
        _create(connection, table)


def _second(connection: Connection) -> None:
    _create(connection, BAR_COVERAGE)


def _create(connection: Connection, table: Table) -> None:
    table.create(connection, checkfirst=True)


STEPS: tuple[Step, ...] = (_first, _second)
"""Step n brings version n to version n + 1. A step that was released is never changed: what follows is a new one."""

VERSION = len(STEPS)


def version_of(connection: Connection) -> int:
    """The version of the history behind `connection`; 0 for an empty database."""
    if not inspect(connection).has_table(SCHEMA_VERSION.name):
        return 0
    return connection.execute(select(func.max(SCHEMA_VERSION.c.version))).scalar() or 0


def migrate(engine: Engine) -> int:
    """Bring the history to VERSION and return the version that it had. Raises HistoryError.

    A step that fails leaves the version before it, whole; several programs may do this at once.
    """
    try:
        with engine.connect() as connection:
            before = version_of(connection)
        if before > VERSION:
            raise NewerSchemaError(
                f"it has version {before}, this program knows up to {VERSION}: a newer mytrader-tui wrote it"
            )
        for version in range(before, VERSION):
            _take(engine, version)
    except SQLAlchemyError as error:
        raise told(error) from error
    return before


def _take(engine: Engine, version: int) -> None:
    """Take the step from `version`, unless somebody else has by now."""
    # In SQLite a transaction that reads before it writes is refused where another writes at the same time.
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        _alone(connection)
        SCHEMA_VERSION.create(connection, checkfirst=True)
        if version_of(connection) == version:
            STEPS[version](connection)
            connection.execute(insert(SCHEMA_VERSION).values(version=version + 1, applied=datetime.now(UTC)))


def _alone(connection: Connection) -> None:
    """Wait until nobody else migrates: in SQLite the transaction itself sees to that."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})

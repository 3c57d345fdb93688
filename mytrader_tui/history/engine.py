"""Opening the database: a file of our own with SQLite, or a server that the settings name."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import NullPool

from mytrader_tui.history.error import UnavailableError

FILE_NAME = "history.db"
BUSY_SECONDS = 5.0
"""How long a write waits for another program that is writing."""

CONNECT_SECONDS = 10
STATEMENT_SECONDS = 60
_EXTRA = 'PostgreSQL needs an extra: pip install "mytrader-tui[postgres]"'


def url_for(setting: str, data_folder: Path) -> URL:
    """Where the history is: at the URL of the setting, or in our own file if that is empty."""
    return make_url(setting) if setting else URL.create("sqlite", database=str(data_folder / FILE_NAME))


def place_of(url: URL) -> str:
    """`url` as it may be shown: without a password."""
    return url.database or "memory" if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)


def open_engine(url: URL) -> Engine:
    """An engine for `url`; nothing connects yet. Raises UnavailableError where the driver is missing.

    One thread works with it and each use takes a connection of its own: a server that went away, or a file that was
    moved aside, is then never held on to.
    """
    try:
        if url.get_backend_name() == "sqlite":
            return _sqlite(url)
        return create_engine(
            url,
            pool_pre_ping=True,
            pool_size=1,
            max_overflow=1,
            pool_timeout=CONNECT_SECONDS,
            hide_parameters=True,
            connect_args={
                "connect_timeout": CONNECT_SECONDS,
                "tcp_user_timeout": STATEMENT_SECONDS * 1000,
                "application_name": "mytrader-tui",
                "options": f"-c statement_timeout={STATEMENT_SECONDS * 1000} -c timezone=UTC",
            },
        )
    except (ImportError, NoSuchModuleError) as error:
        raise UnavailableError(_EXTRA) from error
    except ArgumentError as error:
        raise UnavailableError(f"[history] url is not a database's: {error}") from error


def _sqlite(url: URL) -> Engine:
    engine = create_engine(
        url,
        poolclass=NullPool,
        hide_parameters=True,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    """WAL: a reader never waits for the writer, and a crash loses the unfinished transaction and nothing else."""
    # The driver would begin its own transactions, and too late for DDL: ours begin in `_begin`.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON", "journal_size_limit = 67108864"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Any) -> None:
    # A transaction that reads first and writes then could not become a writer while another one is: it asks at once.
    options = connection.get_execution_options()
    if options.get("isolation_level") != "AUTOCOMMIT":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")

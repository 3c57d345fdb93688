"""The database's errors in the history's own words."""

from sqlalchemy.exc import (
    DatabaseError,
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
)

from mytrader_tui.history.error import CorruptError, GoneError, HistoryError, RefusedError, UnavailableError
from mytrader_tui.market.text import clean

_GONE = ("no such table", "unable to open database file")
_UNDEFINED = ("42P01", "3F000", "3D000")
"""PostgreSQL's codes for a table, a schema and a database that are not there."""

_CORRUPT = ("malformed", "not a database", "corrupt")
_PLAINER = {
    "database is locked": "database is locked: another program is writing to it",
    "disk I/O error": "disk I/O error: it may be full, or failing",
    "unable to open database file": "unable to open database file: it or its folder cannot be written to",
}
"""SQLite's words, with what they mean."""

_MAX_TEXT = 160


def told(error: SQLAlchemyError | OSError) -> HistoryError:
    """`error` as one of the family, in the database's own words, without the statement and its values."""
    if isinstance(error, OSError):
        return UnavailableError(error.strerror or type(error).__name__)
    cause = error.orig if isinstance(error, DBAPIError) else error
    text = clean(str(cause).partition("\n")[0], _MAX_TEXT) or type(error).__name__
    text = _PLAINER.get(text, text)
    # SQLite reports a damaged page of a good file as an OperationalError on some paths: its words decide.
    if isinstance(error, DatabaseError) and any(word in text for word in _CORRUPT):
        return CorruptError(text)
    if any(word in text for word in _GONE) or getattr(cause, "sqlstate", None) in _UNDEFINED:
        return GoneError(text)
    if isinstance(error, DataError | IntegrityError):
        return RefusedError(text)
    if isinstance(error, OperationalError | InterfaceError | DBAPIError):
        return UnavailableError(text)
    return HistoryError(text)

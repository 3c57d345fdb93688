"""Opening the history for work: made, brought to the present version, and moved aside if it is damaged."""

import logging
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from sqlalchemy import URL
from sqlalchemy.exc import SQLAlchemyError

from mytrader_tui.history.engine import open_engine, place_of
from mytrader_tui.history.error import CorruptError, UnavailableError
from mytrader_tui.history.migrations import migrate
from mytrader_tui.history.store import History
from mytrader_tui.history.telling import told
from mytrader_tui.market.text import clean

_MAX_TEXT = 160
_BESIDE = ("", "-wal", "-shm")
_log = logging.getLogger(__name__)


class Opened(msgspec.Struct, frozen=True):
    """An open history, and what the user should be told of it (empty if nothing)."""

    history: History
    note: str = ""


def open_history(url: URL, *, check: bool = True) -> Opened:
    """The history at `url`, made if there is none and migrated. Raises HistoryError.

    A file that is no database, or a damaged one, is moved aside under its date, never deleted, and a new one begun.
    `check` looks through an existing file for damage first (PRAGMA quick_check).
    """
    file = Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None
    try:
        if file is not None:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Opened(_opened(url, file if check else None))
    except OSError as error:
        raise told(error) from error
    except CorruptError as error:
        if file is None:
            raise
        _log.error("the history in %s is damaged: %s", place_of(url), error)
        aside = _move_aside(file)
        return Opened(_opened(url, None), f"the history was damaged and moved to {aside.name}: a new one is begun")


def _opened(url: URL, checked: Path | None) -> History:
    engine = open_engine(url)
    try:
        history = History(engine)
        if checked is not None and checked.exists():
            _check(history)
        migrate(engine)
    except BaseException:
        engine.dispose()
        raise
    return history


def _check(history: History) -> None:
    try:
        with history.engine.connect() as connection:
            found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    except SQLAlchemyError as error:
        raise told(error) from error
    if found != "ok":
        raise CorruptError(f"quick_check says {clean(str(found), _MAX_TEXT)}")


def _move_aside(file: Path) -> Path:
    """Give `file`, its log and its index the name of a broken one, with the date of its last change."""
    try:
        written = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        stem, number = f"{file.stem}.broken-{written:%Y%m%d-%H%M%S}", 0
        while (aside := file.with_name(f"{stem}{f'-{number}' if number else ''}{file.suffix}")).exists():
            number += 1
        for suffix in _BESIDE:
            part = file.with_name(file.name + suffix)
            if part.exists():
                part.replace(aside.with_name(aside.name + suffix))
    except OSError as error:
        raise UnavailableError(f"it is damaged and cannot be moved aside: {error.strerror}") from error
    return aside

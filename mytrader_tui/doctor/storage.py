"""The folders and the history: whether there is room, whether they may be written, whether they are whole."""

import os
import shutil
import stat
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from mytrader_tui.doctor.result import Result, Verdict, fail, ok, skip, warn
from mytrader_tui.settings.history import History as HistorySettings

if TYPE_CHECKING:
    from sqlalchemy import Engine

FULL_BYTES, LITTLE_BYTES = 20 * 2**20, 500 * 2**20
LONG_LOOK_BYTES = 512 * 2**20
"""From this size on the history is not looked through for damage: that would take longer than a check may."""

_GIGABYTE = 2**30
_READONLY = "Change its owner or its mode: chown, chmod u+rwx."


def folder(path: Path, *, written: bool) -> Result:
    """Whether there is room in `path` and it may be `written`; one that is not there yet is judged by its parent."""
    there = next((each for each in (path, *path.parents) if each.exists()), None)
    if there is None:
        return fail(f"{path}: nothing of this path exists", "Check the drive and the XDG_ variables.")
    if not there.is_dir():
        return fail(f"{there} is no folder", "Move that file out of the way.")
    needed = os.R_OK | os.X_OK | (os.W_OK if written else 0)
    if not os.access(there, needed):
        return fail(f"{there} may not be {'written' if written else 'read'}", _READONLY)
    try:
        free, mode = shutil.disk_usage(there).free, there.stat().st_mode
    except OSError as error:
        return fail(f"{there} cannot be looked at: {error.strerror}", "Check the drive.")
    room = f"{free / _GIGABYTE:,.1f} GB free" if free >= _GIGABYTE else f"{free / 2**20:,.0f} MB free"
    found = f"{path}: {room}" + ("" if there == path else ", made when it is needed")
    if not written:
        return ok(found)
    if free < FULL_BYTES:
        return fail(found, "Free some room: nothing new can be kept.")
    if free < LITTLE_BYTES:
        return warn(found, "Free some room soon.")
    if there == path and os.name == "posix" and mode & stat.S_IWOTH:
        return warn(f"{found}, but anybody may write there", f"Run: chmod o-w {path}")
    return ok(found)


def history(settings: HistorySettings, data_folder: Path) -> Result:
    """Whether the history opens, its version and size, and that it is whole. Nothing is written or made."""
    if not settings.enabled:
        return skip("switched off: [history] enabled = false")
    from mytrader_tui.history.engine import FILE_NAME

    file = data_folder / FILE_NAME
    if settings.url:
        return _opened(settings, file)
    hindrance = _hindrance(file)
    if not file.exists():
        if hindrance is not None:
            return fail(f"none yet, and {file} cannot be begun: {hindrance.found}", hindrance.advice)
        return ok(f"none yet: {file} is begun by the first start")
    found = _opened(settings, file)
    if found.verdict is Verdict.OK and hindrance is not None:
        return fail(f"{found.found}, but nothing can be kept: {hindrance.found}", hindrance.advice)
    return found


def _hindrance(file: Path) -> Result | None:
    """What keeps the history from being written to `file`, if anything does."""
    if file.exists() and not os.access(file, os.R_OK | os.W_OK):
        return fail(f"{file} may not be written", _READONLY)
    judged = folder(file.parent, written=True)
    return judged if judged.verdict is Verdict.FAIL else None


def _opened(settings: HistorySettings, file: Path) -> Result:
    from sqlalchemy import URL, make_url

    from mytrader_tui.history.engine import open_engine, place_of
    from mytrader_tui.history.error import CorruptError, HistoryError

    # SQLite's own way to open without a right to write.
    read_only = {"mode": "ro", "uri": "true"}
    url = URL.create("sqlite", database=f"file:{quote(str(file))}", query=read_only)
    place = str(file)
    if settings.url:
        url = make_url(settings.url)
        place = place_of(url)
    try:
        return _described(open_engine(url), place, looked=not settings.url)
    except CorruptError as error:
        return fail(
            f"{place} is damaged: {error}", "The next start moves it aside under its date and begins a new one."
        )
    except HistoryError as error:
        return fail(f"{place}: {error}", "See [history] in config.toml; the program runs without it meanwhile.")


def _described(engine: "Engine", place: str, *, looked: bool) -> Result:
    from sqlalchemy.exc import SQLAlchemyError

    from mytrader_tui.history.migrations import VERSION, version_of
    from mytrader_tui.history.retention import size_of
    from mytrader_tui.history.store import History
    from mytrader_tui.history.telling import told

    kept = History(engine)
    try:
        with kept.reading() as connection:
            version = version_of(connection)
        size = size_of(kept)
        whole = ""
        if looked and size < LONG_LOOK_BYTES:
            with engine.connect() as connection:
                whole = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar())
    except SQLAlchemyError as error:
        raise told(error) from error
    finally:
        engine.dispose()
    found = f"{place}: version {version}, {size / 2**20:,.1f} MB"
    if whole not in ("", "ok"):
        return fail(f"{found}, damaged: {whole}", "The next start moves it aside under its date and begins a new one.")
    if version > VERSION:
        return fail(f"{found}, written by a newer mytrader-tui (this one knows {VERSION})", "Install the newer one.")
    return ok(f"{found}, {'whole' if whole else 'not looked through'}")

"""Small files, read with a bound and written so that a crash leaves the old one or the new one, never half of one."""

import os
import stat
import tempfile
import time
from pathlib import Path

MAX_BYTES = 1_000_000
"""The largest settings file that is read."""

LEFTOVER_SECONDS = 60.0
"""Age at which a temporary file can only be a leftover: no write takes that long."""

_SUFFIX = ".mytrader-tmp"


class UnusableFileError(OSError):
    """A file that exists and is not a settings file: a folder, a device, too large or not text."""


def read_text(path: Path) -> str:
    """The UTF-8 text of the regular file at `path`, a byte order mark dropped.

    Raises FileNotFoundError, UnusableFileError, or another OSError where the file cannot be read.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise UnusableFileError("it is not a regular file")
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise UnusableFileError("it is larger than 1 MB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnusableFileError(f"it is not UTF-8 text (byte {error.start + 1})") from error


def write_atomically(path: Path, data: bytes) -> None:
    """Replace `path` by a file of `data`, readable by its owner only; the folder is made if it is missing.

    After a crash at any instant `path` holds its old content or `data`. Raises OSError if neither can be done.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=_SUFFIX, dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def sweep_leftovers(folder: Path) -> int:
    """Remove the temporary files that crashed writes left in `folder`, and say how many.

    Those younger than a minute stay: another instance may be writing. What cannot be removed stays too.
    """
    removed = 0
    for leftover in folder.glob(f".*{_SUFFIX}"):
        try:
            if time.time() - leftover.stat().st_mtime >= LEFTOVER_SECONDS:
                leftover.unlink()
                removed += 1
        except OSError:
            continue
    return removed


def _sync_folder(folder: Path) -> None:
    if not hasattr(os, "O_DIRECTORY"):
        return  # Windows cannot open a folder, and needs no such sync.
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

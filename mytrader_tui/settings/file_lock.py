"""A file that several windows write, by one at a time."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK_SECONDS = 0.5
"""How long another window that is writing is waited for; it takes some thousandths."""

_log = logging.getLogger(__name__)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Keep the other windows from writing `path` meanwhile, where that can be had. The folder must be there."""
    # Its import takes a twentieth of a second, which the first paint need not wait for.
    from filelock import FileLock, Timeout

    lock = FileLock(path.with_suffix(".lock"), timeout=LOCK_SECONDS, mode=0o600, fallback_to_soft=False)
    try:
        lock.acquire()
    except (Timeout, OSError, NotImplementedError) as error:
        # What is not written is worse than what two windows write at the same instant.
        _log.warning("no lock on %s: %s", path.name, error)
    try:
        yield
    finally:
        lock.release()

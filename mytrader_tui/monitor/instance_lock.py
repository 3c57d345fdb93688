"""One stream for one key on one machine: Alpaca refuses the second, and two that insist take turns in losing theirs."""

import asyncio
import hashlib
import logging
from pathlib import Path
from typing import TYPE_CHECKING

from mytrader_tui.settings import Secret

if TYPE_CHECKING:
    from filelock import FileLock

LOCK_RETRY_SECONDS = 10.0
"""How often an instance that found the lock held tries it again."""

_NAME_LENGTH = 16
"""Hexadecimal digits of the key's digest: enough to tell keys apart, too few to name one."""

_log = logging.getLogger(__name__)


class InstanceLock:
    """A lock in `folder` on the stream of `key`. The kernel holds it for this process, so no kill leaves it behind.

    Where no lock can be had, in a folder that cannot be written or on a disk that knows none, it is as if nobody
    else ran: a stream without a lock is better than none.
    """

    def __init__(self, folder: Path, key: Secret) -> None:
        self._path = folder / f"stream-{fingerprint(key)}.lock"
        self._lock: FileLock | None = None

    @property
    def begun(self) -> bool:
        """True if an instance ever asked for the stream of this key, which leaves the lock's file behind."""
        return self._path.exists()

    def acquire(self) -> bool:
        """True if the stream is ours now, or already was; never waits for another instance."""
        # Its import takes a twentieth of a second, which the first paint need not wait for.
        from filelock import FileLock, Timeout

        try:
            if self._lock is None:
                self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                # Taken in a worker thread and let go of in another.
                self._lock = FileLock(self._path, timeout=0, mode=0o600, thread_local=False, fallback_to_soft=False)
            if not self._lock.is_locked:
                self._lock.acquire()
        except Timeout:
            return False
        except (OSError, NotImplementedError) as error:
            _log.warning("no lock against a second instance: %s", error)
        return True

    async def acquired(self) -> None:
        """Return once the stream is ours."""
        while not await asyncio.to_thread(self.acquire):  # noqa: ASYNC110 - another process has no event to wait on
            await asyncio.sleep(LOCK_RETRY_SECONDS)

    def release(self) -> None:
        """Let another instance have the stream; does nothing if it is not ours."""
        if self._lock is not None:
            try:
                self._lock.release()
            except OSError as error:
                _log.warning("the lock against a second instance was not let go of: %s", error)


def fingerprint(key: Secret) -> str:
    """What tells `key` from other keys and names none."""
    return hashlib.sha256(key.reveal().encode()).hexdigest()[:_NAME_LENGTH]

"""alerts.toml as one window keeps it beside others: written with what they wrote, and looked at for their changes."""

import logging
from pathlib import Path
from threading import Lock

from mytrader_tui.market.alerts.alert import Alert
from mytrader_tui.settings.alerts_file import read_alerts, sync_alerts

_log = logging.getLogger(__name__)


class AlertsKept:
    """The alerts in the file at `path`; `shared` are those that this window and the file had in common last.

    `trouble` says why the alerts cannot be kept; empty while they can.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp = _stamp(path)
        self.shared, self.trouble = read_alerts(path)
        self._writing = Lock()

    def write(self, base: tuple[Alert, ...], ours: tuple[Alert, ...]) -> tuple[Alert, ...] | None:
        """Have on disk what became of `base` here, where it is `ours`, and elsewhere; None where that failed.

        May be called in a thread. Nothing is written, nor read, where neither side changed; what was written here is
        read once more at the next look.
        """
        # A thread may be at it when the way out comes: whoever is second waits, and finds nothing left to write.
        with self._writing:
            # Of what is read below, or older: another window may write as soon as that has let go of the file.
            stamp = _stamp(self._path)
            if ours == base and stamp == self._stamp:
                return ours
            try:
                kept = sync_alerts(self._path, base, ours)
            except OSError as error:
                _log.warning("the alerts could not be saved: %s", error)
                self.trouble = f"the alerts could not be saved ({error.strerror}) · this session keeps them"
                return None
            self._stamp = stamp
            self.trouble = ""
            return kept


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """What changes when a file is replaced; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size

"""The log file: what happened, for engineers; never a secret, never the terminal."""

import contextlib
import logging
from collections.abc import Iterable
from logging.handlers import QueueHandler, QueueListener, RotatingFileHandler
from pathlib import Path
from queue import SimpleQueue

from mytrader_tui.settings import Secret
from mytrader_tui.telemetry.redaction import Redaction

MAX_BYTES = 2_000_000
KEPT_FILES = 3
_FORMAT = "%(asctime)s.%(msecs)03d %(levelname)s %(name)s: %(message)s"
_NOISY = ("websockets", "urllib3", "asyncio", "yfinance", "peewee", "uvicorn")


class RedactingFormatter(logging.Formatter):
    """Formats a record and then strikes out every secret by its value, tracebacks included."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        super().__init__(_FORMAT, datefmt="%Y-%m-%dT%H:%M:%S")
        self._redaction = Redaction(secrets)

    def format(self, record: logging.LogRecord) -> str:
        """The record as one text without secrets and without control characters that could fool a terminal."""
        text = self._redaction.of(super().format(record))
        return "".join(char if char.isprintable() or char == "\n" else "�" for char in text)


class LogFile:
    """Sends this process's log records to a rotating file from a thread of its own, until `close`."""

    def __init__(
        self,
        path: Path,
        secrets: Iterable[Secret],
        level: int = logging.INFO,
        *,
        memory: logging.Handler | None = None,
    ) -> None:
        """Open `path` and take over the root logger. Raises OSError where the file cannot be written.

        `memory` is given every record too, in the same thread.
        """
        self.path = path
        self._closed = False
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file = _QuietFile(path, maxBytes=MAX_BYTES, backupCount=KEPT_FILES, encoding="utf-8", delay=False)
        path.chmod(0o600)
        self._file.setFormatter(RedactingFormatter(secrets))
        records: SimpleQueue[logging.LogRecord] = SimpleQueue()
        self._handler = _RawQueueHandler(records)
        self._listener = QueueListener(records, self._file, *filter(None, [memory]), respect_handler_level=True)
        root = logging.getLogger()
        root.handlers[:] = [self._handler]
        root.setLevel(level)
        _quiet(level)
        self._listener.start()

    def close(self) -> None:
        """Write what is queued and let go of the file; a second time does nothing."""
        if self._closed:
            return
        self._closed = True
        # A thread that is left behind may still speak, and a root logger without handlers prints warnings.
        silence_terminal()
        self._listener.stop()
        with contextlib.suppress(OSError):  # what was not yet written stays unwritten, as on a full disk
            self._file.close()


class _QuietFile(RotatingFileHandler):
    def handleError(self, _record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Let go of a record that the disk would not take: logging itself would write a traceback over the screen."""


class _RawQueueHandler(QueueHandler):
    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        # The standard one formats here, before the redaction; records stay in this process, so they may pass as is.
        return record


def silence_terminal(memory: logging.Handler | None = None) -> None:
    """Keep log records off the terminal where no log file could be opened: nothing else would.

    `memory` is given every record in the file's stead.
    """
    root = logging.getLogger()
    root.handlers[:] = [memory or logging.NullHandler()]
    if memory is not None:
        root.setLevel(memory.level)
        _quiet(memory.level)


def _quiet(level: int) -> None:
    for name in _NOISY:
        # At DEBUG the websockets library logs the authentication frame, keys and all.
        logging.getLogger(name).setLevel(max(level, logging.WARNING))

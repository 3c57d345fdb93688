"""The failover ledger on disk: JSON lines that outlive the program, a kill in the middle of one included."""

import logging
import os
import stat
import threading
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue
from typing import BinaryIO

import msgspec
from msgspec.structs import replace

from mytrader_tui.market.failover.routing import State
from mytrader_tui.market.text import clean
from mytrader_tui.telemetry.ledger import KEPT_ENTRIES, LedgerEntry

FILE_NAME = "ledger.jsonl"
MAX_BYTES = 1_000_000
"""Size from which the file is put aside under the name of the old one, which is dropped."""

CLOSE_SECONDS = 0.2
"""How long `close` waits for a disk that does not answer."""

_MAX_CAUSE = 240
_FLAGS = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)

_log = logging.getLogger(__name__)


class LedgerFile:
    """Appends entries to a file from a thread of its own, one write each; what a full disk refused is tried again.

    `trouble` says for the screen why the file cannot be written; empty while it can.
    """

    def __init__(self, path: Path, *, max_bytes: int = MAX_BYTES) -> None:
        self.trouble = ""
        self._path = path
        self._max_bytes = max_bytes
        self._entries: SimpleQueue[LedgerEntry | None] = SimpleQueue()
        self._unwritten: deque[LedgerEntry] = deque(maxlen=KEPT_ENTRIES)
        self._thread: threading.Thread | None = None

    def append(self, entry: LedgerEntry) -> None:
        """Have `entry` written; returns at once and never raises."""
        if self._thread is None:
            # A daemon, so that a disk that hangs does not keep the program from leaving.
            self._thread = threading.Thread(target=self._write_all, name="ledger", daemon=True)
            self._thread.start()
        self._entries.put(entry)

    def close(self, deadline: float = CLOSE_SECONDS) -> None:
        """Wait at most `deadline` seconds until everything is written; a later entry opens the file anew."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._entries.put(None)
            thread.join(deadline)

    def _write_all(self) -> None:
        while (entry := self._entries.get()) is not None:
            self._unwritten.append(entry)
            try:
                self._write_unwritten()
            except OSError as error:
                if not self.trouble:
                    _log.warning("the failover ledger cannot be written: %s", error)
                self.trouble = f"the failover ledger cannot be written ({error.strerror}) · this session keeps it"
            else:
                self.trouble = ""

    def _write_unwritten(self) -> None:
        """Raises OSError."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        while self._unwritten:
            self._append_line(as_line(self._unwritten[0]))
            self._unwritten.popleft()

    def _append_line(self, line: bytes) -> None:
        size = self._size()
        if size and size + len(line) > self._max_bytes:
            self._path.replace(old_file(self._path))
        with os.fdopen(os.open(self._path, _FLAGS, 0o600), "r+b", buffering=0) as file:
            if file.seek(0, os.SEEK_END) and not _ends_a_line(file):
                # Whoever was killed in the middle of the last line loses that one only.
                line = b"\n" + line
            if file.write(line) != len(line):
                raise OSError(0, "the disk took only part of a line")

    def _size(self) -> int:
        try:
            return self._path.stat().st_size
        except FileNotFoundError:
            return 0


def _ends_a_line(file: BinaryIO) -> bool:
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"


def old_file(path: Path) -> Path:
    """Where the lines before those in `path` are."""
    return path.with_name(f"{path.stem}.1{path.suffix}")


def as_line(entry: LedgerEntry) -> bytes:
    """`entry` as one line of JSON; states by their names, which no change of wording touches."""
    fields = msgspec.to_builtins(entry)
    return msgspec.json.encode(fields | {"before": entry.before.name, "after": entry.after.name}) + b"\n"


def read_ledger(path: Path) -> tuple[tuple[LedgerEntry, ...], int]:
    """The entries in `path` and in the file before it, oldest first, and how many lines could not be read.

    Raises OSError where a file exists and cannot be read.
    """
    entries: list[LedgerEntry] = []
    unreadable = 0
    for line in _lines(path):
        entry = _decoded(line)
        if entry is None:
            unreadable += 1
        else:
            entries.append(entry)
    return tuple(entries), unreadable


def _lines(path: Path) -> Iterator[bytes]:
    for file in (old_file(path), path):
        try:
            if not stat.S_ISREG(file.stat().st_mode):
                raise OSError(0, f"{file.name} is not a regular file")
            with file.open("rb") as opened:
                data = opened.read(2 * MAX_BYTES)
        except FileNotFoundError:
            continue
        yield from filter(None, data.split(b"\n"))


def _decoded(line: bytes) -> LedgerEntry | None:
    try:
        fields = msgspec.json.decode(line, type=dict[str, object])
        named = {name: State[str(fields[name])].value for name in ("before", "after")}
        entry = msgspec.convert(fields | named, LedgerEntry)
    except (msgspec.MsgspecError, KeyError, UnicodeDecodeError, RecursionError):
        return None
    return replace(entry, cause=clean(entry.cause, _MAX_CAUSE))

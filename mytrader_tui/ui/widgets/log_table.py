"""The newest records of the log as rows, the newest on top."""

from collections.abc import Sequence

from typing_extensions import override

from mytrader_tui.market.freshness import short_span
from mytrader_tui.market.moment import Moment
from mytrader_tui.telemetry.log_memory import LogLevel, LogLine
from mytrader_tui.ui.columns import Cell, Column, Tone
from mytrader_tui.ui.widgets.ticking_table import TickingTable

LEVELS = {LogLevel.INFO: "info", LogLevel.WARNING: "warning", LogLevel.ERROR: "error"}
"""What a level is called."""

_TONES = {LogLevel.INFO: Tone.MUTED, LogLevel.WARNING: Tone.DELAYED, LogLevel.ERROR: Tone.STALE}
_MARKS = {LogLevel.INFO: " ", LogLevel.WARNING: "!", LogLevel.ERROR: "▲"}
_LONGEST = 600

LogRow = tuple[LogLine, str]
"""A record and its age."""


class LogTable(TickingTable[LogRow]):
    """One row a record: its age, its level, who spoke, and what as far as there is room for it."""

    def __init__(self, *, id: str = "log") -> None:
        super().__init__(id=id, empty="")
        self._told: tuple[LogLine, ...] | None = None
        self._least: LogLevel | None = None
        self._records: dict[str, LogLine] = {}

    @property
    def line(self) -> LogLine | None:
        """The record under the cursor."""
        return self._records.get(self.cursor_key or "")

    def take(self, lines: tuple[LogLine, ...], least: LogLevel) -> bool:
        """Show those of `lines` (oldest first) from `least` on; True if any is new. The cursor stays on its record.

        A cursor that is on the newest record goes on to what is newer: then the log is read as it comes.
        """
        if lines is self._told and least is self._least:
            return False
        on_newest = not self.keys or self.cursor_key == self.keys[0]
        self._told, self._least = lines, least
        shown = [line for line in reversed(lines) if line.level.value >= least.value]
        self._records = {str(line.number): line for line in shown}
        self._empty = "Nothing has been logged yet." if not lines else "Nothing of that level."
        self.set_keys(tuple(self._records))
        if on_newest:
            self.action_edge(-1)
        return True

    @override
    def columns(self, width: int) -> Sequence[Column[LogRow]]:
        """The columns; what was said takes the room that is left."""
        return (
            Column("Age", 4, 4, 0, _age),
            Column("Level", 7, 7, 0, _level, right=False),
            Column("From", 14, 14, 1, _part, right=False),
            Column("What", 30, _LONGEST, 0, _text, right=False),
        )

    @override
    def row(self, key: str, now: Moment) -> LogRow:
        """The record of `key` and its age."""
        line = self._records[key]
        return line, short_span(now.seconds_since(line.at))

    @override
    def row_mark(self, row: LogRow) -> str:
        """A sign that stands out without colours."""
        return _MARKS[row[0].level]


def _age(row: LogRow) -> Cell:
    return Cell((row[1],), Tone.MUTED)


def _level(row: LogRow) -> Cell:
    return Cell((LEVELS[row[0].level],), _TONES[row[0].level], number=False)


def _part(row: LogRow) -> Cell:
    return Cell((row[0].part,), Tone.MUTED, number=False)


def _text(row: LogRow) -> Cell:
    return Cell((row[0].text,), number=False)

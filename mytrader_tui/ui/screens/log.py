"""The log on the screen: what the program says of itself, in plain words, the newest on top."""

from datetime import tzinfo
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from mytrader_tui.telemetry.log_memory import LogLevel, LogLine
from mytrader_tui.ui.desk import Desk
from mytrader_tui.ui.flow import SEPARATOR, wrap
from mytrader_tui.ui.spans import zone_name
from mytrader_tui.ui.widgets.dialog import Dialog
from mytrader_tui.ui.widgets.lines import Lines
from mytrader_tui.ui.widgets.log_table import LEVELS, LogTable
from mytrader_tui.ui.widgets.ticking_table import TickingTable

LOOK_SECONDS = 0.25
"""How often the desk is asked for news while the log is open."""

_FILTERS = {LogLevel.INFO: "all", LogLevel.WARNING: "warnings", LogLevel.ERROR: "errors"}
_HEAD_LINES, _WHOLE_LINES = 2, 5


class LogScreen(ModalScreen[str | None]):
    """Lists what `desk.log` keeps and goes on doing so; `zone` is home (None: the system's)."""

    AUTO_FOCUS = "#log"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "close", "Close", id="close"),
        Binding("l", "close", "Close", show=False, id="log"),
        Binding("1", "select('INFO')", "All", tooltip="Show every record", id="log_all"),
        Binding("2", "select('WARNING')", "Warnings", tooltip="Show warnings and errors", id="log_warnings"),
        Binding("3", "select('ERROR')", "Errors", tooltip="Show errors only", id="log_errors"),
    ]

    def __init__(self, desk: Desk, *, zone: tzinfo | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._zone = zone
        self._least = LogLevel.INFO
        self._filters = Lines(id="log-filters")
        self._table = LogTable()
        self._whole = Lines(id="log-whole")

    def compose(self) -> ComposeResult:
        """The box: the levels, the list, and the record under the cursor in full."""
        with Dialog("Log", id="log-box"):
            yield self._filters
            yield self._table
            yield self._whole

    def on_mount(self) -> None:
        """Show what there is, and look for news."""
        self.look()
        self.set_interval(LOOK_SECONDS, self.look, name="log")

    def look(self) -> None:
        """Take what is new: with that it is seen."""
        log = self._desk.log
        lines = log.lines
        log.look()
        if self._table.take(lines, self._least):
            self._filters.show([self._filter_line(lines)])
        self._table.paint(self._desk.now())
        self._say_whole()

    @on(TickingTable.CursorMoved)
    def cursor_moved(self, event: TickingTable.CursorMoved) -> None:
        """Show the record that the cursor came to."""
        event.stop()
        self._say_whole()

    def on_lines_resized(self, event: Lines.Resized) -> None:
        """Fit what is said to the new width."""
        event.stop()
        self._say_whole()

    def action_select(self, name: str) -> None:
        """Show only the records of that level and above."""
        self._least = LogLevel[name]
        self.look()

    def action_close(self) -> None:
        """Close it."""
        self.dismiss(None)

    def _say_whole(self) -> None:
        """The record under the cursor: when, how bad, who and everything that it says."""
        line = self._table.line
        if line is None:
            self._whole.show([])
            return
        here = line.at.wall.astimezone(self._zone)
        width, faint = max(1, self._whole.size.width), self._whole.tone("faint")
        head = f"{here:%Y-%m-%d %H:%M:%S} {zone_name(here)} · {LEVELS[line.level]} · {line.logger}"
        self._whole.show([*wrap(head, width, _HEAD_LINES, faint), *wrap(line.text, width, _WHOLE_LINES)])

    def _filter_line(self, lines: tuple[LogLine, ...]) -> Text:
        """The levels with their keys and how many records each shows; the chosen one stands out without colours."""
        said: list[Text] = []
        for key, (least, name) in enumerate(_FILTERS.items(), start=1):
            text = f"{key} {name} {sum(line.level.value >= least.value for line in lines)}"
            chosen = least is self._least
            said.append(Text(f"[{text}]" if chosen else text, style="bold" if chosen else self._filters.tone("faint")))
        return SEPARATOR.join(said)

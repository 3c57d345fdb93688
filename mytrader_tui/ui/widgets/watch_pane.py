"""The watchlist with what belongs to it: the table, and the lines that filter its rows and jump to one."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from typing_extensions import override

from mytrader_tui.settings.schema import WatchColumn
from mytrader_tui.ui.desk import Desk
from mytrader_tui.ui.keymap import key_of
from mytrader_tui.ui.widgets.entry_line import EntryLine
from mytrader_tui.ui.widgets.ground import Ground
from mytrader_tui.ui.widgets.watchlist import WatchlistTable


class WatchPane(Ground):
    """The table of the active list, in `columns` or as many as fit."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "show_all", "Show all", tooltip="Show every row again", id="show_all"),
    ]

    def __init__(self, desk: Desk, columns: Sequence[WatchColumn] = (), *, id: str = "watch") -> None:
        super().__init__(id=id)
        self._desk = desk
        self.table = WatchlistTable(desk, columns)
        self._filter = EntryLine("/", "symbol or name", id="filter")
        self._jump = EntryLine("'", "symbol", id="jump")
        self._jumped_from: str | None = None

    def compose(self) -> ComposeResult:
        """The table over the two lines."""
        yield self.table
        yield self._filter
        yield self._jump

    @override
    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is all to be shown only where something is not."""
        return action != "show_all" or bool(self.table.wanted)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """What is typed into the lines moves the table's cursor."""
        self.table.steer(event.widget is not self.table)

    def on_descendant_blur(self) -> None:
        """Where the focus goes next says itself whether that is so."""
        self.table.steer(False)

    def open_filter(self) -> None:
        """Let the rows be narrowed down by typing."""
        self._filter.open()
        self.say()

    def open_jump(self) -> None:
        """Let the cursor go to the row whose symbol begins as is typed."""
        self._jumped_from = self.table.cursor_key
        self._jump.open()
        self._jump.note(self._way_out)

    @property
    def _way_out(self) -> str:
        return " or ".join(filter(None, ("enter", key_of(self.app, "entry_close")))) + " closes"

    def say(self) -> None:
        """Say how many rows the filter lets through."""
        if self._filter.display:
            shown, listed = len(self.table.keys), len(self.table.listed)
            key = key_of(self.app, "show_all")
            self._filter.note(f"{shown} of {listed}" + (f" · {key} shows all" if key else ""))

    def action_show_all(self) -> None:
        """Filter no more."""
        self._filter.close()
        self.table.filter("")
        self._go_to_table()

    @on(EntryLine.Typed)
    def typed(self, event: EntryLine.Typed) -> None:
        """Narrow the rows down, or jump."""
        event.stop()
        if event.line is self._filter:
            self.table.filter(event.line.text)
            self.say()
        else:
            self._jump_to(event.line.text)

    @on(EntryLine.Kept)
    def kept(self, event: EntryLine.Kept) -> None:
        """Go on in the table: with the filter, or from where the cursor is now."""
        event.stop()
        if event.line is self._jump or not self.table.wanted:
            event.line.close()
        self._go_to_table()

    @on(EntryLine.Dropped)
    def dropped(self, event: EntryLine.Dropped) -> None:
        """Be as before."""
        event.stop()
        if event.line is self._filter:
            self.action_show_all()
            return
        if self._jumped_from is not None:
            self.table.move_to(self._jumped_from)
        self._jump.close()
        self._go_to_table()

    @on(EntryLine.Stepped)
    def stepped(self, event: EntryLine.Stepped) -> None:
        """Move the cursor without leaving the line."""
        event.stop()
        self.table.action_move(event.rows)

    def _go_to_table(self) -> None:
        self.screen.set_focus(self.table)
        self.refresh_bindings()

    def _jump_to(self, text: str) -> None:
        wanted = text.strip().upper()
        found = next((key for key in self.table.keys if key.startswith(wanted)), None)
        # An index is spoken of without its caret.
        found = found or next((key for key in self.table.keys if key.lstrip("^").startswith(wanted)), None)
        if not wanted:
            self._jump.note(self._way_out)
        elif found is None:
            self._jump.note("no row begins so" if not self.table.wanted else "no row that is shown begins so")
        else:
            self.table.move_to(found)
            self._jump.note(self._desk.board.name(found) or found)

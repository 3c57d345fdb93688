"""The dialog of the named lists: choose, create, rename, delete, bring back and put in order."""

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Input, Static
from typing_extensions import override

from mytrader_tui.ui.desk import Desk
from mytrader_tui.ui.keymap import key_of
from mytrader_tui.ui.widgets.dialog import Dialog
from mytrader_tui.ui.widgets.lists_table import ListsTable
from mytrader_tui.ui.widgets.ticking_table import TickingTable

_HINT = "The tabs stand in this order over the table."
_ONE_HINT = "With a second list there are tabs over the table."
_NEW, _RENAME = "Name of the new list: Enter creates it, Esc leaves it.", "Another name: Enter takes it, Esc leaves it."
_DIALOG_PART = 0.94
_LINES_BESIDE = 10
"""The lines of the dialog that the rows cannot have while a name is typed: frames, input, answer."""

_LEAST_LINES = 3
_TYPED = 200


class ListsScreen(ModalScreen[str | None], inherit_bindings=False):
    """Shows the lists of `desk` and changes them. A deletion asks once, and can be undone here."""

    AUTO_FOCUS = "#lists"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Show", tooltip="Show the list under the cursor", id="choose_list"),
        Binding("a", "create", "New", tooltip="Create a list", id="add"),
        Binding("r", "rename", "Rename", tooltip="Rename the list under the cursor", id="rename_list"),
        Binding("d,delete", "delete", "Delete", tooltip="Delete the list under the cursor", id="remove"),
        Binding("u", "restore", "Undo", tooltip="Bring the list deleted last back", id="undo"),
        Binding("K,shift+up", "shift(-1)", "Earlier", tooltip="Move the list up", id="move_row_up"),
        Binding("J,shift+down", "shift(1)", "Later", tooltip="Move the list down", id="move_row_down"),
        Binding("escape,q", "close", "Close", key_display="esc", id="close"),
        Binding("L", "close", "Close", show=False, id="lists"),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._table = ListsTable()
        self._input = Input(id="lists-input", max_length=_TYPED)
        self._answer = Static(id="lists-answer", markup=False)
        self._renamed: str | None = None
        self._doomed: str | None = None

    def compose(self) -> ComposeResult:
        """The box: the lists, the line to type a name into, and what is said."""
        with Dialog("Lists", id="lists-box", applies=self._applies):
            yield self._table
            yield self._input
            yield self._answer

    def on_mount(self) -> None:
        """Show the lists, with the cursor on the one that is shown."""
        self._input.display = False
        self._look()
        self._table.move_to(self._desk.lists.active)

    def on_resize(self) -> None:
        """Give the rows the lines that there are."""
        self._fit()

    @on(TickingTable.CursorMoved)
    def cursor_moved(self, event: TickingTable.CursorMoved) -> None:
        """A question about another list is withdrawn."""
        event.stop()
        if self._doomed not in (None, self._table.cursor_key):
            self._say()

    def on_click(self, event: events.Click) -> None:
        """A double click on a row shows its list."""
        if event.chain == 2 and event.widget is self._table and event.y > 0:
            self.action_choose()

    @override
    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done now; while a name is typed nothing but the way out."""
        if action in ("choose", "create", "rename", "delete", "restore", "shift") and self._input.display:
            return False
        lists = self._desk.lists
        match action:
            case "restore":
                return bool(lists.watchlists.deletions)
            case "shift":
                return len(lists.names) > 1
            case _:
                return True

    def _applies(self, name: str) -> bool:
        """The only list stays."""
        return name != "remove" or len(self._desk.lists.names) > 1

    def action_choose(self) -> None:
        """Show the list under the cursor, and close."""
        self._desk.lists.choose(self._under)
        self.dismiss(None)

    def action_create(self) -> None:
        """Ask for the name of a new list."""
        self._ask_name("", _NEW, renamed=None)

    def action_rename(self) -> None:
        """Ask for another name of the list under the cursor."""
        self._ask_name(self._under, _RENAME, renamed=self._under)

    def action_delete(self) -> None:
        """Ask whether the list under the cursor shall go; asked twice, it goes."""
        name = self._under
        if self._doomed != name and len(self._desk.lists.names) > 1:
            self._say(
                f"Delete {name} with {self._counted(name)}? {key_of(self.app, 'remove')} again deletes it.", "asking"
            )
            self._doomed = name
            return
        why = self._desk.lists.delete(name)
        self._done(why, f"Deleted {name}. {key_of(self.app, 'undo')} brings it back.")

    def action_restore(self) -> None:
        """Bring the list deleted last back."""
        name = self._desk.lists.restore()
        if name is not None:
            self._done("", f"{name} is back.")
            self._table.move_to(name)

    def action_shift(self, places: int) -> None:
        """Move the list under the cursor up or down."""
        self._desk.lists.shift(self._under, places)
        self._look()
        self._say()

    def action_close(self) -> None:
        """Leave the line that a name is typed into, or a question; or else close."""
        if self._input.display or self._doomed is not None:
            self._stop_asking()
            self._say()
        else:
            self.dismiss(None)

    @on(Input.Submitted)
    def name_typed(self, event: Input.Submitted) -> None:
        """Create or rename; a name that cannot be stays to be mended."""
        event.stop()
        lists, renamed = self._desk.lists, self._renamed
        why = lists.create(event.value) if renamed is None else lists.rename(renamed, event.value)
        if why:
            self._refuse(why)
            return
        place = lists.watchlists.place if renamed is None else self._table.keys.index(renamed)
        name = lists.names[place]
        self._stop_asking()
        self._done("", f"Created {name}." if renamed is None else f"It is called {name} now.")
        self._table.move_to(name)

    @on(Input.Blurred)
    def left(self, event: Input.Blurred) -> None:
        """The user went elsewhere with the mouse: the name is not wanted any more."""
        event.stop()
        if self._input.display:
            self.action_close()

    @property
    def _under(self) -> str:
        return self._table.cursor_key or self._desk.lists.active

    def _counted(self, name: str) -> str:
        watchlists = self._desk.lists.watchlists
        place = watchlists.find(name)
        count = 0 if place is None else len(watchlists.lists[place].watchlist.symbols)
        return f"its {count} symbols" if count > 1 else "its one symbol" if count else "nothing on it"

    def _ask_name(self, text: str, words: str, *, renamed: str | None) -> None:
        self._say(words)
        self._renamed = renamed
        self._input.value = text
        self._input.cursor_position = len(text)
        self._input.display = True
        self._table.steer(self._renamed is not None)
        self._input.focus()
        self.refresh_bindings()

    def _stop_asking(self) -> None:
        self._input.display = False
        self._table.steer(False)
        self._table.focus()

    def _done(self, why: str, told: str) -> None:
        if why:
            self._refuse(why)
            return
        self._look()
        self._say(told)

    def _refuse(self, why: str) -> None:
        self._say(f"{why[:1].upper()}{why[1:]}.", "refused")

    def _say(self, text: str = "", look: str = "") -> None:
        self._doomed = None
        hint = _HINT if len(self._desk.lists.names) > 1 else _ONE_HINT
        self._answer.set_classes(look)
        self._answer.update(text or hint)
        self.refresh_bindings()

    def _look(self) -> None:
        self._table.take(self._desk.lists.watchlists)
        self._fit()
        self._table.paint(self._desk.now())
        if not self._answer.content:
            self._say()

    def _fit(self) -> None:
        room = max(_LEAST_LINES, int(self.size.height * _DIALOG_PART) - _LINES_BESIDE)
        self._table.styles.height = min(len(self._desk.lists.names) + 1, room)

"""Prove it: everything behind a row on the screen, while it changes."""

from collections.abc import Callable, Sequence
from datetime import tzinfo
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from mytrader_tui.ui.desk import Desk
from mytrader_tui.ui.inspection.lines import inspection_lines
from mytrader_tui.ui.widgets.dialog import Dialog
from mytrader_tui.ui.widgets.lines import Lines

LOOK_SECONDS = 0.25
"""How often the desk is asked while the inspector is open: no age on it is older than that."""


class ProofPage(VerticalScroll, can_focus=True, inherit_bindings=False):
    """The text, which the arrows scroll: j and k go to other rows."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_up", "Up", show=False, id="proof_up"),
        Binding("down", "scroll_down", "Down", show=False, id="proof_down"),
        Binding("pageup", "page_up", "Page up", show=False, id="page_up"),
        Binding("pagedown", "page_down", "Page down", show=False, id="page_down"),
        Binding("home,g", "scroll_home", "First row", show=False, id="first_row"),
        Binding("end,G", "scroll_end", "Last row", show=False, id="last_row"),
    ]


class InspectorScreen(ModalScreen[str | None]):
    """Shows `desk.inspect` of `symbol` and goes on doing so; `zone` is home (None: the system's).

    `symbols` are those that the keys go on to (none: those of the active list), and `follow` is told of each.
    """

    AUTO_FOCUS = "#inspector-page"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "close", "Close", id="close"),
        Binding("i", "close", "Close", show=False, id="inspect"),
        Binding("j,n", "row(1)", "Next row", tooltip="Inspect the next row of the list", id="inspect_next"),
        Binding("k,N", "row(-1)", "Previous row", tooltip="Inspect the row before", id="inspect_previous"),
        Binding("y", "copy", "Copy as JSON", tooltip="Copy everything as JSON to the clipboard", id="copy"),
    ]

    def __init__(
        self,
        desk: Desk,
        symbol: str,
        *,
        zone: tzinfo | None = None,
        symbols: Sequence[str] = (),
        follow: Callable[[str], None] = lambda _: None,
    ) -> None:
        super().__init__()
        self._desk = desk
        self._symbol = symbol
        self._symbols = tuple(symbols)
        self._follow = follow
        self._zone = zone
        self._box = Dialog(f"Inspector: {symbol}", id="inspector-box", applies=self._applies)
        self._page = ProofPage(id="inspector-page")
        self._lines = Lines(id="inspector")

    def compose(self) -> ComposeResult:
        """The box with the text, which scrolls."""
        with self._box, self._page:
            yield self._lines

    def on_mount(self) -> None:
        """Show what there is, and look again and again."""
        self.look()
        self.set_interval(LOOK_SECONDS, self.look, name="inspector")

    @property
    def _rows(self) -> tuple[str, ...]:
        return self._symbols or self._desk.watchlist.symbols

    def _applies(self, name: str) -> bool:
        """There are other rows to go on to only where there are more than this one."""
        return name not in ("inspect_next", "inspect_previous") or any(each != self._symbol for each in self._rows)

    def look(self) -> None:
        """Say what the desk knows now."""
        proof = self._desk.inspect(self._symbol, self._desk.now())
        width = self._lines.size.width or self._page.scrollable_content_region.width
        self._lines.show(inspection_lines(proof, max(1, width), self._zone, self._lines.tone))

    def on_lines_resized(self, event: Lines.Resized) -> None:
        """Fit what is said to the new width."""
        event.stop()
        self.look()

    def action_row(self, rows: int) -> None:
        """Inspect the row that is `rows` further down the list, no further than its end."""
        symbols = self._rows
        if not symbols:
            return
        place = symbols.index(self._symbol) + rows if self._symbol in symbols else 0
        self._symbol = symbols[max(0, min(place, len(symbols) - 1))]
        self._box.border_title = Text(f"Inspector: {self._symbol}")
        self._follow(self._symbol)
        self.look()

    def action_copy(self) -> None:
        """Put everything on the clipboard, by the terminal's own way (OSC 52)."""
        self.app.copy_to_clipboard(self._desk.inspect_json(self._symbol, self._desk.now()))
        self.app.clear_notifications()
        self.notify(f" {self._symbol} copied as JSON. ", markup=False)

    def action_close(self) -> None:
        """Close it."""
        self.dismiss(None)

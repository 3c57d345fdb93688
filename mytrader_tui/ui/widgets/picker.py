"""Short lists to choose from, and long texts to read, with the same keys as the tables."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import OptionList


class Picker(OptionList, inherit_bindings=False):
    """A list of options; the screen's own keys say what choosing means."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "cursor_up", "Up", show=False, id="row_up"),
        Binding("down,j", "cursor_down", "Down", show=False, id="row_down"),
        Binding("pageup", "page_up", "Page up", show=False, id="page_up"),
        Binding("pagedown", "page_down", "Page down", show=False, id="page_down"),
        Binding("home,g", "first", "First row", show=False, id="first_row"),
        Binding("end,G", "last", "Last row", show=False, id="last_row"),
    ]


class Page(VerticalScroll, can_focus=True, inherit_bindings=False):
    """Text that scrolls."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll_up", "Up", show=False, id="row_up"),
        Binding("down,j", "scroll_down", "Down", show=False, id="row_down"),
        Binding("pageup", "page_up", "Page up", show=False, id="page_up"),
        Binding("pagedown", "page_down", "Page down", show=False, id="page_down"),
        Binding("home,g", "scroll_home", "First row", show=False, id="first_row"),
        Binding("end,G", "scroll_end", "Last row", show=False, id="last_row"),
    ]

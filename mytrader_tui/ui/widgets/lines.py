"""A few lines of text that are set anew only when what they say changes."""

from collections.abc import Sequence

from rich.text import Text
from textual.message import Message
from textual.widgets import Static

_NOT_YET = Text(" ")


class Lines(Static):
    """Text of one or more lines; the layout is asked for only when their number changes."""

    ALLOW_SELECT = False

    class Resized(Message):
        """The lines have another width, so that more or less can be said."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, classes="-empty", markup=False)
        self._shown: list[Text] = []
        self._waiting: list[Text] = []

    def on_resize(self) -> None:
        """Ask to be told anew; whoever has nothing else to say means what was said before there was a place."""
        self.post_message(self.Resized())
        if self._waiting:
            self.call_after_refresh(self._show_waiting)

    @property
    def line_count(self) -> int:
        """How many lines it says."""
        return len(self._shown)

    def show(self, lines: Sequence[Text]) -> None:
        """Say these lines, as soon as there is a place whose width they can be set for."""
        self._waiting = [] if self.size.width else list(lines)
        if self._waiting:
            lines = [_NOT_YET]
        if _same(self._shown, lines):
            if self._cut_short:
                self.refresh(layout=True)
            return
        higher = len(lines) != len(self._shown)
        self._shown = list(lines)
        self.set_class(not self._shown, "-empty")
        self.update(Text("\n").join(self._shown), layout=higher)

    def _show_waiting(self) -> None:
        if self._waiting:
            self.show(self._waiting)

    @property
    def _cut_short(self) -> bool:
        """True while it has fewer lines than it says: a layout asked for while another is under way may be lost."""
        height = self.styles.height
        auto = height is not None and height.is_auto
        return auto and self.is_on_screen and self.size.height < len(self._shown)

    def tone(self, name: str) -> str:
        """The colour of the theme variable `name`, as a Rich style."""
        return rich_colour(self.app.theme_variables.get(name, ""))


def _same(some: Sequence[Text], others: Sequence[Text]) -> bool:
    """True for equal texts of equal styles; Rich compares texts without the style of the whole."""
    return list(some) == list(others) and all(one.style == other.style for one, other in zip(some, others, strict=True))


def rich_colour(value: str) -> str:
    """A theme's colour as Rich writes it; empty for one that only Textual can compute."""
    return value if value.startswith("#") and len(value) == 7 else ""

"""One line that is typed into under a table: a sign, the text, and what it came to."""

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

MAX_TEXT = 40


class EntryLine(Horizontal):
    """Out of sight until `open`. Every key tells `Typed`, enter `Kept`, esc `Dropped`, up and down `Stepped`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "drop", "Close", show=False, id="entry_close"),
        Binding("up", "step(-1)", "Row up", show=False, id="entry_up"),
        Binding("down", "step(1)", "Row down", show=False, id="entry_down"),
    ]

    class Told(Message):
        """Something was done in `line`."""

        def __init__(self, line: "EntryLine") -> None:
            super().__init__()
            self.line = line

    class Typed(Told):
        """The text is another."""

    class Kept(Told):
        """It shall stay as it is."""

    class Dropped(Told):
        """It is not wanted any more."""

    class Stepped(Told):
        """The cursor of the table shall move by `rows`."""

        def __init__(self, line: "EntryLine", rows: int) -> None:
            super().__init__(line)
            self.rows = rows

    def __init__(self, sign: str, placeholder: str, *, id: str) -> None:
        super().__init__(id=id, classes="entry-line")
        self.display = False
        self._sign = Static(sign, classes="entry-sign", markup=False)
        self._input = Input(placeholder=placeholder, compact=True, max_length=MAX_TEXT, classes="entry-text")
        self._note = Static("", classes="entry-note", markup=False)
        self._noted = ""

    def compose(self) -> ComposeResult:
        """The three parts."""
        yield self._sign
        yield self._input
        yield self._note

    @property
    def text(self) -> str:
        """What is typed."""
        return self._input.value

    def open(self) -> None:
        """Come into sight and take the keys."""
        self.display = True
        self.screen.set_focus(self._input)

    def close(self) -> None:
        """Be gone, with the text."""
        self.display = False
        with self.prevent(Input.Changed):
            self._input.value = ""

    def note(self, text: str) -> None:
        """Say what it came to."""
        if text != self._noted:
            self._noted = text
            self._note.update(text)

    def on_click(self, event: events.Click) -> None:
        """A click anywhere on the line goes on typing."""
        event.stop()
        self.screen.set_focus(self._input)

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        """Tell of every key."""
        event.stop()
        self.post_message(self.Typed(self))

    @on(Input.Submitted)
    def kept(self, event: Input.Submitted) -> None:
        """Tell of enter."""
        event.stop()
        self.post_message(self.Kept(self))

    def action_drop(self) -> None:
        """Tell of esc."""
        self.post_message(self.Dropped(self))

    def action_step(self, rows: int) -> None:
        """Tell of up and down."""
        self.post_message(self.Stepped(self, rows))

"""The line in which symbols are typed."""

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widgets import Input

from mytrader_tui.market.text import clean
from mytrader_tui.ui.typed_words import Word, completed, word_at

MAX_LINE = 200


class SymbolInput(Input):
    """An Input that knows its words.

    Enter, tab and the arrows go straight to the screen's actions, in the order in which the keys came: a message
    would arrive after keys that were typed later.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.add", "Add", id="add_typed"),
        Binding("tab", "screen.complete", "Complete", id="complete"),
        Binding("down", "screen.choose(1)", "Next", show=False, id="choose_next"),
        Binding("up", "screen.choose(-1)", "Previous", show=False, id="choose_previous"),
    ]

    def __init__(self, *, id: str) -> None:
        super().__init__(placeholder="AAPL  BRK.B  ^GSPC  BTC-USD  7203.T", id=id, max_length=MAX_LINE)

    @property
    def word(self) -> Word:
        """The word that the cursor is in or right behind."""
        return word_at(self.value, self.cursor_position)

    def complete(self, symbol: str) -> None:
        """Put `symbol` in place of the word at the cursor."""
        self.value, self.cursor_position = completed(self.value, self.word, symbol)

    def _on_paste(self, event: events.Paste) -> None:
        """A list copied from elsewhere has a symbol a line, and may have anything else in it."""
        event.stop()
        event.prevent_default()
        self.insert_text_at_cursor(clean(event.text, MAX_LINE))

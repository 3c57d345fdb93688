"""The line in which symbols are typed."""

import time
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widgets import Input
from typing_extensions import override

from mytrader_tui.market.text import clean
from mytrader_tui.ui.typed_words import Word, completed, word_at

MAX_LINE = 200

FRESH_SECONDS = 2.0
"""A key that was held back for longer was meant for something that the user no longer waits for."""

_LEAVES = frozenset({"escape"})
_ASKS = frozenset({"enter"})


class SymbolInput(Input):
    """An Input that knows its words.

    Enter, tab and the arrows go straight to the screen's actions, in the order in which the keys came: a message
    would arrive after keys that were typed later. While it is held, what is typed waits for what becomes of the text.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.add", "Add", id="add_typed"),
        Binding("tab", "screen.complete", "Complete", id="complete"),
        Binding("down", "screen.choose(1)", "Next", show=False, id="choose_next"),
        Binding("up", "screen.choose(-1)", "Previous", show=False, id="choose_previous"),
    ]

    def __init__(self, *, id: str) -> None:
        super().__init__(placeholder="AAPL  BRK.B  ^GSPC  BTC-USD  7203.T", id=id, max_length=MAX_LINE)
        self._held = False
        self._kept: list[tuple[float, events.Key | events.Paste]] = []

    def hold(self) -> None:
        """Take nothing but the key that leaves, and keep what is typed."""
        self._held = True
        self._kept.clear()

    def forget(self) -> None:
        """Drop what was kept."""
        self._kept.clear()

    def release(self) -> None:
        """Take keys again; those kept a moment ago go to whoever has the focus now."""
        self._held = False
        oldest = time.monotonic() - FRESH_SECONDS
        for at, event in self._kept:
            if at >= oldest:
                self.app.post_message(event)
        self._kept.clear()

    @property
    def word(self) -> Word:
        """The word that the cursor is in or right behind."""
        return word_at(self.value, self.cursor_position)

    def complete(self, symbol: str) -> None:
        """Put `symbol` in place of the word at the cursor."""
        self.value, self.cursor_position = completed(self.value, self.word, symbol)

    @override
    async def _on_key(self, event: events.Key) -> None:
        """Keep the key while held; to ask again for what is asked already is to wait."""
        if not self._held or event.key in _LEAVES:
            await super()._on_key(event)
            return
        event.stop()
        event.prevent_default()
        if self._kept or event.key not in _ASKS:
            self._kept.append((time.monotonic(), events.Key(event.key, event.character)))

    def _on_paste(self, event: events.Paste) -> None:
        """A list copied from elsewhere has a symbol a line, and may have anything else in it."""
        event.stop()
        event.prevent_default()
        if self._held:
            self._kept.append((time.monotonic(), events.Paste(event.text)))
            return
        self.insert_text_at_cursor(clean(event.text, MAX_LINE))

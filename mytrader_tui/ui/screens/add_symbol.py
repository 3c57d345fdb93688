"""The dialog that adds symbols: it completes what is typed, says that it is checking, and why it refuses, in place."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import ClassVar, Protocol

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.worker import Worker

from mytrader_tui.market.listing import Found, with_watched
from mytrader_tui.market.text import clean
from mytrader_tui.market.watchlist import AddOutcome, Watchlist
from mytrader_tui.ui.desk import SearchDesk
from mytrader_tui.ui.widgets.dialog import Dialog
from mytrader_tui.ui.widgets.found_list import WATCHED_MARK, FoundList
from mytrader_tui.ui.widgets.symbol_input import MAX_LINE, SymbolInput

DEADLINE_SECONDS = 20.0
DEBOUNCE_SECONDS = 0.25
"""How long a word must stand before anybody outside is asked about it."""

LOOK_SECONDS = 0.25
"""How often it is asked whether a directory has come or gone."""

_MAX_REASONS = 4
_HINT = "Type a symbol or a name; several at once, with blanks between."
_SHORT_LINES = 14
"""Under so many lines there is room for the input and the answer only."""


class AddDesk(Protocol):
    """The part of the desk that the dialog needs."""

    @property
    def search(self) -> SearchDesk:
        """Completion of symbols and names."""

    @property
    def watchlist(self) -> Watchlist:
        """The list that is added to."""

    async def add(self, text: str) -> AddOutcome:
        """Validate and add the symbols in `text`."""


class AddSymbol(ModalScreen[tuple[str, ...]]):
    """Asks for symbols and has `desk` add them; its result is what was added. What was refused stays to be mended.

    Enter adds what is typed, and a completion only if the user chose it by arrow or mouse: what a search brings
    meanwhile chooses nothing and changes no choice.
    """

    AUTO_FOCUS = "#add-input"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", "Close", id="close_add")]

    def __init__(
        self, desk: AddDesk, *, deadline_seconds: float = DEADLINE_SECONDS, debounce_seconds: float = DEBOUNCE_SECONDS
    ) -> None:
        super().__init__()
        self._desk = desk
        self._deadline = deadline_seconds
        self._debounce = debounce_seconds
        self._input = SymbolInput(id="add-input")
        self._list = FoundList(id="add-found")
        # Kept, not looked up: a check or a search may end while the dialog is being taken down.
        self._line = Static(_HINT, id="add-answer", markup=False)
        self._added: tuple[str, ...] = ()
        self._refused_text = ""
        self._checked_text = ""
        self._sought = ""
        self._note = ""
        self._done = False

    def compose(self) -> ComposeResult:
        """The box: the input, what it may mean, and a line that answers."""
        with Dialog("Add symbols", id="add-box"):
            yield self._input
            yield self._list
            yield self._line

    def on_mount(self) -> None:
        """Have the directories at hand by the time that something is typed."""
        self._desk.search.prepare()
        self.set_interval(LOOK_SECONDS, self._look_again, name="directories")

    def on_resize(self, event: events.Resize) -> None:
        """Leave the list out where there is no room for it."""
        self.set_class(event.size.height < _SHORT_LINES, "-short")

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        """Show what the word may mean, and take a refusal back as soon as the text is mended."""
        event.stop()
        self._look()
        if self._line.has_class("refused") and event.value != self._refused_text:
            self._explain(self._desk.search.known(self._sought), searching=True)

    @on(OptionList.OptionSelected)
    def clicked(self, event: OptionList.OptionSelected) -> None:
        """Complete the word by the row that was clicked."""
        event.stop()
        if event.option_id is not None:
            self._complete(event.option_id)

    def action_choose(self, rows: int) -> None:
        """Choose the next row, or the previous one."""
        self._look()
        self._list.action_cursor_down() if rows > 0 else self._list.action_cursor_up()

    def action_complete(self) -> None:
        """Complete the word by the chosen row, or by the first."""
        self._look()
        symbol = self._list.chosen or self._list.first
        if self._sought and symbol is not None:
            self._complete(symbol)

    def action_add(self) -> None:
        """Add what is typed, its last word completed if a row is chosen for it."""
        self._look()
        if self._list.chosen is not None:
            self._complete(self._list.chosen)
        text = clean(self._input.value, MAX_LINE)
        if not text:
            self._answer(_HINT)
        elif text != self._checked_text:
            self._checked_text = text
            self._input.hold()
            self._answer(f"Checking {text}…", "checking")
            self._work("add", partial(self._check, text))

    def action_close(self) -> None:
        """Close the dialog and give up a check that is still running."""
        self.workers.cancel_group(self, "add")
        self._input.forget()
        self._leave()

    @on(events.ScreenResume)
    def uncovered(self) -> None:
        """Close now, if all was added while another screen lay over this one."""
        if self._done:
            self._leave()

    def _leave(self) -> None:
        """Close; what was typed meanwhile goes to the screen below. A screen that is covered must not be dismissed."""
        self._done = True
        if self.is_active:
            self.dismiss(self._added)
            self._input.release()

    def _work(self, group: str, work: Callable[[], Coroutine[None, None, None]]) -> Worker[None]:
        """Do `work` in place of what its group is at. It is not begun yet: a coroutine cancelled now would be lost."""
        return self.run_worker(work, name=f"{group} symbols", group=group, exclusive=True)

    # What is found.

    def _look(self) -> None:
        """Bring the list in line with the word at the cursor, whichever key or message comes first."""
        text = clean(self._input.word.text, MAX_LINE)
        if text == self._sought:
            return
        self._sought = text
        self._list.choose_none()
        self._seek()

    def _look_again(self) -> None:
        """A directory may have come since the word was typed."""
        if self._sought and self._desk.search.known("").note != self._note:
            self._seek()

    def _seek(self) -> None:
        """Show what is known of the word, and ask those who may know more."""
        self._note = self._desk.search.known("").note
        self._show(self._desk.search.known(self._sought), searching=True)
        if self._sought:
            self._work("find", partial(self._search, self._sought))
        else:
            self.workers.cancel_group(self, "find")

    async def _search(self, text: str) -> None:
        await asyncio.sleep(self._debounce)
        # Whoever typed on has cancelled this: what comes is the answer to the word that stands there.
        self._show(await self._desk.search.find(text), searching=False)

    def _show(self, found: Found, *, searching: bool) -> None:
        watched = frozenset(self._desk.watchlist.symbols)
        self._list.show(with_watched(found.listings, self._sought, watched) if self._sought else (), watched)
        if not self._line.classes & {"checking", "refused"}:
            self._explain(found, searching=searching)

    def _explain(self, found: Found, *, searching: bool) -> None:
        said = [found.note] if found.note else []
        if not self._sought:
            said.append(_HINT)
        elif not self._list.rows:
            said.append("Searching…" if searching else f"Nothing is found for {self._sought}.")
        elif any(row.watched for row in self._list.rows):
            said.append(f"{WATCHED_MARK} is on the list already.")
        self._answer("\n".join(said))

    def _complete(self, symbol: str) -> None:
        self._input.complete(symbol)
        self._look()

    # What is added.

    async def _check(self, text: str) -> None:
        try:
            async with asyncio.timeout(self._deadline):
                outcome = await self._desk.add(text)
        except TimeoutError:
            self._refused_text = self._input.value
            self._input.release()
            self._answer(f"No answer within {self._deadline:g} s. Enter tries again.", "refused")
            return
        finally:
            if self._checked_text == text:
                self._checked_text = ""
        self._added += outcome.added
        if outcome.refused:
            self._refuse(outcome)
        else:
            self._leave()

    def _refuse(self, outcome: AddOutcome) -> None:
        reasons = [f"{refusal.text}: {refusal.why}" for refusal in outcome.refused[:_MAX_REASONS]]
        if (more := len(outcome.refused) - _MAX_REASONS) > 0:
            reasons.append(f"and {more} more")
        if outcome.added:
            reasons.insert(0, f"Added {', '.join(outcome.added)}.")
            self._input.value = " ".join(refusal.text for refusal in outcome.refused)
            self._input.cursor_position = len(self._input.value)
        self._refused_text = self._input.value
        self._input.release()
        self._answer("\n".join(reasons), "refused")

    def _answer(self, text: str, look: str = "") -> None:
        self._line.set_classes(look)
        self._line.update(text)

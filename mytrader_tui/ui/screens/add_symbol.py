"""The dialog that adds symbols: it says that it is checking, and why it refuses, in place."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from mytrader_tui.market.text import clean
from mytrader_tui.market.watchlist import AddOutcome

DEADLINE_SECONDS = 20.0
_MAX_REASONS = 4
_HINT = "Several at once: separate them with blanks. Enter adds, Esc closes."

Add = Callable[[str], Awaitable[AddOutcome]]


class AddSymbol(ModalScreen[tuple[str, ...]]):
    """Asks for symbols and hands them to `add`; its result is what was added. What was refused stays to be mended."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", "Close")]

    def __init__(self, add: Add, *, deadline_seconds: float = DEADLINE_SECONDS) -> None:
        super().__init__()
        self._add = add
        self._deadline = deadline_seconds
        self._added: tuple[str, ...] = ()
        self._refused_text = ""

    def compose(self) -> ComposeResult:
        """The box: a title, the input, and a line that answers."""
        with Vertical(id="add-box", classes="dialog") as box:
            box.border_title = "Add symbols"
            yield Input(placeholder="AAPL  BRK.B  ^GSPC  BTC-USD  7203.T", id="add-input", max_length=200)
            yield Static(_HINT, id="add-answer", markup=False)

    @on(Input.Submitted)
    def check(self, event: Input.Submitted) -> None:
        """Check what was typed; a check that is still running is given up for this one."""
        event.stop()
        text = clean(event.value, 200)
        if not text:
            self._answer(_HINT)
            return
        self._answer(f"Checking {text}…", "checking")
        self.run_worker(self._check(text), name="add symbols", group="add", exclusive=True, exit_on_error=True)

    @on(Input.Changed)
    def calm(self, event: Input.Changed) -> None:
        """Take a refusal back as soon as the text is mended."""
        event.stop()
        if self.query_one("#add-answer").has_class("refused") and event.value != self._refused_text:
            self._answer(_HINT)

    def action_close(self) -> None:
        """Close the dialog and give up a check that is still running."""
        self.workers.cancel_group(self, "add")
        self.dismiss(self._added)

    async def _check(self, text: str) -> None:
        try:
            async with asyncio.timeout(self._deadline):
                outcome = await self._add(text)
        except TimeoutError:
            self._answer(f"No answer within {self._deadline:g} s. Enter tries again.", "refused")
            return
        self._added += outcome.added
        if outcome.refused:
            self._refuse(outcome)
        else:
            self.dismiss(self._added)

    def _refuse(self, outcome: AddOutcome) -> None:
        reasons = [f"{refusal.text}: {refusal.why}" for refusal in outcome.refused[:_MAX_REASONS]]
        if (more := len(outcome.refused) - _MAX_REASONS) > 0:
            reasons.append(f"and {more} more")
        field = self.query_one(Input)
        if outcome.added:
            reasons.insert(0, f"Added {', '.join(outcome.added)}.")
            field.value = " ".join(refusal.text for refusal in outcome.refused)
        self._refused_text = field.value
        self._answer("\n".join(reasons), "refused")

    def _answer(self, text: str, look: str = "") -> None:
        answer = self.query_one("#add-answer", Static)
        answer.set_classes(look)
        answer.update(text)

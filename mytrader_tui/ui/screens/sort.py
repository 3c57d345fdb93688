"""The chooser of what a table is sorted by: a letter, or the arrows and enter."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from mytrader_tui.ui.watch.columns import ALL, TITLES
from mytrader_tui.ui.widgets.dialog import Dialog
from mytrader_tui.ui.widgets.position_columns import SORTS
from mytrader_tui.ui.widgets.positions import PositionsTable
from mytrader_tui.ui.widgets.watchlist import FALLING, RISING, WatchlistTable

BY_HAND = ""
"""The name of the order that the user made."""

_LETTERS = "abcdefghilmnoprstuvwxyzq1234567890"
"""What chooses, in the order in which it is given away; j and k move."""


@dataclass(frozen=True, slots=True)
class SortChoice:
    """Something to sort by: its name for the table, its title for people, the key that chooses it.

    `shown` is whether it is a column in sight.
    """

    name: str
    title: str
    letter: str
    shown: bool = True


class SortChooser(ModalScreen[str]):
    """Asks which of `choices` to sort by; its result is the name. `chosen` is the present one, with its `arrow`.

    What has a column in sight comes first.
    """

    AUTO_FOCUS = "#sort-list"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close", id="close"),
        Binding("j", "step(1)", "Down", show=False, id="sort_down"),
        Binding("k", "step(-1)", "Up", show=False, id="sort_up"),
    ]

    def __init__(self, what: str, choices: Sequence[SortChoice], chosen: str, arrow: str) -> None:
        super().__init__()
        self._what = what
        self._choices = tuple(sorted(choices, key=lambda choice: not choice.shown))
        self._chosen, self._arrow = chosen, arrow

    def compose(self) -> ComposeResult:
        """The list, with the letter that chooses before each."""
        with Dialog(f"Sort {self._what}", id="sort-box"):
            yield Static("The same again turns the order round.", id="sort-note")
            yield OptionList(*self._options(), id="sort-list", markup=False)

    def on_mount(self) -> None:
        """Begin at the present one."""
        listed = self.query_one(OptionList)
        listed.highlighted = listed.get_option_index(self._chosen)

    def on_key(self, event: events.Key) -> None:
        """A letter chooses at once."""
        chosen = next((choice for choice in self._choices if choice.letter == event.character), None)
        if chosen is not None:
            event.stop()
            event.prevent_default()
            self.dismiss(chosen.name)

    @on(OptionList.OptionSelected)
    def selected(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click chooses."""
        event.stop()
        self.dismiss(event.option_id or "")

    def action_step(self, rows: int) -> None:
        """Move on by a row."""
        listed = self.query_one(OptionList)
        if rows > 0:
            listed.action_cursor_down()
        else:
            listed.action_cursor_up()

    def action_close(self) -> None:
        """Leave everything as it is."""
        self.dismiss(None)

    def _options(self) -> Iterator[Option]:
        """The choices, and a word where those begin that no column shows."""
        before = True
        for choice in self._choices:
            if before and not choice.shown:
                yield Option(Text("   not in sight", style="dim italic"), disabled=True)
            before = choice.shown
            mark = (self._arrow or "•") if choice.name == self._chosen else " "
            yield Option(Text.assemble((choice.letter, "bold"), f"  {mark} {choice.title}"), id=choice.name)


def chooser_of_watchlist(table: WatchlistTable) -> SortChooser:
    """The chooser for the watchlist: by hand, then every column, those in sight first."""
    letters = letters_for(["by hand", *(TITLES[name] for name in ALL)])
    choices = [SortChoice(BY_HAND, "by hand", letters[0])]
    for name, letter in zip(ALL, letters[1:], strict=True):
        choices.append(SortChoice(name, TITLES[name], letter, name in table.shown))
    sort, falling = table.sorting or (BY_HAND, False)
    return SortChooser("the watchlist", choices, sort, (FALLING if falling else RISING) if sort else "")


def chooser_of_positions(table: PositionsTable) -> SortChooser:
    """The chooser for the positions."""
    sort, falling = table.sorting
    choices = [
        SortChoice(column.value, title, letter, column.value in table.shown)
        for (title, column), letter in zip(SORTS.items(), letters_for([*SORTS]), strict=True)
    ]
    return SortChooser("the positions", choices, sort.value, FALLING if falling else RISING)


def letters_for(titles: Sequence[str]) -> tuple[str, ...]:
    """A key for each title: a letter of its own where one is left, else any; empty once none is."""
    taken: set[str] = set()
    letters: list[str] = []
    for title in titles:
        wanted = [*filter(_LETTERS.__contains__, title.casefold()), *_LETTERS]
        letter = next((each for each in wanted if each not in taken), "")
        taken.add(letter)
        letters.append(letter)
    return tuple(letters)

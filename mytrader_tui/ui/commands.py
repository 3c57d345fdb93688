"""What the command palette finds: every action that works on the screen beneath it, themes, colours and lists."""

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple, Protocol, runtime_checkable

from rich.cells import set_cell_size
from rich.text import Text
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.fuzzy import FuzzySearch
from textual.types import IgnoreReturnCallbackType
from typing_extensions import override

from mytrader_tui.ui.keymap import doable, written

_KEYS_WIDTH = 12
_PALETTE = frozenset({"palette"})


class Command(NamedTuple):
    """A line of the palette: the keys that would do the same (empty if none), what it does, and doing it.

    `label` is its word in the key bar, by which it is found as well.
    """

    keys: str
    what: str
    run: IgnoreReturnCallbackType
    label: str = ""

    def line(self, marked: tuple[int, ...] = ()) -> Text:
        """The line as it is shown, with the `marked` characters of its words underlined. It is never read as markup."""
        words = Text(self.what)
        for place in marked:
            words.stylize("bold underline", place, place + 1)
        return Text.assemble((set_cell_size(self.keys, _KEYS_WIDTH), "bold"), words)


@runtime_checkable
class HasCommands(Protocol):
    """A screen or an app with commands beside those that have keys."""

    def more_commands(self) -> Iterator[tuple[str, IgnoreReturnCallbackType]]:
        """What each does, and doing it; only what is possible now."""


class ActionCommands(Provider):
    """The actions of the screen beneath the palette, in the order of the help, and what screen and app add."""

    @override
    async def discover(self) -> Hits:
        """Everything, before anything is typed."""
        for command in self._commands():
            yield DiscoveryHit(command.line(), command.run, text=command.what)

    @override
    async def search(self, query: str) -> Hits:
        """What matches `query`, the best first."""
        fuzzy = FuzzySearch()
        for command in self._commands():
            score, marked = fuzzy.match(query, command.what)
            by_label, _ = fuzzy.match(query, command.label)
            if by_label > score:
                score, marked = by_label, ()
            if score > 0:
                yield Hit(score, command.line(tuple(marked)), command.run, text=command.what)

    def _commands(self) -> Iterator[Command]:
        for each in doable(self.screen):
            if each.name not in _PALETTE:
                yield Command(
                    written(each.keys), each.what, partial(self.app.run_action, each.action, each.node), each.label
                )
        for holder in (self.screen, self.app):
            if isinstance(holder, HasCommands):
                for what, run in holder.more_commands():
                    yield Command("", what, run)

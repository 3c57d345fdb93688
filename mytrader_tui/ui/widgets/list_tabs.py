"""The tabs over the table: the named lists, and the positions where they are a tab. None where there is but one."""

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.message import Message
from textual.widget import Widget

from mytrader_tui.market.watchlists import Watchlists
from mytrader_tui.ui.flow import cut
from mytrader_tui.ui.widgets.lines import Lines

POSITIONS = "Positions"
"""What the tab of the positions is called, before their number."""

_BEFORE, _AFTER = "‹", "›"
_SIDES = 2
"""What stands on the left and right of a name: brackets around the active one's, blanks around the others'."""


class PositionsTab(NamedTuple):
    """How many positions there are, and whether they are what is shown."""

    number: int
    shown: bool


class _Tab(NamedTuple):
    name: str | None
    start: int
    end: int


class ListTabs(Lines):
    """The names in the order of the lists; a click on one chooses it. The active one stands out without colours."""

    class Chosen(Message):
        """The tab of the list called `name` was clicked; None is that of the positions."""

        def __init__(self, name: str | None) -> None:
            super().__init__()
            self.name = name

    def __init__(self, *, id: str = "list-tabs") -> None:
        super().__init__(id=id)
        self._tabs: list[_Tab] = []

    def say(self, watchlists: Watchlists, positions: PositionsTab | None = None) -> None:
        """Show the lists; where not all have room, those around the active one, and marks where there are more.

        The tab of the `positions`, if they have one, comes after the lists.
        """
        self._tabs = []
        width = self.parent.size.width if isinstance(self.parent, Widget) else 0
        if not width or (len(watchlists.lists) == 1 and positions is None):
            self.show([])
            return
        line, last, names = Text(), self._last(positions), watchlists.names
        width -= last.cell_len
        seen = in_sight([cell_len(name) + _SIDES for name in names], watchlists.place, width)
        here = None if positions is not None and positions.shown else watchlists.place
        if seen.start > 0:
            self._put(line, names[seen.start - 1], Text(_BEFORE, self.tone("faint")))
        for place in seen:
            self._put(line, names[place], self._tab(names[place], width - 2, active=place == here))
        if seen.stop < len(names):
            self._put(line, names[seen.stop], Text(_AFTER, self.tone("faint")))
        if last:
            self._put(line, None, last)
        self.show([line])

    def on_click(self, event: events.Click) -> None:
        """Choose the list whose name was clicked."""
        chosen = next((tab for tab in self._tabs if tab.start <= event.x < tab.end), None)
        if chosen is not None:
            event.stop()
            self.post_message(self.Chosen(chosen.name))

    def _last(self, positions: PositionsTab | None) -> Text:
        return Text() if positions is None else self._tab(f"{POSITIONS} {positions.number}", 40, active=positions.shown)

    def _tab(self, name: str, width: int, *, active: bool) -> Text:
        shown = cut(Text(name), max(1, width - _SIDES)).plain
        style = f"bold {self.tone('accent-text')}".strip() if active else self.tone("faint")
        return Text(f"[{shown}]" if active else f" {shown} ", style)

    def _put(self, line: Text, name: str | None, text: Text) -> None:
        self._tabs.append(_Tab(name, line.cell_len, line.cell_len + text.cell_len))
        line.append_text(text)


def in_sight(widths: Sequence[int], place: int, room: int) -> range:
    """The tabs that `room` cells can show, around the one at `place`, which is always among them.

    Where some are left out, a cell on each side is kept for the mark that says so.
    """
    if sum(widths) <= room:
        return range(len(widths))
    room -= len(_BEFORE) + len(_AFTER)
    first, end, used = place, place + 1, widths[place]
    grew = True
    while grew:
        grew = False
        if end < len(widths) and used + widths[end] <= room:
            used, end, grew = used + widths[end], end + 1, True
        if first > 0 and used + widths[first - 1] <= room:
            used, first, grew = used + widths[first - 1], first - 1, True
    return range(first, end)

"""The named lists as rows: which one is shown, how many symbols each has, and the first of them."""

from collections.abc import Sequence
from typing import NamedTuple

from typing_extensions import override

from mytrader_tui.market.moment import Moment
from mytrader_tui.market.watchlists import NAME_LENGTH, Watchlists
from mytrader_tui.ui.columns import Cell, Column, Tone
from mytrader_tui.ui.widgets.ticking_table import TickingTable

_SHOWN = "●"
_PREVIEW = 12
"""How many of a list's symbols are named at most."""


class ListRow(NamedTuple):
    """What the row of a list says."""

    name: str
    symbols: tuple[str, ...]
    active: bool


class ListsTable(TickingTable[ListRow]):
    """One row a list, in the order of the tabs; the key of a row is the list's name."""

    def __init__(self, *, id: str = "lists") -> None:
        super().__init__(id=id, empty="")
        self._rows: dict[str, ListRow] = {}

    def take(self, watchlists: Watchlists) -> None:
        """Show these lists; the cursor stays on its list, or where it was if that is gone."""
        self._rows = {
            each.name: ListRow(each.name, each.watchlist.symbols, place == watchlists.place)
            for place, each in enumerate(watchlists.lists)
        }
        self.set_keys(tuple(self._rows))

    @override
    def columns(self, width: int) -> Sequence[Column[ListRow]]:
        """The columns; the symbols take the room that is left."""
        return (
            Column("", 1, 1, 0, _mark, right=False),
            Column("List", 10, NAME_LENGTH, 0, _name, right=False),
            Column("Count", 5, 5, 0, _count),
            Column("Symbols", 8, 80, 1, _symbols, right=False),
        )

    @override
    def row(self, key: str, now: Moment) -> ListRow:
        """The list of that name, which no time changes."""
        return self._rows[key]


def _mark(row: ListRow) -> Cell:
    return Cell((_SHOWN if row.active else "",), Tone.LIVE, number=False)


def _name(row: ListRow) -> Cell:
    return Cell((row.name,), Tone.STRONG if row.active else Tone.PLAIN, number=False)


def _count(row: ListRow) -> Cell:
    return Cell((f"{len(row.symbols):,}",))


def _symbols(row: ListRow) -> Cell:
    """As many whole symbols as there is room for."""
    most = min(len(row.symbols), _PREVIEW)
    forms = [f"{' '.join(row.symbols[:count])} …" for count in range(most, 0, -1)]
    whole = " ".join(row.symbols) if len(row.symbols) <= _PREVIEW else forms[0]
    return Cell((whole, *forms, "…") if row.symbols else ("",), Tone.MUTED, number=False)

"""The list under the input of the dialog that adds symbols: what was found, aligned, one of it perhaps chosen."""

from collections.abc import Sequence, Set
from typing import NamedTuple

from rich.text import Text
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from mytrader_tui.market.listing import Listing
from mytrader_tui.ui.columns import Cell, Column, arrange

WATCHED_MARK = "✓"
"""Before what is on the list already."""

_MARGIN = 2
"""The right one is the scrollbar's place, so that its coming moves no column."""


class FoundRow(NamedTuple):
    """A listing, and whether it is on the list already."""

    listing: Listing
    watched: bool


class FoundList(OptionList, can_focus=False):
    """Shows listings. Nothing is chosen until a key or the mouse chooses; a choice stays on its symbol."""

    ALLOW_SELECT = False

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, markup=False, compact=True)
        self._rows: tuple[FoundRow, ...] = ()

    @property
    def rows(self) -> tuple[FoundRow, ...]:
        """What is shown, from top to bottom."""
        return self._rows

    @property
    def chosen(self) -> str | None:
        """The symbol of the chosen row."""
        return None if self.highlighted is None else self._rows[self.highlighted].listing.symbol

    @property
    def first(self) -> str | None:
        """The first symbol that can be chosen."""
        return next((row.listing.symbol for row in self._rows if not row.watched), None)

    def show(self, listings: Sequence[Listing], watched: Set[str]) -> None:
        """Show these; what is chosen stays so if it is among them."""
        rows = tuple(FoundRow(listing, listing.symbol in watched) for listing in listings)
        if rows != self._rows:
            self._set(rows)

    def choose_none(self) -> None:
        """Take the choice back."""
        self.highlighted = None

    def on_resize(self) -> None:
        """Fit the columns to the new width."""
        self._set(self._rows)

    def _set(self, rows: tuple[FoundRow, ...]) -> None:
        chosen = self.chosen
        self._rows = rows
        self.set_options(
            Option(text, id=row.listing.symbol, disabled=row.watched)
            for row, text in zip(rows, _lines(rows, self.size.width), strict=True)
        )
        free = {row.listing.symbol: place for place, row in enumerate(rows) if not row.watched}
        self.highlighted = None if chosen is None else free.get(chosen)


def _lines(rows: Sequence[FoundRow], width: int) -> list[Text]:
    placed, gap = arrange(_columns(rows), max(0, width - _MARGIN))
    blanks = " " * gap
    return [
        Text(" " + blanks.join(column.cell(row).text(room) for column, room in placed), no_wrap=True) for row in rows
    ]


def _columns(rows: Sequence[FoundRow]) -> tuple[Column[FoundRow], ...]:
    """A symbol is never cut; the exchange and the kind give way to it and to the name."""

    def widest(texts: Sequence[str], most: int) -> int:
        return max(1, min(most, max(map(len, texts), default=1)))

    symbols = widest([row.listing.symbol for row in rows], 24)
    exchanges = widest([row.listing.exchange for row in rows], 12)
    kinds = widest([row.listing.kind for row in rows], 12)
    return (
        Column("", 1, 1, 0, lambda row: _word(WATCHED_MARK if row.watched else "")),
        Column("symbol", symbols, max(8, symbols), 0, lambda row: _word(row.listing.symbol)),
        Column("name", 12, 120, 0, lambda row: _word(row.listing.name), growth=1),
        Column("exchange", exchanges, exchanges, 1, lambda row: _word(row.listing.exchange)),
        Column("kind", kinds, kinds, 2, lambda row: _word(row.listing.kind)),
    )


def _word(text: str) -> Cell:
    return Cell((text,), number=False)

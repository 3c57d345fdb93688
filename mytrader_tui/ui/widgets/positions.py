"""The positions: what is held, and what it is worth at the prices on the board."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from textual.message import Message
from typing_extensions import override

from mytrader_tui.market.account.marking import Portfolio, PortfolioRow
from mytrader_tui.market.account.position_sorting import PositionColumn, sort_rows
from mytrader_tui.market.moment import Moment
from mytrader_tui.ui.columns import Cell, Column
from mytrader_tui.ui.watch.row import direction
from mytrader_tui.ui.widgets.position_columns import SORTS, PositionRow, positions_columns, totals_cells
from mytrader_tui.ui.widgets.ticking_table import TickingTable

RESORT_SECONDS = 1.0
"""How often moving prices may change the order of the rows: more often, and no row could be read."""

_RISING, _FALLING = "↑", "↓"
_COLUMNS = {column.value: column for column in PositionColumn}
_WORDS = frozenset({PositionColumn.SYMBOL, PositionColumn.SIDE})
_THOUSANDTH = Decimal("0.001")


class PositionsTable(TickingTable[PositionRow]):
    """The rows of a portfolio in the order of a column that the user chooses; words rise at first, numbers fall."""

    class Sorted(Message):
        """The user chose the column called `name`, with its greatest on top if `falling`."""

        def __init__(self, name: str, *, falling: bool) -> None:
            super().__init__()
            self.name = name
            self.falling = falling

    def __init__(self, *, id: str = "positions") -> None:
        super().__init__(id=id, empty="No open positions.")
        self._portfolio: Portfolio | None = None
        self._rows: dict[str, PortfolioRow] = {}
        self._hidden = False
        self._held = False
        self._sort, self._falling = PositionColumn.SYMBOL, False
        self._sorted_at: float | None = None
        self._to_sort = False
        self._summed: Mapping[str, Cell] | None = None

    @property
    def sorting(self) -> tuple[PositionColumn, bool]:
        """The column that the rows are sorted by, and True if its greatest is on top."""
        return self._sort, self._falling

    @override
    def columns(self, width: int) -> Sequence[Column[PositionRow]]:
        """The columns."""
        return positions_columns(max((len(key) for key in self.keys), default=0))

    def symbol_of(self, key: str) -> str:
        """The symbol of the position in the row `key`."""
        marked = self._rows.get(key)
        return key if marked is None else marked.position.symbol

    @property
    def shown(self) -> frozenset[str]:
        """What the columns in sight sort by."""
        return frozenset(SORTS[column.title].value for column, _ in self._arrangement.placed if column.title in SORTS)

    @override
    def arrow(self, column: Column[PositionRow]) -> str:
        """Which way the rows are sorted if they are by this column."""
        if SORTS.get(column.title) is not self._sort:
            return ""
        return _FALLING if self._falling else _RISING

    @override
    def row(self, key: str, now: Moment) -> PositionRow:
        """The row of the position in `key` at `now`."""
        marked = self._rows[key]
        weight = self._portfolio.weight(marked) if self._portfolio else None
        rounded = None if weight is None else weight.quantize(_THOUSANDTH)
        return PositionRow(marked, self.flashing(key, now), rounded, self._hidden, self._held)

    @override
    def totals(self) -> Mapping[str, Cell] | None:
        """The sums of the rows that have a value."""
        return self._summed

    @override
    def header_clicked(self, column: Column[PositionRow]) -> None:
        """Sort by that column, or the other way round if the rows are already."""
        sort = SORTS.get(column.title)
        self.sort_by(None if sort is None else sort.value)

    def sort_by(self, name: str | None) -> None:
        """Sort by the column called `name`, or the other way round if the rows are already; None changes nothing."""
        if name == self._sort.value:
            self.reverse()
        elif name is not None:
            column = PositionColumn(name)
            self._choose(column, falling=column not in _WORDS)

    def reverse(self) -> None:
        """Turn the order of the rows round."""
        self._choose(self._sort, falling=not self._falling)

    def take(self, portfolio: Portfolio, now: Moment, *, hidden: bool, held: bool = False) -> None:
        """Show `portfolio`; prices that moved flash. `hidden` leaves amounts and quantities unsaid.

        `held` is for a portfolio that is not the newest: no row then claims to be live.
        """
        if held is not self._held:
            self._held = held
            self.touch(self._rows.keys())
        if portfolio is not self._portfolio or hidden is not self._hidden:
            if hidden is not self._hidden:
                self._hidden = hidden
                self.touch(self._rows.keys())
            self._absorb(portfolio, now)
            counted = portfolio.rows or portfolio.honesty.excluded
            self._summed = totals_cells(portfolio, hidden=hidden) if counted else None
        if self._to_sort and (self._sorted_at is None or now.mono - self._sorted_at >= RESORT_SECONDS):
            self._sorted_at = now.mono
            self._arrange_rows()

    def _absorb(self, portfolio: Portfolio, now: Moment) -> None:
        before, self._rows = self._rows, keyed(portfolio.rows)
        self._portfolio = portfolio
        changed = {key for key, row in self._rows.items() if row is not before.get(key)}
        for key in changed & before.keys():
            if (flash := direction(_last(before[key]), _last(self._rows[key]))) is not None:
                self.flash(key, flash, now)
        self.touch(changed)
        if self._rows.keys() != self._places.keys():
            self.set_keys(self._sorted_keys())
        self._to_sort = self._to_sort or bool(changed)

    def restore(self, name: str, *, falling: bool) -> None:
        """Sort by the column called `name` as was chosen before; one that is none changes nothing."""
        column = _COLUMNS.get(name)
        if column is not None:
            self._sort_by(column, falling=falling)

    def _choose(self, column: PositionColumn, *, falling: bool) -> None:
        self._sort_by(column, falling=falling)
        self.post_message(self.Sorted(column.value, falling=falling))

    def _sort_by(self, column: PositionColumn, *, falling: bool) -> None:
        self._sort, self._falling = column, falling
        self._arrange_rows()
        self.refresh()

    def _arrange_rows(self) -> None:
        self._to_sort = False
        self.reorder(self._sorted_keys())

    def _sorted_keys(self) -> tuple[str, ...]:
        if self._portfolio is None:
            return ()
        return tuple(keyed(sort_rows(self._portfolio, self._sort, descending=self._falling)))


def keyed(rows: Iterable[PortfolioRow]) -> dict[str, PortfolioRow]:
    """`rows` by their symbols; of several in one symbol none is lost."""
    found: dict[str, PortfolioRow] = {}
    for row in rows:
        key, number = row.position.symbol, 1
        while key in found:
            number += 1
            key = f"{row.position.symbol} {number}"
        found[key] = row
    return found


def _last(row: PortfolioRow) -> float | None:
    return None if row.quote is None else row.quote.price

"""The positions: what is held, and what it is worth at the prices on the board."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from typing_extensions import override

from mytrader_tui.market.freshness import BadgeKind
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.portfolio import Holdings, Position
from mytrader_tui.market.valuation import Totals, Valuation, total, value
from mytrader_tui.ui.columns import BADGE_TONES, NOTHING, Cell, Column, Flash, Tone, sign_tone
from mytrader_tui.ui.desk import Desk
from mytrader_tui.ui.figures import money_forms, percent_forms, price_forms, quantity_forms, sign_of
from mytrader_tui.ui.widgets.ticking_table import TickingTable
from mytrader_tui.ui.widgets.watchlist import direction

_SYMBOL, _VALUE, _PROFIT, _PERCENT = "Symbol", "Value", "P&L", "P&L %"


@dataclass(frozen=True, slots=True)
class PositionRow:
    """What a row says; without a price on the board `last` and `valuation` are None."""

    position: Position
    last: float | None
    kind: BadgeKind
    flash: Flash | None
    valuation: Valuation | None = field(compare=False)


class PositionsTable(TickingTable[PositionRow]):
    """The holdings, revalued whenever the board's price of one of them moves."""

    def __init__(self, desk: Desk, *, id: str = "positions") -> None:
        super().__init__(id=id, empty="No open positions.")
        self._desk = desk
        self._holdings: Holdings | None = None
        self._positions: dict[str, Position] = {}
        self._lasts: dict[str, float | None] = {}
        self._valuations: dict[str, Valuation] = {}
        self._sum: Totals | None = None

    @override
    def columns(self, width: int) -> Sequence[Column[PositionRow]]:
        """The columns."""
        return positions_columns(max((len(key) for key in self.keys), default=0))

    def row(self, key: str, now: Moment) -> PositionRow:
        """The row of the position in `key` at `now`."""
        kind = self._desk.badge(key, now).kind
        return PositionRow(
            self._positions[key], self._lasts.get(key), kind, self.flashing(key, now), self._valuations.get(key)
        )

    def totals(self) -> Mapping[str, Cell] | None:
        """The sum of the positions that have a price, and how many have none."""
        if not self._positions:
            return None
        without = len(self._positions) - len(self._valuations)
        if self._sum is None:
            self._sum = total(self._valuations.values())
        return totals_cells(self._sum if self._valuations else None, without)

    def take(self, dirty: Set[str], now: Moment) -> None:
        """Absorb new holdings and the symbols whose price changed."""
        holdings = self._desk.holdings
        if holdings is not self._holdings:
            self._holdings = holdings
            self._set_holdings(holdings)
        self.touch(dirty)
        for symbol in dirty & self._positions.keys():
            before = self._lasts.get(symbol)
            self._revalue(symbol)
            if (flash := direction(before, self._lasts[symbol])) is not None:
                self.flash(symbol, flash, now)

    def _set_holdings(self, holdings: Holdings | None) -> None:
        positions = holdings.positions if holdings else ()
        self._positions = {position.symbol: position for position in positions}
        self._valuations.clear()
        self._lasts.clear()
        for symbol in self._positions:
            self._revalue(symbol)
        self._sum = None
        if self.keys != tuple(self._positions):
            self.set_keys(tuple(self._positions))
        self.touch(self._positions.keys())

    def _revalue(self, symbol: str) -> None:
        quote = self._desk.board.served(symbol)
        last = self._lasts[symbol] = quote.price if quote else None
        if last is None:
            self._valuations.pop(symbol, None)
        else:
            self._valuations[symbol] = value(self._positions[symbol], last)
        self._sum = None


def positions_columns(longest_symbol: int) -> tuple[Column[PositionRow], ...]:
    """The positions' columns from left to right; the ranks say what a narrow screen gives up first."""
    symbol = max(6, min(longest_symbol, 12))
    return (
        Column(_SYMBOL, symbol, max(symbol, 8), 0, _symbol, right=False),
        Column("Qty", 6, 10, 1, _quantity),
        Column("Avg entry", 9, 10, 4, _entry),
        Column("", 1, 1, 0, _glyph, right=False),
        Column("Last", 8, 10, 0, _last),
        Column(_VALUE, 10, 13, 3, _market_value),
        Column(_PROFIT, 10, 13, 0, _profit),
        Column(_PERCENT, 8, 9, 2, _percent),
    )


def totals_cells(valuation: Totals | None, without: int) -> dict[str, Cell]:
    """The totals under their columns' titles. `without` positions have no price and are not in the sum."""
    label = (f"Total, {without} without a price left out", f"Total, {without} unpriced") if without else ("Total",)
    cells = {_SYMBOL: Cell(label, Tone.STRONG, number=False)}
    if valuation is not None:
        tone = sign_tone(sign_of(valuation.unrealized))
        cells[_VALUE] = Cell(money_forms(valuation.market_value), Tone.STRONG)
        cells[_PROFIT] = Cell(money_forms(valuation.unrealized, signed=True), tone)
        cells[_PERCENT] = Cell(percent_forms(valuation.unrealized_percent), tone)
    return cells


def _symbol(row: PositionRow) -> Cell:
    return Cell((row.position.symbol,), Tone.STRONG, number=False)


def _quantity(row: PositionRow) -> Cell:
    return Cell(quantity_forms(row.position.quantity))


def _entry(row: PositionRow) -> Cell:
    return Cell(price_forms(float(row.position.average_entry)))


def _glyph(row: PositionRow) -> Cell:
    return Cell((row.kind.value[0],), BADGE_TONES[row.kind], number=False)


def _last(row: PositionRow) -> Cell:
    if row.last is None:
        return NOTHING
    old = row.kind in (BadgeKind.STALE, BadgeKind.CACHED)
    return Cell(price_forms(row.last), Tone.MUTED if old else Tone.PLAIN, flash=row.flash)


def _market_value(row: PositionRow) -> Cell:
    return NOTHING if row.valuation is None else Cell(money_forms(row.valuation.market_value))


def _profit(row: PositionRow) -> Cell:
    if row.valuation is None:
        return NOTHING
    unrealized = row.valuation.unrealized
    return Cell(money_forms(unrealized, signed=True), sign_tone(sign_of(unrealized)))


def _percent(row: PositionRow) -> Cell:
    if row.valuation is None or row.valuation.unrealized_percent is None:
        return NOTHING
    percent = row.valuation.unrealized_percent
    return Cell(percent_forms(percent), sign_tone(sign_of(percent)))

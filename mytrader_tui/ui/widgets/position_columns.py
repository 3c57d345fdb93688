"""The columns of the positions: what each cell says, and what an excluded row says instead."""

from dataclasses import dataclass
from decimal import Decimal

from mytrader_tui.market.account.marking import Portfolio, PortfolioRow
from mytrader_tui.market.account.position_sorting import PositionColumn
from mytrader_tui.market.freshness import BadgeKind
from mytrader_tui.market.trust.suspicion import Exclusion
from mytrader_tui.ui.columns import BADGE_TONES, NOTHING, Cell, Column, Flash, Tone, sign_tone
from mytrader_tui.ui.figures import (
    HIDDEN,
    extended_forms,
    money_forms,
    percent_forms,
    price_forms,
    quantity_forms,
    sign_of,
    unless,
    weight_forms,
)
from mytrader_tui.ui.watch.picture import PAUSED
from mytrader_tui.ui.watch.row import extended_word

_OLD = frozenset({BadgeKind.STALE, BadgeKind.CACHED})
_HELD = Cell((PAUSED[0],), Tone.DELAYED, number=False)
_UNSEEN = Cell((HIDDEN,), Tone.MUTED)

REASONS = {why: Cell((why.value,), Tone.MUTED, number=False) for why in Exclusion}
"""What stands in place of the values of an excluded row: one object a reason, so that it reaches over all of them."""

SYMBOL, SIDE, QUANTITY, ENTRY, LAST = "Symbol", "Side", "Qty", "Avg entry", "Last"
VALUE, COST, DAY, DAY_PERCENT = "Value", "Cost", "Day P&L", "Day %"
PROFIT, PROFIT_PERCENT, WEIGHT = "P&L", "P&L %", "Weight"

SORTS = {
    SYMBOL: PositionColumn.SYMBOL,
    SIDE: PositionColumn.SIDE,
    QUANTITY: PositionColumn.QUANTITY,
    ENTRY: PositionColumn.AVERAGE_ENTRY,
    LAST: PositionColumn.LAST,
    VALUE: PositionColumn.MARKET_VALUE,
    COST: PositionColumn.COST_BASIS,
    DAY: PositionColumn.DAY_PROFIT,
    DAY_PERCENT: PositionColumn.DAY_PERCENT,
    PROFIT: PositionColumn.UNREALIZED,
    PROFIT_PERCENT: PositionColumn.UNREALIZED_PERCENT,
    WEIGHT: PositionColumn.WEIGHT,
}
"""What each title sorts by."""


@dataclass(frozen=True, slots=True)
class PositionRow:
    """What a row says; `weight` is rounded as it is shown, `hidden` leaves amounts and quantities unsaid.

    `held` is for a row that keeps what it says while prices move on.
    """

    marked: PortfolioRow
    flash: Flash | None
    weight: Decimal | None
    hidden: bool
    held: bool = False


def positions_columns(longest_symbol: int) -> tuple[Column[PositionRow], ...]:
    """The positions' columns from left to right; the ranks say what a narrow screen gives up first."""
    symbol = max(7, min(longest_symbol, 12))
    return (
        Column(SYMBOL, symbol, max(symbol, 8), 0, _symbol, right=False),
        Column(SIDE, 5, 5, 9, _side, right=False),
        Column(QUANTITY, 6, 10, 1, _quantity),
        Column(ENTRY, 10, 10, 6, _entry),
        Column("", 1, 1, 0, _glyph, right=False),
        Column(LAST, 8, 10, 0, _last),
        Column(VALUE, 10, 13, 3, _market_value),
        Column(COST, 10, 13, 8, _cost),
        Column(DAY, 9, 12, 4, _day),
        Column(DAY_PERCENT, 8, 9, 5, _day_percent),
        Column(PROFIT, 10, 13, 0, _profit),
        Column(PROFIT_PERCENT, 8, 9, 2, _percent),
        Column(WEIGHT, 7, 7, 7, _weight),
    )


def totals_cells(portfolio: Portfolio, *, hidden: bool) -> dict[str, Cell]:
    """The totals under their columns' titles; how many rows are in none of them stands beside the word."""
    out = portfolio.honesty.excluded
    label = (f"Total, {out} left out", f"Total -{out}") if out else ("Total",)
    cells = {SYMBOL: Cell(label, Tone.STRONG, number=False)}
    totals = portfolio.totals
    if totals is not None:
        cells[VALUE] = Cell(unless(hidden, money_forms(totals.market_value)), Tone.STRONG)
        cells[COST] = Cell(unless(hidden, money_forms(totals.cost_basis)))
        cells[DAY] = _gain(totals.day_profit, hidden=hidden)
        cells[DAY_PERCENT] = _rate(totals.day_percent)
        cells[PROFIT] = _gain(totals.unrealized, hidden=hidden)
        cells[PROFIT_PERCENT] = _rate(totals.unrealized_percent)
    return cells


def _symbol(row: PositionRow) -> Cell:
    return Cell((row.marked.position.symbol,), Tone.STRONG, number=False)


def _side(row: PositionRow) -> Cell:
    return Cell(("short" if row.marked.position.quantity < 0 else "long",), Tone.MUTED, number=False)


def _quantity(row: PositionRow) -> Cell:
    return _UNSEEN if row.hidden else Cell(quantity_forms(row.marked.position.quantity))


def _entry(row: PositionRow) -> Cell:
    return Cell(price_forms(float(row.marked.position.average_entry)))


def _glyph(row: PositionRow) -> Cell:
    if row.held:
        return _HELD
    kind = row.marked.badge.kind
    return Cell((kind.value[0],), BADGE_TONES[kind], number=False)


def _last(row: PositionRow) -> Cell:
    quote = row.marked.quote
    if quote is None or quote.price is None:
        return NOTHING
    forms = price_forms(quote.price)
    if word := extended_word(quote):
        forms = extended_forms(word, forms)
    return Cell(forms, Tone.MUTED if _is_old(row) else Tone.PLAIN, flash=row.flash)


def _market_value(row: PositionRow) -> Cell:
    worth = row.marked.valuation
    return _reason(row) if worth is None else Cell(unless(row.hidden, money_forms(worth.market_value)))


def _cost(row: PositionRow) -> Cell:
    worth = row.marked.valuation
    return _reason(row) if worth is None else Cell(unless(row.hidden, money_forms(worth.cost_basis)))


def _day(row: PositionRow) -> Cell:
    worth = row.marked.valuation
    return _reason(row) if worth is None else _gain(worth.day_profit, hidden=row.hidden, old=_is_old(row))


def _day_percent(row: PositionRow) -> Cell:
    worth = row.marked.valuation
    return _reason(row) if worth is None else _rate(worth.day_percent, old=_is_old(row))


def _profit(row: PositionRow) -> Cell:
    worth = row.marked.valuation
    return _reason(row) if worth is None else _gain(worth.unrealized, hidden=row.hidden, old=_is_old(row))


def _percent(row: PositionRow) -> Cell:
    worth = row.marked.valuation
    return _reason(row) if worth is None else _rate(worth.unrealized_percent, old=_is_old(row))


def _weight(row: PositionRow) -> Cell:
    return _reason(row) if row.marked.valuation is None else Cell(weight_forms(row.weight))


def _reason(row: PositionRow) -> Cell:
    return NOTHING if row.marked.exclusion is None else REASONS[row.marked.exclusion]


def _is_old(row: PositionRow) -> bool:
    return row.marked.badge.kind in _OLD


def _gain(amount: Decimal | None, *, hidden: bool, old: bool = False) -> Cell:
    if amount is None:
        return NOTHING
    tone = Tone.MUTED if old else sign_tone(sign_of(amount))
    return Cell(unless(hidden, money_forms(amount, signed=True)), tone)


def _rate(percent: Decimal | None, *, old: bool = False) -> Cell:
    if percent is None:
        return NOTHING
    return Cell(percent_forms(percent), Tone.MUTED if old else sign_tone(sign_of(percent)))

"""The watchlist's columns: those that a width has room for, or those that the user named."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple, get_args

from mytrader_tui.settings.schema import WatchColumn
from mytrader_tui.ui.columns import Cell, Column
from mytrader_tui.ui.strokes import NUMBERED_BEST, NUMBERED_LEAST
from mytrader_tui.ui.watch import cells
from mytrader_tui.ui.watch.row import WatchRow

_SYMBOL_LEAST, _SYMBOL_BEST = 6, 12
_TIGHT = 17
"""What symbol and last price may take together where 80 columns shall show all that is promised."""

_CURRENCY_WIDTH = 96
"""From this width on the currency has a column of its own; below, it stands in the price's cell."""

_NUMBERED_WIDTH = 150
"""From this width on the day's range has its two numbers."""

_EXTENDED_ROOM = 5
"""What a price of the extended hours takes more, with its word."""

ALL: tuple[WatchColumn, ...] = get_args(WatchColumn)
"""Every column's name."""

TITLES: dict[WatchColumn, str] = {
    "symbol": "Symbol",
    "name": "Name",
    "last": "Last",
    "change": "Change",
    "change_percent": "Chg %",
    "bid": "Bid",
    "ask": "Ask",
    "spread": "Spread",
    "volume": "Volume",
    "vwap": "VWAP",
    "open": "Open",
    "high": "High",
    "low": "Low",
    "previous_close": "Prev",
    "day_range": "Day range",
    "year_range": "52 weeks",
    "sparkline": "Today",
    "badge": "Badge",
    "source": "Source",
    "age": "Age",
    "discrepancy": "Δ bp",
    "currency": "Ccy",
    "extended": "Pre/post",
}

_GLYPH: Column[WatchRow] = Column("", 1, 1, 0, cells.glyph, right=False)


class Wants(NamedTuple):
    """What the rows ask for room for: the longest symbol, foreign currency's mark (0 where all is in US dollars) and
    source, and whether any price is one of the extended hours.
    """

    symbol: int = 0
    mark: int = 0
    source: int = 0
    extended: bool = False


class _Room(NamedTuple):
    """What the rows want, the cells there are, and whether the currency has a column of its own."""

    wants: Wants
    width: int
    apart: bool

    @property
    def marked(self) -> bool:
        """True if the prices bear the mark of their currency."""
        return self.wants.mark > 0 and not self.apart

    @property
    def mark_of_hours(self) -> int:
        """What the mark of a change past the close takes more."""
        return 2 if self.wants.extended else 0


class Chosen(NamedTuple):
    """The named columns that there is room for, and the names of the others."""

    columns: tuple[Column[WatchRow], ...]
    left_out: tuple[WatchColumn, ...] = ()


def default_columns(wants: Wants, width: int) -> tuple[Column[WatchRow], ...]:
    """The columns from left to right; the ranks say what a narrow screen gives up first."""
    apart = wants.mark > 0 and width >= _CURRENCY_WIDTH
    offered = [*_LEFT, *(("extended",) if wants.extended else ()), *(("currency",) if apart else ()), *_RIGHT]
    room = _Room(wants, width, apart)
    return tuple(_column(name, room) for name in offered)


def chosen_columns(names: Sequence[WatchColumn], wants: Wants, width: int) -> Chosen:
    """The columns `names` in their order, as many of the first as fit; one at least.

    Without a badge among them its glyph stands before the first: no price is shown without what may be claimed of it.
    """
    apart = wants.mark > 0 and "currency" in names
    room = _Room(wants, width, apart)
    columns = [replace(_column(name, room), rank=0) for name in names]
    for count in range(len(names), 0, -1):
        shown = (*columns[:count],) if "badge" in names[:count] else (_GLYPH, *columns[:count])
        if sum(column.least for column in shown) + len(shown) - 1 <= width:
            return Chosen(shown, tuple(names[count:]))
    return Chosen((_GLYPH, columns[0]), tuple(names[1:]))


_LEFT: tuple[WatchColumn, ...] = ("symbol", "name", "last")
_RIGHT: tuple[WatchColumn, ...] = (
    "change",
    "change_percent",
    "bid",
    "ask",
    "spread",
    "volume",
    "vwap",
    "previous_close",
    "open",
    "sparkline",
    "day_range",
    "year_range",
    "badge",
    "age",
    "source",
    "discrepancy",
)


def _column(name: WatchColumn, room: _Room) -> Column[WatchRow]:
    make = _SPECIAL.get(name)
    made = make(room) if make else _PLAIN[name]
    return replace(made, name=name, title=TITLES[name])


def _symbol(room: _Room) -> Column[WatchRow]:
    longest = max(_SYMBOL_LEAST, min(room.wants.symbol, _SYMBOL_BEST))
    return Column("", min(longest, _TIGHT - _last_least(room)), longest, 0, cells.symbol, False, short="Sym")


def _last(room: _Room) -> Column[WatchRow]:
    least, marked = _last_least(room), room.marked
    best = (max(10, least + 1) if marked else 10) + (_EXTENDED_ROOM if room.wants.extended else 0)
    # The word that tells the hours apart is worth more than any other column's ease.
    growth = 0 if room.wants.extended else 3
    return Column("", least, best, 0, cells.marked_last if marked else cells.last, growth=growth)


def _change(room: _Room) -> Column[WatchRow]:
    return Column("", 7, 9 + room.mark_of_hours, 4, cells.change, growth=2)


def _percent(room: _Room) -> Column[WatchRow]:
    return Column("", 7, 8 + room.mark_of_hours, 3, cells.percent, growth=1)


def _last_least(room: _Room) -> int:
    return 10 if room.wants.mark > 1 and not room.apart else 8


def _side(plain: Callable[[WatchRow], Cell], marked: Callable[[WatchRow], Cell]) -> "_Make":
    def make(room: _Room) -> Column[WatchRow]:
        return Column("", 8, 10, 5, marked if room.marked else plain, growth=5)

    return make


def _source(room: _Room) -> Column[WatchRow]:
    return Column("", 11, max(11, room.wants.source), 7, cells.source, right=False, growth=4)


def _day_range(room: _Room) -> Column[WatchRow]:
    least = NUMBERED_LEAST if room.width >= _NUMBERED_WIDTH else 10
    return Column("", least, NUMBERED_BEST, 10, cells.day_range, right=False, growth=6)


_Make = Callable[[_Room], Column[WatchRow]]

_SPECIAL: dict[WatchColumn, _Make] = {
    "symbol": _symbol,
    "last": _last,
    "change": _change,
    "change_percent": _percent,
    "bid": _side(cells.bid, cells.marked_bid),
    "ask": _side(cells.ask, cells.marked_ask),
    "source": _source,
    "day_range": _day_range,
}
"""Columns whose room depends on what the rows say and on the width."""

_PLAIN: dict[WatchColumn, Column[WatchRow]] = {
    "name": Column("", 14, 24, 12, cells.name, right=False, growth=4),
    "currency": Column("", 4, 4, 1, cells.currency, right=False),
    "spread": Column("", 7, 7, 16, cells.spread),
    "volume": Column("", 6, 6, 6, cells.volume, short="Vol"),
    "vwap": Column("", 8, 10, 14, cells.vwap, growth=5),
    "open": Column("", 8, 10, 17, cells.opened, growth=5),
    "high": Column("", 8, 10, 18, cells.high, growth=5),
    "low": Column("", 8, 10, 18, cells.low, growth=5),
    "previous_close": Column("", 8, 10, 15, cells.previous_close, growth=5),
    "year_range": Column("", 9, NUMBERED_BEST, 11, cells.year_range, right=False, growth=7),
    "sparkline": Column("", 8, 16, 8, cells.day_line, right=False, growth=6),
    "badge": Column("", 13, 13, 0, cells.badge, right=False),
    "age": Column("", 4, 4, 2, cells.age),
    "discrepancy": Column("", 5, 6, 13, cells.discrepancy),
    "extended": Column("", 18, 22, 9, cells.extended, growth=5),
}

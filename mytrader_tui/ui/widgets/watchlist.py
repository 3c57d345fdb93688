"""The watchlist: one row a symbol, with its badge, its age and its source, in the order that the user wants."""

from collections.abc import Sequence, Set

from textual.message import Message
from typing_extensions import override

from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Origin
from mytrader_tui.settings.schema import WatchColumn
from mytrader_tui.ui.columns import Column
from mytrader_tui.ui.desk import Desk
from mytrader_tui.ui.figures import currency_mark
from mytrader_tui.ui.keymap import key_of
from mytrader_tui.ui.watch.columns import ALL, Wants, chosen_columns, default_columns
from mytrader_tui.ui.watch.picture import HeldPicture, LivePicture, Picture
from mytrader_tui.ui.watch.row import WatchRow, age_text, direction, source_forms
from mytrader_tui.ui.watch.sorting import RISING_FIRST, sort_symbols
from mytrader_tui.ui.widgets.ticking_table import TickingTable

DELTA = "Δ"
"""What marks a row whose sources contradict each other."""

RISING, FALLING = "↑", "↓"
"""Which way a column is sorted."""

ARRANGE_SECONDS = 1.0
"""How often prices may change the order of the rows: more often, and no row could be read."""

Sorting = tuple[WatchColumn, bool]
"""The column that rows are sorted by, and True if its greatest is on top."""


class WatchlistTable(TickingTable[WatchRow]):
    """The watched symbols at the prices of the board; `columns` are the user's, or none for as many as fit.

    What the rows show may be held: nothing but the badges, which say so, then moves.
    """

    class SortAsked(Message):
        """The rows shall be sorted by the column called `name`, or turned round if they are."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self, desk: Desk, columns: Sequence[WatchColumn] = (), *, id: str = "watchlist") -> None:
        super().__init__(id=id, empty="")
        self._desk = desk
        self._chosen = tuple(columns)
        self._live = LivePicture(desk)
        self._picture: Picture = self._live
        self._listed: tuple[str, ...] = ()
        self._watched: frozenset[str] = frozenset()
        self._wanted = ""
        self._sorting: Sorting | None = None
        self._arranged: float | None = None
        self._to_arrange = False
        self._missed: set[str] = set()
        self._kinds: set[tuple[str | None, Origin]] = set()
        self._extended: set[str] = set()
        self._lasts: dict[str, float | None] = {}
        self.left_out: tuple[WatchColumn, ...] = ()

    # The columns and the rows.

    @override
    def columns(self, width: int) -> Sequence[Column[WatchRow]]:
        """The columns in `width` cells, as wide as what the rows have said so far wants them."""
        wants = Wants(
            max((len(key) for key in self._listed), default=0),
            max((len(currency_mark(currency)) for currency, _ in self._kinds), default=0),
            max((len(source_forms(origin)[0]) for _, origin in self._kinds), default=0),
            bool(self._extended),
        )
        if not self._chosen:
            return default_columns(wants, width)
        chosen = chosen_columns(self._chosen, wants, width)
        self.left_out = chosen.left_out if width > 0 else ()
        return chosen.columns

    @override
    def row(self, key: str, now: Moment) -> WatchRow:
        """The row of the symbol `key` at `now`."""
        picture, shown = self._picture, self.shown
        quote = picture.quote(key)
        return WatchRow(
            key,
            picture.version(key),
            picture.claim(key, now),
            age_text(quote, now),
            self.flashing(key, now),
            quote,
            picture.name(key),
            bool(self._desk.mark(key)),
            picture.year_range(key) if "year_range" in shown else None,
            picture.sparkline(key) if "sparkline" in shown else (),
            picture.apart(key) if "discrepancy" in shown else None,
        )

    @override
    def row_mark(self, row: WatchRow) -> str:
        """A delta where the sources are apart; the notice tells of the row under the cursor by how much."""
        return DELTA if row.contradicted else " "

    @property
    def shown(self) -> frozenset[str]:
        """The names of the columns that are shown."""
        return self._shown

    @override
    def choose_columns(self) -> None:
        """Fit the columns to the size, and remember which they are."""
        super().choose_columns()
        self._shown = frozenset(column.name for column, _ in self._arrangement.placed)

    _shown: frozenset[str] = frozenset()

    # What the screen tells it.

    @override
    def set_keys(self, keys: Sequence[str]) -> None:
        """Watch these symbols, in this order by hand."""
        watched = frozenset(keys)
        self._live.forget(self._watched - watched)
        self._listed, self._watched = tuple(keys), watched
        served = {key: quote for key in keys if (quote := self._picture.quote(key)) is not None}
        self._kinds = {(quote.currency, quote.origin) for quote in served.values()}
        self._extended = {key for key, quote in served.items() if quote.in_extended}
        self._lasts = {key: last for key, last in self._lasts.items() if key in watched}
        self._arrange(self._desk.now())

    def take(self, dirty: Set[str], now: Moment) -> None:
        """Absorb the symbols that changed: prices that moved flash, new currencies and sources get their room."""
        if self.held:
            self._missed |= dirty
            return
        changed = dirty & self._watched
        self.touch(changed)
        before = (len(self._kinds), bool(self._extended))
        for symbol in changed:
            self._absorb(symbol, now)
        if (len(self._kinds), bool(self._extended)) != before:
            self.rearrange()
        self._to_arrange = self._to_arrange or bool(changed)
        self._arrange_in_time(now)

    def _absorb(self, symbol: str, now: Moment) -> None:
        quote = self._desk.board.served(symbol)
        if quote is None:
            return
        self._kinds.add((quote.currency, quote.origin))
        if quote.in_extended:
            self._extended.add(symbol)
        else:
            self._extended.discard(symbol)
        price = quote.price
        if (flash := direction(self._lasts.get(symbol), price)) is not None:
            self.flash(symbol, flash, now)
        self._lasts[symbol] = price

    # The order of the rows, and which of them are shown.

    @property
    def listed(self) -> tuple[str, ...]:
        """Every symbol of the list, in the order made by hand."""
        return self._listed

    @property
    def sorting(self) -> Sorting | None:
        """The column and the direction, or None for the order made by hand."""
        return self._sorting

    @property
    def wanted(self) -> str:
        """The text that symbols or names must have to be shown; empty for all."""
        return self._wanted

    def sort(self, name: str, *, falling: bool) -> None:
        """Sort by the column called `name`, which is no column's in the order made by hand."""
        column = next((column for column in ALL if column == name), None)
        sorting = None if column is None else (column, falling)
        if sorting != self._sorting:
            self._sorting = sorting
            self._arrange(self._desk.now())
            self.refresh()

    def filter(self, text: str) -> None:
        """Show the rows whose symbol or name has `text`; all if it is empty."""
        wanted = text.strip().casefold()
        if wanted != self._wanted:
            self._wanted = wanted
            self._arrange(self._desk.now())
            self.refresh()

    @override
    def arrow(self, column: Column[WatchRow]) -> str:
        """Which way the rows are sorted by `column`."""
        if self._sorting is None or column.name != self._sorting[0]:
            return ""
        return FALLING if self._sorting[1] else RISING

    @override
    def header_clicked(self, column: Column[WatchRow]) -> None:
        """Ask for the rows to be sorted by that column."""
        if column.name:
            self.post_message(self.SortAsked(column.name))

    @override
    def empty_text(self) -> str:
        """Whether there is nothing, or nothing that the filter lets through."""
        if self._listed:
            key = key_of(self.app, "show_all")
            return f"Nothing matches “{self._wanted}”." + (f" {key.capitalize()} shows all." if key else "")
        return f"Nothing is watched. Press {key_of(self.app, 'add')} to add a symbol."

    def _arrange_in_time(self, now: Moment) -> None:
        """Follow the prices, which may change the order; the clock alone changes ages and badges."""
        moving = self._sorting is not None or bool(self._wanted)
        ticking = self._sorting is not None and self._sorting[0] in ("age", "badge")
        if not moving or not (self._to_arrange or ticking):
            return
        if self._arranged is None or now.mono - self._arranged >= ARRANGE_SECONDS:
            self._arrange(now)

    def _arrange(self, now: Moment) -> None:
        self._arranged, self._to_arrange = now.mono, False
        rows = tuple(filter(self._matches, self._listed)) if self._wanted else self._listed
        if self._sorting is not None:
            rows = sort_symbols(self._picture, rows, self._sorting[0], now, falling=self._sorting[1])
        if len(rows) == len(self._places) and self._places.keys() >= set(rows):
            self.reorder(rows)
        else:
            super().set_keys(rows)

    def _matches(self, symbol: str) -> bool:
        return self._wanted in symbol.casefold() or self._wanted in (self._picture.name(symbol) or "").casefold()

    # The pause.

    @property
    def held(self) -> bool:
        """True while the rows keep what they say."""
        return isinstance(self._picture, HeldPicture)

    def hold(self, now: Moment) -> None:
        """Keep what the rows say now."""
        self._picture = HeldPicture.of(self._live, self._listed, now)
        self._flashes.clear()
        self.touch(self._places.keys())

    def release(self, now: Moment) -> None:
        """Go on with the newest."""
        self._picture = self._live
        missed, self._missed = self._missed, set()
        self.take(missed, now)
        self.touch(self._places.keys())


def falls_first(name: str) -> bool:
    """True if the column called `name`, just chosen, is best read from its greatest on."""
    return name not in RISING_FIRST

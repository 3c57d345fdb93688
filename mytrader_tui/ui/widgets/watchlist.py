"""The watchlist: one row a symbol, with its badge, its age and its source."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from typing import NamedTuple

from mytrader_tui.market.freshness import BadgeKind, short_span
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Origin, Quote
from mytrader_tui.ui.columns import BADGE_TONES, NOTHING, Cell, Column, Flash, Tone, sign_tone
from mytrader_tui.ui.desk import Desk
from mytrader_tui.ui.figures import (
    MISSING,
    Forms,
    change_forms,
    currency_mark,
    marked,
    percent_forms,
    price_forms,
    sign_shown,
    volume_forms,
)
from mytrader_tui.ui.widgets.ticking_table import TickingTable

DELTA = "Δ"
"""What marks a row whose sources contradict each other."""

_OLD = frozenset({BadgeKind.STALE, BadgeKind.CACHED})
_SYMBOL_LEAST, _SYMBOL_BEST = 6, 12
_TIGHT = 17
"""What symbol and last price may take together where 80 columns shall show all that is promised."""

_CURRENCY_WIDTH = 96
"""From this width on the currency has a column of its own; below, it stands in the price's cell."""


@dataclass(frozen=True, slots=True)
class WatchRow:
    """What a row says. The quote is told apart by its `version`, so that comparing rows is cheap.

    `name` is any source's, since the one that serves the prices may know none.
    """

    symbol: str
    version: int
    badge: str
    kind: BadgeKind
    age: str
    flash: Flash | None
    quote: Quote | None = field(compare=False)
    name: str | None = None
    contradicted: bool = False


class Wants(NamedTuple):
    """The longest symbol, foreign currency's mark (0 where all is in US dollars) and source among the rows."""

    symbol: int = 0
    mark: int = 0
    source: int = 0


class WatchlistTable(TickingTable[WatchRow]):
    """The watched symbols at the prices of the board."""

    def __init__(self, desk: Desk, *, id: str = "watchlist") -> None:
        super().__init__(id=id, empty="Nothing is watched. Press a to add a symbol.")
        self._desk = desk
        self._kinds: set[tuple[str | None, Origin]] = set()
        self._names: dict[str, str] = {}
        self._lasts: dict[str, float | None] = {}

    def columns(self, width: int) -> Sequence[Column[WatchRow]]:
        """The columns in `width` cells, as wide as what the rows have said so far wants them."""
        wants = Wants(
            max((len(key) for key in self.keys), default=0),
            max((len(currency_mark(currency)) for currency, _ in self._kinds), default=0),
            max((len(source_forms(origin)[0]) for _, origin in self._kinds), default=0),
        )
        return watchlist_columns(wants, width)

    def row(self, key: str, now: Moment) -> WatchRow:
        """The row of the symbol `key` at `now`."""
        board = self._desk.board
        quote, badge = board.served(key), self._desk.badge(key, now)
        kind, age, flash = badge.kind, age_text(quote, now), self.flashing(key, now)
        contradicted = bool(self._desk.mark(key))
        return WatchRow(key, board.version(key), badge.text, kind, age, flash, quote, self._name_of(key), contradicted)

    def row_mark(self, row: WatchRow) -> str:
        """A delta where the sources are apart; the notice tells of the row under the cursor by how much."""
        return DELTA if row.contradicted else " "

    def take(self, dirty: Set[str], now: Moment) -> None:
        """Absorb the symbols that changed: prices that moved flash, new currencies and sources get their room."""
        self.touch(dirty)
        kinds = len(self._kinds)
        for symbol in dirty & self._places.keys():
            quote = self._desk.board.served(symbol)
            if quote is None:
                continue
            self._kinds.add((quote.currency, quote.origin))
            if (flash := direction(self._lasts.get(symbol), quote.price)) is not None:
                self.flash(symbol, flash, now)
            self._lasts[symbol] = quote.price
        if len(self._kinds) != kinds:
            self.rearrange()

    def set_keys(self, keys: Sequence[str]) -> None:
        """Show these symbols."""
        served = [quote for key in keys if (quote := self._desk.board.served(key)) is not None]
        self._kinds = {(quote.currency, quote.origin) for quote in served}
        self._lasts = {key: last for key, last in self._lasts.items() if key in set(keys)}
        self._names.clear()
        super().set_keys(keys)

    def _name_of(self, key: str) -> str | None:
        name = self._names.get(key) or self._desk.board.name(key)
        if name:
            self._names[key] = name
        return name


def watchlist_columns(wants: Wants, width: int) -> tuple[Column[WatchRow], ...]:
    """The watchlist's columns from left to right; the ranks say what a narrow screen gives up first."""
    apart = wants.mark > 0 and width >= _CURRENCY_WIDTH
    last = 10 if wants.mark > 1 and not apart else 8
    longest = max(_SYMBOL_LEAST, min(wants.symbol, _SYMBOL_BEST))
    symbol = min(longest, _TIGHT - last)
    price, bid, ask = (_last, _bid, _ask) if apart or not wants.mark else (_marked_last, _marked_bid, _marked_ask)
    currency = (Column("Ccy", 3, 3, 1, _currency, right=False),) if apart else ()
    return (
        Column("Symbol", symbol, longest, 0, _symbol, right=False),
        Column("Name", 14, 24, 9, _name, right=False, growth=4),
        Column("Last", last, 10 if apart else max(10, last + 1), 0, price, growth=3),
        *currency,
        Column("Change", 7, 9, 4, _change, growth=2),
        Column("Chg %", 7, 8, 3, _percent, growth=1),
        Column("Bid", 8, 10, 5, bid, growth=5),
        Column("Ask", 8, 10, 5, ask, growth=5),
        Column("Volume", 6, 6, 6, _volume),
        Column("Badge", 13, 13, 0, _badge, right=False),
        Column("Age", 4, 4, 2, _age),
        Column("Source", 11, max(11, wants.source), 7, _source, right=False, growth=4),
    )


def age_text(quote: Quote | None, now: Moment) -> str:
    """How long ago the last price was made on the exchange, or `—` where nobody said."""
    if quote is None or quote.price is None or quote.price_time is None:
        return MISSING
    return short_span(now.age_of(quote.price_time))


def direction(before: float | None, after: float | None) -> Flash | None:
    """The flash of a price that went from `before` to `after`; a first price does not flash."""
    if before is None or after is None or before == after:
        return None
    return Flash.UP if after > before else Flash.DOWN


def source_forms(origin: Origin) -> Forms:
    """Who says a price and on which feed, or only who; no word is cut."""
    source = origin.source.value
    return (f"{source} {origin.feed}", source) if origin.feed not in ("", source) else (source,)


def _symbol(row: WatchRow) -> Cell:
    return Cell((row.symbol,), Tone.STRONG, number=False)


def _name(row: WatchRow) -> Cell:
    return Cell((row.name or "",), Tone.MUTED, number=False)


def _last(row: WatchRow, mark: str = "") -> Cell:
    if row.quote is None or row.quote.price is None:
        return NOTHING
    forms = price_forms(row.quote.price)
    tone = Tone.MUTED if row.kind in _OLD else Tone.STRONG
    return Cell(marked(mark, forms) if mark else forms, tone, flash=row.flash)


def _marked_last(row: WatchRow) -> Cell:
    return _last(row, currency_mark(row.quote.currency) if row.quote else "")


def _currency(row: WatchRow) -> Cell:
    currency = row.quote.currency if row.quote else None
    return Cell((currency or MISSING,), Tone.MUTED, number=False)


def _change(row: WatchRow) -> Cell:
    if row.quote is None or row.quote.change is None or row.quote.price is None:
        return NOTHING
    return _signed(row, change_forms(row.quote.change, row.quote.price))


def _percent(row: WatchRow) -> Cell:
    if row.quote is None or row.quote.change_percent is None:
        return NOTHING
    return _signed(row, percent_forms(row.quote.change_percent))


def _signed(row: WatchRow, forms: Forms) -> Cell:
    return Cell(forms, Tone.MUTED if row.kind in _OLD else sign_tone(sign_shown(forms[0])))


def _bid(row: WatchRow) -> Cell:
    return _side(row.quote.bid if row.quote else None)


def _ask(row: WatchRow) -> Cell:
    return _side(row.quote.ask if row.quote else None)


def _marked_bid(row: WatchRow) -> Cell:
    return _side(row.quote.bid, currency_mark(row.quote.currency)) if row.quote else NOTHING


def _marked_ask(row: WatchRow) -> Cell:
    return _side(row.quote.ask, currency_mark(row.quote.currency)) if row.quote else NOTHING


def _side(price: float | None, mark: str = "") -> Cell:
    if price is None:
        return NOTHING
    forms = price_forms(price)
    # A code may take more room than there is; the last price in the same row always has it.
    return Cell((*marked(mark, forms), *forms) if mark else forms)


def _volume(row: WatchRow) -> Cell:
    volume = row.quote.volume if row.quote else None
    return NOTHING if volume is None else Cell(volume_forms(volume))


def _badge(row: WatchRow) -> Cell:
    return Cell((row.badge,), BADGE_TONES[row.kind], number=False)


def _age(row: WatchRow) -> Cell:
    return Cell((row.age,), Tone.MUTED)


def _source(row: WatchRow) -> Cell:
    if row.quote is None or row.quote.price is None:
        return Cell((MISSING,), Tone.MUTED, number=False)
    return Cell(source_forms(row.quote.origin), Tone.MUTED, number=False)

"""The watchlist: one row a symbol, with its badge, its age and its source."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, field

from mytrader_tui.market.freshness import BadgeKind, short_span
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Quote
from mytrader_tui.ui.columns import BADGE_TONES, NOTHING, Cell, Column, Flash, Tone, sign_tone
from mytrader_tui.ui.desk import Desk
from mytrader_tui.ui.figures import (
    MISSING,
    change_forms,
    decimals,
    percent_forms,
    price_forms,
    sign_of,
    volume_forms,
)
from mytrader_tui.ui.widgets.ticking_table import TickingTable

_OLD = frozenset({BadgeKind.STALE, BadgeKind.CACHED})
_SYMBOL_LEAST, _SYMBOL_BEST = 6, 12
_HOME_CURRENCY = "USD"


@dataclass(frozen=True, slots=True)
class WatchRow:
    """What a row says. The quote is told apart by its `version`, so that comparing rows is cheap."""

    symbol: str
    version: int
    badge: str
    kind: BadgeKind
    age: str
    flash: Flash | None
    quote: Quote | None = field(compare=False)


class WatchlistTable(TickingTable[WatchRow]):
    """The watched symbols at the prices of the board."""

    def __init__(self, desk: Desk, *, id: str = "watchlist") -> None:
        super().__init__(id=id, empty="Nothing is watched. Press a to add a symbol.")
        self._desk = desk
        self._foreign = False
        self._lasts: dict[str, float | None] = {}

    def columns(self) -> Sequence[Column[WatchRow]]:
        """The columns: the currency has one only while a row is not in US dollars."""
        longest = max((len(key) for key in self.keys), default=0)
        return watchlist_columns(longest, foreign=self._foreign)

    def row(self, key: str, now: Moment) -> WatchRow:
        """The row of the symbol `key` at `now`."""
        quote = self._desk.board.served(key)
        badge = self._desk.badge(key, now)
        version = self._desk.board.version(key)
        return WatchRow(key, version, badge.text, badge.kind, age_text(quote, now), self.flashing(key, now), quote)

    def take(self, dirty: Set[str], now: Moment) -> None:
        """Absorb the symbols that changed: prices that moved flash, a foreign currency gets its column."""
        for symbol in dirty & self._places.keys():
            quote = self._desk.board.served(symbol)
            last = quote.last if quote else None
            if (flash := direction(self._lasts.get(symbol), last)) is not None:
                self.flash(symbol, flash, now)
            self._lasts[symbol] = last
        foreign = any(_is_foreign(self._desk.board.served(key)) for key in dirty & self._places.keys())
        if foreign and not self._foreign:
            self._foreign = True
            self.rearrange()

    def set_keys(self, keys: Sequence[str]) -> None:
        """Show these symbols."""
        self._lasts = {key: last for key, last in self._lasts.items() if key in set(keys)}
        self._foreign = any(_is_foreign(self._desk.board.served(key)) for key in keys)
        super().set_keys(keys)


def watchlist_columns(longest_symbol: int, *, foreign: bool) -> tuple[Column[WatchRow], ...]:
    """The watchlist's columns from left to right; the ranks say what a narrow screen gives up first."""
    symbol = max(_SYMBOL_LEAST, min(longest_symbol, _SYMBOL_BEST))
    currency = (Column("Ccy", 3, 3, 1, _currency, right=False),) if foreign else ()
    return (
        Column("Symbol", symbol, max(symbol, 8), 0, _symbol, right=False),
        Column("Name", 14, 28, 9, _name, right=False),
        Column("Last", 8, 10, 0, _last),
        *currency,
        Column("Change", 8, 10, 4, _change),
        Column("Chg %", 8, 10, 2, _percent),
        Column("Bid", 8, 10, 5, _bid),
        Column("Ask", 8, 10, 5, _ask),
        Column("Volume", 6, 7, 6, _volume),
        Column("Badge", 13, 14, 0, _badge, right=False),
        Column("Age", 4, 4, 3, _age),
        Column("Source", 10, 16, 7, _source, right=False),
    )


def age_text(quote: Quote | None, now: Moment) -> str:
    """How long ago the last price was made on the exchange, or `—` where nobody said."""
    if quote is None or quote.last is None or quote.event_time is None:
        return MISSING
    return short_span(now.age_of(quote.event_time))


def direction(before: float | None, after: float | None) -> Flash | None:
    """The flash of a price that went from `before` to `after`; a first price does not flash."""
    if before is None or after is None or before == after:
        return None
    return Flash.UP if after > before else Flash.DOWN


def _is_foreign(quote: Quote | None) -> bool:
    return quote is not None and quote.currency not in (None, _HOME_CURRENCY)


def _symbol(row: WatchRow) -> Cell:
    return Cell((row.symbol,), Tone.STRONG, number=False)


def _name(row: WatchRow) -> Cell:
    name = row.quote.name if row.quote else None
    return Cell((name or "",), Tone.MUTED, number=False)


def _last(row: WatchRow) -> Cell:
    if row.quote is None or row.quote.last is None:
        return NOTHING
    tone = Tone.MUTED if row.kind in _OLD else Tone.STRONG
    return Cell(price_forms(row.quote.last), tone, flash=row.flash)


def _currency(row: WatchRow) -> Cell:
    currency = row.quote.currency if row.quote else None
    return Cell((currency or MISSING,), Tone.MUTED, number=False)


def _change(row: WatchRow) -> Cell:
    if row.quote is None or row.quote.change is None or row.quote.last is None:
        return NOTHING
    sign = sign_of(row.quote.change, decimals(row.quote.last))
    return Cell(change_forms(row.quote.change, row.quote.last), _tone(row, sign))


def _percent(row: WatchRow) -> Cell:
    if row.quote is None or row.quote.change_percent is None:
        return NOTHING
    return Cell(percent_forms(row.quote.change_percent), _tone(row, sign_of(row.quote.change_percent)))


def _tone(row: WatchRow, sign: int) -> Tone:
    return Tone.MUTED if row.kind in _OLD else sign_tone(sign)


def _side(price: float | None) -> Cell:
    return NOTHING if price is None else Cell(price_forms(price))


def _bid(row: WatchRow) -> Cell:
    return _side(row.quote.bid if row.quote else None)


def _ask(row: WatchRow) -> Cell:
    return _side(row.quote.ask if row.quote else None)


def _volume(row: WatchRow) -> Cell:
    volume = row.quote.volume if row.quote else None
    return NOTHING if volume is None else Cell(volume_forms(volume))


def _badge(row: WatchRow) -> Cell:
    return Cell((row.badge,), BADGE_TONES[row.kind], number=False)


def _age(row: WatchRow) -> Cell:
    return Cell((row.age,), Tone.MUTED)


def _source(row: WatchRow) -> Cell:
    if row.quote is None or row.quote.last is None:
        return Cell((MISSING,), Tone.MUTED, number=False)
    origin = row.quote.origin
    named = origin.feed and origin.feed != origin.source.value
    return Cell((f"{origin.source.value} {origin.feed}" if named else origin.source.value,), Tone.MUTED, number=False)

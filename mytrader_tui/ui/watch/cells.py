"""The cells of the watchlist's columns."""

from functools import partial

from mytrader_tui.market.quote import Quote
from mytrader_tui.ui.columns import NOTHING, Cell, Tone, sign_tone
from mytrader_tui.ui.figures import (
    MISSING,
    Forms,
    basis_point_forms,
    change_forms,
    currency_mark,
    extended_forms,
    marked,
    percent_forms,
    price_forms,
    sign_shown,
    spanning_forms,
    spread_forms,
    volume_forms,
)
from mytrader_tui.ui.strokes import range_bar, sparkline
from mytrader_tui.ui.watch.row import WatchRow, extended_percent, extended_word, source_forms


def symbol(row: WatchRow) -> Cell:
    """The symbol."""
    return Cell((row.symbol,), Tone.STRONG, number=False)


def name(row: WatchRow) -> Cell:
    """The name, or blanks."""
    return Cell((row.name or "",), Tone.MUTED, number=False)


def last(row: WatchRow) -> Cell:
    """The price, marked if it is one of the extended hours."""
    return _last(row, "")


def marked_last(row: WatchRow) -> Cell:
    """The price behind the mark of its currency, where that is not the dollar."""
    return _last(row, currency_mark(row.quote.currency) if row.quote else "")


def _last(row: WatchRow, mark: str) -> Cell:
    quote = row.quote
    if quote is None or quote.price is None:
        return NOTHING
    forms = price_forms(quote.price)
    if mark:
        forms = marked(mark, forms)
    if word := extended_word(quote):
        forms = extended_forms(word, forms)
    return Cell(forms, Tone.MUTED if row.claim.old else Tone.STRONG, flash=row.flash)


def currency(row: WatchRow) -> Cell:
    """The currency's code."""
    code = row.quote.currency if row.quote else None
    return Cell((code or MISSING,), Tone.MUTED, number=False)


def change(row: WatchRow) -> Cell:
    """The change of the price shown against the previous close, marked if it goes on past the regular close."""
    if row.quote is None or row.quote.change is None or row.quote.price is None:
        return NOTHING
    return _signed(row, change_forms(row.quote.change, row.quote.price))


def percent(row: WatchRow) -> Cell:
    """The same in percent."""
    if row.quote is None or row.quote.change_percent is None:
        return NOTHING
    return _signed(row, percent_forms(row.quote.change_percent))


def _signed(row: WatchRow, forms: Forms) -> Cell:
    shown = spanning_forms(forms) if row.quote is not None and row.quote.spans_close else forms
    return _signed_by(row, shown, forms[0])


def bid(row: WatchRow) -> Cell:
    """The best bid."""
    return _price(row.quote.standing_bid if row.quote else None)


def ask(row: WatchRow) -> Cell:
    """The best ask."""
    return _price(row.quote.standing_ask if row.quote else None)


def marked_bid(row: WatchRow) -> Cell:
    """The best bid behind the mark of its currency."""
    return _price(row.quote.standing_bid, currency_mark(row.quote.currency)) if row.quote else NOTHING


def marked_ask(row: WatchRow) -> Cell:
    """The best ask behind the mark of its currency."""
    return _price(row.quote.standing_ask, currency_mark(row.quote.currency)) if row.quote else NOTHING


def _price(price: float | None, mark: str = "") -> Cell:
    if price is None:
        return NOTHING
    forms = price_forms(price)
    # A code may take more room than there is; the last price in the same row always has it.
    return Cell((*marked(mark, forms), *forms) if mark else forms)


def spread(row: WatchRow) -> Cell:
    """What the ask is above the bid."""
    gap = spread_of(row.quote)
    return NOTHING if gap is None or row.quote is None else Cell(spread_forms(gap, row.quote.ask))


def spread_of(quote: Quote | None) -> float | None:
    """The ask less the bid, where both are quoted."""
    if quote is None or quote.standing_bid is None or quote.standing_ask is None:
        return None
    return quote.standing_ask - quote.standing_bid


def volume(row: WatchRow) -> Cell:
    """The day's volume."""
    traded = row.quote.volume if row.quote else None
    return NOTHING if traded is None else Cell(volume_forms(traded))


def vwap(row: WatchRow) -> Cell:
    """The day's average price by volume."""
    return _price(row.quote.vwap if row.quote else None)


def opened(row: WatchRow) -> Cell:
    """The day's first price."""
    return _price(row.quote.open if row.quote else None)


def high(row: WatchRow) -> Cell:
    """The day's highest price."""
    return _price(row.quote.high if row.quote else None)


def low(row: WatchRow) -> Cell:
    """The day's lowest price."""
    return _price(row.quote.low if row.quote else None)


def previous_close(row: WatchRow) -> Cell:
    """The close that changes are counted from."""
    return _price(row.quote.previous_close if row.quote else None)


def day_range(row: WatchRow) -> Cell:
    """Where the price stands between the day's lowest and highest."""
    quote = row.quote
    return _range(row, (quote.low, quote.high) if quote and quote.low and quote.high else None)


def year_range(row: WatchRow) -> Cell:
    """Where the price stands between the lowest and the highest of 52 weeks."""
    return _range(row, row.year_range)


def _range(row: WatchRow, ends: tuple[float, float] | None) -> Cell:
    if ends is None:
        return Cell((MISSING,), Tone.MUTED, number=False)
    drawn = partial(range_bar, *ends, row.quote.price if row.quote else None)
    return Cell((), Tone.MUTED if row.claim.old else Tone.PLAIN, draw=drawn)


def day_line(row: WatchRow) -> Cell:
    """The day so far as a line, in the tone of what it came to."""
    closes = row.sparkline
    if len(closes) < 2:
        return Cell((MISSING,), Tone.MUTED, number=False)
    rise = (closes[-1] > closes[0]) - (closes[-1] < closes[0])
    return Cell((), Tone.MUTED if row.claim.old else sign_tone(rise), draw=partial(sparkline, closes))


def badge(row: WatchRow) -> Cell:
    """What may be claimed of the price."""
    return Cell((row.claim.text,), row.claim.tone, number=False)


def glyph(row: WatchRow) -> Cell:
    """The same in one character, for whoever does without the badge."""
    return Cell((row.claim.text[0],), row.claim.tone, number=False)


def age(row: WatchRow) -> Cell:
    """How long ago the price was made."""
    return Cell((row.age,), Tone.MUTED)


def source(row: WatchRow) -> Cell:
    """Who says so."""
    if row.quote is None or row.quote.price is None:
        return Cell((MISSING,), Tone.MUTED, number=False)
    return Cell(source_forms(row.quote.origin), Tone.MUTED, number=False)


def discrepancy(row: WatchRow) -> Cell:
    """How far the sources are apart; it is no gain, and has no tone of one."""
    return NOTHING if row.apart is None else Cell(basis_point_forms(row.apart))


def extended(row: WatchRow) -> Cell:
    """The extended hours' price, and how far it is from the regular session's last."""
    quote = row.quote
    if quote is None or quote.extended_last is None or not quote.in_extended:
        return NOTHING
    prices, moved = extended_forms(extended_word(quote), price_forms(quote.extended_last)), extended_percent(quote)
    if moved is None:
        return Cell(prices)
    changes = percent_forms(moved)
    return _signed_by(row, tuple(f"{price} {gone}" for price in prices for gone in changes[:2]), changes[0])


def _signed_by(row: WatchRow, forms: Forms, shown: str) -> Cell:
    return Cell(forms, Tone.MUTED if row.claim.old else sign_tone(sign_shown(shown)))

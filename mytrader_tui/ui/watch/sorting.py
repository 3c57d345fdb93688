"""The order of the watchlist's rows by any of its columns."""

from collections.abc import Callable, Sequence

from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Quote
from mytrader_tui.settings.schema import WatchColumn
from mytrader_tui.ui.strokes import standing
from mytrader_tui.ui.watch.cells import spread_of
from mytrader_tui.ui.watch.picture import Picture
from mytrader_tui.ui.watch.row import extended_percent, source_forms

Sortable = float | str
_Pair = tuple[Sortable, str]

RISING_FIRST: frozenset[WatchColumn] = frozenset({"symbol", "name", "source", "badge", "currency", "age"})
"""What is best read from its least on; of all else the greatest comes first until it is turned round."""


def sort_symbols(
    picture: Picture, symbols: Sequence[str], column: WatchColumn, now: Moment, *, falling: bool
) -> tuple[str, ...]:
    """`symbols` by `column`; what has no value comes last either way, and equals stay in the order given."""
    known: list[_Pair] = []
    unknown: list[str] = []
    for symbol in symbols:
        value = _value(picture, symbol, column, now)
        if value is None:
            unknown.append(symbol)
        else:
            known.append((value, symbol))
    known.sort(key=_first, reverse=falling)
    return (*(symbol for _, symbol in known), *unknown)


def _first(pair: _Pair) -> Sortable:
    return pair[0]


def _value(picture: Picture, symbol: str, column: WatchColumn, now: Moment) -> Sortable | None:
    match column:
        case "symbol":
            return symbol
        case "name":
            name = picture.name(symbol)
            return name.casefold() if name else None
        case "discrepancy":
            apart = picture.apart(symbol)
            return None if apart is None else abs(apart)
        case "sparkline":
            closes = picture.sparkline(symbol)
            return closes[-1] / closes[0] if len(closes) > 1 and closes[0] else None
    quote = picture.quote(symbol)
    if quote is None:
        return None
    match column:
        case "badge":
            return picture.claim(symbol, now).rank if quote.price is not None else None
        case "year_range":
            return _stands(quote.price, picture.year_range(symbol))
        case "source":
            return source_forms(quote.origin)[0] if quote.price is not None else None
        case _:
            return _OF_QUOTE[column](quote)


def _stands(price: float | None, ends: tuple[float, float] | None) -> float | None:
    return None if price is None or ends is None else standing(*ends, price)


def _of_day(quote: Quote) -> float | None:
    return _stands(quote.price, (quote.low, quote.high) if quote.low and quote.high else None)


def _age(quote: Quote) -> float | None:
    return None if quote.price is None or quote.price_time is None else -quote.price_time.timestamp()


_OF_QUOTE: dict[WatchColumn, Callable[[Quote], Sortable | None]] = {
    "last": lambda quote: quote.price,
    "change": lambda quote: quote.change,
    "change_percent": lambda quote: quote.change_percent,
    "bid": lambda quote: quote.standing_bid,
    "ask": lambda quote: quote.standing_ask,
    "spread": spread_of,
    "volume": lambda quote: quote.volume,
    "vwap": lambda quote: quote.vwap,
    "open": lambda quote: quote.open,
    "high": lambda quote: quote.high,
    "low": lambda quote: quote.low,
    "previous_close": lambda quote: quote.previous_close,
    "day_range": _of_day,
    "age": _age,
    "currency": lambda quote: quote.currency,
    "extended": extended_percent,
}

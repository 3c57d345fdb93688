"""The newest quote of every symbol, conflated: the only state that feeds write and screens read."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from msgspec.structs import replace

from mytrader_tui.market.day_range import reaching_last, with_range_of, without_print
from mytrader_tui.market.quote import (
    Believed,
    BidAsk,
    DayBar,
    Quote,
    Repair,
    Retraction,
    Source,
    Trade,
    TradingStatus,
)

_T = TypeVar("_T")


class Board:
    """Each source's newest quote of each symbol, and which source serves it.

    Widgets read `served` and drain the dirty symbols on their own timer, so a burst costs one repaint. What a
    source does not repeat stays, and can only grow old: nothing is blanked but a price that its source took back, and
    a range that may be of another day than the price.
    """

    def __init__(self) -> None:
        self._quotes: dict[tuple[str, Source], Quote] = {}
        self._serving: dict[str, Source] = {}
        self._held: dict[str, Quote] = {}
        self._dirty: set[str] = set()
        self._versions: dict[str, int] = {}

    def quote(self, symbol: str, source: Source) -> Quote | None:
        """What `source` last said of `symbol`."""
        return self._quotes.get((symbol, source))

    def serving(self, symbol: str) -> Source | None:
        """The one source that publishes `symbol` now, or None before any was chosen."""
        return self._serving.get(symbol)

    def served(self, symbol: str) -> Quote | None:
        """The quote that the screen shows for `symbol`: its source's, or the one that it is held at."""
        if (held := self._held.get(symbol)) is not None:
            return held
        source = self._serving.get(symbol)
        return None if source is None else self._quotes.get((symbol, source))

    def name(self, symbol: str) -> str | None:
        """What any source calls the company or instrument behind `symbol`."""
        names = (quote.name for source in Source if (quote := self._quotes.get((symbol, source))))
        return next((name for name in names if name), None)

    def year_range(self, symbol: str) -> tuple[float, float] | None:
        """The lowest and the highest price of the last 52 weeks, by any source that tells both, if they make sense."""
        for source in Source:
            quote = self._quotes.get((symbol, source))
            if quote is None or quote.year_low is None or quote.year_high is None:
                continue
            if quote.year_low < quote.year_high:
                return quote.year_low, quote.year_high
        return None

    def version(self, symbol: str) -> int:
        """A number that grows whenever what the screen shows of `symbol` may have changed."""
        return self._versions.get(symbol, 0)

    def serve(self, symbol: str, source: Source) -> bool:
        """Let `source` publish `symbol` from now on; True if that took it from another source (the cache is none)."""
        before = self._serving.get(symbol)
        if before is source:
            return False
        self._serving[symbol] = source
        self._touch(symbol)
        return before not in (None, Source.CACHE)

    def hold(self, symbol: str) -> None:
        """Go on showing `symbol` as it is now, whatever its sources say, until it is released."""
        served = self.served(symbol)
        if served is not None:
            self._held[symbol] = served
            self._touch(symbol)

    def release(self, symbol: str) -> None:
        """Show what the serving source of `symbol` says again."""
        if self._held.pop(symbol, None) is not None:
            self._touch(symbol)

    def apply(self, update: Believed) -> None:
        """Merge a validated `update` into its source's quote of the symbol."""
        key = (update.symbol, update.origin.source)
        known = self._quotes.get(key)
        if known is None:
            known = Quote(symbol=update.symbol, origin=update.origin, receipt=update.receipt)
        self._quotes[key] = merge(known, update)
        if self._serving.get(update.symbol) is update.origin.source and update.symbol not in self._held:
            self._touch(update.symbol)

    def forget(self, symbol: str) -> None:
        """Drop everything known of `symbol`, which nobody watches any more."""
        for source in Source:
            self._quotes.pop((symbol, source), None)
        self._serving.pop(symbol, None)
        self._held.pop(symbol, None)
        self._dirty.discard(symbol)

    def touch(self, symbols: Iterable[str]) -> None:
        """Mark rows whose look changed without news, such as a badge that decayed."""
        for symbol in symbols:
            self._touch(symbol)

    def drain(self) -> set[str]:
        """The symbols that changed since the last call."""
        dirty, self._dirty = self._dirty, set()
        return dirty

    def _touch(self, symbol: str) -> None:
        self._dirty.add(symbol)
        self._versions[symbol] = self._versions.get(symbol, 0) + 1


def merge(known: Quote, update: Believed) -> Quote:
    """`known` with what `update` says; what it does not speak of stays."""
    match update:
        case Trade():
            printed = _printed(known, update)
            return printed if update.extended else reaching_last(printed)
        case Repair():
            return _repaired(known, update)
        case Retraction():
            # Another print at that price, which stands, is the extreme then.
            stands = known.last == update.price
            return known if stands else without_print(known, update.price, update.event_time)
        case TradingStatus():
            return replace(
                known,
                halted=update.reason if update.halted else None,
                halt_time=update.event_time,
                halt_receipt=update.receipt,
            )
        case BidAsk():
            return replace(
                known,
                bid=update.bid,
                ask=update.ask,
                bid_size=update.bid_size,
                ask_size=update.ask_size,
                bid_ask_time=update.event_time,
                bid_ask_receipt=update.receipt,
            )
        case DayBar():
            told = replace(
                known,
                open=update.open,
                high=update.high,
                low=update.low,
                volume=update.volume,
                vwap=_or(update.vwap, known.vwap if update.event_time == known.day else None),
                day=update.event_time,
            )
            # The bar ends with a minute, and the last price may be of the next.
            return reaching_last(told)
        case Quote():
            return reaching_last(_merge_quote(known, update))


def _printed(known: Quote, trade: Trade) -> Quote:
    # A trade after the latest status is proof that the symbol trades, whether or not we were told so.
    halted = known.halted
    if halted is not None and (known.halt_time is None or trade.event_time > known.halt_time):
        halted = None
    if trade.extended:
        return replace(
            known,
            origin=trade.origin,
            extended_last=trade.price,
            extended_time=trade.event_time,
            extended_receipt=trade.receipt,
            extended_print_id=trade.print_id,
            halted=halted,
        )
    return replace(
        known,
        origin=trade.origin,
        last=trade.price,
        last_size=trade.size,
        event_time=trade.event_time,
        print_id=trade.print_id,
        receipt=trade.receipt,
        halted=halted,
    )


def _repaired(known: Quote, repair: Repair) -> Quote:
    """`known` at the newest trade that stands; a price that was taken back is blanked if there is none."""
    trade = repair.trade
    if repair.extended:
        return replace(
            known,
            extended_last=trade.price if trade else None,
            extended_time=trade.event_time if trade else None,
            extended_receipt=repair.receipt if trade else None,
            extended_print_id=trade.print_id if trade else None,
        )
    if known.last is not None and known.event_time is not None:
        known = without_print(known, known.last, known.event_time)
    repaired = replace(
        known,
        last=trade.price if trade else None,
        last_size=trade.size if trade else None,
        event_time=trade.event_time if trade else None,
        print_id=trade.print_id if trade else None,
        receipt=repair.receipt,
    )
    return reaching_last(repaired)


def _or(new: _T | None, old: _T | None) -> _T | None:
    return old if new is None else new


def _merge_quote(known: Quote, new: Quote) -> Quote:
    merged = replace(
        known,
        previous_close=_or(new.previous_close, known.previous_close),
        open=_or(new.open, known.open),
        year_low=_or(new.year_low, known.year_low),
        year_high=_or(new.year_high, known.year_high),
        volume=_or(new.volume, known.volume),
        vwap=_or(new.vwap, known.vwap),
        day=_or(new.day, known.day),
        session=_or(new.session, known.session),
        currency=_or(new.currency, known.currency),
        name=_or(new.name, known.name),
    )
    if merged.day is None:
        merged = with_range_of(merged, new)
    else:
        merged = replace(merged, high=_or(new.high, known.high), low=_or(new.low, known.low))
    if new.last is not None:
        merged = replace(
            merged,
            origin=new.origin,
            last=new.last,
            last_size=new.last_size,
            event_time=new.event_time,
            print_id=new.print_id,
            receipt=new.receipt,
        )
    if new.extended_last is not None:
        merged = replace(
            merged,
            origin=new.origin,
            extended_last=new.extended_last,
            extended_time=new.extended_time,
            extended_receipt=new.extended_receipt,
            extended_print_id=new.extended_print_id,
        )
    if merged.halted is not None and _traded_since(merged.halt_time, new):
        merged = replace(merged, halted=None)
    if new.bid is not None or new.ask is not None:
        merged = replace(
            merged,
            bid=new.bid,
            ask=new.ask,
            bid_size=new.bid_size,
            ask_size=new.ask_size,
            bid_ask_time=new.bid_ask_time,
            bid_ask_receipt=new.bid_ask_receipt,
        )
    return merged


def _traded_since(halt_time: datetime | None, new: Quote) -> bool:
    return halt_time is not None and any(
        time is not None and time > halt_time for time in (new.event_time, new.extended_time)
    )

"""The newest quote of every symbol, conflated: the only state that feeds write and screens read."""

from collections.abc import Iterable
from typing import TypeVar

from msgspec.structs import replace

from mytrader_tui.market.quote import BidAsk, DayBar, Quote, Source, Trade, Update

_T = TypeVar("_T")


class Board:
    """Each source's newest quote of each symbol, and which source serves it.

    Widgets read `served` and drain the dirty symbols on their own timer, so a burst costs one repaint. Nothing
    here is ever blanked: what a source does not repeat stays, and can only grow old.
    """

    def __init__(self) -> None:
        self._quotes: dict[tuple[str, Source], Quote] = {}
        self._serving: dict[str, Source] = {}
        self._dirty: set[str] = set()
        self._versions: dict[str, int] = {}

    def quote(self, symbol: str, source: Source) -> Quote | None:
        """What `source` last said of `symbol`."""
        return self._quotes.get((symbol, source))

    def serving(self, symbol: str) -> Source | None:
        """The one source that publishes `symbol` now, or None before any was chosen."""
        return self._serving.get(symbol)

    def served(self, symbol: str) -> Quote | None:
        """The quote that the screen shows for `symbol`."""
        source = self._serving.get(symbol)
        return None if source is None else self._quotes.get((symbol, source))

    def name(self, symbol: str) -> str | None:
        """What any source calls the company or instrument behind `symbol`."""
        names = (quote.name for source in Source if (quote := self._quotes.get((symbol, source))))
        return next((name for name in names if name), None)

    def version(self, symbol: str) -> int:
        """A number that grows whenever what the screen shows of `symbol` may have changed."""
        return self._versions.get(symbol, 0)

    def serve(self, symbol: str, source: Source) -> bool:
        """Let `source` publish `symbol` from now on; True if that moved it from another source."""
        before = self._serving.get(symbol)
        if before is source:
            return False
        self._serving[symbol] = source
        self._touch(symbol)
        return before is not None

    def apply(self, update: Update) -> None:
        """Merge a validated `update` into its source's quote of the symbol."""
        key = (update.symbol, update.origin.source)
        known = self._quotes.get(key)
        if known is None:
            known = Quote(symbol=update.symbol, origin=update.origin, receipt=update.receipt)
        self._quotes[key] = merge(known, update)
        if self._serving.get(update.symbol) is update.origin.source:
            self._touch(update.symbol)

    def forget(self, symbol: str) -> None:
        """Drop everything known of `symbol`, which nobody watches any more."""
        for source in Source:
            self._quotes.pop((symbol, source), None)
        self._serving.pop(symbol, None)
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


def merge(known: Quote, update: Update) -> Quote:
    """`known` with what `update` says; what it does not speak of stays."""
    match update:
        case Trade():
            return replace(
                known,
                origin=update.origin,
                last=update.price,
                last_size=update.size,
                event_time=update.event_time,
                receipt=update.receipt,
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
            return replace(
                known,
                open=update.open,
                high=update.high,
                low=update.low,
                volume=update.volume,
                vwap=_or(update.vwap, known.vwap if update.event_time == known.day else None),
                day=update.event_time,
            )
        case Quote():
            return _merge_quote(known, update)


def _or(new: _T | None, old: _T | None) -> _T | None:
    return old if new is None else new


def _merge_quote(known: Quote, new: Quote) -> Quote:
    merged = replace(
        known,
        previous_close=_or(new.previous_close, known.previous_close),
        open=_or(new.open, known.open),
        high=_or(new.high, known.high),
        low=_or(new.low, known.low),
        volume=_or(new.volume, known.volume),
        vwap=_or(new.vwap, known.vwap),
        day=_or(new.day, known.day),
        session=_or(new.session, known.session),
        currency=_or(new.currency, known.currency),
        name=_or(new.name, known.name),
    )
    if new.last is not None:
        merged = replace(
            merged,
            origin=new.origin,
            last=new.last,
            last_size=new.last_size,
            event_time=new.event_time,
            receipt=new.receipt,
        )
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

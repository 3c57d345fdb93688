"""Which listings a few letters may mean, the likeliest first, fast enough to be asked at every key."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher, get_close_matches

from mytrader_tui.market.listing import FUNDS, Listing, united
from mytrader_tui.market.symbol import BadSymbolError, canonical

MOST_FOUND = 40
"""Listings that one search brings: more than anybody reads."""

_LAST = "\U0010ffff"
_WORDS = re.compile(r"[^\W_]+")

_ALIKE = 0.6
"""How alike two symbols are, of 1, from where on one may be meant by the other."""

_MOST_ALIKE = 12
_NAMED = 0.5
"""What it counts that a name's first word is the wrong symbol, or the part of it that is: APPL is nearly Apple."""

_Keys = list[tuple[str, int]]


class Directory:
    """Listings made ready to be searched. Making one of 12,000 takes a tenth of a second: not on the event loop.

    The order: the symbol itself, symbols that begin so, names that begin so, names with a word that does, and what
    holds the text anywhere. Within each: what is tradable, then shares before funds, then the shorter symbol.
    """

    def __init__(self, listings: Iterable[Listing] = ()) -> None:
        self._listings = sorted(united(listings), key=_standing)
        self._places = {listing.symbol: place for place, listing in enumerate(self._listings)}
        self._symbols: _Keys = []
        self._names: _Keys = []
        self._words: _Keys = []
        lines: list[str] = []
        for place, listing in enumerate(self._listings):
            symbol, name = listing.symbol.casefold(), folded(listing.name)
            first, *rest = _WORDS.findall(name) or ("",)
            self._symbols.append((symbol.lstrip("^"), place))
            self._names.append((first, place))
            self._words += [(word, place) for word in rest]
            lines.append(f"{symbol} {name}\n")
        for keys in (self._symbols, self._names, self._words):
            keys.sort()
        self._text = "".join(lines)
        self._starts = _starts(lines)

    def __len__(self) -> int:
        return len(self._listings)

    def get(self, symbol: str) -> Listing | None:
        """The listing of a canonical `symbol`."""
        place = self._places.get(symbol)
        return None if place is None else self._listings[place]

    def find(self, text: str, most: int = MOST_FOUND) -> tuple[Listing, ...]:
        """Up to `most` listings that `text` may mean."""
        wanted = folded(text.strip())
        if not wanted:
            return ()
        found = dict.fromkeys(self._exact(text))
        for keys in (self._symbols, self._names, self._words):
            if len(found) < most:
                found |= dict.fromkeys(_beginning(keys, wanted)[:most])
        if len(found) < most:
            found |= dict.fromkeys(self._holding(wanted, most))
        return tuple(self._listings[place] for place in list(found)[:most])

    def alike(self, symbol: str) -> tuple[Listing, ...]:
        """Listings whose symbols differ from `symbol` by little, or whose names begin so. Takes some 50 ms."""
        near = get_close_matches(symbol, self._places, n=_MOST_ALIKE, cutoff=_ALIKE)
        places = (*(self._places[each] for each in near), *_beginning(self._names, folded(symbol))[:_MOST_ALIKE])
        return tuple(self._listings[place] for place in dict.fromkeys(places))

    def _exact(self, text: str) -> tuple[int, ...]:
        try:
            place = self._places.get(canonical(text))
        except BadSymbolError:
            return ()
        return () if place is None else (place,)

    def _holding(self, wanted: str, most: int) -> Iterator[int]:
        """The places of the listings that hold `wanted` anywhere, in their order."""
        at = self._text.find(wanted)
        while at >= 0 and most > 0:
            place = bisect_right(self._starts, at) - 1
            yield place
            most -= 1
            end = self._starts[place + 1] if place + 1 < len(self._starts) else len(self._text)
            at = self._text.find(wanted, end)


def nearest(symbol: str, listings: Sequence[Listing]) -> Listing | None:
    """The one of `listings` that the unknown `symbol` was probably meant to be; None if none is near."""
    # Of names that begin alike, the shorter is sooner meant: Apple Inc. before Apple Hospitality.
    rated = [(_likeness(symbol, each), -len(each.name), -place) for place, each in enumerate(listings)]
    likeness, _, place = max(rated, default=(0.0, 0, 0))
    return listings[-place] if likeness >= _ALIKE else None


def folded(text: str) -> str:
    """`text` as it is compared: without case and accents."""
    text = text.casefold()
    if text.isascii():
        return text
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))


def _likeness(symbol: str, listing: Listing) -> float:
    likeness = SequenceMatcher(None, symbol, listing.symbol).ratio()
    first = _WORDS.search(folded(listing.name))
    if first is None or not first[0].startswith(folded(symbol)):
        return likeness
    return likeness + _NAMED * len(symbol) / len(first[0])


def _standing(listing: Listing) -> tuple[bool, bool, int, str]:
    return not listing.tradable, listing.kind in FUNDS, len(listing.symbol), listing.symbol


def _beginning(keys: _Keys, wanted: str) -> list[int]:
    """The places of the keys that begin with `wanted`, in their order."""
    span = keys[bisect_left(keys, (wanted, -1)) : bisect_left(keys, (wanted + _LAST, -1))]
    return sorted({place for _, place in span})


def _starts(lines: Sequence[str]) -> list[int]:
    starts, at = [], 0
    for line in lines:
        starts.append(at)
        at += len(line)
    return starts

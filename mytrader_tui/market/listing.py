"""A listing: what can be watched, as a source's directory has it."""

import re
from collections.abc import Container, Iterable, Sequence

import msgspec
from msgspec.structs import replace

from mytrader_tui.market.quote import Source
from mytrader_tui.market.symbol import BadSymbolError, canonical

FUNDS = frozenset({"etf", "fund"})

_KINDS = (
    ("etf", re.compile(r"\bETF\b")),
    ("warrant", re.compile(r"\bWarrants?\b", re.IGNORECASE)),
    (
        "stock",
        re.compile(r"\b(?:Common (?:Stock|Shares?)|Ordinary Shares?|American Depositary Shares?)\b", re.IGNORECASE),
    ),
)


class Listing(msgspec.Struct, frozen=True):
    """A canonical `symbol`, its name, exchange and kind (`stock`, `etf`, `index`, `crypto`…), all cleaned.

    The kind is empty where nobody said it: of Alpaca's listings the name alone tells a share from a fund.
    `tradable` is whether Alpaca takes orders for it; False also where nobody said so.
    """

    symbol: str
    name: str
    exchange: str
    kind: str
    source: Source
    tradable: bool = False


class Found(msgspec.Struct, frozen=True):
    """What a search brought, the likeliest first, and in `note` what it lacks and why; empty if nothing."""

    listings: tuple[Listing, ...] = ()
    note: str = ""


def kind_in(name: str) -> str:
    """The kind that a US listing's own name tells, as `Acme Inc. Common Stock` does; else an empty text."""
    return next((kind for kind, told in _KINDS if told.search(name)), "")


def united(listings: Iterable[Listing]) -> tuple[Listing, ...]:
    """`listings` with each symbol once, in its first place, by its first teller; a later one adds what it lacks."""
    found: dict[str, Listing] = {}
    for listing in listings:
        first = found.setdefault(listing.symbol, listing)
        if first is not listing:
            found[listing.symbol] = replace(
                first,
                name=first.name or listing.name,
                exchange=first.exchange or listing.exchange,
                kind=first.kind or listing.kind,
            )
    return tuple(found.values())


def with_watched(listings: Sequence[Listing], text: str, watched: Container[str]) -> tuple[Listing, ...]:
    """`listings`, before them the symbol that `text` is if it is `watched`: it exists, whatever a directory lacks."""
    try:
        symbol = canonical(text)
    except BadSymbolError:
        return tuple(listings)
    if symbol not in watched or any(listing.symbol == symbol for listing in listings):
        return tuple(listings)
    return (Listing(symbol, "", "", "", Source.CACHE), *listings)

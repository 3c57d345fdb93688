"""What a trade's sale conditions let it set: the last price, the extended hours' price, or nothing.

The tables are the column "consolidated, update last" of two specifications. Tapes A and B: CTA, "CTS Pillar Multicast
Output Binary Specification" 2.11b (January 2026), field Sale Condition with its notes. Tapes C and O: "UTP Data Feed
Services Specification" 4.1 (September 2026), section 3.14.2, Sale Condition Matrix. Alpaca passes their codes on,
and writes the regular sale as "@" or as a space on every tape.
"""

from collections.abc import Iterable, Mapping
from enum import Enum
from functools import lru_cache


class Effect(Enum):
    """What a print may set. `FIRST` sets the last price only where the day has none yet."""

    LAST = "last"
    FIRST = "first"
    EXTENDED = "extended"
    NONE = "none"


_LAST, _FIRST, _EXTENDED, _NONE = Effect.LAST, Effect.FIRST, Effect.EXTENDED, Effect.NONE

CTS: Mapping[str, Effect] = {
    "": _LAST,  # regular sale; a space, cleaned
    " ": _LAST,
    "@": _LAST,
    "B": _NONE,  # average price trade
    "C": _NONE,  # cash trade
    "E": _LAST,  # automatic execution
    "F": _LAST,  # intermarket sweep order
    "H": _NONE,  # price variation trade
    "I": _NONE,  # odd lot trade
    "K": _LAST,  # rule 127 or rule 155
    # Sold last (late): also where it is of the listing market, or of the last's own, which the frames do not say.
    "L": _FIRST,
    "M": _NONE,  # market center official close
    "N": _NONE,  # next day trade, now reserved
    "O": _LAST,  # market center opening trade
    "P": _FIRST,  # prior reference price
    "Q": _NONE,  # market center official open
    "R": _NONE,  # seller
    "T": _EXTENDED,  # extended hours trade
    "U": _NONE,  # extended hours, sold out of sequence
    "V": _NONE,  # contingent trade
    "X": _LAST,  # cross or periodic auction trade
    "Z": _FIRST,  # sold out of sequence
    "4": _FIRST,  # derivatively priced
    "5": _LAST,  # market center reopening trade
    "6": _LAST,  # market center closing trade
    "7": _NONE,  # qualified contingent trade
    "8": _NONE,  # reserved
    "9": _LAST,  # corrected consolidated close
}

UTP: Mapping[str, Effect] = {
    "": _LAST,  # regular sale; a space, cleaned
    " ": _LAST,
    "@": _LAST,
    "A": _LAST,  # acquisition
    "B": _LAST,  # bunched trade
    "C": _NONE,  # cash sale
    "D": _LAST,  # distribution
    "E": _NONE,  # placeholder, undefined
    "F": _LAST,  # intermarket sweep
    "G": _FIRST,  # bunched sold trade
    "H": _NONE,  # price variation trade
    "I": _NONE,  # odd lot trade
    "K": _LAST,  # rule 155 trade
    "L": _LAST,  # sold last
    "M": _NONE,  # market center official close
    "N": _NONE,  # next day, now reserved
    "O": _LAST,  # opening prints
    "P": _FIRST,  # prior reference price
    "Q": _NONE,  # market center official open
    "R": _NONE,  # seller
    "S": _LAST,  # split trade
    "T": _EXTENDED,  # form T
    "U": _NONE,  # extended trading hours, sold out of sequence
    "V": _NONE,  # contingent trade
    "W": _NONE,  # average price trade
    "X": _LAST,  # cross or periodic auction trade
    "Y": _LAST,  # yellow flag regular trade
    "Z": _FIRST,  # sold out of sequence
    "1": _LAST,  # stopped stock, regular trade
    "4": _FIRST,  # derivatively priced
    "5": _LAST,  # re-opening prints
    "6": _LAST,  # closing prints
    "7": _NONE,  # qualified contingent trade
    "8": _NONE,  # placeholder, undefined
    "9": _LAST,  # corrected consolidated close
}

_BOTH = (CTS, UTP)
_TABLES = {"A": (CTS,), "B": (CTS,), "C": (UTP,), "O": (UTP,)}


@lru_cache(maxsize=4096)
def effect_of(tape: str, conditions: tuple[str, ...]) -> Effect:
    """What a print of `tape` with these `conditions` may set.

    Every one of them must allow it; a code that no table knows allows nothing, and of a tape that is not known both
    tables must agree. A print without conditions is a regular sale.
    """
    return _combined(table.get(code, _NONE) for table in _TABLES.get(tape, _BOTH) for code in conditions)


def _combined(effects: Iterable[Effect]) -> Effect:
    found = set(effects) - {_LAST}
    if not found:
        return _LAST
    # An extended-hours print that would need to be the first of its day is of no hour that has a last price.
    return found.pop() if len(found) == 1 else _NONE

"""Which trading statuses halt a symbol and which end a halt.

The codes are those that Alpaca's statuses channel passes on ("Real-time Stock Data", Status Codes): tapes A and B
from the CTA's security statuses, tapes C and O from the UTP's trading actions. No code means one thing on one tape and
another on the other. The rest (price indications, imbalances, short sale restrictions, price bands) says nothing of
whether the symbol trades.
"""

_HALTED = {
    "1": "opening delay",
    "2": "trading halt",
    "4": "no open, no resume",
    "H": "trading halt",
    "P": "volatility trading pause",
    # Quotes come back before trades do.
    "Q": "quotes only, not yet trading",
}
_TRADING = {"3": "resumed", "T": "resumed"}


def halting(code: str) -> bool | None:
    """True if the status halts its symbol, False if the symbol trades again, None if the code says neither."""
    if code in _HALTED:
        return True
    return False if code in _TRADING else None


def meaning(code: str) -> str:
    """The code in words, for a status that comes without its own."""
    return _HALTED.get(code) or _TRADING.get(code, "")

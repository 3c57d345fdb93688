"""What a symbol looks like, and which source can know it."""

import re

MAX_SYMBOL = 24

# Letters, digits and the punctuation that Alpaca's and Yahoo's symbols really use: BRK.B, ^GSPC, BTC-USD,
# EURUSD=X, 7203.T, ES=F. Nothing that markup, a shell or a URL path gives a meaning to.
_SYMBOL = re.compile(r"\^?[A-Z0-9]{1,12}(?:[.\-=][A-Z0-9]{1,8}){0,2}")
_US_LISTING = re.compile(r"[A-Z]{1,5}(?:\.[ABC])?")
_US_CLASS = re.compile(r"([A-Z]{1,5})-([ABC])")
_TEST_SYMBOL = "FAKEPACA"


class BadSymbolError(ValueError):
    """A text that cannot be a symbol; the message says what a symbol looks like."""


def canonical(text: str) -> str:
    """The one spelling of a symbol used everywhere in the program: `brk-b` and `BRK.B` are both `BRK.B`.

    Raises BadSymbolError for what cannot be a symbol.
    """
    symbol = text.strip().upper()
    # Letters outside ASCII can turn into ASCII ones in upper case: ß would be SS.
    if not text.strip().isascii() or len(symbol) > MAX_SYMBOL or not _SYMBOL.fullmatch(symbol):
        raise BadSymbolError("a symbol is letters, digits and . - = ^, such as AAPL, BRK.B, ^GSPC, BTC-USD or 7203.T")
    return _US_CLASS.sub(r"\1.\2", symbol) if _US_CLASS.fullmatch(symbol) else symbol


def alpaca_can_know(symbol: str) -> bool:
    """True for the shape of a US listing, the only kind that Alpaca's stock stream carries."""
    return symbol == _TEST_SYMBOL or _US_LISTING.fullmatch(symbol) is not None


def yahoo_spelling(symbol: str) -> str:
    """A canonical symbol as Yahoo writes it: share classes take a hyphen (`BRK-B`)."""
    return symbol.replace(".", "-") if "." in symbol and _US_LISTING.fullmatch(symbol) else symbol

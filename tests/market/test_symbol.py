"""One spelling of a symbol everywhere, and nothing that a terminal, a shell or a URL gives a meaning to."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mytrader_tui.market.symbol import MAX_SYMBOL, BadSymbolError, alpaca_can_know, canonical, yahoo_spelling

SYMBOLS = st.from_regex(r"\^?[A-Za-z0-9]{1,12}([.\-=][A-Za-z0-9]{1,5}){0,2}", fullmatch=True).filter(
    lambda symbol: len(symbol) <= MAX_SYMBOL
)


@pytest.mark.parametrize(
    ("typed", "symbol"),
    [
        ("aapl", "AAPL"),
        (" AAPL\n", "AAPL"),
        ("brk-b", "BRK.B"),
        ("BRK.B", "BRK.B"),
        ("bf-a", "BF.A"),
        ("^gspc", "^GSPC"),
        ("btc-usd", "BTC-USD"),
        ("eurusd=x", "EURUSD=X"),
        ("es=f", "ES=F"),
        ("7203.t", "7203.T"),
        ("DX-Y.NYB", "DX-Y.NYB"),
        ("BAC-PK", "BAC-PK"),
    ],
)
def test_canonical(typed: str, symbol: str) -> None:
    assert canonical(typed) == symbol


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "A B", "A,B", "[/x]", "A/B", "../A", "A\x00", "A\x1b[m", "$A", "A%20", "A?", "A&B", "A#", "'", "^",
        "^^A", ".A", "A.", "A..B", "A.B.C.D", "A" * 13, "A" * 30, "ABCDEFGHIJKL.ABCDEFGH.ABCDEF", "ß", "ﬁ", "ı", "АAPL",
        "😀", "١",
    ],
)  # fmt: skip
def test_what_cannot_be_a_symbol_is_refused_with_what_one_looks_like(text: str) -> None:
    with pytest.raises(BadSymbolError, match="such as AAPL"):
        canonical(text)


def test_a_refusal_does_not_repeat_the_text() -> None:
    with pytest.raises(BadSymbolError) as caught:
        canonical("\x1b[31mred")
    assert "red" not in str(caught.value)


@given(SYMBOLS)
def test_canonical_is_idempotent_and_ignores_case(symbol: str) -> None:
    assert canonical(canonical(symbol)) == canonical(symbol) == canonical(symbol.lower())


@given(st.text())
def test_any_text_is_a_bounded_plain_symbol_or_refused(text: str) -> None:
    try:
        symbol = canonical(text)
    except BadSymbolError:
        return
    assert re.fullmatch(r"[\^A-Z0-9.=-]{1,24}", symbol)


@pytest.mark.parametrize(
    ("symbol", "known"),
    [
        ("AAPL", True),
        ("F", True),
        ("BRK.B", True),
        ("FAKEPACA", True),
        ("^GSPC", False),
        ("BTC-USD", False),
        ("EURUSD=X", False),
        ("7203.T", False),
        ("SHEL.L", False),
        ("ABCDEF", False),
    ],
)
def test_alpaca_can_know_us_listings_only(symbol: str, known: bool) -> None:
    assert alpaca_can_know(symbol) is known


@pytest.mark.parametrize(
    ("symbol", "spelling"),
    [("BRK.B", "BRK-B"), ("AAPL", "AAPL"), ("7203.T", "7203.T"), ("SHEL.L", "SHEL.L"), ("^GSPC", "^GSPC")],
)
def test_yahoo_writes_share_classes_with_a_hyphen(symbol: str, spelling: str) -> None:
    assert yahoo_spelling(symbol) == spelling


@given(SYMBOLS)
def test_yahoos_spelling_leads_back_to_the_same_symbol(symbol: str) -> None:
    assert canonical(yahoo_spelling(canonical(symbol))) == canonical(symbol)

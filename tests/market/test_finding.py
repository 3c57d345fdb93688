"""What a few letters may mean, and in which order."""

import random
import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mytrader_tui.market.finding import MOST_FOUND, Directory, nearest
from mytrader_tui.market.listing import Listing, kind_in, united, with_watched
from mytrader_tui.market.quote import Source


def listing(symbol: str, name: str = "", kind: str = "stock", *, tradable: bool = True) -> Listing:
    return Listing(symbol, name, "NASDAQ", kind, Source.ALPACA, tradable)


def symbols(*found: Listing) -> list[str]:
    return [each.symbol for each in found]


SOME = Directory(
    [
        listing("AAPL", "Apple Inc."),
        listing("AAPU", "Direxion Daily AAPL Bull 2X ETF", "etf"),
        listing("APLE", "Apple Hospitality REIT, Inc."),
        listing("APP", "AppLovin Corporation"),
        listing("AMAT", "Applied Materials, Inc."),
        listing("BRK.B", "Berkshire Hathaway Inc. Class B"),
        listing("MLP", "Maui Land & Pineapple Company"),
        listing("SNAP", "Snap Inc."),
        listing("SPY", "SPDR S&P 500 ETF Trust", "etf"),
        listing("GLE.PA", "Société Générale", tradable=False),
        listing("^GSPC", "S&P 500", "index", tradable=False),
    ]
)


def test_the_symbol_itself_comes_first_then_symbols_then_names_then_what_holds_it_anywhere() -> None:
    directory = Directory(
        [
            listing("PINE", "Royal Trust"),
            listing("XAL", "Global Airlines"),
            listing("ALX", "Zeta Corp"),
            listing("AL", "Air Lease"),
            listing("QQQ", "Invesco Alpha"),
            listing("ZZZ", "Alabama Power"),
        ]
    )

    assert symbols(*directory.find("al")) == ["AL", "ALX", "ZZZ", "QQQ", "XAL", "PINE"]


def test_a_fund_never_stands_above_the_symbol_itself() -> None:
    directory = Directory([listing("AAP", "Advance Auto", tradable=False), listing("AAPB", "Bull ETF", "etf")])

    assert symbols(*directory.find("aap")) == ["AAP", "AAPB"]


def test_what_is_tradable_comes_first_then_shares_then_the_shorter_symbol() -> None:
    directory = Directory(
        [
            listing("NVDX", kind="etf"),
            listing("NVDA"),
            listing("NVD", kind="etf"),
            listing("NV", tradable=False),
            listing("NVO"),
        ]
    )

    assert symbols(*directory.find("n")) == ["NVO", "NVDA", "NVD", "NVDX", "NV"]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("brk-b", "BRK.B"),
        ("brk.b", "BRK.B"),
        ("BERK", "BRK.B"),
        ("hathaway", "BRK.B"),
        ("apple", "AAPL"),
        ("gspc", "^GSPC"),
        ("^gs", "^GSPC"),
        ("s&p", "SPY"),
        ("generale", "GLE.PA"),
        ("société g", "GLE.PA"),
        ("  snap ", "SNAP"),
    ],
)
def test_what_is_typed_in_any_spelling_finds_it(text: str, first: str) -> None:
    assert symbols(*SOME.find(text))[0] == first


@pytest.mark.parametrize("text", ["", "   ", "qqqq", "\n", "[", "\\", "(.*", "\x00"])
def test_what_means_nothing_finds_nothing(text: str) -> None:
    assert SOME.find(text) == ()


@given(st.text(max_size=12))
def test_any_text_finds_each_listing_once_at_most_and_raises_nothing(text: str) -> None:
    found = symbols(*SOME.find(text))

    assert len(found) == len(set(found))


def test_no_search_brings_more_than_asked_for() -> None:
    many = Directory(listing(f"A{number}") for number in range(500))

    assert len(many.find("a")) == MOST_FOUND
    assert len(many.find("a", most=3)) == 3


@pytest.mark.parametrize(
    ("wrong", "meant"), [("APPL", "AAPL"), ("SYP", "SPY"), ("BERKSHIRE", "BRK.B"), ("APLLE", "APLE"), ("QXZW", None)]
)
def test_an_unknown_symbol_has_a_nearest_one_or_none(wrong: str, meant: str | None) -> None:
    found = nearest(wrong, SOME.alike(wrong))

    assert (found and found.symbol) == meant


def test_a_second_teller_adds_what_the_first_left_out() -> None:
    alpaca = Listing("AAPL", "", "NASDAQ", "", Source.ALPACA, tradable=True)
    yahoo = Listing("AAPL", "Apple Inc.", "NasdaqGS", "stock", Source.YAHOO)

    assert united([alpaca, yahoo]) == (Listing("AAPL", "Apple Inc.", "NASDAQ", "stock", Source.ALPACA, tradable=True),)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("SPDR S&P 500 ETF Trust", "etf"),
        ("Apple Inc. Common Stock", "stock"),
        ("Toyota Motor Corporation American Depositary Shares", "stock"),
        ("Acme Corp Warrants", "warrant"),
        ("Metfin Holdings", ""),
        ("SPDR Gold Shares", ""),
    ],
)
def test_a_kind_is_claimed_only_where_the_name_says_it(name: str, kind: str) -> None:
    assert kind_in(name) == kind


def test_twelve_thousand_listings_are_searched_within_a_key() -> None:
    draw = random.Random(7)
    words = ("Acme", "Apple", "Bank", "America", "Growth", "Holdings", "Energy", "First", "Inc", "Daily", "Corp")
    names = {"".join(draw.choices(string.ascii_uppercase, k=draw.choice((1, 2, 3, 4, 4, 4, 5)))) for _ in range(16_000)}
    directory = Directory(listing(name, " ".join(draw.choices(words, k=4))) for name in sorted(names)[:12_000])
    asked = ["a", "in", "inc", "corp", "zzzz", "ap", "e", "st", "bank am"]
    asked += ["".join(draw.choices(string.ascii_lowercase, k=draw.randint(1, 5))) for _ in range(400)]

    seconds = []
    for text in asked:
        before = time.thread_time()
        directory.find(text)
        seconds.append(time.thread_time() - before)

    p99 = sorted(seconds)[int(0.99 * len(seconds))]
    assert p99 < 0.005


def test_a_watched_symbol_that_no_directory_has_is_found_by_its_own_name() -> None:
    near = (listing("IBMX"),)

    assert [each.symbol for each in with_watched(near, "ibm", {"IBM"})] == ["IBM", "IBMX"]
    assert with_watched(near, "ibmx", {"IBMX"}) == near
    assert with_watched(near, "ib", {"IBM"}) == near
    assert with_watched(near, "i b", {"IBM"}) == near

"""A position is not valued at a price that may be of other shares."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marked import NOW, position

from mytrader_tui.market.trust.suspicion import Exclusion, Split, closes_apart, far_apart, split_between

WIGGLE = st.integers(-400, 400).map(lambda points: 1 + Decimal(points) / 10_000)
"""What a price does between the broker's answer and the board's print, up to 4 %."""


def split(factor: str, price: str = "100") -> Split:
    return Split(Decimal(factor), Decimal(price), NOW.wall)


@pytest.mark.parametrize(
    ("brokers", "ours", "exclusion"),
    [
        ("100", "100", None),
        ("100", "130", None),
        ("100", "60", None),
        ("100", "50", Exclusion.POSSIBLE_SPLIT),
        ("50", "100", Exclusion.POSSIBLE_SPLIT),
        ("100", "10.2", Exclusion.POSSIBLE_SPLIT),
        ("100", "5", Exclusion.POSSIBLE_SPLIT),
        ("100", "40", Exclusion.PRICES_APART),
        (None, "50", None),
        ("0", "50", None),
    ],
)
def test_the_brokers_price_tells_a_split(brokers: str | None, ours: str, exclusion: Exclusion | None) -> None:
    assert far_apart(position(broker_price=brokers), Decimal(ours)) is exclusion


@given(st.sampled_from([2, 3, 4, 5, 10, 20]), WIGGLE, st.booleans(), st.integers(1, 10**7))
def test_every_usual_split_is_told_whichever_side_knows_of_it(
    factor: int, wiggle: Decimal, reverse: bool, cents: int
) -> None:
    price = Decimal(cents) / 100
    other = price * wiggle * factor if reverse else price * wiggle / factor

    assert far_apart(position(broker_price=price), other) is Exclusion.POSSIBLE_SPLIT


@pytest.mark.parametrize(
    ("brokers", "ours", "apart"),
    [("100", "99", False), ("100", "50", True), ("100", "250", True), (None, "50", False), ("100", None, False)],
)
def test_previous_closes_of_other_shares(brokers: str | None, ours: str | None, apart: bool) -> None:
    assert closes_apart(position(previous_close=brokers), None if ours is None else Decimal(ours)) is apart


@pytest.mark.parametrize(
    ("before", "after", "factor"),
    [
        (("10", "100"), ("20", "50"), "2"),
        (("-10", "100"), ("-20", "50"), "2"),
        (("10", "100"), ("1", "1000"), "0.1"),
        (("7", "100"), ("10.5", "66.6667"), "1.5"),
        (("10", "100"), ("10", "100"), None),
        (("10", "100"), ("20", "75"), None),
        (("10", "100"), ("5", "100"), None),
        (("10", "100"), ("-20", "-50"), None),
        (("10", "0"), ("20", "0"), None),
        (("10", "100"), ("10.5", "95.24"), None),
    ],
    ids=[
        "2:1", "2:1 of a short", "1:10", "3:2", "nothing", "bought", "sold", "turned", "a gift", "a dividend in shares",
    ],
)  # fmt: skip
def test_another_quantity_that_cost_the_same_is_a_split(
    before: tuple[str, str], after: tuple[str, str], factor: str | None
) -> None:
    found = split_between(position("AAPL", *before), position("AAPL", *after), Decimal(100))

    assert (found.factor if found else None) == (None if factor is None else Decimal(factor))


@pytest.mark.parametrize(
    ("factor", "price", "reached"),
    [
        ("2", "100", False),
        ("2", "90", False),
        ("2", "52", True),
        ("2", "60", True),
        ("0.1", "110", False),
        ("0.1", "900", True),
    ],
)
def test_a_price_after_the_split_is_nearer_to_what_it_should_be(factor: str, price: str, reached: bool) -> None:
    assert split(factor).reached(Decimal(price), NOW.wall) is reached


def test_a_price_printed_an_hour_after_the_split_is_one_after_it_wherever_it_stands() -> None:
    assert not split("2").reached(Decimal(100), NOW.wall + timedelta(minutes=59))
    assert split("2").reached(Decimal(100), NOW.wall + timedelta(minutes=61))
    assert not split("2").reached(Decimal(100), None)

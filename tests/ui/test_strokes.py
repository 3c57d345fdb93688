"""Small drawings in a table's cells: they say by shape alone what they say, and never a wrong number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mytrader_tui.ui.strokes import NUMBERED_LEAST, range_bar, sparkline, standing

PRICES = st.floats(0.01, 1e6)


def test_a_line_that_rises_rises() -> None:
    assert sparkline((1.0, 2.0, 3.0, 4.0), 4) == "▁▃▅▇"
    assert sparkline((4.0, 3.0, 2.0, 1.0), 4) == "▇▅▃▁"


def test_a_price_that_never_moved_is_a_line_in_the_middle() -> None:
    assert sparkline((5.0, 5.0, 5.0), 8) == "▄▄▄"


def test_many_values_end_at_the_newest() -> None:
    assert sparkline((*[1.0] * 59, 9.0), 8) == "▁▁▁▁▁▁▁▇"


@given(st.lists(PRICES, max_size=80), st.integers(1, 30))
def test_a_sparkline_is_never_wider_than_its_cell(values: list[float], width: int) -> None:
    assert len(sparkline(tuple(values), width)) == min(width, len(values))


@pytest.mark.parametrize(
    ("price", "bar"),
    [(100, "◆────────"), (110, "────────◆"), (105, "────◆────"), (90, "◆────────"), (120, "────────◆")],
)
def test_the_mark_stands_where_the_price_does_and_no_further_than_an_end(price: float, bar: str) -> None:
    assert range_bar(100, 110, price, 9) == bar


def test_without_a_price_nothing_is_marked() -> None:
    assert range_bar(100, 110, None, 4) == "────"


def test_the_two_numbers_stand_beside_the_bar_where_there_is_room() -> None:
    assert range_bar(228.1, 231.9, 231.9, NUMBERED_LEAST) == " 228.10 ─────◆ 231.90 "
    assert range_bar(228.1, 231.9, 231.9, NUMBERED_LEAST - 1) == "─" * 20 + "◆"


def test_a_number_that_has_no_room_is_a_hash_and_never_cut() -> None:
    shown = range_bar(123_456_789.0, 223_456_789.0, 1.5e8, NUMBERED_LEAST)
    assert shown.split() == ["#", "─◆────", "#"]


@given(PRICES, PRICES, st.none() | PRICES, st.integers(0, 60))
def test_a_range_takes_exactly_its_cell(low: float, high: float, at: float | None, width: int) -> None:
    assert len(range_bar(min(low, high), max(low, high), at, width)) == width


@given(PRICES, PRICES, PRICES)
def test_a_price_stands_between_the_ends(low: float, high: float, at: float) -> None:
    assert 0.0 <= standing(low, high, at) <= 1.0

"""Neighbouring lines make one run, whatever the order they come in."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from mytrader_tui.ui.runs import runs


def test_neighbours_are_one_run_and_gaps_part_them() -> None:
    assert list(runs([5, 1, 2, 3, 9, 8])) == [(1, 3), (5, 1), (8, 2)]


def test_no_line_is_no_run() -> None:
    assert list(runs([])) == []


@given(st.lists(st.integers(-3, 60)))
def test_the_runs_are_exactly_the_lines_and_never_touch(lines: list[int]) -> None:
    found = list(runs(lines))

    assert [line for first, length in found for line in range(first, first + length)] == sorted(set(lines))
    assert all(first + length < after for (first, length), (after, _) in pairwise(found))

"""A total says how old its oldest price is, and what share of it is live; the shares shown add up to 100 %."""

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marked import NOW

from mytrader_tui.market.account.honesty import Honesty, Sample, Share, Standing, honesty, standing_of, whole_percents
from mytrader_tui.market.freshness import BadgeKind

SIZES = st.integers(1, 10**15).map(lambda units: Decimal(units) / 10**6)


def sample(size: str, kind: BadgeKind = BadgeKind.LIVE, age: float | None = 0.0) -> Sample:
    return Sample(Decimal(size), kind, None if age is None else NOW.wall - timedelta(seconds=age))


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        (BadgeKind.LIVE, "live"),
        (BadgeKind.DELAYED, "delayed"),
        (BadgeKind.HALTED, "halted"),
        (BadgeKind.CLOSED, "at close"),
        (BadgeKind.STALE, "last-known"),
        (BadgeKind.CACHED, "last-known"),
        (BadgeKind.NO_DATA, "last-known"),
    ],
)
def test_what_each_badge_brings_into_a_total(kind: BadgeKind, word: str) -> None:
    assert standing_of(kind).value == word


def test_shares_are_by_market_value_and_what_is_left_out_is_counted() -> None:
    rows = [sample("8200"), sample("1500", BadgeKind.DELAYED), sample("200", BadgeKind.STALE)]
    rows.append(sample("100", BadgeKind.CACHED))

    told = honesty(rows, excluded=1)

    assert told.phrases == ("82 % live", "15 % delayed", "3 % last-known", "1 row excluded")


def test_the_time_is_that_of_the_oldest_price() -> None:
    told = honesty([sample("1", age=5), sample("1", age=900), sample("1", age=60)], excluded=0)

    assert told.oldest == NOW.wall - timedelta(seconds=900)


def test_a_price_without_a_time_is_counted_for_it_may_be_the_oldest() -> None:
    told = honesty([sample("1", age=5), sample("1", age=None), sample("1", age=None)], excluded=2)

    assert told == Honesty(
        oldest=NOW.wall - timedelta(seconds=5), undated=2, shares=(Share(Standing.LIVE, 100),), excluded=2
    )
    assert told.phrases == ("100 % live", "2 rows of unknown time", "2 rows excluded")


def test_of_nothing_nothing_is_claimed() -> None:
    assert honesty([], excluded=0) == Honesty()
    assert honesty([], excluded=0).phrases == ()


def test_what_is_worth_nothing_is_no_share() -> None:
    assert honesty([sample("0", BadgeKind.STALE), sample("5")], excluded=0).shares == (Share(Standing.LIVE, 100),)


def test_a_total_with_the_smallest_part_last_known_is_never_100_percent_live() -> None:
    told = honesty([sample("1000000"), sample("0.01", BadgeKind.STALE)], excluded=0)

    assert told.phrases == ("99 % live", "1 % last-known")


@pytest.mark.parametrize(
    ("sizes", "percents"),
    [
        ([], []),
        (["7"], [100]),
        (["1", "1", "1"], [34, 33, 33]),
        (["995", "4", "1"], [98, 1, 1]),
        (["50.4", "49.6"], [50, 50]),
        (["1", "1", "1", "997"], [1, 1, 1, 97]),
        (["177", "39387", "39102", "35740", "267"], [1, 34, 33, 31, 1]),
    ],
)
def test_whole_percents(sizes: list[str], percents: list[int]) -> None:
    assert whole_percents([Decimal(size) for size in sizes]) == percents


@given(st.lists(SIZES, min_size=1, max_size=5))
def test_percentages_shown_add_up_to_100_and_hide_nothing(sizes: list[Decimal]) -> None:
    percents = whole_percents(sizes)

    assert sum(percents) == 100
    assert min(percents) >= 1
    whole = sum(sizes, Decimal(0))
    for size, percent in zip(sizes, percents, strict=True):
        # Never further off than rounding, and what it takes to show each of the smallest.
        assert abs(percent - 100 * size / whole) < len(sizes)


@given(st.lists(SIZES, min_size=2, max_size=5))
def test_a_larger_part_never_shows_a_smaller_share(sizes: list[Decimal]) -> None:
    shown = sorted(zip(sizes, whole_percents(sizes), strict=True))

    for (size, percent), (larger_size, larger_percent) in pairwise(shown):
        assert percent <= larger_percent + (size == larger_size)

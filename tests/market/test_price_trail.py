"""What a source said at a time past, and whether its prices hang together."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from two_sources import moment

from mytrader_tui.market.trust.price_trail import TRAIL_MINUTES, Continuity, PriceRange, PriceTrail

MINUTES = TRAIL_MINUTES * 60
TIMES = st.floats(0, MINUTES)
PRINTS = st.lists(st.tuples(TIMES, st.floats(1, 1000)), min_size=1, max_size=60)


def trail(*prints: tuple[float, float]) -> PriceTrail:
    made = PriceTrail()
    for at, price in prints:
        made.add(price, moment(at).wall)
    return made


def around(made: PriceTrail, at: float) -> tuple[float, float] | None:
    found = made.around(moment(at).wall)
    return None if found is None else (found.low, found.high)


def test_an_empty_trail_knows_nothing() -> None:
    assert around(PriceTrail(), 0) is None


def test_the_range_is_that_of_the_minute_the_one_before_and_the_one_after() -> None:
    made = trail((59, 1.0), (60, 2.0), (90, 5.0), (130, 3.0), (180, 4.0), (240, 9.0))

    assert around(made, 150) == (2.0, 5.0)


def test_a_minute_keeps_its_lowest_and_its_highest_price_and_not_its_last() -> None:
    assert around(trail((0, 5.0), (10, 3.0), (20, 7.0), (30, 4.0)), 30) == (3.0, 7.0)


@pytest.mark.parametrize(("at", "expected"), [(0, (1.0, 1.0)), (119, (1.0, 1.0)), (120, (1.0, 3.0)), (121, (1.0, 3.0))])
def test_the_minute_after_counts_from_its_first_instant(at: float, expected: tuple[float, float]) -> None:
    assert around(trail((61, 1.0), (181, 3.0)), at) == expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (119, (1.0, 1.0)),
        (120, (1.0, 2.0)),
        (359, (1.0, 2.0)),
        (360, (2.0, 2.0)),
        (361, (2.0, 2.0)),
        (540, (2.0, 2.0)),
    ],
)
def test_between_two_far_prices_lies_what_either_within_five_minutes_says(
    at: float, expected: tuple[float, float]
) -> None:
    assert around(trail((0, 1.0), (425, 2.0)), at) == expected


@pytest.mark.parametrize(("at", "known"), [(-360, False), (-300, True), (0, True), (360, True), (361, False)])
def test_a_single_price_stands_for_five_minutes(at: float, known: bool) -> None:
    assert (around(trail((0, 1.0)), at) is not None) is known


def test_a_price_is_forgotten_after_forty_minutes_and_not_before() -> None:
    made = trail((0, 1.0), (60, 2.0))

    made.add(3.0, moment(39 * 60 + 59).wall)
    assert around(made, 0) == (1.0, 2.0)

    made.add(3.0, moment(40 * 60).wall)
    assert around(made, 0) == (2.0, 2.0)


def test_a_night_leaves_nothing_of_the_day_before() -> None:
    made = trail((0, 100.0), (64 * 3600, 50.0))

    assert around(made, 0) is None
    assert around(made, 64 * 3600) == (50.0, 50.0)


@pytest.mark.parametrize(
    ("late", "at", "expected"),
    [
        pytest.param((10, 9.0), 0, (1.0, 9.0), id="into a minute that has a price"),
        pytest.param((200, 9.0), 200, (9.0, 9.0), id="between two minutes that have one"),
        pytest.param((-120, 9.0), -120, (9.0, 9.0), id="before them all"),
    ],
)
def test_a_late_print_goes_where_it_belongs(
    late: tuple[float, float], at: float, expected: tuple[float, float]
) -> None:
    assert around(trail((0, 1.0), (600, 2.0), late), at) == expected


def test_a_print_later_than_the_trail_is_long_is_left_out() -> None:
    made = trail((MINUTES, 1.0), (0, 9.0))

    assert len(made) == 1
    assert around(made, 0) is None


@given(PRINTS, TIMES)
def test_what_was_said_lies_within_all_that_was_said(prints: list[tuple[float, float]], at: float) -> None:
    prices = [price for _, price in prints]
    found = trail(*prints).around(moment(at).wall)

    assert found is None or min(prices) <= found.low <= found.high <= max(prices)


@given(PRINTS)
def test_the_trail_at_the_time_of_a_print_holds_its_price(prints: list[tuple[float, float]]) -> None:
    made = trail(*prints)
    newest = max(at for at, _ in prints)

    for at, price in prints:
        if at > newest - MINUTES + 60:
            found = made.around(moment(at).wall)
            assert found is not None
            assert found.low <= price <= found.high


@given(PRINTS)
def test_the_order_in_which_prints_arrive_makes_no_difference(prints: list[tuple[float, float]]) -> None:
    queried = [moment(at).wall for at in range(0, MINUTES, 60)]
    ordered, reversed_ = trail(*sorted(prints)), trail(*sorted(prints, reverse=True))

    assert [ordered.around(when) for when in queried] == [reversed_.around(when) for when in queried]


@given(st.lists(st.integers(-100_000, 100_000), max_size=200))
def test_the_trail_never_has_more_than_forty_minutes(times: list[int]) -> None:
    assert len(trail(*((at, 1.0) for at in times))) <= TRAIL_MINUTES


def test_prices_of_other_zones_are_the_same_instants() -> None:
    made = trail((0, 1.0))
    when = moment(0).wall

    assert made.around(when + timedelta(0)) == PriceRange(1.0, 1.0)


def continuity(*prices: float) -> Continuity:
    made = Continuity()
    for price in prices:
        made.follow(price)
    return made


@pytest.mark.parametrize(
    ("prices", "broken"),
    [
        ((), False),
        ((100.0,), False),
        ((100.0, 120.0), False),
        ((100.0, 120.01), True),
        ((100.0, 80.0), False),
        ((100.0, 79.99), True),
        ((3.3, 3.96), False),
        ((1.1, 0.88), False),
        ((100.0, 119.0, 140.0, 165.0), False),
        ((100.0, 130.0, 131.0, 132.0), True),
        ((100.0, 130.0, 170.0), True),
        ((100.0, 130.0, 100.0), False),
        ((100.0, 130.0, 119.0), False),
        ((100.0, 130.0, 119.0, 140.0), False),
        ((100.0, 1000.0, 121.0), True),
    ],
)
def test_a_source_breaks_with_itself_by_one_step_of_more_than_a_fifth_until_it_is_back(
    prices: tuple[float, ...], broken: bool
) -> None:
    assert continuity(*prices).broken is broken


def test_a_confirmed_level_is_the_one_that_further_steps_are_measured_against() -> None:
    made = continuity(100.0, 130.0)

    made.confirm()
    assert not made.broken

    made.follow(140.0)
    assert not made.broken

    made.follow(100.0)
    assert made.broken

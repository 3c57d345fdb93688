"""How far apart two prices are, and whether the delay explains it: every boundary, then what no prices may bring."""

from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from two_sources import alpaca_quote, moment, yahoo_quote

from mytrader_tui.market.quote import Quote
from mytrader_tui.market.session import Session
from mytrader_tui.market.trust.comparison import (
    ALPACA_FRESH_SECONDS,
    YAHOO_FRESH_SECONDS,
    Comparison,
    Obstacle,
    Verdict,
    compare,
    split_factor,
)
from mytrader_tui.market.trust.price_trail import PriceRange, PriceTrail

DELAY = 900.0
PRICES = st.floats(0.01, 10_000)


def trail_of(*prints: tuple[float, float]) -> PriceTrail:
    trail = PriceTrail()
    for at, price in prints:
        trail.add(price, moment(at).wall)
    return trail


def judge(alpaca: Quote | None, yahoo: Quote | None, trail: PriceTrail | None = None, at: float = 0.0) -> Comparison:
    if trail is None:
        trail = PriceTrail()
        if alpaca and alpaca.last is not None and alpaca.event_time is not None:
            trail.add(alpaca.last, alpaca.event_time)
    return compare("AAPL", alpaca, yahoo, trail, moment(at))


def at_once(alpaca: float, yahoo: float) -> Comparison:
    """Both sources speak of the same instant."""
    return judge(alpaca_quote(alpaca), yahoo_quote(yahoo))


def late(yahoo: float, *prints: tuple[float, float]) -> Comparison:
    """Yahoo's price is a quarter of an hour old; Alpaca's prints came at seconds before now."""
    newest = prints[-1]
    trail = trail_of(*((-before, price) for before, price in prints))
    return judge(alpaca_quote(newest[1], -newest[0]), yahoo_quote(yahoo, delay=DELAY), trail)


@pytest.mark.parametrize(
    ("alpaca", "yahoo", "verdict", "apart"),
    [
        (100.0, 100.0, Verdict.AGREE, False),
        (100.0, 105.0, Verdict.AGREE, False),
        (100.0, 95.0, Verdict.AGREE, False),
        (1.0, 1.05, Verdict.AGREE, False),
        (0.3, 0.315, Verdict.AGREE, False),
        (100.0, 105.01, Verdict.DISAGREE, False),
        (100.0, 94.99, Verdict.DISAGREE, False),
        (100.0, 120.0, Verdict.DISAGREE, False),
        (100.0, 80.0, Verdict.DISAGREE, False),
        (1.1, 1.32, Verdict.DISAGREE, False),
        (100.0, 120.01, Verdict.DISAGREE, True),
        (100.0, 79.99, Verdict.DISAGREE, True),
        (100.0, 1000.0, Verdict.DISAGREE, True),
        (100.0, 10.0, Verdict.DISAGREE, True),
    ],
)
def test_five_percent_exactly_agrees_and_twenty_exactly_is_not_apart(
    alpaca: float, yahoo: float, verdict: Verdict, apart: bool
) -> None:
    found = at_once(alpaca, yahoo)

    assert (found.verdict, found.apart, found.agrees) == (verdict, apart, verdict is Verdict.AGREE)


@pytest.mark.parametrize(("yahoo", "points"), [(100.0, 0.0), (100.25, 25.0), (99.0, -100.0), (130.0, 3000.0)])
def test_the_difference_is_told_in_basis_points_with_its_side(yahoo: float, points: float) -> None:
    assert at_once(100.0, yahoo).basis_points == pytest.approx(points)


def test_what_cannot_be_compared_has_no_basis_points() -> None:
    assert judge(None, yahoo_quote(100.0)).basis_points is None


def test_a_late_price_is_judged_by_what_was_said_at_its_time() -> None:
    found = late(100.0, (900, 100.0), (400, 115.0), (1, 130.0))

    assert (found.verdict, found.agrees, found.apart) == (Verdict.DELAY_EXPLAINED, True, False)
    assert found.difference == 0.0
    assert found.latest_difference == pytest.approx(-30 / 130)
    assert found.expected == PriceRange(100.0, 100.0)


@pytest.mark.parametrize(
    ("then", "verdict"),
    [(100.0, Verdict.DELAY_EXPLAINED), (105.0, Verdict.DELAY_EXPLAINED), (106.0, Verdict.DISAGREE)],
)
def test_the_delay_explains_at_most_five_percent_at_its_own_time(then: float, verdict: Verdict) -> None:
    assert late(then, (900, 100.0), (1, 50.0)).verdict is verdict


@pytest.mark.parametrize(
    ("latest", "verdict"),
    [(105.0, Verdict.AGREE), (104.0, Verdict.AGREE), (106.0, Verdict.DELAY_EXPLAINED), (94.0, Verdict.DELAY_EXPLAINED)],
)
def test_latest_prices_within_five_percent_need_no_explanation(latest: float, verdict: Verdict) -> None:
    assert late(100.0, (900, 100.0), (1, latest)).verdict is verdict


def test_a_price_within_the_range_of_its_minutes_is_not_off_at_all() -> None:
    found = late(104.0, (950, 90.0), (900, 110.0), (1, 200.0))

    assert (found.verdict, found.difference) == (Verdict.DELAY_EXPLAINED, 0.0)


@pytest.mark.parametrize(("yahoo", "difference"), [(120.0, 0.2), (150.0, 0.5), (40.0, 0.5)])
def test_the_difference_is_taken_from_the_nearer_edge_of_the_range(yahoo: float, difference: float) -> None:
    found = late(yahoo, (950, 80.0), (900, 100.0), (1, 80.0))

    assert found.difference == pytest.approx(difference)


def test_a_bad_print_that_has_passed_is_not_held_against_a_source_that_is_right_again() -> None:
    found = late(100.0, (900, 1000.0), (1, 100.0))

    assert (found.verdict, found.difference, found.apart) == (Verdict.AGREE, 0.0, False)


def test_the_comparison_carries_both_prices_with_their_times() -> None:
    found = late(90.0, (900, 100.0), (5, 100.0))

    assert (found.alpaca_price, found.alpaca_time) == (100.0, moment(-5).wall)
    assert (found.yahoo_price, found.yahoo_time) == (90.0, moment(-DELAY).wall)
    assert (found.symbol, found.at) == ("AAPL", moment(0))


@pytest.mark.parametrize(
    ("alpaca", "yahoo", "obstacle"),
    [
        (None, yahoo_quote(), Obstacle.NO_ALPACA_PRICE),
        (alpaca_quote(None), yahoo_quote(), Obstacle.NO_ALPACA_PRICE),
        (alpaca_quote(), None, Obstacle.NO_YAHOO_PRICE),
        (alpaca_quote(), yahoo_quote(None), Obstacle.NO_YAHOO_PRICE),
        (None, None, Obstacle.NO_ALPACA_PRICE),
        (alpaca_quote(event_time=None), yahoo_quote(), Obstacle.NO_ALPACA_TIME),
        (alpaca_quote(), yahoo_quote(event_time=None), Obstacle.NO_YAHOO_TIME),
        (alpaca_quote(halted="volatility trading pause"), yahoo_quote(), Obstacle.HALTED),
        (alpaca_quote(at=-901.0), yahoo_quote(halted="trading halt"), Obstacle.HALTED),
        (alpaca_quote(at=-901.0), yahoo_quote(), Obstacle.STALE_ALPACA),
        (alpaca_quote(), yahoo_quote(at=-61.0), Obstacle.STALE_YAHOO),
        (alpaca_quote(), yahoo_quote(session=Session.CLOSED), Obstacle.CLOSED),
        (alpaca_quote(session=Session.CLOSED), yahoo_quote(), Obstacle.CLOSED),
        (alpaca_quote(session=Session.PRE), yahoo_quote(session=Session.REGULAR), Obstacle.SESSIONS_DIFFER),
        (alpaca_quote(), yahoo_quote(currency="CAD"), Obstacle.CURRENCIES_DIFFER),
        (alpaca_quote(currency="CAD"), yahoo_quote(currency="USD"), Obstacle.CURRENCIES_DIFFER),
        (alpaca_quote(), yahoo_quote(delay=901.0), Obstacle.NOT_REACHED),
        (alpaca_quote(), yahoo_quote(delay=18 * 3600.0), Obstacle.NOT_REACHED),
    ],
)
def test_what_cannot_be_compared_is_not_and_says_why(
    alpaca: Quote | None, yahoo: Quote | None, obstacle: Obstacle
) -> None:
    found = judge(alpaca, yahoo)

    assert (found.verdict, found.obstacle, found.text) == (Verdict.NOT_COMPARABLE, obstacle, obstacle.value)
    assert (found.difference, found.apart, found.agrees) == (None, False, False)


@pytest.mark.parametrize(
    ("alpaca", "yahoo"),
    [
        (alpaca_quote(), yahoo_quote(session=Session.REGULAR, currency="USD")),
        (alpaca_quote(session=Session.POST), yahoo_quote(session=Session.POST)),
        (alpaca_quote(currency="CAD"), yahoo_quote(currency="CAD")),
        (alpaca_quote(currency="USD"), yahoo_quote()),
        (alpaca_quote(at=-ALPACA_FRESH_SECONDS), yahoo_quote(delay=ALPACA_FRESH_SECONDS)),
        (alpaca_quote(at=-YAHOO_FRESH_SECONDS), yahoo_quote(at=-YAHOO_FRESH_SECONDS)),
    ],
)
def test_what_a_source_does_not_say_is_no_obstacle_and_the_limits_are_still_fresh(alpaca: Quote, yahoo: Quote) -> None:
    assert judge(alpaca, yahoo).verdict is Verdict.AGREE


@pytest.mark.parametrize("obstacle", [Obstacle.NOT_STREAMED, Obstacle.CLOSED])
def test_what_the_caller_forbids_is_not_compared(obstacle: Obstacle) -> None:
    found = compare("AAPL", alpaca_quote(), yahoo_quote(500.0), trail_of((0, 100.0)), moment(0), obstacle)

    assert (found.verdict, found.obstacle) == (Verdict.NOT_COMPARABLE, obstacle)
    assert (found.alpaca_price, found.yahoo_price) == (100.0, 500.0)


@pytest.mark.parametrize(
    ("ratio", "factor"),
    [
        (2.0, 2),
        (2.04, 2),
        (1.96, 2),
        (2.05, None),
        (1.95, None),
        (0.5, 2),
        (3.0, 3),
        (1 / 3, 3),
        (4.0, 4),
        (0.25, 4),
        (5.0, 5),
        (0.2, 5),
        (10.0, 10),
        (0.1, 10),
        (10.2, 10),
        (9.8, 10),
        (10.3, None),
        (1.0, None),
        (1.5, None),
        (6.0, None),
        (7.0, None),
        (20.0, None),
    ],
)
def test_a_ratio_within_two_percent_of_a_usual_split_is_one(ratio: float, factor: int | None) -> None:
    assert split_factor(ratio) == factor


@pytest.mark.parametrize(
    ("alpaca", "yahoo", "text"),
    [
        (100.0, 134.0, "sources 34 % apart"),
        (100.0, 66.0, "sources 34 % apart"),
        (100.0, 200.0, "possible split 2:1"),
        (100.0, 50.0, "possible split 2:1"),
        (100.0, 1003.0, "possible split 10:1"),
        (100.0, 9.95, "possible split 10:1"),
        (100.0, 800.0, "sources 700 % apart"),
        (100.0, 107.0, "sources 7 % apart"),
        (100.0, 100.0, "sources 0 % apart"),
    ],
)
def test_the_difference_in_words(alpaca: float, yahoo: float, text: str) -> None:
    assert at_once(alpaca, yahoo).text == text


def test_a_split_shows_against_the_price_of_its_time_whatever_came_later() -> None:
    assert late(50.0, (900, 100.0), (1, 130.0)).text == "possible split 2:1"


@given(PRICES, PRICES, st.sampled_from([0.001, 0.5, 3.0, 1024.0]))
def test_the_unit_of_the_prices_makes_no_difference(alpaca: float, yahoo: float, scale: float) -> None:
    found, scaled = at_once(alpaca, yahoo), at_once(alpaca * scale, yahoo * scale)

    # A difference within rounding of a limit may fall on either side of it.
    assume(all(abs((found.difference or 0.0) - limit) > 1e-8 for limit in (0.05, 0.20)))
    assert scaled.difference == pytest.approx(found.difference, abs=1e-9)
    assert (scaled.verdict, scaled.apart) == (found.verdict, found.apart)


Path = list[tuple[float, float]]


def walk(start: float, steps: list[tuple[float, float]]) -> Path:
    """Prints at seconds and prices: each step is a gap in seconds and a drift a minute."""
    path = [(0.0, start)]
    for gap, drift in steps:
        at, price = path[-1]
        path.append((at + gap, price * (1 + drift * gap / 60)))
    return path


SMOOTH_PATHS = st.builds(
    walk, st.floats(1, 1000), st.lists(st.tuples(st.floats(0.1, 240), st.floats(-0.01, 0.01)), min_size=1, max_size=40)
)
"""Prints up to four minutes apart that move at most 1 % a minute."""

LAGS = st.floats(0, 1)
"""A delay as a part of the path, or of 25 minutes if that is less."""


def price_at(path: Path, at: float) -> float:
    """The price of the path at a time between two prints, on the straight line from one to the other."""
    for (t0, p0), (t1, p1) in pairwise(path):
        if t0 <= at <= t1:
            return p0 + (p1 - p0) * (at - t0) / (t1 - t0)
    raise AssertionError("not on the path")


def delayed_copy(path: Path, lag: float, scale: float = 1.0) -> Comparison:
    now, latest = path[-1]
    delay = lag * min(now, 1500.0)
    told = scale * price_at(path, now - delay)
    return judge(alpaca_quote(latest, now), yahoo_quote(told, now, delay), trail_of(*path), now)


@given(SMOOTH_PATHS, LAGS)
def test_a_delayed_copy_of_a_smooth_path_never_disagrees(path: Path, lag: float) -> None:
    assert delayed_copy(path, lag).verdict in (Verdict.AGREE, Verdict.DELAY_EXPLAINED)


@given(SMOOTH_PATHS, LAGS, st.floats(1.4, 50), st.booleans())
def test_a_delayed_copy_on_another_scale_is_apart(path: Path, lag: float, factor: float, up: bool) -> None:
    found = delayed_copy(path, lag, factor if up else 1 / factor)

    # The market's own way since then may by chance have led to the price that is told.
    assert found.apart or abs(found.latest_difference or 0.0) <= 0.20


AGES = st.floats(0, 3600)


@given(PRICES, PRICES, AGES, AGES)
def test_a_stale_pair_is_never_compared(alpaca: float, yahoo: float, alpaca_age: float, yahoo_age: float) -> None:
    found = judge(alpaca_quote(alpaca, -alpaca_age), yahoo_quote(yahoo, -yahoo_age))

    if alpaca_age > ALPACA_FRESH_SECONDS or yahoo_age > YAHOO_FRESH_SECONDS:
        assert (found.verdict, found.difference) == (Verdict.NOT_COMPARABLE, None)


@given(PRICES, PRICES, st.floats(0, 900))
def test_an_obstacle_is_named_exactly_where_there_is_no_difference(alpaca: float, yahoo: float, delay: float) -> None:
    found = judge(alpaca_quote(alpaca), yahoo_quote(yahoo, delay=delay))

    assert (found.obstacle is None) == (found.difference is not None) == (found.verdict is not Verdict.NOT_COMPARABLE)
    assert found == judge(alpaca_quote(alpaca), yahoo_quote(yahoo, delay=delay))

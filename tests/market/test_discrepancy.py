"""When a symbol is frozen and released, when a source as a whole is in doubt, and what the evidence must be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from two_sources import TwoSources, frozen_pair, moment, yahoo_quote

from mytrader_tui.market.quote import Source
from mytrader_tui.market.trust.comparison import Obstacle, Verdict
from mytrader_tui.market.trust.discrepancy import EVIDENCE_SECONDS, RELEASE_AGREEMENTS, Discrepancies

ALPACA, YAHOO = Source.ALPACA, Source.YAHOO


@pytest.mark.parametrize(
    ("yahoo", "reason"),
    [
        (100.0, None),
        (105.0, None),
        (106.0, None),
        (120.0, None),
        (80.0, None),
        (120.01, "sources 20 % apart"),
        (79.99, "sources 20 % apart"),
        (134.0, "sources 34 % apart"),
        (200.0, "possible split 2:1"),
        (10.0, "possible split 10:1"),
    ],
)
def test_a_symbol_is_frozen_beyond_twenty_percent_and_says_why(yahoo: float, reason: str | None) -> None:
    pair = TwoSources()

    pair.both(0, 100.0, yahoo)

    assert pair.reason() == reason


def test_only_the_symbol_that_differs_is_frozen() -> None:
    pair = frozen_pair()

    pair.both(60, 50.0, 50.0, "MSFT")

    assert pair.keeper.frozen_symbols == {"AAPL"}
    assert pair.keeper.frozen("MSFT") is None


def test_a_symbol_is_released_by_the_third_agreement_in_a_row() -> None:
    pair = frozen_pair()

    pair.both(120, 100.0, 101.0)
    pair.both(180, 100.0, 105.0)
    assert pair.reason() == "sources 30 % apart"

    pair.both(240, 100.0, 95.0)
    assert pair.reason() is None


@pytest.mark.parametrize("between", [106.0, 120.0, 150.0])
def test_anything_beyond_five_percent_begins_the_row_anew(between: float) -> None:
    pair = frozen_pair()
    pair.both(120, 100.0, 100.0)
    pair.both(180, 100.0, 100.0)

    pair.both(240, 100.0, between)
    pair.both(300, 100.0, 100.0)
    pair.both(360, 100.0, 100.0)
    assert pair.reason() is not None

    pair.both(420, 100.0, 100.0)
    assert pair.reason() is None


def test_the_same_answer_compared_again_is_no_further_agreement() -> None:
    pair = frozen_pair()
    pair.both(120, 100.0, 100.0)
    answer = yahoo_quote(100.0, 120)

    for second in range(121, 150):
        pair.keeper.compare("AAPL", pair.alpaca(second, 100.0).quotes["AAPL"], answer, moment(second))

    freeze = pair.keeper.frozen("AAPL")
    assert freeze is not None
    assert freeze.agreements == 1


def test_the_answer_that_froze_a_symbol_cannot_also_release_it() -> None:
    pair = frozen_pair()
    answer = yahoo_quote(130.0, 60)

    pair.keeper.compare("AAPL", pair.alpaca(61, 130.0).quotes["AAPL"], answer, moment(61))

    freeze = pair.keeper.frozen("AAPL")
    assert freeze is not None
    assert freeze.agreements == 0


def test_a_new_answer_counts_even_if_it_repeats_price_and_time() -> None:
    pair = frozen_pair()
    pair.alpaca(120, 100.0)

    for answer in range(RELEASE_AGREEMENTS):
        pair.yahoo(120 + 60 * answer, 100.0, delay=60.0 * answer)

    assert pair.reason() is None


def test_a_delay_that_explains_the_difference_is_an_agreement() -> None:
    pair = frozen_pair()
    pair.alpaca(120, 100.0).alpaca(600, 115.0).alpaca(900, 130.0)

    verdicts = [pair.yahoo(at, 100.0, delay=at - 120.0).verdict for at in (900, 960, 1020)]

    assert verdicts == [Verdict.DELAY_EXPLAINED] * 3
    assert pair.reason() is None


def test_what_is_not_comparable_neither_freezes_nor_releases_nor_breaks_the_row() -> None:
    pair = TwoSources()
    pair.alpaca(0, 100.0).yahoo(0, 300.0, obstacle=Obstacle.HALTED)
    assert pair.reason() is None

    pair = frozen_pair()
    pair.both(120, 100.0, 100.0)
    pair.both(180, 100.0, 100.0)
    for at in range(200, 230):
        pair.yahoo(at, 100.0, obstacle=Obstacle.NOT_STREAMED)
    assert pair.reason() is not None

    pair.both(240, 100.0, 100.0)
    assert pair.reason() is None


def test_a_freeze_keeps_its_beginning_and_renews_its_reason() -> None:
    pair = frozen_pair()

    pair.both(120, 100.0, 200.0)

    freeze = pair.keeper.frozen("AAPL")
    assert freeze is not None
    assert (freeze.reason, freeze.since) == ("possible split 2:1", moment(60))


def test_the_latest_comparison_is_kept_for_the_screen() -> None:
    pair = TwoSources()
    assert pair.keeper.latest("AAPL") is None

    found = pair.both(0, 100.0, 107.0)

    assert pair.keeper.latest("AAPL") == found
    assert (found.verdict, found.difference) == (Verdict.DISAGREE, pytest.approx(0.07))


def test_a_forgotten_symbol_leaves_nothing_behind() -> None:
    pair = frozen_pair()

    pair.keeper.forget("AAPL")
    pair.keeper.forget("NEVER")

    assert pair.keeper.frozen("AAPL") is None
    assert pair.keeper.latest("AAPL") is None
    assert pair.yahoo(61, 130.0).obstacle is Obstacle.NOT_REACHED


def test_a_price_from_the_disk_is_no_word_of_either_source() -> None:
    keeper = Discrepancies()

    keeper.heard("AAPL", Source.CACHE, 100.0, moment(0).wall)

    found = keeper.compare("AAPL", None, yahoo_quote(), moment(0))
    assert found.obstacle is Obstacle.NO_ALPACA_PRICE


def test_a_price_without_a_time_leaves_no_trail() -> None:
    pair = TwoSources().alpaca(0, 100.0)
    pair.keeper.heard("AAPL", Source.ALPACA, 500.0, None)

    assert pair.yahoo(0, 500.0).expected is not None
    assert pair.yahoo(0, 500.0).apart


def market(symbols: int, apart: int, *, alpaca: float = 100.0, yahoo: float = 130.0) -> TwoSources:
    """So many symbols compared, of which the first `apart` agreed at 100 before they differed."""
    pair = TwoSources()
    for number in range(symbols):
        pair.both(0, 100.0, 100.0, f"S{number}")
        if number < apart:
            pair.both(600, alpaca, yahoo, f"S{number}")
        else:
            pair.both(600, 100.0, 100.0, f"S{number}")
    return pair


@pytest.mark.parametrize(
    ("symbols", "apart", "distrust"),
    [
        (1, 1, False),
        (2, 2, False),
        (3, 2, False),
        (3, 3, True),
        (15, 3, True),
        (16, 3, False),
        (20, 4, True),
        (21, 4, False),
        (30, 6, True),
        (30, 5, False),
        (30, 0, False),
    ],
)
def test_distrust_takes_three_symbols_and_a_fifth_of_those_compared(symbols: int, apart: int, distrust: bool) -> None:
    pair = market(symbols, apart)

    assert pair.keeper.distrust(moment(600)) is distrust
    assert pair.keeper.broken(moment(600)) is (YAHOO if distrust else None)


def test_nothing_compared_is_no_reason_for_distrust() -> None:
    assert not Discrepancies().distrust(moment(0))
    assert Discrepancies().broken(moment(0)) is None


def test_symbols_that_cannot_be_compared_are_not_among_those_compared() -> None:
    pair = market(16, 3)
    assert not pair.keeper.distrust(moment(600))

    pair.yahoo(610, 100.0, symbol="S15", obstacle=Obstacle.HALTED)

    assert pair.keeper.distrust(moment(610))


def test_old_comparisons_speak_no_more() -> None:
    pair = market(5, 3)

    assert pair.keeper.distrust(moment(600 + EVIDENCE_SECONDS))
    assert not pair.keeper.distrust(moment(600 + EVIDENCE_SECONDS + 1))
    assert pair.keeper.broken(moment(600 + EVIDENCE_SECONDS + 1)) is None


def test_distrust_ends_with_the_differences_though_the_symbols_are_frozen_still() -> None:
    pair = market(3, 3)

    for number in range(3):
        pair.both(1200, 100.0, 100.0, f"S{number}")

    assert not pair.keeper.distrust(moment(1200))
    assert len(pair.keeper.frozen_symbols) == 3


@pytest.mark.parametrize(
    ("alpaca", "yahoo", "broken"),
    [
        (100.0, 130.0, YAHOO),
        (130.0, 100.0, ALPACA),
        (70.0, 100.0, ALPACA),
        (130.0, 60.0, None),
        (120.0, 80.0, None),
    ],
)
def test_the_source_that_left_its_own_prices_is_the_broken_one(
    alpaca: float, yahoo: float, broken: Source | None
) -> None:
    pair = market(10, 4, alpaca=alpaca, yahoo=yahoo)

    assert pair.keeper.distrust(moment(600))
    assert pair.keeper.broken(moment(600)) is broken


def test_sources_that_never_agreed_accuse_neither() -> None:
    pair = TwoSources()
    for symbol in ("S0", "S1", "S2"):
        pair.both(0, 100.0, 200.0, symbol)

    assert pair.keeper.distrust(moment(0))
    assert pair.keeper.broken(moment(0)) is None


def test_a_source_whose_prices_came_back_is_not_broken() -> None:
    pair = market(3, 3)

    for number in range(3):
        pair.both(1200, 140.0, 100.0, f"S{number}")

    assert pair.keeper.broken(moment(1200)) is ALPACA


@pytest.mark.parametrize(("alpaca", "yahoo", "broken"), [(130.0, 170.0, YAHOO), (170.0, 130.0, ALPACA)])
def test_a_level_that_both_sources_reached_is_broken_in_neither(
    alpaca: float, yahoo: float, broken: Source | None
) -> None:
    pair = market(3, 3)
    for number in range(3):
        pair.both(1200, 130.0, 130.0, f"S{number}")
        pair.both(1800, alpaca, yahoo, f"S{number}")

    assert pair.keeper.broken(moment(1800)) is broken


def test_a_price_from_the_disk_breaks_with_no_source() -> None:
    pair = TwoSources()
    for symbol in ("S0", "S1", "S2"):
        pair.keeper.heard(symbol, Source.CACHE, 50.0, None)
        pair.both(0, 100.0, 200.0, symbol)

    assert pair.keeper.distrust(moment(0))
    assert pair.keeper.broken(moment(0)) is None


def test_a_delay_that_explains_a_step_does_not_confirm_it() -> None:
    pair = TwoSources()
    symbols = ("S0", "S1", "S2")
    for symbol in symbols:
        pair.both(0, 100.0, 100.0, symbol)
    pair.alpaca(600, 1000.0, *symbols)

    explained = [pair.yahoo(600, 100.0, delay=600.0, symbol=symbol).verdict for symbol in symbols]
    pair.alpaca(900, 1000.0, *symbols)
    found = [pair.yahoo(960, 100.0, delay=60.0, symbol=symbol).apart for symbol in symbols]

    assert (explained, found) == ([Verdict.DELAY_EXPLAINED] * 3, [True] * 3)
    assert pair.keeper.broken(moment(960)) is ALPACA


PAIRS = st.tuples(st.floats(50, 200), st.floats(50, 200), st.booleans())
SCENES = st.lists(PAIRS, min_size=1, max_size=25)


@given(SCENES)
def test_a_symbol_freezes_only_beyond_twenty_percent_and_thaws_only_after_three_agreements(
    scene: list[tuple[float, float, bool]],
) -> None:
    pair, agreements = TwoSources(), 0
    for step, (alpaca, yahoo, halted) in enumerate(scene):
        was = pair.reason()
        # Minutes apart, so that the trail holds nothing but the present price.
        found = pair.alpaca(step * 600, alpaca).yahoo(step * 600, yahoo, obstacle=Obstacle.HALTED if halted else None)
        off = abs(yahoo - alpaca) / alpaca
        if not halted:
            agreements = agreements + 1 if off <= 0.05 else 0
            assert found.difference == pytest.approx(off)
        else:
            assert pair.reason() == was
        if was is None and pair.reason() is not None:
            assert off > 0.20
        if was is not None and pair.reason() is None:
            assert agreements >= RELEASE_AGREEMENTS
        if not halted and off > 0.21:
            assert pair.reason() is not None


@given(SCENES)
def test_the_same_story_always_ends_the_same(scene: list[tuple[float, float, bool]]) -> None:
    ends = []
    for _ in range(2):
        pair = TwoSources()
        found = [pair.both(step * 60, alpaca, yahoo) for step, (alpaca, yahoo, _) in enumerate(scene)]
        ends.append((found, pair.keeper.frozen("AAPL"), pair.keeper.distrust(moment(1500))))

    assert ends[0] == ends[1]

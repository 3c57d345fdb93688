"""Wrong prices as they come in practice: scaled, split overnight, one symbol off, most of a market off."""

import pytest
from two_sources import TwoSources, alpaca_quote, moment, yahoo_quote

from mytrader_tui.market.quote import Source
from mytrader_tui.market.session import Session
from mytrader_tui.market.trust.comparison import Obstacle, Verdict

DELAY = 900.0
NIGHT = 17.5 * 3600.0
SYMBOLS = tuple(f"S{number}" for number in range(10))
SIX = SYMBOLS[:6]


def trade(pair: TwoSources, first: int, last: int, price: float, *symbols: str) -> TwoSources:
    """Alpaca prints `price` every 20 seconds."""
    for at in range(first, last, 20):
        pair.alpaca(at, price, *symbols)
    return pair


def answer(pair: TwoSources, at: float, price: float, *symbols: str, delay: float = 0.0) -> None:
    for symbol in symbols:
        pair.yahoo(at, price, symbol=symbol, delay=delay)


@pytest.mark.parametrize("factor", [10.0, 0.1])
def test_a_price_off_by_ten_freezes_its_symbol_alone_within_two_minutes_of_a_real_time_answer(factor: float) -> None:
    pair = trade(TwoSources(), 0, 1200, 100.0, *SYMBOLS)
    answer(pair, 1180, 100.0, *SYMBOLS)
    trade(pair, 1200, 1340, 100.0, *SYMBOLS[1:])
    trade(pair, 1200, 1340, 100.0 * factor, "S0")

    answer(pair, 1320, 100.0, *SYMBOLS)

    assert pair.keeper.frozen_symbols == {"S0"}
    assert pair.reason("S0") == "possible split 10:1"
    assert not pair.keeper.distrust(moment(1320))
    assert pair.keeper.broken(moment(1320)) is None


def test_a_delayed_answer_finds_a_price_off_by_ten_once_its_time_has_come() -> None:
    pair = trade(TwoSources(), 0, 3600, 1000.0)
    trade(pair, 3600, 5400, 10_000.0)

    found = [pair.yahoo(at, 1000.0, delay=DELAY).verdict for at in range(3600, 5401, 300)]

    # At 4500 its time is that of the step, whose minutes hold both prices.
    assert found == [Verdict.DELAY_EXPLAINED] * 4 + [Verdict.DISAGREE] * 3
    assert pair.reason() == "possible split 10:1"


def test_a_bad_print_alone_freezes_nothing_neither_then_nor_when_the_delayed_answers_pass_it() -> None:
    pair = trade(TwoSources(), 0, 1200, 100.0)
    found = []

    pair.alpaca(1205, 1000.0)
    found.append(pair.yahoo(1206, 100.0, delay=DELAY).verdict)
    for at in range(1260, 3600, 60):
        pair.alpaca(at, 100.0)
        found.append(pair.yahoo(at, 100.0, delay=DELAY).verdict)

    assert found == [Verdict.DELAY_EXPLAINED] + [Verdict.AGREE] * 39
    assert pair.keeper.frozen_symbols == frozenset()


def test_a_split_that_both_sources_know_is_no_discrepancy() -> None:
    pair = trade(TwoSources(), 0, 1800, 100.0)
    assert pair.yahoo(1800, 100.0, delay=DELAY).verdict is Verdict.AGREE

    morning = int(NIGHT)
    trade(pair, morning, morning + 1800, 50.0)
    first = pair.yahoo(morning + 300, 100.0, delay=300 + NIGHT)
    later = [pair.yahoo(morning + after, 50.0, delay=DELAY).verdict for after in (960, 1200, 1500, 1800)]

    assert first.obstacle is Obstacle.NOT_REACHED
    assert later == [Verdict.AGREE] * 4
    assert pair.keeper.frozen_symbols == frozenset()


@pytest.mark.parametrize(("alpaca", "yahoo"), [(50.0, 100.0), (100.0, 50.0), (100.0, 200.0), (10.1, 100.0)])
def test_a_split_that_one_source_missed_overnight_freezes_the_symbol_and_moves_no_other(
    alpaca: float, yahoo: float
) -> None:
    pair = trade(TwoSources(), 0, 1800, 100.0, *SYMBOLS)
    answer(pair, 1790, 100.0, *SYMBOLS, delay=DELAY)

    morning = int(NIGHT)
    trade(pair, morning, morning + 1800, alpaca, "S0")
    trade(pair, morning, morning + 1800, 101.0, *SYMBOLS[1:])
    answer(pair, morning + 1790, yahoo, "S0", delay=DELAY)
    answer(pair, morning + 1790, 101.0, *SYMBOLS[1:], delay=DELAY)

    assert pair.keeper.frozen_symbols == {"S0"}
    assert (pair.reason("S0") or "").startswith("possible split")
    assert not pair.keeper.distrust(moment(morning + 1800))


def test_a_fast_market_is_explained_by_the_delay_and_never_frozen() -> None:
    pair = TwoSources()
    prices = [100.0 * 0.98 ** (at / 60) for at in range(0, 3600, 20)]
    found = []
    for at, price in zip(range(0, 3600, 20), prices, strict=True):
        pair.alpaca(at, price)
        if at >= DELAY and at % 60 == 0:
            found.append(pair.yahoo(at, prices[(at - int(DELAY)) // 20], delay=DELAY))

    assert {each.verdict for each in found} == {Verdict.DELAY_EXPLAINED}
    assert min(each.latest_difference or 0.0 for each in found) > 0.20
    assert pair.keeper.frozen_symbols == frozenset()


@pytest.mark.parametrize(
    ("alpaca_age", "yahoo_age", "compared"),
    [(0.0, 0.0, True), (899.0, 0.0, False), (0.0, 60.0, True), (901.0, 0.0, False), (0.0, 61.0, False)],
)
def test_a_stale_price_freezes_nothing_however_far_it_is_off(
    alpaca_age: float, yahoo_age: float, compared: bool
) -> None:
    pair = TwoSources().alpaca(2000 - alpaca_age, 100.0)

    found = pair.keeper.compare(
        "AAPL", alpaca_quote(at=2000 - alpaca_age), yahoo_quote(900.0, at=2000 - yahoo_age), moment(2000)
    )

    assert (found.verdict is not Verdict.NOT_COMPARABLE) is compared
    assert (pair.reason() is not None) is compared


def test_an_answer_with_yesterdays_price_is_not_compared() -> None:
    pair = trade(TwoSources(), 0, 1800, 100.0)

    found = pair.yahoo(1800, 60.0, delay=NIGHT)

    assert found.obstacle is Obstacle.NOT_REACHED
    assert pair.keeper.frozen_symbols == frozenset()


def test_a_market_that_yahoo_calls_closed_is_not_compared() -> None:
    pair = trade(TwoSources(), 0, 60, 100.0)

    found = pair.keeper.compare("AAPL", pair.quotes["AAPL"], yahoo_quote(60.0, 50, session=Session.CLOSED), moment(50))

    assert found.obstacle is Obstacle.CLOSED


def test_one_symbol_thirty_percent_off_is_frozen_until_three_agreements_and_the_others_live_on() -> None:
    pair = trade(TwoSources(), 0, 600, 100.0, *SYMBOLS)
    story = []
    for minute, wrong in enumerate((130.0, 130.0, 110.0, 101.0, 101.0, 130.0, 101.0, 102.0, 103.0)):
        at = 600 + 60 * minute
        trade(pair, at, at + 60, 100.0, *SYMBOLS)
        answer(pair, at + 55, wrong, "S0")
        answer(pair, at + 55, 100.5, *SYMBOLS[1:])
        story.append("S0" in pair.keeper.frozen_symbols)
        assert pair.keeper.frozen_symbols <= {"S0"}
        assert not pair.keeper.distrust(moment(at + 55))

    assert story == [True] * 8 + [False]


def test_most_symbols_off_from_the_start_is_distrust_that_accuses_no_source() -> None:
    pair = trade(TwoSources(), 0, 600, 100.0, *SYMBOLS)

    answer(pair, 590, 130.0, *SIX)
    answer(pair, 590, 100.0, *SYMBOLS[6:])

    assert pair.keeper.distrust(moment(600))
    assert pair.keeper.broken(moment(600)) is None
    assert pair.keeper.frozen_symbols == frozenset(SIX)


@pytest.mark.parametrize(("alpaca", "yahoo", "source"), [(130.0, 100.0, Source.ALPACA), (100.0, 130.0, Source.YAHOO)])
def test_most_symbols_off_by_a_step_of_one_source_accuse_that_source(
    alpaca: float, yahoo: float, source: Source
) -> None:
    pair = trade(TwoSources(), 0, 600, 100.0, *SYMBOLS)
    answer(pair, 590, 100.0, *SYMBOLS)

    trade(pair, 600, 900, alpaca, *SIX)
    trade(pair, 600, 900, 100.0, *SYMBOLS[6:])
    answer(pair, 890, yahoo, *SIX)
    answer(pair, 890, 100.0, *SYMBOLS[6:])

    assert pair.keeper.distrust(moment(900))
    assert pair.keeper.broken(moment(900)) is source


def test_most_symbols_wandering_off_without_a_step_is_distrust_that_accuses_no_source() -> None:
    pair = TwoSources()
    for step in range(31):
        pair.alpaca(20 * step, 100.0 + step, *SIX)
        answer(pair, 20 * step, 100.0, *SIX)

    assert pair.keeper.distrust(moment(600))
    assert pair.keeper.broken(moment(600)) is None


def test_a_crash_of_the_whole_market_is_explained_by_the_delay_and_accuses_no_source() -> None:
    pair = trade(TwoSources(), 0, 1800, 100.0, *SYMBOLS)
    answer(pair, 1790, 100.0, *SYMBOLS, delay=DELAY)
    accused = []

    for at in range(1800, 4200, 60):
        trade(pair, at, at + 60, 70.0, *SYMBOLS)
        answer(pair, at + 59, 100.0 if at + 59 - DELAY < 1800 else 70.0, *SYMBOLS, delay=DELAY)
        accused.append(pair.keeper.distrust(moment(at + 59)) or pair.keeper.broken(moment(at + 59)) is not None)

    assert accused == [False] * 40
    assert pair.keeper.frozen_symbols == frozenset()

"""The newest price in the last bar: what may move it, what may begin the next, and that nothing else ever changes."""

import math
from datetime import timedelta

import pytest
from bar_kit import at, bar, day, moment, quote, series, trade
from hypothesis import given
from hypothesis import strategies as st

from mytrader_tui.market.bars import Timeframe
from mytrader_tui.market.live_bars import live
from mytrader_tui.market.quote import Origin, Source
from mytrader_tui.market.session import Session

DAY = Timeframe.DAY
NOON = series(DAY, at(12, 1), bar(at(11, 55)), bar(at(12)))
DAYS = series(Timeframe.YEAR, at(12), day(18), day(19), day(20))


def test_a_trade_moves_the_close_and_stretches_the_high() -> None:
    last = live(NOON, trade(at(12, 2), 103.0)).bars[-1]

    assert (last.open, last.high, last.low, last.close, last.volume) == (100.0, 103.0, 100.0, 103.0, 1000.0)


def test_a_trade_of_the_next_span_begins_a_bar_whose_volume_is_not_known() -> None:
    moved = live(NOON, trade(at(12, 5, 1), 98.0))

    assert moved.bars[:2] == NOON.bars
    assert moved.bars[2].start == at(12, 5)
    assert (moved.bars[2].open, moved.bars[2].close, moved.bars[2].volume) == (98.0, 98.0, None)


@pytest.mark.parametrize(
    ("why", "news"),
    [
        ("another symbol", trade(at(12, 2), 103.0, symbol="MSFT")),
        ("another source", trade(at(12, 2), 103.0, origin=Origin(Source.YAHOO, "quote", 900.0))),
        ("an odd lot", trade(at(12, 2), 103.0, "@", "I")),
        ("an average price", trade(at(12, 2), 103.0, "W")),
        ("sold out of sequence", trade(at(12, 2), 103.0, "Z")),
        ("an unknown code", trade(at(12, 2), 103.0, "?")),
        ("form T in regular hours", trade(at(12, 2), 103.0, "T")),
        ("a closed bar", trade(at(11, 59), 103.0)),
        ("older than what the bars hold", quote(at(11, 58), 103.0)),
        ("no number", trade(at(12, 2), math.nan)),
        ("no price", trade(at(12, 2), 0.0)),
        ("no time", quote(at(12, 2), 103.0, event_time=None)),
        ("after a hole of more than a span", trade(at(12, 16), 103.0)),
        ("another day", trade(at(4, 1, day=23), 103.0, "T")),
    ],
)
def test_what_may_not_move_a_bar_changes_nothing(why: str, news: object) -> None:
    assert live(NOON, news) is NOON, why  # type: ignore[arg-type]


def test_a_series_without_bars_stays_without() -> None:
    empty = series(DAY, at(12))

    assert live(empty, trade(at(12, 0, 1), 100.0)) is empty


def test_before_the_open_extended_prints_move_the_day_and_not_the_month() -> None:
    early = series(DAY, at(8, 1), bar(at(8)))
    month = series(Timeframe.MONTH, at(8, 1), bar(at(15, 30, day=19)))
    print_ = trade(at(8, 1), 101.0, "@", "T")

    assert live(early, print_).bars[-1].close == 101.0
    assert live(early, trade(at(8, 5), 101.0, "@", "T")).bars[-1].session is Session.PRE
    assert live(month, print_) is month


def test_the_closing_cross_is_in_the_last_hour_of_the_month() -> None:
    month = series(Timeframe.MONTH, at(15, 59, 50), bar(at(15, 30)))

    moved = live(month, trade(at(16, 0, 2), 102.0, "6"))

    assert [each.close for each in moved.bars] == [102.0]
    assert live(month, trade(at(16, 31), 102.0)) is month


def test_a_quote_in_extended_hours_moves_the_day_by_its_extended_price() -> None:
    late = series(DAY, at(16, 30), bar(at(16, 30)))
    news = quote(at(15, 59, 59), 100.0, extended_last=105.0, extended_time=at(16, 31), extended_receipt=moment(at(16)))

    assert live(late, news).bars[-1].close == 105.0
    assert live(DAYS, news).bars[-1].close == 100.0


def test_a_quote_brings_its_days_high_low_and_volume_to_the_days_bar() -> None:
    last = live(DAYS, quote(at(12, 1), 100.5, open=90.0, high=106.0, low=95.0, volume=5000.0)).bars[-1]

    assert (last.open, last.high, last.low, last.close, last.volume) == (100.0, 106.0, 95.0, 100.5, 5000.0)


def test_figures_of_an_earlier_day_are_not_the_new_days() -> None:
    thursday = series(Timeframe.YEAR, at(9, day=20), day(18), day(19))
    news = quote(at(9, 31), 100.5, open=90.0, high=106.0, low=95.0, volume=5000.0, day=at(0, day=19))

    first = live(thursday, news).bars[-1]

    assert (first.start, first.open, first.high, first.low, first.volume) == (at(0), 100.5, 100.5, 100.5, None)


@pytest.mark.parametrize(
    ("last", "news", "bars"),
    [
        (day(20), at(9, 31, day=23), 2),  # over a weekend
        (day(25), at(9, 31, day=27), 2),  # over Thanksgiving
        (day(19), at(9, 31, day=23), 1),  # Friday is missing
        (day(20), at(12, day=19), 1),
    ],
)
def test_a_day_is_begun_only_if_no_trading_day_is_missing(last: object, news: object, bars: int) -> None:
    known = series(Timeframe.YEAR, at(9, day=18), last)  # type: ignore[arg-type]

    assert len(live(known, trade(news, 100.0)).bars) == bars  # type: ignore[arg-type]


def test_weeks_go_on_from_one_monday_to_the_next() -> None:
    weeks = series(Timeframe.FIVE_YEARS, at(9), day(16))

    assert [each.close for each in live(weeks, quote(at(12), 107.0)).bars] == [107.0]
    assert [each.start for each in live(weeks, trade(at(10, day=24), 107.0)).bars] == [at(0, day=16), at(0, day=23)]
    assert live(weeks, trade(at(10, day=1, month=12), 107.0)) is weeks


def test_a_tokyo_day_begins_in_new_yorks_evening() -> None:
    tokyo = series(Timeframe.YEAR, at(8), day(20), symbol="7203.T", zone="Asia/Tokyo")
    evening = trade(at(19, 5, day=22), 101.0, symbol="7203.T")

    assert len(live(series(Timeframe.YEAR, at(8), day(22), symbol="7203.T", zone="Asia/Tokyo"), evening).bars) == 2
    assert live(tokyo, evening) is tokyo


def test_five_minutes_go_on_through_the_hour_that_the_clocks_repeat() -> None:
    sunday = series(DAY, at(0, 56, day=1), bar(at(0, 55, day=1)), symbol="BTC-USD", zone="UTC")
    moved = sunday
    for minutes in range(5, 130, 5):
        moved = live(moved, trade(at(0, 55, day=1) + timedelta(minutes=minutes), 100.0, symbol="BTC-USD"))

    steps = {later.start - earlier.start for earlier, later in zip(moved.bars, moved.bars[1:], strict=False)}
    assert (len(moved.bars), steps) == (26, {timedelta(minutes=5)})


PRINTS = st.lists(
    st.tuples(
        st.integers(-7200, 7200),
        st.floats(allow_nan=True, allow_infinity=True),
        st.sampled_from(["@", "T", "I", "Z", "6", ""]),
    ),
    max_size=40,
)


@pytest.mark.parametrize("timeframe", list(Timeframe))
@given(prints=PRINTS)
def test_whatever_is_printed_closed_bars_stay_and_the_open_one_is_sound(
    timeframe: Timeframe, prints: list[tuple[int, float, str]]
) -> None:
    bars = (
        (day(18), day(19), day(20)) if timeframe.value in ("3M", "6M", "1Y", "5Y") else (bar(at(11, 30)), bar(at(12)))
    )
    known = before = series(timeframe, at(12, 1), *bars)
    for seconds, price, code in prints:
        after = live(before, trade(at(12, 1, seconds), price, code))
        closed = before.bars if len(after.bars) > len(before.bars) else before.bars[:-1]
        assert after.bars[: len(closed)] == closed
        assert len(after.bars) - len(before.bars) in (0, 1)
        before = after

    assert before.bars[: len(bars) - 1] == known.bars[:-1]
    starts = [each.start for each in before.bars]
    assert starts == sorted(set(starts))
    for each in before.bars:
        assert 0 < each.low <= min(each.open, each.close) <= max(each.open, each.close) <= each.high < math.inf


def test_a_quiet_symbols_last_price_does_not_take_the_open_bar_back() -> None:
    told = series(DAY, at(12, 4, 30), bar(at(12), 105.0))
    yahoos = Origin(Source.YAHOO, "chart", 900.0, polled=True)
    late = series(DAY, at(12, 19, 30), bar(at(12), 105.0), origin=yahoos)

    assert live(told, quote(at(12, 1), 101.0)) is told
    assert live(told, quote(at(12, 3, 45), 101.0)).bars[-1].close == 101.0
    assert live(late, quote(at(12, 1), 101.0, origin=yahoos)) is late
    assert live(late, quote(at(12, 3, 45), 101.0, origin=yahoos)).bars[-1].close == 101.0

"""Bars as candles: how many share one, what a window shows, and how a candle looks without colour."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from chart_kit import a_day, days, minutes
from hypothesis import given
from hypothesis import strategies as some

from mytrader_tui.market.bars import Timeframe
from mytrader_tui.market.session import Session
from mytrader_tui.ui.candle_glyphs import Halves, body_width, glyphs, volume_bar
from mytrader_tui.ui.candles import ALL, LEAST_IN_SIGHT, Candle, Window, candles
from mytrader_tui.ui.chart_axes import price_label, price_scale, time_ticks

FIVE_MINUTES = 300.0


def drawn(halves: Halves, width: int, *, falling: bool) -> list[str]:
    """The lines of a candle."""
    cells = {(glyph.line, glyph.column): glyph.char for glyph in glyphs(halves, width, falling=falling)}
    columns = range(-(width // 2), width // 2 + 1)
    return ["".join(cells.get((line, column), " ") for column in columns) for line in sorted({at for at, _ in cells})]


# Candles.


def test_where_there_is_room_every_bar_is_a_candle() -> None:
    series = minutes(60)
    seen = candles(series.bars, ALL, 66, series.previous_close, FIVE_MINUTES)
    assert (len(seen.shown), seen.bars) == (60, 1)


def test_a_candle_of_several_bars_opens_with_the_first_and_closes_with_the_last() -> None:
    bars = minutes(6).bars
    seen = candles(bars, ALL, 2, None, FIVE_MINUTES)
    first = seen.shown[0]
    assert (first.open, first.close) == (bars[0].open, bars[2].close)
    assert (first.high, first.low) == (max(bar.high for bar in bars[:3]), min(bar.low for bar in bars[:3]))
    assert first.volume == sum(bar.volume or 0 for bar in bars[:3])
    assert (first.start, first.last) == (bars[0].start, bars[2].start)


def test_no_candle_reaches_over_the_open() -> None:
    series = a_day()
    seen = candles(series.bars, ALL, 22, None, FIVE_MINUTES)
    assert len([bar for bar in series.bars if bar.session is Session.PRE]) % seen.bars
    opened = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
    assert all(one.session is Session.PRE for one in seen.shown if one.start < opened)
    assert opened in {one.start for one in seen.shown}


def test_a_change_is_from_the_close_before_even_of_a_bar_out_of_sight() -> None:
    series = minutes(60)
    seen = candles(series.bars, Window(20), 66, series.previous_close, FIVE_MINUTES)
    assert seen.shown[0].before == series.bars[39].close
    whole = candles(series.bars, ALL, 66, series.previous_close, FIVE_MINUTES)
    assert whole.shown[0].before == series.previous_close


def test_a_volume_that_one_bar_does_not_know_is_not_known_of_the_candle() -> None:
    bars = list(minutes(4).bars)
    bars[1] = type(bars[1])(bars[1].start, 1.0, 1.0, 1.0, 1.0, None)
    assert candles(bars, ALL, 2, None, FIVE_MINUTES).shown[0].volume is None


@given(count=some.integers(1, 400), most=some.integers(1, 200))
def test_there_are_never_more_candles_than_columns_and_no_bar_is_lost(count: int, most: int) -> None:
    series = days(Timeframe.YEAR, count)
    seen = candles(series.bars, ALL, most, None, 86_400.0)
    assert 1 <= len(seen.shown) <= most
    assert seen.shown[0].open == series.bars[0].open
    assert seen.shown[-1].close == series.bars[-1].close
    assert max(one.high for one in seen.shown) == max(bar.high for bar in series.bars)


@given(most=some.integers(1, 120))
def test_a_day_with_a_pre_market_fits_too(most: int) -> None:
    assert len(candles(a_day().bars, ALL, most, None, FIVE_MINUTES).shown) <= most


# The window.


def test_a_zoom_keeps_what_is_under_it_in_its_place() -> None:
    window = Window(100, 50).zoomed(0.5, 0.5, 400)
    assert window.bounds(400) == (275, 325)


def test_a_zoom_shows_no_fewer_bars_than_can_be_told_apart_and_out_again_everything() -> None:
    window = ALL
    for _ in range(30):
        window = window.zoomed(0.7, 1.0, 250)
    assert window == Window(LEAST_IN_SIGHT)
    for _ in range(30):
        window = window.zoomed(1 / 0.7, 1.0, 250)
    assert window == ALL


def test_a_window_moves_no_further_than_to_the_ends() -> None:
    window = Window(50, 10)
    assert window.moved(99, 200) == Window(50, 0)
    assert window.moved(-999, 200).bounds(200) == (0, 50)
    assert ALL.moved(-5, 200) == ALL


def test_a_window_at_the_end_follows_the_newest_bar() -> None:
    assert Window(50).bounds(201) == (151, 201)


@given(
    total=some.integers(1, 500),
    steps=some.lists(some.tuples(some.sampled_from(("zoom", "move")), some.floats(-1, 1)), max_size=12),
)
def test_every_window_lies_within_the_bars(total: int, steps: list[tuple[str, float]]) -> None:
    window = ALL
    for kind, amount in steps:
        window = (
            window.zoomed(2.0**amount, abs(amount), total) if kind == "zoom" else window.moved(int(amount * 99), total)
        )
        first, last = window.bounds(total)
        assert 0 <= first < last <= total


# Glyphs.


def test_rising_and_falling_are_told_apart_without_colour() -> None:
    halves = Halves(0, 9, 2, 7)
    assert drawn(halves, 1, falling=False) == ["│", "┃", "┃", "┃", "│"]
    assert drawn(halves, 1, falling=True) == ["│", "█", "█", "█", "│"]


def test_a_narrow_candle_is_exact_to_half_a_line() -> None:
    assert drawn(Halves(1, 6, 3, 4), 1, falling=False) == ["╷", "╽", "╿", "╵"]
    assert drawn(Halves(1, 6, 3, 4), 1, falling=True) == ["╷", "▄", "▀", "╵"]


def test_a_wide_rising_candle_is_hollow() -> None:
    assert drawn(Halves(0, 9, 2, 7), 3, falling=False) == [" │ ", "┌┴┐", "│ │", "└┬┘", " │ "]
    assert drawn(Halves(2, 7, 2, 7), 3, falling=False) == ["┌─┐", "│ │", "└─┘"]
    assert drawn(Halves(2, 3, 2, 3), 3, falling=False) == ["╞═╡"]


def test_a_wide_falling_candle_is_filled() -> None:
    assert drawn(Halves(0, 9, 2, 7), 3, falling=True) == [" │ ", "███", "███", "███", " │ "]


@pytest.mark.parametrize(("pitch", "width"), [(1, 1), (2.9, 1), (3.9, 1), (4, 3), (5.9, 3), (6, 5), (40, 9)])
def test_a_body_is_odd_and_leaves_a_gap(pitch: float, width: int) -> None:
    assert body_width(pitch) == width
    assert width % 2 == 1
    assert pitch < 2 or width < pitch


def test_a_volume_that_is_not_nothing_can_be_seen() -> None:
    assert volume_bar(0.0001, 3) == "  ▁"
    assert volume_bar(0.0, 3) == "   "
    assert volume_bar(1.0, 3) == "███"
    assert volume_bar(0.5, 3) == " ▄█"


# The axes.


def labels(columns: int, shown: tuple[Candle, ...], *, whole_days: bool = False) -> list[str]:
    return [tick.label for tick in time_ticks(shown, columns, UTC, whole_days=whole_days)]


def test_hours_are_labelled_within_a_day_and_dates_over_days() -> None:
    today = candles(a_day().bars, ALL, 66, None, FIVE_MINUTES).shown
    assert labels(66, today) == ["10:00", "11:00", "12:00", "13:00", "14:00", "15:00"]
    year = candles(days().bars, ALL, 66, None, 86_400.0).shown
    assert labels(66, year, whole_days=True)[:4] == ["2026", "Feb", "Mar", "Apr"]


@given(columns=some.integers(5, 220), count=some.integers(2, 250))
def test_labels_never_touch_and_never_reach_over_an_end(columns: int, count: int) -> None:
    shown = candles(days(count=count).bars, ALL, columns, None, 86_400.0).shown
    end = 0.0
    for tick in time_ticks(shown, columns, UTC, whole_days=True):
        middle = (tick.place + 0.5) * columns / len(shown)
        assert middle - len(tick.label) / 2 >= end
        end = middle + len(tick.label) / 2 + 1
        assert end - 1 <= columns


def test_a_price_label_has_the_places_that_tell_it_from_its_neighbour() -> None:
    assert price_label(190.5, [190.0, 190.5]) == "190.50"
    assert price_label(190.005, [190.0, 190.005]) == "190.005"
    assert price_label(0.0125, [0.012, 0.0125]) == "0.0125"


def test_a_close_before_that_is_near_belongs_on_the_scale_and_one_far_away_does_not() -> None:
    shown = candles(minutes(40).bars, ALL, 66, None, FIVE_MINUTES).shown
    low, high = min(one.low for one in shown), max(one.high for one in shown)
    near, far = low - (high - low) / 2, low - 5 * (high - low)
    assert price_scale(shown, near).low < near
    assert price_scale(shown, far).low > far


def test_a_market_that_stands_still_has_a_scale() -> None:
    still = Candle(
        datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC), 5, 5, 5, 5, 0, Session.REGULAR, 5
    )
    scale = price_scale((still,), 5.0)
    assert scale.low < 5 < scale.high


def test_nights_take_no_room() -> None:
    before = days(Timeframe.THREE_MONTHS, 30).bars
    shown = candles(before, ALL, 60, None, 86_400.0).shown
    gaps = {later.start - earlier.start for earlier, later in pairwise(shown)}
    assert timedelta(days=3) in gaps
    assert len(shown) == 30

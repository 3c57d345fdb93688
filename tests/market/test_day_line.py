"""The day as a line: one close a step, the newest in its place."""

from datetime import timedelta

from bar_kit import at, bar

from mytrader_tui.market.day_line import MOST_POINTS, DayLine, is_new_day, line_of, moved


def test_small_bars_leave_the_last_close_of_each_step() -> None:
    bars = [bar(at(9, 30) + timedelta(minutes=5 * step), 100.0 + step) for step in range(10)]

    assert line_of(bars).closes == (101.0, 105.0, 109.0)


def test_a_line_has_sixty_points_at_most_and_they_are_the_newest() -> None:
    bars = [bar(at(0) + timedelta(minutes=20 * step), 100.0 + step) for step in range(72)]

    line = line_of(bars)
    longer = moved(line, 500.0, at(0, day=21) + timedelta(minutes=1))

    assert len(line.closes) == len(longer.closes) == MOST_POINTS
    assert (line.closes[-1], longer.closes[-1]) == (171.0, 500.0)


def test_a_price_replaces_the_point_of_its_step_or_is_the_next() -> None:
    line = line_of([bar(at(12), 101.0)])

    assert moved(line, 102.0, at(12, 19)).closes == (102.0,)
    assert moved(line, 102.0, at(12, 20)).closes == (101.0, 102.0)
    assert moved(line, 101.0, at(12, 19)) is line
    assert moved(line, 102.0, at(11, 59)) is line
    assert moved(DayLine(), 102.0, at(12)).closes == (102.0,)


def test_a_night_makes_a_new_day_and_a_lunch_does_not() -> None:
    line = line_of([bar(at(12))])

    assert not is_new_day(line, at(15, 20))
    assert is_new_day(line, at(15, 21))
    assert not is_new_day(DayLine(), at(15))

"""The calendar of bars: sessions, the reach of a timeframe, and how long what was told stands."""

from datetime import UTC, date, datetime, timedelta

import pytest
from bar_kit import at, bar, day, moment, series
from hypothesis import given
from hypothesis import strategies as st

from mytrader_tui.market.bar_building import in_order, is_sound, latest_day, merged, whole_days, whole_weeks
from mytrader_tui.market.bar_days import (
    day_of,
    day_start,
    first_day,
    is_zone,
    months_before,
    next_edge,
    present_day,
    session_at,
)
from mytrader_tui.market.bar_lifetimes import is_fresh
from mytrader_tui.market.bars import Bar, Timeframe
from mytrader_tui.market.session import Session

NY = "America/New_York"


@pytest.mark.parametrize(
    ("instant", "session"),
    [
        (at(4), Session.PRE),
        (at(9, 29, 59), Session.PRE),
        (at(9, 30), Session.REGULAR),
        (at(15, 59), Session.REGULAR),
        (at(16), Session.POST),
        (at(12, 59, day=27), Session.REGULAR),
        (at(13, day=27), Session.POST),  # the half day after Thanksgiving
        (at(12, day=26), Session.REGULAR),  # nothing trades in New York: the market is another one
        (at(9, 30, day=9, month=3), Session.REGULAR),  # the first day of summer time
        (at(9, 30, day=6, month=3), Session.REGULAR),
    ],
)
def test_each_bar_is_told_its_session(instant: datetime, session: Session) -> None:
    assert session_at(instant) is session


@pytest.mark.parametrize(
    ("timeframe", "now", "first"),
    [
        (Timeframe.DAY, at(10), date(2026, 11, 20)),
        (Timeframe.DAY, at(12, day=22), date(2026, 11, 20)),
        (Timeframe.DAY, at(3, day=23), date(2026, 11, 20)),
        (Timeframe.FIVE_DAYS, at(10), date(2026, 11, 16)),
        (Timeframe.FIVE_DAYS, at(10, day=30), date(2026, 11, 23)),
        (Timeframe.FIVE_DAYS, at(10, day=1, month=12), date(2026, 11, 24)),
        (Timeframe.MONTH, at(10), date(2026, 10, 20)),
        (Timeframe.FIVE_YEARS, at(10), date(2021, 11, 20)),
    ],
)
def test_a_timeframe_reaches_back_so_far(timeframe: Timeframe, now: datetime, first: date) -> None:
    assert first_day(timeframe, now) == first


def test_a_month_before_the_31st_is_that_months_last_day() -> None:
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert months_before(date(2028, 3, 31), 1) == date(2028, 2, 29)
    assert months_before(date(2026, 1, 15), 1) == date(2025, 12, 15)


@given(day=st.dates(date(2000, 1, 1), date(2100, 1, 1)), months=st.integers(1, 60))
def test_months_before_is_so_many_months_before(day: date, months: int) -> None:
    before = months_before(day, months)

    assert (day.year * 12 + day.month) - (before.year * 12 + before.month) == months
    assert before.day <= day.day


def test_the_present_day_begins_with_its_pre_market() -> None:
    assert present_day(at(3, 59)) == date(2026, 11, 19)
    assert present_day(at(4)) == date(2026, 11, 20)


@given(instant=st.integers(0, 2 * 365 * 86400).map(lambda s: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=s)))
def test_the_next_edge_is_ahead_and_never_farther_than_a_long_weekend(instant: datetime) -> None:
    assert timedelta(0) < next_edge(instant) - instant < timedelta(days=4)


def test_the_edges_of_a_half_day_are_its_own() -> None:
    assert next_edge(at(12, day=27)) == at(13, 20, day=27)
    assert next_edge(at(14, day=27)) == at(9, 50, day=30)


@pytest.mark.parametrize(
    ("timeframe", "told", "now", "fresh"),
    [
        (Timeframe.DAY, at(12), at(12, 0, 59), True),
        (Timeframe.DAY, at(12), at(12, 1, 1), False),
        (Timeframe.DAY, at(20, 1), at(3, 59, day=21), True),
        (Timeframe.DAY, at(3, 58), at(4, 0, 1), False),
        (Timeframe.FIVE_DAYS, at(12), at(12, 4), True),
        (Timeframe.FIVE_DAYS, at(12), at(12, 6), False),
        (Timeframe.YEAR, at(10), at(16, 10), True),
        (Timeframe.YEAR, at(10), at(16, 21), False),
        (Timeframe.YEAR, at(16, 21), at(15, day=21), True),
        (Timeframe.YEAR, at(16, 21), at(17, day=21), False),  # a day old, whatever the calendar says
        (Timeframe.YEAR, at(8), at(9, 51), False),
    ],
)
def test_bars_are_asked_for_again_when_there_can_be_others(
    timeframe: Timeframe, told: datetime, now: datetime, fresh: bool
) -> None:
    assert is_fresh(series(timeframe, told, day(20)), moment(now)) is fresh


def test_what_has_a_note_or_keeps_other_hours_is_asked_for_again_sooner() -> None:
    noted = series(Timeframe.YEAR, at(10), day(20), note="these are Yahoo's bars")
    foreign = series(Timeframe.YEAR, at(10), day(20), symbol="7203.T")

    assert is_fresh(noted, moment(at(10, 4)))
    assert not is_fresh(noted, moment(at(10, 6)))
    assert is_fresh(foreign, moment(at(10, 50)))
    assert not is_fresh(foreign, moment(at(11, 1)))


def test_half_hours_become_hours_that_begin_with_the_open() -> None:
    halves = [bar(at(9, 30) + timedelta(minutes=30 * step), 100.0 + step) for step in range(13)]

    hours = merged(halves, 3600.0)

    assert [each.start for each in hours] == [at(9, 30) + timedelta(hours=step) for step in range(7)]
    assert (hours[0].close, hours[0].volume, hours[-1].volume) == (101.0, 2000.0, 1000.0)
    assert hours[0].high == 101.0


@pytest.mark.parametrize("number", [(6, 3), (9, 3), (30, 10), (2, 11), (27, 11)])
def test_hours_begin_with_the_open_on_both_sides_of_summer_time(number: tuple[int, int]) -> None:
    opened = at(9, 30, day=number[0], month=number[1])
    halves = [bar(opened + timedelta(minutes=30 * step)) for step in range(4)]

    assert [each.start for each in merged(halves, 3600.0)] == [opened, opened + timedelta(hours=1)]


def test_a_day_stamped_anywhere_in_it_begins_at_new_yorks_midnight() -> None:
    stamped = [bar(at(9, 30, day=19)), bar(at(9, 30)), bar(at(11, 47), 103.0, 1500.0)]

    days = whole_days(stamped, NY)

    assert [each.start for each in days] == [at(0, day=19), at(0)]
    assert (days[-1].close, days[-1].volume) == (103.0, 1500.0)
    assert [day_of(each.start) for each in whole_days([bar(at(19))], "Asia/Tokyo")] == [date(2026, 11, 21)]


def test_a_week_told_in_two_rows_is_one_that_begins_on_monday() -> None:
    weeks = whole_weeks([bar(at(0, day=9)), bar(at(0, day=16)), bar(at(11, 47), 103.0, 1500.0)], NY)

    assert [(each.start, each.close, each.volume) for each in weeks] == [
        (at(0, day=9), 100.0, 1000.0),
        (at(0, day=16), 103.0, 2500.0),
    ]


def test_days_begin_at_midnight_on_both_sides_of_summer_time() -> None:
    assert day_start(date(2026, 3, 8)).hour == 5
    assert day_start(date(2026, 3, 9)).hour == 4
    assert day_start(date(2026, 11, 2)).hour == 5


def test_the_latest_day_is_by_new_yorks_date() -> None:
    bars = (bar(at(19, 55, day=19)), bar(at(4)), bar(at(19, 55)))

    assert latest_day(bars) == bars[1:]
    assert latest_day(()) == ()


NUMBERS = st.floats() | st.just(0.0)


@given(rows=st.lists(st.tuples(st.integers(0, 20), NUMBERS, NUMBERS, NUMBERS, NUMBERS, st.none() | NUMBERS)))
def test_bars_in_order_are_sound_ascending_and_once_each(
    rows: list[tuple[int, float, float, float, float, float]],
) -> None:
    told = [Bar(at(12) + timedelta(minutes=row[0]), *row[1:]) for row in rows]

    bars = in_order(told)

    starts = [each.start for each in bars]
    assert starts == sorted(set(starts))
    assert all(is_sound(each) for each in bars)
    assert {each.start for each in told if is_sound(each)} == set(starts)


@pytest.mark.parametrize("name", ["America/New_York", "Asia/Tokyo", "UTC", "Etc/GMT+5"])
def test_a_zone_has_a_name(name: str) -> None:
    assert is_zone(name)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "America", "", "/etc/localtime", "Nowhere/City", None, 7, "A" * 99]
)
def test_what_names_no_zone_is_none(name: object) -> None:
    assert not is_zone(name)

"""Durations come from the monotonic clock, ages of outside events from the wall clock, and neither is negative."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from mytrader_tui.market.moment import EPOCH, Moment, remembered

NOON = Moment(datetime(2026, 11, 20, 17, 0, tzinfo=UTC), 1000.0)
SECONDS = st.integers(min_value=0, max_value=10**7)


def test_a_wall_clock_set_back_changes_no_duration() -> None:
    set_back = Moment(NOON.wall - timedelta(hours=1), NOON.mono + 2.0)

    assert set_back.seconds_since(NOON) == 2.0


def test_a_duration_is_never_negative() -> None:
    assert NOON.seconds_since(NOON.later(5)) == 0.0


def test_the_age_of_an_event_is_by_the_wall_clock_and_never_negative() -> None:
    assert NOON.age_of(NOON.wall - timedelta(seconds=90)) == 90.0
    assert NOON.age_of(NOON.wall + timedelta(seconds=3)) == 0.0


def test_the_age_of_an_event_ignores_its_zone() -> None:
    tokyo = (NOON.wall - timedelta(seconds=90)).astimezone(timezone(timedelta(hours=9)))

    assert NOON.age_of(tokyo) == 90.0


@given(SECONDS, SECONDS)
def test_later_moves_both_clocks_alike(first: int, second: int) -> None:
    moved = NOON.later(first).later(second)

    assert moved.seconds_since(NOON) == first + second
    assert moved.age_of(NOON.wall) == first + second


@given(SECONDS)
def test_what_an_earlier_run_stamped_has_the_same_age_on_this_runs_clock(age: int) -> None:
    stamped = NOON.wall - timedelta(seconds=age)

    assert NOON.seconds_since(remembered(stamped, NOON)) == age
    assert remembered(stamped, NOON).wall == stamped


def test_what_an_earlier_run_stamped_in_the_future_is_of_age_zero() -> None:
    assert NOON.seconds_since(remembered(NOON.wall + timedelta(days=1), NOON)) == 0.0


def test_the_epoch_is_before_now() -> None:
    assert NOON.age_of(EPOCH.wall) > 0

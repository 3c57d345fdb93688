from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mytrader_tui.feeds.yahoo.pauses import Pauses, jittered

NOW = datetime(2026, 6, 15, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize(("header", "seconds"), [("0", 1.0), ("30", 30.0), ("86400", 900.0)])
def test_a_retry_after_is_kept_within_one_second_and_fifteen_minutes(header: str, seconds: float) -> None:
    assert Pauses().after(header, 1, NOW) == seconds


def test_without_a_retry_after_the_pause_doubles_from_one_minute_to_fifteen() -> None:
    pauses = [Pauses().after(None, times, NOW) for times in range(1, 7)]

    assert pauses == [60.0, 120.0, 240.0, 480.0, 900.0, 900.0]


@given(header=st.none() | st.text(max_size=80), times=st.integers(1, 10_000))
def test_no_header_and_no_count_makes_a_pause_shorter_or_longer_than_its_bounds(header: str | None, times: int) -> None:
    assert 1.0 <= Pauses().after(header, times, NOW) <= 900.0


@given(fraction=st.floats(0, 1))
def test_jitter_moves_a_poll_by_at_most_a_tenth(fraction: float) -> None:
    assert 53.9 <= jittered(60.0, fraction) <= 66.1

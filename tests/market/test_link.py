"""A link is only what it has proved within its limit."""

from datetime import UTC, datetime

import pytest

from mytrader_tui.market.link import Link, Reason, poll_limit
from mytrader_tui.market.moment import Moment

START = Moment(datetime(2026, 11, 20, 17, 0, tzinfo=UTC), 1000.0)


@pytest.mark.parametrize(("age", "proven"), [(0.0, True), (4.9, True), (5.0, True), (5.1, False), (3600.0, False)])
def test_a_stream_is_proven_for_five_seconds_after_it_was_heard(age: float, proven: bool) -> None:
    link = Link(up=True, since=START, heard=START)

    assert link.proven(START.later(age)) is proven


@pytest.mark.parametrize(("age", "proven"), [(149.0, True), (150.0, True), (150.1, False)])
def test_a_polled_source_is_proven_for_two_and_a_half_polls(age: float, proven: bool) -> None:
    link = Link(up=True, since=START, heard=START, poll_seconds=60.0)

    assert link.proven(START.later(age)) is proven


def test_a_link_that_is_down_or_was_never_heard_proves_nothing() -> None:
    assert not Link(up=False, since=START, heard=START).proven(START)
    assert not Link(up=True, since=START).proven(START)


@pytest.mark.parametrize(("poll", "limit"), [(1.0, 60.0), (24.0, 60.0), (60.0, 150.0), (900.0, 2250.0)])
def test_a_poll_is_overdue_after_two_and_a_half_intervals_but_not_within_a_minute(poll: float, limit: float) -> None:
    assert poll_limit(poll) == limit


def test_every_reason_speaks_to_people_in_words_of_its_own() -> None:
    words = [reason.value for reason in Reason]

    assert len(set(words)) == len(words)
    assert all(word == word.strip() and not word.endswith(".") for word in words)


def test_trying_again_is_pointless_only_where_the_user_must_act() -> None:
    fatal = {reason for reason in Reason if reason.fatal}

    assert fatal == {Reason.NO_KEYS, Reason.DISABLED, Reason.SECOND_INSTANCE, Reason.AUTH_FAILED, Reason.NOT_ENTITLED}

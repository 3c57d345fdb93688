"""After four exits in half an hour the primary must wait, and then prove itself, before it is trusted again."""

import pytest

from mytrader_tui.market.failover.breaker import Breaker, BreakerState
from mytrader_tui.market.failover.timers import Timers

TIMERS = Timers()
OPENED = Breaker().tripped(1000.0, TIMERS, 4)


def seen(breaker: Breaker, now: float, *, proving: bool = True) -> Breaker:
    return breaker.at(now, TIMERS, proving=proving)


def half_open(at: float = 2000.0) -> Breaker:
    breaker = seen(OPENED, at, proving=False)
    assert breaker.state is BreakerState.HALF_OPEN
    return breaker


@pytest.mark.parametrize(
    ("exits", "state"), [(1, BreakerState.CLOSED), (3, BreakerState.CLOSED), (4, BreakerState.OPEN)]
)
def test_the_fourth_exit_opens_it(exits: int, state: BreakerState) -> None:
    assert Breaker().tripped(1000.0, TIMERS, exits).state is state


@pytest.mark.parametrize(("waited", "state"), [(899.9, BreakerState.OPEN), (900.0, BreakerState.HALF_OPEN)])
def test_its_cool_down_is_fifteen_minutes(waited: float, state: BreakerState) -> None:
    assert seen(OPENED, 1000.0 + waited, proving=False).state is state


@pytest.mark.parametrize(("proved", "state"), [(119.9, BreakerState.HALF_OPEN), (120.0, BreakerState.CLOSED)])
def test_two_minutes_of_service_close_it(proved: float, state: BreakerState) -> None:
    trial = seen(half_open(), 2500.0)

    assert seen(trial, 2500.0 + proved).state is state


def test_a_trial_that_is_broken_off_starts_over() -> None:
    trial = seen(half_open(), 2500.0)
    broken = seen(trial, 2600.0, proving=False)
    again = seen(broken, 2601.0)

    assert seen(again, 2601.0 + TIMERS.trial_seconds - 0.1).state is BreakerState.HALF_OPEN
    assert seen(again, 2601.0 + TIMERS.trial_seconds).state is BreakerState.CLOSED


def test_only_a_primary_that_serves_without_fault_proves_anything() -> None:
    waiting = seen(half_open(), 5000.0, proving=False)

    assert seen(waiting, 9000.0, proving=False).state is BreakerState.HALF_OPEN


def test_a_primary_that_serves_already_when_the_cool_down_ends_starts_its_trial_then() -> None:
    ended = seen(OPENED, 1900.0)

    assert (ended.state, ended.trial_since) == (BreakerState.HALF_OPEN, 1900.0)
    assert seen(ended, 1900.0 + TIMERS.trial_seconds).state is BreakerState.CLOSED


def test_a_failed_trial_doubles_the_cool_down_up_to_an_hour() -> None:
    breaker, cooldowns = OPENED, [OPENED.cooldown_seconds]
    now = 1000.0
    for _ in range(4):
        now += breaker.cooldown_seconds
        breaker = seen(breaker, now, proving=False).tripped(now, TIMERS, 1)
        assert breaker.state is BreakerState.OPEN
        cooldowns.append(breaker.cooldown_seconds)

    assert cooldowns == [900.0, 1800.0, 3600.0, TIMERS.breaker_limit_seconds, TIMERS.breaker_limit_seconds]


def test_an_exit_while_open_neither_prolongs_nor_shortens_the_cool_down() -> None:
    left_again = OPENED.tripped(1500.0, TIMERS, 5)

    assert (left_again.state, left_again.since, left_again.cooldown_seconds) == (BreakerState.OPEN, 1000.0, 900.0)


def test_half_an_hour_without_a_failover_forgives_the_long_cool_down() -> None:
    failed = half_open().tripped(2000.0, TIMERS, 5)
    closed = seen(seen(seen(failed, 3800.0), 3800.0), 3800.0 + TIMERS.trial_seconds)
    assert closed.state is BreakerState.CLOSED

    recent = Breaker(cooldown_seconds=1800.0, last_exit=3000.0)

    assert seen(recent, 3000.0 + TIMERS.forgive_seconds - 0.1).cooldown_seconds == 1800.0
    assert seen(recent, 3000.0 + TIMERS.forgive_seconds).cooldown_seconds == TIMERS.breaker_cooldown_seconds
    assert closed.cooldown_seconds == TIMERS.breaker_cooldown_seconds


def test_a_closed_breaker_to_which_nothing_happens_is_the_same_value() -> None:
    breaker = Breaker()

    assert seen(breaker, 1e6) is breaker

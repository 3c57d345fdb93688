"""A primary that does its worst: how often it can make the screen change hands, and that it is forgiven in the end."""

import random
from collections.abc import Callable

import pytest

from mytrader_tui.market.failover import evidence as ev
from mytrader_tui.market.failover.breaker import BreakerState
from mytrader_tui.market.failover.evidence import Phase
from mytrader_tui.market.failover.router import Model, State, Timers, start, step
from mytrader_tui.market.link import Reason

SESSION = 23_400
TWO_HOURS = 7200.0
SUBSCRIBED = ev.Subscribed(30, True)
Spite = Callable[[Model, random.Random], bool]


def at_once(model: Model, rng: random.Random) -> bool:
    """Fail as soon as it serves."""
    return True


def after_the_trial(model: Model, rng: random.Random) -> bool:
    """Behave until the breaker trusts it again."""
    return model.breaker.state is not BreakerState.HALF_OPEN


def until_forgotten(model: Model, rng: random.Random) -> bool:
    """Behave for as long as it takes the exits to leave the history now and then."""
    return model.now - model.entered >= rng.choice([0.0, 121.0, 600.0, 1801.0])


def at_random(model: Model, rng: random.Random) -> bool:
    """Fail at any time."""
    return rng.random() < 0.02


def fights(spite: Spite, timers: Timers, seed: int = 1) -> tuple[list[float], Model]:
    """The exits of one session against a primary that fails whenever `spite` says, and flows again the next second."""
    rng = random.Random(seed)
    model = start(timers, 0.0, phase=Phase.OPEN)
    exits: list[float] = []
    for now in range(SESSION):
        told: list[ev.Evidence] = [ev.Life(), ev.PollSucceeded()]
        if model.state is State.PRIMARY_ACTIVE and spite(model, rng):
            told = [ev.LinkDown(Reason.AUTH_FAILED)]
        if not model.up:
            told = [SUBSCRIBED, ev.LinkUp(), *told]
        for event in told:
            model, made = step(model, event, float(now))
            exits += [transition.at for transition in made if transition.before is State.PRIMARY_ACTIVE]
    return exits, model


def most_in(exits: list[float], seconds: float) -> int:
    return max(sum(0 <= last - at < seconds for at in exits) for last in exits)


@pytest.mark.parametrize("spite", [at_once, after_the_trial, until_forgotten, at_random])
def test_no_primary_makes_more_than_ten_failovers_in_two_hours(spite: Spite) -> None:
    exits, _ = fights(spite, Timers())

    assert most_in(exits, TWO_HOURS) <= 10


def test_the_breaker_and_the_growing_hold_stop_a_primary_that_fails_at_once() -> None:
    fixed_hold = Timers(
        history_seconds=1.0, breaker_cooldown_seconds=1.0, budget_seconds=1.0, forgive_seconds=1.0, trial_seconds=1.0
    )
    ours, careless = fights(at_once, Timers())[0], fights(at_once, fixed_hold)[0]

    print(f"\nexits in a session: {len(ours)}, with a fixed hold {len(careless)}")
    assert len(ours) <= 12
    assert len(careless) > 100


@pytest.mark.parametrize("spite", [at_once, after_the_trial, at_random])
def test_a_primary_that_mends_its_ways_serves_again_and_is_trusted(spite: Spite) -> None:
    _, model = fights(spite, Timers())
    now = model.now
    for event in (SUBSCRIBED, ev.LinkUp()):
        model, _ = step(model, event, now)
    while model.now < now + TWO_HOURS + 300.0:
        model, _ = step(model, ev.Life(), model.now + 10.0)
        model, _ = step(model, ev.PollSucceeded(), model.now)

    assert (model.state, model.breaker.state) == (State.PRIMARY_ACTIVE, BreakerState.CLOSED)

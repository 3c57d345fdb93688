"""The failover state machine: how the primary comes back, and what happens when both sources fail."""

from collections.abc import Iterable

import pytest
from router_bench import BOTH, FALLBACK, PRIMARY, T0, UP, Bench, failed_over, flap, serving

from mytrader_tui.market.failover.breaker import BreakerState
from mytrader_tui.market.failover.evidence import (
    Cadence,
    Evidence,
    Life,
    LinkDown,
    LinkUp,
    Phase,
    PhaseEdge,
    PollFailed,
    PollSucceeded,
    Resumed,
    Tick,
)
from mytrader_tui.market.failover.router import (
    State,
    Timers,
    fallback_down,
    fallback_ready,
    hold_seconds,
    primary_flows,
)
from mytrader_tui.market.link import Reason

# Both sources: transitions T2, T5, T6, T7


@pytest.mark.parametrize("failure", [(PollFailed(),) * 3, (PollFailed(retry_after=900.0),)])
def test_when_the_fallback_is_down_too_no_source_serves(failure: Iterable[Evidence]) -> None:
    bench = serving().at(1, *failure).at(60)

    assert bench.path == [PRIMARY, BOTH]
    assert bench.cause.endswith("; Yahoo does not answer either")


def test_an_answer_ends_a_pause() -> None:
    assert not fallback_down(serving().at(1, PollFailed(retry_after=900.0)).at(2, PollSucceeded()).model)


def test_a_fallback_that_is_switched_off_is_not_said_to_fail() -> None:
    bench = Bench(fallback=False).at(0, *UP, Life()).at(60)

    assert bench.path == [PRIMARY, BOTH]
    assert bench.cause.endswith("; Yahoo is switched off")


@pytest.mark.parametrize("failures", [1, 2])
def test_two_failed_polls_do_not_put_the_fallback_down(failures: int) -> None:
    assert not fallback_down(serving().at(1, *[PollFailed()] * failures).model)


@pytest.mark.parametrize(("second", "down"), [(900, True), (901, False)])
def test_a_pause_that_the_fallback_asked_for_puts_it_down_until_it_ends(second: int, down: bool) -> None:
    bench = serving().at(1, PollFailed(retry_after=900.0)).at(2, PollFailed()).at(second)

    assert fallback_down(bench.model) is down


@pytest.mark.parametrize(
    ("poll", "second", "ready"), [(60, 149, True), (60, 150, False), (10, 59, True), (10, 60, False)]
)
def test_a_success_of_the_fallback_holds_for_two_and_a_half_polls_or_a_minute(
    poll: float, second: int, ready: bool
) -> None:
    assert fallback_ready(serving().at(0, Cadence(poll)).at(second).model) is ready


@pytest.mark.parametrize(
    "failing",
    [
        [(70, PollFailed()), (80, PollFailed()), (90, PollFailed())],
        [(70, PollFailed(retry_after=60.0))],
        [(209, Tick())],
    ],
    ids=["three failures", "a pause", "no answer"],
)
def test_a_fallback_that_fails_while_the_primary_is_away_leaves_no_source(failing: list[tuple[int, Evidence]]) -> None:
    bench = failed_over()
    for second, event in failing:
        assert bench.at(second - 0.1).state is FALLBACK
        bench.at(second, event)

    assert bench.path == [PRIMARY, FALLBACK, BOTH]
    assert bench.cause == "Yahoo failed and Alpaca is not back"


def test_from_no_source_the_primary_serves_with_its_first_print() -> None:
    bench = failed_over().at(70, *[PollFailed()] * 3).at(80, *UP)
    assert bench.state is BOTH

    assert bench.at(81, Life()).path == [PRIMARY, FALLBACK, BOTH, PRIMARY]


def test_from_no_source_the_fallback_serves_with_its_first_answer() -> None:
    bench = failed_over().at(70, *[PollFailed()] * 3).at(80, PollSucceeded())

    assert bench.path == [PRIMARY, FALLBACK, BOTH, FALLBACK]


def test_from_no_source_the_primary_wins_a_tie() -> None:
    bench = failed_over().at(70, *[PollFailed()] * 3).at(80, *UP)

    assert bench.at(81, Life(), PollSucceeded()).state is PRIMARY


# Recovery: transitions T3


@pytest.mark.parametrize(("second", "state"), [(119, FALLBACK), (120, PRIMARY), (121, PRIMARY)])
def test_the_primary_serves_again_after_two_minutes_of_flow(second: int, state: State) -> None:
    bench = failed_over().at(100, *UP)
    for at in range(0, second + 1):
        bench.at(100 + at, Life(), PollSucceeded())

    assert bench.state is state
    if state is PRIMARY:
        assert (bench.made[-1].at, bench.cause) == (T0 + 220, "Alpaca steady for 120 s")


def test_the_hold_counts_from_the_first_print_not_from_the_connection() -> None:
    bench = failed_over().at(100, *UP).every_second(130, 249, Life(), PollSucceeded())
    assert bench.state is FALLBACK

    assert bench.at(250, Life()).state is PRIMARY


@pytest.mark.parametrize("gap", [[LinkDown(Reason.DROPPED), *UP], [Resumed()]], ids=["reconnected", "slept"])
def test_any_break_in_the_flow_starts_the_hold_over(gap: list[Evidence]) -> None:
    bench = failed_over().at(100, *UP).every_second(100, 210, Life(), PollSucceeded())
    bench.at(211, *gap).every_second(212, 330, Life(), PollSucceeded())
    assert bench.state is FALLBACK

    assert bench.every_second(331, 332, Life()).state is PRIMARY


def test_sixty_silent_seconds_break_the_flow() -> None:
    bench = failed_over().at(100, *UP, Life()).at(159, PollSucceeded()).at(160, PollSucceeded()).at(161, Life())

    assert bench.every_second(162, 280, Life(), PollSucceeded()).state is FALLBACK
    assert bench.at(281, Life()).state is PRIMARY


@pytest.mark.parametrize("phase", [Phase.EXTENDED, Phase.CLOSED])
def test_outside_the_session_a_link_that_stays_up_is_proof_enough(phase: Phase) -> None:
    bench = failed_over().at(61, PhaseEdge(phase), *UP).at(180, PollSucceeded())
    assert bench.state is FALLBACK

    assert bench.at(181).state is PRIMARY


def test_a_user_who_prefers_the_fallback_keeps_it_while_it_works() -> None:
    stay = Timers(prefer_alpaca=False)
    bench = serving(timers=stay).at(1, LinkDown(Reason.AUTH_FAILED), PollSucceeded()).at(2, *UP)

    assert bench.every_second(3, 600, Life(), PollSucceeded()).state is FALLBACK
    assert bench.at(601, *[PollFailed()] * 3).state is PRIMARY


def test_what_was_heard_before_the_connection_or_the_session_began_is_no_life_of_theirs() -> None:
    reconnected = failed_over().at(100, *UP, Life()).at(101, LinkDown(Reason.DROPPED)).at(102, LinkUp())
    opened = failed_over().at(100, *UP, PhaseEdge(Phase.EXTENDED), Life()).at(102, PhaseEdge(Phase.OPEN))

    for bench in (reconnected, opened):
        assert not primary_flows(bench.model)
        assert primary_flows(bench.at(103, Life()).model)


def test_what_was_heard_before_a_long_sleep_is_no_life() -> None:
    bench = failed_over().at(100, *UP, Life()).at(200, Resumed())

    assert not primary_flows(bench.model)


# Emergency: transitions T4


def test_a_fallback_that_fails_does_not_hand_over_to_a_primary_that_is_merely_connected() -> None:
    bench = failed_over().at(100, *UP).at(101, *[PollFailed()] * 3)

    assert bench.state is BOTH


def test_a_fallback_that_fails_hands_over_to_a_flowing_primary_without_a_hold() -> None:
    bench = failed_over().at(100, *UP, Life()).at(101, *[PollFailed()] * 3)

    assert bench.path == [PRIMARY, FALLBACK, PRIMARY]
    assert bench.cause == "Yahoo failed while Alpaca streams"


# The breaker and the growing hold


def test_the_hold_doubles_with_every_exit_of_the_last_half_hour() -> None:
    bench, holds = serving(), []
    second = 0
    for _ in range(3):
        second = flap(bench, 1, second)
        holds.append(hold_seconds(bench.model))

    assert holds == [120.0, 240.0, 480.0]


def test_the_hold_never_exceeds_half_an_hour() -> None:
    timers = Timers(recovery_seconds=1000.0)
    bench = serving(timers=timers).at(1, LinkDown(Reason.AUTH_FAILED)).at(1, *UP, Life())
    bench.at(2, *[PollFailed()] * 3)
    assert bench.state is PRIMARY

    bench.at(3, PollSucceeded(), LinkDown(Reason.AUTH_FAILED))

    assert hold_seconds(bench.model) == Timers().hold_limit_seconds


@pytest.mark.parametrize(("later", "hold"), [(1799.0, 240.0), (1800.0, 120.0)])
def test_an_exit_is_forgotten_after_half_an_hour(later: float, hold: float) -> None:
    bench = serving()
    flap(bench, 1)
    first_exit = bench.model.exits[0]
    bench.at(first_exit - T0 + later - 0.5, Life(), PollSucceeded()).at(
        first_exit - T0 + later, LinkDown(Reason.AUTH_FAILED)
    )

    assert bench.state is FALLBACK
    assert hold_seconds(bench.model) == hold


def test_the_fourth_exit_opens_the_breaker_and_the_primary_waits_out_its_cool_down() -> None:
    bench = serving(timers=Timers(recovery_seconds=1.0))
    second = flap(bench, 4)
    assert bench.model.breaker.state is BreakerState.OPEN
    assert hold_seconds(bench.model) == 8.0
    opened = int(bench.made[-1].at - T0)

    bench.every_second(second, opened + 899, Life(), PollSucceeded())
    assert bench.state is FALLBACK

    bench.at(opened + 900, Life(), PollSucceeded())
    assert bench.state is PRIMARY
    assert bench.model.breaker.state is BreakerState.HALF_OPEN


def test_the_breaker_never_stands_in_the_way_of_an_emergency() -> None:
    bench = serving()
    second = flap(bench, 4)

    bench.at(second + 1, *[PollFailed()] * 3)

    assert bench.state is PRIMARY
    assert bench.model.breaker.state is BreakerState.OPEN


def test_a_primary_promoted_in_an_emergency_ends_its_trial_like_any_other() -> None:
    bench = serving()
    second = flap(bench, 4)
    bench.at(second + 1, *[PollFailed()] * 3)

    bench.every_second(second + 2, second + 902, Life())
    assert bench.model.breaker.state is BreakerState.HALF_OPEN

    bench.every_second(second + 903, second + 1024, Life())
    assert bench.model.breaker.state is BreakerState.CLOSED

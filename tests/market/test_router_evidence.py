"""The failover state machine: what counts as evidence, and what only looks like it."""

import math

import pytest
from router_bench import BOTH, FALLBACK, PRIMARY, UP, Bench, failed_over, serving

from mytrader_tui.market.failover.breaker import Breaker, BreakerState
from mytrader_tui.market.failover.evidence import (
    Cadence,
    Evidence,
    Invalid,
    Life,
    LinkDown,
    LinkUp,
    Mute,
    Phase,
    PhaseEdge,
    PollFailed,
    PollSucceeded,
    Probing,
    Quiet,
    Resumed,
    Subscribed,
    Tick,
)
from mytrader_tui.market.failover.router import (
    State,
    Timers,
    fallback_down,
    fallback_ready,
    fallback_wanted,
    primary_flows,
    probe_due,
    return_barred_until,
    step,
)
from mytrader_tui.market.link import Reason

LIMITED = LinkDown(Reason.CONNECTION_LIMIT)

# The stream


def test_a_stream_that_says_again_that_it_is_up_is_as_silent_as_before() -> None:
    bench = serving().at(30, LinkUp()).at(59, LinkUp(), PollSucceeded())

    assert bench.at(60).state is FALLBACK


def test_a_stream_that_says_again_that_it_is_up_does_not_start_its_hold_over() -> None:
    bench = failed_over().at(100, *UP).every_second(100, 219, Life(), PollSucceeded(), LinkUp())

    assert bench.at(220, Life()).state is PRIMARY


def test_what_comes_over_a_link_that_is_down_is_no_life() -> None:
    bench = failed_over().at(100, Life(), LinkUp(), *[PollFailed()] * 3)

    assert bench.state is BOTH
    assert bench.at(101, Life()).state is PRIMARY


def test_what_comes_over_a_link_that_is_down_is_no_garbage_either() -> None:
    assert serving(Phase.CLOSED).at(1, LinkDown(Reason.DROPPED), Invalid(100)).at(4000).path == [PRIMARY]


def test_garbage_ends_with_the_connection_that_brought_it() -> None:
    bench = serving(Phase.CLOSED).at(1, Invalid(18)).at(2, LinkDown(Reason.DROPPED)).at(3, *UP, Invalid(19))

    assert bench.path == [PRIMARY]


@pytest.mark.parametrize("nothing", [Life(0), Life(-3), Invalid(0), Invalid(-1)])
def test_no_message_is_no_evidence(nothing: Evidence) -> None:
    bench = serving().at(30, nothing, PollSucceeded())

    assert (bench.model.seen, bench.at(60).state) == (1, FALLBACK)


def test_a_print_after_a_gap_that_no_tick_saw_starts_the_hold_over() -> None:
    bench = failed_over().at(100, *UP, Life()).at(150, Life(), PollSucceeded()).at(215, Life(), PollSucceeded())
    assert bench.at(271, Life(), PollSucceeded()).state is FALLBACK

    assert bench.at(330, Life(), PollSucceeded()).state is FALLBACK
    assert bench.at(335, Life()).state is PRIMARY


def test_a_print_after_a_gap_that_no_tick_saw_starts_the_trial_over() -> None:
    bench = serving()
    tried = step(bench.model, Tick(), bench.model.now)[0]
    bench.model = type(tried)(
        **{name: getattr(tried, name) for name in tried.__struct_fields__ if name != "breaker"},
        breaker=Breaker(BreakerState.HALF_OPEN, since=bench.model.now),
    )
    bench.at(1, Life()).at(59, Life()).at(125, Life())

    assert bench.model.breaker.state is BreakerState.HALF_OPEN
    assert bench.every_second(126, 245, Life()).model.breaker.state is BreakerState.CLOSED


# Another session on the stream


@pytest.mark.parametrize(("second", "state"), [(59, PRIMARY), (60, FALLBACK), (61, FALLBACK)])
def test_the_patience_with_another_session_needs_no_second_refusal(second: int, state: State) -> None:
    bench = serving(timers=Timers(failover_seconds=3600.0)).at(0, LIMITED).at(second - 0.5, PollSucceeded()).at(second)

    assert bench.state is state
    if state is FALLBACK:
        assert bench.cause == "another session holds your stream (406)"


def test_the_patience_with_another_session_counts_from_the_first_refusal() -> None:
    bench = serving(timers=Timers(failover_seconds=3600.0)).at(0, LIMITED).at(30, LIMITED).at(59, LIMITED)

    assert bench.at(60, PollSucceeded()).state is FALLBACK


def test_another_trouble_with_the_link_ends_the_patience_with_another_session() -> None:
    bench = serving(timers=Timers(failover_seconds=3600.0)).at(0, LIMITED).at(30, LinkDown(Reason.NETWORK))

    assert bench.at(100, LIMITED, PollSucceeded()).state is PRIMARY
    assert bench.at(159).state is PRIMARY
    assert bench.at(160).state is FALLBACK


def test_another_session_in_a_closed_market_is_judged_from_its_end_on() -> None:
    bench = serving(Phase.CLOSED).at(0, LIMITED).at(3600, LIMITED).at(7200, PhaseEdge(Phase.EXTENDED), PollSucceeded())

    assert bench.at(7259).state is PRIMARY
    assert bench.at(7260).state is FALLBACK


def test_a_sleep_of_the_machine_is_no_patience_spent() -> None:
    bench = serving(timers=Timers(failover_seconds=3600.0)).at(0, LIMITED).at(50, Resumed(), PollSucceeded())

    assert bench.at(109).state is PRIMARY
    assert bench.at(110).state is FALLBACK


def test_refused_keys_fail_over_even_while_the_market_is_closed() -> None:
    assert serving(Phase.CLOSED).at(1, LinkDown(Reason.AUTH_FAILED), PollSucceeded()).state is FALLBACK


def test_only_a_stream_that_comes_up_ends_a_final_reason() -> None:
    bench = serving().at(1, LinkDown(Reason.AUTH_FAILED)).at(2, LinkDown(Reason.STARTING))
    assert bench.model.fatal is Reason.AUTH_FAILED

    assert bench.at(3, LinkUp()).model.fatal is None


def test_a_print_from_before_anything_had_to_speak_is_no_flow_for_longer_than_any_other() -> None:
    bench = failed_over().at(100, LinkUp(), Subscribed(30, False), Life()).at(150, Subscribed(30, True))

    assert primary_flows(bench.at(159).model)
    assert not primary_flows(bench.at(160).model)


# Verdicts of the probe


def test_without_a_canary_silence_counts_once_a_snapshot_shows_missed_prints() -> None:
    bench = Bench().at(0, Subscribed(5, False), LinkUp(), Life()).at(30, Mute()).at(59, PollSucceeded())
    assert bench.state is PRIMARY

    assert bench.at(60).cause == "no trade or quote from any symbol for 60 s while the market is open"


def test_a_print_refutes_the_verdict() -> None:
    bench = Bench().at(0, Subscribed(5, False), LinkUp(), Life()).at(30, Mute()).at(31, Life())

    assert bench.every_second(32, 400, PollSucceeded()).path == [PRIMARY]


@pytest.mark.parametrize("edge", [[PhaseEdge(Phase.EXTENDED), PhaseEdge(Phase.OPEN)], [Resumed()], [Quiet()]])
def test_a_verdict_ends_with_what_it_judged(edge: list[Evidence]) -> None:
    bench = Bench().at(0, Subscribed(5, False), LinkUp(), Life()).at(20, Mute()).at(30, *edge)

    assert bench.every_second(31, 400, PollSucceeded()).path == [PRIMARY]


@pytest.mark.parametrize("verdict", [Quiet(), Mute()])
def test_a_verdict_on_a_link_that_is_down_is_none(verdict: Evidence) -> None:
    bench = serving().at(1, LinkDown(Reason.DROPPED), verdict)

    assert (bench.model.quiet_until, bench.model.muted) == (None, False)


def test_an_excuse_does_not_outlive_its_connection() -> None:
    bench = failed_over().at(100, *UP, Quiet()).at(101, LinkDown(Reason.DROPPED)).at(102, LinkUp())

    assert not primary_flows(bench.model)


def test_a_lost_canary_ends_the_judgement_and_a_new_one_begins_it() -> None:
    bench = serving().at(50, Subscribed(30, False)).at(100, Subscribed(30, True), PollSucceeded())
    assert bench.at(159).path == [PRIMARY]

    assert bench.at(160).state is FALLBACK


@pytest.mark.parametrize(("second", "due"), [(29, False), (30, True), (31, True)])
def test_a_probe_is_due_at_half_the_threshold(second: int, due: bool) -> None:
    assert probe_due(serving().at(second).model) is due


@pytest.mark.parametrize("asked", [Probing(), Quiet(), Mute()])
def test_the_next_probe_is_due_half_the_threshold_after_the_last(asked: Evidence) -> None:
    bench = Bench().at(0, Subscribed(5, False), LinkUp(), Life()).at(30, asked)

    assert [probe_due(bench.at(second).model) for second in (31, 59, 60)] == [False, False, True]


@pytest.mark.parametrize(("second", "due"), [(299, False), (300, True)])
def test_outside_the_session_a_probe_is_due_every_five_minutes(second: int, due: bool) -> None:
    bench = serving(Phase.EXTENDED)

    assert probe_due(bench.at(second).model) is due
    assert probe_due(bench.at(600, Probing()).at(600 + second).model) is due


def test_no_probe_is_due_where_there_is_nothing_to_learn() -> None:
    assert not probe_due(serving(Phase.CLOSED).at(9999).model)
    assert not probe_due(serving().at(0, LinkDown(Reason.DROPPED)).at(59).model)
    assert not probe_due(Bench().at(0, LinkUp(), Subscribed(0, False)).at(9999).model)


# The fallback


@pytest.mark.parametrize("pause", [math.nan, math.inf, -math.inf, -1.0])
def test_a_pause_that_makes_no_sense_is_none(pause: float) -> None:
    assert not fallback_down(serving().at(1, PollFailed(pause)).model)


@pytest.mark.parametrize(("second", "down"), [(899, True), (900, False), (901, False)])
def test_no_pause_is_longer_than_fifteen_minutes(second: int, down: bool) -> None:
    assert fallback_down(serving().at(0, PollFailed(1e9)).at(second).model) is down


def test_a_shorter_pause_does_not_end_a_longer_one() -> None:
    assert fallback_down(serving().at(0, PollFailed(600.0), PollFailed(1.0)).at(599).model)


@pytest.mark.parametrize(("failures", "state"), [(2, FALLBACK), (3, BOTH)])
def test_the_third_failed_poll_in_a_row_puts_the_fallback_down(failures: int, state: State) -> None:
    assert failed_over().at(61, *[PollFailed()] * failures).state is state


def test_a_success_in_between_starts_the_count_over() -> None:
    assert (
        failed_over().at(61, PollFailed(), PollFailed(), PollSucceeded(), PollFailed(), PollFailed()).state is FALLBACK
    )


@pytest.mark.parametrize(("second", "state"), [(150, FALLBACK), (151, BOTH)])
def test_a_fallback_taken_cold_has_its_limit_to_answer(second: int, state: State) -> None:
    bench = Bench().at(0, *UP, Life()).every_second(1, 600, Life()).at(601, LinkDown(Reason.AUTH_FAILED))
    assert bench.state is FALLBACK

    assert bench.at(600 + second).state is state


def test_a_fallback_that_is_asked_more_often_has_its_new_limit_to_answer() -> None:
    bench = failed_over().at(61, PhaseEdge(Phase.CLOSED), Cadence(900.0), PollSucceeded())
    bench.at(900, PhaseEdge(Phase.EXTENDED)).at(901, Cadence(60.0))
    assert bench.at(1050).state is FALLBACK

    assert bench.at(1051).state is BOTH


def test_the_same_pace_told_again_is_no_new_limit() -> None:
    assert failed_over().at(150, Cadence(60.0)).at(209).state is BOTH


def test_what_the_fallback_said_before_a_sleep_does_not_make_it_ready() -> None:
    bench = serving().at(1, PollSucceeded(), Resumed())

    assert not fallback_ready(bench.model)
    assert fallback_ready(bench.at(2, PollSucceeded()).model)


def test_a_serving_fallback_has_its_limit_to_answer_after_a_sleep() -> None:
    bench = failed_over().at(30_000, Resumed())

    assert bench.at(30_149).state is FALLBACK
    assert bench.at(30_150).state is BOTH


def test_the_fallback_is_warmed_again_before_the_pre_market_where_the_link_is_down() -> None:
    bench = serving(Phase.CLOSED).at(1, LinkDown(Reason.NETWORK))
    assert not fallback_wanted(bench.model)

    assert fallback_wanted(bench.at(2, PhaseEdge(Phase.EXTENDED)).model)


# Time and phase


def test_the_phase_told_again_is_no_edge() -> None:
    bench = serving().at(30, PhaseEdge(Phase.OPEN), PollSucceeded())

    assert bench.at(60).state is FALLBACK


def test_a_time_that_is_none_is_held() -> None:
    assert serving().at(math.nan).model.now == serving().model.now


@pytest.mark.parametrize(("second", "state"), [(9.0, BOTH), (10.0, FALLBACK), (11.0, FALLBACK)])
def test_a_stream_without_a_print_has_the_grace_of_the_start_too(second: float, state: State) -> None:
    assert Bench().at(1, *UP, PollSucceeded()).at(second).state is state


def test_nothing_bars_the_return_of_a_primary_that_was_never_left() -> None:
    assert return_barred_until(serving().model) is None

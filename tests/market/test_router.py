"""The failover state machine: when the primary is left, and what is no reason to leave it, to the second."""

import pytest
from router_bench import BOTH, FALLBACK, PRIMARY, T0, UP, Bench, failed_over, flap, serving

from mytrader_tui.market.failover.evidence import (
    Invalid,
    Life,
    LinkDown,
    LinkUp,
    Mute,
    Phase,
    PhaseEdge,
    PollSucceeded,
    Quiet,
    Resumed,
    Subscribed,
)
from mytrader_tui.market.failover.router import State, Timers, expects_life, fallback_wanted, primary_flows
from mytrader_tui.market.link import Reason

# The start: transitions T0


def test_at_the_start_no_source_serves() -> None:
    assert Bench().state is BOTH
    assert fallback_wanted(Bench().model)


def test_a_stream_that_flows_serves_at_once_without_a_hold() -> None:
    bench = Bench().at(1, *UP).at(2, Life())

    assert bench.path == [PRIMARY]
    assert (bench.made[0].at, bench.made[0].before, bench.made[0].held_seconds) == (T0 + 2, BOTH, 2.0)


@pytest.mark.parametrize(("second", "state"), [(9, BOTH), (10, FALLBACK)])
def test_the_primary_has_ten_seconds_before_the_fallback_serves_in_its_place(second: int, state: State) -> None:
    assert Bench().at(1, PollSucceeded()).at(second).state is state


@pytest.mark.parametrize("fatal", [Reason.NO_KEYS, Reason.DISABLED])
def test_without_a_primary_to_wait_for_the_fallback_serves_from_its_first_answer(fatal: Reason) -> None:
    bench = Bench(fatal=fatal).at(1, PollSucceeded())

    assert bench.path == [FALLBACK]
    assert bench.cause == fatal.value


def test_a_primary_that_comes_late_at_the_start_takes_over_without_a_hold() -> None:
    bench = Bench().at(1, PollSucceeded()).at(10).at(15, *UP).at(16, Life())

    assert bench.path == [FALLBACK, PRIMARY]


def test_a_subscription_alone_is_no_life_in_an_open_market() -> None:
    assert Bench().at(1, *UP).at(9).path == []


# Failover: transitions T1


@pytest.mark.parametrize(("second", "state"), [(59, PRIMARY), (60, FALLBACK), (61, FALLBACK)])
def test_silence_in_an_open_market_fails_over_after_sixty_seconds(second: int, state: State) -> None:
    bench = serving().at(second - 0.5, PollSucceeded()).at(second)

    assert bench.state is state
    if state is FALLBACK:
        assert bench.cause == "no trade or quote from any symbol for 60 s while the market is open"


@pytest.mark.parametrize(("second", "state"), [(59, PRIMARY), (60, FALLBACK), (61, FALLBACK)])
def test_a_lost_link_fails_over_after_sixty_seconds(second: int, state: State) -> None:
    bench = serving().at(0, LinkDown(Reason.HALF_OPEN)).at(second - 0.5, PollSucceeded()).at(second)

    assert bench.state is state
    if state is FALLBACK:
        assert bench.cause == "Alpaca down for 60 s: the connection went dead"


@pytest.mark.parametrize("second", [59.0, 59.999])
def test_a_sign_of_life_just_before_the_threshold_starts_the_silence_over(second: float) -> None:
    bench = serving().at(second, Life(), PollSucceeded())

    assert bench.at(second + 59.9).state is PRIMARY
    assert bench.at(second + 60).state is FALLBACK


def test_a_link_that_is_back_in_time_does_not_fail_over() -> None:
    bench = serving().at(0, LinkDown(Reason.DROPPED)).at(59, *UP, Life()).every_second(60, 100)

    assert bench.path == [PRIMARY]


def test_repeated_failures_to_connect_count_from_the_first() -> None:
    bench = serving().at(0, LinkDown(Reason.DROPPED), PollSucceeded())
    bench.at(30, LinkDown(Reason.NETWORK)).at(55, LinkDown(Reason.TIMEOUT)).at(60)

    assert bench.cause == "Alpaca down for 60 s: the server does not answer"


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason.fatal])
def test_a_fatal_reason_fails_over_at_once(reason: Reason) -> None:
    bench = serving().at(1, LinkDown(reason))

    assert bench.path == [PRIMARY, FALLBACK]
    assert bench.cause == reason.value


@pytest.mark.parametrize(("second", "state"), [(59, PRIMARY), (60, FALLBACK)])
def test_a_stream_held_by_another_session_is_fatal_after_a_minute(second: int, state: State) -> None:
    slow = Timers(failover_seconds=3600.0)
    bench = serving(timers=slow).at(0, LinkDown(Reason.CONNECTION_LIMIT))

    bench.at(second, PollSucceeded(), LinkDown(Reason.CONNECTION_LIMIT))

    assert bench.state is state


def test_a_stream_that_came_back_in_between_begins_a_new_minute_of_patience() -> None:
    slow = Timers(failover_seconds=3600.0)
    bench = serving(timers=slow).at(0, LinkDown(Reason.CONNECTION_LIMIT)).at(30, *UP)

    assert bench.at(70, LinkDown(Reason.CONNECTION_LIMIT)).state is PRIMARY


def test_the_silence_of_a_new_connection_starts_with_it() -> None:
    bench = serving().at(0, LinkDown(Reason.DROPPED)).at(50, LinkUp(), PollSucceeded())

    assert bench.at(109).state is PRIMARY
    assert bench.at(110).state is FALLBACK


@pytest.mark.parametrize(("invalid", "state"), [(19, PRIMARY), (20, FALLBACK)])
def test_twenty_messages_of_which_half_make_no_sense_fail_over(invalid: int, state: State) -> None:
    bench = Bench().at(0, PollSucceeded(), *UP, Life(20), Invalid(invalid))

    assert bench.state is state


def test_only_the_last_hundred_messages_are_judged() -> None:
    bench = serving().at(1, Life(1000), Invalid(49))
    assert bench.state is PRIMARY

    assert bench.at(2, Invalid(1)).cause == "most of Alpaca's messages make no sense"


def test_a_new_connection_starts_with_a_clean_record() -> None:
    bench = serving().at(1, Invalid(100)).at(2, LinkDown(Reason.UNREADABLE)).at(3, *UP, Life())

    assert primary_flows(bench.model)


# What is not silence


@pytest.mark.parametrize("phase", [Phase.EXTENDED, Phase.CLOSED])
def test_silence_outside_the_regular_session_is_none(phase: Phase) -> None:
    bench = serving(phase).at(1, PollSucceeded()).at(64 * 3600)

    assert bench.path == [PRIMARY]


@pytest.mark.parametrize("subscribed", [Subscribed(30, False), Subscribed(0, True)])
def test_silence_without_a_canary_or_without_symbols_proves_nothing(subscribed: Subscribed) -> None:
    bench = Bench().at(0, LinkUp(), subscribed, PollSucceeded()).at(3600, PollSucceeded())

    assert not expects_life(bench.model)
    assert bench.path == [PRIMARY]


def test_silence_is_counted_from_the_first_subscription_on() -> None:
    bench = Bench().at(0, LinkUp(), Subscribed(0, False)).at(3600, Subscribed(1, True), PollSucceeded())
    assert bench.path == [PRIMARY]

    assert bench.at(3659).state is PRIMARY
    assert bench.at(3660).state is FALLBACK


def test_adding_a_symbol_does_not_start_the_silence_over() -> None:
    bench = serving().at(50, Subscribed(31, True), PollSucceeded()).at(60)

    assert bench.state is FALLBACK


def test_after_a_silent_night_the_silence_starts_with_the_session() -> None:
    bench = serving(Phase.EXTENDED).at(3600, PhaseEdge(Phase.OPEN), PollSucceeded())

    assert bench.at(3659).state is PRIMARY
    assert bench.at(3660).state is FALLBACK


def test_a_sleep_of_the_machine_is_no_silence_and_no_disconnection() -> None:
    asleep = serving().at(30_000, Resumed(), PollSucceeded())
    dropped = serving().at(0, LinkDown(Reason.DROPPED)).at(30_000, Resumed(), PollSucceeded())

    for bench in (asleep, dropped):
        assert bench.at(30_059).state is PRIMARY
        assert bench.at(30_060).state is FALLBACK


def test_a_quiet_market_is_excused_for_as_long_as_the_probe_is_fresh() -> None:
    bench = serving().at(30, Quiet()).at(89, PollSucceeded())
    assert bench.state is PRIMARY

    assert bench.at(90).state is FALLBACK


def test_a_mute_stream_loses_its_excuse() -> None:
    bench = serving().at(30, Quiet(), PollSucceeded()).at(59, Mute())

    assert bench.at(60).state is FALLBACK


def test_an_excuse_does_not_outlive_its_phase() -> None:
    bench = failed_over().at(100, *UP, Quiet())
    assert primary_flows(bench.model)

    assert not primary_flows(bench.at(101, PhaseEdge(Phase.EXTENDED), PhaseEdge(Phase.OPEN)).model)


def test_a_new_phase_gives_the_stream_its_whole_minute() -> None:
    bench = serving().at(30, Quiet()).at(31, PhaseEdge(Phase.EXTENDED), PhaseEdge(Phase.OPEN), PollSucceeded())

    assert bench.at(90).state is PRIMARY
    assert bench.at(91).state is FALLBACK


# A closed market


def test_a_closed_market_never_fails_over_by_a_disconnect() -> None:
    bench = serving(Phase.CLOSED).at(0, LinkDown(Reason.NETWORK)).at(3600, PollSucceeded()).at(64 * 3600)

    assert bench.path == [PRIMARY]


def test_a_disconnect_overnight_is_judged_from_the_pre_market_on() -> None:
    bench = serving(Phase.CLOSED).at(0, LinkDown(Reason.NETWORK)).at(30_000, PhaseEdge(Phase.EXTENDED), PollSucceeded())

    assert bench.at(30_059).state is PRIMARY
    assert bench.at(30_060).state is FALLBACK


def test_in_a_closed_market_an_old_poll_is_no_failure_of_the_fallback() -> None:
    bench = failed_over().at(61, PhaseEdge(Phase.CLOSED)).at(64 * 3600)

    assert bench.state is FALLBACK


# Pre-warming


@pytest.mark.parametrize(("second", "wanted"), [(29, False), (30, True)])
def test_the_fallback_is_warmed_at_half_the_threshold_of_silence(second: int, wanted: bool) -> None:
    assert fallback_wanted(serving().at(second).model) is wanted


def test_the_fallback_is_warmed_from_the_first_moment_of_a_disconnect() -> None:
    assert fallback_wanted(serving().at(0, LinkDown(Reason.DROPPED)).model)


def test_the_fallback_rests_in_a_closed_market_and_while_all_is_well() -> None:
    assert not fallback_wanted(serving(Phase.CLOSED).at(0, LinkDown(Reason.DROPPED)).model)
    assert not fallback_wanted(serving().model)


# Time


def test_time_that_runs_back_is_held() -> None:
    bench = serving().at(50).at(-1_000_000)

    assert bench.model.now == T0 + 50
    assert bench.path == [PRIMARY]


def test_one_late_tick_catches_up_with_at_most_two_transitions() -> None:
    bench = serving().at(0, LinkDown(Reason.DROPPED), PollSucceeded())

    before = len(bench.made)
    bench.at(100_000)

    assert [transition.after for transition in bench.made[before:]] == [FALLBACK, BOTH]


def test_the_same_evidence_makes_the_same_transitions() -> None:
    first, second = (serving(), serving())
    for bench in (first, second):
        flap(bench, 4)

    assert first.model == second.model
    assert first.made == second.made


def test_transitions_join_in_time_and_state() -> None:
    bench = serving()
    flap(bench, 3)

    at, state = T0, BOTH
    for transition in bench.made:
        assert transition.before is state
        assert transition.held_seconds == transition.at - at
        assert transition.cause
        at, state = transition.at, transition.after

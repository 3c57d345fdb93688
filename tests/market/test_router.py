"""The failover state machine, transition by transition, with its thresholds to the second."""

from collections.abc import Iterable

import pytest

from mytrader_tui.market.breaker import BreakerState
from mytrader_tui.market.evidence import (
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
    Quiet,
    Resumed,
    Subscribed,
    Tick,
    phase_of,
)
from mytrader_tui.market.link import Reason
from mytrader_tui.market.router import (
    MAX_HOLD_SECONDS,
    Model,
    State,
    Timers,
    Transition,
    expects_life,
    fallback_down,
    fallback_ready,
    fallback_wanted,
    hold_seconds,
    primary_flows,
    start,
    step,
)
from mytrader_tui.market.session import Session

PRIMARY, FALLBACK, BOTH = State.PRIMARY_ACTIVE, State.FALLBACK_ACTIVE, State.BOTH_UNAVAILABLE
T0 = 10_000.0


class Bench:
    """A router on a bench: evidence goes in at a time since start, transitions are collected."""

    def __init__(self, *, phase: Phase = Phase.OPEN, timers: Timers | None = None, **given: object) -> None:
        self.model: Model = start(timers or Timers(), T0, phase=phase, **given)  # type: ignore[arg-type]  # by name
        self.made: list[Transition] = []

    def at(self, seconds: float, *evidence: Evidence) -> "Bench":
        for event in evidence or (Tick(),):
            self.model, made = step(self.model, event, T0 + seconds)
            self.made += made
        return self

    def every_second(self, first: int, last: int, *evidence: Evidence) -> "Bench":
        for second in range(first, last + 1):
            self.at(second, *evidence)
        return self

    @property
    def state(self) -> State:
        return self.model.state

    @property
    def path(self) -> list[State]:
        return [transition.after for transition in self.made]

    @property
    def cause(self) -> str:
        return self.made[-1].cause


UP = (Subscribed(30, True), LinkUp())


def serving(phase: Phase = Phase.OPEN, timers: Timers | None = None) -> Bench:
    """Alpaca serves from second 0 on, with one print, and Yahoo has answered once."""
    bench = Bench(phase=phase, timers=timers).at(0, PollSucceeded(), *UP, Life())
    assert bench.state is PRIMARY
    return bench


def failed_over(after: float = 60) -> Bench:
    """Alpaca's link fell at second 0 and Yahoo took over at `after`."""
    bench = serving().at(0, LinkDown(Reason.DROPPED)).at(after - 1, PollSucceeded()).at(after)
    assert bench.state is FALLBACK
    return bench


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


# Both sources: transitions T2, T5, T6, T7


@pytest.mark.parametrize("failure", [(PollFailed(),) * 3, (PollFailed(retry_after=900.0),)])
def test_when_the_fallback_is_down_too_no_source_serves(failure: Iterable[Evidence]) -> None:
    bench = serving().at(1, *failure).at(60)

    assert bench.path == [PRIMARY, BOTH]
    assert bench.cause.endswith("; Yahoo does not answer either")


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


# Emergency: transitions T4


def test_a_fallback_that_fails_hands_over_to_a_flowing_primary_without_a_hold() -> None:
    bench = failed_over().at(100, *UP, Life()).at(101, *[PollFailed()] * 3)

    assert bench.path == [PRIMARY, FALLBACK, PRIMARY]
    assert bench.cause == "Yahoo failed while Alpaca streams"


# The breaker and the growing hold


def flap(bench: Bench, times: int, first: int = 0) -> int:
    """Let Alpaca's keys be refused and its stream come back, `times` times; the second at which that ended."""
    second = first
    for _ in range(times):
        second += 1
        bench.at(second, PollSucceeded(), LinkDown(Reason.AUTH_FAILED))
        assert bench.state is FALLBACK
        bench.at(second, *UP, Life())
        while bench.state is FALLBACK and bench.model.breaker.state is not BreakerState.OPEN:
            bench.at(second, Life(), PollSucceeded())
            second += 1
    return second


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

    assert hold_seconds(bench.model) == MAX_HOLD_SECONDS


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
    bench = serving()
    second = flap(bench, 4)
    assert bench.model.breaker.state is BreakerState.OPEN
    opened = second

    bench.every_second(second, opened + 899, Life(), PollSucceeded())
    assert bench.state is FALLBACK

    bench.every_second(opened + 900, opened + 1000, Life(), PollSucceeded())
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


@pytest.mark.parametrize(
    ("session", "phase"),
    [
        (Session.REGULAR, Phase.OPEN),
        (Session.PRE, Phase.EXTENDED),
        (Session.POST, Phase.EXTENDED),
        (Session.CLOSED, Phase.CLOSED),
    ],
)
def test_the_phase_of_a_session(session: Session, phase: Phase) -> None:
    assert phase_of(session) is phase

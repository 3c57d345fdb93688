"""The invariants I1 to I11, held against whatever evidence comes, with bookkeeping of our own to judge by."""

import os

from hypothesis import HealthCheck, settings
from hypothesis import Phase as Stage
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from own_evidence import OwnEvidence
from own_verdict import BOTH, FALLBACK, PRIMARY, TWO_HOURS, Entry, OwnVerdict

from mytrader_tui.market.failover import evidence as ev
from mytrader_tui.market.failover.breaker import BreakerState
from mytrader_tui.market.failover.evidence import Evidence, Phase
from mytrader_tui.market.failover.router import (
    Model,
    State,
    Timers,
    Transition,
    fallback_wanted,
    hold_seconds,
    start,
    step,
)
from mytrader_tui.market.link import Reason
from mytrader_tui.market.quote import Source
from mytrader_tui.market.serving import choose

T0 = 10_000.0
# Whoever asks for fewer examples wants to know whether there is a failure, not the smallest one.
EXAMPLES = int(os.environ.get("ROUTER_EXAMPLES", "600"))
PHASES = (Stage.generate, Stage.shrink) if "ROUTER_EXAMPLES" not in os.environ else (Stage.generate,)
STEPS = 30

# The boundaries and their neighbours, and spans that no timer has.
SPANS = st.sampled_from(
    [0.0, 0.25, 1.0, 9.0, 10.0, 29.0, 30.0, 31.0, 59.0, 59.75, 60.0, 61.0, 90.0, 119.0, 120.0, 121.0]
)
LONG_SPANS = st.sampled_from([150.0, 299.0, 300.0, 600.0, 899.0, 900.0, 901.0, 1800.0, 3600.0, 7200.0])
REASONS = st.sampled_from(
    [Reason.DROPPED, Reason.NETWORK, Reason.CONNECTION_LIMIT, Reason.CONNECTION_LIMIT, Reason.AUTH_FAILED]
)


class RouterMachine(RuleBasedStateMachine):
    """A router, and beside it what we ourselves make of the same evidence."""

    model: Model
    own: OwnVerdict
    told: list[tuple[Evidence, float]]
    made: list[Transition]
    begun: Model

    @initialize(
        phase=st.sampled_from([Phase.OPEN, Phase.OPEN, Phase.OPEN, Phase.EXTENDED, Phase.CLOSED]),
        prefers=st.sampled_from([True, True, True, False]),
        serving=st.sampled_from([True, True, False]),
    )
    def begin(self, phase: Phase, prefers: bool, serving: bool) -> None:
        self.begun = self.model = start(Timers(prefer_alpaca=prefers), T0, phase=phase)
        self.own = OwnVerdict(OwnEvidence(T0, phase), prefers)
        self.told, self.made = [], []
        if serving:
            self.tell(ev.PollSucceeded())
            self.come_up(30, True)
            self.tell(ev.Life())

    def tell(self, event: Evidence, after: float = 0.0) -> None:
        """Tell both, `after` seconds later, and compare what they make of it (I2, I11)."""
        now = self.model.now + after
        before = self.model
        self.model, made = step(self.model, event, now)
        self.told.append((event, now))
        self.made += made
        self.own.pass_to(now)
        if not isinstance(event, ev.Tick):
            self.own.evidence.hear(event, now)
            self.own.settle()
        assert self.model.now >= before.now
        assert len(made) <= 2
        for transition in made:
            self.judge(transition)
        if len(made) < 2:
            assert self.own.demanded() is None, f"{self.own.state} is held against the evidence"
        assert self.model.state is self.own.state

    def judge(self, transition: Transition) -> None:
        """One transition: demanded by the table, and within the invariants."""
        assert (transition.before, transition.at) == (self.own.state, self.own.evidence.now)
        assert transition.held_seconds >= 0
        assert transition.cause
        assert transition.after is self.own.demanded(), f"{transition} but {self.own.demanded()}"
        if self.own.evidence.pinned is None:
            self.judge_leaving(transition)
            self.judge_return(transition)
        self.own.move(transition.after)

    def judge_leaving(self, transition: Transition) -> None:
        """I1."""
        own = self.own.evidence
        if transition.before is not PRIMARY or own.final() or own.garbage():
            return
        if own.linked:
            assert own.phase is Phase.OPEN
            assert own.symbols > 0
            assert own.canary or any(isinstance(event, ev.Mute) for _, event in own.notes)
        else:
            assert own.phase is not Phase.CLOSED

    def judge_return(self, transition: Transition) -> None:
        """I3, I4."""
        own = self.own.evidence
        if transition.after is not PRIMARY:
            return
        if own.must_speak() and not own.is_quiet():
            assert own.prints, "a primary that must speak and has not spoken"
        if transition.before is FALLBACK and not (own.dead() or self.own.overdue()):
            assert own.steady() >= self.own.hold()
            assert self.own.prefers

    # What happens

    @rule(seconds=SPANS)
    def wait(self, seconds: float) -> None:
        self.tell(ev.Tick(), seconds)

    @rule(seconds=st.sampled_from([3, 31, 61]))
    def tick(self, seconds: int) -> None:
        for _ in range(seconds):
            self.tell(ev.Tick(), 1.0)

    @rule(seconds=LONG_SPANS)
    def stall(self, seconds: float) -> None:
        self.tell(ev.Tick(), seconds)

    @rule(after=SPANS, count=st.sampled_from([1, 1, 1, 0, 19, 60]))
    def life(self, after: float, count: int) -> None:
        self.tell(ev.Life(count), after)

    @rule(
        seconds=st.sampled_from([60, 119, 120, 121, 240, 480, 900, 1800, 3600]), gap=st.sampled_from([20.0, 30.0, 59.0])
    )
    def stream(self, seconds: int, gap: float) -> None:
        for _ in range(int(seconds // gap)):
            self.tell(ev.PollSucceeded(), gap - 0.5)
            self.tell(ev.Life(), 0.5)
        self.tell(ev.Tick(), seconds % gap)

    @rule(count=st.sampled_from([1, 18, 19, 20, 50, 100]))
    def invalid(self, count: int) -> None:
        self.tell(ev.Invalid(count))

    @rule(symbols=st.sampled_from([0, 1, 30, 30]), canary=st.sampled_from([True, True, False]))
    def subscribed(self, symbols: int, canary: bool) -> None:
        self.tell(ev.Subscribed(symbols, canary))

    @rule(reason=REASONS)
    def link_down(self, reason: Reason) -> None:
        self.tell(ev.LinkDown(reason))

    @rule()
    def link_up(self) -> None:
        self.tell(ev.LinkUp())

    @rule(symbols=st.sampled_from([1, 30]), canary=st.booleans())
    def come_up(self, symbols: int, canary: bool) -> None:
        self.tell(ev.Subscribed(symbols, canary))
        self.tell(ev.LinkUp())

    @rule(reason=REASONS, seconds=st.sampled_from([1.0, 59.0, 60.0, 61.0]))
    def outage(self, reason: Reason, seconds: float) -> None:
        self.tell(ev.PollSucceeded())
        self.tell(ev.LinkDown(reason))
        self.tell(ev.Tick(), seconds)
        self.tell(ev.LinkUp())
        self.tell(ev.Life())

    @rule(times=st.sampled_from([1, 3, 5]), late=st.sampled_from([-1.0, 0.0, 0.0, 1.0, 120.0]))
    def flap(self, times: int, late: float) -> None:
        """Come back just as the router asks, and fail again."""
        for _ in range(times):
            self.tell(ev.PollSucceeded())
            self.tell(ev.LinkDown(Reason.AUTH_FAILED))
            self.tell(ev.LinkUp())
            left = max(0.0, hold_seconds(self.model) + late)
            while left > 0:
                self.tell(ev.Life(), min(left, 30.0))
                self.tell(ev.PollSucceeded())
                left -= 30.0

    @rule()
    def poll(self) -> None:
        self.tell(ev.PollSucceeded())

    @rule(times=st.sampled_from([1, 2, 3]), retry_after=st.sampled_from([None, None, 0.0, 1.0, 60.0, 900.0, 1e9]))
    def poll_failed(self, times: int, retry_after: float | None) -> None:
        for _ in range(times):
            self.tell(ev.PollFailed(retry_after))

    @rule(seconds=st.sampled_from([1.0, 60.0, 900.0]))
    def cadence(self, seconds: float) -> None:
        self.tell(ev.Cadence(seconds))

    @rule(phase=st.sampled_from([Phase.OPEN, Phase.OPEN, Phase.EXTENDED, Phase.CLOSED]))
    def phase_edge(self, phase: Phase) -> None:
        self.tell(ev.PhaseEdge(phase))

    @rule(verdict=st.sampled_from([ev.Quiet(), ev.Mute(), ev.Probing()]))
    def verdict(self, verdict: Evidence) -> None:
        self.tell(verdict)

    @rule()
    def resumed(self) -> None:
        self.tell(ev.Resumed())

    @rule(broken=st.booleans())
    def untrusted(self, broken: bool) -> None:
        self.tell(ev.Untrusted(broken))

    @rule(source=st.sampled_from([None, None, Source.ALPACA, Source.YAHOO]))
    def pinned(self, source: Source | None) -> None:
        self.tell(ev.Pinned(source))

    @precondition(lambda self: self.own.evidence.pinned is not None)
    @rule()
    def unpinned(self) -> None:
        self.tell(ev.Pinned(None))

    @rule(seconds=st.sampled_from([-1.0, -1e6]))
    def time_runs_back(self, seconds: float) -> None:
        now = self.model.now
        self.model, made = step(self.model, ev.Tick(), now + seconds)
        self.told.append((ev.Tick(), now + seconds))
        assert (self.model.now, made) == (now, ())

    # What holds at every moment

    @invariant()
    def no_blackout_while_a_source_is_good(self) -> None:
        """I6."""
        if self.own.state is BOTH and self.own.evidence.pinned is None:
            assert not self.own.evidence.flows()
            assert not (self.own.evidence.fresh() and self.own.out_of_patience())

    @invariant()
    def ten_chosen_exits_in_two_hours_at_most(self) -> None:
        """I5: those that an emergency forced are not the router's choice."""
        chosen = [at for at, entry in self.own.exits if entry is Entry.CHOSEN]
        assert all(sum(0 <= last - at < TWO_HOURS for at in chosen) <= 10 for last in chosen[-1:])

    @invariant()
    def one_source_publishes_a_symbol(self) -> None:
        """I7."""
        serving = choose(self.model.state, None, streamed=True, alpaca=True, yahoo=True)
        assert serving is (Source.YAHOO if self.own.state is FALLBACK else Source.ALPACA)

    @invariant()
    def the_fallback_polls_whenever_it_may_be_needed(self) -> None:
        """I10."""
        assert fallback_wanted(self.model) == self.own.needed()

    def teardown(self) -> None:
        if hasattr(self, "own"):
            self.replay()
            if self.own.prefers:
                self.end_well()

    def replay(self) -> None:
        """I8."""
        model, made = self.begun, []
        for event, now in self.told:
            model, more = step(model, event, now)
            made += more
        assert (model, made) == (self.model, self.made)

    def end_well(self) -> None:
        """I9: a primary that is perfect from now on serves in the end, with its breaker closed."""
        model = self.model
        end = model.now + TWO_HOURS + 1800.0 + 300.0
        calm = (ev.Pinned(None), ev.Untrusted(False), ev.PhaseEdge(Phase.OPEN), ev.Subscribed(30, True), ev.LinkUp())
        for event in (*calm, ev.Life(100)):
            model, _ = step(model, event, model.now)
        while model.now < end:
            model, _ = step(model, ev.Life(), model.now + 45.0)
            model, _ = step(model, ev.PollSucceeded(), model.now)
        assert model.state is State.PRIMARY_ACTIVE
        assert model.breaker.state is BreakerState.CLOSED


def test_the_router_does_what_the_evidence_demands() -> None:
    run_state_machine_as_test(
        RouterMachine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            phases=PHASES,
            report_multiple_bugs=False,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

"""A router on a bench, and the states that most of its tests begin from."""

from mytrader_tui.market.failover.breaker import BreakerState
from mytrader_tui.market.failover.evidence import (
    Evidence,
    Life,
    LinkDown,
    LinkUp,
    Phase,
    PollSucceeded,
    Subscribed,
    Tick,
)
from mytrader_tui.market.failover.router import Model, State, Timers, Transition, start, step
from mytrader_tui.market.link import Reason

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

"""A short way to tell the router a history."""

from collections.abc import Iterator

from mytrader_tui.market.failover import evidence as ev
from mytrader_tui.market.failover.evidence import Evidence, Phase
from mytrader_tui.market.failover.router import Model, State, Timers, Transition, start, step


class Story:
    """A router from its start; `now` is in seconds. The fallback answers every 30 s unless told otherwise."""

    def __init__(self, *, phase: Phase = Phase.OPEN, now: float = 1000.0) -> None:
        self.now = now
        self.fallback_answers = True
        self.transitions: list[Transition] = []
        self.model: Model = start(Timers(), now, phase=phase)
        self._polled = now

    @property
    def exits(self) -> list[Transition]:
        """The transitions away from Alpaca."""
        return [each for each in self.transitions if each.before is State.PRIMARY_ACTIVE]

    @property
    def states(self) -> Iterator[State]:
        """The states entered, in order."""
        return (each.after for each in self.transitions)

    def tell(self, event: Evidence) -> "Story":
        """One event, now."""
        self.model, made = step(self.model, event, self.now)
        self.transitions += made
        return self

    def later(self, seconds: float) -> "Story":
        """Let time pass, and the fallback answer if its time has come."""
        self.now += seconds
        if self.fallback_answers and self.now - self._polled >= 30:
            self._polled = self.now
            self.tell(ev.PollSucceeded())
        return self

    def run(self, seconds: float, *, life: bool = False) -> "Story":
        """A tick a second for `seconds`, with life in each if the stream speaks."""
        for _ in range(int(seconds)):
            self.later(1.0)
            if life:
                self.tell(ev.Life())
            self.tell(ev.Tick())
        return self

    def streaming(self) -> "Story":
        """Alpaca connected, subscribed and serving."""
        self.tell(ev.PollSucceeded()).tell(ev.Subscribed(3, canary=True)).tell(ev.LinkUp()).tell(ev.Life())
        assert self.model.state is State.PRIMARY_ACTIVE
        return self

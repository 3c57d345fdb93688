"""What the table demands of the router, worked out from evidence of our own: the other half of the oracle."""

from dataclasses import dataclass, field
from enum import Enum

from own_evidence import RECOVERY, OwnEvidence

from mytrader_tui.market.failover.evidence import Phase
from mytrader_tui.market.failover.router import State
from mytrader_tui.market.quote import Source

PRIMARY, FALLBACK, BOTH = State.PRIMARY_ACTIVE, State.FALLBACK_ACTIVE, State.BOTH_UNAVAILABLE
HALF_HOUR = 1800.0
TWO_HOURS = 7200.0


class Entry(Enum):
    """How the primary came to serve."""

    CHOSEN = "after its hold"
    EMERGENCY = "as nothing else was left"
    PINNED = "by the user"


@dataclass
class OwnBreaker:
    """The breaker, as B1 to B5 have it."""

    shut_until: float | None = None
    on_trial: bool = False
    proving_at: float | None = None
    cooldown: float = 900.0
    left_at: float | None = None

    def pass_to(self, now: float, proving: bool) -> None:
        if self.shut_until is not None and now >= self.shut_until:
            self.shut_until, self.on_trial, self.proving_at = None, True, None
        if not (self.on_trial and proving):
            self.proving_at = None
        elif self.proving_at is None:
            self.proving_at = now
        elif now - self.proving_at >= 120.0:
            self.on_trial, self.proving_at = False, None
        trusted = self.shut_until is None and not self.on_trial
        if trusted and self.left_at is not None and now - self.left_at >= HALF_HOUR:
            self.cooldown, self.left_at = 900.0, None

    def left(self, now: float, recent: int) -> None:
        self.left_at = now
        if self.on_trial:
            self.cooldown = min(self.cooldown * 2, 3600.0)
        elif self.shut_until is not None or recent < 4:
            return
        self.shut_until, self.on_trial, self.proving_at = now + self.cooldown, False, None


@dataclass
class OwnVerdict:
    """The state that the evidence demands, with the history that it takes to say so."""

    evidence: OwnEvidence
    prefers: bool = True
    state: State = BOTH
    served: bool = False
    entry: Entry = Entry.EMERGENCY
    exits: list[tuple[float, Entry]] = field(default_factory=list)
    breaker: OwnBreaker = field(default_factory=OwnBreaker)
    needed_at: float | None = None
    started: float = 0.0

    def __post_init__(self) -> None:
        self.started = self.needed_at = self.evidence.now

    def pass_to(self, now: float) -> None:
        """Let time go by, with everything that runs with it."""
        self.evidence.pass_to(now)
        self.settle()

    def settle(self) -> None:
        """Bring up to date what runs with time."""
        now = self.evidence.now
        self.breaker.pass_to(now, self.state is PRIMARY and not self.evidence.bad())
        if not self.needed():
            self.needed_at = None
        elif self.needed_at is None:
            self.needed_at = now

    def needed(self) -> bool:
        """The fallback may have to serve at any moment."""
        own = self.evidence
        lost = not own.linked and own.phase is not Phase.CLOSED
        quiet = own.linked and own.must_speak() and own.silence() >= 30.0
        return self.state is not PRIMARY or lost or quiet or own.bad()

    def overdue(self) -> bool:
        """The fallback was asked for its limit, and did not answer."""
        own = self.evidence
        if own.phase is Phase.CLOSED or self.needed_at is None:
            return False
        good = [at for at, answered in own.polls if answered]
        return own.now - max([self.needed_at, own.paced_at, own.rebased_at, *good[-1:]]) >= own.patience()

    def hold(self) -> float:
        """HOLD."""
        recent = sum(self.evidence.now - at < HALF_HOUR for at, _ in self.exits)
        return min(RECOVERY * 2 ** max(recent - 1, 0), HALF_HOUR) if self.served else 0.0

    def may_choose(self) -> bool:
        """T3."""
        own = self.evidence
        spent = sum(own.now - at < TWO_HOURS for at, _ in self.exits)
        barred = self.breaker.shut_until is not None or spent >= 10 or not self.prefers
        return own.flows() and own.steady() >= self.hold() and not barred

    def demanded(self) -> State | None:
        """The state that the table demands now, or None where it demands no change."""
        own = self.evidence
        failed = own.dead() or self.overdue()
        match own.pinned, self.state:
            case Source.ALPACA, _:
                wanted = PRIMARY if own.linked else BOTH
            case Source.YAHOO, _:
                wanted = BOTH if failed else FALLBACK
            case _, State.PRIMARY_ACTIVE if own.bad():
                wanted = BOTH if own.dead() else FALLBACK
            case _, State.FALLBACK_ACTIVE if self.may_choose():
                wanted = PRIMARY
            case _, State.FALLBACK_ACTIVE if failed:
                wanted = PRIMARY if own.flows() else BOTH
            case _, State.BOTH_UNAVAILABLE if own.flows():
                wanted = PRIMARY
            case _, State.BOTH_UNAVAILABLE if own.fresh() and self.out_of_patience():
                wanted = FALLBACK
            case _:
                wanted = self.state
        return None if wanted is self.state else wanted

    def out_of_patience(self) -> bool:
        """The start's grace is over, or there is nothing to wait for."""
        return self.served or self.evidence.final() or self.evidence.now - self.started >= 10.0

    def move(self, after: State) -> None:
        """Follow a transition."""
        now, chosen = self.evidence.now, self.state is FALLBACK and self.may_choose()
        if self.state is PRIMARY and self.evidence.pinned is None:
            self.exits.append((now, self.entry))
            self.breaker.left(now, sum(now - at < HALF_HOUR for at, _ in self.exits))
        if after is PRIMARY:
            self.served = True
            pinned = self.evidence.pinned is not None
            self.entry = Entry.PINNED if pinned else Entry.CHOSEN if chosen else Entry.EMERGENCY
        self.state = after
        self.settle()

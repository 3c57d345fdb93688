"""The evidence for and against both sources, kept apart from the router's own bookkeeping.

Raw events are written down with their times, and every question is answered from those notes: the specification's
words once more, in another shape. Where the router keeps a clock running, this looks back.
"""

from dataclasses import dataclass, field

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
    Pinned,
    PollFailed,
    PollSucceeded,
    Quiet,
    Resumed,
    Subscribed,
    Untrusted,
)
from mytrader_tui.market.link import Reason
from mytrader_tui.market.quote import Source

FINAL = {Reason.NO_KEYS, Reason.DISABLED, Reason.AUTH_FAILED, Reason.NOT_ENTITLED, Reason.SECOND_INSTANCE}
LIMIT = 60.0
RECOVERY = 120.0


@dataclass
class OwnEvidence:
    """What was told, and when; `now` is the last time that was told."""

    now: float
    phase: Phase
    notes: list[tuple[float, Evidence]] = field(default_factory=list)
    linked: bool = False
    link_at: float = 0.0
    broke_at: float = 0.0
    refusal: Reason | None = None
    limited_at: float | None = None
    symbols: int = 0
    canary: bool = False
    speaking_at: float = 0.0
    prints: list[float] = field(default_factory=list)
    verdicts: list[tuple[float, bool]] = field(default_factory=list)
    record: list[bool] = field(default_factory=list)
    distrusted: bool = False
    polls: list[tuple[float, bool]] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)
    interval: float = 60.0
    pinned: Source | None = None
    gap_at: float | None = None
    flowed: bool = False
    flowing_at: float | None = None
    rebased_at: float = 0.0
    paced_at: float = 0.0

    def __post_init__(self) -> None:
        self.link_at = self.broke_at = self.speaking_at = self.rebased_at = self.paced_at = self.now

    def hear(self, event: Evidence, now: float) -> None:
        """Write `event` down."""
        self.pass_to(now)
        self.notes.append((self.now, event))
        self._note(event)
        self._flow()

    def pass_to(self, now: float) -> None:
        """Let time go by, and notice a flow that ended within it."""
        self.now = max(self.now, now)
        self._flow()

    def _flow(self) -> None:
        if not self.flows():
            self.flowing_at = None
        elif self.flowing_at is None:
            self.flowing_at = self.now

    def _note(self, event: Evidence) -> None:
        match event:
            case LinkUp() if not self.linked:
                self.linked, self.link_at, self.refusal, self.limited_at = True, self.now, None, None
                self._break()
                self.record = []
            case LinkDown(reason):
                if self.linked:
                    self._break()
                self.linked = False
                self.refusal = reason if reason in FINAL else self.refusal
                if reason is not Reason.CONNECTION_LIMIT:
                    self.limited_at = None
                elif self.limited_at is None:
                    self.limited_at = self.now
            case Life(count) if self.linked and count > 0:
                self.prints.append(self.now)
                self.record = [*self.record, *[True] * min(count, 100)][-100:]
            case Invalid(count) if self.linked and count > 0:
                self.record = [*self.record, *[False] * min(count, 100)][-100:]
            case Subscribed(symbols, canary):
                if symbols and not (self.symbols and (self.canary or not canary)):
                    self.speaking_at = self.now
                self.symbols, self.canary = symbols, canary
            case Quiet() | Mute() if self.linked:
                self.verdicts.append((self.now, isinstance(event, Mute)))
            case PhaseEdge(phase) if phase is not self.phase:
                self.phase = phase
                self._break()
                self.rebased_at = self.now
            case Resumed():
                self._break()
                self.rebased_at = self.now
                self.polls = [poll for poll in self.polls if not poll[1]]
                self.flowing_at = None
            case _:
                self._note_fallback(event)

    def _note_fallback(self, event: Evidence) -> None:
        match event:
            case PollSucceeded():
                self.polls = [(self.now, True)]
                self.pauses = []
            case PollFailed(retry_after):
                self.polls.append((self.now, False))
                if retry_after is not None:
                    self.pauses.append(self.now + min(retry_after, 900.0))
            case Cadence(poll_seconds):
                if poll_seconds < self.interval:
                    self.paced_at = self.now
                self.interval = poll_seconds
            case Pinned(source):
                self.pinned = source
            case Untrusted(broken):
                self.distrusted = broken
            case _:
                pass

    def _break(self) -> None:
        """What was heard so far was another connection, another phase or before a sleep."""
        self.broke_at = self.now
        self.prints, self.verdicts = [], []

    # Questions

    def is_quiet(self) -> bool:
        """The newest verdict is QUIET, and younger than its time."""
        return bool(self.verdicts) and not self.verdicts[-1][1] and self.now - self.verdicts[-1][0] < LIMIT

    def is_mute(self) -> bool:
        """The newest verdict is MUTE and nothing has printed since."""
        if not self.verdicts or not self.verdicts[-1][1]:
            return False
        told = max(index for index, (_, event) in enumerate(self.notes) if isinstance(event, Mute))
        return not any(isinstance(event, Life) and event.count > 0 for _, event in self.notes[told:])

    def must_speak(self) -> bool:
        """Silence would mean something."""
        return self.phase is Phase.OPEN and self.symbols > 0 and (self.canary or self.is_mute())

    def silence(self) -> float:
        """Seconds of silence that count."""
        return self.now - max([self.broke_at, self.speaking_at, *self.prints[-1:]])

    def silent(self) -> bool:
        """SILENT."""
        return self.linked and self.must_speak() and self.silence() >= LIMIT and not self.is_quiet()

    def lost(self) -> bool:
        """LOST."""
        return not self.linked and self.phase is not Phase.CLOSED and self.now - self.broke_at >= LIMIT

    def final(self) -> bool:
        """FATAL."""
        if self.refusal is not None:
            return True
        if self.limited_at is None or self.phase is Phase.CLOSED:
            return False
        return self.now - max(self.limited_at, self.broke_at) >= LIMIT

    def garbage(self) -> bool:
        """GARBAGE."""
        wrong = self.record.count(False)
        return self.distrusted or (len(self.record) >= 20 and wrong >= len(self.record) - wrong)

    def bad(self) -> bool:
        """P_BAD."""
        return self.final() or self.garbage() or self.lost() or self.silent()

    def flows(self) -> bool:
        """P_FLOW."""
        if not self.linked or self.bad():
            return False
        if not self.must_speak() or self.is_quiet():
            return True
        return bool(self.prints) and self.now - self.prints[-1] < LIMIT

    def steady(self) -> float:
        """Seconds of unbroken flow."""
        return 0.0 if self.flowing_at is None else self.now - self.flowing_at

    def dead(self) -> bool:
        """F_DOWN."""
        tail = [good for _, good in self.polls[-3:]]
        return tail == [False, False, False] or any(self.now < until for until in self.pauses)

    def patience(self) -> float:
        """How old the fallback's last success may be."""
        return max(60.0, 2.5 * self.interval)

    def fresh(self) -> bool:
        """F_OK."""
        good = [at for at, good in self.polls if good]
        return not self.dead() and bool(good) and self.now - good[-1] < self.patience()

"""Where the outside clock enters the program: corrected by the broker's, and aware of sleep."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec

from mytrader_tui.market.moment import Moment

SKEW_WORTH_CORRECTING = 2.0
"""Seconds by which this machine's clock may differ from the broker's before it is corrected and the user told."""

MAX_ROUND_TRIP = 2.0
"""Seconds that a reading of the broker's clock may take and still measure ours."""

JUMP_SECONDS = 1.0
"""Seconds by which the wall clock may run against the monotonic one between two looks before it was set by someone."""

SLEEP_SECONDS = 5.0
"""Seconds of suspension that make a resume."""


def system_clock() -> Moment:
    """The present by this machine's clocks."""
    return Moment(datetime.now(UTC), time.monotonic())


def suspended_seconds() -> float:
    """Seconds that this machine has slept since it was started, or 0 where the platform does not tell.

    Linux's CLOCK_BOOTTIME runs on while the machine sleeps, its CLOCK_MONOTONIC does not.
    """
    boot_time = getattr(time, "CLOCK_BOOTTIME", None)
    return 0.0 if boot_time is None else time.clock_gettime(boot_time) - time.clock_gettime(time.CLOCK_MONOTONIC)


class Passage(msgspec.Struct, frozen=True):
    """What happened to time since the last look: seconds slept, and seconds that the wall clock was set by."""

    slept: float = 0.0
    jumped: float = 0.0


class MarketClock:
    """The clock that everything reads: this machine's, moved by what the broker's clock shows it to be wrong by.

    Where the platform cannot tell sleep, a wall clock that ran ahead counts as sleep. What was slept belongs to every
    duration from the look on that noticed it: a price that was heard before the night is a night old.
    """

    def __init__(
        self, system: Callable[[], Moment] = system_clock, suspended: Callable[[], float] | None = suspended_seconds
    ) -> None:
        self._system = system
        self._suspended = suspended if hasattr(time, "CLOCK_BOOTTIME") else None
        self._seen = system()
        self._seen_suspended = self._suspended() if self._suspended else 0.0
        self._correction: timedelta | None = None
        self._slept = 0.0

    def __call__(self) -> Moment:
        """The present."""
        now = self._system()
        return Moment(now.wall + (self._correction or timedelta()), now.mono + self._slept)

    @property
    def skew(self) -> float:
        """Seconds by which this machine's clock is ahead of the broker's; 0 while too little to matter or unknown."""
        return -self._correction.total_seconds() if self._correction else 0.0

    def compare(self, asked: Moment, broker: datetime, answered: Moment) -> None:
        """Take the broker's reading, asked for and answered at these moments of this clock."""
        round_trip = answered.mono - asked.mono
        if round_trip > MAX_ROUND_TRIP:
            return
        off = (broker - asked.wall).total_seconds() - round_trip / 2
        total = off - self.skew
        self._correction = timedelta(seconds=total) if abs(total) > SKEW_WORTH_CORRECTING else timedelta()

    def look(self) -> Passage:
        """What happened to time since the last look. A wall clock that was set does not move a corrected one."""
        now, before = self._system(), self._seen
        suspended = self._suspended() if self._suspended else 0.0
        slept, self._seen_suspended = suspended - self._seen_suspended, suspended
        self._seen = now
        ahead = (now.wall - before.wall).total_seconds() - (now.mono - before.mono) - slept
        if self._suspended is None and ahead > SLEEP_SECONDS:
            slept, ahead = ahead, 0.0
        jumped = ahead if abs(ahead) > JUMP_SECONDS else 0.0
        if jumped and self._correction is not None:
            self._correction -= timedelta(seconds=jumped)
        slept = slept if slept > SLEEP_SECONDS else 0.0
        self._slept += slept
        return Passage(slept, jumped)

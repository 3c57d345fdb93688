"""What to ask Yahoo and when: pure, in monotonic seconds."""

from collections.abc import Callable, Sequence

from mytrader_tui.feeds.yahoo.pauses import jittered

DEBOUNCE_SECONDS = 0.05
"""How long new symbols are gathered before they are asked for, so that a pasted list is one request."""


class Schedule:
    """All wanted symbols every `poll_seconds`, new ones at once, and nothing at all during a pause.

    `jitter` returns numbers from 0 to 1, which move each poll by up to a tenth of the interval.
    """

    def __init__(self, poll_seconds: float, jitter: Callable[[], float]) -> None:
        self.wanted: tuple[str, ...] = ()
        self._poll_seconds = poll_seconds
        self._jitter = jitter
        self._started: float | None = None
        self._next: float | None = None
        self._new: frozenset[str] = frozenset()
        self._new_due = 0.0
        self._hurry = False
        self._paused_until: float | None = None

    def want(self, symbols: Sequence[str], now: float) -> None:
        """Ask for these from now on, the most important first."""
        added = frozenset(symbols) - frozenset(self.wanted)
        self.wanted = tuple(dict.fromkeys(symbols))
        self._new = (self._new | added) & frozenset(self.wanted)
        if added:
            self._new_due = now + DEBOUNCE_SECONDS

    def keep_pace(self, poll_seconds: float) -> None:
        """Poll at this interval, counted from the last poll."""
        self._poll_seconds = poll_seconds
        if self._started is not None:
            self._next = self._started + self._interval()

    def hurry(self) -> None:
        """Poll everything as soon as a pause allows it."""
        self._hurry = True

    def pause(self, until: float) -> None:
        """Ask nothing before `until`, then everything."""
        self._paused_until = until

    def paused_for(self, now: float) -> float:
        """Seconds left of the pause, 0 if there is none."""
        return 0.0 if self._paused_until is None else max(0.0, self._paused_until - now)

    def due(self, now: float) -> tuple[str, ...]:
        """The symbols to ask for at `now`; empty if it is not time yet."""
        if self.paused_for(now) > 0:
            return ()
        if self._all_at_once() or self._next is None or now >= self._next:
            return self.wanted
        if self._new and now >= self._new_due:
            return tuple(symbol for symbol in self.wanted if symbol in self._new)
        return ()

    def is_whole(self, symbols: Sequence[str]) -> bool:
        """True if `symbols` are all that is wanted."""
        return frozenset(self.wanted) <= frozenset(symbols)

    def asked(self, symbols: Sequence[str], started: float, *, whole: bool) -> None:
        """These, the `whole` of what was wanted or a part, were asked for in a poll that began at `started`."""
        self._new -= frozenset(symbols)
        if self._paused_until is not None and self._paused_until <= started:
            self._paused_until = None
        if whole:
            self._hurry, self._started = False, started
            self._next = started + self._interval()

    def seconds_left(self, now: float) -> float | None:
        """Seconds until something is due, or None while nothing is wanted."""
        if not self.wanted:
            return None
        pause = self.paused_for(now)
        if pause > 0:
            return pause
        if self._all_at_once() or self._next is None:
            return 0.0
        due = min(self._next, self._new_due) if self._new else self._next
        return max(0.0, due - now)

    def _all_at_once(self) -> bool:
        """True if everything is to be asked for now, no pause being in the way."""
        return self._hurry or self._paused_until is not None

    def _interval(self) -> float:
        return jittered(self._poll_seconds, self._jitter())

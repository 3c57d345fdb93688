"""The failover ledger: every change of the serving source, with its cause and the timers that stood behind it."""

import logging
from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Annotated

import msgspec

from mytrader_tui.market.failover.breaker import BreakerState
from mytrader_tui.market.failover.evidence import Phase
from mytrader_tui.market.failover.predicates import (
    down_for,
    expects_life,
    hold_seconds,
    recent_exits,
    return_barred_until,
    silent_for,
)
from mytrader_tui.market.failover.routing import Model, State, Transition
from mytrader_tui.market.quote import Source

KEPT_ENTRIES = 500

_log = logging.getLogger(__name__)


class LedgerEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One transition as people look it up, and the router's timers right after it. Every `_seconds` is a duration.

    `held_seconds` is how long the state `before` lasted, `rows_moved` how many rows changed their source.
    `hold_seconds` is the steady flow then asked of the primary before it serves again, `barred_seconds` how long it
    may not be chosen however steady, if at all. `cooldown_left_seconds` is None unless the breaker was open,
    `silent_seconds` None where nothing had to speak, `down_seconds` None while the primary's link was up. `exits`
    counts the times that the primary was left within `history_seconds`. `pinned` is the source that the user chose.
    """

    at: Annotated[datetime, msgspec.Meta(tz=True)]
    before: State
    after: State
    cause: str
    held_seconds: float
    rows_moved: int
    phase: Phase
    failover_seconds: float
    recovery_seconds: float
    hold_seconds: float
    history_seconds: float
    exits: int
    breaker: BreakerState
    cooldown_left_seconds: float | None = None
    silent_seconds: float | None = None
    down_seconds: float | None = None
    barred_seconds: float | None = None
    poll_failures: int = 0
    pinned: Source | None = None


class Ledger:
    """The latest transitions, oldest first, bounded in number; each is also handed to `keep`, which returns at once."""

    def __init__(self, keep: Callable[[LedgerEntry], None] = lambda _: None) -> None:
        self._entries: deque[LedgerEntry] = deque(maxlen=KEPT_ENTRIES)
        self._keep = keep
        self._kept: tuple[LedgerEntry, ...] = ()

    @property
    def entries(self) -> tuple[LedgerEntry, ...]:
        """What is kept, oldest first; the same tuple until there is something new."""
        return self._kept

    def record(self, transition: Transition, model: Model, at: datetime, rows_moved: int) -> LedgerEntry:
        """Keep `transition`, which happened at `at` (aware), led to `model` and moved `rows_moved` rows."""
        entry = ledger_entry(transition, model, at, rows_moved)
        self._entries.append(entry)
        self._kept = tuple(self._entries)
        self._keep(entry)
        _log.info(
            "%s, after %.1f s of %s: %s (%d rows moved)",
            entry.after.value,
            entry.held_seconds,
            entry.before.value,
            entry.cause,
            rows_moved,
        )
        return entry


def ledger_entry(transition: Transition, model: Model, at: datetime, rows_moved: int) -> LedgerEntry:
    """`transition` with the timers of the `model` that it led to."""
    breaker, barred_until = model.breaker, return_barred_until(model)
    return LedgerEntry(
        at=at,
        before=transition.before,
        after=transition.after,
        cause=transition.cause,
        held_seconds=transition.held_seconds,
        rows_moved=rows_moved,
        phase=model.phase,
        failover_seconds=model.timers.failover_seconds,
        recovery_seconds=model.timers.recovery_seconds,
        hold_seconds=hold_seconds(model),
        history_seconds=model.timers.history_seconds,
        exits=recent_exits(model),
        breaker=breaker.state,
        cooldown_left_seconds=max(0.0, breaker.cooled_at - model.now) if breaker.state is BreakerState.OPEN else None,
        silent_seconds=max(0.0, silent_for(model)) if model.up and expects_life(model) else None,
        down_seconds=None if model.up else max(0.0, down_for(model)),
        barred_seconds=None if barred_until is None else max(0.0, barred_until - model.now),
        poll_failures=model.poll_failures,
        pinned=model.pinned,
    )

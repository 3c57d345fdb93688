"""The failover ledger: every change of the serving source, with its cause, kept for whoever asks why."""

import logging
from collections import deque
from datetime import datetime

import msgspec

from mytrader_tui.market.router import State, Transition

KEPT_ENTRIES = 500

_log = logging.getLogger(__name__)


class LedgerEntry(msgspec.Struct, frozen=True):
    """One transition as people look it up: when, between which states, why, and how many rows moved with it."""

    at: datetime
    before: State
    after: State
    cause: str
    held_seconds: float
    rows_moved: int


class Ledger:
    """The latest transitions, oldest first, bounded in number."""

    def __init__(self) -> None:
        self._entries: deque[LedgerEntry] = deque(maxlen=KEPT_ENTRIES)

    @property
    def entries(self) -> tuple[LedgerEntry, ...]:
        """What is kept, oldest first."""
        return tuple(self._entries)

    def record(self, transition: Transition, at: datetime, rows_moved: int) -> LedgerEntry:
        """Keep `transition`, which happened at `at` (aware) and moved `rows_moved` rows."""
        entry = LedgerEntry(
            at, transition.before, transition.after, transition.cause, transition.held_seconds, rows_moved
        )
        self._entries.append(entry)
        _log.info(
            "%s -> %s after %.1f s: %s (%d rows moved)",
            entry.before.name,
            entry.after.name,
            entry.held_seconds,
            entry.cause,
            rows_moved,
        )
        return entry

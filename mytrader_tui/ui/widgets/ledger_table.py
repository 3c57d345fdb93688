"""The failover ledger as rows, the newest on top."""

from collections.abc import Sequence
from datetime import tzinfo

from typing_extensions import override

from mytrader_tui.market.failover.routing import State
from mytrader_tui.market.failover.story import clock_span
from mytrader_tui.market.moment import Moment
from mytrader_tui.telemetry.ledger import LedgerEntry
from mytrader_tui.ui.columns import Cell, Column, Tone
from mytrader_tui.ui.widgets.ticking_table import TickingTable

_EMPTY = "No change of source yet. Each will be listed here with its cause."
_LONGEST_CAUSE = 120

SERVING = {State.PRIMARY_ACTIVE: "Alpaca", State.FALLBACK_ACTIVE: "Yahoo", State.BOTH_UNAVAILABLE: "no source"}
"""Who serves in each state."""

_TONES = {State.PRIMARY_ACTIVE: Tone.LIVE, State.FALLBACK_ACTIVE: Tone.DELAYED, State.BOTH_UNAVAILABLE: Tone.STALE}


class LedgerTable(TickingTable[LedgerEntry]):
    """One row a change of source: when (at home in `zone`), between whom, after how long, the rows moved, the cause."""

    def __init__(self, *, zone: tzinfo | None, id: str = "ledger") -> None:
        super().__init__(id=id, empty=_EMPTY)
        self._zone = zone
        self._told: tuple[LedgerEntry, ...] | None = None
        self._entries: dict[str, LedgerEntry] = {}

    @property
    def entry(self) -> LedgerEntry | None:
        """The entry under the cursor."""
        return self._entries.get(self.cursor_key or "")

    def take(self, entries: tuple[LedgerEntry, ...]) -> bool:
        """Show `entries`, which are oldest first; True if any is new. The cursor stays on its entry."""
        if entries is self._told:
            return False
        self._told = entries
        # No two transitions of one instant leave the same state.
        self._entries = {f"{entry.at.timestamp()} {entry.before.name}": entry for entry in reversed(entries)}
        self.set_keys(tuple(self._entries))
        return True

    @override
    def columns(self, width: int) -> Sequence[Column[LedgerEntry]]:
        """The columns; the cause takes the room that is left."""
        return (
            Column("Time", 12, 12, 0, self._time, right=False),
            Column("From → to", 18, 18, 0, _change, right=False),
            Column("Held", 7, 8, 0, _held),
            Column("Rows", 4, 5, 1, _rows),
            Column("Cause", 12, _LONGEST_CAUSE, 2, _cause, right=False),
        )

    @override
    def row(self, key: str, now: Moment) -> LedgerEntry:
        """The entry of `key`, which no time changes."""
        return self._entries[key]

    def _time(self, entry: LedgerEntry) -> Cell:
        return Cell((f"{entry.at.astimezone(self._zone):%a %H:%M:%S}",), number=False)


def _change(entry: LedgerEntry) -> Cell:
    return Cell((f"{SERVING[entry.before]} → {SERVING[entry.after]}",), _TONES[entry.after], number=False)


def _held(entry: LedgerEntry) -> Cell:
    return Cell((clock_span(entry.held_seconds), f"{entry.held_seconds / 3600:.0f}h"))


def _rows(entry: LedgerEntry) -> Cell:
    return Cell((f"{entry.rows_moved}",))


def _cause(entry: LedgerEntry) -> Cell:
    return Cell((entry.cause,), number=False)

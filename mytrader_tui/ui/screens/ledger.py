"""The failover ledger on the screen: every change of source, why, and the timers that stood behind it."""

from datetime import tzinfo
from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Static

from mytrader_tui.market.failover.breaker import BreakerState
from mytrader_tui.market.failover.story import clock_span
from mytrader_tui.market.freshness import short_span
from mytrader_tui.telemetry.ledger import LedgerEntry
from mytrader_tui.ui.desk import Desk
from mytrader_tui.ui.figures import MISSING
from mytrader_tui.ui.spans import zone_name
from mytrader_tui.ui.widgets.dialog import Dialog
from mytrader_tui.ui.widgets.ledger_table import LedgerTable
from mytrader_tui.ui.widgets.ticking_table import TickingTable

LOOK_SECONDS = 0.25
"""How often the desk is asked for news while the ledger is open."""


class LedgerScreen(ModalScreen[str | None]):
    """Lists what `desk.ledger` holds, the newest on top, and goes on doing so; `zone` is home (None: the system's)."""

    AUTO_FOCUS = "#ledger"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "close", "Close", id="close"),
        Binding("f3", "close", "Close", show=False, id="ledger"),
    ]

    def __init__(self, desk: Desk, *, zone: tzinfo | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._zone = zone
        self._table = LedgerTable(zone=zone)
        self._behind = Static(id="ledger-behind", markup=False)

    def compose(self) -> ComposeResult:
        """The box: the list, and what stood behind the entry under the cursor."""
        with Dialog("Failover ledger", id="ledger-box"):
            yield self._table
            yield self._behind

    def on_mount(self) -> None:
        """Show what there is, and look for news."""
        self.look()
        self.set_interval(LOOK_SECONDS, self.look, name="ledger")

    def look(self) -> None:
        """Take what is new."""
        if self._table.take(self._desk.ledger):
            self._show_behind()
        self._table.paint(self._desk.now())

    @on(TickingTable.CursorMoved)
    def cursor_moved(self, event: TickingTable.CursorMoved) -> None:
        """Show what stood behind the entry that the cursor came to."""
        event.stop()
        self._show_behind()

    def _show_behind(self) -> None:
        entry = self._table.entry
        self._behind.display = entry is not None
        if entry is not None:
            self._behind.update(behind(entry, self._zone))

    def action_close(self) -> None:
        """Close it."""
        self.dismiss(None)


def behind(entry: LedgerEntry, zone: tzinfo | None) -> Table:
    """The whole of `entry` in words: the instant, the cause and the timers as they stood."""
    here = entry.at.astimezone(zone)
    told = Table.grid()
    told.add_row(Text(f"{here:%Y-%m-%d %H:%M:%S} {zone_name(here)} · {entry.cause}"))
    timers = Table.grid(padding=(0, 2))
    for row in _timers(entry):
        timers.add_row(*(Text(text, style="bold" if place % 2 else "dim") for place, text in enumerate(row)))
    told.add_row(timers)
    return told


def _timers(entry: LedgerEntry) -> tuple[tuple[str, str, str, str], ...]:
    breaker = entry.breaker.value
    if entry.breaker is BreakerState.OPEN:
        breaker += f", {_span(entry.cooldown_left_seconds)} left"
    return (
        ("Alpaca down", _span(entry.down_seconds), "failover after", _span(entry.failover_seconds)),
        ("Alpaca silent", _span(entry.silent_seconds), "back after steady", _span(entry.hold_seconds)),
        ("Yahoo polls failed", str(entry.poll_failures), "Alpaca barred for", _span(entry.barred_seconds)),
        (f"exits in {short_span(entry.history_seconds)}", str(entry.exits), "breaker", breaker),
        ("market", entry.phase.value, "pinned to", entry.pinned.value.capitalize() if entry.pinned else MISSING),
    )


def _span(seconds: float | None) -> str:
    return MISSING if seconds is None else clock_span(seconds)

"""The price alerts on the screen: what each waits for and how it stands, while that changes."""

from datetime import tzinfo
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from mytrader_tui.market.alerts.alert import AlertView
from mytrader_tui.market.alerts.words import condition_text, standing_forms
from mytrader_tui.market.moment import Moment
from mytrader_tui.ui.desk import Desk
from mytrader_tui.ui.flow import flow, plain, wrap
from mytrader_tui.ui.keymap import key_of
from mytrader_tui.ui.screens.alert_form import AlertForm
from mytrader_tui.ui.widgets.alerts_table import AlertsTable
from mytrader_tui.ui.widgets.dialog import Dialog
from mytrader_tui.ui.widgets.honesty_line import time_text
from mytrader_tui.ui.widgets.lines import Lines
from mytrader_tui.ui.widgets.ticking_table import TickingTable

LOOK_SECONDS = 0.25
"""How often the desk is asked for news while the alerts are open."""

_DETAIL_LINES = 4


class AlertsScreen(ModalScreen[str | None]):
    """Lists the alerts of `desk`, the newest on top, and goes on doing so; `zone` is home (None: the system's)."""

    AUTO_FOCUS = "#alerts"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "close", "Close", key_display="esc", id="close"),
        Binding("A", "close", "Close", show=False, id="alerts"),
        Binding("enter,e", "edit", "Edit", id="edit_alert"),
        Binding("r", "rearm", "Arm again", id="rearm"),
        Binding("d,delete", "delete", "Delete", id="remove"),
        Binding("u", "undo", "Undo", id="undo"),
    ]

    def __init__(self, desk: Desk, *, zone: tzinfo | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._zone = zone
        self._table = AlertsTable(zone=zone)
        self._detail = Lines(id="alerts-detail")
        self._new: frozenset[str] = frozenset()
        self._shown: tuple[AlertView, ...] | None = None
        self._told = ""
        self._told_at: str | None = None

    def compose(self) -> ComposeResult:
        """The box: the list, and the alert under the cursor in full."""
        with Dialog("Alerts", id="alerts-box", applies=self._applies):
            yield self._table
            yield self._detail

    def on_mount(self) -> None:
        """Show what there is, and look for news."""
        self.look()
        self.set_interval(LOOK_SECONDS, self.look, name="alerts")

    def _applies(self, name: str) -> bool:
        """What can be done with the alert under the cursor, and undoing where something was deleted."""
        view = self._table.view
        match name:
            case "undo":
                return self._desk.alerts.undoable
            case "rearm":
                return view is not None and view.alert.firing is not None
            case "edit_alert" | "remove":
                return view is not None
            case _:
                return True

    def look(self) -> None:
        """Take what is new, and with that it is seen."""
        alerts = self._desk.alerts
        if unseen := alerts.unseen:
            self._new |= {alert.id for alert in unseen}
            alerts.see()
        if alerts.alerts is not self._shown:
            self._shown = alerts.alerts
            self._table.take(self._shown, self._new)
            self.refresh_bindings()
        now = self._desk.now()
        self._table.paint(now)
        self._say(now)

    def on_lines_resized(self, event: Lines.Resized) -> None:
        """Fit what is said to the new width."""
        event.stop()
        self._say(self._desk.now())

    @on(TickingTable.CursorMoved)
    def cursor_moved(self, event: TickingTable.CursorMoved) -> None:
        """Say more of the alert that the cursor came to."""
        event.stop()
        if self._table.cursor_key != self._told_at:
            self._told = ""
        self.refresh_bindings()
        self._say(self._desk.now())

    def action_edit(self) -> None:
        """Give the alert under the cursor another condition."""
        if (view := self._table.view) is not None:
            self.app.push_screen(AlertForm(self._desk, view.alert.symbol, alert=view.alert), self._tell)

    def action_rearm(self) -> None:
        """Let the alert under the cursor be on the watch again."""
        view = self._table.view
        if view is None:
            return
        if view.alert.firing is None:
            self._tell("It is on the watch already.")
            return
        self._desk.alerts.rearm(view.alert.id)
        self._new -= {view.alert.id}
        self._tell(f"On the watch again: {view.alert.symbol} {condition_text(view.alert)}.")

    def action_delete(self) -> None:
        """Remove the alert under the cursor."""
        if (view := self._table.view) is not None:
            self._desk.alerts.delete(view.alert.id)
            self._tell(
                f"Deleted: {view.alert.symbol} {condition_text(view.alert)}. {key_of(self.app, 'undo')} brings it back."
            )

    def action_undo(self) -> None:
        """Bring the alert removed last back."""
        back = self._desk.alerts.undo_delete()
        self.look()
        if back is not None:
            self._table.move_to(back.id)
        self._tell("Nothing was deleted." if back is None else f"{back.symbol} {condition_text(back)} is back.")

    def action_close(self) -> None:
        """Close it."""
        self.dismiss(None)

    def _tell(self, text: str | None) -> None:
        self.look()
        self._told, self._told_at = text or "", self._table.cursor_key
        self._say(self._desk.now())

    def _say(self, now: Moment) -> None:
        width = max(1, self._detail.size.width)
        self._detail.show(self._details(self._table.view, now, width))

    def _details(self, view: AlertView | None, now: Moment, width: int) -> list[Text]:
        told = wrap(self._told, width, _DETAIL_LINES, self._detail.tone("accent-text"))
        if view is None or told:
            return told
        alert = view.alert
        lines = wrap(f"{alert.symbol} {condition_text(alert)}", width, 1, "bold")
        said = [standing_forms(view, now.wall, self._zone)[0]]
        if alert.firing is not None:
            said.append(f"told {time_text(alert.firing.at, now, self._zone)}")
        said.append(f"set {time_text(alert.created, now, self._zone)}")
        phrases = [plain(each, style=self._detail.tone("faint")) for each in said]
        return lines + flow(phrases, (width,) * (_DETAIL_LINES - 1))

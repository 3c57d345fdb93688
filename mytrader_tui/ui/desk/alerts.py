"""What the alert dialog and the list of alerts ask for."""

from typing import Protocol

from mytrader_tui.market.alerts.alert import Alert, AlertCondition, AlertView


class AlertDesk(Protocol):
    """Price alerts, kept across restarts. Nothing here raises or blocks."""

    @property
    def alerts(self) -> tuple[AlertView, ...]:
        """Every alert and how it stands, oldest first; the same tuple until something changes."""

    @property
    def unseen(self) -> tuple[Alert, ...]:
        """The alerts that fired since the list was last looked at, oldest first."""

    @property
    def rings(self) -> bool:
        """Whether the terminal's bell rings for one that fires."""

    def create(self, symbol: str, condition: AlertCondition) -> Alert | str:
        """Set an alert; or why it cannot be, in words."""

    def change(self, alert_id: str, condition: AlertCondition) -> Alert | str:
        """Give an alert another condition and let it be on the watch; or why it cannot be, in words."""

    def rearm(self, alert_id: str) -> None:
        """Let an alert that fired be on the watch again."""

    def delete(self, alert_id: str) -> None:
        """Remove an alert."""

    def undo_delete(self) -> Alert | None:
        """Bring the alert removed last back, as it was; None if there is none."""

    @property
    def undoable(self) -> bool:
        """Whether there is an alert to bring back."""

    def take_fired(self) -> tuple[Alert, ...]:
        """The alerts that fired since the last call, and those whose print was taken back, oldest first."""

    def see(self) -> None:
        """The user looks at the list: nothing that has fired so far is unseen any more."""

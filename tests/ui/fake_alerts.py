"""Alerts that are kept and never judged: a test says how they stand and what fired."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from mytrader_tui.market.alerts.alert import Alert, AlertCondition, AlertKind, AlertView, Firing, Verdict
from mytrader_tui.market.alerts.level import level_trouble
from mytrader_tui.market.quote import Source

SET_AT = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)


class FakeAlerts:
    """Everything a test may set is a plain attribute."""

    def __init__(self) -> None:
        self.alerts: tuple[AlertView, ...] = ()
        self.fired: list[Alert] = []
        self.rings = True
        self.refusal = ""
        self.deleted: list[AlertView] = []

    @property
    def unseen(self) -> tuple[Alert, ...]:
        shown = (view.alert for view in self.alerts)
        return tuple(alert for alert in shown if alert.firing is not None and not alert.firing.seen)

    def create(self, symbol: str, condition: AlertCondition) -> Alert | str:
        if self.refusal or (why := level_trouble(condition.kind, condition.level)):
            return self.refusal or why
        alert = Alert(str(len(self.alerts) + 1), symbol, condition, SET_AT)
        self.alerts = (*self.alerts, AlertView(alert))
        return alert

    def change(self, alert_id: str, condition: AlertCondition) -> Alert | str:
        if self.refusal:
            return self.refusal
        return self._replace(alert_id, replace(self._of(alert_id), condition=condition, firing=None))

    def rearm(self, alert_id: str) -> None:
        self._replace(alert_id, replace(self._of(alert_id), firing=None))

    def delete(self, alert_id: str) -> None:
        self.deleted += [view for view in self.alerts if view.alert.id == alert_id]
        self.alerts = tuple(view for view in self.alerts if view.alert.id != alert_id)

    @property
    def undoable(self) -> bool:
        return bool(self.deleted)

    def undo_delete(self) -> Alert | None:
        if not self.deleted:
            return None
        back = self.deleted.pop()
        self.alerts = tuple(sorted((*self.alerts, back), key=lambda view: int(view.alert.id)))
        return back.alert

    def take_fired(self) -> tuple[Alert, ...]:
        fired, self.fired = tuple(self.fired), []
        return fired

    def see(self) -> None:
        for alert in self.unseen:
            if alert.firing is not None:
                self._replace(alert.id, replace(alert, firing=replace(alert.firing, seen=True)))

    # What a test says.

    def put(
        self, symbol: str, kind: AlertKind, level: float, verdict: Verdict | None = None, *, extended: bool = False
    ) -> Alert:
        """An alert that stands by `verdict`."""
        alert = Alert(str(len(self.alerts) + 1), symbol, AlertCondition(kind, level, extended), SET_AT)
        self.alerts = (*self.alerts, AlertView(alert, verdict))
        return alert

    def fire(self, alert: Alert, value: float, provenance: str = "LIVE iex", taken_back: str = "") -> Alert:
        """Let `alert` have fired on `value`, a second ago by the clock of the fake desk."""
        at = SET_AT + timedelta(minutes=90)
        firing = Firing(
            value=value,
            price=value,
            price_time=at - timedelta(seconds=1),
            at=at,
            provenance=provenance,
            source=Source.ALPACA,
            taken_back=taken_back,
        )
        fired = self._replace(alert.id, replace(alert, firing=firing))
        self.fired.append(fired)
        return fired

    def _of(self, alert_id: str) -> Alert:
        return next(view.alert for view in self.alerts if view.alert.id == alert_id)

    def _replace(self, alert_id: str, alert: Alert) -> Alert:
        self.alerts = tuple(AlertView(alert) if view.alert.id == alert_id else view for view in self.alerts)
        return alert

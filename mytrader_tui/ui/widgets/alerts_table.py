"""The alerts as rows, the newest on top."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import tzinfo

from typing_extensions import override

from mytrader_tui.market.alerts.alert import AlertView, Stand
from mytrader_tui.market.alerts.words import condition_forms, standing_forms
from mytrader_tui.market.moment import Moment
from mytrader_tui.ui.columns import Cell, Column, Tone
from mytrader_tui.ui.figures import TOO_LONG
from mytrader_tui.ui.keymap import key_of
from mytrader_tui.ui.widgets.ticking_table import TickingTable

_LEAST_STANDING = 14
_MOST_CONDITION = 34


@dataclass(frozen=True, slots=True)
class AlertRow:
    """What the row of an alert says; `new` is one that fired since the list was last looked at."""

    symbol: str
    condition: tuple[str, ...]
    standing: tuple[str, ...]
    tone: Tone
    new: bool


class AlertsTable(TickingTable[AlertRow]):
    """One row an alert: the symbol, what is waited for, how it stands; times are at home in `zone`."""

    def __init__(self, *, zone: tzinfo | None, id: str = "alerts") -> None:
        super().__init__(id=id, empty="No alerts.")
        self._zone = zone
        self._views: dict[str, AlertView] = {}
        self._new: Set[str] = frozenset()

    def on_mount(self) -> None:
        """Say how an alert is set, by the key as it is bound."""
        if key := key_of(self.app, "new_alert"):
            self._empty = f"No alerts. {key} on a row of the watchlist sets one."

    @property
    def view(self) -> AlertView | None:
        """The alert under the cursor."""
        return self._views.get(self.cursor_key or "")

    def take(self, views: Sequence[AlertView], new: Set[str]) -> None:
        """Show `views`, which are oldest first, the last on top; `new` are the ids of those to be marked."""
        known = self._views
        self._views = {view.alert.id: view for view in reversed(views)}
        self.touch(self._views.keys() | (new ^ self._new))
        self._new = new
        before = {key: (view.alert.symbol, view.alert.condition) for key, view in known.items()}
        if before != {key: (view.alert.symbol, view.alert.condition) for key, view in self._views.items()}:
            self.set_keys(tuple(self._views))

    @override
    def columns(self, width: int) -> Sequence[Column[AlertRow]]:
        """The columns; what is waited for is never cut, how it stands is said in fewer words."""
        alerts = [view.alert for view in self._views.values()]
        symbol = max(6, min(max((len(alert.symbol) for alert in alerts), default=0), 12))
        forms = [condition_forms(alert.condition, alert.currency) for alert in alerts]
        least = max(8, min(max((len(each[-1]) for each in forms), default=0), _MOST_CONDITION))
        best = max(least, min(max((len(each[0]) for each in forms), default=0), _MOST_CONDITION))
        return (
            Column("Symbol", symbol, symbol, 0, _symbol, right=False),
            Column("Waits for", least, best, 0, _condition, right=False, growth=1),
            Column("How it stands", _LEAST_STANDING, 64, 0, _standing, right=False),
        )

    @override
    def row(self, key: str, now: Moment) -> AlertRow:
        """The row of the alert `key`."""
        view = self._views[key]
        alert = view.alert
        forms = (*condition_forms(alert.condition, alert.currency), TOO_LONG)
        return AlertRow(alert.symbol, forms, standing_forms(view, now.wall, self._zone), _tone(view), key in self._new)

    @override
    def row_mark(self, row: AlertRow) -> str:
        """A point before what fired and was not seen before."""
        return "●" if row.new else " "


def _tone(view: AlertView) -> Tone:
    if view.alert.firing is not None:
        return Tone.STALE if view.alert.firing.taken_back else Tone.STRONG
    return Tone.DELAYED if view.verdict is not None and view.verdict.stand is Stand.HELD else Tone.PLAIN


def _symbol(row: AlertRow) -> Cell:
    return Cell((row.symbol,), Tone.STRONG, number=False)


def _condition(row: AlertRow) -> Cell:
    return Cell(row.condition, number=False)


def _standing(row: AlertRow) -> Cell:
    return Cell(row.standing, row.tone, number=False)

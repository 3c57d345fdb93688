"""The doors of the main screen: every screen that a key opens, with its key, its words and what opens it.

A screen is imported when its door is opened: the first picture does not wait for those that nobody looks at yet.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import tzinfo

from textual.binding import Binding
from textual.screen import Screen

from mytrader_tui.ui.chart_look import ChartLook
from mytrader_tui.ui.desk import Desk


@dataclass(frozen=True, slots=True)
class Visit:
    """What a screen is opened with: the desk, the symbol under the cursor (empty if none) and home's time zone.

    `symbols` are those of the table in the order that it shows them, `follow` takes its cursor to one of them, and
    `look` is how charts are looked at.
    """

    desk: Desk
    symbol: str
    zone: tzinfo | None
    symbols: tuple[str, ...] = ()
    follow: Callable[[str], None] = lambda _: None
    look: ChartLook = field(default_factory=ChartLook)


@dataclass(frozen=True, slots=True)
class Door:
    """A screen and its key. What the screen is dismissed with, if it is a text, is told to the user.

    `name` is the action's in the settings and in the command palette. `of_symbol` is for a screen of the row under
    the cursor: without one the door stays shut. `open` imports the screen when it is called, not before.
    """

    name: str
    key: str
    label: str
    tooltip: str
    open: Callable[[Visit], Screen[str | None]]
    of_symbol: bool = False
    show: bool = True

    @property
    def action(self) -> str:
        """What the main screen does to open it."""
        return f"open('{self.name}')"

    @property
    def binding(self) -> Binding:
        """Its key."""
        return Binding(
            self.key,
            self.action,
            self.label,
            tooltip=self.tooltip,
            show=self.show,
            id=self.name,
        )


def _account(visit: Visit) -> Screen[str | None]:
    from mytrader_tui.ui.screens.account import AccountScreen

    return AccountScreen(visit.desk, zone=visit.zone)


def _alerts(visit: Visit) -> Screen[str | None]:
    from mytrader_tui.ui.screens.alerts import AlertsScreen

    return AlertsScreen(visit.desk, zone=visit.zone)


def _new_alert(visit: Visit) -> Screen[str | None]:
    from mytrader_tui.ui.screens.alert_form import AlertForm

    return AlertForm(visit.desk, visit.symbol)


def _inspector(visit: Visit) -> Screen[str | None]:
    from mytrader_tui.ui.screens.inspector import InspectorScreen

    return InspectorScreen(visit.desk, visit.symbol, zone=visit.zone, symbols=visit.symbols, follow=visit.follow)


def _log(visit: Visit) -> Screen[str | None]:
    from mytrader_tui.ui.screens.log import LogScreen

    return LogScreen(visit.desk, zone=visit.zone)


def _ledger(visit: Visit) -> Screen[str | None]:
    from mytrader_tui.ui.screens.ledger import LedgerScreen

    return LedgerScreen(visit.desk, zone=visit.zone)


def _lists(visit: Visit) -> Screen[str | None]:
    from mytrader_tui.ui.screens.lists import ListsScreen

    return ListsScreen(visit.desk)


def _orders(visit: Visit) -> Screen[str | None]:
    from mytrader_tui.ui.screens.orders import OrdersScreen

    return OrdersScreen(visit.desk, zone=visit.zone)


def _detail(visit: Visit) -> Screen[str | None]:
    from mytrader_tui.ui.screens.detail import DetailScreen

    return DetailScreen(
        visit.desk, visit.symbol, zone=visit.zone, symbols=visit.symbols, follow=visit.follow, look=visit.look
    )


DOORS = (
    Door(
        "detail", "enter", "Detail", "The chart and every figure of the row under the cursor", _detail, of_symbol=True
    ),
    Door("inspect", "i", "Inspect", "The proof of the row: both sources, the badge's rule", _inspector, of_symbol=True),
    Door("orders", "o", "Orders", "The open orders and the day's closed ones", _orders),
    Door("lists", "L", "Lists", "Choose, create, rename, delete and order the lists", _lists),
    Door("account", "e", "Account", "The account and its equity over time", _account),
    Door(
        "new_alert",
        "exclamation_mark",
        "Alert",
        "Set an alert on the symbol under the cursor",
        _new_alert,
        of_symbol=True,
    ),
    Door("alerts", "A", "Alerts", "The price alerts and how each stands", _alerts),
    Door("ledger", "f3", "Ledger", "Every change of source and why", _ledger),
    Door("log", "l", "Log", "What the program says of itself: warnings, errors, news", _log),
)

"""The orders on the screen: the open ones and those that the day has closed, while they change."""

from datetime import datetime, tzinfo
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from mytrader_tui.market.account.order_book import OrderFilter
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.session import NEW_YORK
from mytrader_tui.ui.desk import Desk
from mytrader_tui.ui.flow import SEPARATOR, wrap
from mytrader_tui.ui.keymap import key_of
from mytrader_tui.ui.widgets.dialog import Dialog
from mytrader_tui.ui.widgets.lines import Lines
from mytrader_tui.ui.widgets.orders_table import OrdersTable

LOOK_SECONDS = 0.25
"""How often the desk is asked for news while the orders are open."""

_NOTE_LINES = 3


class OrdersScreen(ModalScreen[str | None]):
    """Lists what `desk.orders` holds, the newest on top, and goes on doing so; `zone` is home (None: the system's)."""

    AUTO_FOCUS = "#orders"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "close", "Close", id="close"),
        Binding("o", "close", "Close", show=False, id="orders"),
        Binding("1", "select('OPEN')", "Open", show=False, id="open_orders"),
        Binding("2", "select('CLOSED')", "Closed", show=False, id="closed_orders"),
        Binding("3", "select('ALL')", "All", show=False, id="all_orders"),
        Binding("tab", "next", "Next filter", show=False, id="next_filter"),
        Binding("dollar_sign", "hide", "Hide amounts", key_display="$", id="hide"),
    ]

    def __init__(self, desk: Desk, *, zone: tzinfo | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._wanted = OrderFilter.ALL
        self._filters = Lines(id="orders-filters")
        self._table = OrdersTable(zone=zone)
        self._note = Lines(id="orders-note")
        self._seen: object = None

    def compose(self) -> ComposeResult:
        """The box: the filters, the list, and why it may be old."""
        with Dialog("Orders", id="orders-box"):
            yield self._filters
            yield self._table
            yield self._note

    def on_mount(self) -> None:
        """Show what there is, and look for news."""
        self.look()
        self.set_interval(LOOK_SECONDS, self.look, name="orders")

    def look(self) -> None:
        """Take what is new."""
        now, desk = self._desk.now(), self._desk
        since, note = day_start(now), desk.orders_note
        seen = (desk.orders.version, self._wanted, since, desk.amounts_hidden, note, self.size.width)
        if seen != self._seen:
            self._seen = seen
            read = bool(desk.orders.version) or not note
            orders = desk.orders.select(self._wanted, since)
            self._table.take(orders, self._wanted, read=read, hidden=desk.amounts_hidden)
            self._filters.show([self._filter_line(since)])
            self._note.show(wrap(note, max(1, self._note.size.width), _NOTE_LINES, self._note.tone("delayed")))
        self._table.paint(now)

    def on_lines_resized(self, event: Lines.Resized) -> None:
        """Fit the note to the new width."""
        event.stop()
        self._seen = None
        self.look()

    def action_select(self, name: str) -> None:
        """Show only the orders of that filter."""
        self._wanted = OrderFilter[name]
        self.look()

    def action_next(self) -> None:
        """Go on to the next filter."""
        filters = list(OrderFilter)
        self._wanted = filters[(filters.index(self._wanted) + 1) % len(filters)]
        self.look()

    def action_hide(self) -> None:
        """Hide the account's amounts, or show them again."""
        self._desk.hide_amounts(not self._desk.amounts_hidden)
        self.look()

    def action_close(self) -> None:
        """Close it."""
        self.dismiss(None)

    def _filter_line(self, since: datetime) -> Text:
        """The filters with their keys and how many orders each shows; the chosen one stands out without colours."""
        said: list[Text] = []
        for wanted in OrderFilter:
            key = key_of(self.app, f"{wanted.name.lower()}_orders")
            text = f"{key} {wanted.value} {len(self._desk.orders.select(wanted, since))}".strip()
            chosen = wanted is self._wanted
            said.append(Text(f"[{text}]" if chosen else text, style="bold" if chosen else self._filters.tone("faint")))
        return SEPARATOR.join(said)


def day_start(now: Moment) -> datetime:
    """When the exchange's day began."""
    return now.wall.astimezone(NEW_YORK).replace(hour=0, minute=0, second=0, microsecond=0)

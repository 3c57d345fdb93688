"""The one screen that stays: watchlist, positions, status. Its single timer drains the board and paints."""

from datetime import tzinfo
from typing import ClassVar

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.screen import Screen
from textual.widgets import Static
from typing_extensions import override

from mytrader_tui.market.marking import Portfolio
from mytrader_tui.market.moment import Moment
from mytrader_tui.ui.account_figures import AccountFigures
from mytrader_tui.ui.desk import Desk
from mytrader_tui.ui.flow import Phrase, cut, flow, wrap
from mytrader_tui.ui.news import news_text, without_amounts
from mytrader_tui.ui.screens.account import AccountScreen
from mytrader_tui.ui.screens.add_symbol import AddSymbol
from mytrader_tui.ui.screens.help import Help, key_list
from mytrader_tui.ui.screens.ledger import LedgerScreen
from mytrader_tui.ui.screens.orders import OrdersScreen
from mytrader_tui.ui.widgets.account_line import AccountLine
from mytrader_tui.ui.widgets.honesty_line import HonestyLine
from mytrader_tui.ui.widgets.key_bar import KeyBar
from mytrader_tui.ui.widgets.lines import Lines
from mytrader_tui.ui.widgets.positions import PositionsTable
from mytrader_tui.ui.widgets.status_bar import StatusBar
from mytrader_tui.ui.widgets.ticking_table import TickingTable
from mytrader_tui.ui.widgets.watchlist import WatchlistTable

DEMO_LEGEND = "DEMO · a market running on this machine, prices are invented"

LEAST_PAINT_HZ = 2.0
"""However slow a paint the settings ask for, a badge must not outlive its truth by more than half a second."""

LEAST_WIDTH, LEAST_HEIGHT = 40, 8
BESIDE_WIDTH = 170
"""From this width on the positions stand beside the watchlist instead of under it."""

_SAY_SECONDS = 0.25
_NOTICE_LINES = 2
_TOAST_PART = 0.6
"""A toast takes no more of the last line than this, so that the first keys stay in sight."""


class MainScreen(Screen[None], inherit_bindings=False):
    """The market as `desk` tells it, painted `paint_hz` times a second; `zone` is home (None: the system's)."""

    AUTO_FOCUS = "#watchlist"
    BINDINGS: ClassVar[list[BindingType]] = [
        # With priority, so that what is typed right after it goes to the dialog: the d of "amd" removes nothing.
        Binding("a", "add", "Add", tooltip="Add symbols to the watchlist", priority=True),
        Binding("d,delete", "remove", "Remove", tooltip="Remove the symbol under the cursor"),
        Binding("u", "undo", "Undo", tooltip="Bring the symbol removed last back"),
        Binding("tab,shift+tab", "other_pane", "Pane", tooltip="Go to the other pane"),
        Binding("question_mark", "help", "Help", key_display="?"),
        Binding("q", "app.quit", "Quit"),
        Binding("f", "source", "Source", tooltip="Choose the source: automatic, Alpaca, Yahoo"),
        Binding("e", "account", "Account", tooltip="The account and its equity over time"),
        Binding("f3", "ledger", "Ledger", tooltip="Every change of source and why"),
        Binding("o", "orders", "Orders", tooltip="The open orders and the day's closed ones"),
        Binding(
            "dollar_sign", "hide", "Hide amounts", key_display="$", show=False, tooltip="Hide or show every amount"
        ),
        Binding("s", "sort", "Sort", tooltip="Sort the positions by the next column"),
        Binding("S", "reverse", "Sort reversed", show=False, tooltip="Turn the order of the positions round"),
    ]

    def __init__(self, desk: Desk, *, paint_hz: float, legend: str = "", zone: tzinfo | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._legend = legend
        self._zone = zone
        self._period = 1.0 / max(paint_hz, LEAST_PAINT_HZ)
        self._watchlist = WatchlistTable(desk)
        self._positions = PositionsTable()
        self._positions_pane = Vertical(id="positions-pane")
        self._account = AccountLine(id="account")
        self._honesty = HonestyLine(zone=zone)
        self._notice = Lines(id="notice")
        self._status = StatusBar(zone=zone)
        self._too_small = Static(id="too-small", markup=False)
        self._portfolio = Portfolio(at=desk.now())
        self._said: float | None = None
        self._symbols: tuple[str, ...] = ()
        self._can_undo = False
        self._alarm = ""
        self._warning = ""
        self._warned_until = 0.0
        self._positions_height = ""

    def compose(self) -> ComposeResult:
        """The panes, the notice, the status bar and the keys."""
        with Container(id="panes"):
            yield self._watchlist
            with self._positions_pane:
                yield self._account
                yield self._positions
                yield self._honesty
        yield self._notice
        yield self._status
        yield KeyBar(
            ("add", "remove", "undo", "other_pane", "sort", "help", "app.quit", "orders", "account", "ledger", "source")
        )
        yield self._too_small

    def on_mount(self) -> None:
        """Paint once and start the timer."""
        self.paint()
        self.set_interval(self._period, self.paint, name="paint")

    def alarm(self, text: str) -> None:
        """Keep a fault of our own in sight until the program ends."""
        self._alarm = text
        self._said = None

    def warn(self, text: str, seconds: float) -> None:
        """Keep `text` among the notices for `seconds`."""
        self._warning = text
        self._warned_until = self._desk.now().mono + seconds
        self._said = None

    def paint(self) -> None:
        """Drain the board and let every pane show what changed."""
        now = self._desk.now()
        dirty = self._desk.board.drain()
        self._sync_watchlist()
        self._watchlist.take(dirty, now)
        self._portfolio = self._desk.portfolio(now, dirty)
        self._positions.take(self._portfolio, now, hidden=self._desk.amounts_hidden)
        self._watchlist.paint(now)
        self._positions.paint(now)
        if self._said is None or now.mono - self._said >= _SAY_SECONDS:
            self._said = now.mono
            self._say(now)

    def _say(self, now: Moment) -> None:
        """Bring the lines of text up to date."""
        status = self._desk.status(now)
        self._status.say(status)
        self._account.say(AccountFigures.of(self._desk, self._portfolio), self._desk.account_note)
        self._honesty.say(self._portfolio, now)
        self._positions.display = self._desk.holdings is not None
        legend = self._legend or (DEMO_LEGEND if status.demo else "")
        if now.mono >= self._warned_until:
            self._warning = ""
        self._desk.show(self._watchlist.in_sight)
        self._notice.show(self._notices(legend, status.hint or self._marked()))
        self._fit_positions()
        self._tell_news()

    def _marked(self) -> str:
        """What is the matter between the sources with the row under the cursor."""
        key = self._watchlist.cursor_key
        mark = self._desk.mark(key) if key else ""
        return f"{key}: {mark}" if mark else ""

    def _notices(self, legend: str, hint: str) -> list[Text]:
        """A fault of our own, then the legend and the hint, the parts that matter most before the rest."""
        width = max(1, self.size.width - 2)
        lines = wrap(self._alarm, width, _NOTICE_LINES, f"bold {self._notice.tone('stale')}".strip())
        legends, hints = legend.split(" · "), hint.split(" · ")
        lines += wrap(self._warning, width, _NOTICE_LINES, self._notice.tone("delayed"))
        parts = [Text(part) for part in (legends[0], hints[0], *legends[1:], *hints[1:]) if part]
        phrases = [Phrase((part, cut(part, width))) for part in parts]
        said = flow(phrases, (width,) * _NOTICE_LINES) if phrases else []
        return lines + [Text.assemble(line, style=self._notice.tone("delayed")) for line in said]

    def _fit_positions(self) -> None:
        """Give the positions the lines they need, up to half of the room; beside the watchlist, the whole height."""
        lines = self._account.line_count + self._honesty.line_count
        lines += self._positions.virtual_size.height if self._positions.display else 0
        room = self.size.height - self._status.line_count - self._notice.line_count - 1
        height = "1fr" if self.has_class("-beside") else str(max(1, min(lines, room // 2)))
        if height != self._positions_height:
            self._positions_height = height
            self._positions_pane.styles.height = height

    def _sync_watchlist(self) -> None:
        watched = self._desk.watchlist
        if watched.symbols != self._symbols:
            self._symbols = watched.symbols
            self._watchlist.set_keys(self._symbols)
        if bool(watched.removals) != self._can_undo:
            self._can_undo = bool(watched.removals)
            self.refresh_bindings()

    @on(TickingTable.CursorMoved)
    def cursor_moved(self, event: TickingTable.CursorMoved) -> None:
        """An empty table offers no removal."""
        event.stop()
        self.refresh_bindings()

    def on_resize(self, event: events.Resize) -> None:
        """Say so where the terminal is too small for a table, and fit the lines to a new width."""
        small = event.size.width < LEAST_WIDTH or event.size.height < LEAST_HEIGHT
        self.set_class(small, "-too-small")
        self.set_class(event.size.width >= BESIDE_WIDTH, "-beside")
        needs = f"needs {LEAST_WIDTH}x{LEAST_HEIGHT}"
        self._too_small.update(f"Too small: {event.size.width}x{event.size.height}, {needs}")
        self._said = None

    @on(Lines.Resized)
    def say_again(self, event: Lines.Resized) -> None:
        """Fit what is said to the new width."""
        event.stop()
        self._said = None
        self.paint()

    # The keys.

    @override
    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done now."""
        match action:
            case "undo":
                return self._can_undo
            case "remove":
                return self._watchlist.has_focus and self._watchlist.cursor_key is not None
            case "other_pane":
                return self._positions.display
            case "sort" | "reverse":
                # None is offered in the help, though not in the key bar.
                return True if self._positions.has_focus else None
            case _:
                return True

    def action_add(self) -> None:
        """Ask for symbols to add."""
        self.app.push_screen(AddSymbol(self._desk.add), self._added)

    def _added(self, symbols: tuple[str, ...] | None) -> None:
        self._sync_watchlist()
        if symbols:
            self._watchlist.move_to(symbols[-1])
            self._tell(f"Added {', '.join(symbols)}.")

    def action_remove(self) -> None:
        """Take the symbol under the cursor off the watchlist."""
        symbol = self._watchlist.cursor_key
        if symbol is not None:
            self._desk.remove(symbol)
            self._sync_watchlist()
            self._tell(f"Removed {symbol}. Press u to undo.")

    def action_undo(self) -> None:
        """Bring the symbol removed last back to its place."""
        symbol = self._desk.undo_remove()
        self._sync_watchlist()
        if symbol is not None:
            self._watchlist.move_to(symbol)
            self._tell(f"{symbol} is back.")

    def _tell(self, text: str) -> None:
        """Say `text` for a few seconds at the end of the last line, in place of what was told before."""
        self.app.clear_notifications()
        self.notify(f" {cut(Text(text), self._toast_room).plain} ", markup=False)

    def _tell_news(self) -> None:
        """Say what became of orders, if anything did."""
        news = self._desk.take_news()
        if self._desk.amounts_hidden:
            news = tuple(map(without_amounts, news))
        if news:
            self._tell(news_text(news, self._toast_room))

    @property
    def _toast_room(self) -> int:
        return int(self.size.width * _TOAST_PART)

    def action_other_pane(self) -> None:
        """Go from the watchlist to the positions, or back."""
        self.set_focus(self._positions if self._watchlist.has_focus else self._watchlist)

    def action_sort(self) -> None:
        """Sort the positions by the next column."""
        self._positions.sort_by_next()

    def action_reverse(self) -> None:
        """Turn the order of the positions round."""
        self._positions.reverse()

    def action_hide(self) -> None:
        """Hide the account's amounts, or show them again."""
        self._desk.hide_amounts(not self._desk.amounts_hidden)
        self._said = None
        self.paint()

    def action_source(self) -> None:
        """Let the choice of source go on to the next."""
        self._tell(self._desk.cycle_source())

    def action_orders(self) -> None:
        """Show the orders."""
        self.app.push_screen(OrdersScreen(self._desk, zone=self._zone))

    def action_account(self) -> None:
        """Show the account and its equity over time."""
        self.app.push_screen(AccountScreen(self._desk, zone=self._zone))

    def action_ledger(self) -> None:
        """Show every change of source."""
        self.app.push_screen(LedgerScreen(self._desk, zone=self._zone))

    def action_help(self) -> None:
        """Show the keys that work here and what the badges mean."""
        bindings = tuple(self.active_bindings.values())
        display = {active.binding.key: self.app.get_key_display(active.binding) for active in bindings}
        self.app.push_screen(Help(key_list(bindings, display)))

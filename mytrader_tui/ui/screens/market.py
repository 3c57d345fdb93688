"""What the main screen shows: watchlist, positions, status. Its single timer drains the board and paints."""

from collections.abc import Sequence
from datetime import tzinfo
from typing import Any

from msgspec.structs import replace
from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.screen import Screen
from textual.theme import Theme
from textual.widgets import Static

from mytrader_tui.market.account.marking import Portfolio
from mytrader_tui.market.alerts.words import fired_text
from mytrader_tui.market.moment import Moment
from mytrader_tui.settings.schema import WatchColumn
from mytrader_tui.ui.account_figures import AccountFigures
from mytrader_tui.ui.alert_news import unseen_text
from mytrader_tui.ui.chart_look import ChartLook
from mytrader_tui.ui.desk import Desk
from mytrader_tui.ui.flow import cut
from mytrader_tui.ui.keymap import key_of
from mytrader_tui.ui.layout import LEAST_HEIGHT, LEAST_WIDTH, layout_for
from mytrader_tui.ui.news import news_text, without_amounts
from mytrader_tui.ui.screens.main_keys import KEY_BAR
from mytrader_tui.ui.watch.picture import PAUSED
from mytrader_tui.ui.watch.words import held_text, left_out_text, sorted_text
from mytrader_tui.ui.widgets import account_line, honesty_line
from mytrader_tui.ui.widgets.key_bar import KeyBar
from mytrader_tui.ui.widgets.lines import Lines
from mytrader_tui.ui.widgets.list_tabs import PositionsTab
from mytrader_tui.ui.widgets.notices import Notices
from mytrader_tui.ui.widgets.panes import Panes
from mytrader_tui.ui.widgets.positions import PositionsTable
from mytrader_tui.ui.widgets.status_bar import StatusBar
from mytrader_tui.ui.widgets.ticking_table import TickingTable

DEMO_LEGEND = "DEMO · a market on this machine, prices are invented"

LEAST_PAINT_HZ = 2.0
"""However slow a paint the settings ask for, a badge must not outlive its truth by more than half a second."""

_LEFT_OUT_SECONDS = 10.0
_SAY_SECONDS = 0.25
_TOAST_PART = 0.6
"""A toast takes no more of the last line than this, so that the first keys stay in sight."""


class MarketScreen(Screen[None], inherit_bindings=False):
    """The market as `desk` tells it, painted `paint_hz` times a second; `zone` is home (None: the system's)."""

    AUTO_FOCUS = "#watchlist"

    def __init__(
        self,
        desk: Desk,
        *,
        paint_hz: float,
        columns: Sequence[WatchColumn] = (),
        legend: str = "",
        zone: tzinfo | None = None,
    ) -> None:
        super().__init__()
        self._desk = desk
        self._legend = legend
        self._zone = zone
        self._period = 1.0 / max(paint_hz, LEAST_PAINT_HZ)
        self._chart_look = ChartLook()
        self._panes = Panes(desk, columns, zone, self._chart_look)
        self._watchlist = self._panes.watch_pane.table
        self._positions = self._panes.positions
        self._list = desk.lists.active
        self._cursors: dict[str, str | None] = {}
        self._notice = Notices()
        self._status = StatusBar(zone=zone)
        self._too_small = Static(id="too-small", markup=False)
        self._portfolio = Portfolio(at=desk.now())
        self._said: float | None = None
        self._symbols: tuple[str, ...] = ()
        self._can_undo = False
        self._held_since: Moment | None = None
        self._left_out: frozenset[WatchColumn] = frozenset()

    def compose(self) -> ComposeResult:
        """The panes, the notice, the status bar and the keys."""
        yield self._panes
        yield self._notice
        yield self._status
        yield KeyBar(KEY_BAR)
        yield self._too_small

    def on_mount(self) -> None:
        """Paint once and start the timer."""
        view = self._desk.view
        self._positions.restore(view.positions_sort, falling=view.positions_falling)
        self.paint()
        self.set_interval(self._period, self.paint, name="paint")
        self.app.theme_changed_signal.subscribe(self, self._dressed)

    def _dressed(self, _: Theme) -> None:
        """Say everything anew: the texts have the colours of the theme before."""
        self._said = None

    def alarm(self, text: str) -> None:
        """Keep a fault of our own in sight until the program ends."""
        self._notice.alarm(text)
        self._said = None

    def warn(self, text: str, seconds: float) -> None:
        """Keep `text` among the notices for `seconds`."""
        self._notice.warn(text, self._desk.now().mono + seconds)
        self._said = None

    def paint(self) -> None:
        """Drain the board and let every pane show what changed."""
        now = self._desk.now()
        dirty = self._desk.board.drain()
        self._sync_watchlist()
        self._watchlist.take(dirty, now)
        portfolio = self._desk.portfolio(now, dirty)
        held = self._held_since is not None
        if not held:
            self._portfolio = portfolio
        self._positions.take(self._portfolio, now, hidden=self._desk.amounts_hidden, held=held)
        self._watchlist.paint(now)
        self._positions.paint(now)
        if self._said is None or now.mono - self._said >= _SAY_SECONDS:
            self._said = now.mono
            self._say(now)

    def _say(self, now: Moment) -> None:
        """Bring the lines of text up to date."""
        status, panes = self._desk.status(now), self._panes
        panes.take_positions(self._desk.holdings is not None)
        tab = PositionsTab(len(self._positions.keys), panes.at_positions) if panes.tabbed else None
        panes.tabs.say(self._desk.lists.watchlists, tab)
        self._status.say(status, tight=panes.tight)
        most = 1 if panes.tight else account_line.MOST_LINES
        panes.account.say(AccountFigures.of(self._desk, self._portfolio), self._desk.account_note, most)
        self._say_honesty(now)
        self._desk.show(self._watchlist.in_sight)
        panes.watch_pane.say()
        self._follow()
        panes.side.hold(self._held_side())
        panes.side.paint(now)
        self._warn_of_columns()
        self._notice.say(
            now,
            held=self._held(now),
            alerted=unseen_text(self._desk.alerts.unseen, now.wall, self._zone, key_of(self.app, "alerts")),
            legend=self._legend or (DEMO_LEGEND if status.demo else ""),
            hint=status.hint or self._marked() or self._sorted(),
            tight=panes.tight,
        )
        panes.fit(self.size.height - self._status.line_count - self._notice.line_count - 1)
        self._tell_news()

    def _say_honesty(self, now: Moment) -> None:
        """How old and how live the totals are; of prices that are held, nothing but that they are."""
        line = self._panes.honesty
        if self._held_since is None:
            line.say(self._portfolio, now, 1 if self._panes.tight else honesty_line.MOST_LINES)
        else:
            at = self._held_since.wall.astimezone(self._zone)
            held = [Text(f"totals as of {at:%H:%M:%S}", style=line.tone("delayed"))]
            line.show(held if self._portfolio.rows else [])

    def _held_side(self) -> str:
        """What the detail beside the tables says while prices are held."""
        if self._held_since is None:
            return ""
        return f"{PAUSED} · as of {self._held_since.wall.astimezone(self._zone):%H:%M:%S}"

    def _held(self, now: Moment) -> str:
        """Since when the prices are held."""
        return (
            "" if self._held_since is None else held_text(self._held_since, now, self._zone, key_of(self.app, "pause"))
        )

    def _marked(self) -> str:
        """What is the matter between the sources with the row under the cursor."""
        key = self._watchlist.cursor_key
        mark = self._desk.mark(key) if key else ""
        return f"{key}: {mark}" if mark else ""

    def _sorted(self) -> str:
        """By what the rows are sorted, where no column can show it."""
        sorting = self._watchlist.sorting
        if sorting is None or sorting[0] in self._watchlist.shown:
            return ""
        return sorted_text(sorting[0], falling=sorting[1])

    def _warn_of_columns(self) -> None:
        """Name the columns of the settings that have no room, each once."""
        left_out = frozenset(self._watchlist.left_out)
        if not left_out <= self._left_out:
            self._left_out |= left_out
            self.warn(left_out_text(self._watchlist.left_out), _LEFT_OUT_SECONDS)

    @property
    def _in_use(self) -> TickingTable[Any]:
        """The table that the keys are for."""
        return self._positions if self._panes.at_positions else self._watchlist

    @property
    def _subject(self) -> str:
        """The symbol under the cursor of the table in use; empty if there is none."""
        return self._symbol_of(self._in_use.cursor_key)

    def _symbol_of(self, key: str | None) -> str:
        return (self._positions.symbol_of(key) if self._panes.at_positions else key) if key else ""

    def _follow(self) -> None:
        """Let the detail beside the tables show the row under the cursor."""
        self._panes.side.follow(self._subject)

    def _lay_out(self) -> None:
        """Put the panes where the terminal has room for them."""
        view, (width, height) = self._desk.view, self.size
        layout = layout_for(width, height, positions=not view.positions_hidden, detail=not view.detail_hidden)
        self._panes.lay_out(layout, height)
        self.refresh_bindings()
        self._said = None

    def _sync_watchlist(self) -> None:
        watched, before = self._desk.watchlist, self._list
        if self._desk.lists.active != before:
            self._cursors[before] = self._watchlist.cursor_key
            self._list = self._desk.lists.active
            self.refresh_bindings()
        others = watched.symbols != self._symbols
        if others:
            self._symbols = watched.symbols
            self._watchlist.set_keys(self._symbols)
        view = self._desk.view
        self._watchlist.sort(view.sort, falling=view.falling)
        if others and self._list != before and self._watchlist.keys:
            self._watchlist.move_to(self._cursors.get(self._list) or self._watchlist.keys[0])
        if bool(watched.removals) != self._can_undo:
            self._can_undo = bool(watched.removals)
            self.refresh_bindings()

    @on(PositionsTable.Sorted)
    def positions_sorted(self, event: PositionsTable.Sorted) -> None:
        """Keep their order."""
        event.stop()
        self._desk.keep_view(replace(self._desk.view, positions_sort=event.name, positions_falling=event.falling))

    @on(TickingTable.CursorMoved)
    def cursor_moved(self, event: TickingTable.CursorMoved) -> None:
        """An empty table offers no removal; the detail follows."""
        event.stop()
        self.refresh_bindings()
        self._follow()

    def on_resize(self, event: events.Resize) -> None:
        """Say so where the terminal is too small for a table, and fit the lines to a new width."""
        small = event.size.width < LEAST_WIDTH or event.size.height < LEAST_HEIGHT
        self.set_class(small, "-too-small")
        needs = f"needs {LEAST_WIDTH}x{LEAST_HEIGHT}"
        self._too_small.update(f"Too small: {event.size.width}x{event.size.height}, {needs}")
        if not small:
            self._lay_out()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The keys are for another table, which may be a tab of its own."""
        if event.widget in (self._positions, self._watchlist) and not self.has_class("-too-small"):
            self._panes.look(at_positions=event.widget is self._positions)
            self.refresh_bindings()
            self._follow()

    @on(Lines.Resized)
    def say_again(self, event: Lines.Resized) -> None:
        """Fit what is said to the new width."""
        event.stop()
        self._said = None
        self.paint()

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
        self._tell_alerts()

    def _tell_alerts(self) -> None:
        """Say which alerts fired, and ring."""
        now = self._desk.now().wall
        if fired := self._desk.alerts.take_fired():
            if self._desk.alerts.rings:
                self.app.bell()
            self._tell(news_text([fired_text(alert, now, self._zone) for alert in fired], self._toast_room))

    @property
    def _toast_room(self) -> int:
        return int(self.size.width * _TOAST_PART)

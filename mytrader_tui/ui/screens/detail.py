"""One symbol on a screen of its own: chart, quote and position. The keys go on to the next of the list."""

from collections.abc import Callable, Sequence
from datetime import tzinfo
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from mytrader_tui.market.bars import Timeframe
from mytrader_tui.ui.candles import ZOOM
from mytrader_tui.ui.chart_look import ChartLook
from mytrader_tui.ui.desk import Desk
from mytrader_tui.ui.widgets.detail_pane import DetailPane
from mytrader_tui.ui.widgets.dialog import Dialog, Together

PAINT_SECONDS = 0.2
"""How often the screen looks at the board."""

_TOLD = (
    Together(("previous_symbol", "next_symbol"), "", "symbol"),
    Together(("timeframe_1d", "timeframe_5y"), "-", "timeframe"),
    Together(("crosshair_left", "crosshair_right"), "", "crosshair"),
    Together(("zoom_in", "zoom_out"), "", "zoom"),
    Together(("chart_line",), "", "line"),
    Together(("pan_earlier", "pan_later"), "", "move"),
    Together(("refresh",), "", "again"),
)
"""What the lower edge tells: an action and its opposite, what stands between their keys, and a word for both."""

_OF_NEIGHBOURS = frozenset({"previous_symbol", "next_symbol"})
_OF_CHART = frozenset(
    {"crosshair_left", "crosshair_right", "zoom_in", "zoom_out", "chart_line", "pan_earlier", "pan_later"}
)

_SHOWN = {name for together in _TOLD for name in together.names}


class DetailScreen(ModalScreen[str | None]):
    """The detail of `symbol`, and of its neighbours in `symbols` (none: those of the active list).

    `follow` is told of each that it goes on to, `zone` is home (None: the system's), `look` is shared with other panes.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "close", "Close", key_display="esc", id="close"),
        Binding("enter", "close", "Close", show=False, id="detail"),
        *(
            Binding(
                f"{key}",
                f"timeframe('{each.value}')",
                each.value,
                show=f"timeframe_{each.value.lower()}" in _SHOWN,
                id=f"timeframe_{each.value.lower()}",
            )
            for key, each in enumerate(Timeframe, start=1)
        ),
        Binding("l,right_square_bracket", "step_timeframe(1)", "Longer timeframe", show=False, id="longer_timeframe"),
        Binding("h,left_square_bracket", "step_timeframe(-1)", "Shorter timeframe", show=False, id="shorter_timeframe"),
        Binding("c", "line", "Candles or line", id="chart_line"),
        Binding("left", "point(-1)", "Crosshair left", key_display="←", id="crosshair_left"),
        Binding("right", "point(1)", "Crosshair right", key_display="→", id="crosshair_right"),
        Binding("shift+left", "point(-10)", "Crosshair 10 left", show=False, id="crosshair_far_left"),
        Binding("shift+right", "point(10)", "Crosshair 10 right", show=False, id="crosshair_far_right"),
        Binding("home", "point_edge(-1)", "Crosshair to the oldest", show=False, id="crosshair_oldest"),
        Binding("end", "point_edge(1)", "Crosshair to the newest", show=False, id="crosshair_newest"),
        Binding("x", "lift", "Crosshair away", show=False, id="crosshair_away"),
        Binding("plus,equals_sign", "zoom(True)", "Zoom in", key_display="+", id="zoom_in"),
        Binding("minus", "zoom(False)", "Zoom out", key_display="-", id="zoom_out"),
        Binding("0", "show_all", "Every bar", show=False, id="zoom_all"),
        Binding("less_than_sign,comma", "pan(-0.5)", "Earlier bars", key_display="<", id="pan_earlier"),
        Binding("greater_than_sign,full_stop", "pan(0.5)", "Later bars", key_display=">", id="pan_later"),
        Binding("down,j,n", "neighbour(1)", "Next symbol", key_display="↓", id="next_symbol"),
        Binding("up,k,N", "neighbour(-1)", "Symbol before", key_display="↑", id="previous_symbol"),
        Binding("r", "ask", "Ask for the bars again", id="refresh"),
        Binding("dollar_sign", "hide", "Hide amounts", key_display="$", show=False, id="hide"),
    ]

    def __init__(
        self,
        desk: Desk,
        symbol: str,
        *,
        zone: tzinfo | None = None,
        symbols: Sequence[str] = (),
        follow: Callable[[str], None] = lambda _: None,
        look: ChartLook | None = None,
    ) -> None:
        super().__init__()
        self._desk = desk
        self._first = symbol
        self._symbols = tuple(symbols)
        self._follow = follow
        self._charted = False
        self._pane = DetailPane(desk, zone, look)
        self._box = Dialog("Detail", id="detail-box", together=_TOLD, applies=self._applies)

    def compose(self) -> ComposeResult:
        """The box with the pane."""
        with self._box:
            yield self._pane

    def on_mount(self) -> None:
        """Show the symbol, and go on looking at the board."""
        self._go_to(self._first)
        self.set_interval(PAINT_SECONDS, self.look, name="detail")

    def _applies(self, name: str) -> bool:
        """Neighbours where there are any, and what is done to a chart where one is shown."""
        if name in _OF_NEIGHBOURS:
            return any(symbol != self._pane.symbol for symbol in self._neighbours)
        return self._charted or name not in _OF_CHART

    def look(self) -> None:
        """Take what is new."""
        self._pane.paint(self._desk.now())
        charted = self._pane.plot is not None and self._pane.plot.display
        if charted is not self._charted:
            self._charted = charted
            self.refresh_bindings()

    def _go_to(self, symbol: str) -> None:
        self._pane.show(symbol)
        symbols = self._neighbours
        place = f" {symbols.index(symbol) + 1} of {len(symbols)}" if symbol in symbols else ""
        self._box.border_title = f"Detail{place}"

    @property
    def _neighbours(self) -> tuple[str, ...]:
        return self._symbols or self._desk.watchlist.symbols

    # The keys.

    def action_close(self) -> None:
        """Close it, and give up a question that is still open."""
        self.workers.cancel_node(self._pane)
        self.dismiss(None)

    def action_timeframe(self, name: str) -> None:
        """Show the timeframe called `name`."""
        self._pane.choose(Timeframe(name))

    def action_step_timeframe(self, steps: int) -> None:
        """Show a longer timeframe, or a shorter one."""
        self._pane.step_timeframe(steps)

    def action_line(self) -> None:
        """Draw a line instead of candles, or candles again."""
        self._pane.toggle_line()

    def action_point(self, candles: int) -> None:
        """Move the crosshair."""
        if self._pane.plot is not None:
            self._pane.plot.point(candles)
            self.look()

    def action_point_edge(self, side: int) -> None:
        """Move the crosshair to an end."""
        if self._pane.plot is not None:
            self._pane.plot.point_edge(side)
            self.look()

    def action_lift(self) -> None:
        """Take the crosshair away."""
        if self._pane.plot is not None:
            self._pane.plot.lift()
            self.look()

    def action_zoom(self, closer: bool) -> None:
        """Show fewer bars, or more."""
        if self._pane.plot is not None:
            self._pane.plot.zoom(ZOOM if closer else 1 / ZOOM)
            self.look()

    def action_show_all(self) -> None:
        """Show every bar again."""
        if self._pane.plot is not None:
            self._pane.plot.show_all()
            self.look()

    def action_pan(self, part: float) -> None:
        """Show earlier or later bars."""
        if self._pane.plot is not None:
            self._pane.plot.pan(part)
            self.look()

    def action_neighbour(self, rows: int) -> None:
        """Go on to the next symbol of the list, or to the one before."""
        symbols = self._neighbours
        if self._pane.symbol in symbols:
            place = symbols.index(self._pane.symbol) + rows
            self._go_to(symbols[max(0, min(place, len(symbols) - 1))])
            self._follow(self._pane.symbol)

    def action_ask(self) -> None:
        """Ask for the bars again."""
        self._pane.ask_again()

    def action_hide(self) -> None:
        """Hide the account's amounts, or show them again."""
        self._desk.hide_amounts(not self._desk.amounts_hidden)
        self.look()

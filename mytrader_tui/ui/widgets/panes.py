"""The panes of the main screen: the lists, the positions and the detail, each where the layout has it."""

from collections.abc import Sequence
from datetime import tzinfo

from textual.app import ComposeResult

from mytrader_tui.settings.schema import WatchColumn
from mytrader_tui.ui.chart_look import ChartLook
from mytrader_tui.ui.desk import Desk
from mytrader_tui.ui.layout import ACCOUNT_HEIGHT, Layout, Place
from mytrader_tui.ui.widgets.account_line import AccountLine
from mytrader_tui.ui.widgets.ground import Ground
from mytrader_tui.ui.widgets.honesty_line import HonestyLine
from mytrader_tui.ui.widgets.list_tabs import ListTabs
from mytrader_tui.ui.widgets.positions import PositionsTable
from mytrader_tui.ui.widgets.side_detail import SideDetail
from mytrader_tui.ui.widgets.watch_pane import WatchPane

_POSITIONS_PART = 2
"""Under the watchlist the positions take no more than this part of the height."""


class Panes(Ground):
    """Tabs, watchlist, positions and detail. Whether there are positions to show is `held`."""

    def __init__(self, desk: Desk, columns: Sequence[WatchColumn], zone: tzinfo | None, look: ChartLook) -> None:
        super().__init__(id="panes", classes="-under -unheld")
        self.tabs = ListTabs()
        self.watch_pane = WatchPane(desk, columns)
        self.account = AccountLine(id="account")
        self.positions = PositionsTable()
        self.honesty = HonestyLine(zone=zone)
        self.side = SideDetail(desk, zone, look)
        self._positions_pane = Ground(id="positions-pane")
        self._layout = Layout(Place.UNDER, detail=False)
        self._low = False
        self._height = ""
        self.held = False
        self.at_positions = False

    def compose(self) -> ComposeResult:
        """The tables in one column, and the detail in another."""
        with Ground(id="tables"):
            with Ground(id="watch-side"):
                yield self.tabs
                yield self.watch_pane
            with self._positions_pane:
                yield self.account
                yield self.positions
                yield self.honesty
        yield self.side

    @property
    def tight(self) -> bool:
        """True where no text may take more lines than it needs."""
        return self._layout.tight

    @property
    def tabbed(self) -> bool:
        """True while the positions are a tab beside the lists' tabs."""
        return self._layout.positions is Place.TAB and self.held

    @property
    def reachable(self) -> bool:
        """True while there are positions to go to."""
        return self._layout.positions is not Place.NOWHERE and self.held

    def lay_out(self, layout: Layout, height: int) -> None:
        """Stand as `layout` says in a terminal of `height` lines; what has the focus keeps it while it can be seen."""
        self._layout, self._low = layout, height < ACCOUNT_HEIGHT
        self.side.open(layout.detail)
        self.look(at_positions=self.at_positions)

    def look(self, *, at_positions: bool) -> None:
        """Have the focus in the positions or in the watchlist, whose tab is then the one shown."""
        self.at_positions = at_positions and self.reachable
        self._dress()
        target = self.positions if self.at_positions else self.watch_pane.table
        if self.screen.focused in (None, self.positions, self.watch_pane.table) and self.screen.focused is not target:
            self.screen.set_focus(target)

    def take_positions(self, held: bool) -> None:
        """There are positions to show, or none are known."""
        if held is not self.held:
            self.held = held
            self.look(at_positions=self.at_positions)
            self.screen.refresh_bindings()

    def fit(self, room: int) -> None:
        """Give the positions the lines that they need under the watchlist, up to half of `room`."""
        lines = self.account.line_count + self.honesty.line_count
        lines += self.positions.virtual_size.height if self.held else 0
        under = self._layout.positions is Place.UNDER
        height = str(max(1, min(lines, room // _POSITIONS_PART))) if under else ""
        if height != self._height:
            self._height = height
            self._positions_pane.styles.height = height or None

    def _dress(self) -> None:
        # All at once: each change alone would style every pane anew.
        self.update_classes(
            {
                **{f"-{place.value}": self._layout.positions is place for place in Place},
                "-detail": self._layout.detail,
                "-at-positions": self.tabbed and self.at_positions,
                "-low": self._low,
                "-unheld": not self.held,
            }
        )

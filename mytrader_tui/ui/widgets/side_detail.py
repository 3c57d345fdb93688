"""The detail beside the tables: it follows the cursor, but not while that moves on."""

import asyncio
import importlib
from datetime import tzinfo
from typing import TYPE_CHECKING

from textual.timer import Timer

from mytrader_tui.market.moment import Moment
from mytrader_tui.ui.chart_look import ChartLook
from mytrader_tui.ui.desk import Desk
from mytrader_tui.ui.widgets.ground import Ground

if TYPE_CHECKING:
    from mytrader_tui.ui.widgets.detail_pane import DetailPane

FOLLOW_SECONDS = 0.12
"""How long the cursor must rest on a row before the detail shows it."""

SETTLE_SECONDS = 0.2
"""How much longer before bars are asked for."""


class SideDetail(Ground):
    """A detail pane in a column of its own, which is built when it is first wanted."""

    def __init__(self, desk: Desk, zone: tzinfo | None, look: ChartLook, *, id: str = "side") -> None:
        super().__init__(id=id)
        self._desk, self._zone, self._look = desk, zone, look
        self._pane: DetailPane | None = None
        self._bringing = False
        self._open = False
        self._held = ""
        self._wanted = ""
        self._resting: Timer | None = None

    @property
    def is_open(self) -> bool:
        """True while the column is on the screen."""
        return self._open

    def open(self, wanted: bool) -> None:
        """Have a pane from now on, or ask for nothing more."""
        self._open = wanted
        if wanted and not self._bringing:
            self._bringing = True
            # The first picture is not to wait for it.
            self.call_after_refresh(self._bring)

    def follow(self, symbol: str) -> None:
        """Show `symbol` once nothing else was asked for in a moment; while prices are held, nothing else is shown."""
        if symbol == self._wanted or self._held or not self._open:
            return
        self._wanted = symbol
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(FOLLOW_SECONDS, self._rested, name="follow the cursor")

    def hold(self, said: str) -> None:
        """Keep what is shown, with `said` over it; an empty text goes on."""
        if said != self._held:
            self._held = said
            if self._pane is not None:
                self._pane.hold(said)

    def paint(self, now: Moment) -> None:
        """Say and draw what holds at `now`."""
        if self._pane is not None and self._open:
            self._pane.paint(now)

    def choose(self, name: str) -> None:
        """Show the bars of the timeframe called `name`."""
        if self._pane is not None:
            self._pane.choose(type(self._look.timeframe)(name))

    def toggle_line(self) -> None:
        """Draw a line instead of candles, or candles again."""
        if self._pane is not None:
            self._pane.toggle_line()

    def point(self, candles: int) -> None:
        """Move the crosshair by so many candles."""
        if self._pane is not None and self._pane.plot is not None and not self._held:
            self._pane.plot.point(candles)
            self._pane.paint(self._desk.now())

    def show_all(self) -> None:
        """Show every bar again."""
        if self._pane is not None and self._pane.plot is not None:
            self._pane.plot.show_all()
            self._pane.paint(self._desk.now())

    def ask_again(self) -> None:
        """Ask for the bars again."""
        if self._pane is not None and self._open and not self._held:
            self._pane.ask_again()

    def _rested(self) -> None:
        if self._pane is not None:
            self._pane.show(self._wanted)

    def _bring(self) -> None:
        self.run_worker(self._build(), name="build the detail", group="detail", exit_on_error=True)

    async def _build(self) -> None:
        module = await asyncio.to_thread(importlib.import_module, "mytrader_tui.ui.widgets.detail_pane")
        pane: DetailPane = module.DetailPane(self._desk, self._zone, self._look, settle_seconds=SETTLE_SECONDS)
        await self.mount(pane)
        self._pane = pane
        pane.hold(self._held)
        pane.show(self._wanted)

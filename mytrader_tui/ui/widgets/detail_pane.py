"""One symbol in full: its quote, its chart and where that comes from, and what is held of it."""

import asyncio
import importlib
from datetime import tzinfo
from typing import TYPE_CHECKING

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.widgets import Static
from textual.worker import Worker

from mytrader_tui.market.bars import BarSeries, Timeframe
from mytrader_tui.market.freshness import BadgeKind
from mytrader_tui.market.live_bars import live
from mytrader_tui.market.moment import Moment
from mytrader_tui.ui.chart_look import ChartLook
from mytrader_tui.ui.columns import Tone
from mytrader_tui.ui.desk import Desk
from mytrader_tui.ui.detail_figures import Colours, Telling, column, facts, headline, phrases
from mytrader_tui.ui.detail_words import made_of, origin, readout, summary
from mytrader_tui.ui.flow import flow, wrap
from mytrader_tui.ui.keymap import key_of
from mytrader_tui.ui.widgets.lines import Lines
from mytrader_tui.ui.widgets.timeframe_tabs import TimeframeTabs

if TYPE_CHECKING:
    from mytrader_tui.ui.widgets.candle_plot import CandlePlot

DEADLINE_SECONDS = 30.0
"""How long an answer of the chart's source may take."""

ASK_SECONDS = 60.0
"""How often the bars of an open chart are asked for again."""

BESIDE_WIDTH, BESIDE_HEIGHT = 108, 24
"""From this size on the figures stand beside the chart instead of above it."""

FACTS_WIDTH = 34

FACT_LINES = ((30, 4), (22, 3), (18, 1))
"""How many lines of figures stand above a chart, by the height of the pane."""

TWO_LINES_HEIGHT = 20
"""From this height on the headline and the readout may take two lines."""

_BELIEVED = frozenset({BadgeKind.LIVE, BadgeKind.DELAYED})
"""A price with any other badge moves no candle."""

_TONES = {
    Tone.PLAIN: "",
    Tone.STRONG: "",
    Tone.MUTED: "faint",
    Tone.UP: "up",
    Tone.DOWN: "down",
    Tone.LIVE: "live",
    Tone.DELAYED: "delayed",
    Tone.STALE: "stale",
}


class DetailPane(Vertical):
    """Shows the symbol that it was last told to; `zone` is home (None: the system's).

    Whoever holds it calls `paint` a few times a second. The bars are asked for `settle_seconds` after the symbol
    came, and not at all if another comes before that. The chart brings numpy: it is imported in a thread.
    `look` is shared with other panes: what is chosen in one of them holds in all.
    """

    def __init__(
        self,
        desk: Desk,
        zone: tzinfo | None,
        look: ChartLook | None = None,
        *,
        settle_seconds: float = 0.0,
        deadline_seconds: float = DEADLINE_SECONDS,
        id: str = "detail",
    ) -> None:
        super().__init__(id=id)
        self._desk, self._zone = desk, zone
        self._settle, self._deadline = settle_seconds, deadline_seconds
        self._symbol = ""
        self._look = look or ChartLook()
        self._timeframe = self._look.timeframe
        self._held = ""
        self._series: BarSeries | None = None
        self._why = ""
        self._asked: Moment | None = None
        self._asking = False
        self._question: Worker[None] | None = None
        self._head = Lines(id="detail-head")
        self._line = Lines(id="detail-line")
        self._tabs = TimeframeTabs(id="detail-tabs")
        self._chart = Container(id="detail-chart")
        self._words = Static(id="detail-words", markup=False)
        self._readout = Lines(id="detail-readout")
        self._origin = Lines(id="detail-origin")
        self._facts = Lines(id="detail-facts")
        self.plot: CandlePlot | None = None

    def compose(self) -> ComposeResult:
        """The headline, the figures, and the chart between its tabs and its words."""
        yield self._head
        yield self._line
        with Horizontal(id="detail-body"):
            with Vertical(id="detail-left"):
                yield self._tabs
                with self._chart:
                    yield self._words
                yield self._readout
                yield self._origin
            yield self._facts

    def on_mount(self) -> None:
        """Bring the chart."""
        self.run_worker(self._bring_chart(), name="bring the chart", group="chart", exit_on_error=True)
        self.paint(self._desk.now())

    # What it is told.

    @property
    def symbol(self) -> str:
        """The symbol shown; empty for none."""
        return self._symbol

    @property
    def timeframe(self) -> Timeframe:
        """The timeframe chosen."""
        return self._look.timeframe

    def show(self, symbol: str) -> None:
        """Show `symbol`; a question about the one before is given up."""
        if symbol != self._symbol:
            self._symbol = symbol
            self._ask_anew(self._settle)

    def choose(self, timeframe: Timeframe) -> None:
        """Show the bars of `timeframe`."""
        self._look.timeframe = timeframe
        self._repaint()

    def step_timeframe(self, steps: int) -> None:
        """Show the bars of a longer timeframe, or of a shorter one if negative."""
        every = list(Timeframe)
        self.choose(every[max(0, min(every.index(self.timeframe) + steps, len(every) - 1))])

    def toggle_line(self) -> None:
        """Draw a line instead of candles, or candles again."""
        self._look.as_line = not self._look.as_line
        self._repaint()

    def hold(self, said: str) -> None:
        """Keep what is shown and say `said` in place of price and badge; an empty text goes on with the newest."""
        self._held = said
        self._repaint()

    def ask_again(self) -> None:
        """Ask for the bars again; those that there are stay until the answer."""
        self._why = ""
        self._ask(0.0)
        self._repaint()

    # The bars.

    def _ask_anew(self, settle: float) -> None:
        self._series, self._why = None, ""
        self._ask(settle)
        self._repaint()

    def _ask(self, settle: float) -> None:
        """Ask for the bars; a question that is still open is given up for this one."""
        if self._question is not None:
            self._question.cancel()
        self._asking = bool(self._symbol)
        if self._symbol:
            self._asked = self._desk.now()
            symbol, timeframe = self._symbol, self._timeframe

            async def read() -> None:
                # A coroutine that is given up before it begins would complain that nobody awaited it.
                await self._read(symbol, timeframe, settle)

            self._question = self.run_worker(read, name="bars", group="bars", exit_on_error=True)

    async def _read(self, symbol: str, timeframe: Timeframe, settle: float) -> None:
        if settle:
            await asyncio.sleep(settle)
        try:
            async with asyncio.timeout(self._deadline):
                answer = await self._desk.charts.series(symbol, timeframe)
        except TimeoutError:
            answer = f"no answer within {self._deadline:g} s"
        if (symbol, timeframe) != (self._symbol, self._timeframe):
            return
        self._asking = False
        if isinstance(answer, str):
            # What is known stays on the screen, with the reason why it is not newer.
            self._why = answer
        else:
            self._series, self._why = answer, ""
        self._repaint()

    async def _bring_chart(self) -> None:
        try:
            module = await asyncio.to_thread(importlib.import_module, "mytrader_tui.ui.widgets.candle_plot")
        except ImportError as error:
            self._why = f"the chart cannot be drawn: {error}"
            return
        plot: CandlePlot = module.CandlePlot(zone=self._zone)
        plot.display = False
        await self._chart.mount(plot)
        self.plot = plot
        self._repaint()

    # The screen.

    def paint(self, now: Moment) -> None:
        """Say and draw what holds at `now`."""
        if not self.is_mounted:
            return
        if self._held:
            self._head.show([Text(f"{self._symbol}  {self._held}", style=f"bold {self._head.tone('delayed')}".strip())])
            return
        if self._look.timeframe is not self._timeframe:
            self._timeframe = self._look.timeframe
            self._ask_anew(0.0)
            return
        if self._asked is not None and not self._asking and now.seconds_since(self._asked) >= ASK_SECONDS:
            self._ask(0.0)
        if self._symbol:
            self._say(Telling.of(self._desk, self._symbol, now), now)
        else:
            for said in (self._head, self._line, self._facts):
                said.show([])
        self._draw(now)
        self._say_chart(now)

    def _repaint(self) -> None:
        self.paint(self._desk.now())

    def _say(self, told: Telling, now: Moment) -> None:
        colours, width = self._colours(), max(1, self.size.width)
        beside = width >= BESIDE_WIDTH and self.size.height >= BESIDE_HEIGHT
        self._head.show(flow(headline(told, now, colours), (width,) * self._most_lines))
        said = facts(told)
        self._facts.show(column(said, FACTS_WIDTH, colours) if beside else [])
        lines = 0 if beside else next((lines for height, lines in FACT_LINES if self.size.height >= height), 0)
        short = phrases(said, colours) if lines else []
        self._line.show(flow(short, (width,) * lines) if short else [])

    def _draw(self, now: Moment) -> None:
        """The chart, or in its place why there is none."""
        self._series = series = self._live(now)
        drawable = series is not None and bool(series.bars)
        self._words.display = not drawable or self.plot is None
        if self.plot is not None:
            self.plot.display = drawable
            if drawable:
                self.plot.draw(series, line=self._look.as_line)
        if self._words.display:
            self._words.set_class(bool(self._why), "-failed")
            self._words.update(Text(self._no_chart()))

    def _live(self, now: Moment) -> BarSeries | None:
        """The bars with the board's newest price in the last of them, where that price is allowed to be believed."""
        quote = self._desk.board.served(self._symbol)
        if self._series is None or quote is None or self._desk.badge(self._symbol, now).kind not in _BELIEVED:
            return self._series
        return live(self._series, quote)

    def _no_chart(self) -> str:
        name = f"{self._timeframe.value} of {self._symbol}"
        if not self._symbol:
            return "No symbol is chosen."
        if self._why and not self._asking:
            return f"No chart of {name}: {self._why.rstrip('.')}.{self._again()}"
        if self._series is not None and not self._series.bars:
            return f"{self._told_by()} has no bars of {name}.{self._again()}"
        return f"Reading {name}…"

    @property
    def _pointing(self) -> str:
        return " ".join(filter(None, (key_of(self.app, name) for name in ("crosshair_left", "crosshair_right"))))

    def _again(self) -> str:
        key = key_of(self.app, "refresh")
        return f"\nPress {key} to ask again." if key else ""

    def _told_by(self) -> str:
        return self._series.origin.source.value.capitalize() if self._series else ""

    def _say_chart(self, now: Moment) -> None:
        """The tabs above the chart, and under it the crosshair's readout and where the bars come from."""
        colours, series, plot = self._colours(), self._series, self.plot
        seen = plot.candles if plot is not None else None
        zoomed = plot is not None and plot.zoomed
        turn, whole = key_of(self.app, "chart_line"), key_of(self.app, "zoom_all")
        line = self._look.as_line
        made = made_of(series, seen, line=line, zoomed=zoomed, turn=turn, whole=whole) if series else ()
        self._tabs.say(self._timeframe, made)
        width = max(1, self._tabs.size.width)
        read: list[Text] = []
        if series is not None and plot is not None and seen is not None and plot.display:
            pointed = plot.pointed
            said = (
                summary(series, seen, colours, zoomed=plot.zoomed, keys=self._pointing)
                if pointed is None
                else readout(pointed, series.span_seconds, self._zone, width, colours)
            )
            read = flow(said, (width,) * self._most_lines)
        self._readout.show(read)
        self._origin.show(self._origin_lines(series, now, width, colours))

    def _origin_lines(self, series: BarSeries | None, now: Moment, width: int, colours: Colours) -> list[Text]:
        if series is None:
            return []
        lines = flow(origin(series, now, colours), (width,))
        for trouble in (self._why, series.note):
            lines += wrap(trouble, width, self._most_lines, colours[Tone.DELAYED])
        return lines

    @property
    def _most_lines(self) -> int:
        return 2 if self.size.height >= TWO_LINES_HEIGHT else 1

    def _colours(self) -> Colours:
        return {tone: self._head.tone(name) if name else "" for tone, name in _TONES.items()}

    # What happens to it.

    def on_resize(self) -> None:
        """Say what there is room for."""
        self._repaint()

    def on_lines_resized(self, event: Lines.Resized) -> None:
        """Fit what is said to the new width."""
        event.stop()
        self._repaint()

    def on_timeframe_tabs_chosen(self, event: TimeframeTabs.Chosen) -> None:
        """Show the bars of the tab that was clicked."""
        event.stop()
        self.choose(event.timeframe)

    def on_candle_plot_pointed(self) -> None:
        """Read out what the mouse points at."""
        self._repaint()

"""Candles in textual-plot's axes. It brings numpy: import this in a thread, after the first paint."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import ClassVar

from textual import events
from textual.message import Message
from textual_hires_canvas import Canvas
from textual_plot import AxisFormatter, NumericAxisFormatter, PlotWidget
from typing_extensions import override

from mytrader_tui.market.bars import BarSeries
from mytrader_tui.ui.candles import ALL, ZOOM, Candle, Candles, Window, candles
from mytrader_tui.ui.chart_axes import Scale, price_label, price_scale, time_ticks
from mytrader_tui.ui.figures import volume_forms
from mytrader_tui.ui.widgets.candle_brush import Area, Brush, Picture
from mytrader_tui.ui.widgets.dressed_plot import DressedPlot

_WHOLE_DAY = 86_400.0
_VOLUME_FROM, _VOLUME_PART, _VOLUME_MOST = 9, 5, 6
"""From so many lines on a chart has volumes, in a fifth of them, and on no more than so many."""


class CandlePlot(DressedPlot, can_focus=False):
    """A series of bars as candles or a line, with a window on it and a crosshair; times are at home in `zone`."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "candle--rising",
        "candle--falling",
        "candle--level",
        "candle--line",
        "candle--volume",
        "candle--close",
        "candle--crosshair",
        "candle--extended",
    }

    class Pointed(Message):
        """The mouse moved the crosshair or the window."""

    def __init__(self, *, zone: tzinfo | None, id: str = "candle-plot") -> None:
        super().__init__(id=id, allow_pan_and_zoom=False)
        self._zone = zone
        self._series: BarSeries | None = None
        self._line = False
        self._window = ALL
        self._at: datetime | None = None
        self._picture: Picture | None = None
        self._dragged = 0.0
        for margin, cells in ((PlotWidget.margin_top, 0), (PlotWidget.margin_bottom, 1), (PlotWidget.margin_left, 9)):
            self.set_reactive(margin, cells)

    # What it shows.

    @property
    def candles(self) -> Candles | None:
        """The candles in sight."""
        return self._picture.candles if self._picture else None

    @property
    def pointed(self) -> Candle | None:
        """The candle under the crosshair."""
        picture = self._picture
        return picture.candles.shown[picture.pointed] if picture and picture.pointed is not None else None

    @property
    def zoomed(self) -> bool:
        """True while not every bar is in sight."""
        return self._window != ALL

    def draw(self, series: BarSeries | None, *, line: bool) -> None:
        """Draw `series` as candles or as a line, unless that is what is drawn already."""
        if (series, line) == (self._series, self._line):
            return
        before, self._series, self._line = self._series, series, line
        if before is None or series is None or (before.symbol, before.timeframe) != (series.symbol, series.timeframe):
            self._window, self._at = ALL, None
        self._arrange()

    # The crosshair and the window.

    def point(self, candles: int) -> None:
        """Move the crosshair by so many candles; one that is away comes to the newest, past which it goes away."""
        picture = self._picture
        if picture is None:
            return
        if picture.pointed is None:
            self._point_at(len(picture.candles.shown) - 1)
            return
        place = picture.pointed + candles
        if place >= len(picture.candles.shown) and candles == 1:
            self.lift()
        else:
            self._point_at(max(0, min(place, len(picture.candles.shown) - 1)))

    def point_edge(self, side: int) -> None:
        """Move the crosshair to the oldest candle in sight (-1) or to the newest (1)."""
        if self._picture is not None:
            self._point_at(0 if side < 0 else len(self._picture.candles.shown) - 1)

    def lift(self) -> None:
        """Take the crosshair away."""
        if self._at is not None:
            self._at = None
            self._arrange()

    def zoom(self, factor: float, at: float | None = None) -> None:
        """Show `factor` times as many bars around the place `at` (0 left, 1 right), else around the crosshair."""
        if self._series is None or self._picture is None:
            return
        if at is None:
            pointed, count = self._picture.pointed, len(self._picture.candles.shown)
            at = 1.0 if pointed is None else (pointed + 0.5) / count
        self._look(self._window.zoomed(factor, at, len(self._series.bars)))

    def pan(self, part: float) -> None:
        """Show later bars, or earlier ones if negative, by a `part` of the window's width."""
        if self._series is not None:
            total = len(self._series.bars)
            first, last = self._window.bounds(total)
            step = max(1, round(abs(part) * (last - first)))
            self._look(self._window.moved(step if part > 0 else -step, total))

    def show_all(self) -> None:
        """Show every bar again."""
        self._look(ALL)

    def _look(self, window: Window) -> None:
        if window != self._window:
            self._window = window
            self._arrange()

    def _point_at(self, place: int) -> None:
        if self._picture is not None:
            self._at = self._picture.candles.shown[place].start
            self._arrange()

    # The mouse.

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """The crosshair follows the mouse; a drag moves the window."""
        place = self._place_under(event)
        if place is None or self._picture is None:
            return
        if event.button:
            self._drag(event.delta_x)
        else:
            self._point_at(place)
        self.post_message(self.Pointed())

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Zoom out around the mouse."""
        self._zoom_under(event, 1 / ZOOM)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Zoom in around the mouse."""
        self._zoom_under(event, ZOOM)

    def on_leave(self) -> None:
        """The crosshair leaves with the mouse."""
        if not self.is_mouse_over:
            self.lift()
            self.post_message(self.Pointed())

    def _drag(self, columns: int) -> None:
        """Move the window by the bars that lie under so many columns; parts of a bar add up."""
        if self._picture is None or self._series is None:
            return
        first, last = self._window.bounds(len(self._series.bars))
        self._dragged -= columns * (last - first) / self._picture.area.columns
        bars = int(self._dragged)
        self._dragged -= bars
        self._look(self._window.moved(bars, len(self._series.bars)))

    def _zoom_under(self, event: events.MouseEvent, factor: float) -> None:
        event.stop()
        place = self._place_under(event)
        if place is not None and self._picture is not None:
            self.zoom(factor, (place + 0.5) / len(self._picture.candles.shown))
            self.post_message(self.Pointed())

    def _place_under(self, event: events.MouseEvent) -> int | None:
        """The place of the candle under the mouse."""
        if self._picture is None:
            return None
        column = event.screen_x - self._canvas.content_region.x - 1
        if not 0 <= column < self._picture.area.columns:
            return None
        return int(column * len(self._picture.candles.shown) / self._picture.area.columns)

    # Laying out.

    @property
    def _canvas(self) -> Canvas:
        return self.query_one("#plot", Canvas)

    def on_canvas_resize(self, event: Canvas.Resize) -> None:
        """Lay the chart out anew in its new room."""
        if event.canvas.id == "plot":
            self._arrange()

    def _arrange(self) -> None:
        """Choose what is in sight, and the axes for it."""
        self._picture = picture = self._composed()
        if picture is None:
            self.clear()
            return
        shown, scale, area = picture.candles.shown, picture.scale, picture.area
        whole_days = self._series is not None and self._series.span_seconds >= _WHOLE_DAY
        times = time_ticks(shown, area.columns, self._zone, whole_days=whole_days)
        self.set_x_formatter(Labels({tick.place + 0.5: tick.label for tick in times}))
        self.set_xticks([tick.place + 0.5 for tick in times])
        ticks = [
            tick
            for tick in NumericAxisFormatter().get_ticks(scale.low, scale.high, max(2, area.prices // 2))
            if scale.low < tick < scale.high
        ]
        labels = {tick: price_label(tick, ticks) for tick in ticks}
        self.set_y_formatter(Labels(labels))
        self.set_yticks(ticks)
        widest = max(map(len, (*labels.values(), price_label(scale.high, ticks))))
        if self.margin_left != widest + 2:
            self.margin_left = widest + 2
        self.set_xlimits(0, len(shown))
        self.set_ylimits(_floor(scale, area), scale.high)

    def _composed(self) -> Picture | None:
        series = self._series
        if series is None or not series.bars or not self.is_mounted:
            return None
        columns, lines = self._canvas.size.width - 2, self._canvas.size.height - 2
        if columns < 4 or lines < 2:
            return None
        seen = candles(series.bars, self._window, columns, series.previous_close, series.span_seconds)
        told = lines >= _VOLUME_FROM and any(candle.volume for candle in seen.shown)
        volumes = min(_VOLUME_MOST, lines // _VOLUME_PART) if told else 0
        first, last = self._window.bounds(len(series.bars))
        return Picture(
            seen,
            price_scale(seen.shown, series.previous_close),
            Area(columns, lines - volumes, volumes),
            tuple(bar.close for bar in series.bars[first:last]) if self._line else (),
            self._place_of(seen.shown),
        )

    def _place_of(self, shown: Sequence[Candle]) -> int | None:
        """Where the candle is that holds the time under the crosshair; None if there is none or it is out of sight."""
        if self._at is None or not shown or self._at < shown[0].start:
            return None
        return max(place for place, candle in enumerate(shown) if candle.start <= self._at)

    # Drawing.

    @override
    def _render_plot(self) -> None:
        """The axes by textual-plot, and within them what it has no kind of plot for."""
        super()._render_plot()
        picture, canvas = self._picture, self._canvas
        if picture is None or self._series is None or picture.area.size != canvas.size - (2, 2):
            # The canvas has another size by now, and tells of it in a moment.
            return
        with canvas.batch_refresh():
            Brush(self, canvas, picture).paint(self._series, line=self._line)
        if picture.area.volumes:
            self._label_volumes(picture)

    def _label_volumes(self, picture: Picture) -> None:
        """The greatest volume beside the top of its bar."""
        most = max(candle.volume or 0 for candle in picture.candles.shown)
        label = next((form for form in volume_forms(most) if len(form) <= self.margin_left - 2), "")
        margin = self.query_one("#margin-left", Canvas)
        style = f"{self.get_component_rich_style('plot--tick')}"
        for column, char in enumerate(label.rjust(self.margin_left - 1)):
            margin.set_pixel(column, picture.area.prices + 1, char, style)


class Labels(AxisFormatter):
    """Ticks that were chosen beforehand, with their labels."""

    def __init__(self, labels: dict[float, str]) -> None:
        self._labels = labels

    def get_ticks(self, min_: float, max_: float, max_ticks: int = 8) -> list[float]:  # noqa: ARG002
        """The ticks."""
        return [tick for tick in self._labels if min_ <= tick <= max_]

    def get_labels_for_ticks(self, ticks: Sequence[float]) -> list[str]:
        """The label of each of `ticks`."""
        return [self._labels.get(tick, "") for tick in ticks]


def _floor(scale: Scale, area: Area) -> float:
    """The price at the chart's bottom: so far below the least that the volumes have their lines."""
    return scale.low - (scale.high - scale.low) * area.volumes / area.prices

"""Draws candles, a line and volumes on a canvas of textual-plot. It brings numpy: import this in a thread."""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple, TypeGuard

from rich.style import Style
from textual.geometry import Size
from textual_hires_canvas import Canvas
from textual_plot import HiResMode, PlotWidget

from mytrader_tui.market.bars import BarSeries, Timeframe
from mytrader_tui.market.session import Session
from mytrader_tui.ui.candle_glyphs import Halves, body_width, glyphs, volume_bar
from mytrader_tui.ui.candles import Candles
from mytrader_tui.ui.chart_axes import Scale
from mytrader_tui.ui.figures import price_forms

_BLANK = "\u00a0"
"""A cell that is empty but has a background: a line of nothing but spaces is drawn without any style."""

_EMPTY = (" ", _BLANK)
_LEVEL, _POINTED = _LEVELS = ("╌", "┈")
_NAMED_FROM = 6
"""Columns from which the extended hours are named over their candles."""


class Area(NamedTuple):
    """The chart's columns and lines, those of the prices and those of the volumes under them."""

    columns: int
    prices: int
    volumes: int

    @property
    def size(self) -> Size:
        """Its size in cells."""
        return Size(self.columns, self.prices + self.volumes)


class Picture(NamedTuple):
    """What is drawn: the candles in sight, their price scale, and the place of the one under the crosshair."""

    candles: Candles
    scale: Scale
    area: Area
    closes: tuple[float, ...]
    pointed: int | None


class Brush:
    """Draws `picture` on `canvas` in the colours of `plot`, within the axes."""

    def __init__(self, plot: PlotWidget, canvas: Canvas, picture: Picture) -> None:
        self._plot = plot
        self._canvas = canvas
        self._picture = picture
        self._shown = picture.candles.shown
        self._shade = plot.get_component_rich_style("candle--extended").bgcolor
        self._styles: dict[tuple[str, bool], str] = {}
        columns, count = picture.area.columns, len(self._shown)
        self._middles = [1 + int((place + 0.5) * columns / count) for place in range(count)]
        self._edges = [1 + int(place * columns / count) for place in range(count + 1)]
        self._body = body_width(columns / count)
        self._shaded = {
            column
            for place, candle in enumerate(self._shown)
            if candle.extended
            for column in range(self._edges[place], self._edges[place + 1])
        }

    def paint(self, series: BarSeries, *, line: bool) -> None:
        """Everything, what matters most over the rest."""
        self._shade_extended()
        if line:
            self._line()
        else:
            self._candles()
        self._volumes()
        self._upright()
        self._close_line(series)
        self._level()
        self._name_close(series)
        self._name_sessions()

    def _style(self, name: str, *, shaded: bool = False) -> str:
        found = self._styles.get((name, shaded))
        if found is None:
            style = self._plot.get_component_rich_style(f"candle--{name}")
            if shaded and self._shade is not None:
                style += Style(bgcolor=self._shade.name)
            found = self._styles[name, shaded] = str(style)
        return found

    def _half(self, price: float) -> int:
        """The half line of `price`, counted from the canvas's top."""
        y = float(self._plot.get_hires_pixel_from_coordinate(0.0, price)[1])
        return max(2, min(int(2 * y), 2 * self._picture.area.prices + 1))

    def _draw(self, column: int, line: int, char: str, name: str) -> None:
        self._canvas.set_pixel(column, line, char, self._style(name, shaded=column in self._shaded))

    def _fill(self, column: int, line: int, char: str, name: str) -> None:
        """Draw where nothing is yet."""
        if self._canvas.get_pixel(column, line)[0] in _EMPTY:
            self._draw(column, line, char, name)

    def _shade_extended(self) -> None:
        area = self._picture.area
        cells = [(column, line) for line in range(1, area.prices + area.volumes + 1) for column in self._shaded]
        self._canvas.set_pixels(cells, _BLANK, self._style("extended"))

    def _extended_runs(self) -> Iterator[tuple[int, int, Session]]:
        """The first candle of every stretch of extended hours, the one after its last, and which hours they are."""
        begin = 0
        for place in range(1, len(self._shown) + 1):
            session = self._shown[begin].session
            if place == len(self._shown) or self._shown[place].session is not session:
                if self._shown[begin].extended:
                    yield begin, place, session
                begin = place

    def _candles(self) -> None:
        for middle, candle in zip(self._middles, self._shown, strict=True):
            top, bottom = max(candle.open, candle.close), min(candle.open, candle.close)
            halves = Halves(self._half(candle.high), self._half(candle.low), self._half(top), self._half(bottom))
            name = "level" if top == bottom else "rising" if candle.close > candle.open else "falling"
            style = self._style(name, shaded=candle.extended)
            for column, line, char in glyphs(halves, self._body, falling=name == "falling"):
                self._canvas.set_pixel(middle + column, line, char, style)

    def _line(self) -> None:
        closes, area = self._picture.closes, self._picture.area
        points = [
            (
                1 + (place + 0.5) * area.columns / len(closes),
                float(self._plot.get_hires_pixel_from_coordinate(0.0, close)[1]),
            )
            for place, close in enumerate(closes)
        ]
        if len(points) == 1:
            points = [(1.0, points[0][1]), (float(area.columns), points[0][1])]
        pairs = [(*one, *two) for one, two in pairwise(points)]
        self._canvas.draw_hires_lines(pairs, HiResMode.BRAILLE, self._style("line"))
        for column in self._shaded:
            for line in range(1, area.prices + 1):
                if (char := self._canvas.get_pixel(column, line)[0]) not in _EMPTY:
                    self._canvas.set_pixel(column, line, char, self._style("line", shaded=True))

    def _volumes(self) -> None:
        area = self._picture.area
        most = max(candle.volume or 0.0 for candle in self._shown)
        if not area.volumes or most <= 0:
            return
        half = self._body // 2
        for middle, candle in zip(self._middles, self._shown, strict=True):
            bar = volume_bar((candle.volume or 0.0) / most, area.volumes)
            style = self._style("volume", shaded=candle.extended)
            for line, char in enumerate(bar, start=area.prices + 1):
                if char != " ":
                    cells = [(column, line) for column in range(middle - half, middle + half + 1)]
                    self._canvas.set_pixels(cells, char, style)

    def _upright(self) -> None:
        """The crosshair's line through the candle."""
        place, area = self._picture.pointed, self._picture.area
        if place is None:
            return
        middle = self._middles[place]
        for line in range(1, area.prices + area.volumes + 1):
            self._fill(middle, line, "┊", "crosshair")

    def _close_line(self, series: BarSeries) -> None:
        """The level of the close before."""
        if self._on_scale(series.previous_close):
            self._across(self._half(series.previous_close) // 2, _LEVEL, "close")

    def _name_close(self, series: BarSeries) -> None:
        """What the level is, on a stretch of it that hides no candle, the rightmost one."""
        close, columns = series.previous_close, self._picture.area.columns
        name = "prev close" if series.timeframe is Timeframe.DAY else f"close before {series.timeframe.value}"
        text = f" {name} {price_forms(close)[0]} "
        if not self._on_scale(close) or len(text) > columns // 2:
            return
        line = self._half(close) // 2
        for start in range(columns - len(text) + 1, 0, -1):
            taken = (self._canvas.get_pixel(start + place, line)[0] for place in range(len(text)))
            if all(char in (*_EMPTY, *_LEVELS) for char in taken):
                for column, char in enumerate(text, start=start):
                    self._draw(column, line, char, "close")
                return

    def _on_scale(self, price: float | None) -> TypeGuard[float]:
        return price is not None and self._picture.scale.low <= price <= self._picture.scale.high

    def _level(self) -> None:
        """The crosshair's line at the candle's close, which gives way to the close before."""
        if self._picture.pointed is not None:
            self._across(self._half(self._shown[self._picture.pointed].close) // 2, _POINTED, "crosshair")

    def _across(self, line: int, char: str, name: str) -> None:
        for column in range(1, self._picture.area.columns + 1):
            self._fill(column, line, char, name)

    def _name_sessions(self) -> None:
        for first, last, session in self._extended_runs():
            columns = range(self._edges[first] + 1, self._edges[last] - len(session.value))
            for start in columns if len(columns) > _NAMED_FROM - len(session.value) else ():
                cells = range(start, start + len(session.value))
                if all(self._canvas.get_pixel(column, 1)[0] in _EMPTY for column in cells):
                    for column, char in zip(cells, session.value, strict=True):
                        self._draw(column, 1, char, "close")
                    break

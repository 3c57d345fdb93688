"""The equity curve, drawn by textual-plot. It brings numpy: import this in a thread, after the first paint."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo

from textual_plot import AxisFormatter, HiResMode, NumericAxisFormatter, PlotWidget

from mytrader_tui.ui.equity_curve import Curve
from mytrader_tui.ui.figures import HIDDEN
from mytrader_tui.ui.widgets.dressed_plot import DressedPlot

_PADDING = 0.06
"""The part of the curve's height that is left free above and below it."""

_LEFT_MARGIN = 14
_FRAME_LINES = 3
"""The lines of the plot that are no rows of the curve: its frame and the times."""

_FEW_ROWS = 4
"""With no more rows than that the axis tells its ends, which round amounts might miss."""

_LEAST_SPREAD = 0.0005
"""The part of the equity that the axis spans at least: a cent more is no mountain."""


class EquityPlot(DressedPlot, can_focus=False):
    """A `Curve` over its base line; `zone` is home (None: the system's)."""

    def __init__(self, *, zone: tzinfo | None, id: str = "equity-plot") -> None:
        super().__init__(id=id, allow_pan_and_zoom=False)
        self._zone = zone
        self._drawn: object = None
        for margin, cells in ((PlotWidget.margin_top, 0), (PlotWidget.margin_bottom, 1)):
            self.set_reactive(margin, cells)
        self.set_reactive(PlotWidget.margin_left, _LEFT_MARGIN)

    def draw(self, curve: Curve | None, colours: tuple[str, str], *, hidden: bool) -> None:
        """Draw `curve` in the first of `colours` and its base in the second, unless that is what is drawn already."""
        wanted = (curve, colours, hidden, self.size)
        if wanted == self._drawn:
            return
        self._drawn = wanted
        self.clear()
        if curve is not None:
            self._draw(curve, colours, hidden=hidden)

    def _draw(self, curve: Curve, colours: tuple[str, str], *, hidden: bool) -> None:
        line, base = (colour or "white" for colour in colours)
        xs = (
            [float(place) for place in range(len(curve.values))]
            if curve.even
            else [at.timestamp() for at in curve.times]
        )
        left, right = xs[0], xs[-1] if xs[-1] > xs[0] else xs[0] + 1
        self.set_x_formatter(TimeAxis(curve, self._zone))
        low, high = limits(curve)
        self.set_y_formatter(AmountAxis(rows=self.size.height - _FRAME_LINES, hidden=hidden))
        # The plot would cut a label that is too long for its margin, and with it the last digits of an amount.
        self.margin_left = max(_LEFT_MARGIN, *(len(f"{end:,.2f}") + 2 for end in (low, high)))
        self.set_xlimits(left, right)
        self.set_ylimits(low, high)
        if curve.base is not None:
            self.plot([left, right], [curve.base, curve.base], base, HiResMode.BRAILLE)
        if len(xs) == 1:
            xs, values = [left, right], curve.values * 2
        else:
            values = curve.values
        self.plot(xs, values, line, HiResMode.BRAILLE)


def limits(curve: Curve) -> tuple[float, float]:
    """The least and the greatest equity on the axis."""
    shown = [*curve.values, *(() if curve.base is None else (curve.base,))]
    low, high = min(shown), max(shown)
    room = max((high - low) * _PADDING, (abs(high) * _LEAST_SPREAD - (high - low)) / 2, 0.005)
    return low - room, high + room


class AmountAxis(NumericAxisFormatter):
    """Amounts with their separators, or dots in their place, beside a curve of so many `rows`."""

    def __init__(self, *, rows: int, hidden: bool) -> None:
        super().__init__()
        self._rows = rows
        self._hidden = hidden

    def get_ticks(self, min_: float, max_: float, max_ticks: int = 8) -> list[float]:
        """Round amounts, or beside a low curve those of the middle of its first and its last row."""
        if not 2 <= self._rows <= _FEW_ROWS:
            return [float(tick) for tick in super().get_ticks(min_, max_, max_ticks)]
        edge = (max_ - min_) / self._rows / 2
        return [min_ + edge, max_ - edge]

    def get_labels_for_ticks(self, ticks: Sequence[float]) -> list[str]:
        """The amounts of `ticks`, with cents where the ticks are that close."""
        if self._hidden:
            return [HIDDEN for _ in ticks]
        step = ticks[1] - ticks[0] if len(ticks) > 1 else 1.0
        places = 0 if step >= 1 else min(2, math.ceil(-math.log10(step)))
        return [f"{tick:,.{places}f}" for tick in ticks]


class TimeAxis(AxisFormatter):
    """Times of day, days or months under a curve, by how long it is."""

    def __init__(self, curve: Curve, zone: tzinfo | None) -> None:
        self._curve = curve
        self._zone = zone

    def get_ticks(self, min_: float, max_: float, max_ticks: int = 8) -> list[float]:
        """A few places, evenly apart and away from the ends."""
        count = min(max_ticks, 5)
        places = [min_ + (max_ - min_) * (tick + 0.5) / count for tick in range(count)]
        if self._curve.even:
            return sorted({float(min(round(place), len(self._curve.values) - 1)) for place in places})
        return places

    def get_labels_for_ticks(self, ticks: Sequence[float]) -> list[str]:
        """The time of each of `ticks` at home."""
        return [f"{self._at(tick).astimezone(self._zone):{self._curve.time_format}}" for tick in ticks]

    def _at(self, tick: float) -> datetime:
        return self._curve.times[round(tick)] if self._curve.even else datetime.fromtimestamp(tick, UTC)

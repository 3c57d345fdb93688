"""textual-plot's plot on canvases that every terminal can show. It brings numpy: import this after the first paint."""

from textual.app import ComposeResult
from textual.containers import Grid
from textual.strip import Strip
from textual_hires_canvas import Canvas
from textual_plot import PlotWidget
from textual_plot.plot_widget import Legend
from typing_extensions import override


class DressedPlot(PlotWidget):
    """A plot whose parts are `DressedCanvas`es."""

    @override
    def compose(self) -> ComposeResult:
        """The same parts as those of every plot, but for their canvases."""
        with Grid():
            for part in ("margin-top", "margin-left", "plot", "margin-bottom"):
                yield DressedCanvas(1, 1, id=part)
        yield Legend(id="legend")


class DressedCanvas(Canvas):
    """A canvas whose every line has a style: one without makes Textual's filters for NO_COLOR fail."""

    @override
    def render_line(self, y: int) -> Strip:
        """The line as drawn, or a blank one where the canvas has yet to grow."""
        strip = super().render_line(y)
        return strip if strip.cell_length else Strip.blank(self.size.width, self.rich_style)

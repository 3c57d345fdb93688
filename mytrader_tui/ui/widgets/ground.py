"""What lies under other widgets and shows nothing of its own."""

from textual.color import Color
from textual.containers import Container
from textual.geometry import Region
from textual.strip import Strip
from typing_extensions import override


class Ground(Container):
    """A container all of whose lines are alike: drawn once, where Textual draws all of them with every price."""

    _drawn: tuple[tuple[int, int], tuple[Color, Color]] | None = None
    _line: Strip = Strip([])

    @override
    def render_lines(self, crop: Region) -> list[Strip]:
        """The one line, as often as `crop` is high; it is drawn anew for other columns and on another background."""
        wanted = crop.column_span, self.background_colors
        if crop.height and wanted != self._drawn:
            self._line = super().render_lines(crop)[0]
            self._drawn = wanted
        return [self._line] * crop.height

    @override
    def notify_style_update(self) -> None:
        """Draw it anew: the theme changed."""
        self._drawn = None
        super().notify_style_update()

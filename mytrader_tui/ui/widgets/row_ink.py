"""A ticking table's lines as strips: cells and their tones become text and styles."""

from collections.abc import Iterable, Sequence

from rich.segment import Segment
from rich.style import Style
from textual.color import TRANSPARENT
from textual.strip import Strip
from textual.widget import Widget

from mytrader_tui.ui.columns import BLANK, Arrangement, Cell, Flash, Row
from mytrader_tui.ui.contrast import readable

STYLE_PREFIX = "table--"
"""What the names of the component classes begin with."""

_FLASHES = frozenset(Flash)


class RowInk:
    """Draws in the colours of `widget`, whose component classes are blended once and kept until `forget`."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._styles: dict[tuple[str, ...], Style] = {}

    def forget(self) -> None:
        """Blend anew: the theme or the focus changed."""
        self._styles.clear()

    def line(self, text: str, width: int, *names: str) -> Strip:
        """A line of `width` cells in one style."""
        style = self._style(*names)
        return Strip([Segment(text, style)]).adjust_cell_length(width, style)

    def row(
        self, cells: Iterable[tuple[int, Cell]], gap: int, width: int, layers: tuple[str, ...], mark: str = " "
    ) -> Strip:
        """A line of `width` cells, each of `cells` with its own width and `gap` blanks behind it.

        `layers` lie under the tones. Neighbours of one style share a segment, which Textual pays for.
        """
        blanks, base = " " * gap, self._style(*layers)
        segments: list[Segment] = []
        text, style, used = mark, self._style(*layers, "mark"), len(mark)
        for room, cell in cells:
            own = self._style(*layers, cell.tone)
            if cell.flash:
                tinted = self._style(*layers, cell.tone, cell.flash)
                segments += (Segment(text, style), Segment(cell.text(room), tinted))
                text, style = blanks, base
            elif own is style:
                text += cell.text(room) + blanks
            else:
                segments.append(Segment(text, style))
                text, style = cell.text(room) + blanks, own
            used += room + gap
        segments.append(Segment(text, style))
        return Strip(segments, used).adjust_cell_length(width, base)

    def _style(self, *names: str) -> Style:
        """The widget's own style under those of the component classes `names`; equal styles are one object."""
        style = self._styles.get(names)
        if style is None:
            blended = self._filtered(self._blend(names))
            style = next((made for made in self._styles.values() if made == blended), blended)
            self._styles[names] = style
        return style

    def _blend(self, names: tuple[str, ...]) -> Style:
        _, _, background, foreground = self._widget.colors
        text = Style()
        for name in names:
            rules = self._widget.get_component_styles(f"{STYLE_PREFIX}{name}")
            background += rules.background if rules.has_rule("background") else TRANSPARENT
            foreground = rules.color if rules.has_rule("color") else foreground
            text += rules.text_style
        ink = background + foreground
        if not _FLASHES.isdisjoint(names) and ink.ansi is None and background.ansi is None:
            # A tint that is seen is one that takes contrast away, from some themes too much.
            ink = readable(ink, (background,))
        return Style(color=ink.rich_color, bgcolor=background.rich_color) + text

    def _filtered(self, style: Style) -> Style:
        """`style` as the app's filters leave it: doing so here spares them every strip drawn in it."""
        strip = Strip([Segment(" ", style)])
        for line_filter in self._widget.get_line_filters():
            strip = strip.apply_filter(line_filter, self._widget.background_colors[1])
        return next(iter(strip)).style or Style.null()


def spread(arrangement: Arrangement[Row], cells: Sequence[Cell]) -> list[tuple[int, Cell]]:
    """Each cell with its width; a word reaches over the blank cells that follow it, and over itself."""
    reaching: list[tuple[int, Cell]] = []
    for (_, width), cell in zip(arrangement.placed, cells, strict=True):
        before = reaching[-1][1] if reaching else None
        if before is not None and not before.number and (cell is BLANK or cell is before):
            reaching[-1] = (reaching[-1][0] + arrangement.gap + width, before)
        else:
            reaching.append((width, cell))
    return reaching

"""A scrollbar of one column whose track and thumb are whole cells: it reads as one in plain text and in any font."""

from rich.color import Color
from rich.segment import Segment, Segments
from rich.style import Style
from textual.scrollbar import ScrollBarRender
from typing_extensions import override

_BLACK, _WHITE = Color.parse("black"), Color.parse("white")
_TRACK = "│"
_THUMB = "┃"


class LineScrollBar(ScrollBarRender):
    """A thick stretch on a thin line. A press on the line pages, the thick stretch can be dragged."""

    @override
    @classmethod
    def render_bar(
        cls,
        size: int = 25,
        virtual_size: float = 50,
        window_size: float = 20,
        position: float = 0,
        thickness: int = 1,
        vertical: bool = True,
        back_color: Color = _BLACK,
        bar_color: Color = _WHITE,
    ) -> Segments:
        """The bar's cells from top to bottom; `position` and the sizes are in lines of what is scrolled."""
        if not vertical:
            return super().render_bar(
                size, virtual_size, window_size, position, thickness, vertical, back_color, bar_color
            )
        first, length = thumb(size, virtual_size, window_size, position)

        def cell(line: int) -> Segment:
            if first <= line < first + length:
                return Segment(_THUMB, Style(color=bar_color, bgcolor=back_color, meta={"@mouse.down": "grab"}))
            action = "scroll_up" if line < first else "scroll_down"
            return Segment(_TRACK, Style(color=bar_color, bgcolor=back_color, dim=True, meta={"@mouse.down": action}))

        return Segments([cell(line) for line in range(size)], new_lines=True)


def thumb(size: int, virtual_size: float, window_size: float, position: float) -> tuple[int, int]:
    """The thumb's first cell and its length on a bar of `size` cells.

    It touches an end of the bar only when the first or the last line is in sight.
    """
    hidden = virtual_size - window_size
    if hidden <= 0 or size <= 0:
        return 0, size
    length = min(max(1, round(size * window_size / virtual_size)), max(1, size - 1))
    room = size - length
    first = round(room * position / hidden)
    if 0 < position < hidden and room >= 2:
        first = min(max(first, 1), room - 1)
    return min(max(first, 0), room), length

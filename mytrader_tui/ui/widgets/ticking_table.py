"""A table whose rows change many times a second: its cost follows paints and visible rows, never ticks.

Each row is one cached strip. A paint compares what every visible row says now with what it said when it was drawn,
and redraws only those that differ. A flash is an expiry kept beside the row; no cell has a timer.
"""

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import ClassVar, Generic

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.color import TRANSPARENT
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from mytrader_tui.market.moment import Moment
from mytrader_tui.ui.columns import BLANK, Arrangement, Cell, Column, Flash, Row, Tone, arrange

FLASH_SECONDS = 0.3
"""How long a price that moved stays tinted."""

_HEADER = 1
_MARGIN = 1
_CURSOR_MARK = "▌"
_PREFIX = "table--"


class TickingTable(ScrollView, Generic[Row], can_focus=True, inherit_bindings=False):
    """Rows by key, in the order given to `set_keys`, under a header and over an optional line of totals.

    A subclass says what the columns are and what a row says now; two rows that are equal look alike.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *(f"{_PREFIX}{tone.value}" for tone in Tone),
        *(f"{_PREFIX}{flash.value}" for flash in Flash),
        f"{_PREFIX}header",
        f"{_PREFIX}header-focused",
        f"{_PREFIX}cursor",
        f"{_PREFIX}cursor-blurred",
        f"{_PREFIX}mark",
        f"{_PREFIX}totals",
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home", "edge(-1)", "First row", show=False),
        Binding("end", "edge(1)", "Last row", show=False),
    ]

    class CursorMoved(Message):
        """The cursor is on another row, or on none."""

    def __init__(self, *, id: str, empty: str) -> None:
        super().__init__(id=id)
        self._empty = empty
        self._keys: tuple[str, ...] = ()
        self._places: dict[str, int] = {}
        self._cursor = 0
        self._arrangement: Arrangement[Row] = Arrangement((), 1)
        self._drawn: dict[str, Row] = {}
        self._strips: dict[str, Strip] = {}
        self._styles_made: dict[tuple[str, ...], Style] = {}
        self._flashes: dict[str, tuple[Flash, float]] = {}
        self._totals: Mapping[str, Cell] | None = None
        self._now: Moment | None = None

    # What a subclass says.

    @abstractmethod
    def columns(self) -> Sequence[Column[Row]]:
        """The columns for the rows there are now."""

    @abstractmethod
    def row(self, key: str, now: Moment) -> Row:
        """Everything that the row of `key` says at `now`."""

    def totals(self) -> Mapping[str, Cell] | None:
        """The cells of a last line under the rows by their columns' titles, or None for no such line."""
        return None

    # What the screen asks for.

    @property
    def keys(self) -> tuple[str, ...]:
        """The rows' keys from top to bottom."""
        return self._keys

    @property
    def cursor_key(self) -> str | None:
        """The key of the row under the cursor, or None in an empty table."""
        return self._keys[self._cursor] if self._keys else None

    def set_keys(self, keys: Sequence[str]) -> None:
        """Show these rows; the cursor stays on its key, or where it was if that is gone."""
        under = self.cursor_key
        self._keys = tuple(keys)
        self._places = {key: place for place, key in enumerate(self._keys)}
        for gone in self._drawn.keys() - self._places.keys():
            del self._drawn[gone]
            self._strips.pop(gone, None)
            self._flashes.pop(gone, None)
        last = max(0, len(self._keys) - 1)
        self._cursor = min(self._cursor, last) if under is None else self._places.get(under, min(self._cursor, last))
        self._resize_content(layout=True)
        if self.cursor_key != under:
            self.post_message(self.CursorMoved())

    def move_to(self, key: str) -> None:
        """Put the cursor on the row of `key`, if there is one."""
        if key in self._places:
            self._place_cursor(self._places[key])

    def flash(self, key: str, flash: Flash, now: Moment) -> None:
        """Tint the price of `key`, which has just moved; the first paint after the expiry clears it."""
        if key in self._places:
            self._flashes[key] = (flash, now.mono + FLASH_SECONDS)

    def flashing(self, key: str, now: Moment) -> Flash | None:
        """The tint of `key` at `now`."""
        found = self._flashes.get(key)
        if found is None:
            return None
        if now.mono < found[1]:
            return found[0]
        del self._flashes[key]
        return None

    def paint(self, now: Moment) -> None:
        """Redraw the visible rows that say something else at `now` than when they were drawn."""
        self._now = now
        regions = list(self._changed(now))
        totals = self.totals()
        if totals != self._totals:
            if (totals is None) != (self._totals is None):
                self._resize_content(layout=True)
            self._totals = totals
            regions.append(Region(0, self._totals_line(), self.size.width, 1))
        if regions:
            self.refresh(*regions)

    def rearrange(self) -> None:
        """Choose the columns anew, for other rows or another width."""
        self._arrangement = arrange(self.columns(), self._usable_width())
        self._drawn.clear()
        self._strips.clear()
        self.refresh()

    # Drawing.

    def render_line(self, y: int) -> Strip:
        """The strip of line `y` of the widget: the header, a row, the totals or nothing."""
        if y < _HEADER:
            return self._header_strip()
        if self._totals is not None and y == self._totals_line():
            cells = [self._totals.get(column.title, BLANK) for column, _ in self._arrangement.placed]
            return self._strip(cells, ("totals",), " ")
        place = y - _HEADER + round(self.scroll_y)
        if place < len(self._keys):
            return self._row_strip(place)
        if not self._keys and y == _HEADER:
            return self._line(f" {self._empty}", self._style("muted"))
        return self._line("", self._style())

    def _changed(self, now: Moment) -> Iterable[Region]:
        top = round(self.scroll_y)
        for line, key in enumerate(self._keys[top : top + self._body_height()], _HEADER):
            row = self.row(key, now)
            if self._drawn.get(key) != row:
                self._drawn[key] = row
                self._strips.pop(key, None)
                yield Region(0, line, self.size.width, 1)

    def _row_strip(self, place: int) -> Strip:
        key = self._keys[place]
        on_cursor = place == self._cursor
        if not on_cursor and (known := self._strips.get(key)) is not None:
            return known
        row = self._drawn.get(key)
        if row is None:
            if self._now is None:
                return self._line("", self._style())
            row = self._drawn[key] = self.row(key, self._now)
        cells = tuple(placed.column.cell(row) for placed in self._arrangement.placed)
        if on_cursor:
            layer = "cursor" if self.has_focus else "cursor-blurred"
            return self._strip(cells, (layer,), _CURSOR_MARK if self.has_focus else " ")
        strip = self._strips[key] = self._strip(cells, (), " ")
        return strip

    def _header_strip(self) -> Strip:
        titles: list[str] = []
        for column, width in self._arrangement.placed:
            titles.append(column.title.rjust(width) if column.right else column.title.ljust(width))
        text = " " + (" " * self._arrangement.gap).join(titles)
        return self._line(text, self._style("header-focused" if self.has_focus else "header"))

    def _strip(self, cells: Sequence[Cell], layers: tuple[str, ...], mark: str) -> Strip:
        """One row of exactly the widget's width; neighbours of one style share a segment, which Textual pays for."""
        gap, base = self._arrangement.gap, self._style(*layers)
        runs: list[tuple[str, Style]] = [(mark, self._style(*layers, "mark"))]
        used = cell_len(mark)
        for width, cell in _spread([placed.width for placed in self._arrangement.placed], cells, gap):
            if cell.flash:
                style = self._style(*layers, cell.tone.value, cell.flash.value)
                runs += ((cell.text(width), style), (" " * gap, base))
            else:
                runs.append((cell.text(width) + " " * gap, self._style(*layers, cell.tone.value)))
            used += width + gap
        if used < self.size.width:
            runs.append((" " * (self.size.width - used), base))
            used = self.size.width
        segments = [Segment("".join(text for text, _ in run), style) for style, run in groupby(runs, itemgetter(1))]
        return Strip(segments, used).adjust_cell_length(self.size.width, base)

    def _line(self, text: str, style: Style) -> Strip:
        return Strip([Segment(text, style)]).adjust_cell_length(self.size.width, style)

    def _style(self, *names: str) -> Style:
        """The widget's own style under those of the component classes `names`."""
        style = self._styles_made.get(names)
        if style is None:
            style = self._styles_made[names] = self._blend(names)
        return style

    def _blend(self, names: tuple[str, ...]) -> Style:
        _, _, background, foreground = self.colors
        text = Style()
        for name in names:
            rules = self.get_component_styles(f"{_PREFIX}{name}")
            background += rules.background if rules.has_rule("background") else TRANSPARENT
            foreground = rules.color if rules.has_rule("color") else foreground
            text += rules.text_style
        return Style(color=(background + foreground).rich_color, bgcolor=background.rich_color) + text

    def notify_style_update(self) -> None:
        """Forget every strip and style: the theme or the focus changed."""
        self._styles_made.clear()
        self._strips.clear()
        super().notify_style_update()

    # Geometry.

    def _usable_width(self) -> int:
        # The right margin is the scrollbar's place, so that its coming moves no column.
        return max(0, self.size.width - 2 * _MARGIN)

    def _body_height(self) -> int:
        return max(0, self.size.height - _HEADER - (self._totals is not None))

    def _totals_line(self) -> int:
        return min(_HEADER + len(self._keys), self.size.height - 1)

    def _resize_content(self, *, layout: bool) -> None:
        lines = _HEADER + max(1, len(self._keys)) + (self._totals is not None)
        self.virtual_size = Size(self.size.width, lines)
        self.rearrange()
        self.refresh(layout=layout)

    def on_resize(self) -> None:
        """Fit the columns to the new width and keep the cursor in sight."""
        self._resize_content(layout=False)
        self._show_cursor()

    # The cursor.

    def action_move(self, rows: int) -> None:
        """Move the cursor by `rows`."""
        self._place_cursor(self._cursor + rows)

    def action_page(self, pages: int) -> None:
        """Move the cursor by `pages` screenfuls."""
        self._place_cursor(self._cursor + pages * max(1, self._body_height() - 1))

    def action_edge(self, side: int) -> None:
        """Move the cursor to the first row (-1) or the last (1)."""
        self._place_cursor(0 if side < 0 else len(self._keys) - 1)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the row that was clicked."""
        place = event.y - _HEADER + round(self.scroll_y)
        if _HEADER <= event.y < _HEADER + self._body_height() and place < len(self._keys):
            self._place_cursor(place)

    def _place_cursor(self, place: int) -> None:
        place = max(0, min(place, len(self._keys) - 1))
        if place == self._cursor:
            return
        self._cursor = place
        self._show_cursor()
        self.refresh()
        self.post_message(self.CursorMoved())

    def _show_cursor(self) -> None:
        top, height = round(self.scroll_y), max(1, self._body_height())
        wanted = min(max(top, self._cursor - height + 1), self._cursor)
        if wanted != top:
            self.scroll_to(y=wanted, animate=False)


def _spread(widths: Sequence[int], cells: Sequence[Cell], gap: int) -> list[tuple[int, Cell]]:
    """Each cell with its width; a word reaches over the blank cells that follow it."""
    spread: list[tuple[int, Cell]] = []
    for width, cell in zip(widths, cells, strict=True):
        if cell is BLANK and spread and not spread[-1][1].number:
            spread[-1] = (spread[-1][0] + gap + width, spread[-1][1])
        else:
            spread.append((width, cell))
    return spread

"""A table whose rows change many times a second: its cost follows paints and visible rows, never ticks.

A paint compares what a row says now with what it said when it was drawn, and redraws its line only if that differs.
It looks at the rows with news and those that flash; at every visible row, whose badge and age the clock alone may have
changed, a few times a second. A flash is an expiry kept beside the row; no cell has a timer.
"""

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import ClassVar, Generic, Self

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from typing_extensions import override

from mytrader_tui.market.moment import Moment
from mytrader_tui.ui.columns import BLANK, Arrangement, Cell, Column, Flash, Row, Tone, arrange, titled
from mytrader_tui.ui.runs import runs
from mytrader_tui.ui.widgets.row_ink import STYLE_PREFIX, RowInk, spread

FLASH_SECONDS = 0.3
"""How long a price that moved stays tinted."""

RECHECK_SECONDS = 0.25
"""How often a row without news is asked for its badge and age; a badge outlives its truth by no more than this."""

_HEADER = 1
_MARGIN = 1
_CURSOR_MARK = "▌"


class TickingTable(ScrollView, Generic[Row], can_focus=True, inherit_bindings=False):
    """Rows by key, in the order given to `set_keys`, under a header and over an optional line of totals.

    A subclass says what the columns are and what a row says now; two rows that are equal look alike.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *(f"{STYLE_PREFIX}{tone}" for tone in Tone),
        *(f"{STYLE_PREFIX}{flash}" for flash in Flash),
        f"{STYLE_PREFIX}header",
        f"{STYLE_PREFIX}header-focused",
        f"{STYLE_PREFIX}cursor",
        f"{STYLE_PREFIX}cursor-blurred",
        f"{STYLE_PREFIX}mark",
        f"{STYLE_PREFIX}totals",
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False, id="row_up"),
        Binding("down,j", "move(1)", "Down", show=False, id="row_down"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="page_up"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="page_down"),
        Binding("home,g", "edge(-1)", "First row", show=False, id="first_row"),
        Binding("end,G", "edge(1)", "Last row", show=False, id="last_row"),
    ]

    class CursorMoved(Message):
        """The cursor is on another row, or on none."""

    class Opened(Message):
        """The row under the cursor was clicked twice."""

    def __init__(self, *, id: str, empty: str) -> None:
        super().__init__(id=id)
        self._empty = empty
        self._ink = RowInk(self)
        self._keys: tuple[str, ...] = ()
        self._places: dict[str, int] = {}
        self._cursor = 0
        self._arrangement: Arrangement[Row] = Arrangement((), 1)
        self._fitted = Size(0, 0)
        self._width = 0
        self._drawn: dict[str, Row] = {}
        self._lines: dict[int, Strip] = {}
        self._touched: set[str] = set()
        self._window = (0, 0)
        self._checked: float | None = None
        self._flashes: dict[str, tuple[Flash, float]] = {}
        self._totals: Mapping[str, Cell] | None = None
        self._now: Moment | None = None
        self._steered = False

    # What a subclass says.

    @abstractmethod
    def columns(self, width: int) -> Sequence[Column[Row]]:
        """The columns for the rows there are now, of which `width` cells may not have room for all."""

    @abstractmethod
    def row(self, key: str, now: Moment) -> Row:
        """Everything that the row of `key` says at `now`."""

    def row_mark(self, row: Row) -> str:  # noqa: ARG002 - for subclasses
        """The one character before the row; the cursor's own stands there if this is a blank."""
        return " "

    def arrow(self, column: Column[Row]) -> str:  # noqa: ARG002 - for subclasses
        """Which way the rows are sorted if they are by `column`: `↑` or `↓`; else an empty text."""
        return ""

    def header_clicked(self, column: Column[Row]) -> None:
        """The title of `column` was clicked."""

    def empty_text(self) -> str:
        """What stands in a table without rows."""
        return self._empty

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

    @property
    def in_sight(self) -> tuple[str, ...]:
        """The keys of the rows that are not scrolled away."""
        top = round(self.scroll_y)
        return self._keys[top : top + self._body_height()]

    def set_keys(self, keys: Sequence[str]) -> None:
        """Show these rows; the cursor stays on its key, or where it was if that is gone."""
        under = self.cursor_key
        self._keys = tuple(keys)
        self._places = {key: place for place, key in enumerate(self._keys)}
        for gone in self._flashes.keys() - self._places.keys():
            del self._flashes[gone]
        last = max(0, len(self._keys) - 1)
        self._cursor = min(self._cursor, last) if under is None else self._places.get(under, min(self._cursor, last))
        self._resize_content()
        if self.cursor_key != under:
            self.post_message(self.CursorMoved())

    def reorder(self, keys: Sequence[str]) -> None:
        """Show the rows that there are in the order of `keys`; the cursor stays on its key, and in sight if it was."""
        if self._keys == tuple(keys):
            return
        under = self.cursor_key
        seen = under in self.in_sight
        self._keys = tuple(keys)
        self._places = {key: place for place, key in enumerate(self._keys)}
        self._cursor = 0 if under is None else self._places[under]
        # Rows come into sight that were not asked while they were out of it.
        self._window = (0, 0)
        self.refresh()
        if seen:
            self._show_cursor()

    def move_to(self, key: str) -> None:
        """Put the cursor on the row of `key`, if there is one."""
        if key in self._places:
            self._place_cursor(self._places[key])

    def steer(self, steered: bool) -> None:
        """Whether a line that is typed into moves the cursor, which is then as plain to see as with the focus."""
        if steered is not self._steered:
            self._steered = steered
            self.notify_style_update()
            self.refresh()

    @property
    def _in_use(self) -> bool:
        return self.has_focus or self._steered

    def touch(self, keys: Set[str]) -> None:
        """Look at the rows of `keys` at the next paint: there is news of them."""
        self._touched |= keys

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
        lines = [self._places[key] - self._window[0] + _HEADER for key in self._changed(now)]
        totals = self.totals()
        if totals != self._totals:
            if (totals is None) != (self._totals is None):
                self._resize_content()
            self._totals = totals
            lines.append(self._totals_line())
        self._redraw(lines)

    def rearrange(self) -> None:
        """Choose the columns anew, for other rows or another size."""
        self.choose_columns()
        self.refresh()

    def choose_columns(self) -> None:
        """Fit the columns to the size, and forget every line that was drawn with others."""
        self._fitted, self._width = self.size, self.size.width
        # The right margin is the scrollbar's place, so that its coming moves no column.
        usable = max(0, self._width - 2 * _MARGIN)
        self._arrangement = arrange(self.columns(usable), usable)
        self._drawn.clear()
        self._lines.clear()

    # Drawing.

    @override
    def render_lines(self, crop: Region) -> list[Strip]:
        """The strips in `crop`, without the look-ups of borders, tints and filters that cost more than a row does."""
        if self._fitted != self.size:
            # The first picture in a size comes before the event that tells of it, and is whole nevertheless.
            self.choose_columns()
        strips = [self.render_line(y) for y in crop.line_range]
        if crop.column_span == (0, self._width):
            return strips
        return [strip.crop(*crop.column_span) for strip in strips]

    def render_line(self, y: int) -> Strip:
        """The strip of line `y` of the widget: the header, a row, the totals or nothing."""
        strip = self._lines.get(y)
        if strip is None:
            strip = self._lines[y] = self._drawn_line(y)
        return strip

    @override
    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Forget the lines in `regions`, or all of them, and ask for a repaint."""
        if not regions:
            self._lines.clear()
        for region in regions:
            for line in region.line_range:
                self._lines.pop(line, None)
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def _redraw(self, lines: Sequence[int]) -> None:
        if lines:
            self.refresh(*(Region(0, first, self._width, count) for first, count in runs(lines)))

    def _drawn_line(self, y: int) -> Strip:
        if y < _HEADER:
            return self._header_strip()
        if self._totals is not None and y == self._totals_line():
            cells = [self._totals.get(column.title, BLANK) for column, _ in self._arrangement.placed]
            return self._ink.row(spread(self._arrangement, cells), self._arrangement.gap, self._width, ("totals",))
        place = y - _HEADER + round(self.scroll_y)
        if place < len(self._keys):
            return self._row_strip(place)
        if not self._keys and y == _HEADER:
            return self._ink.line(f" {self.empty_text()}", self._width, "muted")
        return self._ink.line("", self._width)

    def _changed(self, now: Moment) -> list[str]:
        """The visible rows that say something else, as far as they are due to be asked."""
        top, height = round(self.scroll_y), self._body_height()
        visible = self._keys[top : top + height]
        if self._window != (top, height):
            self._window = (top, height)
            # What was out of sight was not asked, and must not come back as it was.
            self._drawn = {key: self._drawn[key] for key in visible if key in self._drawn}
            self._checked = None
        if self._checked is None or now.mono - self._checked >= RECHECK_SECONDS:
            self._checked = now.mono
            due: Iterable[str] = visible
        else:
            due = (self._touched | self._flashes.keys()).intersection(visible)
        self._touched.clear()
        return [key for key in due if self._differs(key, now)]

    def _differs(self, key: str, now: Moment) -> bool:
        row = self.row(key, now)
        if self._drawn.get(key) == row:
            return False
        self._drawn[key] = row
        return True

    def _row_strip(self, place: int) -> Strip:
        key = self._keys[place]
        row = self._drawn.get(key)
        if row is None:
            if self._now is None:
                return self._ink.line("", self._width)
            row = self._drawn[key] = self.row(key, self._now)
        cells = spread(self._arrangement, [placed.column.cell(row) for placed in self._arrangement.placed])
        gap, width, mark = self._arrangement.gap, self._width, self.row_mark(row)
        if place != self._cursor:
            return self._ink.row(cells, gap, width, (), mark)
        if not self._in_use:
            return self._ink.row(cells, gap, width, ("cursor-blurred",), mark)
        return self._ink.row(cells, gap, width, ("cursor",), _CURSOR_MARK if mark.isspace() else mark)

    def _header_strip(self) -> Strip:
        titles: list[str] = []
        for column, width in self._arrangement.placed:
            titles.append(titled(column, self.arrow(column), width))
        text = " " + (" " * self._arrangement.gap).join(titles)
        return self._ink.line(text, self._width, "header-focused" if self._in_use else "header")

    def notify_style_update(self) -> None:
        """Forget every line and style: the theme or the focus changed."""
        self._ink.forget()
        self._lines.clear()
        super().notify_style_update()

    # Geometry.

    def _body_height(self) -> int:
        return max(0, self.size.height - _HEADER - (self._totals is not None))

    def _totals_line(self) -> int:
        return min(_HEADER + len(self._keys), self.size.height - 1)

    def _resize_content(self) -> None:
        self._size_content()
        self.rearrange()
        self.refresh(layout=True)

    def _size_content(self) -> None:
        lines = _HEADER + max(1, len(self._keys)) + (self._totals is not None)
        self.virtual_size = Size(self.size.width, lines)

    def on_resize(self) -> None:
        """Fit the columns to the new size, if no picture has yet, and keep the cursor in sight."""
        self._size_content()
        if self._fitted != self.size:
            self.rearrange()
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
        """Put the cursor on the row that was clicked, or tell the subclass of a title."""
        if event.y < _HEADER and (column := self._column_at(event.x)) is not None:
            self.header_clicked(column)
        place = event.y - _HEADER + round(self.scroll_y)
        if _HEADER <= event.y < _HEADER + self._body_height() and place < len(self._keys):
            self._place_cursor(place)
            if event.chain == 2:
                self.post_message(self.Opened())

    def _column_at(self, x: int) -> Column[Row] | None:
        end = _MARGIN
        for column, width in self._arrangement.placed:
            end += width + self._arrangement.gap
            if x < end:
                return column
        return None

    def _place_cursor(self, place: int) -> None:
        place = max(0, min(place, len(self._keys) - 1))
        if place == self._cursor:
            return
        top = round(self.scroll_y)
        self._redraw([_HEADER + moved - top for moved in (self._cursor, place)])
        self._cursor = place
        self._show_cursor()
        self.post_message(self.CursorMoved())

    def _show_cursor(self) -> None:
        top, height = round(self.scroll_y), max(1, self._body_height())
        wanted = min(max(top, self._cursor - height + 1), self._cursor)
        if wanted != top:
            self.scroll_to(y=wanted, animate=False)

"""Columns of a ticking table: what a cell says, which columns a width has room for, and how wide each becomes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

from rich.cells import cell_len, set_cell_size

from mytrader_tui.market.freshness import BadgeKind
from mytrader_tui.ui.figures import MISSING, Forms, fit

Row = TypeVar("Row")

_MAX_GAP = 2


class Tone(StrEnum):
    """What a cell's colour says, and the end of its component class, `table--up`."""

    PLAIN = "plain"
    STRONG = "strong"
    MUTED = "muted"
    UP = "up"
    DOWN = "down"
    LIVE = "live"
    DELAYED = "delayed"
    STALE = "stale"


class Flash(StrEnum):
    """The tint of a price that has just moved, and the end of its component class."""

    UP = "flash-up"
    DOWN = "flash-down"


class Cell(NamedTuple):
    """One cell: its forms, the fullest first. A `number` that does not fit shows `#`; a text ends in an ellipsis.

    What `draw` makes for a number of cells stands in place of the forms.
    """

    forms: Forms
    tone: Tone = Tone.PLAIN
    number: bool = True
    flash: Flash | None = None
    draw: Callable[[int], str] | None = None

    def text(self, width: int) -> str:
        """The cell's text in exactly `width` cells: numbers to the right, words to the left."""
        if self.draw is not None:
            return self.draw(width).ljust(width)
        return fit(self.forms, width).rjust(width) if self.number else _word(self.forms, width)


NOTHING = Cell((MISSING,), Tone.MUTED)
BLANK = Cell(("",), Tone.MUTED, number=False)

BADGE_TONES = {
    BadgeKind.LIVE: Tone.LIVE,
    BadgeKind.HALTED: Tone.STALE,
    BadgeKind.DELAYED: Tone.DELAYED,
    BadgeKind.CLOSED: Tone.MUTED,
    BadgeKind.STALE: Tone.STALE,
    BadgeKind.CACHED: Tone.MUTED,
    BadgeKind.NO_DATA: Tone.MUTED,
}


@dataclass(frozen=True)
class Column(Generic[Row]):
    """A column between `least` and `best` cells wide.

    Columns of `rank` 0 are always shown; of the others the lowest ranks come first, and equal ranks come together.
    Of the room that is left after that, the columns of the lowest `growth` get theirs first, then the lowest ranks.
    `short` is a title that leaves room for the arrow of a sorted column, `name` the column's name in the settings.
    """

    title: str
    least: int
    best: int
    rank: int
    cell: Callable[[Row], Cell]
    right: bool = True
    growth: int = 0
    short: str = ""
    name: str = ""


class Placed(NamedTuple, Generic[Row]):
    """A column that is shown, and its width."""

    column: Column[Row]
    width: int


class Arrangement(NamedTuple, Generic[Row]):
    """The columns shown and the blanks between them."""

    placed: tuple[Placed[Row], ...]
    gap: int


def arrange(columns: Sequence[Column[Row]], width: int) -> Arrangement[Row]:
    """The columns that `width` cells have room for, grown into the room that is left, in their given order."""
    ranks = {0}
    for rank in sorted({column.rank for column in columns} - {0}):
        if _least(columns, ranks | {rank}) <= width:
            ranks.add(rank)
    shown = [column for column in columns if column.rank in ranks]
    room = max(0, width - _least(columns, ranks))
    widths: dict[int, int] = {}
    for index in sorted(range(len(shown)), key=lambda index: (shown[index].growth, shown[index].rank)):
        grown = min(room, shown[index].best - shown[index].least)
        widths[index] = shown[index].least + grown
        room -= grown
    gap = 1 + min(_MAX_GAP - 1, room // max(1, len(shown) - 1))
    return Arrangement(tuple(Placed(column, widths[index]) for index, column in enumerate(shown)), gap)


def titled(column: Column[Row], arrow: str, width: int) -> str:
    """What stands over `column` in `width` cells: its title and the `arrow`, if its rows are sorted by it."""
    title = column.title if len(column.title) + len(arrow) <= width else column.short or column.title
    text = f"{arrow}{title}" if column.right else f"{title}{arrow}"
    return text.rjust(width) if column.right else text.ljust(width)


def _least(columns: Sequence[Column[Row]], ranks: set[int]) -> int:
    shown = [column.least for column in columns if column.rank in ranks]
    return sum(shown) + max(0, len(shown) - 1)


@lru_cache(maxsize=4096)
def _word(forms: Forms, width: int) -> str:
    for form in forms:
        if cell_len(form) <= width:
            return set_cell_size(form, width)
    return set_cell_size(set_cell_size(forms[-1], width - 1).rstrip() + "…", width)


_SIGN_TONES = {1: Tone.UP, 0: Tone.PLAIN, -1: Tone.DOWN}


def sign_tone(sign: int) -> Tone:
    """The tone of a number with that sign."""
    return _SIGN_TONES[sign]

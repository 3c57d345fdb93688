"""Where the panes of the main screen stand in a terminal of a given size: pure, so that every size can be tested."""

from enum import StrEnum
from typing import NamedTuple

LEAST_WIDTH, LEAST_HEIGHT = 40, 8
"""Below this there is no table that says anything."""

TAB_WIDTH, TAB_HEIGHT = 80, 18
"""Below either, the positions are a tab.

Four lines go to the keys, the status and a notice. A watchlist of six rows has seven lines, and positions of two rows
with the account, the titles, the totals and their age have another seven.
"""

WIDE_WIDTH = 170
"""From this width on the detail has a column of its own: 93 cells for the tables, 76 for the chart."""

ACCOUNT_HEIGHT = 14
"""From this height on the account's line stays in sight while the positions' tab is not shown."""


class Place(StrEnum):
    """Where the positions stand, and the end of the screen's class."""

    NOWHERE = "nowhere"
    TAB = "tab"
    UNDER = "under"
    BESIDE = "beside"


class Layout(NamedTuple):
    """Where the positions stand, and whether the detail has a column of its own."""

    positions: Place
    detail: bool

    @property
    def tight(self) -> bool:
        """True where no text may take more lines than it needs."""
        return self.positions is Place.TAB


def layout_for(width: int, height: int, *, positions: bool, detail: bool) -> Layout:
    """The layout of a terminal of that size, of those panes that are wanted."""
    wide = width >= WIDE_WIDTH
    if not positions:
        place = Place.NOWHERE
    elif width < TAB_WIDTH or height < TAB_HEIGHT:
        place = Place.TAB
    else:
        place = Place.BESIDE if wide and not detail else Place.UNDER
    return Layout(place, wide and detail)

"""Help: the keys of the screen that asked, as they are bound, and what the badges claim."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, zip_longest
from typing import ClassVar

from rich.cells import cell_len
from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Static

from mytrader_tui.market.freshness import BadgeKind
from mytrader_tui.ui.keymap import Doable, written
from mytrader_tui.ui.widgets.dialog import Dialog
from mytrader_tui.ui.widgets.picker import Page

_WIDE, _COLUMNS = 80, 3
"""From this width on the keys stand in so many columns, in one fewer below."""

_NO_KEY = "no key"

_BADGES = {
    BadgeKind.LIVE: "a real-time source whose link is proven within 5 s",
    BadgeKind.HALTED: "the exchange halted it, by a link that is proven",
    BadgeKind.DELAYED: "a delayed or polled source; the delay it admits",
    BadgeKind.CLOSED: "the last price of a market that is closed",
    BadgeKind.STALE: "the link is down, silent or overdue; heard so long ago",
    BadgeKind.CACHED: "from disk, nothing newer heard yet",
    BadgeKind.NO_DATA: "no price was ever heard",
}
_NOTES = (
    "Age is the time since the exchange made the last price.",
    "— is not known, # has no room here, ▲ ▼ is up or down.",
    "pre, post, e: a price from before the open or after the close.",
    "A change behind e is the day's and what came after its close, in one.",
)

Row = tuple[tuple[str, str], ...]


class Help(ModalScreen[None]):
    """Shows `actions`, which were those of the screen when it was asked for."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "close", "Close", id="close")]

    def __init__(self, actions: Sequence[Doable]) -> None:
        super().__init__()
        self._actions = actions

    def compose(self) -> ComposeResult:
        """The box with the keys by their groups, and the badges."""
        columns = _COLUMNS if self.app.size.width >= _WIDE else _COLUMNS - 1
        with Dialog("Help", id="help-box", applies=lambda name: name != "help"), Page(id="help-page"):
            yield Static(_table(_key_rows(self._actions, columns), columns), id="help-keys")
            yield Static(_table([((kind.value, text),) for kind, text in _BADGES.items()], 1), id="help-badges")
            yield Static(Text("\n".join(_NOTES)), id="help-notes")

    def action_close(self) -> None:
        """Close it."""
        self.dismiss(None)


def _key_rows(actions: Sequence[Doable], columns: int) -> Iterator[Row | str]:
    """The groups, each under its name, in so many columns that are read downwards."""
    for group, members in groupby(actions, key=lambda each: each.group):
        yield group
        keys = [(written(each.keys) or _NO_KEY, each.label) for each in members]
        height = -(-len(keys) // columns)
        parts = [keys[start : start + height] for start in range(0, len(keys), height)]
        yield from zip_longest(*parts, fillvalue=("", ""))


def _table(rows: Iterable[Row | str], columns: int) -> Table:
    """Pairs in columns of one width each from top to bottom; a text alone is a heading."""
    table = Table.grid(padding=(0, 2))
    listed = list(rows)
    for place in range(columns):
        pairs = [row[place] for row in listed if not isinstance(row, str) and place < len(row)]
        table.add_column(min_width=max((cell_len(keys) for keys, _ in pairs), default=0), no_wrap=True)
        table.add_column()
    for row in listed:
        if isinstance(row, str):
            table.add_row(Text.assemble((row, "underline")))
        else:
            table.add_row(*(Text(text, style="" if end else "bold") for pair in row for end, text in enumerate(pair)))
    return table

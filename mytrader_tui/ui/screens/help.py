"""Help: the keys, as they are bound, and what the badges claim."""

from collections.abc import Iterable
from itertools import chain, zip_longest
from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from mytrader_tui.market.freshness import BadgeKind

_WIDE, _COLUMNS = 80, 3
"""From this width on the keys stand in so many columns, in one fewer below."""

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
)


class Help(ModalScreen[None]):
    """Shows the bindings that were active when it was asked for."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,question_mark,q", "close", "Close", key_display="esc")]

    def __init__(self, keys: tuple[tuple[str, str], ...]) -> None:
        super().__init__()
        self._keys = keys

    def compose(self) -> ComposeResult:
        """The box with the two lists."""
        columns = _COLUMNS if self.app.size.width >= _WIDE else _COLUMNS - 1
        with VerticalScroll(id="help-box", classes="dialog") as box:
            box.border_title = "Help"
            box.border_subtitle = "esc closes"
            yield Static(_table(_side_by_side(self._keys, columns)), id="help-keys")
            yield Static(_table((kind.value, text) for kind, text in _BADGES.items()), id="help-badges")
            yield Static(Text("\n".join(_NOTES)), id="help-notes")

    def action_close(self) -> None:
        """Close it."""
        self.dismiss(None)


def key_list(bindings: Iterable[ActiveBinding], display: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Each described action with its keys; `display` is how a key is written."""
    keys: dict[str, list[str]] = {}
    for active in bindings:
        if active.binding.description and not active.binding.system:
            written = display.get(active.binding.key, active.binding.key)
            keys.setdefault(active.binding.description, []).append(written)
    return tuple((" ".join(dict.fromkeys(written)), what) for what, written in keys.items())


def _side_by_side(keys: tuple[tuple[str, str], ...], columns: int) -> Iterable[tuple[str, ...]]:
    """The list in so many columns, read downwards."""
    height = -(-len(keys) // columns)
    parts = [keys[start : start + height] for start in range(0, len(keys), height)]
    return (tuple(chain.from_iterable(row)) for row in zip_longest(*parts, fillvalue=("", "")))


def _table(rows: Iterable[tuple[str, ...]]) -> Table:
    table = Table.grid(padding=(0, 2))
    for row in rows:
        table.add_row(*(Text(text, style="" if place % 2 else "bold") for place, text in enumerate(row)))
    return table

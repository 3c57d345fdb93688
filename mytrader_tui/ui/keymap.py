"""What can be done on a screen, with the keys as they are now: what help, palette and key bars are made from."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, Protocol, runtime_checkable

from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import key_to_character
from textual.screen import Screen

from mytrader_tui.settings.actions import DEFAULTS
from mytrader_tui.settings.keys import UNBOUND

HERE = "This screen"
_GROUPS = {
    "Watchlist": (
        *("add", "remove", "undo", "filter", "jump", "sort", "reverse", "move_row_up", "move_row_down"),
        *("next_list", "previous_list", "other_pane", "show_positions", "show_detail", "show_all", "hide"),
    ),
    "Screens": (
        *("detail", "inspect", "lists", "new_alert", "alerts", "orders", "account"),
        *("ledger", "log", "history", "statistics"),
    ),
    "Side detail": (
        *("timeframe_1d", "timeframe_5d", "timeframe_1m", "timeframe_3m", "timeframe_6m"),
        *("timeframe_1y", "timeframe_5y", "chart_line", "crosshair_left", "crosshair_right", "zoom_all"),
    ),
    "Program": ("source", "refresh", "pause", "theme", "help", "palette", "quit", "quit_at_once", "close"),
    "Moving": ("row_up", "row_down", "page_up", "page_down", "first_row", "last_row", "choose"),
}
_OF_MAIN = ("Watchlist", "Screens", "Side detail")
_PLACES = {group: place for place, group in enumerate((HERE, *_GROUPS))}
_GROUP_OF = {name: group for group, names in _GROUPS.items() for name in names}
_ORDER = {name: place for place, name in enumerate(name for names in _GROUPS.values() for name in names)}


@runtime_checkable
class Renamed(Protocol):
    """An app whose keys the user may have changed."""

    @property
    def keymap(self) -> Mapping[str, str]:
        """The changed keys by the action's name."""


class Doable(NamedTuple):
    """An action that works here and now: its name in the settings, its keys as written, its words, and how to do it.

    `keys` is empty for one that the user took every key from. `key` is the first of them as Textual names it.
    """

    name: str
    keys: tuple[str, ...]
    key: str
    label: str
    what: str
    action: str
    node: DOMNode
    shown: bool
    group: str


def key_of(app: App[Any], name: str) -> str:
    """The first key of the action `name` as texts write it; empty if it has none."""
    changed = app.keymap.get(name) if isinstance(app, Renamed) else None
    key = (changed or DEFAULTS[name]).partition(",")[0]
    return "" if key == UNBOUND else app.get_key_display(Binding(key, name))


def doable(screen: Screen[Any], *, resting: bool = False) -> tuple[Doable, ...]:
    """What can be done on `screen`, each once, in the order of the groups; its own actions come first.

    With `resting` also what is for another pane than the one in use (its `check_action` says None).
    """
    found: dict[tuple[DOMNode, str, str], Doable] = {}
    for node, binding, enabled in (*_on_screen(screen), *_of_app(screen)):
        # What Textual binds by itself has no id: going from field to field, copying what cannot be marked here.
        if not (enabled or resting) or not binding.description or not binding.id or _typed(screen, binding.key):
            continue
        place = (node, binding.action, binding.description)
        keys = () if binding.key == UNBOUND else (screen.app.get_key_display(binding),)
        before = found.get(place)
        if before is not None:
            found[place] = before._replace(keys=tuple(dict.fromkeys(before.keys + keys)))
            continue
        what = binding.tooltip or binding.description
        found[place] = Doable(
            binding.id,
            keys,
            binding.key,
            binding.description,
            what,
            binding.action,
            node,
            binding.show,
            _group(screen, binding.id),
        )
    return tuple(sorted(found.values(), key=lambda each: (_PLACES[each.group], _ORDER.get(each.name, -1))))


def _group(screen: Screen[Any], name: str) -> str:
    """The heading of an action; what a dialog does is its own, though the main screen may call it the same."""
    group = _GROUP_OF.get(name, HERE)
    return HERE if screen.is_modal and group in _OF_MAIN else group


def written(keys: Iterable[str]) -> str:
    """Keys as help and palette write them."""
    return " ".join(keys)


def _typed(screen: Screen[Any], key: str) -> bool:
    """True while `key` is a character for what is typed into."""
    character = key_to_character(key) if key != UNBOUND else None
    return bool(character and screen.focused is not None and screen.focused.check_consume_key(key, character))


def _on_screen(screen: Screen[Any]) -> Iterator[tuple[DOMNode, Binding, bool]]:
    for active in screen.active_bindings.values():
        yield active.node, active.binding, active.enabled


def _of_app(screen: Screen[Any]) -> Iterator[tuple[DOMNode, Binding, bool]]:
    """The keys of the program itself, which a dialog hides from `active_bindings` though they work over it."""
    app = screen.app
    if not screen.is_modal:
        return
    renamed = app.keymap if isinstance(app, Renamed) else {}
    for binding in Binding.make_bindings(app.BINDINGS):
        if binding.priority:
            changed = renamed.get(binding.id or "")
            for key in changed.split(",") if changed else (binding.key,):
                yield app, binding.with_key(key, None if changed else binding.key_display), True

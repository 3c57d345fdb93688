"""Every action that has a key: its name in `[keys]`, its keys by default, and with which others it is in reach.

The names are the ids of the screens' bindings, gathered here so that `[keys]` can be checked without building a
screen. A test compares.
"""

from collections.abc import Mapping
from typing import NamedTuple

BOUND: Mapping[str, Mapping[str, str]] = {
    "DressedApp": {
        "help": "question_mark",
        "theme": "t",
        "palette": "ctrl+p",
        "quit_at_once": "ctrl+q,ctrl+c",
    },
    "MainScreen": {
        "add": "a",
        "remove": "d,delete",
        "undo": "u",
        "other_pane": "p",
        "show_positions": "P",
        "show_detail": "D",
        "next_list": "tab",
        "previous_list": "shift+tab",
        "quit": "q",
        "source": "f",
        "detail": "enter",
        "inspect": "i",
        "orders": "o",
        "lists": "L",
        "account": "e",
        "new_alert": "exclamation_mark",
        "alerts": "A",
        "ledger": "f3",
        "log": "l",
        "hide": "dollar_sign",
        "sort": "s",
        "reverse": "S",
        "filter": "slash",
        "jump": "apostrophe,ctrl+f",
        "move_row_up": "K,shift+up",
        "move_row_down": "J,shift+down",
        "pause": "space",
        "refresh": "r",
        "timeframe_1d": "1",
        "timeframe_5d": "2",
        "timeframe_1m": "3",
        "timeframe_3m": "4",
        "timeframe_6m": "5",
        "timeframe_1y": "6",
        "timeframe_5y": "7",
        "chart_line": "c",
        "crosshair_left": "left",
        "crosshair_right": "right",
        "zoom_all": "0",
    },
    "StripScreen": {
        "quit": "q",
        "next_list": "tab",
        "previous_list": "shift+tab",
    },
    "WatchPane": {
        "show_all": "escape",
    },
    "TickingTable": {
        "row_up": "up,k",
        "row_down": "down,j",
        "page_up": "pageup",
        "page_down": "pagedown",
        "first_row": "home,g",
        "last_row": "end,G",
    },
    "EntryLine": {
        "entry_close": "escape",
        "entry_up": "up",
        "entry_down": "down",
    },
    "SortChooser": {
        "close": "escape",
        "sort_down": "j",
        "sort_up": "k",
    },
    "AddSymbol": {
        "close_add": "escape",
    },
    "SymbolInput": {
        "add_typed": "enter",
        "complete": "tab",
        "choose_next": "down",
        "choose_previous": "up",
    },
    "ListsScreen": {
        "choose_list": "enter",
        "add": "a",
        "rename_list": "r",
        "remove": "d,delete",
        "undo": "u",
        "move_row_up": "K,shift+up",
        "move_row_down": "J,shift+down",
        "close": "escape,q",
        "lists": "L",
    },
    "DetailScreen": {
        "close": "escape,q",
        "detail": "enter",
        "timeframe_1d": "1",
        "timeframe_5d": "2",
        "timeframe_1m": "3",
        "timeframe_3m": "4",
        "timeframe_6m": "5",
        "timeframe_1y": "6",
        "timeframe_5y": "7",
        "longer_timeframe": "l,right_square_bracket",
        "shorter_timeframe": "h,left_square_bracket",
        "chart_line": "c",
        "crosshair_left": "left",
        "crosshair_right": "right",
        "crosshair_far_left": "shift+left",
        "crosshair_far_right": "shift+right",
        "crosshair_oldest": "home",
        "crosshair_newest": "end",
        "crosshair_away": "x",
        "zoom_in": "plus,equals_sign",
        "zoom_out": "minus",
        "zoom_all": "0",
        "pan_earlier": "less_than_sign,comma",
        "pan_later": "greater_than_sign,full_stop",
        "next_symbol": "down,j,n",
        "previous_symbol": "up,k,N",
        "refresh": "r",
        "hide": "dollar_sign",
    },
    "InspectorScreen": {
        "close": "escape,q",
        "inspect": "i",
        "inspect_next": "j,n",
        "inspect_previous": "k,N",
        "copy": "y",
    },
    "ProofPage": {
        "proof_up": "up",
        "proof_down": "down",
        "page_up": "pageup",
        "page_down": "pagedown",
        "first_row": "home,g",
        "last_row": "end,G",
    },
    "AlertForm": {
        "close": "escape",
        "next_kind": "down,tab",
        "previous_kind": "up,shift+tab",
        "extended_hours": "x",
    },
    "AlertsScreen": {
        "close": "escape,q",
        "alerts": "A",
        "edit_alert": "enter,e",
        "rearm": "r",
        "remove": "d,delete",
        "undo": "u",
    },
    "OrdersScreen": {
        "close": "escape,q",
        "orders": "o",
        "open_orders": "1",
        "closed_orders": "2",
        "all_orders": "3",
        "next_filter": "tab",
        "hide": "dollar_sign",
    },
    "AccountScreen": {
        "close": "escape,q",
        "account": "e",
        "period_1d": "1",
        "period_1w": "2",
        "period_1m": "3",
        "period_3m": "4",
        "period_1y": "5",
        "hide": "dollar_sign",
    },
    "LedgerScreen": {
        "close": "escape,q",
        "ledger": "f3",
    },
    "LogScreen": {
        "close": "escape,q",
        "log": "l",
        "log_all": "1",
        "log_warnings": "2",
        "log_errors": "3",
    },
    "LooksScreen": {
        "close": "escape,q",
        "colours": "c",
        "choose": "enter",
    },
    "Picker": {
        "row_up": "up,k",
        "row_down": "down,j",
        "page_up": "pageup",
        "page_down": "pagedown",
        "first_row": "home,g",
        "last_row": "end,G",
    },
    "Help": {
        "close": "escape,q",
    },
    "Page": {
        "row_up": "up,k",
        "row_down": "down,j",
        "page_up": "pageup",
        "page_down": "pagedown",
        "first_row": "home,g",
        "last_row": "end,G",
    },
}
"""The keys of each class that binds some, by the action's name."""


class Place(NamedTuple):
    """Where somebody is, in words for a complaint, and the classes whose keys are in reach there."""

    where: str
    classes: tuple[str, ...]


_EVERYWHERE = "DressedApp"
EVERYWHERE = frozenset(BOUND[_EVERYWHERE])
"""The actions that are in reach over every dialog."""

PLACES = (
    Place("on the main screen", (_EVERYWHERE, "MainScreen", "WatchPane", "TickingTable")),
    Place("in the strip under the prompt", ("StripScreen", "TickingTable")),
    Place("in the line to type into", (_EVERYWHERE, "EntryLine")),
    Place("in the choice of a sort", (_EVERYWHERE, "SortChooser")),
    Place("in the dialog that adds", (_EVERYWHERE, "AddSymbol", "SymbolInput")),
    Place("among the lists", (_EVERYWHERE, "ListsScreen", "TickingTable")),
    Place("in the detail", (_EVERYWHERE, "DetailScreen")),
    Place("in the inspector", (_EVERYWHERE, "InspectorScreen", "ProofPage")),
    Place("in the alert dialog", (_EVERYWHERE, "AlertForm")),
    Place("among the alerts", (_EVERYWHERE, "AlertsScreen", "TickingTable")),
    Place("among the orders", (_EVERYWHERE, "OrdersScreen", "TickingTable")),
    Place("in the account", (_EVERYWHERE, "AccountScreen")),
    Place("in the ledger", (_EVERYWHERE, "LedgerScreen", "TickingTable")),
    Place("in the log", (_EVERYWHERE, "LogScreen", "TickingTable")),
    Place("among the themes", (_EVERYWHERE, "LooksScreen", "Picker")),
    Place("in the help", (_EVERYWHERE, "Help", "Page")),
)
"""Every place. No two actions of one place may want the same key."""

DEFAULTS: Mapping[str, str] = {name: keys for bound in reversed(tuple(BOUND.values())) for name, keys in bound.items()}
"""The keys of each action by default; where an action has more of them in some places, those of the first."""

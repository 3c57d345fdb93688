"""The keys of the main screen and their order in its last line."""

from textual.binding import Binding, BindingType

from mytrader_tui.market.bars import Timeframe
from mytrader_tui.ui.doors import DOORS

MAIN_KEYS: tuple[BindingType, ...] = (
    Binding("a", "add", "Add", tooltip="Add symbols to the watchlist", id="add"),
    Binding("d,delete", "remove", "Remove", tooltip="Remove the symbol under the cursor", id="remove"),
    Binding("u", "undo", "Undo", tooltip="Bring the symbol removed last back", id="undo"),
    Binding("p", "other_pane", "Pane", tooltip="Go to the positions, or back to the list", id="other_pane"),
    Binding(
        "P",
        "show_positions",
        "Hide pane",
        show=False,
        tooltip="Keep the positions off the screen, or have them back",
        id="show_positions",
    ),
    Binding(
        "D",
        "show_detail",
        "Side detail",
        show=False,
        tooltip="Keep the detail off the side of a wide screen, or have it back",
        id="show_detail",
    ),
    *(
        Binding(f"{key}", f"timeframe('{each.value}')", each.value, show=False, id=f"timeframe_{each.value.lower()}")
        for key, each in enumerate(Timeframe, start=1)
    ),
    Binding("c", "line", "Line", show=False, tooltip="Draw candles or a line at the side", id="chart_line"),
    Binding("left", "point(-1)", "Point left", key_display="←", show=False, id="crosshair_left"),
    Binding("right", "point(1)", "Point right", key_display="→", show=False, id="crosshair_right"),
    Binding("0", "whole", "Every bar", show=False, id="zoom_all"),
    Binding("tab", "step_list(1)", "Next list", tooltip="Show the next list", id="next_list"),
    Binding(
        "shift+tab",
        "step_list(-1)",
        "Previous list",
        show=False,
        tooltip="Show the list before",
        id="previous_list",
    ),
    Binding("q", "app.quit", "Quit", id="quit"),
    Binding("f", "source", "Source", tooltip="Go on to the next choice of source", id="source"),
    *(door.binding for door in DOORS),
    Binding(
        "dollar_sign",
        "hide",
        "Hide amounts",
        key_display="$",
        show=False,
        tooltip="Hide or show every amount",
        id="hide",
    ),
    Binding("s", "sort", "Sort", tooltip="Choose what the table is sorted by", id="sort"),
    Binding("S", "reverse", "Reverse", show=False, tooltip="Turn the order of the rows round", id="reverse"),
    Binding(
        "slash",
        "filter",
        "Filter",
        key_display="/",
        tooltip="Show only the rows with a text in their symbol or name",
        id="filter",
    ),
    Binding(
        "apostrophe,ctrl+f",
        "jump",
        "Jump",
        key_display="'",
        show=False,
        tooltip="Go to the row whose symbol begins as you type",
        id="jump",
    ),
    Binding("K,shift+up", "move_row(-1)", "Row up", show=False, id="move_row_up"),
    Binding("J,shift+down", "move_row(1)", "Row down", show=False, id="move_row_down"),
    Binding("space", "pause", "Pause", tooltip="Hold every price to read it in peace, or go on", id="pause"),
    Binding("r", "refresh", "Refresh", tooltip="Ask every source again now", id="refresh"),
)

KEY_BAR = (
    "add",
    "remove",
    "undo",
    "open('detail')",
    "other_pane",
    "help",
    "filter",
    "app.quit",
    "sort",
    "step_list(1)",
    "pause",
    *(f"open('{door.name}')" for door in DOORS if door.name != "detail"),
    "source",
)
"""The actions that come first where there is not room for all."""

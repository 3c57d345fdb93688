"""The one screen that stays, and what its keys do."""

from collections.abc import Iterator
from functools import partial
from typing import ClassVar

from msgspec.structs import replace
from textual import on
from textual.binding import BindingType
from textual.types import IgnoreReturnCallbackType
from textual.widgets import Input
from typing_extensions import override

from mytrader_tui.market.quote import Source
from mytrader_tui.ui.doors import DOORS, Visit
from mytrader_tui.ui.keymap import key_of
from mytrader_tui.ui.layout import WIDE_WIDTH
from mytrader_tui.ui.screens.main_keys import MAIN_KEYS
from mytrader_tui.ui.screens.market import MarketScreen
from mytrader_tui.ui.watch.words import why_unmovable
from mytrader_tui.ui.widgets.list_tabs import ListTabs
from mytrader_tui.ui.widgets.ticking_table import TickingTable
from mytrader_tui.ui.widgets.watchlist import WatchlistTable, falls_first

_DOORS = {door.name: door for door in DOORS}

_DETAIL = "detail"
"""The door that a row opens."""


class MainScreen(MarketScreen, inherit_bindings=False):
    """The market, with a key for everything that can be done about it."""

    BINDINGS: ClassVar[list[BindingType]] = [*MAIN_KEYS]

    @override
    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done now."""
        match action:
            case "undo":
                return self._can_undo
            case "remove":
                return self._watchlist.has_focus and self._watchlist.cursor_key is not None
            case "step_list":
                return len(self._desk.lists.names) > 1 or self._panes.tabbed
            case "other_pane":
                return self._panes.reachable
            case "timeframe" | "line" | "point" | "whole":
                return self._panes.side.is_open and not isinstance(self.focused, Input)
            case "add" | "filter" | "jump":
                # Whatever their keys are: a line that is typed into is left before another is opened.
                return not isinstance(self.focused, Input)
            case "reverse":
                # None is offered in the help, though not in the key bar.
                return True if self._panes.at_positions or self._watchlist.sorting is not None else None
            case "move_row":
                return self._watchlist.has_focus and self._watchlist.cursor_key is not None
            case "open":
                return not _DOORS[str(parameters[0])].of_symbol or bool(self._subject)
            case _:
                return True

    def action_add(self) -> None:
        """Ask for symbols to add."""
        from mytrader_tui.ui.screens.add_symbol import AddSymbol

        self.app.push_screen(AddSymbol(self._desk), self._added)

    def _added(self, symbols: tuple[str, ...] | None) -> None:
        self._sync_watchlist()
        if symbols:
            self._panes.look(at_positions=False)
            self._watchlist.move_to(symbols[-1])
            self._tell(f"Added {', '.join(symbols)}.")

    def action_remove(self) -> None:
        """Take the symbol under the cursor off the watchlist."""
        symbol = self._watchlist.cursor_key
        if symbol is not None:
            self._desk.remove(symbol)
            self._sync_watchlist()
            key = key_of(self.app, "undo")
            self._tell(f"Removed {symbol}." + (f" Press {key} to undo." if key else ""))

    def action_undo(self) -> None:
        """Bring the symbol removed last back to its place."""
        symbol = self._desk.undo_remove()
        self._sync_watchlist()
        if symbol is not None:
            self._watchlist.move_to(symbol)
            self._tell(f"{symbol} is back.")

    def action_other_pane(self) -> None:
        """Go from the watchlist to the positions, or back."""
        self._show_tab(at_positions=not self._panes.at_positions)

    def action_step_list(self, places: int) -> None:
        """Show the list so many places further on; where the positions are a tab, they come after the last."""
        if not self._panes.tabbed:
            self._desk.lists.step(places)
            self._show_tab(at_positions=self._panes.at_positions)
            return
        names = self._desk.lists.names
        here = len(names) if self._panes.at_positions else names.index(self._desk.lists.active)
        there = (here + places) % (len(names) + 1)
        if there < len(names):
            self._desk.lists.choose(names[there])
        self._show_tab(at_positions=there == len(names))

    @on(ListTabs.Chosen)
    def tab_chosen(self, event: ListTabs.Chosen) -> None:
        """Show what was clicked."""
        event.stop()
        if event.name is not None:
            self._desk.lists.choose(event.name)
        self._show_tab(at_positions=event.name is None or (self._panes.at_positions and not self._panes.tabbed))

    def _show_tab(self, *, at_positions: bool) -> None:
        """Show the active list or the positions at once."""
        self._panes.look(at_positions=at_positions)
        self.refresh_bindings()
        self._said = None
        self.paint()

    def action_sort(self) -> None:
        """Ask what the table with the focus shall be sorted by."""
        from mytrader_tui.ui.screens.sort import chooser_of_positions, chooser_of_watchlist

        if self._panes.at_positions:
            self.app.push_screen(chooser_of_positions(self._positions), self._positions.sort_by)
        else:
            self.app.push_screen(chooser_of_watchlist(self._watchlist), self._sort_by)

    @on(WatchlistTable.SortAsked)
    def sort_asked(self, event: WatchlistTable.SortAsked) -> None:
        """A title was clicked."""
        event.stop()
        self._sort_by(event.name)

    def _sort_by(self, name: str | None) -> None:
        """Sort by the column `name`, or the other way round if the rows are already; an empty name is by hand."""
        if name is None:
            return
        view = self._desk.view
        falling = not view.falling if name == view.sort else falls_first(name)
        self._desk.keep_view(replace(view, sort=name, falling=falling and bool(name)))
        self._sync_watchlist()
        self.refresh_bindings()
        self._said = None

    def action_reverse(self) -> None:
        """Turn the order of the rows round."""
        if self._panes.at_positions:
            self._positions.reverse()
        else:
            self._sort_by(self._desk.view.sort)

    def action_filter(self) -> None:
        """Show only the rows with a text that is typed."""
        self._panes.look(at_positions=False)
        self._panes.watch_pane.open_filter()

    def action_jump(self) -> None:
        """Go to the row whose symbol begins as is typed."""
        self._panes.look(at_positions=False)
        self._panes.watch_pane.open_jump()

    def action_move_row(self, rows: int) -> None:
        """Move the row under the cursor by `rows` in the order made by hand, if that is what is shown."""
        key, sorting = self._watchlist.cursor_key, self._watchlist.sorting
        why = why_unmovable(
            sort=sorting[0] if sorting else None,
            filtered=bool(self._watchlist.wanted),
            key=key_of(self.app, "sort"),
            whole=key_of(self.app, "show_all"),
        )
        if why:
            self._tell(why)
        elif key is not None:
            self._desk.lists.move(key, rows)
            self._sync_watchlist()
            self._watchlist.move_to(key)

    def action_pause(self) -> None:
        """Hold every price on the screen, or go on with the newest."""
        self.paint()
        now = self._desk.now()
        if self._held_since is None:
            self._held_since = now
            self._watchlist.hold(now)
        else:
            self._held_since = None
            self._watchlist.release(now)
        self._said = None
        self.paint()

    def action_refresh(self) -> None:
        """Ask every source again, as far as each allows it."""
        self._panes.side.ask_again()
        self._tell(self._desk.refresh())

    @on(TickingTable.Opened)
    def row_opened(self, event: TickingTable.Opened) -> None:
        """Two clicks on a row are its enter."""
        event.stop()
        self.action_open(_DETAIL)

    def action_show_positions(self) -> None:
        """Keep the positions off the screen, or have them back."""
        view = self._desk.view
        self._desk.keep_view(replace(view, positions_hidden=not view.positions_hidden))
        self._lay_out()
        key = key_of(self.app, "show_positions")
        self._tell("Positions pane shown." if view.positions_hidden else f"Positions pane hidden.{_again_by(key)}")

    def action_show_detail(self) -> None:
        """Keep the detail off the side of the tables, or have it back."""
        view = self._desk.view
        if self.size.width < WIDE_WIDTH:
            key = key_of(self.app, "detail")
            self._tell(f"Side detail needs {WIDE_WIDTH} columns" + (f": {key} opens it." if key else "."))
            return
        self._desk.keep_view(replace(view, detail_hidden=not view.detail_hidden))
        self._lay_out()
        self._follow()
        key = key_of(self.app, "show_detail")
        self._tell("Side detail shown." if view.detail_hidden else f"Side detail hidden.{_again_by(key)}")

    def action_timeframe(self, name: str) -> None:
        """Show the bars of another timeframe beside the tables."""
        self._panes.side.choose(name)

    def action_point(self, candles: int) -> None:
        """Move the crosshair beside the tables."""
        self._panes.side.point(candles)

    def action_whole(self) -> None:
        """Show every bar beside the tables again."""
        self._panes.side.show_all()

    def action_line(self) -> None:
        """Draw a line instead of candles beside the tables, or candles again."""
        self._panes.side.toggle_line()

    def action_hide(self) -> None:
        """Hide the account's amounts, or show them again."""
        self._desk.hide_amounts(not self._desk.amounts_hidden)
        self._said = None
        self.paint()

    def action_source(self) -> None:
        """Let the choice of source go on to the next."""
        self._tell(self._desk.cycle_source())

    def more_commands(self) -> Iterator[tuple[str, IgnoreReturnCallbackType]]:
        """The choices of source that are not made already."""
        for source in (None, Source.ALPACA, Source.YAHOO):
            if source is not self._desk.pinned:
                name = source.value.capitalize() if source else "automatic"
                yield f"Source: {name}", partial(self._pin, source)

    def _pin(self, source: Source | None) -> None:
        self._tell(self._desk.pin(source))

    def action_open(self, name: str) -> None:
        """Open the door called `name`."""
        door = _DOORS[name]
        table, keys = self._in_use, self._in_use.keys
        symbols = tuple(map(self._symbol_of, keys))
        visit = Visit(
            self._desk,
            self._subject,
            self._zone,
            symbols,
            lambda symbol: table.move_to(keys[symbols.index(symbol)]),
            self._chart_look,
        )
        self.app.push_screen(door.open(visit), self._back)

    def _back(self, told: str | None) -> None:
        """A screen was left, which may have something to tell, or have changed what is shown."""
        self.refresh_bindings()
        if told:
            self._tell(told)


def _again_by(key: str) -> str:
    return f" {key} shows it again." if key else ""

"""An app in a theme, colours and glyphs that the user chose, whose every action has a key, a help and a palette."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import ClassVar

from msgspec.structs import replace
from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.filter import LineFilter, NoColor
from textual.scrollbar import ScrollBar
from textual.theme import Theme
from textual.types import IgnoreReturnCallbackType
from typing_extensions import override

from mytrader_tui.settings.actions import DEFAULTS
from mytrader_tui.settings.schema import Ui
from mytrader_tui.ui.commands import ActionCommands
from mytrader_tui.ui.desk import Desk
from mytrader_tui.ui.glyphs import table_for, with_glyphs
from mytrader_tui.ui.keymap import doable
from mytrader_tui.ui.paste_guard import guard_pastes
from mytrader_tui.ui.themes import OF_16, OURS, choose
from mytrader_tui.ui.tones import COLOURS, dressed, unknown_to
from mytrader_tui.ui.typed_ahead import TypedAhead
from mytrader_tui.ui.wardrobe import Look
from mytrader_tui.ui.widgets.scroll_bar import LineScrollBar

_FEW = frozenset({"standard", "windows"})
"""What Rich calls a terminal of 16 colours."""


_IN_WORDS = frozenset({"enter", "backspace"})
_ARROWS = frozenset({"up", "down", "left", "right"})

# Every scrollbar has our look; Textual means this attribute to be set so.
ScrollBar.renderer = LineScrollBar


class DressedApp(App[int]):
    """Wears what `desk.view` keeps of an earlier choice, else what `settings` say; `keymap` are the changed keys.

    `theme` goes before both, in this run alone.
    """

    ENABLE_COMMAND_PALETTE = True
    COMMANDS: ClassVar[set[type[ActionCommands] | Callable[[], type[ActionCommands]]]] = {ActionCommands}  # type: ignore[assignment]
    BINDINGS: ClassVar[list[BindingType]] = [
        # With priority these work over every dialog; where something is typed, a character stays one.
        Binding("question_mark", "help", "Help", key_display="?", priority=True, id="help"),
        Binding(
            "t", "looks", "Theme", tooltip="Choose the theme and its colours", show=False, priority=True, id="theme"
        ),
        Binding("ctrl+p", "command_palette", "Commands", tooltip="Find any command", priority=True, id="palette"),
        Binding("ctrl+q,ctrl+c", "quit", "Quit at once", show=False, priority=True, id="quit_at_once"),
    ]

    def __init__(self, desk: Desk, settings: Ui, keymap: Mapping[str, str], theme: str = "") -> None:
        self._desk = desk
        self._settings = settings
        self._passing = theme
        self._colours: str = settings.colours
        self._replaced = table_for(settings.glyphs, os.environ, getattr(sys.__stderr__, "encoding", None) or "utf-8")
        super().__init__()
        self.keymap = dict(keymap)
        self.set_keymap(self.keymap)
        for each in (*OURS, OF_16):
            self.register_theme(each)
        self.typed_ahead = TypedAhead(self, self._deliver)
        self._dress_beforehand()

    # Its keys.

    @override
    async def on_event(self, event: events.Event) -> None:
        """Take keys and pastes one by one, however fast they come; the way out waits for nobody."""
        typed = isinstance(event, (events.Key, events.Paste)) and not event.is_forwarded
        if typed and not (isinstance(event, events.Key) and event.key in self._way_out):
            await self.typed_ahead.take(event)
        else:
            await self._deliver(event)

    async def _deliver(self, event: events.Event) -> None:
        """Hand `event` on; what is still typed when the last screen is gone was for nobody."""
        if self.screen_stack or not isinstance(event, (events.InputEvent, events.Paste)):
            await super().on_event(event)

    @property
    def _way_out(self) -> list[str]:
        return (self.keymap.get("quit_at_once") or DEFAULTS["quit_at_once"]).split(",")

    # What it wears.

    @override
    def get_driver_class(self) -> type[Driver]:
        """The terminal's driver, with the glyphs that the terminal has, which reads a paste as nothing but text."""
        driver = self.base_driver()
        guard_pastes(driver)
        return driver if self._replaced is None else with_glyphs(driver, self._replaced)

    def base_driver(self) -> type[Driver]:
        """The driver itself."""
        return super().get_driver_class()

    @override
    def get_line_filters(self) -> Sequence[LineFilter]:
        """Under NO_COLOR nothing but the terminal's own two colours; Textual by itself would write greys."""
        filters = super().get_line_filters()
        return [*filters, NoColor()] if self.no_color else filters

    @override
    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our colours for themes that do not know them."""
        return unknown_to(self.current_theme)

    @override
    def get_css_variables(self) -> dict[str, str]:
        """The theme's colours, with those that carry meaning as they were chosen and readable on its grounds."""
        variables = super().get_css_variables()
        variables.update(dressed(self.current_theme, variables, self._colours))
        self.theme_variables = variables
        return variables

    @property
    def few_colours(self) -> bool:
        """True in a terminal of 16 colours."""
        return not self.is_headless and self.console.color_system in _FEW

    @property
    def look(self) -> Look:
        """What is worn."""
        return Look(self.theme, self._colours)

    @property
    def wearable(self) -> tuple[str, ...]:
        """The names of the themes that this terminal can show, ours first."""
        ours = [theme.name for theme in (*OURS, OF_16)]
        every = self.available_themes
        names = [*ours, *sorted(every.keys() - set(ours))]
        return tuple(name for name in names if self._can_show(every[name]))

    def wear(self, look: Look) -> None:
        """Put `look` on."""
        if look.colours != self._colours:
            self._colours = look.colours
            self._invalidate_css()
            self.refresh_css(animate=False)
            self.call_next(self.theme_changed_signal.publish, self.current_theme)
        self.theme = look.theme

    def keep(self, look: Look) -> None:
        """Put `look` on, also after a restart. What config.toml says anyway needs no keeping."""
        self.wear(look)
        theme = "" if look.theme == self._settings.theme else look.theme
        if look.theme == self._passing:
            theme = self._desk.view.theme
        colours = "" if look.colours == self._settings.colours else look.colours
        self._desk.keep_view(replace(self._desk.view, theme=theme, colours=colours))

    def dress(self) -> str:
        """Put on what was chosen; a sentence for the user where that cannot be shown, else empty."""
        look, complaint = self._chosen(few=self.few_colours)
        self.wear(look)
        return complaint

    def _dress_beforehand(self) -> None:
        """Wear what will be worn from the first picture on: the styles are then read once, not three times.

        A theme of the terminal's own colours waits for the terminal.
        """
        look, _ = self._chosen(few=self.few_colours)
        if self.available_themes[look.theme].ansi:
            return
        self._colours = look.colours
        self.set_reactive(App.theme, look.theme)
        self.stylesheet.set_variables(self.get_css_variables())

    def _chosen(self, *, few: bool) -> tuple[Look, str]:
        """What to wear in a terminal of `few` colours or of many, and why it is not what was asked for."""
        view = self._desk.view
        kept = view.theme if view.theme in self.wearable else ""
        wanted = self._passing or kept or self._settings.theme
        name, complaint = choose(wanted, self.available_themes, no_color=self.no_color, few=few)
        colours = view.colours if view.colours in COLOURS else self._settings.colours
        return Look(name, colours), complaint

    def _can_show(self, theme: Theme) -> bool:
        return not (theme.ansi and self.no_color) and (theme.ansi or not self.few_colours)

    # What its own keys do.

    @override
    def get_key_display(self, binding: Binding) -> str:
        """How a key is written: in words where its sign is on no keyboard, and where the terminal lacks it."""
        modifiers, key = binding.parse_key()
        if binding.key_display or not (key in _IN_WORDS or (key in _ARROWS and self._replaced is not None)):
            return super().get_key_display(binding)
        return "+".join((*modifiers, key))

    def more_commands(self) -> Iterator[tuple[str, IgnoreReturnCallbackType]]:
        """The lists, themes and colours that are not shown already."""
        lists, look = self._desk.lists, self.look
        for name in lists.names:
            if name != lists.active:
                yield f"Show the list {name}", partial(lists.choose, name)
        for colours in COLOURS:
            if colours != look.colours:
                yield f"Colours: {colours}", partial(self.keep, look._replace(colours=colours))
        for theme in self.wearable:
            if theme != look.theme:
                yield f"Theme: {theme}", partial(self.keep, look._replace(theme=theme))

    async def action_press(self, key: str) -> None:
        """Do what `key` does on the screen in sight, whatever has the focus; a click on a key ends here."""
        for each in doable(self.screen):
            if each.key == key:
                await self.run_action(each.action, each.node)
                return

    def action_help(self) -> None:
        """Show the keys that work here and what the badges mean, or close that again."""
        from mytrader_tui.ui.screens.help import Help

        if isinstance(self.screen, Help):
            self.screen.dismiss(None)
        else:
            self.push_screen(Help(doable(self.screen, resting=True)))

    def action_looks(self) -> None:
        """Open the choice of theme and colours, with each shown at once; or leave it as it was."""
        from mytrader_tui.ui.screens.looks import LooksScreen

        if isinstance(self.screen, LooksScreen):
            self.screen.dismiss(None)
        else:
            self.push_screen(LooksScreen(self))

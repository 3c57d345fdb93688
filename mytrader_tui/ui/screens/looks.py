"""The choice of theme and colours: whatever the cursor is on is worn at once, and put away again by esc."""

from typing import ClassVar

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option
from typing_extensions import override

from mytrader_tui.ui.tones import COLOURS
from mytrader_tui.ui.wardrobe import Wardrobe
from mytrader_tui.ui.widgets.dialog import Dialog
from mytrader_tui.ui.widgets.picker import Picker

_SAMPLE = (("▲ +1.25%", "up"), ("▼ -0.80%", "down"), ("● LIVE", "live"), ("◷ DELAYED", "delayed"), ("▲ STALE", "stale"))


class LooksScreen(ModalScreen[None]):
    """Lists the themes that the terminal can show. It stands at the edge, so that the prices behind it can be seen."""

    AUTO_FOCUS = "#looks-themes"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "close", "Close", id="close"),
        Binding("c", "colours", "Colours", tooltip="The next of the colour switches", id="colours"),
        Binding("enter", "choose", "Keep", tooltip="Keep this theme and these colours", priority=True, id="choose"),
    ]

    def __init__(self, wardrobe: Wardrobe) -> None:
        super().__init__(id="looks")
        self._wardrobe = wardrobe
        self._before = wardrobe.look

    def compose(self) -> ComposeResult:
        """The themes, the switches, and what they make of a rise, a fall and the badges."""
        names = self._wardrobe.wearable
        with Dialog("Theme", id="looks-box"):
            yield Picker(*(Option(Text(name), id=name) for name in names), id="looks-themes")
            yield Static(id="looks-colours", markup=False)
            yield Static(id="looks-sample", markup=False)

    def on_mount(self) -> None:
        """Put the cursor on what is worn."""
        names = self._wardrobe.wearable
        themes = self.query_one(Picker)
        themes.highlighted = names.index(self._before.theme) if self._before.theme in names else 0
        self._say()

    def on_resize(self, event: events.Resize) -> None:
        """Leave most of a low screen to what is tried on."""
        self.query_one(Picker).styles.max_height = max(3, min(12, event.size.height // 4))

    @on(OptionList.OptionHighlighted)
    def try_on(self, event: OptionList.OptionHighlighted) -> None:
        """Wear the theme under the cursor."""
        event.stop()
        if event.option.id is not None and event.option.id != self._wardrobe.look.theme:
            self._wardrobe.wear(self._wardrobe.look._replace(theme=event.option.id))
            self.call_after_refresh(self._say)

    @on(OptionList.OptionSelected)
    def chosen(self, event: OptionList.OptionSelected) -> None:
        """A click on a theme chooses it."""
        event.stop()
        self.action_choose()

    @override
    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where no colour is shown there are none to be switched."""
        return action != "colours" or not self.app.no_color

    def action_colours(self) -> None:
        """Wear the next of the colour switches."""
        look = self._wardrobe.look
        place = COLOURS.index(look.colours) if look.colours in COLOURS else -1
        self._wardrobe.wear(look._replace(colours=COLOURS[(place + 1) % len(COLOURS)]))
        self._say()

    def action_choose(self) -> None:
        """Keep what is worn."""
        self._wardrobe.keep(self._wardrobe.look)
        self.dismiss(None)

    def action_close(self) -> None:
        """Put on again what was worn before."""
        self._wardrobe.wear(self._before)
        self.dismiss(None)

    def _say(self) -> None:
        worn = self._wardrobe.look.colours
        switches = Text("  ").join(
            Text(f"[{name}]" if name == worn else f" {name} ", style="bold" if name == worn else "") for name in COLOURS
        )
        self.query_one("#looks-colours", Static).update(switches)
        if self.app.no_color:
            self.query_one("#looks-sample", Static).update("NO_COLOR is set: no colour is shown.")
            return
        variables = self._wardrobe.theme_variables
        sample = Text("  ").join(Text(text, style=_rich(variables.get(tone, ""))) for text, tone in _SAMPLE)
        self.query_one("#looks-sample", Static).update(sample)


def _rich(value: str) -> str:
    """A theme's colour as Rich writes it."""
    return value.removeprefix("ansi_") if value.startswith(("#", "ansi_")) else ""

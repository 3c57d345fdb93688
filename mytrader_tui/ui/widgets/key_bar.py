"""The last line: the keys that do something here and now."""

from collections.abc import Sequence

from rich.style import Style
from rich.text import Text
from textual.screen import Screen
from textual.theme import Theme

from mytrader_tui.ui.keymap import Doable, doable
from mytrader_tui.ui.widgets.lines import Lines


class KeyBar(Lines):
    """Keys and what they do, each of which can be clicked; those that do not fit are left out."""

    def __init__(self, actions: Sequence[str], *, id: str = "keys") -> None:
        """`actions`, told by their names in the settings or as Textual writes them, come first, in this order."""
        super().__init__(id=id)
        self.auto_links = False
        self._order = {action: place for place, action in enumerate(actions)}

    def on_mount(self) -> None:
        """Follow the focus, the actions that come and go with it, and the theme."""
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_changed)
        self.app.theme_changed_signal.subscribe(self, self._dressed)

    def on_resize(self) -> None:
        """Fit the keys to the new width."""
        self.say()

    def say(self) -> None:
        """Show what is meant to be shown and can be done."""
        line = Text(no_wrap=True)
        faint, bright = self.tone("faint"), self.tone("accent-text")
        for each in sorted(doable(self.screen), key=self._place):
            if not each.shown or not each.keys:
                continue
            key = each.keys[0]
            if line.cell_len + len(key) + len(each.label) + 3 > self.size.width:
                break
            click = Style(meta={"@click": f"app.press('{each.key}')"})
            line.append(" " + key, style=Style.parse(f"bold {bright}".strip()) + click)
            line.append(f" {each.label} ", style=Style.parse(faint) + click)
        self.show([line])

    def _place(self, each: Doable) -> int:
        return self._order.get(each.action, self._order.get(each.name, len(self._order)))

    def _bindings_changed(self, screen: Screen[object]) -> None:
        if self.is_attached and screen is self.screen:
            self.say()

    def _dressed(self, _: Theme) -> None:
        self.say()

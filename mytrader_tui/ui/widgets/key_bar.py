"""The last line: the keys that do something here and now."""

from collections.abc import Iterable, Sequence

from rich.style import Style
from rich.text import Text
from textual.binding import ActiveBinding
from textual.screen import Screen

from mytrader_tui.ui.widgets.lines import Lines


class KeyBar(Lines):
    """Keys and what they do, each of which can be clicked; those that do not fit are left out."""

    def __init__(self, actions: Sequence[str], *, id: str = "keys") -> None:
        """`actions` come first, in this order."""
        super().__init__(id=id)
        self.auto_links = False
        self._order = {action: place for place, action in enumerate(actions)}

    def on_mount(self) -> None:
        """Follow the focus and the actions that come and go with it."""
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_changed)

    def on_resize(self) -> None:
        """Fit the keys to the new width."""
        self.say(self.screen.active_bindings.values())

    def say(self, bindings: Iterable[ActiveBinding]) -> None:
        """Show those of `bindings` that are meant to be shown and can be used."""
        line = Text(no_wrap=True)
        faint, bright = self.tone("faint"), self.tone("primary")
        named: set[str] = set()
        for active in sorted(bindings, key=lambda active: self._order.get(active.binding.action, len(self._order))):
            binding = active.binding
            if not binding.show or not active.enabled or binding.action in named:
                continue
            named.add(binding.action)
            key = self.app.get_key_display(binding)
            if line.cell_len + len(key) + len(binding.description) + 3 > self.size.width:
                break
            click = Style(meta={"@click": f"app.press('{binding.key}')"})
            line.append(" " + key, style=Style.parse(f"bold {bright}".strip()) + click)
            line.append(f" {binding.description} ", style=Style.parse(faint) + click)
        self.show([line])

    def _bindings_changed(self, screen: Screen[object]) -> None:
        if self.is_attached and screen is self.screen:
            self.say(screen.active_bindings.values())

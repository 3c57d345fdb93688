"""The box of a dialog: its title on the upper edge, and on the lower one the keys that work in it."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rich.style import Style
from rich.text import Text
from textual.containers import Vertical
from textual.screen import Screen

from mytrader_tui.ui.keymap import Doable, doable

_EDGES = 6
"""The cells of the lower edge that are not for keys: the corners and what stands beside them."""

_GAP = " · "
_LAST = ("help", "close", "close_add")
_UNTOLD = "palette"


class Together(NamedTuple):
    """Actions that one word tells, by their names: their keys with `between` in between, and the `word`."""

    names: tuple[str, ...]
    between: str
    word: str


class Dialog(Vertical):
    """A box with `title` whose lower edge follows the keys of its screen; each of them can be clicked.

    The actions `together` are told as such and come first, the most important before the others. `applies` says by
    an action's name whether it is worth telling now: one that is not may still have an answer to its key.
    """

    def __init__(
        self,
        title: str,
        *,
        id: str,
        together: Sequence[Together] = (),
        applies: Callable[[str], bool] = lambda _: True,
    ) -> None:
        super().__init__(id=id, classes="dialog")
        self.border_title = Text(title)
        self._together = together
        self._applies = applies

    def on_mount(self) -> None:
        """Follow the keys that come and go with the focus."""
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_changed)

    def on_resize(self) -> None:
        """Fit the keys to the new width."""
        self.say_keys()

    def say_keys(self) -> None:
        """Write the keys on the lower edge: the way out always, of the others those that it has room for."""
        phrases = self._phrases()
        shown: list[str] = []
        room = self.outer_size.width - _EDGES + len(_GAP)
        for name in sorted(phrases, key=lambda name: name not in _LAST):
            if (used := phrases[name].cell_len + len(_GAP)) <= room:
                room -= used
                shown.append(name)
        self.border_subtitle = Text(_GAP).join(phrase for name, phrase in phrases.items() if name in shown)

    def _phrases(self) -> dict[str, Text]:
        """What there is to tell, by the name of its first action, in the order of the edge."""
        told = {each.name: each for each in doable(self.screen) if self._is_told(each)}
        said: dict[str, Text] = {}
        for together in self._together:
            if found := [each for name in together.names if (each := told.pop(name, None)) is not None]:
                keys = Text(together.between).join(_clicked(each, each.keys[0]) for each in found)
                said[found[0].name] = keys.append(f" {together.word}")
        for name in sorted(told, key=lambda name: _LAST.index(name) if name in _LAST else -1):
            said[name] = _phrase(told[name])
        return said

    def _is_told(self, each: Doable) -> bool:
        return bool(each.keys) and each.shown and each.name != _UNTOLD and self._applies(each.name)

    def _bindings_changed(self, screen: Screen[object]) -> None:
        if self.is_attached and screen is self.screen:
            self.say_keys()


def _phrase(each: Doable) -> Text:
    """`esc closes`, `$ Hide amounts`."""
    words = "closes" if each.name.startswith("close") else each.label
    return _clicked(each, f"{each.keys[0]} {words}")


def _clicked(each: Doable, text: str) -> Text:
    return Text(text, style=Style(meta={"@click": f"app.press('{each.key}')"}))

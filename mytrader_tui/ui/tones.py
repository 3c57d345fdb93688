"""The colours that carry meaning (up, down, live, delayed, stale), on top of whatever theme is worn.

A named switch chooses their hues; the theme's backgrounds choose their shades, so that each can be read on all of them.
"""

from collections.abc import Mapping
from typing import get_args

from textual.color import Color
from textual.theme import Theme

from mytrader_tui.settings.schema import Colours
from mytrader_tui.ui.contrast import readable

COLOURS: tuple[str, ...] = get_args(Colours)
"""The switches, by name."""

MEANINGS = ("up", "down", "live", "delayed", "stale")
ACCENT = "accent-text"
"""The theme's primary colour where it is written in; frames keep the theme's own."""

_CURSOR_PARTS = {True: (0.30, 0.12), False: (0.16, 0.08)}
"""How much of a theme's primary colour is in the row under the cursor, in use and not, on dark and on light themes."""

_GROUNDS = ("background", "surface", "panel", "row-cursor", "row-cursor-blurred")
_SOURCES = {"up": "success", "down": "error", "live": "success", "delayed": "warning", "stale": "error"}

# By Okabe and Ito, "Color Universal Design" (2008): hues that stay apart for every kind of colour vision. On a light
# ground their yellow would have to be a brown, hard to tell from the vermilion, so their reddish purple stands in.
_BLUE_ORANGE = {
    True: {"up": "#56B4E9", "down": "#E69F00", "live": "#56B4E9", "delayed": "#F0E442", "stale": "#D55E00"},
    False: {"up": "#0072B2", "down": "#D55E00", "live": "#0072B2", "delayed": "#CC79A7", "stale": "#D55E00"},
}
_BLUE_ORANGE_OF_16 = {
    True: {
        "up": "ansi_bright_cyan",
        "down": "ansi_bright_yellow",
        "live": "ansi_bright_cyan",
        "delayed": "ansi_bright_yellow",
        "stale": "ansi_bright_magenta",
    },
    False: {"up": "ansi_blue", "down": "ansi_red", "live": "ansi_blue", "delayed": "ansi_magenta", "stale": "ansi_red"},
}


def dressed(theme: Theme, variables: Mapping[str, str], colours: str) -> dict[str, str]:
    """What of `theme`, whose `variables` Textual has generated, is to be replaced under the switch `colours`."""
    worn = {name: variables[name] for name in (*MEANINGS, "faint", ACCENT, *_GROUNDS) if name in variables}
    if theme.ansi:
        return {**_switched(worn, colours, _BLUE_ORANGE_OF_16[theme.dark])}
    worn = {**worn, **_cursors(worn)}
    grounds = tuple(Color.parse(worn[name]) for name in _GROUNDS)
    worn["faint"] = _flat(worn["faint"], grounds[0])
    worn = _switched(worn, colours, _BLUE_ORANGE[theme.dark])
    return {
        name: value if name in _GROUNDS else readable(Color.parse(value), grounds).hex for name, value in worn.items()
    }


def unknown_to(theme: Theme) -> dict[str, str]:
    """The variables that our style sheet names, in the colours of a `theme` that does not know them."""
    found = {name: getattr(theme, source) or theme.primary for name, source in _SOURCES.items()}
    foreground = theme.foreground or ("#e0e0e0" if theme.dark else "#1f1f1f")
    found["faint"] = foreground if theme.ansi else f"{foreground} 65%"
    found[ACCENT] = theme.primary
    for name, part in zip(("row-cursor", "row-cursor-blurred"), _CURSOR_PARTS[theme.dark], strict=True):
        found[name] = f"{theme.primary} {part:.0%}"
    return found


def _switched(worn: Mapping[str, str], colours: str, blue_orange: Mapping[str, str]) -> dict[str, str]:
    match colours:
        case "red-up":
            return {**worn, "up": worn["down"], "down": worn["up"]}
        case "blue-orange":
            return {**worn, **blue_orange}
        case _:
            return dict(worn)


def _cursors(worn: Mapping[str, str]) -> dict[str, str]:
    """The rows under the cursor as opaque colours, so that what stands on them can be measured."""
    ground = Color.parse(worn["background"])
    return {name: _flat(worn[name], ground) for name in ("row-cursor", "row-cursor-blurred")}


def _flat(value: str, ground: Color) -> str:
    """A colour of the style sheet, which may let `ground` through, as the opaque one that it makes there."""
    base, _, part = value.partition(" ")
    colour = Color.parse(base)
    return ground.blend(colour, float(part.rstrip("%")) / 100 if part else colour.a).hex

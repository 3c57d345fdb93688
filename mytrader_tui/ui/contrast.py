"""How well a colour can be read on others, by the arithmetic of WCAG 2.2, and the nearest shade of it that can."""

from functools import lru_cache

from textual.color import Color

LEAST = 4.5
"""The contrast that WCAG's level AA asks of text."""

_STEPS = 40


def contrast(one: Color, other: Color) -> float:
    """The contrast ratio of two opaque colours, from 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@lru_cache(maxsize=4096)
def luminance(colour: Color) -> float:
    """The relative luminance of `colour` in sRGB, from 0 to 1."""
    red, green, blue = (_linear(channel / 255) for channel in (colour.r, colour.g, colour.b))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# A theme is dressed anew at each of its changes, in the same few colours.
@lru_cache(maxsize=1024)
def readable(colour: Color, grounds: tuple[Color, ...], least: float = LEAST) -> Color:
    """`colour`, or the nearest tint or shade of it that has the `least` contrast on each of `grounds`.

    Where none has it on all of them, the best there is.
    """

    def worst(candidate: Color) -> float:
        return min((contrast(candidate, ground) for ground in grounds), default=least)

    if worst(colour) >= least:
        return colour
    shades = [colour.blend(end, step / _STEPS) for step in range(1, _STEPS + 1) for end in (_WHITE, _BLACK)]
    found = next((shade for shade in shades if worst(shade) >= least), None)
    return found or max(shades, key=worst)


def _linear(channel: float) -> float:
    """A channel of sRGB, from 0 to 1, in proportion to light."""
    return float(channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4)


_BLACK, _WHITE = Color(0, 0, 0), Color(255, 255, 255)

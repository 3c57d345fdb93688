"""Candles as characters, half a line exact: a rising one is thin or hollow, a falling one is filled."""

from collections.abc import Iterator
from typing import NamedTuple

_NONE, _WICK, _BODY = 0, 1, 2

_RISING = {
    (_NONE, _WICK): "╷",
    (_WICK, _NONE): "╵",
    (_WICK, _WICK): "│",
    (_NONE, _BODY): "╻",
    (_BODY, _NONE): "╹",
    (_BODY, _BODY): "┃",
    (_WICK, _BODY): "╽",
    (_BODY, _WICK): "╿",
}
_FALLING = {
    **_RISING,
    (_NONE, _BODY): "▄",
    (_BODY, _NONE): "▀",
    (_BODY, _BODY): "█",
    (_WICK, _BODY): "▄",
    (_BODY, _WICK): "▀",
}
_VOLUMES = " ▁▂▃▄▅▆▇█"

RISING_SIGN, FALLING_SIGN = "┃", "█"
"""What a narrow candle's body is made of."""


class Halves(NamedTuple):
    """Where a candle stands, in half lines counted from the top: its wick, and its body within."""

    high: int
    low: int
    top: int
    bottom: int


class Glyph(NamedTuple):
    """A character on a line of the chart, so many columns right of the candle's middle."""

    column: int
    line: int
    char: str


def body_width(pitch: float) -> int:
    """How wide a candle's body is where its next neighbour stands `pitch` columns away: an odd number."""
    if pitch < 4:
        return 1
    return min(9, (int(pitch) - 2) // 2 * 2 + 1)


def glyphs(halves: Halves, width: int, *, falling: bool) -> Iterator[Glyph]:
    """The characters of a candle whose body is `width` columns wide."""
    if width > 1 and not falling:
        yield from _hollow(halves, width)
        return
    table = _FALLING if falling else _RISING
    for line in range(halves.high // 2, halves.low // 2 + 1):
        parts = _part(halves, 2 * line), _part(halves, 2 * line + 1)
        yield Glyph(0, line, table[parts])
        sides = (_body_of(parts[0]), _body_of(parts[1]))
        if width > 1 and sides != (_NONE, _NONE):
            for column in range(1, width // 2 + 1):
                yield Glyph(-column, line, table[sides])
                yield Glyph(column, line, table[sides])


def _part(halves: Halves, half: int) -> int:
    if halves.top <= half <= halves.bottom:
        return _BODY
    return _WICK if halves.high <= half <= halves.low else _NONE


def _body_of(part: int) -> int:
    return _BODY if part == _BODY else _NONE


def _hollow(halves: Halves, width: int) -> Iterator[Glyph]:
    """A box between two wicks, exact to a line."""
    top, bottom = halves.top // 2, halves.bottom // 2
    for line in range(halves.high // 2, halves.low // 2 + 1):
        if line < top:
            yield Glyph(0, line, "╷" if 2 * line < halves.high else "│")
        elif line > bottom:
            yield Glyph(0, line, "╵" if 2 * line + 1 > halves.low else "│")
        else:
            above, below = halves.high < 2 * top, halves.low > 2 * bottom + 1
            for place, char in enumerate(_box_line(line == top, line == bottom, width, above=above, below=below)):
                yield Glyph(place - width // 2, line, char)


def _box_line(first: bool, last: bool, width: int, *, above: bool, below: bool) -> str:
    side = width // 2 - 1
    if first and last:
        return "╞" + "═" * (width - 2) + "╡"
    if first:
        return f"┌{'─' * side}{'┴' if above else '─'}{'─' * side}┐"
    if last:
        return f"└{'─' * side}{'┬' if below else '─'}{'─' * side}┘"
    return f"│{' ' * (width - 2)}│"


def volume_bar(part: float, lines: int) -> str:
    """A bar that fills `part` (0 to 1) of `lines` lines, from its top line down; what is not 0 can be seen."""
    eighths = max(round(part * lines * 8), 1 if part > 0 else 0)
    return "".join(_VOLUMES[max(0, min(8, eighths - 8 * line))] for line in reversed(range(lines)))

"""Glyphs for terminals that lack ours, put in at the very edge: where text goes to the terminal.

Whatever the screens say stays as it is; every character is replaced by one of the same width.
"""

import unicodedata
from collections.abc import Callable, Mapping

from rich.cells import get_character_cell_size
from textual.driver import Driver
from typing_extensions import override

CONSOLE = "linux"
"""What TERM says on the plain Linux console, whose fonts have 256 to 512 glyphs and none of ours."""

_ASCII = {
    "●": "*", "○": "o", "◷": "~", "▲": "^", "▼": "v", "□": "=", "■": "=", "‖": "|", "Δ": "d", "—": "-", "–": "-",
    "·": "-", "•": "*", "…": "~", "→": ">", "←": "<", "↑": "^", "↓": "v", "↕": "|", "↔": "-", "▌": ">", "▐": "<",
    "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "−": "-", "×": "x", "±": "~", "°": "o", "⏎": "<", "⌫": "<",
    "┃": "]",
    "¥": "Y", "€": "E", "£": "L", "₹": "R", "₩": "W", "µ": "u", "✓": "+", "✗": "x", "✔": "+", "▸": ">", "▾": "v",
    "◆": "*", "◇": "o", "★": "*", "☆": "o", "△": "^", "▽": "v", "►": ">", "◄": "<", "▶": ">", "◀": "<", "⚠": "!",
}  # fmt: skip
_LEVELS = {1: ".", 2: ":", 3: "-", 4: "=", 5: "+", 6: "*", 7: "%", 8: "@"}
"""From little ink to much, for bars and for the dots of Braille."""

_BLOCKS, _QUADRANTS = "▁▂▃▄▅▆▇█", {1: "▖▗▘▝", 2: "▚▞", 3: "▙▛▜▟"}
_BRAILLE, _BRAILLE_END = 0x2800, 0x28FF
_BOX, _BOX_END = 0x2500, 0x257F
_CONSOLE_KEEPS = frozenset("─│┌┐└┘├┤┬┴┼█▄▀▌▐░▒▓")
"""What the console's fonts have beyond Latin-1: the line drawing and the blocks of code page 437."""

_ROUND = str.maketrans("╭╮╰╯┃━╎╏╌╍┄┅┆┇┈┉┊┋║═╔╗╚╝", "┌┐└┘█─││────││──│││─┌┐└┘")


def plain_ascii(character: str) -> str:
    """One or two characters of ASCII, as wide as `character`; nothing for one without a width."""
    code = ord(character)
    if character in _ASCII:
        return _ASCII[character]
    if _BRAILLE <= code <= _BRAILLE_END:
        dots = (code - _BRAILLE).bit_count()
        return _LEVELS[dots] if dots else " "
    if _BOX <= code <= _BOX_END:
        return _of_box(character)
    if character in _BLOCKS:
        return _LEVELS[_BLOCKS.index(character) + 1]
    for quarters, quadrants in _QUADRANTS.items():
        if character in quadrants:
            return _LEVELS[quarters * 2]
    if "▀" <= character <= "▟":
        return _LEVELS[4]
    return _letters(character)


def console(character: str) -> str:
    """`character` if the console's fonts have it, else what `plain_ascii` makes of it."""
    known = character.translate(_ROUND)
    if known in _CONSOLE_KEEPS or " " <= known <= "~" or "\xa1" <= known <= "\xff":
        return known
    return plain_ascii(character)


def _of_box(character: str) -> str:
    name = unicodedata.name(character, "")
    if "DIAGONAL" in name:
        return "\\" if "UPPER LEFT" in name else "/"
    if "HORIZONTAL" in name and "VERTICAL" not in name:
        return "-"
    return "|" if "VERTICAL" in name and "HORIZONTAL" not in name and " AND " not in name else "+"


def _letters(character: str) -> str:
    """A letter without its marks (`e` for `é`), or a question mark for each cell."""
    width = get_character_cell_size(character)
    bare = unicodedata.normalize("NFKD", character)[:1]
    return bare if width == 1 and bare.isascii() and bare.isprintable() else "?" * width


class _Table(dict[int, str]):
    """A table for `str.translate` that is filled as characters come up; ASCII, with all control codes, passes."""

    def __init__(self, replaced: Callable[[str], str]) -> None:
        super().__init__()
        self._replaced = replaced

    def __missing__(self, code: int) -> str:
        made = chr(code) if code < 0x80 else self._replaced(chr(code))
        self[code] = made
        return made


def table_for(glyphs: str, environ: Mapping[str, str], encoding: str = "utf-8") -> Mapping[int, str] | None:
    """How characters are replaced in a terminal of that `environ`; None if they stay as they are.

    `encoding` is what text is written in: one that has none of our glyphs would show each as its number.
    """
    if glyphs == "ascii" or (glyphs == "auto" and not _has_all(encoding)):
        return _Table(plain_ascii)
    if glyphs == "auto" and environ.get("TERM", "").lower() == CONSOLE:
        return _Table(console)
    return None


def _has_all(encoding: str) -> bool:
    """True for an encoding of every character, and for one that Python does not know."""
    try:
        "●┃⣿".encode(encoding)
    except UnicodeEncodeError:
        return False
    except LookupError:
        return True
    return True


def with_glyphs(driver: type[Driver], table: Mapping[int, str]) -> type[Driver]:
    """`driver`, but what it writes has its characters replaced by `table`. Escape sequences are ASCII and stay."""

    class GlyphDriver(driver):  # type: ignore[misc, valid-type]  # a class of a class chosen at run time
        @override
        def write(self, data: str) -> None:
            super().write(data if data.isascii() else data.translate(table))

    return GlyphDriver

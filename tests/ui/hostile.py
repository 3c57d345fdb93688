"""Texts that mean harm, and what a screen would look like that let one of them through."""

import unicodedata
from collections.abc import Iterator

from rich.cells import cell_len
from rich.color import ColorTriplet
from rich.segment import Segment
from textual.app import App

RED = ColorTriplet(0x12, 0xAB, 0x34)
"""The colour that the markup among the texts asks for, and no theme has."""

HOSTILE = {
    "markup": "A[#12ab34]B[/]C",
    "markup on a colour": "[bold #12ab34 on #12ab34]shown[/]",
    "unbalanced markup": "[/red][/][B][[]\\[x]",
    "a click in markup": "[@click=app.quit]here[/]",
    "a link in markup": "[link=http://evil.test]here[/link]",
    "CSI": "\x1b[2J\x1b[38;2;18;171;52mA\x1b[0m",
    "a cursor that moves": "A\x1b[10;10HB\x1b[6n",
    "OSC 8": "\x1b]8;;http://evil.test\x1b\\here\x1b]8;;\x1b\\",
    "OSC 52": "A\x1b]52;c;c3RvbGVu\x07B",
    "a title": "\x1b]0;owned\x07A",
    "DCS": "A\x1bPq#0;2;0;0;0\x1b\\B",
    "C1": "A\x9b31m\x9d52;c;eA==\x9cB",
    "unterminated": "A\x1b]8;;http://evil.test",
    "controls": "A\x00\x07\x08\x0b\x7f\x85B",
    "lines": "A\r\nB\n\tC\u2028D\u2029E",
    "a backspaced name": "GOOD\x08\x08\x08\x08EVIL",
    "bidi override": "A\u202eLPAA\u202c \u2066x\u2069\u200fB",
    "zero width": "A\u200bA\u200dP\u2060L\ufeff",
    "soft hyphens and tags": "A\u00ad\U000e0041\U000e007fB",
    "fillers that show nothing": "\u3164\u115f\u1160\uffa0\u2800A",
    "combining flood": "Z" + "\u0351\u0352\u0353\u0354" * 60 + "A" + "\u20dd" * 40,
    "a mark first": "\u0301\u20ddA",
    "long": "Acme " * 2000,
    "a long word": "W" * 10_000,
    "wide": "株式会社" * 40,
    "half a wide cell": "A" + "漢" * 59,
    "emoji of many parts": "👩\u200d👩\u200d👧\u200d👦🏳\ufe0f\u200d🌈" * 8,
    "emoji with selectors": "❤\ufe0f☠\ufe0f1\ufe0f\u20e3▶\ufe0e" * 8,
    "flags and skins": "🇩🇪🇯🇵👍🏽" * 8,
    "a surrogate": "A\ud83dB\udc00",
    "private use": "A\ue000\U000f0000B\U0010ffff",
    "conjuncts": "क्षि" * 20 + "ก็ำ" * 20,
    "nothing": "",
    "blanks": " \t\u00a0\u3000 ",
}

_NEVER = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_INVISIBLE = frozenset("\u3164\u115f\u1160\uffa0\u034f\u17b4\u17b5\ufe0e\ufe0f")
_MARKS = frozenset({"Mn", "Me"})
_MOST_MARKS = 2
_EVIL = ("app.quit", "evil.test")


def faults(app: App[int]) -> list[str]:
    """What is wrong with the picture on the screen: nothing, if no text from outside was more than text."""
    width = app.size.width
    found: list[str] = []
    for y, strip in enumerate(app.screen._compositor.render_strips()):
        line = list(strip)
        text = "".join(segment.text for segment in line)
        if cell_len(text) != width or sum(cell_len(segment.text) for segment in line) != width:
            found.append(f"line {y} is {cell_len(text)} cells of {width}: {text!r}")
        found += [f"line {y} holds {fault}" for fault in (*_characters(text), *_styles(line))]
    return found


def unshown(text: str) -> list[str]:
    """The characters of `text` that must not reach a terminal, by their names."""
    return list(_characters(text))


def _characters(text: str) -> Iterator[str]:
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        marks = marks + 1 if category in _MARKS else 0
        if category in _NEVER or char in _INVISIBLE or marks > _MOST_MARKS:
            yield f"U+{ord(char):04X} {unicodedata.name(char, category)}"


def _styles(line: list[Segment]) -> Iterator[str]:
    for segment in line:
        style = segment.style
        if style is None:
            continue
        if style.link:
            yield f"a link to {style.link}"
        colours = {colour.triplet for colour in (style.color, style.bgcolor) if colour is not None}
        if RED in colours:
            yield f"the markup's colour: {segment.text!r}"
        if any(evil in str(style.meta) for evil in _EVIL):
            yield f"the text's own action: {style.meta}"

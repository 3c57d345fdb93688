"""Text from outside is data: what may reach a screen, a log or a file."""

import re
import unicodedata

MAX_TEXT = 120
"""Characters kept of any one text from outside."""

# ECMA-48 strings (OSC, DCS, APC, PM, SOS) and CSI sequences, in their 7-bit and C1 forms, also when
# their terminator never comes.
_STRING = re.compile(r"(?:\x1b[\]P_^X]|[\x9d\x90\x9f\x9e\x98]).*?(?:\x1b\\|\x9c|\x07|$)", re.DOTALL)
_CSI = re.compile(r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?")
_ESCAPE = re.compile(r"\x1b[ -/]*[0-~]?")
_FORBIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_MARKS = frozenset({"Mn", "Me"})

# Letters and marks that show nothing: fillers of Hangul and Khmer, the grapheme joiner, and the variation selectors,
# which some terminals take for a wider character and others do not.
_FILLERS = (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0)
_SELECTORS = (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
_UNSEEN = frozenset(map(chr, (*_FILLERS, *_SELECTORS)))
_MAX_MARKS = 2


def clean(text: str, limit: int = MAX_TEXT) -> str:
    """`text` in NFC without control sequences, control, bidirectional or zero-width characters, at most `limit` long.

    White space of every kind becomes a single space; a longer text ends in an ellipsis.
    """
    text = text[: limit * 16]
    text = _ESCAPE.sub("", _CSI.sub("", _STRING.sub("", text)))
    text = "".join(" " if char.isspace() else char for char in text if char.isspace() or _allowed(char))
    # Composed after the filter and again after the marks: what is dropped may have stood between two that compose.
    text = _without_stacks(unicodedata.normalize("NFC", text))
    cleaned = " ".join(unicodedata.normalize("NFC", text).split())
    return cleaned if len(cleaned) <= limit else cleaned[: limit - 1] + "…"


def _allowed(char: str) -> bool:
    return unicodedata.category(char) not in _FORBIDDEN and char not in _UNSEEN


def _without_stacks(text: str) -> str:
    """`text` with at most two marks on a letter and none without one: they would paint over their neighbours."""
    kept: list[str] = []
    marks = _MAX_MARKS
    for char in text:
        if unicodedata.category(char) in _MARKS:
            marks += 1
        else:
            marks = _MAX_MARKS if char == " " else 0
        if marks <= _MAX_MARKS:
            kept.append(char)
    return "".join(kept)

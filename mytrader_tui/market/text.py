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
_MAX_COMBINING = 2


def clean(text: str, limit: int = MAX_TEXT) -> str:
    """`text` in NFC without control sequences, control, bidirectional or zero-width characters, at most `limit` long.

    White space of every kind becomes a single space; a longer text ends in an ellipsis.
    """
    text = text[: limit * 16]
    text = _ESCAPE.sub("", _CSI.sub("", _STRING.sub("", text)))
    kept: list[str] = []
    combining = 0
    for char in unicodedata.normalize("NFC", text):
        if char.isspace():
            kept.append(" ")
            continue
        if unicodedata.category(char) in _FORBIDDEN:
            continue
        combining = combining + 1 if unicodedata.combining(char) else 0
        if combining <= _MAX_COMBINING:
            kept.append(char)
    cleaned = " ".join("".join(kept).split())
    return cleaned if len(cleaned) <= limit else cleaned[: limit - 1] + "…"

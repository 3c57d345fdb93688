"""What keys are called: the names that Textual gives them, and the ones that people write."""

import re
import unicodedata
from collections.abc import Sequence
from difflib import get_close_matches

_SPECIAL = (
    *("escape", "enter", "tab", "space", "backspace", "delete", "insert"),
    *("up", "down", "left", "right", "home", "end", "pageup", "pagedown"),
    *(f"f{number}" for number in range(1, 25)),
)
_PEOPLE_WRITE = {
    "esc": "escape",
    "return": "enter",
    "del": "delete",
    "ins": "insert",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "pgdown": "pagedown",
    " ": "space",
}
_TEXTUAL_WRITES = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}
_SAME_TO_A_TERMINAL = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+left_square_bracket": "escape"}
"""Pairs that a terminal sends alike; the second name is what arrives."""

_MODIFIERS = ("alt", "ctrl", "shift")
_MODIFIED = re.compile(r"(?:(?:alt|ctrl|shift)\+)+")


class BadKeyError(ValueError):
    """A text that is no key; its own text says why."""


def key_name(written: str) -> str:
    """The one name of the key `written`, as Textual tells it: `question_mark` for `?`, `escape` for `Esc`.

    Raises BadKeyError.
    """
    if len(written) == 1:
        return _of_character(written)
    low = written.strip().lower()
    modifiers, key = _parted(low)
    if not modifiers and len(key) == 1:
        return _of_character(written.strip())
    name = _PEOPLE_WRITE.get(key, key)
    name = _of_character(name) if len(name) == 1 else _TEXTUAL_WRITES.get(name, name)
    if name not in _SPECIAL and name not in PUNCTUATION and not (len(name) == 1 and modifiers):
        raise BadKeyError(_no_key(written, low))
    if modifiers == ("shift",) and name not in _SPECIAL:
        raise BadKeyError(f'write "{key.upper()}" or the sign itself: shift is part of it')
    full = "+".join((*modifiers, name))
    if full in _SAME_TO_A_TERMINAL:
        raise BadKeyError(f"terminals send {_SAME_TO_A_TERMINAL[full]} for {written}")
    return full


def is_typed(name: str) -> bool:
    """True if the key called `name` writes a character, so that no field to type into can leave it to others."""
    return len(name) == 1 or name == "space" or name in PUNCTUATION


def _parted(low: str) -> tuple[tuple[str, ...], str]:
    """The modifiers in alphabetical order, as Textual has them, and the key behind them."""
    found = _MODIFIED.match(low)
    if found is None or found.end() == len(low):
        return (), low
    given = found[0].rstrip("+").split("+")
    return tuple(modifier for modifier in _MODIFIERS if modifier in given), low[found.end() :]


def _of_character(character: str) -> str:
    if character == " ":
        return "space"
    if not character.isprintable():
        raise BadKeyError("a character that is not printed is no key")
    if character.isalnum():
        return character
    name = unicodedata.name(character, character).lower().replace("-", "_").replace(" ", "_")
    return _TEXTUAL_WRITES.get(name, name)


def _no_key(written: str, low: str) -> str:
    if _MODIFIED.fullmatch(f"{low.rstrip('+')}+"):
        return f'"{written}" is no key: the one to press with it is missing, as in {low.rstrip("+")}+up'
    near = _near(low)
    return f'"{written}" is no key' + (f"; did you mean {near}?" if near else "")


def _near(low: str) -> str:
    """The key that was probably meant, or an empty text."""
    *modifiers, key = low.split("+")
    meant = [_nearest(each, _MODIFIERS) for each in modifiers]
    named = key if len(key) == 1 else _nearest(key, (*_SPECIAL, *PUNCTUATION))
    if not named or not all(meant):
        return ""
    try:
        return key_name("+".join((*meant, named)))
    except BadKeyError:
        return ""


def _nearest(text: str, known: Sequence[str]) -> str:
    return next(iter(get_close_matches(text, known, n=1, cutoff=0.6)), "")


PUNCTUATION = frozenset(_of_character(chr(code)) for code in range(33, 127) if not chr(code).isalnum())
"""The names of the signs on a keyboard."""

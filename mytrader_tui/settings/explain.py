"""What a wrong setting is told in: plain words for types, values and keys, and the line that they stand in."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Annotated, Literal, get_args, get_origin

from msgspec import Meta

from mytrader_tui.market.text import clean

_MAX_SHOWN = 80
_LARGEST_SHOWN = 10**18
_SECRET_WORDS = ("apikey", "keyid", "secret", "token", "password", "passwd", "passphrase", "credential")
_HEADER = re.compile(r"\s*\[{1,2}([^\[\]]+)\]{1,2}\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([^=#\[\]{},]+?)\s*=")


def expected(hint: object) -> str:
    """What a setting of type `hint` may be: `a whole number from 1 to 10000`, `one of iex, sip`."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return "one of " + ", ".join(str(value) for value in arguments)
    if origin is Annotated:
        limits = next(value for value in arguments[1:] if isinstance(value, Meta))
        return f"{expected(arguments[0])} from {limits.ge} to {limits.le}"
    if origin is tuple and get_origin(arguments[0]) is Literal:
        return f"a list of any of {', '.join(get_args(arguments[0]))}"
    if origin is tuple:
        return 'a list of texts in quotes, such as ["SPY", "AAPL"]'
    words = {bool: "true or false", int: "a whole number", float: "a number", str: "a text in quotes"}
    return next(text for kind, text in words.items() if kind is hint)


def shown(value: object) -> str:
    """`value` as a message may repeat it: short, clean, and nothing of what lies inside a table or list."""
    match value:
        case bool():
            return str(value).lower()
        case int() if abs(value) > _LARGEST_SHOWN:
            return "a number of very many digits"
        case int() | float():
            return f"{value}"
        case str():
            return f'"{clean(value, _MAX_SHOWN)}"'
        case dict():
            return "a table"
        case list():
            return "a list"
        case _:
            return "a date or time"


def misfit(value: object, hint: object) -> str:
    """What is wrong with `value`, which is not as `hint` has it, to stand behind the key's name.

    In a list it is the first item that does not fit.
    """
    arguments = get_args(hint)
    if isinstance(value, list) and get_origin(hint) is tuple:
        if get_origin(arguments[0]) is Literal:
            stray = next((item for item in value if item not in get_args(arguments[0])), None)
            return f": {_unknown(stray, get_args(arguments[0]))}"
        place, item = next((at, item) for at, item in enumerate(value, 1) if not isinstance(item, str))
        return f": item {place} is {shown(item)}: expected {expected(arguments[0])}"
    return f" = {shown(value)}: expected {expected(hint)}"


def _unknown(item: object, known: tuple[str, ...]) -> str:
    near = nearest(item, known) if isinstance(item, str) else None
    return f"{shown(item)} is not known; " + (f"did you mean {near}?" if near else f"known are {', '.join(known)}")


def looks_secret(name: str) -> bool:
    """True for the name of something that may be a credential, whose value must not be repeated."""
    bare = re.sub(r"[^a-z0-9]", "", name.lower())
    return bare in ("key", "auth") or any(word in bare for word in _SECRET_WORDS)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The one of `known` that `name` was probably meant to be."""
    matches = get_close_matches(name.lower(), known, n=1, cutoff=0.6)
    return matches[0] if matches else None


def line_of(text: str, *names: str) -> int | None:
    """The line of a TOML `text`, counted from 1, in which the key path `names` is written, or its section."""
    section: tuple[str, ...] = ()
    outer: int | None = None
    for number, line in enumerate(text.split("\n"), 1):
        if header := _HEADER.match(line):
            path = section = _path(header[1])
        elif key := _KEY.match(line):
            path = (*section, *_path(key[1]))
        else:
            continue
        if path[: len(names)] == names:
            return number
        if outer is None and path[:1] == names[:1]:
            outer = number
    return outer


def _path(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))

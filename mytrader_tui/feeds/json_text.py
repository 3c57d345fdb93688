"""JSON whose strings are cut in the middle of a character: an escape without its other half."""

import re
from typing import TypeVar

import msgspec

_T = TypeVar("_T")

_HIGH = rb"u[dD][89abAB][0-9a-fA-F]{2}"
_LOW = rb"u[dD][c-fC-F][0-9a-fA-F]{2}"
# Escapes one after the other, whatever they are: a backslash that is itself escaped begins none.
_ESCAPE = re.compile(rb"\\(?:(" + _HIGH + rb"\\" + _LOW + rb")|(" + _HIGH + rb"|" + _LOW + rb")|.)", re.DOTALL)
_REPLACEMENT = rb"\ufffd"


def decode_json(decoder: msgspec.json.Decoder[_T], body: bytes) -> _T:
    """`body` decoded, each half of a surrogate pair in it replaced by U+FFFD. Raises what `decoder` raises.

    One name that was cut in the middle of an emoji would otherwise make the whole answer unreadable.
    """
    try:
        return decoder.decode(body)
    except msgspec.DecodeError:
        whole = _ESCAPE.sub(lambda escape: _REPLACEMENT if escape[2] else escape[0], body)
        if whole == body:
            raise
        return decoder.decode(whole)

"""The words of a line that is being typed, of which the one at the cursor is completed."""

import re
from typing import NamedTuple

_WORD = re.compile(r"[^\s,;]+")


class Word(NamedTuple):
    """A word and where it stands in the line; an empty one stands where the next would begin."""

    text: str
    start: int
    end: int


def word_at(line: str, cursor: int) -> Word:
    """The word that the cursor is in or right behind."""
    for found in _WORD.finditer(line):
        if found.start() <= cursor <= found.end():
            return Word(found[0], *found.span())
    return Word("", cursor, cursor)


def completed(line: str, word: Word, symbol: str) -> tuple[str, int]:
    """`line` with `symbol` in place of `word`, ready for the next word, and where the cursor then stands."""
    head, tail = f"{line[: word.start]}{symbol} ", line[word.end :].lstrip()
    return head + tail, len(head)

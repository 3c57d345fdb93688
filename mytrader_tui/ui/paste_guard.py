"""What is pasted stays text: the terminal's input is read so that no part of a paste can act as a key.

Textual 8.2.8 gives up on an escape sequence that it does not know after 32 characters and hands them out as keys,
within a paste too (`_xterm_parser.XTermParser.parse`). A pasted page with one such sequence would remove rows.
"""

import sys
from collections.abc import Iterable

from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.driver import Driver
from textual.message import Message
from typing_extensions import override

_ESCAPE = "\x1b"


class PasteFilter:
    """Takes every escape out of what stands between the marks of a paste, in whatever pieces it comes."""

    def __init__(self) -> None:
        self._inside = False
        self._seen = ""
        self._held = ""

    def passed(self, piece: str) -> str:
        """What of `piece`, and of what was held back of those before, goes on to the parser."""
        out = []
        rest = self._held + piece
        self._held = ""
        while rest:
            text, rest = self._within(rest) if self._inside else self._outside(rest)
            out.append(text)
        return "".join(out)

    def _outside(self, text: str) -> tuple[str, str]:
        """All up to the mark that begins a paste. Nothing is held back: a pressed escape would come late."""
        seen, self._seen = self._seen, (self._seen + text)[1 - len(BRACKETED_PASTE_START) :]
        at = (seen + text).find(BRACKETED_PASTE_START)
        if at < 0:
            return text, ""
        end = at + len(BRACKETED_PASTE_START) - len(seen)
        self._inside, self._seen = True, ""
        return text[:end], text[end:]

    def _within(self, text: str) -> tuple[str, str]:
        """All up to the mark that ends the paste; what may be the begin of that mark is held back."""
        pasted, mark, rest = text.partition(BRACKETED_PASTE_END)
        self._inside = not mark
        if not mark:
            pasted, self._held = _split_before_begun(pasted, BRACKETED_PASTE_END)
        return pasted.replace(_ESCAPE, "") + mark, rest


class GuardedParser(XTermParser):
    """Textual's parser, which sees no escape within a paste."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._filter = PasteFilter()

    @override
    def feed(self, data: str) -> Iterable[Message]:
        """The events in `data`; empty data is the end of the input."""
        passed = self._filter.passed(data)
        # Data of which all is held back is not the end.
        return () if data and not passed else super().feed(passed)


def guard_pastes(driver: type[Driver]) -> None:
    """Have `driver` read the terminal with our parser. Textual's drivers make theirs by its name in their module."""
    for module in {sys.modules[each.__module__] for each in driver.__mro__}:
        if getattr(module, XTermParser.__name__, None) is XTermParser:
            setattr(module, XTermParser.__name__, GuardedParser)


def _split_before_begun(text: str, mark: str) -> tuple[str, str]:
    """`text` without the begin of `mark` that it ends in, and that begin."""
    for length in range(min(len(mark) - 1, len(text)), 0, -1):
        if text.endswith(mark[:length]):
            return text[:-length], text[-length:]
    return text, ""

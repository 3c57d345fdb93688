"""Phrases set into a few lines: whole phrases wrap, shorten or are left out, and no word is ever cut in two."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text

SEPARATOR = Text(" · ", style="dim")


@dataclass(frozen=True)
class Phrase:
    """One thing to say, the fullest form first; an empty form leaves it unsaid where room is short."""

    forms: tuple[Text, ...]


def plain(*forms: str, style: str = "") -> Phrase:
    """A phrase of one style; the texts are never read as markup."""
    return Phrase(tuple(Text(form, style=style) for form in forms))


def flow(phrases: Sequence[Phrase], widths: Sequence[int]) -> list[Text]:
    """`phrases`, the most important first, set into at most `len(widths)` lines of those widths.

    Where room is short the least important are left out and the others shortened, the most important last; the
    first always stays, cut between words.
    """
    kept = [phrase.forms[-1] for phrase in phrases]
    while (lines := _set(kept, widths)) is None:
        if len(kept) == 1:
            return [cut(kept[0], max(widths))]
        kept.pop()
    for index, phrase in enumerate(phrases[: len(kept)]):
        for form in phrase.forms[:-1]:
            fuller = _set([*kept[:index], form, *kept[index + 1 :]], widths)
            if fuller is not None:
                kept[index], lines = form, fuller
                break
    return lines


def fits(phrases: Sequence[Phrase], widths: Sequence[int]) -> bool:
    """True if everything can be said in full."""
    return _set([phrase.forms[0] for phrase in phrases], widths) is not None


def cut(text: Text, width: int) -> Text:
    """`text` in at most `width` cells, its last words left out and an ellipsis in their place."""
    if text.cell_len <= width:
        return text
    head = text.copy()
    head.truncate(max(0, width - 1), overflow="crop")
    space = head.plain.rfind(" ")
    head.right_crop(len(head.plain) - space if space > 0 else 0)
    return head.append("…")


def wrap(text: str, width: int, most: int, style: str = "") -> list[Text]:
    """`text` broken between words into at most `most` lines; an ellipsis stands for what is left out."""
    lines = textwrap.wrap(text, max(1, width), break_on_hyphens=False)
    if len(lines) > most:
        lines[most - 1 :] = [cut(Text(" ".join(lines[most - 1 :])), width).plain]
    return [Text(line, style=style) for line in lines]


def _set(texts: Sequence[Text], widths: Sequence[int]) -> list[Text] | None:
    """The lines, or None if the phrases do not fit in them."""
    lines: list[Text] = []
    line = Text()
    for text in filter(None, texts):
        if line.plain and line.cell_len + SEPARATOR.cell_len + text.cell_len <= widths[len(lines)]:
            line = Text.assemble(line, SEPARATOR, text)
            continue
        if line.plain:
            lines.append(line)
            if len(lines) == len(widths):
                return None
        while text.cell_len > widths[len(lines)]:
            # A phrase too long for a short line may still fit on a later, longer one.
            if line.plain or len(lines) + 1 == len(widths):
                return None
            lines.append(Text())
        line = text.copy()
    return [*lines, line] if line.plain else lines

"""A level as people type it, read or refused with a sentence."""

import re

from mytrader_tui.market.alerts.alert import AlertKind

_NUMBER = re.compile(r"\+?(?P<number>\d{1,15}(?:\.\d{0,12})?|\.\d{1,12})\s*(?P<suffix>[kKmMbB%$]?)")
_SCALES = {"k": 1e3, "m": 1e6, "b": 1e9}
_LARGEST = {AlertKind.ABOVE: 1e12, AlertKind.BELOW: 1e12, AlertKind.PERCENT: 1e4, AlertKind.VOLUME: 1e15}
_EXAMPLES = {AlertKind.ABOVE: "190.50", AlertKind.BELOW: "190.50", AlertKind.PERCENT: "2.5", AlertKind.VOLUME: "1.5M"}


def read_level(text: str, kind: AlertKind) -> float | str:
    """The level in `text`, or why it is none, in words.

    A comma is refused, since it means thousands to some and a fraction to others; K, M and B are for shares.
    """
    bare = text.strip().lstrip("$").strip()
    example = _EXAMPLES[kind]
    if not bare:
        return f"Type a number, such as {example}."
    if "," in bare:
        return f"A comma can be read in two ways: write the number with a point and without commas, such as {example}."
    if bare.startswith(("-", "−")):
        return "The level must be above 0." + (" A move counts in either direction." if _percent(kind) else "")
    found = _NUMBER.fullmatch(bare) if bare.isascii() else None
    if found is None or not _fits(found["suffix"], kind):
        return f"That is not a plain number: write it such as {example}."
    level = float(found["number"]) * _SCALES.get(found["suffix"].lower(), 1.0)
    return level_trouble(kind, level) or level


def level_trouble(kind: AlertKind, level: float) -> str:
    """Why no alert of that kind can have `level`; empty if one can."""
    # Written so that what is no number at all is refused as well.
    if not level > 0:
        return "The level must be above 0."
    if not level <= _LARGEST[kind]:
        return f"The level must be no more than {_LARGEST[kind]:,.0f}."
    return ""


def level_text(level: float) -> str:
    """`level` as it can be typed and read back: no exponent and no separators."""
    return f"{level:.12f}".rstrip("0").rstrip(".") if level < 1e15 else f"{level:.0f}"


def _percent(kind: AlertKind) -> bool:
    return kind is AlertKind.PERCENT


def _fits(suffix: str, kind: AlertKind) -> bool:
    allowed = {AlertKind.PERCENT: "%", AlertKind.VOLUME: "kKmMbB"}.get(kind, "$")
    return not suffix or suffix in allowed

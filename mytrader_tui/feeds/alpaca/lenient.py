"""Reading answers whose shape can change without notice: take what is needed, and say so if that is not there."""

from decimal import Decimal, InvalidOperation
from typing import TypeVar

import msgspec

from mytrader_tui.feeds.alpaca.error import AlpacaError
from mytrader_tui.market.account.portfolio import money
from mytrader_tui.market.link import Reason
from mytrader_tui.market.text import clean

_T = TypeVar("_T")

_MOST_DIGITS = 18
"""Digits before the point beyond which a number is no amount of money and would only fill the screen."""


def read(raw: object, shape: type[_T], what: str) -> _T:
    """`raw` JSON as a `shape`. Raises AlpacaError (UNREADABLE) that names `what` it was to be."""
    try:
        return msgspec.convert(raw, shape)
    except msgspec.ValidationError as error:
        why = str(error)
    raise AlpacaError(Reason.UNREADABLE, clean(f"{what}: {why}"))


def part(raw: object, shape: type[_T]) -> _T | None:
    """`raw` JSON as a `shape`, or None where it is missing or not one."""
    try:
        return None if raw is None else msgspec.convert(raw, shape)
    except msgspec.ValidationError:
        return None


def number(raw: object) -> Decimal | None:
    """A number that may be written as a string, or None where it is missing, not finite or beyond all sense."""
    if isinstance(raw, bool):
        return None
    try:
        found = Decimal(raw) if isinstance(raw, int | str) else money(raw) if isinstance(raw, float) else None
    except InvalidOperation:
        return None
    if found is None or not found.is_finite() or found.adjusted() >= _MOST_DIGITS:
        return None
    return found


def needed(raw: object, what: str) -> Decimal:
    """A number without which the answer is of no use. Raises AlpacaError (UNREADABLE) that names `what` it is."""
    found = number(raw)
    if found is None:
        raise AlpacaError(Reason.UNREADABLE, f"{what} is missing or no number")
    return found


def text(raw: object) -> str:
    """A cleaned text, empty where it is missing or not a text."""
    return clean(raw) if isinstance(raw, str) else ""

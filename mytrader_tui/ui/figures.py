"""Numbers as text. Each function gives the forms a number may take, the fullest first; `fit` takes the first that fits.

A form may leave out separators or round further, but never a digit: a number too long for its place shows `#`.
Rounding is half-even on the decimal number as it was written, not on its binary neighbour.
"""

import math
from decimal import Decimal
from functools import lru_cache

from mytrader_tui.market.account.portfolio import money

MISSING = "—"
"""Shown for what is not known; 0 is a number."""

HIDDEN = "•••"
"""Shown for an amount that is known but nobody else's business."""

TOO_LONG = "#"
UP = "▲"
DOWN = "▼"
_ARROWS = {1: UP, 0: "", -1: DOWN}

Forms = tuple[str, ...]

_SMALL_DECIMALS = 4
_SIGNIFICANT = 4
_MAX_DECIMALS = 12
_ROUND_PRICES, _ROUND_CHANGES = 10_000, 1_000
"""From this size on a price or a change may be rounded to a tenth or to a whole number where room is short."""

_NEXT_SCALE = 0.99995
"""The part of a scale from which the scale below it would show 1000.0."""

_HOME_CURRENCY = "USD"
_CURRENCY_SIGNS = {"JPY": "¥", "EUR": "€", "GBP": "£", "INR": "₹", "KRW": "₩"}
"""Signs of one cell that no second currency shares; all others go by their code."""

_SCALES = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K"))


def fit(forms: Forms, width: int) -> str:
    """The first of `forms` that is at most `width` long, or `#`."""
    for form in forms:
        if len(form) <= width:
            return form
    return TOO_LONG


def decimals(price: float) -> int:
    """Places shown of a price: 2 from 1 up, 4 below, and as many as four digits need below 0.01."""
    size = abs(price)
    if size >= 1 or size == 0 or not math.isfinite(size):
        return 2
    if size >= 0.01:
        return _SMALL_DECIMALS
    return min(_MAX_DECIMALS, _SIGNIFICANT - 1 - math.floor(math.log10(size)))


def sign_of(value: float | Decimal | None, places: int = 2) -> int:
    """1, 0 or -1 for `value` as it is shown, rounded to `places`."""
    number = _decimal(value)
    if number is None:
        return 0
    return sign_shown(f"{number:z.{places}f}")


@lru_cache(maxsize=4096)
def price_forms(price: float | None) -> Forms:
    """A price: `1,234.50`, `0.1234`."""
    number = _decimal(price)
    if number is None or price is None:
        return (MISSING,)
    return _rounder(_grouped(f"{number:z,.{decimals(price)}f}"), number, _ROUND_PRICES)


def currency_mark(currency: str | None) -> str:
    """What stands before a price that is not in US dollars: `¥`, `HKD`; nothing for dollars and where nobody said."""
    return "" if currency in (None, _HOME_CURRENCY) else _CURRENCY_SIGNS.get(currency, currency)


def marked(mark: str, forms: Forms) -> Forms:
    """`forms` behind the mark of a currency: `¥2,712.50`, `HKD 388.20`."""
    apart = tuple(f"{mark} {form}" for form in forms) if len(mark) > 1 else ()
    return (*apart[:1], *(f"{mark}{form}" for form in forms))


@lru_cache(maxsize=4096)
def change_forms(change: float | None, price: float | None) -> Forms:
    """A signed change, with the places of the `price` that it belongs to."""
    number = _decimal(change)
    if number is None:
        return (MISSING,)
    places = decimals(price if price is not None else float(number))
    return _rounder(_grouped(_signed(f"{number:z,.{places}f}")), number, _ROUND_CHANGES, signed=True)


@lru_cache(maxsize=4096)
def spread_forms(spread: float | None, price: float | None) -> Forms:
    """What the ask is above the bid, with the places of the `price` that it belongs to: `0.05`."""
    number = _decimal(spread)
    if number is None:
        return (MISSING,)
    return _grouped(f"{number:z,.{decimals(price if price is not None else float(number))}f}")


def extended_forms(word: str, forms: Forms) -> Forms:
    """A price of the extended hours behind the `word` for it, or behind an `e`: `post 228.41`, `e 228.41`."""
    return tuple(f"{before}{form}" for form in forms for before in (f"{word} ", "e ", "e"))


def spanning_forms(forms: Forms) -> Forms:
    """A change that goes on past the regular close, behind an `e`: `e ▲ +1.23%`, `e+4.30`."""
    return (f"e {forms[0]}", *(f"e{form}" for form in forms))


@lru_cache(maxsize=4096)
def basis_point_forms(points: float | None) -> Forms:
    """A signed number of basis points: `+12`, `-3`."""
    number = _decimal(points)
    return (MISSING,) if number is None else _grouped(_signed(f"{number:z,.0f}"))


@lru_cache(maxsize=4096)
def percent_forms(percent: float | Decimal | None) -> Forms:
    """A signed percentage behind its arrow: `▲ +1.23%`."""
    number = _decimal(percent)
    if number is None:
        return (MISSING,)
    full, short, shortest = (f"{_signed(f'{number:z.{places}f}')}%" for places in (2, 1, 0))
    arrow = _ARROWS[sign_shown(full)]
    return (f"{arrow} {full}" if arrow else full, f"{arrow}{full}", f"{arrow}{short}", f"{arrow}{shortest}")


def arrow_of(value: float | Decimal | None, places: int = 2) -> str:
    """`▲`, `▼` or nothing, by the sign of `value` as it is shown."""
    return _ARROWS[sign_of(value, places)]


@lru_cache(maxsize=4096)
def volume_forms(volume: float | None) -> Forms:
    """A number of shares: `999`, `12.3K`, `1.2M`."""
    if volume is None or not math.isfinite(volume):
        return (MISSING,)
    for scale, letter in _SCALES:
        if volume >= scale * _NEXT_SCALE:
            scaled = volume / scale
            return (f"{scaled:,.1f}{letter}", f"{scaled:.0f}{letter}")
    return (f"{volume:.0f}",) if volume >= 10 or volume == int(volume) else (f"{volume:.2f}", f"{volume:.1f}")


def money_forms(amount: Decimal | None, *, signed: bool = False) -> Forms:
    """An amount of money to the cent: `12,345.68`, signed `+12.50`."""
    number = _decimal(amount)
    if number is None:
        return (MISSING,)
    shown = f"{number:z,.2f}"
    return _grouped(_signed(shown) if signed else shown)


def quantity_forms(quantity: Decimal) -> Forms:
    """A number of shares held, exact where it fits and behind `~` where it had to be rounded."""
    number = _decimal(quantity)
    if number is None:
        return (MISSING,)
    places = max(0, -int(number.normalize().as_tuple().exponent))
    exact = _grouped(f"{number:z,.{places}f}")
    return exact if places <= 2 else (*exact, f"~{number:z.4f}", f"~{number:z.2f}")


def unless(hidden: bool, forms: Forms) -> Forms:
    """`forms`, or three dots in their place."""
    return (HIDDEN,) if hidden else forms


def weight_forms(weight: Decimal | None) -> Forms:
    """A share of the whole, from 0 to 1, in percent: `12.3%`."""
    if weight is None:
        return (MISSING,)
    return (f"{100 * weight:z.1f}%", f"{100 * weight:z.0f}%")


def _decimal(value: float | Decimal | None) -> Decimal | None:
    """`value` as the decimal number it was written as; None for None and for what is no number."""
    if value is None:
        return None
    number = value if isinstance(value, Decimal) else money(value)
    return number if number.is_finite() else None


def _grouped(shown: str) -> Forms:
    """A number with its separators, and without them if it has any."""
    return (shown, shown.replace(",", "")) if "," in shown else (shown,)


def _rounder(forms: Forms, number: Decimal, least: int, *, signed: bool = False) -> Forms:
    """`forms`, and two that round further where the number is at least `least`: their last places matter little."""
    if abs(number) < least:
        return forms
    rounded = (f"{number:.1f}", f"{number:.0f}")
    return (*forms, *(map(_signed, rounded) if signed else rounded))


def _signed(shown: str) -> str:
    """A number as it is written, behind a plus if it is above 0."""
    return f"+{shown}" if sign_shown(shown) > 0 else shown


def sign_shown(shown: str) -> int:
    """The sign of a number as it is written, with or without an arrow: of `0.00` it is 0, and of `—` as well."""
    if shown.startswith(("-", DOWN)):
        return -1
    return 1 if shown.strip("0.,%") not in ("", MISSING) else 0

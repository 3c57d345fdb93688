"""The style sheets, read once in a process and not in each of a thousand apps: what is read is the same each time.

Textual keeps what it read with the app, and reads again what it knows whenever the theme's colours are set.
"""

from collections import OrderedDict
from typing import Any

from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

_THEMES_KEPT = 8
"""A theme's rules are some megabytes."""

Rules = dict[tuple[Any, ...], list[RuleSet]]

_read = Stylesheet._parse_rules
_kept: OrderedDict[frozenset[tuple[str, str]], Rules] = OrderedDict()


def read_styles_once() -> None:
    """Let every style sheet of this process share what was read of the same text under the same variables."""
    Stylesheet._parse_rules = _read_once  # type: ignore[method-assign]


def _read_once(sheet: Stylesheet, css: str, *place: Any, **how: Any) -> list[RuleSet]:
    rules, key = _rules_under(sheet), (css, *place, *sorted(how.items()))
    if key not in rules:
        rules[key] = _read(sheet, css, *place, **how)
    return rules[key]


def _rules_under(sheet: Stylesheet) -> Rules:
    variables = sheet._variables
    known, rules = getattr(sheet, "_known_rules", (None, {}))
    if known is not variables:
        name = frozenset(variables.items())
        rules = _kept.setdefault(name, {})
        _kept.move_to_end(name)
        if len(_kept) > _THEMES_KEPT:
            _kept.popitem(last=False)
        sheet._known_rules = (variables, rules)  # type: ignore[attr-defined]
    return rules

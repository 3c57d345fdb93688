"""`[keys]`: which key does what. Checked whole before the terminal is taken, since one wrong key may hide another."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from mytrader_tui.market.text import clean
from mytrader_tui.settings.actions import BOUND, DEFAULTS, EVERYWHERE, PLACES
from mytrader_tui.settings.key_names import BadKeyError, is_typed, key_name

UNBOUND = "<unbound>"
"""The key of an action that has none: no terminal sends it."""

NEVER_UNBOUND = frozenset({"quit_at_once", "help", "close"})
"""Without a key for each of these somebody could not find the way, or the way out."""

_MAX_SHOWN = 80


class BadBindingError(ValueError):
    """A key that cannot be what `[keys]` wants it to be; `action` is the setting, the text says why."""

    def __init__(self, action: str, why: str) -> None:
        super().__init__(why)
        self.action = action


def keymap(written: Mapping[str, str]) -> dict[str, str]:
    """What Textual is told: the keys of every action in `written`, by their one name and joined by commas.

    Raises BadBindingError for an unknown action, for a text that is no key, for two actions of one screen on one
    key, and for what would leave no way out.
    """
    keys = {action: _keys_of(action, text) for action, text in written.items()}
    for action in keys:
        _check_ways_out(action, keys[action])
    _check_conflicts(keys)
    return {action: ",".join(names) or UNBOUND for action, names in keys.items()}


def _keys_of(action: str, text: str) -> tuple[str, ...]:
    if action not in DEFAULTS:
        near = get_close_matches(action.lower(), DEFAULTS, n=1, cutoff=0.6)
        hint = f"did you mean {near[0]}?" if near else "config.example.toml lists every action"
        raise BadBindingError(action, f"there is no action `{clean(action, _MAX_SHOWN)}`; {hint}")
    if not text.strip():
        return ()
    try:
        return tuple(dict.fromkeys(key_name(part) for part in _parts(text)))
    except BadKeyError as error:
        raise BadBindingError(action, f"{_setting(action, text)}: {error}") from error


def _parts(text: str) -> Iterator[str]:
    """The keys in a list of them; a blank before or after one is no part of it."""
    for part in text.split(","):
        bare = part.strip()
        if not bare:
            raise BadKeyError("there is no key between two commas (the key itself is called comma)")
        yield bare


def _check_ways_out(action: str, names: tuple[str, ...]) -> None:
    if action in NEVER_UNBOUND and not names:
        raise BadBindingError(action, f'{action} = "": this action needs a key: without it there is no way out')
    if action == "close" and all(map(is_typed, names)):
        why = "one of its keys must not be a character: where there is text to type it would be typed"
        raise BadBindingError(action, f"{_setting(action, ','.join(names))}: {why}")
    if action in EVERYWHERE and not _typed_by_default(action) and (typed := next(filter(is_typed, names), "")):
        why = f"{typed} would no longer write itself anywhere; take a key that writes nothing, such as f12"
        raise BadBindingError(action, f"{_setting(action, ','.join(names))}: {why}")


def _typed_by_default(action: str) -> bool:
    return all(map(is_typed, DEFAULTS[action].split(",")))


def _check_conflicts(changed: Mapping[str, tuple[str, ...]]) -> None:
    """Two actions that are in reach at once must not want the same key; a changed one is to blame."""
    for place in PLACES:
        holders: dict[str, str] = {}
        for action, keys in (bound for name in place.classes for bound in BOUND[name].items()):
            for key in changed.get(action, tuple(keys.split(","))):
                other = holders.setdefault(key, action)
                if other != action:
                    blamed, holds = (action, other) if action in changed else (other, action)
                    raise BadBindingError(blamed, f"{blamed}: {key} is the key of {holds} as well, {place.where}")


def _setting(action: str, text: str) -> str:
    return f'{action} = "{clean(text, _MAX_SHOWN)}"'

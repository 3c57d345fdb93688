"""Every class of the program that binds keys, found by importing all of it."""

import importlib
import pkgutil
from collections.abc import Iterator

from textual.binding import Binding
from textual.dom import DOMNode

import mytrader_tui.app
import mytrader_tui.ui


def bound_classes() -> dict[str, type[DOMNode]]:
    """The classes with bindings of their own by their names."""
    for module in pkgutil.walk_packages(mytrader_tui.ui.__path__, "mytrader_tui.ui."):
        importlib.import_module(module.name)
    return {kind.__name__: kind for kind in _kinds(DOMNode) if _is_ours(kind) and kind.__dict__.get("BINDINGS")}


def own_bindings(kind: type[DOMNode]) -> list[Binding]:
    """The bindings that `kind` itself declares, as they were written."""
    return [written for written in kind.__dict__["BINDINGS"] if isinstance(written, Binding)]


def keys_by_action(kind: type[DOMNode]) -> dict[str, str]:
    """What `kind` itself binds: action name to keys; the keys of one name are joined."""
    found: dict[str, str] = {}
    for binding in own_bindings(kind):
        name = binding.id or ""
        found[name] = f"{found[name]},{binding.key}" if name in found else binding.key
    return found


def _is_ours(kind: type) -> bool:
    return kind.__module__.partition(".")[0] == "mytrader_tui"


def _kinds(kind: type[DOMNode]) -> Iterator[type[DOMNode]]:
    for below in kind.__subclasses__():
        yield below
        yield from _kinds(below)

"""How deep a fault test reaches: each test in this folder carries exactly one of these marks."""

from collections.abc import Callable
from typing import TypeVar

from virtual_time import in_virtual_time

_T = TypeVar("_T", bound=Callable[..., object])

NAMES = {
    "unit": "U: a function or a table, no socket",
    "generated": "P: properties over generated inputs or histories",
    "simulated": "S: the whole worker and its production clients against the demo market on loopback, in virtual time",
    "installed": "I: a real process, in a pseudo-terminal where it has a screen",
}


def unit(test: _T) -> _T:
    """U: a function or a table, no socket."""
    return test


def generated(test: _T) -> _T:
    """P: properties over generated inputs or histories."""
    return test


def installed(test: _T) -> _T:
    """I: a real process."""
    return test


simulated = in_virtual_time

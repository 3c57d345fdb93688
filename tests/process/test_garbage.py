"""Garbage is not looked for while the program starts, and afterwards only among what came later."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from mytrader_tui.process.garbage import collect_from_now, keep_everything


class Ring:
    """Holds itself, so that only the collector can take it away."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def collector_as_it_was() -> Iterator[None]:
    yield
    gc.unfreeze()
    gc.enable()


def test_nothing_is_collected_while_the_program_starts() -> None:
    keep_everything()

    assert not gc.isenabled()


def test_what_comes_after_the_start_is_collected() -> None:
    keep_everything()
    collect_from_now()
    ring = weakref.ref(Ring())

    gc.collect()

    assert gc.isenabled()
    assert ring() is None


def test_what_the_start_has_made_is_not_looked_at_again() -> None:
    keep_everything()
    kept = Ring()

    collect_from_now()

    assert not any(each is kept for each in gc.get_objects())

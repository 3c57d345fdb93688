"""Pauses between attempts grow, never bunch, never vanish and start over when told."""

import random

from hypothesis import given
from hypothesis import strategies as st

from mytrader_tui.feeds.alpaca.backoff import Backoff


@given(st.integers(0, 2**32), st.integers(1, 200))
def test_the_nth_pause_lies_in_the_upper_half_of_a_doubling_range(seed, failures):
    backoff = Backoff(1.0, 60.0, random.Random(seed))

    for failure in range(failures):
        ceiling = min(2.0 ** (min(failure, 40) + 1), 60.0)
        assert ceiling / 2 <= backoff.next() <= ceiling


def test_a_reset_starts_over():
    backoff = Backoff(1.0, 60.0, random.Random(1))
    for _ in range(8):
        backoff.next()

    backoff.reset()

    assert backoff.next() <= 2.0


def test_two_clients_do_not_come_back_together():
    first, second = (Backoff(1.0, 60.0, random.Random(seed)) for seed in (1, 2))

    assert [first.next() for _ in range(5)] != [second.next() for _ in range(5)]


def test_a_pause_of_the_callers_own_range_counts_as_a_failure():
    backoff = Backoff(1.0, 60.0, random.Random(1))

    assert 30.0 <= backoff.between(30.0, 60.0) <= 60.0
    assert backoff.next() >= 2.0

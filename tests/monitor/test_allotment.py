"""Who gets one of the plan's places on the stream: positions, then the rows in sight, then who has one already."""

from hypothesis import given
from hypothesis import strategies as st

from mytrader_tui.monitor.allotment import by_importance

SYMBOLS = tuple(f"{first}{second}" for first in "ABCDEFGH" for second in "ABCDEFGH")


def test_with_a_place_for_each_the_order_is_left_alone():
    order = by_importance(("CC",), ("AA", "BB", "CC"), ("BB",), frozenset(), places=3)

    assert order == ("AA", "BB", "CC")


def test_positions_come_first_then_what_is_in_sight_then_what_is_streamed():
    order = by_importance(("DD",), ("AA", "BB", "CC", "DD", "EE"), ("EE", "CC"), frozenset({"BB"}), places=3)

    assert order == ("DD", "EE", "CC", "BB", "AA")


def test_what_alpaca_cannot_stream_takes_no_place_from_anybody():
    order = by_importance((), ("^GSPC", "AA", "BTC-USD"), ("BTC-USD",), frozenset(), places=1)

    assert order == ("^GSPC", "AA", "BTC-USD")


def test_rows_that_are_gone_are_not_asked_for_though_they_were_in_sight():
    assert "ZZ" not in by_importance((), ("AA", "BB"), ("ZZ", "BB"), frozenset(), places=1)


@given(
    symbols=st.lists(st.sampled_from(SYMBOLS), unique=True, max_size=40),
    data=st.data(),
    places=st.integers(1, 30),
)
def test_nobody_is_lost_or_asked_for_twice_and_positions_never_lose_their_place(symbols, data, places):
    some = st.lists(st.sampled_from(symbols), unique=True, max_size=10) if symbols else st.just([])
    held, seen, streamed = data.draw(some), data.draw(some), frozenset(data.draw(some))

    order = by_importance(held, symbols, seen, streamed, places)

    assert sorted(order) == sorted(symbols)
    if len(symbols) > places:
        assert list(order[: len(held)]) == held

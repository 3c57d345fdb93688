"""The newest version of every order stands, whichever way it came and whatever came after it."""

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ordered import NOW, order, update

from mytrader_tui.market.account.order_book import OrderBook, OrderFilter
from mytrader_tui.market.account.orders import Order

MORNING = NOW.wall - timedelta(hours=8)


def book(*orders: Order) -> OrderBook:
    made = OrderBook()
    made.reread(orders, NOW)
    return made


def shown(orders: OrderBook, wanted: OrderFilter = OrderFilter.ALL) -> list[str]:
    return [each.id for each in orders.select(wanted, MORNING)]


@pytest.mark.parametrize(
    ("status", "is_open"),
    [
        *((status, True) for status in ("new", "accepted", "partially_filled", "held", "pending_cancel", "suspended")),
        *((status, False) for status in ("filled", "canceled", "expired", "replaced", "rejected")),
        ("quantum_entangled", True),
        ("", True),
    ],
)
def test_an_order_is_open_until_it_is_known_to_be_closed(status: str, is_open: bool) -> None:
    assert order(status=status).is_open is is_open


def test_the_newest_order_comes_first() -> None:
    orders = book(order("a", submitted=5), order("b", submitted=9), order("c", submitted=None, updated=7))

    assert shown(orders) == ["b", "c", "a"]


def test_the_filters() -> None:
    orders = book(
        order("old open", submitted=-90_000),
        order("open", submitted=-10),
        order("filled", "filled", submitted=-20, ended=-15),
        order("canceled", "canceled", submitted=-90_001, ended=-15),
        order("yesterday's", "filled", submitted=-90_002, ended=-90_000),
        order("rejected", "rejected", submitted=-30),
    )

    assert shown(orders, OrderFilter.OPEN) == ["open", "old open"]
    assert shown(orders, OrderFilter.CLOSED) == ["filled", "rejected", "canceled"]
    assert shown(orders) == ["open", "filled", "rejected", "old open", "canceled"]
    assert orders.open_count == 2


def test_an_update_is_seen_at_once_and_an_older_answer_does_not_undo_it() -> None:
    orders = book(order("1", updated=0))
    filled = order("1", "filled", filled="3", ended=5, updated=5)
    assert orders.apply(update("fill", filled), NOW.later(5))

    orders.reread([order("1", updated=0)], NOW.later(4))

    assert orders.get("1") == filled


def test_an_update_heard_twice_is_news_once() -> None:
    orders = book()
    assert orders.apply(update("new"), NOW)
    before = orders.version

    assert not orders.apply(update("new"), NOW.later(1))
    assert orders.version == before


def test_of_two_versions_of_one_instant_the_one_further_on_stands() -> None:
    orders = book(order("1", "filled", filled="3", updated=5))

    assert not orders.apply(update("partial_fill", order("1", "partially_filled", filled="1", updated=5)), NOW)


def test_an_update_whose_order_has_no_time_is_of_its_own_time() -> None:
    orders = book(order("1", updated=-5))

    assert orders.apply(update("canceled", order("1", "canceled", updated=None)), NOW)


def test_what_a_complete_answer_no_longer_names_is_gone() -> None:
    orders = book(order("1"), order("2"))

    orders.reread([order("2")], NOW.later(60))

    assert shown(orders) == ["2"]


def test_an_order_heard_of_after_the_question_was_asked_is_kept() -> None:
    orders = book(order("1"))
    orders.apply(update("new", order("2")), NOW.later(61))

    orders.reread([order("1")], NOW.later(60))

    assert shown(orders) == ["2", "1"]


def test_an_answer_that_is_not_complete_removes_nothing() -> None:
    orders = book(order("1"), order("2"))

    orders.reread([order("2")], NOW.later(60), complete=False)

    assert shown(orders) == ["2", "1"]


def versions_of(name: str) -> st.SearchStrategy[Order]:
    """Versions of one order; what an order says is decided by when it said it, as at the broker."""
    return st.integers(0, 6).map(
        lambda second: order(
            name,
            "filled" if second > 4 else "partially_filled" if second > 2 else "new",
            filled=str(max(0, second - 2)),
            updated=second,
        )
    )


VERSIONS = st.lists(st.sampled_from("abc").flatmap(versions_of), max_size=15)


def told(orders: OrderBook) -> dict[str, Order]:
    return {each.id: each for each in orders.select(OrderFilter.ALL, MORNING)}


@given(VERSIONS, st.randoms())
def test_in_whatever_order_versions_come_the_book_is_the_same(versions: list[Order], luck: Random) -> None:
    shuffled = list(versions)
    luck.shuffle(shuffled)
    one, other = book(), book()

    for version in versions:
        one.apply(update("some", version), NOW)
    for version in shuffled:
        other.apply(update("some", version), NOW)

    assert told(one) == told(other)


@given(VERSIONS, VERSIONS)
def test_reading_the_same_answer_twice_changes_nothing(before: list[Order], answer: list[Order]) -> None:
    orders = book()
    for version in before:
        orders.apply(update("some", version), NOW)
    orders.reread(answer, NOW.later(1))
    first, number = told(orders), orders.version

    orders.reread(answer, NOW.later(2))

    assert (told(orders), orders.version) == (first, number)


@given(VERSIONS, VERSIONS)
def test_an_order_never_goes_back_in_time(before: list[Order], answer: list[Order]) -> None:
    orders = book()
    for version in before:
        orders.apply(update("some", version), NOW.later(9))
    known = told(orders)

    orders.reread(answer, NOW.later(1))

    for name, version in known.items():
        now = orders.get(name)
        assert now is not None
        assert (now.updated_at, now.filled_quantity) >= (version.updated_at, version.filled_quantity)


@given(VERSIONS, st.permutations([*OrderFilter]))
def test_every_order_is_open_or_closed_and_all_are_both(versions: list[Order], wanted: list[OrderFilter]) -> None:
    orders = book(*versions)

    lists = {each: shown(orders, each) for each in wanted}

    assert sorted(lists[OrderFilter.OPEN] + lists[OrderFilter.CLOSED]) == sorted(lists[OrderFilter.ALL])
    assert len(lists[OrderFilter.OPEN]) == orders.open_count

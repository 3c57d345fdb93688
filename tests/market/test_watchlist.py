"""The list never holds a symbol twice, and a removal can be taken back to its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from mytrader_tui.market.watchlist import Watchlist

SYMBOLS = st.lists(st.sampled_from("ABCDEFG"), unique=True, min_size=1).map(tuple)


def test_a_symbol_is_added_at_the_end() -> None:
    assert Watchlist(("A",)).add("B").symbols == ("A", "B")


def test_what_is_there_is_not_added_and_what_is_not_there_is_not_removed() -> None:
    watchlist = Watchlist(("A",))

    assert watchlist.add("A") is watchlist
    assert watchlist.remove("B") is watchlist
    assert watchlist.undo() is watchlist


def test_a_removal_is_undone_into_its_place_the_latest_first() -> None:
    watchlist = Watchlist(("A", "B", "C")).remove("B").remove("A")

    assert watchlist.undo().symbols == ("A", "C")
    assert watchlist.undo().undo().symbols == ("A", "B", "C")


def test_a_place_that_is_gone_is_the_end() -> None:
    watchlist = Watchlist(("A", "B", "C")).remove("C").remove("B")
    shorter = Watchlist(("A",), watchlist.removals[:1])

    assert shorter.undo().symbols == ("A", "C")


def test_a_symbol_added_again_by_hand_leaves_nothing_to_undo() -> None:
    watchlist = Watchlist(("A", "B")).remove("A").add("A")

    assert watchlist.undo() is watchlist


@given(SYMBOLS, st.data())
def test_as_many_undos_as_removals_restore_the_list(symbols: tuple[str, ...], data: st.DataObject) -> None:
    removed = data.draw(st.lists(st.sampled_from(symbols), unique=True))
    watchlist = Watchlist(symbols)

    for symbol in removed:
        watchlist = watchlist.remove(symbol)
    for _ in removed:
        watchlist = watchlist.undo()

    assert watchlist == Watchlist(symbols)


@pytest.mark.parametrize(
    ("symbol", "rows", "order"),
    [("A", 1, "BAC"), ("C", -1, "ACB"), ("B", 0, "ABC"), ("A", 9, "BCA"), ("C", -9, "CAB"), ("Z", 1, "ABC")],
)
def test_a_row_moves_no_further_than_to_the_end(symbol: str, rows: int, order: str) -> None:
    assert Watchlist(("A", "B", "C")).move(symbol, rows).symbols == tuple(order)


def test_a_row_that_does_not_move_is_no_change() -> None:
    watchlist = Watchlist(("A", "B", "C"))

    assert watchlist.move("A", -1) is watchlist
    assert watchlist.move("C", 1) is watchlist


@given(SYMBOLS, st.data(), st.integers(-9, 9))
def test_a_move_changes_nothing_but_the_place_of_one_row(
    symbols: tuple[str, ...], data: st.DataObject, rows: int
) -> None:
    symbol = data.draw(st.sampled_from(symbols))
    before = Watchlist(symbols).remove(symbols[0])

    after = before.move(symbol, rows)

    assert sorted(after.symbols) == sorted(before.symbols)
    assert after.removals == before.removals
    rest = [each for each in before.symbols if each != symbol]
    assert [each for each in after.symbols if each != symbol] == rest


class AnyOrderOfKeys(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.watchlist = Watchlist()

    @rule(symbol=st.sampled_from("ABC"))
    def add(self, symbol: str) -> None:
        self.watchlist = self.watchlist.add(symbol)
        assert symbol in self.watchlist.symbols

    @rule(symbol=st.sampled_from("ABC"))
    def remove(self, symbol: str) -> None:
        self.watchlist = self.watchlist.remove(symbol)
        assert symbol not in self.watchlist.symbols

    @rule(symbol=st.sampled_from("ABC"), rows=st.integers(-3, 3))
    def move(self, symbol: str, rows: int) -> None:
        before = self.watchlist
        self.watchlist = before.move(symbol, rows)
        assert sorted(self.watchlist.symbols) == sorted(before.symbols)

    @rule()
    def undo(self) -> None:
        before = self.watchlist
        self.watchlist = before.undo()
        assert len(self.watchlist.symbols) == len(before.symbols) + bool(before.removals)

    @invariant()
    def no_symbol_is_listed_or_undoable_twice(self) -> None:
        everything = [*self.watchlist.symbols, *(removal.symbol for removal in self.watchlist.removals)]
        assert len(set(everything)) == len(everything)


TestAnyOrderOfKeys = AnyOrderOfKeys.TestCase

"""Lists have names of their own, one of them is shown, and no change of them loses or doubles a symbol."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from mytrader_tui.market.text import clean
from mytrader_tui.market.watchlist import Watchlist
from mytrader_tui.market.watchlists import (
    NAME_LENGTH,
    BadListError,
    Deletion,
    NamedList,
    Watchlists,
    free_name,
    list_name,
)

NAMES = st.sampled_from(["Tech", "tech", "TECH", "Abroad", "Straße", "STRASSE", " Tech ", "x" * 24, "", "\x1b[2J"])
PLACES = st.integers(-4, 4)


def lists(*names: str, place: int = 0) -> Watchlists:
    """Lists of these names, each with a symbol of its own."""
    return Watchlists(tuple(NamedList(name, Watchlist((name[0].upper(), "SPY"))) for name in names), place)


THREE = lists("Alpha", "Beta", "Gamma")


# Which one is shown.


def test_without_anything_else_there_is_one_empty_list() -> None:
    assert Watchlists().names == ("Watchlist",)
    assert Watchlists().symbols == ()


def test_a_list_is_chosen_by_its_name_whatever_its_case() -> None:
    assert THREE.choose("GAMMA").active.name == "Gamma"
    assert THREE.choose("Alpha") is THREE
    assert THREE.choose("Delta") is THREE


def test_stepping_goes_round_the_end() -> None:
    assert [THREE.step(places).active.name for places in (1, 2, 3, -1)] == ["Beta", "Gamma", "Alpha", "Gamma"]
    assert lists("Alpha").step(1) == lists("Alpha")


def test_every_symbol_is_named_once_and_those_of_the_active_list_come_first() -> None:
    assert THREE.choose("Beta").symbols == ("B", "SPY", "A", "G")


def test_a_change_of_symbols_or_sort_is_the_active_lists_alone() -> None:
    changed = THREE.choose("Beta").put(Watchlist(("KO",))).sorted_by("change", falling=True)

    assert changed.active == NamedList("Beta", Watchlist(("KO",)), "change", True)
    assert (changed.lists[0], changed.lists[2]) == (THREE.lists[0], THREE.lists[2])
    assert changed.put(changed.active.watchlist) is changed
    assert changed.sorted_by("change", falling=True) is changed


# Names.


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "a list needs a name"),
        (" \t ", "a list needs a name"),
        ("\x1b[31m\u200b", "a list needs a name"),
        ("x" * 25, "a name has at most 24 characters, not 25"),
    ],
)
def test_a_text_that_names_nothing_or_too_much_is_refused(text: str, why: str) -> None:
    with pytest.raises(BadListError, match=why):
        list_name(text)


@given(st.text())
def test_whatever_names_a_list_is_clean_and_stays_as_it_is(text: str) -> None:
    try:
        name = list_name(text)
    except BadListError:
        assert not 1 <= len(clean(text, 1000)) <= NAME_LENGTH
        return
    assert 1 <= len(name) <= NAME_LENGTH
    assert name == clean(name) == list_name(name)


@given(st.lists(st.text(min_size=1, max_size=NAME_LENGTH), max_size=12))
def test_a_name_that_is_taken_gets_a_number_and_stays_short(texts: list[str]) -> None:
    taken: list[str] = []
    for text in texts:
        taken.append(free_name(text, taken))

    assert len({name.casefold() for name in taken}) == len(taken)
    assert all(len(name) <= NAME_LENGTH for name in taken)


@pytest.mark.parametrize("name", ["beta", "BETA", " Beta "])
def test_a_name_that_another_list_has_is_refused_whatever_its_case(name: str) -> None:
    for change in (THREE.create, lambda name: THREE.rename("Alpha", name)):
        with pytest.raises(BadListError, match="there is a list called Beta already"):
            change(name)


def test_a_list_may_take_its_own_name_in_another_case() -> None:
    assert THREE.rename("Beta", "BETA").names == ("Alpha", "BETA", "Gamma")
    assert THREE.rename("Beta", "Beta") is THREE


def test_a_renamed_list_keeps_everything_else() -> None:
    began = Watchlists((NamedList("Tech", Watchlist(("AAPL",)), "change", True, "Tech"),))

    assert began.rename("Tech", "Chips").active == NamedList("Chips", Watchlist(("AAPL",)), "change", True, "Tech")


@pytest.mark.parametrize("change", ["rename", "delete"])
def test_a_list_that_is_not_there_can_neither_be_renamed_nor_deleted(change: str) -> None:
    with pytest.raises(BadListError, match="there is no list called Delta"):
        THREE.rename("Delta", "Any") if change == "rename" else THREE.delete("Delta")


# Creating, deleting, bringing back.


def test_a_new_list_stands_at_the_end_empty_and_is_shown() -> None:
    created = THREE.create("Delta")

    assert created.names == ("Alpha", "Beta", "Gamma", "Delta")
    assert created.active == NamedList("Delta")


def test_the_only_list_cannot_be_deleted() -> None:
    with pytest.raises(BadListError, match="the only list cannot be deleted"):
        Watchlists().delete("Watchlist")


@pytest.mark.parametrize(
    ("shown", "deleted", "then_shown"),
    [("Alpha", "Alpha", "Beta"), ("Gamma", "Gamma", "Beta"), ("Alpha", "Gamma", "Alpha"), ("Gamma", "Alpha", "Gamma")],
)
def test_the_neighbour_of_a_deleted_list_is_shown_and_no_other_deletion_changes_what_is(
    shown: str, deleted: str, then_shown: str
) -> None:
    assert THREE.choose(shown).delete(deleted).active.name == then_shown


@given(st.permutations(["Alpha", "Beta", "Gamma", "Delta"]), st.sampled_from(["Alpha", "Beta", "Gamma", "Delta"]))
def test_as_many_restores_as_deletions_bring_everything_back(order: list[str], shown: str) -> None:
    full = lists("Alpha", "Beta", "Gamma", "Delta").choose(shown)
    less = full
    for name in order[:3]:
        less = less.delete(name)

    for _ in range(3):
        less = less.restore()

    assert less == full


def test_a_list_whose_name_was_taken_since_comes_back_with_a_number() -> None:
    back = THREE.delete("Beta").create("beta").restore()

    assert back.names == ("Alpha", "Beta 2", "Gamma", "beta")
    assert back.lists[1].watchlist == THREE.lists[1].watchlist


def test_without_a_deletion_there_is_nothing_to_bring_back() -> None:
    assert THREE.restore() is THREE


def test_a_place_that_is_gone_is_the_end() -> None:
    short = Watchlists((NamedList("Alpha"),), 0, (Deletion(NamedList("Omega"), 7, False),))

    assert short.restore().names == ("Alpha", "Omega")


def test_each_list_undoes_its_own_removals() -> None:
    changed = THREE.put(THREE.active.watchlist.remove("SPY")).choose("Beta")

    assert changed.active.watchlist.removals == ()
    assert changed.choose("Alpha").active.watchlist.undo() == THREE.active.watchlist


# The order.


@pytest.mark.parametrize(
    ("name", "places", "order"),
    [
        ("Alpha", 1, ("Beta", "Alpha", "Gamma")),
        ("Gamma", -1, ("Alpha", "Gamma", "Beta")),
        ("Gamma", -9, ("Gamma", "Alpha", "Beta")),
        ("Alpha", 9, ("Beta", "Gamma", "Alpha")),
    ],
)
@pytest.mark.parametrize("shown", THREE.names)
def test_a_list_moves_no_further_than_to_the_end_and_what_is_shown_stays(
    name: str, places: int, order: tuple[str, ...], shown: str
) -> None:
    moved = THREE.choose(shown).shift(name, places)

    assert moved.names == order
    assert moved.active.name == shown


def test_a_list_that_does_not_move_changes_nothing() -> None:
    assert THREE.shift("Alpha", -1) is THREE
    assert THREE.shift("Beta", 0) is THREE
    assert THREE.shift("Delta", 1) is THREE


def contents(watchlists: Watchlists) -> Counter[frozenset[str]]:
    """What is on every list, shown or removed or deleted with it."""
    every = [*watchlists.lists, *(each.deleted for each in watchlists.deletions)]
    return Counter(
        frozenset((*each.watchlist.symbols, *(gone.symbol for gone in each.watchlist.removals))) for each in every
    )


class AnyOrderOfKeys(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.it = Watchlists()

    def change_of_lists(self, changed: Watchlists) -> None:
        """No change of the lists changes what is on them."""
        assert contents(changed) == contents(self.it)
        self.it = changed

    def change_of_symbols(self, watchlist: Watchlist) -> None:
        """No change of the active list touches another."""
        changed = self.it.put(watchlist)
        assert [*changed.lists[: self.it.place], *changed.lists[self.it.place + 1 :]] == [
            *self.it.lists[: self.it.place],
            *self.it.lists[self.it.place + 1 :],
        ]
        assert changed.active.watchlist == watchlist
        self.it = changed

    @rule(name=NAMES)
    def create(self, name: str) -> None:
        try:
            changed = self.it.create(name)
        except BadListError:
            return
        assert contents(changed) == contents(self.it) + Counter([frozenset()])
        self.it = changed

    @rule(data=st.data(), new=NAMES)
    def rename(self, data: st.DataObject, new: str) -> None:
        old = data.draw(st.sampled_from(self.it.names))
        try:
            self.change_of_lists(self.it.rename(old, new))
        except BadListError:
            return

    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        if len(self.it.lists) > 1:
            self.change_of_lists(self.it.delete(data.draw(st.sampled_from(self.it.names))))

    @rule()
    def restore(self) -> None:
        self.change_of_lists(self.it.restore())

    @rule(data=st.data(), places=PLACES)
    def shift(self, data: st.DataObject, places: int) -> None:
        shown = self.it.active
        self.change_of_lists(self.it.shift(data.draw(st.sampled_from(self.it.names)), places))
        assert self.it.active == shown

    @rule(places=PLACES)
    def step(self, places: int) -> None:
        self.change_of_lists(self.it.step(places))

    @rule(sort=st.sampled_from(["", "change"]), falling=st.booleans())
    def sort(self, sort: str, *, falling: bool) -> None:
        self.change_of_lists(self.it.sorted_by(sort, falling=falling))

    @rule(symbol=st.sampled_from("ABC"))
    def add(self, symbol: str) -> None:
        self.change_of_symbols(self.it.active.watchlist.add(symbol))

    @rule(symbol=st.sampled_from("ABC"))
    def remove(self, symbol: str) -> None:
        self.change_of_symbols(self.it.active.watchlist.remove(symbol))

    @rule()
    def undo(self) -> None:
        self.change_of_symbols(self.it.active.watchlist.undo())

    @rule(symbol=st.sampled_from("ABC"), rows=PLACES)
    def move(self, symbol: str, rows: int) -> None:
        self.change_of_symbols(self.it.active.watchlist.move(symbol, rows))

    @invariant()
    def names_differ_and_one_list_is_shown(self) -> None:
        assert len({name.casefold() for name in self.it.names}) == len(self.it.names) >= 1
        assert 0 <= self.it.place < len(self.it.lists)

    @invariant()
    def the_symbols_are_those_of_the_lists(self) -> None:
        listed = {symbol for each in self.it.lists for symbol in each.watchlist.symbols}
        assert set(self.it.symbols) == listed
        assert len(self.it.symbols) == len(listed)
        shown = self.it.active.watchlist.symbols
        assert self.it.symbols[: len(shown)] == shown


TestAnyOrderOfKeys = AnyOrderOfKeys.TestCase

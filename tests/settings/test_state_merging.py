"""Two windows' changes of one state.toml are both kept, and what neither changed stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from mytrader_tui.settings.lists import ListSetting
from mytrader_tui.settings.state import KeptList, State
from mytrader_tui.settings.state_merging import based_on, merged, merged_order

MAIN, TECH = KeptList("Main", ("AAPL", "SPY")), KeptList("Tech", ("AMD",))
BASE = State((MAIN, TECH), active="Main")
IDEAS = KeptList("Ideas", ("KO", "PEP"))

SYMBOLS = st.lists(st.sampled_from(["AAPL", "MSFT", "SPY", "KO", "AMD"]), unique=True).map(tuple)
LISTS = st.lists(
    st.builds(KeptList, st.sampled_from(["Main", "Tech", "Ideas", "Abroad"]), SYMBOLS, st.sampled_from(["", "last"])),
    min_size=1,
    max_size=4,
    unique_by=lambda each: each.name,
).map(tuple)
STATES = st.builds(
    State,
    LISTS,
    active=st.sampled_from(["Main", "Tech"]),
    hide_amounts=st.booleans(),
    theme=st.sampled_from(["", "nord"]),
    detail_hidden=st.booleans(),
    positions_sort=st.sampled_from(["", "value", "day"]),
    positions_falling=st.booleans(),
)


def shown(state: State) -> dict[str, tuple[str, ...]]:
    return {each.name: each.symbols for each in state.lists}


def test_a_list_that_the_other_window_made_outlives_a_sort_in_this_one() -> None:
    sorted_here = replace(BASE, lists=(replace(MAIN, sort="change", falling=True), TECH))

    kept = merged(BASE, sorted_here, replace(BASE, lists=(MAIN, TECH, IDEAS)))

    assert kept.lists == (replace(MAIN, sort="change", falling=True), TECH, IDEAS)


def test_a_list_that_either_window_deleted_is_gone() -> None:
    without = replace(BASE, lists=(MAIN,))
    hidden = replace(BASE, hide_amounts=True)

    assert merged(BASE, without, hidden) == replace(without, hide_amounts=True)
    assert merged(BASE, hidden, without) == replace(without, hide_amounts=True)


def test_a_list_that_was_worked_on_is_not_deleted_from_the_other_window() -> None:
    without = replace(BASE, lists=(MAIN,))
    longer = replace(BASE, lists=(MAIN, replace(TECH, symbols=("AMD", "INTC"))))

    assert shown(merged(BASE, without, longer))["Tech"] == ("AMD", "INTC")
    assert shown(merged(BASE, longer, without))["Tech"] == ("AMD", "INTC")


def test_symbols_that_both_windows_put_on_one_list_are_all_on_it() -> None:
    here = replace(BASE, lists=(replace(MAIN, symbols=("SPY", "MSFT")), TECH))
    there = replace(BASE, lists=(replace(MAIN, symbols=("AAPL", "SPY", "KO")), TECH))

    assert shown(merged(BASE, here, there))["Main"] == ("SPY", "MSFT", "KO")


def test_a_renamed_list_is_not_there_twice_and_has_what_the_other_window_put_on_it() -> None:
    renamed = replace(BASE, lists=(MAIN, replace(TECH, name="Chips")))
    longer = replace(BASE, lists=(MAIN, replace(TECH, symbols=("AMD", "INTC"))))

    assert shown(merged(BASE, renamed, longer)) == {"Main": MAIN.symbols, "Chips": ("AMD", "INTC")}
    assert shown(merged(BASE, longer, renamed)) == {"Main": MAIN.symbols, "Chips": ("AMD", "INTC")}


def test_lists_of_one_name_that_both_windows_made_are_one() -> None:
    here = replace(BASE, lists=(*BASE.lists, IDEAS))
    there = replace(BASE, lists=(*BASE.lists, KeptList("ideas", ("KO", "DIS"), "last")))

    kept = merged(BASE, here, there).lists[-1]

    assert (kept.name.casefold(), set(kept.symbols), kept.sort) == ("ideas", {"KO", "PEP", "DIS"}, "last")


def test_a_name_that_the_other_window_took_for_another_list_gets_a_number() -> None:
    here = replace(BASE, lists=(MAIN, replace(TECH, name="Ideas")))
    there = replace(BASE, lists=(*BASE.lists, IDEAS))

    assert shown(merged(BASE, here, there)) == {"Main": MAIN.symbols, "Ideas": ("AMD",), "Ideas 2": IDEAS.symbols}


def test_two_windows_that_each_delete_the_others_last_list_leave_a_list() -> None:
    kept = merged(BASE, replace(BASE, lists=(MAIN,)), replace(BASE, lists=(TECH,)))

    assert kept.lists == (MAIN,)


@pytest.mark.parametrize(
    ("here", "there", "kept"),
    [
        ({"theme": "nord"}, {"detail_hidden": True}, {"theme": "nord", "detail_hidden": True}),
        ({"theme": "nord"}, {"theme": "dracula"}, {"theme": "nord"}),
        (
            {"positions_sort": "value"},
            {"positions_sort": "day", "positions_falling": True},
            {"positions_sort": "value"},
        ),
        ({}, {"active": "Tech"}, {"active": "Tech"}),
    ],
    ids=["different choices", "the same choice", "a column and its direction are one choice", "only the other's"],
)
def test_each_choice_is_kept_by_itself(
    here: dict[str, object], there: dict[str, object], kept: dict[str, object]
) -> None:
    assert merged(BASE, replace(BASE, **here), replace(BASE, **there)) == replace(BASE, **kept)


def test_what_config_adds_later_is_no_list_that_the_other_window_deleted() -> None:
    now = (ListSetting("Main", ("AAPL", "SPY")), ListSetting("Abroad", ("7203.T",)))
    base = based_on(replace(BASE, configured=now[:1]), now)
    ours = replace(base, theme="nord")

    kept = merged(base, ours, based_on(replace(BASE, configured=now[:1]), now))

    assert shown(kept) == {"Main": MAIN.symbols, "Tech": TECH.symbols, "Abroad": ("7203.T",)}


@given(STATES, STATES)
def test_whoever_changed_nothing_changes_nothing(base: State, changed: State) -> None:
    assert merged(base, base, changed) == changed
    assert merged(base, changed, base) == changed
    assert merged(base, changed, changed) == changed


@given(STATES, STATES, STATES)
def test_nothing_that_either_put_there_is_lost(base: State, ours: State, theirs: State) -> None:
    kept = merged(base, ours, theirs)

    names = [each.name.casefold() for each in kept.lists]
    assert len(set(names)) == len(names) > 0
    known = {symbol for each in base.lists for symbol in each.symbols}
    put = {symbol for side in (ours, theirs) for each in side.lists for symbol in each.symbols}
    assert put - known <= {symbol for each in kept.lists for symbol in each.symbols}


ITEMS = st.lists(st.sampled_from("abcdefg"), unique=True)


@given(ITEMS, ITEMS, ITEMS)
def test_an_order_has_what_was_added_on_either_side_and_nothing_that_was_taken(
    base: list[str], ours: list[str], theirs: list[str]
) -> None:
    order = merged_order(base, ours, theirs)

    assert set(order) == (set(ours) | set(theirs)) - (set(base) - (set(ours) & set(theirs)))
    assert len(order) == len(set(order))

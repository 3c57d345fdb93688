"""config.toml's changes reach lists that the keys have changed, and the other way round nothing is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mytrader_tui.market.symbol import BadSymbolError
from mytrader_tui.market.watchlists import NAME_LENGTH, Watchlists
from mytrader_tui.settings.lists import ListSetting
from mytrader_tui.settings.merge import effective_watchlists, merged_symbols
from mytrader_tui.settings.state import KeptList, State

SYMBOLS = st.lists(st.sampled_from(["AAPL", "MSFT", "SPY", "BRK.B", "^GSPC", "BTC-USD"]), unique=True).map(tuple)
NAMES = st.sampled_from(["Watchlist", "Tech", "tech", "Abroad", "Old"])
SETTINGS = st.lists(st.builds(ListSetting, NAMES, SYMBOLS), unique_by=lambda each: each.name.casefold(), max_size=4)

FIRST = ListSetting("Watchlist", ("SPY",))
KEPT_FIRST = KeptList("Watchlist", ("SPY",), origin="Watchlist")


def shown(watchlists: Watchlists) -> dict[str, tuple[str, ...]]:
    """Each list's symbols by its name, in order."""
    return {each.name: each.watchlist.symbols for each in watchlists.lists}


@pytest.mark.parametrize(
    ("configured", "before", "listed", "merged"),
    [
        (("aapl", "AAPL", "brk-b"), (), (), ("AAPL", "BRK.B")),
        (("AAPL", "MSFT"), ("AAPL", "MSFT"), ("MSFT", "SPY"), ("MSFT", "SPY")),
        (("AAPL", "TSLA"), ("AAPL",), ("SPY", "AAPL"), ("SPY", "AAPL", "TSLA")),
        (("AAPL",), ("AAPL", "MSFT"), ("MSFT", "SPY", "AAPL"), ("SPY", "AAPL")),
        (("AAPL", "SPY"), ("AAPL",), ("SPY", "AAPL"), ("SPY", "AAPL")),
        ((), ("AAPL",), ("AAPL", "SPY"), ("SPY",)),
        (("BRK-B",), ("BRK.B",), (), ()),
        (("AAPL",), ("AAPL",), ("brk-b", "BRK.B"), ("BRK.B",)),
    ],
    ids=[
        "duplicates and spellings fold",
        "the app's list wins when config.toml has not changed",
        "new in config.toml: appended",
        "gone from config.toml: dropped",
        "new in config.toml but added in the app before: keeps its place",
        "what only the app added stays",
        "removed in the app: stays removed under any spelling",
        "the state's duplicates and spellings fold",
    ],
)
def test_the_symbols_of_one_list(
    configured: tuple[str, ...], before: tuple[str, ...], listed: tuple[str, ...], merged: tuple[str, ...]
) -> None:
    assert merged_symbols(configured, before, listed) == merged


def test_a_configured_text_that_is_no_symbol_is_refused() -> None:
    with pytest.raises(BadSymbolError):
        effective_watchlists((ListSetting("Watchlist", ("A B",)),), None)


@given(SYMBOLS, SYMBOLS, SYMBOLS)
def test_the_three_way_rule(configured: tuple[str, ...], before: tuple[str, ...], listed: tuple[str, ...]) -> None:
    effective = merged_symbols(configured, before, listed)

    new, gone = set(configured) - set(before), set(before) - set(configured)
    assert set(effective) == (set(listed) - gone) | new
    assert len(effective) == len(set(effective))
    kept = [symbol for symbol in listed if symbol in effective]
    assert list(effective[: len(kept)]) == kept


@given(SYMBOLS, SYMBOLS)
def test_without_a_change_in_config_a_list_stays_as_the_app_left_it(
    configured: tuple[str, ...], listed: tuple[str, ...]
) -> None:
    assert merged_symbols(configured, configured, listed) == listed


def test_without_a_state_the_lists_are_those_of_config_in_its_order_and_the_first_is_shown() -> None:
    watchlists = effective_watchlists((FIRST, ListSetting("Tech", ("aapl",)), ListSetting("Abroad", ("7203.T",))), None)

    assert shown(watchlists) == {"Watchlist": ("SPY",), "Tech": ("AAPL",), "Abroad": ("7203.T",)}
    assert watchlists.active.name == "Watchlist"


TECH = ListSetting("Tech", ("AAPL", "MSFT"))
KEPT_TECH = KeptList("Tech", ("AAPL", "MSFT"), origin="Tech")


@pytest.mark.parametrize(
    ("configured", "state", "effective"),
    [
        (
            (FIRST, TECH),
            State((KEPT_FIRST, KeptList("Own", ("KO",))), (FIRST,)),
            {"Watchlist": ("SPY",), "Own": ("KO",), "Tech": ("AAPL", "MSFT")},
        ),
        (
            (FIRST, TECH),
            State((KEPT_FIRST, KeptList("tech", ("KO",))), (FIRST,)),
            {"Watchlist": ("SPY",), "tech": ("KO", "AAPL", "MSFT")},
        ),
        ((FIRST, TECH), State((KEPT_FIRST,), (FIRST, TECH)), {"Watchlist": ("SPY",)}),
        ((FIRST,), State((KEPT_FIRST, KEPT_TECH), (FIRST, TECH)), {"Watchlist": ("SPY",)}),
        (
            (FIRST,),
            State((KEPT_FIRST, KeptList("Tech", ("AAPL", "AMD"), origin="Tech")), (FIRST, TECH)),
            {"Watchlist": ("SPY",), "Tech": ("AMD",)},
        ),
        (
            (FIRST, ListSetting("Tech", ("AAPL", "NVDA"))),
            State((KeptList("Chips", ("MSFT", "AMD"), origin="Tech"), KEPT_FIRST), (FIRST, TECH)),
            {"Chips": ("AMD", "NVDA"), "Watchlist": ("SPY",)},
        ),
        (
            (FIRST, ListSetting("TECH", ("AAPL", "MSFT"))),
            State((KEPT_FIRST, KEPT_TECH), (FIRST, TECH)),
            {"Watchlist": ("SPY",), "Tech": ("AAPL", "MSFT")},
        ),
        (
            (FIRST, TECH),
            State((KeptList("Tech", ("SPY",), origin="Watchlist"),), (FIRST,)),
            {"Tech": ("SPY",), "Tech 2": ("AAPL", "MSFT")},
        ),
        ((FIRST,), State((KEPT_TECH,), (FIRST, TECH)), {"Watchlist": ("SPY",)}),
        (
            (FIRST,),
            State((KeptList("A\x1b[31mB\u202e"), KeptList("ab"), KeptList("x" * 99), KeptList("")), (FIRST,)),
            {"AB": (), "ab 2": (), "x" * 23 + "…": (), "Watchlist": ()},
        ),
    ],
    ids=[
        "new in config.toml: a list at the end",
        "new in config.toml and made in the app before, whatever its case: one list of both",
        "deleted in the app: stays deleted",
        "gone from config.toml: gone",
        "gone from config.toml: what the app added stays, on a list of its own",
        "renamed and moved in the app: config.toml's changes still reach it",
        "written in another case in config.toml: the same list",
        "a name that the app gave to another list: gets a number",
        "no list left: the first as configured",
        "names that someone wrote into the state by hand are made names",
    ],
)
def test_lists_that_changed_on_either_side(
    configured: tuple[ListSetting, ...], state: State, effective: dict[str, tuple[str, ...]]
) -> None:
    assert shown(effective_watchlists(configured, state)) == effective


def test_a_list_renamed_in_the_app_is_still_the_one_that_config_began() -> None:
    watchlists = effective_watchlists(
        (FIRST, TECH), State((KEPT_FIRST, KeptList("Chips", (), origin="Tech")), (FIRST, TECH))
    )

    assert [each.origin for each in watchlists.lists] == ["Watchlist", "Tech"]


def test_the_list_that_was_shown_is_shown_again_with_its_sort() -> None:
    state = State((KEPT_FIRST, KeptList("Own", ("KO",), "change", True)), (FIRST,), active="Own")

    active = effective_watchlists((FIRST,), state).active

    assert (active.name, active.sort, active.falling) == ("Own", "change", True)


def test_a_list_that_is_gone_leaves_the_first_one_shown() -> None:
    watchlists = effective_watchlists((FIRST,), State((KEPT_FIRST, KEPT_TECH), (FIRST, TECH), active="Tech"))

    assert watchlists.active.name == "Watchlist"


KEPT = st.lists(st.builds(KeptList, st.text(), SYMBOLS, st.just(""), st.booleans(), NAMES | st.just("")), min_size=1)


@given(SETTINGS, st.builds(State, KEPT.map(tuple), SETTINGS.map(tuple), st.text()))
def test_whatever_the_state_says_there_are_lists_of_different_sound_names(
    configured: list[ListSetting], state: State
) -> None:
    watchlists = effective_watchlists(configured, state)

    assert watchlists.lists
    assert 0 <= watchlists.place < len(watchlists.lists)
    assert len({name.casefold() for name in watchlists.names}) == len(watchlists.names)
    assert all(name and name.isprintable() and len(name) <= NAME_LENGTH for name in watchlists.names)
    origins = [each.origin for each in watchlists.lists if each.origin]
    assert len(set(origins)) == len(origins)


@given(SETTINGS, SETTINGS, KEPT)
def test_what_the_app_put_on_a_list_is_never_lost(
    configured: list[ListSetting], before: list[ListSetting], kept: list[KeptList]
) -> None:
    watchlists = effective_watchlists(configured, State(tuple(kept), tuple(before)))

    based = {symbol for each in before for symbol in each.symbols}
    assert {symbol for each in kept for symbol in each.symbols} - based <= set(watchlists.symbols)

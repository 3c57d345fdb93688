"""A run may begin with another list than the one that was left; the next run knows nothing of it."""

from pathlib import Path

import pytest

from mytrader_tui.monitor.watching import Watching
from mytrader_tui.settings.lists import ListSetting
from mytrader_tui.settings.opening import AS_LEFT, THIS_RUN, Opening
from mytrader_tui.settings.paths import Paths
from mytrader_tui.settings.state import read_state

LISTS = (ListSetting("Watchlist", ("AAPL", "MSFT")), ListSetting("tech", ("NVDA",)), ListSetting("own", ("AMD",)))


def watching(folder: Path, opening: Opening = AS_LEFT) -> Watching:
    return Watching(LISTS, Paths.under(folder), lambda: None, opening)


def left_with(folder: Path, name: str) -> None:
    """An earlier run was left with the list `name` shown."""
    before = watching(folder)
    before.lists.choose(name)
    before.save_now()


def kept(folder: Path) -> tuple[tuple[str, ...], str]:
    state, _ = read_state(Paths.under(folder).state_file)
    assert state is not None
    return tuple(each.name for each in state.lists), state.active


def test_symbols_of_the_command_line_are_shown_and_written_nowhere(tmp_path):
    left_with(tmp_path, "tech")
    run = watching(tmp_path, Opening(symbols=("SPY", "QQQ")))
    assert (run.lists.active, run.watchlist.symbols) == (THIS_RUN, ("SPY", "QQQ"))

    run.remove("SPY")
    run.hide_amounts(True)
    run.save_now()

    assert kept(tmp_path) == (("Watchlist", "tech", "own"), "tech")
    assert THIS_RUN not in watching(tmp_path).lists.names


def test_not_even_under_another_name(tmp_path):
    left_with(tmp_path, "tech")
    run = watching(tmp_path, Opening(symbols=("SPY",)))

    assert run.lists.rename(THIS_RUN, "mine") == ""
    run.hide_amounts(True)
    run.save_now()

    assert kept(tmp_path)[0] == ("Watchlist", "tech", "own")


def test_a_named_list_is_shown_and_not_remembered_as_the_one_that_was_left(tmp_path):
    left_with(tmp_path, "tech")
    run = watching(tmp_path, Opening(name="own"))
    assert run.lists.active == "own"

    run.hide_amounts(True)
    run.save_now()

    assert kept(tmp_path)[1] == "tech"


@pytest.mark.parametrize("opening", [Opening(name="own"), Opening(symbols=("SPY",))])
def test_a_list_that_the_user_then_goes_to_is_remembered(tmp_path, opening):
    left_with(tmp_path, "tech")
    run = watching(tmp_path, opening)

    run.lists.choose("Watchlist")
    run.save_now()

    assert kept(tmp_path)[1] == "Watchlist"


def test_what_the_user_changes_on_other_lists_is_kept(tmp_path):
    left_with(tmp_path, "tech")
    run = watching(tmp_path, Opening(symbols=("SPY",)))

    run.lists.choose("own")
    run.lists.put(run.watchlist.add("INTC"))
    run.save_now()

    assert watching(tmp_path).watchlist.symbols == ("AMD", "INTC")

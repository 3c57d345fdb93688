"""Which panes are hidden is kept in state.toml with how the rest of the screen is left."""

from pathlib import Path

import pytest

from mytrader_tui.monitor.watching import Watching
from mytrader_tui.settings.lists import ListSetting
from mytrader_tui.settings.paths import Paths
from mytrader_tui.settings.state import KeptList, State, View, read_state, write_state

LISTS = (ListSetting("Main", ("AAPL",)),)


@pytest.mark.parametrize("view", [View(positions_hidden=True), View(detail_hidden=True), View(theme="nord")])
def test_what_is_hidden_is_as_it_was_after_a_restart(tmp_path: Path, view: View) -> None:
    state = State((KeptList("Main", ("AAPL",)),), theme=view.theme)
    path = tmp_path / "state.toml"
    write_state(path, State(state.lists, (), "Main", False, view.theme, "", view.positions_hidden, view.detail_hidden))
    read, told = read_state(path)
    assert told == ""
    assert read is not None
    assert (read.theme, read.positions_hidden, read.detail_hidden) == (
        view.theme,
        view.positions_hidden,
        view.detail_hidden,
    )


def test_hidden_panes_and_the_positions_order_are_written(tmp_path: Path) -> None:
    paths = Paths.under(tmp_path)
    paths.state_folder.mkdir()
    watching = Watching(LISTS, paths, lambda: None)
    left = View(theme="nord", detail_hidden=True, positions_sort="day_profit", positions_falling=True)
    watching.keep_view(left)
    watching.save_now()
    assert Watching(LISTS, paths, lambda: None).view == left

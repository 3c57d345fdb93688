"""Two windows of the program keep one state.toml, and neither loses what was done in the other."""

import threading
from pathlib import Path

import pytest
from desk_under_test import QUICK, running, until
from msgspec.structs import replace

from mytrader_tui.demo.market import DemoMarket
from mytrader_tui.monitor.clock import system_clock
from mytrader_tui.monitor.watching import Watching
from mytrader_tui.settings import file_lock
from mytrader_tui.settings.lists import ListSetting
from mytrader_tui.settings.paths import Paths
from mytrader_tui.settings.schema import Watchlist
from mytrader_tui.settings.state import State, read_state

LISTS = (ListSetting("Watchlist", ("AMD", "KO")), ListSetting("Chips", ("INTC",)))


@pytest.fixture
def windows(tmp_path: Path) -> tuple[Watching, Watching]:
    return window(tmp_path), window(tmp_path)


def window(folder: Path, configured: tuple[ListSetting, ...] = LISTS) -> Watching:
    return Watching(configured, Paths.under(folder), lambda: None)


def kept(folder: Path) -> State | None:
    return read_state(Paths.under(folder).state_file)[0]


def shown(folder: Path) -> dict[str, tuple[str, ...]]:
    state = kept(folder)
    return {} if state is None else {each.name: each.symbols for each in state.lists}


async def test_a_list_made_in_one_window_outlives_a_sort_in_the_other_and_a_restart(tmp_path: Path) -> None:
    settings = replace(QUICK, watchlist=Watchlist(symbols=("AMD", "KO")), lists={"Chips": ("INTC",)})
    async with DemoMarket(clock=system_clock) as market:
        async with running(market, tmp_path, settings) as one, running(market, tmp_path, settings) as other:
            assert one.lists.create("Drinks") == ""
            one.lists.put(one.watchlist.add("PEP").add("KO"))
            await until(lambda: shown(tmp_path).get("Drinks") == ("PEP", "KO"), "the list is on disk")

            other.keep_view(replace(other.view, sort="change", falling=True))

            await until(lambda: (state := kept(tmp_path)) is not None and state.lists[0].sort == "change", "the sort")
            assert shown(tmp_path) == {"Watchlist": ("AMD", "KO"), "Chips": ("INTC",), "Drinks": ("PEP", "KO")}
        async with running(market, tmp_path, settings) as after:
            assert after.lists.names == ("Watchlist", "Chips", "Drinks")


def test_what_each_window_goes_on_to_do_is_kept_of_both(tmp_path: Path, windows: tuple[Watching, Watching]) -> None:
    one, other = windows
    one.remove("AMD")
    one.save_now()
    other.lists.delete("Chips")
    other.save_now()
    one.hide_amounts(True)
    one.save_now()
    other.keep_view(replace(other.view, theme="nord"))
    other.save_now()
    one.undo_remove()
    one.save_now()

    assert set(shown(tmp_path)["Watchlist"]) == {"AMD", "KO"}
    assert list(shown(tmp_path)) == ["Watchlist"]
    after = window(tmp_path)
    assert (after.amounts_hidden, after.view.theme) == (True, "nord")


def test_a_list_deleted_in_one_window_is_not_brought_back_by_the_other(
    tmp_path: Path, windows: tuple[Watching, Watching]
) -> None:
    one, other = windows
    one.lists.delete("Chips")
    one.save_now()

    other.keep_view(replace(other.view, sort="last"))
    other.save_now()

    assert list(shown(tmp_path)) == ["Watchlist"]


def test_a_list_that_config_got_since_is_kept_beside_what_an_older_window_does(tmp_path: Path) -> None:
    older = window(tmp_path, LISTS[:1])
    older.remove("KO")
    older.save_now()
    newer = window(tmp_path)
    newer.lists.create("Drinks")
    newer.save_now()

    older.keep_view(replace(older.view, theme="nord"))
    older.save_now()

    after = window(tmp_path)
    assert after.lists.names == ("Watchlist", "Drinks", "Chips")
    assert shown(tmp_path)["Watchlist"] == ("AMD",)
    assert after.view.theme == "nord"


def test_a_state_that_went_away_is_written_whole(tmp_path: Path, windows: tuple[Watching, Watching]) -> None:
    one, _ = windows
    one.lists.create("Drinks")
    one.save_now()
    Paths.under(tmp_path).state_file.unlink()

    one.hide_amounts(True)
    one.save_now()

    assert list(shown(tmp_path)) == ["Watchlist", "Chips", "Drinks"]


def test_many_windows_that_write_at_once_lose_no_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_lock, "LOCK_SECONDS", 60.0)

    def work(number: int) -> None:
        watching = window(tmp_path)
        for each in range(5):
            watching.lists.create(f"List {number}.{each}")
            watching.save_now()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(shown(tmp_path)) == 2 + 20

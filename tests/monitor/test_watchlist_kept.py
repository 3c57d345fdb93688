"""The watchlist on disk when the program is left."""

import asyncio
from pathlib import Path

from msgspec.structs import replace

from mytrader_tui.monitor.watching import Watching
from mytrader_tui.settings.lists import ListSetting
from mytrader_tui.settings.paths import Paths
from mytrader_tui.settings.state import View, read_state


def kept(paths: Paths) -> tuple[str, ...] | None:
    state, _ = read_state(paths.state_file)
    return state.lists[0].symbols if state is not None else None


async def test_leaving_in_the_middle_of_a_write_loses_no_change(tmp_path: Path) -> None:
    paths = Paths.under(tmp_path)
    watching = Watching((ListSetting("Watchlist", ("AAPL", "MSFT")),), paths, lambda: None)
    writer = asyncio.create_task(watching.write_when_changed(), name="writer")
    await asyncio.sleep(0)
    watching.remove("AAPL")
    await asyncio.sleep(0)  # the writer's thread has begun

    writer.cancel()
    watching.save_now()

    assert kept(paths) == ("MSFT",)
    await asyncio.wait({writer})


def test_an_unchanged_list_is_not_written(tmp_path: Path) -> None:
    paths = Paths.under(tmp_path)

    Watching((ListSetting("Watchlist", ("AAPL",)),), paths, lambda: None).save_now()

    assert kept(paths) is None


LISTS = (ListSetting("Watchlist", ("AMD", "KO")), ListSetting("Chips", ("INTC", "AMD")))


def watched(tmp_path: Path) -> Watching:
    return Watching(LISTS, Paths.under(tmp_path), lambda: None)


def test_lists_their_order_their_sort_and_the_one_shown_are_there_after_a_restart(tmp_path: Path) -> None:
    before = watched(tmp_path)
    before.keep_view(View("change", True, "nord"))
    before.lists.create("Drinks")
    before.lists.rename("Chips", "Semis")
    before.lists.shift("Drinks", -1)
    before.keep_view(replace(before.view, sort="name"))
    before.save_now()

    after = watched(tmp_path)

    assert after.lists.names == ("Watchlist", "Drinks", "Semis")
    assert after.lists.active == "Drinks"
    assert after.view == View("name", False, "nord")
    after.lists.choose("Watchlist")
    assert after.view == View("change", True, "nord")


def test_a_deleted_list_stays_deleted_and_a_renamed_one_comes_once(tmp_path: Path) -> None:
    before = watched(tmp_path)
    before.lists.rename("Watchlist", "Main")
    before.lists.delete("Chips")
    before.save_now()

    assert watched(tmp_path).lists.names == ("Main",)


def test_a_renamed_list_still_follows_what_changes_in_config(tmp_path: Path) -> None:
    before = watched(tmp_path)
    before.lists.rename("Chips", "Semis")
    before.save_now()

    changed = (LISTS[0], ListSetting("Chips", ("INTC", "NVDA")))
    after = Watching(changed, Paths.under(tmp_path), lambda: None)

    assert after.lists.names == ("Watchlist", "Semis")
    assert after.lists.watchlists.lists[1].watchlist.symbols == ("INTC", "NVDA")


def test_rows_moved_by_hand_stay_where_they_were_put(tmp_path: Path) -> None:
    before = watched(tmp_path)
    before.lists.move("KO", -1)
    before.save_now()

    assert watched(tmp_path).watchlist.symbols == ("KO", "AMD")


def test_a_refusal_is_told_and_changes_nothing(tmp_path: Path) -> None:
    changes: list[None] = []
    lists = Watching(LISTS, Paths.under(tmp_path), lambda: changes.append(None)).lists
    before = lists.watchlists

    told = (lists.create("chips"), lists.rename("Chips", " "), lists.delete("Nothing"), lists.rename("Nothing", "A"))

    assert told == (
        "there is a list called Chips already",
        "a list needs a name",
        "there is no list called Nothing",
        "there is no list called Nothing",
    )
    assert lists.watchlists is before
    assert changes == []


def test_what_is_as_it_was_is_no_change(tmp_path: Path) -> None:
    changes: list[None] = []
    watching = Watching(LISTS, Paths.under(tmp_path), lambda: changes.append(None))

    watching.keep_view(watching.view)
    watching.lists.choose("Watchlist")
    watching.lists.move("AMD", -1)
    watching.lists.restore()
    watching.remove("ZZZ")

    assert changes == []
    watching.save_now()
    assert kept(Paths.under(tmp_path)) is None


def test_each_list_brings_back_what_was_removed_from_it(tmp_path: Path) -> None:
    watching = watched(tmp_path)
    watching.remove("AMD")
    watching.lists.choose("Chips")

    assert watching.undo_remove() is None
    watching.lists.choose("Watchlist")
    assert watching.undo_remove() == "AMD"
    assert watching.watchlist.symbols == ("AMD", "KO")

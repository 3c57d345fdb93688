"""The tabs over the table: which list is shown, and the keys and clicks that show another."""

import re

import pytest
from fake_desk import FakeDesk
from hypothesis import given
from hypothesis import strategies as st
from screen_text import app_for, line_with, lines_of, main_of, painted, settled
from textual.geometry import Offset

from mytrader_tui.app import MarketApp
from mytrader_tui.market.watchlist import Watchlist
from mytrader_tui.settings.state import View
from mytrader_tui.ui.widgets.list_tabs import ListTabs, in_sight
from mytrader_tui.ui.widgets.positions import PositionsTable
from mytrader_tui.ui.widgets.watchlist import WatchlistTable

TECH = ("NVDA", "AMD", "AAPL")


def three_lists() -> FakeDesk:
    """Watchlist (AAPL, MSFT, TSLA), Tech (NVDA, AMD, AAPL) and an empty one; the first is shown."""
    desk = FakeDesk()
    desk.lists.create("Tech")
    desk.watchlist = Watchlist(TECH)
    desk.lists.create("Empty")
    desk.lists.choose("Watchlist")
    return desk


def rows(app: MarketApp) -> tuple[str, ...]:
    return main_of(app).query_one(WatchlistTable).keys


def cursor(app: MarketApp) -> str | None:
    return main_of(app).query_one(WatchlistTable).cursor_key


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (120, 36), (200, 60)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_a_single_list_has_no_tabs_and_takes_no_room(size: tuple[int, int]) -> None:
    app = app_for(FakeDesk())
    async with app.run_test(size=size) as pilot:
        assert (await settled(pilot))[0].startswith(" Symbol")
        assert not main_of(app).query_one(ListTabs).display


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (120, 36), (200, 60)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_several_lists_stand_in_one_line_over_the_table_and_the_one_shown_in_brackets(
    size: tuple[int, int],
) -> None:
    desk = three_lists()
    app = app_for(desk)
    async with app.run_test(size=size) as pilot:
        await painted(pilot, desk)
        lines = await settled(pilot)
        assert re.fullmatch(r"\[Watchlist\] Tech  Empty( {20,}.*)?", lines[0].rstrip())
        assert lines[1].startswith(" Symbol")


async def test_tab_and_shift_tab_go_round_the_lists() -> None:
    app = app_for(three_lists())
    async with app.run_test(size=(80, 24)) as pilot:
        seen = []
        for key in ("tab", "tab", "tab", "shift+tab"):
            await pilot.press(key)
            seen.append((await settled(pilot))[0].strip())
            assert rows(app) == main_of(app)._desk.watchlist.symbols
    assert seen == [
        "Watchlist [Tech] Empty",
        "Watchlist  Tech [Empty]",
        "[Watchlist] Tech  Empty",
        "Watchlist  Tech [Empty]",
    ]


@pytest.mark.parametrize("key", ["tab", "shift+tab"])
async def test_with_one_list_tab_does_nothing_and_is_not_offered(key: str) -> None:
    desk = FakeDesk()
    app = app_for(desk)
    async with app.run_test(size=(200, 24)) as pilot:
        await pilot.press(key)
        await painted(pilot, desk)
        assert rows(app) == ("AAPL", "MSFT", "TSLA")
        assert "Next list" not in lines_of(app)[-1]
        assert main_of(app).query_one(WatchlistTable).has_focus


async def test_with_two_lists_tab_is_offered() -> None:
    desk = three_lists()
    app = app_for(desk)
    async with app.run_test(size=(200, 24)) as pilot:
        await painted(pilot, desk)
        assert "Next list" in lines_of(app)[-1]


@pytest.mark.parametrize("name", ["Tech", "Empty", "Watchlist"])
async def test_a_click_on_a_name_shows_that_list(name: str) -> None:
    desk = three_lists()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        line = (await settled(pilot))[0]
        await pilot.click(offset=Offset(line.index(name) + len(name) - 1, 0))
        await pilot.pause()
        assert desk.lists.active == name
        assert rows(app) == desk.watchlist.symbols


async def test_a_click_beside_the_names_shows_no_other_list() -> None:
    desk = three_lists()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        await settled(pilot)
        await pilot.click(offset=Offset(70, 0))
        assert desk.lists.active == "Watchlist"


async def test_prices_of_a_list_are_there_when_its_tab_is_opened() -> None:
    desk = three_lists()
    desk.quote("AMD", 142.5)
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        await pilot.press("tab")
        assert "142.50" in line_with(app, "AMD")


async def test_each_list_keeps_the_place_of_its_cursor() -> None:
    app = app_for(three_lists())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "down", "tab")
        assert cursor(app) == "NVDA"
        await pilot.press("down", "shift+tab")
        assert cursor(app) == "TSLA"
        await pilot.press("tab")
        assert cursor(app) == "AMD"


async def test_a_list_renamed_under_the_cursor_leaves_it_where_it_is() -> None:
    desk = three_lists()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down")
        desk.lists.rename("Watchlist", "Main")
        await painted(pilot, desk)
        assert cursor(app) == "MSFT"


async def test_each_list_is_sorted_by_itself_and_a_new_one_begins_at_its_first_row() -> None:
    desk = three_lists()
    desk.lists.choose("Tech")
    desk.keep_view(View("symbol", True))
    desk.lists.choose("Watchlist")
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        assert rows(app) == ("AAPL", "MSFT", "TSLA")
        await pilot.press("tab")
        assert rows(app) == ("NVDA", "AMD", "AAPL")
        assert cursor(app) == "NVDA"
        await pilot.press("shift+tab")
        assert rows(app) == ("AAPL", "MSFT", "TSLA")


async def test_a_removal_and_its_undo_are_the_lists_own() -> None:
    desk = three_lists()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("d", "tab", "u")
        assert desk.watchlist.symbols == TECH
        await pilot.press("shift+tab", "u")
        assert desk.watchlist.symbols == ("AAPL", "MSFT", "TSLA")


async def test_a_symbol_is_added_to_the_list_that_is_shown() -> None:
    desk = three_lists()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("tab")
        outcome = await desk.add("KO")
        await painted(pilot, desk)
        assert outcome.added == ("KO",)
        assert rows(app) == (*TECH, "KO")


async def test_p_goes_to_the_positions_and_back_while_tab_changes_the_list_in_either_pane() -> None:
    desk = three_lists()
    desk.hold(AAPL=("10", "150"))
    app = app_for(desk)
    async with app.run_test(size=(120, 36)) as pilot:
        await painted(pilot, desk)
        await pilot.press("p", "tab")
        assert main_of(app).query_one(PositionsTable).has_focus
        assert desk.lists.active == "Tech"
        await pilot.press("p")
        assert main_of(app).query_one(WatchlistTable).has_focus


# More lists than there is room for.


async def test_where_not_all_names_have_room_marks_say_so_and_lead_to_the_hidden_ones() -> None:
    desk = FakeDesk()
    for number in range(12):
        desk.lists.create(f"List number {number}")
    desk.lists.choose("List number 5")
    app = app_for(desk)
    async with app.run_test(size=(60, 24)) as pilot:
        await painted(pilot, desk)
        line = (await settled(pilot))[0]
        assert line == "‹ List number 4 [List number 5] List number 6 ›"
        await pilot.click(offset=Offset(0, 0))
        assert desk.lists.active == "List number 3"
        await pilot.click(offset=Offset((await settled(pilot))[0].index("›"), 0))
        assert desk.lists.active == "List number 5"


async def test_a_name_wider_than_the_screen_is_cut_and_can_be_clicked() -> None:
    desk = FakeDesk()
    desk.lists.create("暗" * 24)
    app = app_for(desk)
    async with app.run_test(size=(40, 12)) as pilot:
        await painted(pilot, desk)
        line = (await settled(pilot))[0]
        assert line.startswith("‹[暗")
        assert line.endswith("…]")


@pytest.mark.parametrize("name", ["[red]x[/]", "[/nonsense]", "@click=app.quit", "a\\[b"])
async def test_a_name_is_shown_as_it_is_and_never_read_as_markup(name: str) -> None:
    desk = FakeDesk()
    desk.lists.create(name)
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        assert (await settled(pilot))[0].rstrip() == f" Watchlist [{name}]"


async def test_a_second_list_brings_the_tabs_and_its_deletion_takes_them_away() -> None:
    desk = FakeDesk()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        desk.lists.create("Tech")
        await painted(pilot, desk)
        assert (await settled(pilot))[0].strip() == "Watchlist [Tech]"
        desk.lists.delete("Tech")
        await painted(pilot, desk)
        assert (await settled(pilot))[0].startswith(" Symbol")


@given(st.lists(st.integers(3, 50), min_size=1, max_size=30), st.data(), st.integers(5, 200))
def test_the_active_tab_is_always_in_sight_and_what_is_shown_fits_with_its_marks(
    widths: list[int], data: st.DataObject, room: int
) -> None:
    place = data.draw(st.integers(0, len(widths) - 1))

    seen = in_sight(widths, place, room)

    assert place in seen
    marks = 0 if len(seen) == len(widths) else 2
    assert sum(widths[each] for each in seen) + marks <= room or len(seen) == 1
    for more in (seen.start - 1, seen.stop):
        if 0 <= more < len(widths):
            assert sum(widths[each] for each in seen) + widths[more] + 2 > room

"""The dialog of the lists: every key and click, and what is said of each."""

import pytest
from fake_desk import FakeDesk
from screen_text import app_for, line_with, lines_of, main_of, painted, settled
from syrupy.assertion import SnapshotAssertion
from textual.pilot import Pilot
from textual.widgets import Input

from mytrader_tui.app import MarketApp
from mytrader_tui.market.watchlist import Watchlist
from mytrader_tui.ui.screens.lists import ListsScreen
from mytrader_tui.ui.widgets.list_tabs import ListTabs
from mytrader_tui.ui.widgets.lists_table import ListsTable


def three_lists() -> FakeDesk:
    """Watchlist (AAPL, MSFT, TSLA), Tech (NVDA, AMD) and an empty one; the first is shown."""
    desk = FakeDesk()
    desk.lists.create("Tech")
    desk.watchlist = Watchlist(("NVDA", "AMD"))
    desk.lists.create("Empty")
    desk.lists.choose("Watchlist")
    return desk


def cursor(app: MarketApp) -> str | None:
    return app.screen.query_one(ListsTable).cursor_key


async def pressed(pilot: Pilot[int], *keys: str) -> str:
    """The screen after these keys."""
    await pilot.press(*keys)
    return "\n".join(await settled(pilot))


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (120, 36)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_lists_at_each_size(size: tuple[int, int], snapshot: SnapshotAssertion) -> None:
    app = app_for(three_lists())
    async with app.run_test(size=size) as pilot:
        await pilot.press("L")
        await settled(pilot)
        box = app.screen.query_one("#lists-box").region
        shown = [line[box.x : box.right] for line in lines_of(app)[box.y : box.bottom]]
        assert "\n".join(shown) == snapshot


async def test_the_cursor_starts_on_the_list_that_is_shown_and_it_is_marked() -> None:
    desk = three_lists()
    desk.lists.choose("Tech")
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pressed(pilot, "L")
        assert cursor(app) == "Tech"
        assert "● Tech" in line_with(app, "NVDA AMD")
        assert "●" not in line_with(app, "AAPL MSFT TSLA")


@pytest.mark.parametrize("key", ["escape", "L", "q"])
async def test_keys_that_close_it_and_change_nothing(key: str) -> None:
    desk = three_lists()
    before = desk.lists.watchlists
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("L")
        assert isinstance(app.screen, ListsScreen)
        await pilot.press("down", key)
        assert app.screen is main_of(app)
        assert desk.lists.watchlists is before


# Choosing.


async def test_enter_shows_the_list_under_the_cursor() -> None:
    desk = three_lists()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("L", "down", "enter")
        await painted(pilot, desk)
        assert app.screen is main_of(app)
        assert desk.lists.active == "Tech"
        assert (await settled(pilot))[0].strip() == "Watchlist [Tech] Empty"


async def test_a_click_moves_the_cursor_and_a_double_click_shows_the_list() -> None:
    desk = three_lists()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pressed(pilot, "L")
        await pilot.click(ListsTable, offset=(6, 2))
        assert cursor(app) == "Tech"
        assert desk.lists.active == "Watchlist"
        await pilot.click(ListsTable, offset=(6, 3), times=2)
        await pilot.pause()
        assert desk.lists.active == "Empty"
        assert app.screen is main_of(app)


async def test_a_double_click_on_the_titles_chooses_nothing() -> None:
    app = app_for(three_lists())
    async with app.run_test(size=(80, 24)) as pilot:
        await pressed(pilot, "L")
        await pilot.click(ListsTable, offset=(6, 0), times=2)
        assert isinstance(app.screen, ListsScreen)


# Creating and renaming.


async def test_a_creates_an_empty_list_that_is_shown() -> None:
    desk = three_lists()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        assert "Name of the new list" in await pressed(pilot, "L", "a")
        shown = await pressed(pilot, *"FX", "space", *"ad", "enter")
        assert desk.lists.names == ("Watchlist", "Tech", "Empty", "FX ad")
        assert desk.lists.active == cursor(app) == "FX ad"
        assert "Created FX ad." in shown
        assert not app.screen.query_one(Input).display


async def test_letters_of_a_name_are_no_keys() -> None:
    desk = three_lists()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("L", "a", *"drquaLKJ")
        assert app.screen.query_one(Input).value == "drquaLKJ"
        assert desk.lists.names == ("Watchlist", "Tech", "Empty")


async def test_r_renames_the_list_under_the_cursor_and_nothing_else() -> None:
    desk = three_lists()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("L", "down", "r")
        assert app.screen.query_one(Input).value == "Tech"
        shown = await pressed(pilot, "end", *"no", "enter")
        assert desk.lists.names == ("Watchlist", "Techno", "Empty")
        assert desk.lists.active == "Watchlist"
        assert cursor(app) == "Techno"
        assert "It is called Techno now." in shown


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (["enter"], "A list needs a name."),
        ([*"tech", "enter"], "There is a list called Tech already."),
        ([*("x" * 25), "enter"], "A name has at most 24 characters, not 25."),
    ],
)
async def test_a_name_that_cannot_be_is_refused_with_the_reason_and_stays_to_be_mended(
    typed: list[str], why: str
) -> None:
    desk = three_lists()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        shown = await pressed(pilot, "L", "a", *typed)
        assert why in shown
        assert app.screen.query_one(Input).has_focus
        assert desk.lists.names == ("Watchlist", "Tech", "Empty")
        await pilot.press("escape", "r", "enter")
        assert desk.lists.names == ("Watchlist", "Tech", "Empty")


@pytest.mark.parametrize("key", ["a", "r"])
async def test_escape_leaves_the_name_and_only_then_the_dialog(key: str) -> None:
    desk = three_lists()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("L", key, *"Any", "escape")
        assert isinstance(app.screen, ListsScreen)
        assert not app.screen.query_one(Input).display
        assert app.screen.query_one(ListsTable).has_focus
        assert desk.lists.names == ("Watchlist", "Tech", "Empty")
        await pilot.press("escape")
        assert app.screen is main_of(app)


async def test_a_click_elsewhere_leaves_the_name() -> None:
    app = app_for(three_lists())
    async with app.run_test(size=(80, 24)) as pilot:
        await pressed(pilot, "L", "a", "x")
        await pilot.click(ListsTable, offset=(6, 2))
        await pilot.pause()
        assert not app.screen.query_one(Input).display
        assert isinstance(app.screen, ListsScreen)


async def test_a_hostile_name_is_cleaned_and_shown_as_it_is() -> None:
    desk = three_lists()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("L", "a")
        app.screen.query_one(Input).value = "\u202e[bold]x\x1b[31m[/]  y"
        shown = await pressed(pilot, "enter")
        assert desk.lists.active == "[bold]x[/] y"
        assert "Created [bold]x[/] y." in shown


# Deleting and bringing back.


@pytest.mark.parametrize("key", ["d", "delete"])
async def test_a_deletion_asks_once_and_u_undoes_it(key: str) -> None:
    desk = three_lists()
    before = desk.lists.watchlists
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        shown = await pressed(pilot, "L", "down", key)
        assert "Delete Tech with its 2 symbols? d again deletes it." in shown
        assert desk.lists.watchlists is before
        shown = await pressed(pilot, key)
        assert desk.lists.names == ("Watchlist", "Empty")
        assert "Deleted Tech. u brings it back." in shown
        shown = await pressed(pilot, "u")
        assert desk.lists.watchlists == before
        assert "Tech is back." in shown
        assert cursor(app) == "Tech"


async def test_undo_is_offered_only_while_there_is_something_to_undo() -> None:
    app = app_for(three_lists())
    async with app.run_test(size=(120, 36)) as pilot:
        assert "u Undo" not in await pressed(pilot, "L")
        assert "u Undo" in await pressed(pilot, "d", "d")
        assert "u Undo" not in await pressed(pilot, "u")


async def test_escape_keeps_the_list_that_was_asked_about() -> None:
    desk = three_lists()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        assert "Delete" in await pressed(pilot, "L", "d")
        await pilot.press("escape", "d")
        assert desk.lists.names == ("Watchlist", "Tech", "Empty")
        assert isinstance(app.screen, ListsScreen)


async def test_a_question_is_withdrawn_when_the_cursor_goes_to_another_list() -> None:
    desk = three_lists()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        assert "Delete Watchlist with its 3 symbols?" in await pressed(pilot, "L", "d")
        assert "Delete Watchlist" not in await pressed(pilot, "down")
        assert "Delete Tech" in await pressed(pilot, "d")
        assert desk.lists.names == ("Watchlist", "Tech", "Empty")


async def test_a_deletion_can_be_undone_after_the_dialog_was_closed() -> None:
    desk = three_lists()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("L", "d", "d", "escape", "L", "u")
        assert desk.lists.names == ("Watchlist", "Tech", "Empty")
        assert desk.lists.active == "Watchlist"


async def test_the_only_list_stays_and_the_dialog_says_why() -> None:
    desk = FakeDesk()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        shown = await pressed(pilot, "L", "d")
        assert "The only list cannot be deleted." in shown
        assert desk.lists.names == ("Watchlist",)


# The order.


@pytest.mark.parametrize(
    ("keys", "order"),
    [
        (["shift+down"], ("Tech", "Watchlist", "Empty")),
        (["J", "J", "J"], ("Tech", "Empty", "Watchlist")),
        (["down", "shift+up"], ("Tech", "Watchlist", "Empty")),
        (["end", "K"], ("Watchlist", "Empty", "Tech")),
        (["K"], ("Watchlist", "Tech", "Empty")),
    ],
)
async def test_lists_are_put_in_order_and_the_cursor_goes_with_its_list(
    keys: list[str], order: tuple[str, ...]
) -> None:
    desk = three_lists()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("L")
        under = {"down": "Tech", "end": "Empty"}.get(keys[0], "Watchlist")
        await pilot.press(*keys)
        assert desk.lists.names == order
        assert cursor(app) == under
        assert desk.lists.active == "Watchlist"


async def test_the_keys_on_the_edge_can_be_clicked() -> None:
    app = app_for(three_lists())
    async with app.run_test(size=(80, 24)) as pilot:
        await pressed(pilot, "L")
        lines = lines_of(app)
        row = next(index for index, line in enumerate(lines) if "r Rename" in line)
        await pilot.click(offset=(lines[row].index("r Rename") + 3, row))
        await pilot.pause()
        assert app.screen.query_one(Input).has_focus


async def test_what_is_done_here_is_on_the_tabs_behind() -> None:
    desk = FakeDesk()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("L", "a", *"Tech", "enter", "escape")
        await painted(pilot, desk)
        assert (await settled(pilot))[0].strip() == "Watchlist [Tech]"
        assert main_of(app).query_one(ListTabs).display


@pytest.mark.parametrize("size", [(40, 8), (20, 5), (40, 12), (200, 60)])
async def test_no_size_breaks_it(size: tuple[int, int]) -> None:
    desk = FakeDesk()
    for number in range(60):
        desk.lists.create(f"List {number}")
    app = app_for(desk)
    async with app.run_test(size=size) as pilot:
        await pilot.press("L", "home", "down", "a", "x", "enter", "d")
        await pilot.pause(0.05)
        assert app.is_running


async def test_of_many_lists_the_cursor_stays_in_sight_with_the_answer_and_the_keys() -> None:
    desk = FakeDesk()
    for number in range(60):
        desk.lists.create(f"List {number}")
    app = app_for(desk)
    async with app.run_test(size=(60, 16)) as pilot:
        shown = await pressed(pilot, "L", "end")
        assert "● List 59" in shown
        assert "esc closes" in shown
        shown = await pressed(pilot, "a", "x")
        assert "Name of the new list" in shown

"""Finding a row by typing: the filter that leaves the others out, and the jump that only moves the cursor."""

import pytest
from fake_desk import FakeDesk
from screen_text import app_for, line_with, lines_of, main_of, painted

from mytrader_tui.ui.widgets.entry_line import EntryLine
from mytrader_tui.ui.widgets.watchlist import WatchlistTable

NAMES = {"AAPL": "Apple Inc.", "AMZN": "Amazon.com", "MSFT": "Microsoft", "^GSPC": "S&P 500", "GOOGL": "Alphabet"}


def a_desk() -> FakeDesk:
    desk = FakeDesk(tuple(NAMES))
    for symbol, name in NAMES.items():
        desk.quote(symbol, 100.0, name=name)
    return desk


def table_of(app: object) -> WatchlistTable:
    return main_of(app).query_one(WatchlistTable)


async def test_what_is_typed_narrows_the_rows_down_at_once_and_says_by_how_much() -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        assert not line_with(app, "esc shows all")
        await pilot.press("slash", "a")
        await pilot.pause()
        assert table_of(app).keys == ("AAPL", "AMZN", "GOOGL")
        assert line_with(app, "3 of 5 · esc shows all")
        await pilot.press("m")
        await pilot.pause()
        assert table_of(app).keys == ("AMZN",)
        assert line_with(app, "/ am").endswith("1 of 5 · esc shows all")


@pytest.mark.parametrize(
    ("typed", "found"), [("soft", ("MSFT",)), ("GSP", ("^GSPC",)), ("500", ("^GSPC",)), ("zz", ())]
)
async def test_symbols_and_names_are_searched(typed: str, found: tuple[str, ...]) -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        await pilot.press("slash", *typed)
        await pilot.pause()
        assert table_of(app).keys == found
        if not found:
            assert line_with(app, "Nothing matches “zz”. Esc shows all.")
            assert line_with(app, "0 of 5")


async def test_letters_that_are_keys_elsewhere_are_letters_in_the_line() -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        await pilot.press("slash", "a", "d", "q", "space", "slash", "apostrophe", "s", "J")
        await pilot.pause()
        assert main_of(app) is app.screen
        assert desk.watchlist.symbols == tuple(NAMES)
        assert main_of(app).query_one("#filter", EntryLine).text == "adq /'sJ"


async def test_enter_keeps_the_filter_and_goes_to_the_table_where_esc_ends_it() -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        await pilot.press("slash", "a", "enter", "down")
        await pilot.pause()
        assert table_of(app).has_focus
        assert table_of(app).cursor_key == "AMZN"
        assert line_with(app, "3 of 5 · esc shows all")
        await pilot.press("escape")
        await pilot.pause()
        assert table_of(app).keys == tuple(NAMES)
        assert table_of(app).cursor_key == "AMZN"
        assert not line_with(app, "esc shows all")


async def test_esc_in_the_line_shows_all_again() -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        await pilot.press("slash", "m", "s", "escape")
        await pilot.pause()
        assert table_of(app).keys == tuple(NAMES)
        assert table_of(app).has_focus
        await pilot.press("slash")
        await pilot.pause()
        assert main_of(app).query_one("#filter", EntryLine).text == ""


async def test_up_and_down_move_the_cursor_while_typing() -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        await pilot.press("slash", "a", "down", "down", "up")
        await pilot.pause()
        assert table_of(app).cursor_key == "AMZN"


async def test_a_name_that_becomes_known_lets_its_row_through() -> None:
    desk = FakeDesk(("AAPL", "MSFT"))
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        await pilot.press("slash", *"apple")
        await painted(pilot, desk)
        assert table_of(app).keys == ()
        desk.quote("AAPL", 190.0, name="Apple Inc.")
        await painted(pilot, desk, 1.1)
        assert table_of(app).keys == ("AAPL",)


async def test_a_symbol_added_while_filtering_is_shown_if_it_matches_and_counted_if_not() -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        await pilot.press("slash", "a", "enter")
        desk.watchlist = desk.watchlist.add("ADBE").add("XOM")
        await painted(pilot, desk)
        assert table_of(app).keys == ("AAPL", "AMZN", "GOOGL", "ADBE")
        assert line_with(app, "4 of 7 · esc shows all")


async def test_a_filter_is_plain_text() -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        await pilot.press("slash", "left_square_bracket", "r", "e", "d", "right_square_bracket")
        await pilot.pause()
        assert line_with(app, "Nothing matches “[red]”")


@pytest.mark.parametrize("key", ["apostrophe", "ctrl+f"])
async def test_the_cursor_jumps_to_the_first_symbol_that_begins_so(key: str) -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        await pilot.press(key, "a", "m")
        await pilot.pause()
        assert table_of(app).cursor_key == "AMZN"
        assert line_with(app, "' am").endswith("Amazon.com")
        assert table_of(app).keys == tuple(NAMES)
        await pilot.press("enter")
        await pilot.pause()
        assert table_of(app).has_focus
        assert table_of(app).cursor_key == "AMZN"
        assert not line_with(app, "' am")


async def test_an_index_is_found_without_its_caret_and_nothing_is_said_to_be_nothing() -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        await pilot.press("apostrophe", "g", "s")
        await pilot.pause()
        assert table_of(app).cursor_key == "^GSPC"
        await pilot.press("x")
        await pilot.pause()
        assert line_with(app, "no row begins so")
        assert table_of(app).cursor_key == "^GSPC"


async def test_esc_after_a_jump_goes_back() -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        await pilot.press("down", "apostrophe", "m", "escape")
        await pilot.pause()
        assert table_of(app).cursor_key == "AMZN"
        assert table_of(app).has_focus


async def test_a_thousand_rows_are_filtered_as_they_scroll() -> None:
    desk = FakeDesk(tuple(f"S{number:03}" for number in range(1000)))
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        await pilot.press("slash", "9", "9")
        await pilot.pause()
        assert line_with(app, "19 of 1000 · esc shows all")
        assert lines_of(app)[1].startswith("▌S099")
        await pilot.press("escape", "apostrophe", *"s732")
        await pilot.pause()
        assert table_of(app).cursor_key == "S732"
        assert line_with(app, " S732")


# The row under the cursor stays marked while a line is typed into.


@pytest.mark.parametrize("key", ["slash", "apostrophe"])
async def test_the_row_under_the_cursor_keeps_its_mark_without_colours(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        await pilot.press("down", key)
        await pilot.pause()
        assert line_with(app, "AMZN").startswith("▌AMZN")
        await pilot.press("down")
        await pilot.pause()
        assert line_with(app, "MSFT").startswith("▌MSFT")
        await pilot.press("enter")
        await pilot.pause()
        assert line_with(app, "MSFT").startswith("▌MSFT")


async def test_a_line_that_is_left_for_the_positions_takes_the_mark_along() -> None:
    desk = a_desk()
    desk.hold(AAPL=("10", "90"))
    app = app_for(desk)
    async with app.run_test(size=(120, 36)) as pilot:
        await painted(pilot, desk)
        await pilot.press("slash")
        await pilot.pause()
        assert sum("▌" in line for line in lines_of(app)) == 1
        await pilot.click("#positions", offset=(5, 1))
        await pilot.pause()
        assert [line.count("▌") for line in lines_of(app) if "▌" in line] == [1]

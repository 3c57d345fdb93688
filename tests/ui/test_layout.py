"""Where the panes stand at each size, how the positions are a tab, and the detail beside the tables."""

from collections.abc import Iterator

import pytest
from chart_kit import a_day
from fake_desk import FakeDesk
from lively_desk import lively_desk
from screen_text import app_for, box_of, line_with, lines_of, main_of, painted, settled
from textual.geometry import Offset
from textual.pilot import Pilot

from mytrader_tui.market.bars import Timeframe
from mytrader_tui.settings.state import View
from mytrader_tui.ui.layout import Layout, Place, layout_for
from mytrader_tui.ui.screens.detail import DetailScreen
from mytrader_tui.ui.widgets.detail_pane import DetailPane
from mytrader_tui.ui.widgets.positions import PositionsTable
from mytrader_tui.ui.widgets.watchlist import WatchlistTable

SMALL = (60, 16)
WIDE = (200, 60)


def sizes() -> Iterator[tuple[int, int]]:
    for width in range(60, 251, 5):
        for height in range(16, 71, 3):
            yield width, height


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((60, 16), Layout(Place.TAB, False)),
        ((79, 70), Layout(Place.TAB, False)),
        ((120, 17), Layout(Place.TAB, False)),
        ((80, 18), Layout(Place.UNDER, False)),
        ((169, 50), Layout(Place.UNDER, False)),
        ((170, 50), Layout(Place.UNDER, True)),
        ((250, 16), Layout(Place.TAB, True)),
    ],
)
def test_each_size_has_its_layout(size: tuple[int, int], expected: Layout) -> None:
    assert layout_for(*size, positions=True, detail=True) == expected


def test_a_pane_that_is_not_wanted_stands_nowhere() -> None:
    for size in sizes():
        assert layout_for(*size, positions=False, detail=True).positions is Place.NOWHERE
        assert not layout_for(*size, positions=True, detail=False).detail


def test_on_a_wide_screen_without_the_detail_the_positions_stand_beside_the_watchlist() -> None:
    assert layout_for(*WIDE, positions=True, detail=False).positions is Place.BESIDE


def a_desk() -> FakeDesk:
    desk = lively_desk()
    desk.charts.answers["NVDA", Timeframe.DAY] = a_day()
    return desk


def watched(pilot: Pilot[int]) -> WatchlistTable:
    return main_of(pilot.app).query_one(WatchlistTable)  # type: ignore[arg-type]


def held(pilot: Pilot[int]) -> PositionsTable:
    return main_of(pilot.app).query_one(PositionsTable)  # type: ignore[arg-type]


async def rest(pilot: Pilot[int], desk: FakeDesk) -> list[str]:
    """Let the cursor rest long enough for the side to follow."""
    await pilot.pause(0.4)
    await painted(pilot, desk)
    return await settled(pilot)


# The positions as a tab.


async def test_a_small_screen_shows_six_rows_with_symbol_last_percent_and_badge() -> None:
    desk = a_desk()
    async with app_for(desk).run_test(size=SMALL) as pilot:
        await painted(pilot, desk)
        lines = await settled(pilot)
        assert lines[0].startswith("[Watchlist] Positions 4")
        assert all(title in lines[1] for title in ("Symbol", "Last", "Chg %", "Badge"))
        assert len([line for line in lines if "● LIVE" in line]) >= 6
        assert len([line for line in lines if "PAPER" in line or "Buying power" in line]) == 1


@pytest.mark.parametrize("key", ["p", "tab", "shift+tab"])
async def test_a_key_shows_the_positions_in_full_and_takes_the_cursor_there(key: str) -> None:
    desk = a_desk()
    async with app_for(desk).run_test(size=SMALL) as pilot:
        await painted(pilot, desk)
        await pilot.press(key)
        lines = await settled(pilot)
        assert "[Positions 4]" in lines[0]
        assert held(pilot).has_focus
        assert all(any(symbol in line for line in lines) for symbol in ("AAPL", "NVDA", "TSLA", "NEWCO", "Total"))
        assert any(line.strip().startswith("as of oldest") for line in lines)
        await pilot.press("down")
        assert held(pilot).cursor_key == "NEWCO"
        await pilot.press("p")
        assert (await settled(pilot))[0].startswith("[Watchlist]")
        assert watched(pilot).has_focus


async def test_a_click_on_the_tab_shows_the_positions_and_one_on_a_list_that_list() -> None:
    desk = a_desk()
    async with app_for(desk).run_test(size=SMALL) as pilot:
        await painted(pilot, desk)
        line = (await settled(pilot))[0]
        await pilot.click(offset=Offset(line.index("Positions"), 0))
        assert "[Positions 4]" in (await settled(pilot))[0]
        await pilot.click(offset=Offset(line.index("Watchlist"), 0))
        assert "[Watchlist]" in (await settled(pilot))[0]


async def test_tab_goes_round_the_lists_and_the_positions() -> None:
    desk = a_desk()
    desk.lists.create("Tech")
    desk.lists.choose("Watchlist")
    async with app_for(desk).run_test(size=SMALL) as pilot:
        await painted(pilot, desk)
        seen = []
        for _ in range(3):
            await pilot.press("tab")
            seen.append((await settled(pilot))[0].strip())
    assert seen == ["Watchlist [Tech] Positions 4", "Watchlist  Tech [Positions 4]", "[Watchlist] Tech  Positions 4"]


@pytest.mark.parametrize("key", ["slash", "apostrophe"])
async def test_what_is_typed_for_the_watchlist_shows_it_first(key: str) -> None:
    desk = a_desk()
    async with app_for(desk).run_test(size=SMALL) as pilot:
        await painted(pilot, desk)
        await pilot.press("p", key, *"nvda")
        await settled(pilot)
        assert watched(pilot).cursor_key == "NVDA" or watched(pilot).keys == ("NVDA",)
        assert line_with(pilot.app, "NVDA")


async def test_without_positions_there_is_no_tab_for_them() -> None:
    desk = FakeDesk()
    async with app_for(desk).run_test(size=SMALL) as pilot:
        await painted(pilot, desk)
        assert (await settled(pilot))[0].startswith(" Symbol")
        assert not main_of(pilot.app).check_action("other_pane", ())  # type: ignore[arg-type]


# The detail beside the tables.


async def test_a_wide_screen_shows_watchlist_positions_and_detail() -> None:
    desk = a_desk()
    async with app_for(desk).run_test(size=WIDE) as pilot:
        await pilot.press("home", *["down"] * 4)
        await rest(pilot, desk)
        assert "NVDA 141.95" in box_of(pilot.app, "side")
        assert "candles of" in box_of(pilot.app, "side")
        assert line_with(pilot.app, "Total")


async def test_while_the_cursor_moves_on_nothing_is_asked_for() -> None:
    desk = a_desk()
    async with app_for(desk).run_test(size=WIDE) as pilot:
        await rest(pilot, desk)
        desk.charts.asked.clear()
        await pilot.press("down", "down", "down", "down")
        await rest(pilot, desk)
        assert desk.charts.asked == [("NVDA", Timeframe.DAY)]


async def test_the_detail_follows_the_cursor_of_the_positions_too() -> None:
    desk = a_desk()
    async with app_for(desk).run_test(size=WIDE) as pilot:
        await rest(pilot, desk)
        await pilot.press("p", "end")
        await rest(pilot, desk)
        assert box_of(pilot.app, "side").startswith("TSLA")


async def test_the_numbers_choose_the_timeframe_at_the_side_and_on_the_screen_opened_after_it() -> None:
    desk = a_desk()
    async with app_for(desk).run_test(size=WIDE) as pilot:
        await rest(pilot, desk)
        await pilot.press("3", "c")
        assert "[3 1M]" in "\n".join(await rest(pilot, desk))
        await pilot.press("enter")
        pane = pilot.app.screen.query_one(DetailPane)
        assert pane.timeframe is Timeframe.MONTH
        await pilot.press("5", "escape")
        await rest(pilot, desk)
        assert "[5 6M]" in box_of(pilot.app, "side")


async def test_held_prices_hold_the_detail_and_it_says_so() -> None:
    desk = a_desk()
    async with app_for(desk).run_test(size=WIDE) as pilot:
        await rest(pilot, desk)
        await pilot.press("space", "down")
        desk.trade("SPY", 777.77)
        await rest(pilot, desk)
        side = box_of(pilot.app, "side")
        assert side.startswith("SPY  ")
        assert "as of 15:30" in side.splitlines()[0]
        assert "777.77" not in side
        assert "LIVE" not in side
        await pilot.press("space")
        await rest(pilot, desk)
        assert box_of(pilot.app, "side").startswith("QQQ")


# Panes that are hidden.


async def test_capital_p_hides_the_positions_and_it_is_remembered() -> None:
    desk = a_desk()
    async with app_for(desk).run_test(size=(120, 36)) as pilot:
        await painted(pilot, desk)
        await pilot.press("p", "P")
        await painted(pilot, desk)
        assert "Total" not in "\n".join(await settled(pilot))
        assert watched(pilot).has_focus
        assert desk.view.positions_hidden
        await pilot.press("P")
        await painted(pilot, desk)
        assert "Total" in "\n".join(await settled(pilot))


async def test_capital_d_hides_the_detail_and_the_positions_stand_beside_the_watchlist() -> None:
    desk = a_desk()
    async with app_for(desk).run_test(size=WIDE) as pilot:
        await rest(pilot, desk)
        await pilot.press("D")
        lines = await rest(pilot, desk)
        assert "PAPER" in lines[0]
        assert desk.view.detail_hidden
        desk.charts.asked.clear()
        await pilot.press("down")
        await rest(pilot, desk)
        assert desk.charts.asked == []


async def test_on_a_narrow_screen_capital_d_says_where_the_detail_is() -> None:
    desk = a_desk()
    async with app_for(desk).run_test(size=(80, 24), notifications=True) as pilot:
        await painted(pilot, desk)
        await pilot.press("D")
        assert line_with(pilot.app, "enter opens it")
        assert not desk.view.detail_hidden


async def test_a_screen_begins_as_it_was_left() -> None:
    desk = a_desk()
    desk.keep_view(View(positions_hidden=True, detail_hidden=True))
    async with app_for(desk).run_test(size=WIDE) as pilot:
        lines = "\n".join(await rest(pilot, desk))
        assert "PAPER" not in lines
        assert "1D" not in lines


# What the keys are for.


async def test_enter_on_a_position_opens_that_position_and_its_neighbours_are_the_positions() -> None:
    desk = a_desk()
    async with app_for(desk).run_test(size=(120, 36)) as pilot:
        await painted(pilot, desk)
        await pilot.press("p", "down", "enter")
        await settled(pilot)
        assert isinstance(pilot.app.screen, DetailScreen)
        pane = pilot.app.screen.query_one(DetailPane)
        assert pane.symbol == "NEWCO"
        await pilot.press("down")
        assert pane.symbol == "NVDA"
        await pilot.press("escape")
        assert held(pilot).cursor_key == "NVDA"


async def test_the_detail_goes_on_in_the_order_that_the_table_shows() -> None:
    desk = a_desk()
    desk.keep_view(View("symbol", True))
    async with app_for(desk).run_test(size=(120, 36)) as pilot:
        await painted(pilot, desk)
        await pilot.press("home")
        shown = watched(pilot).keys
        await pilot.press("enter", "down", "down")
        assert pilot.app.screen.query_one(DetailPane).symbol == shown[2]
        await pilot.press("escape", "i", "j")
        await pilot.press("escape")
        assert watched(pilot).cursor_key == shown[3]


# A resize storm.


@pytest.mark.parametrize("focus", [WatchlistTable, PositionsTable])
async def test_a_storm_of_sizes_keeps_cursor_focus_and_order(
    focus: type[WatchlistTable] | type[PositionsTable],
) -> None:
    desk = a_desk()
    desk.keep_view(View("symbol", False))
    async with app_for(desk).run_test(size=(120, 36)) as pilot:
        await painted(pilot, desk)
        await pilot.press(*(["p"] if focus is PositionsTable else []), "down", "down")
        table = main_of(pilot.app).query_one(focus)  # type: ignore[arg-type]
        under, order = table.cursor_key, watched(pilot).keys
        for size in [(60, 16), (250, 70), (30, 5), (79, 20), (170, 45), (100, 16), (40, 8), (200, 60), (80, 24)] * 2:
            await pilot.resize_terminal(*size)
            await painted(pilot, desk, 0.05)
            assert all(len(line) <= size[0] for line in lines_of(pilot.app))
        await settled(pilot)
        assert table.has_focus
        assert table.cursor_key == under
        assert under in table.in_sight
        assert watched(pilot).keys == order


@pytest.mark.parametrize("size", [(60, 16), (60, 40), (80, 18), (80, 24), (100, 16), (170, 45), (250, 70)])
async def test_at_no_size_a_pane_is_without_room(size: tuple[int, int]) -> None:
    desk = a_desk()
    async with app_for(desk).run_test(size=size) as pilot:
        await rest(pilot, desk)
        assert len(watched(pilot).in_sight) >= 6
        await pilot.press("p")
        await rest(pilot, desk)
        assert len(held(pilot).in_sight) >= 2

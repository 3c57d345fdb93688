"""The pause: every price stands still, and nothing on the screen pretends that it does not."""

import pytest
from fake_desk import FakeDesk
from screen_text import app_for, line_with, lines_of, main_of, painted

from mytrader_tui.ui.widgets.watchlist import WatchlistTable

WIDE = (120, 36)


def a_desk() -> FakeDesk:
    desk = FakeDesk(("AAPL", "MSFT", "TSLA"))
    for symbol, price in (("AAPL", 190.0), ("MSFT", 418.0), ("TSLA", 248.0)):
        desk.quote(symbol, price, low=price - 9, high=price + 1)
        desk.charts.sparklines[symbol] = (price - 1, price)
    desk.hold(AAPL=("10", "180"), MSFT=("2", "400"))
    return desk


async def test_prices_stand_still_and_every_row_says_for_how_long() -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=WIDE) as pilot:
        await painted(pilot, desk)
        await pilot.press("space")
        desk.trade("AAPL", 500.0)
        await painted(pilot, desk, 12)
        assert line_with(app, "▌AAPL").split()[1] == "190.00"
        assert all("‖ PAUSED 12s" in line for line in lines_of(app)[1:4])
        await painted(pilot, desk, 60)
        assert "‖ PAUSED 1m" in line_with(app, "▌AAPL")


@pytest.mark.parametrize("size", [(60, 16), (80, 24), WIDE, (200, 60)])
async def test_nothing_pretends_to_be_live(size: tuple[int, int]) -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=size) as pilot:
        await painted(pilot, desk)
        await pilot.press("space")
        await painted(pilot, desk, 2)
        rows = [line for line in lines_of(app) if any(symbol in line for symbol in ("AAPL", "MSFT", "TSLA"))]
        assert len(rows) >= 3
        assert not any("●" in row or "LIVE" in row for row in rows)
        assert not line_with(app, "% live")
        assert line_with(app, "‖ PAUSED 2s · prices as of 15:30:00 · space goes on")


async def test_space_goes_on_with_the_newest() -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=WIDE) as pilot:
        await painted(pilot, desk)
        await pilot.press("space")
        desk.trade("AAPL", 500.0)
        await painted(pilot, desk, 3)
        await pilot.press("space")
        await painted(pilot, desk, 0.1)
        assert line_with(app, "▌AAPL").split()[1] == "500.00"
        assert "● LIVE" in line_with(app, "▌AAPL")
        assert not line_with(app, "PAUSED")
        assert line_with(app, "% live")


async def test_positions_and_totals_stand_still_too() -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=WIDE) as pilot:
        await painted(pilot, desk)
        before = line_with(app, "Total")
        await pilot.press("space")
        desk.trade("AAPL", 500.0)
        await painted(pilot, desk, 2)
        assert line_with(app, "Total") == before
        assert line_with(app, "totals as of 15:30:00")
        assert "‖" in next(line for line in lines_of(app) if "AAPL" in line and "long" in line)
        await pilot.press("space")
        await painted(pilot, desk, 0.1)
        assert line_with(app, "Total") != before


async def test_a_row_drawn_anew_while_held_shows_what_was_held() -> None:
    desk = FakeDesk(tuple(f"S{number:02}" for number in range(60)))
    for symbol in desk.watchlist.symbols:
        desk.quote(symbol, 10.0)
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        await pilot.press("space")
        for symbol in desk.watchlist.symbols:
            desk.trade(symbol, 99.0)
        await pilot.press("end")
        await pilot.resize_terminal(120, 30)
        await painted(pilot, desk, 1)
        assert line_with(app, "▌S59").split()[1] == "10.00"
        assert "99.00" not in "\n".join(lines_of(app))


async def test_sorting_while_held_is_by_what_is_held() -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=WIDE) as pilot:
        await painted(pilot, desk)
        await pilot.press("space")
        desk.trade("AAPL", 999.0)
        await pilot.press("s", "l")
        await painted(pilot, desk, 2)
        table = main_of(app).query_one(WatchlistTable)
        assert table.keys == ("MSFT", "TSLA", "AAPL")
        await pilot.press("space")
        await painted(pilot, desk, 1.1)
        assert table.keys == ("AAPL", "MSFT", "TSLA")


async def test_a_symbol_added_while_held_has_no_price_yet() -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=WIDE) as pilot:
        await painted(pilot, desk)
        await pilot.press("space")
        desk.quote("NVDA", 140.0)
        desk.watchlist = desk.watchlist.add("NVDA")
        await painted(pilot, desk, 1)
        assert "140.00" not in line_with(app, " NVDA")
        assert "‖ PAUSED" in line_with(app, " NVDA")


async def test_ages_go_on_while_held() -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        await pilot.press("space")
        await painted(pilot, desk, 30)
        assert line_with(app, "▌AAPL").endswith("30s")


async def test_r_asks_every_source_again_and_says_so() -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await painted(pilot, desk)
        await pilot.press("r")
        await pilot.pause(0.1)
        assert desk.refreshed == 1
        assert line_with(app, "Asked Alpaca, Yahoo and the account again.")


async def test_two_clicks_on_a_row_open_its_detail() -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=WIDE) as pilot:
        await painted(pilot, desk)
        await pilot.click(WatchlistTable, offset=(5, 2), times=2)
        await pilot.pause()
        assert main_of(app).query_one(WatchlistTable).cursor_key == "MSFT"
        assert app.screen is not main_of(app)

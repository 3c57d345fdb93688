"""The main screen, driven through its desk and its keys."""

import asyncio
import re

import pytest
from fake_desk import IEX, START, YAHOO, FakeDesk
from lively_desk import lively_desk
from msgspec.structs import replace
from screen_text import app_for, line_with, lines_of, main_of, painted, settled
from syrupy.assertion import SnapshotAssertion

from mytrader_tui.market.failover.router import State
from mytrader_tui.market.link import Link
from mytrader_tui.market.quote import Source
from mytrader_tui.market.status import SourceHealth, SourceStatus
from mytrader_tui.settings.schema import Ui
from mytrader_tui.ui.layout import WIDE_WIDTH
from mytrader_tui.ui.screens.market import LEAST_PAINT_HZ
from mytrader_tui.ui.widgets.detail_pane import DetailPane
from mytrader_tui.ui.widgets.positions import PositionsTable
from mytrader_tui.ui.widgets.ticking_table import RECHECK_SECONDS
from mytrader_tui.ui.widgets.watchlist import WatchlistTable

WIDE = (120, 36)


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (120, 36), (200, 60)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_screen_at_each_size(size: tuple[int, int], snapshot: SnapshotAssertion) -> None:
    desk = lively_desk(foreign=size[0] in (80, 120))
    app = app_for(desk)
    async with app.run_test(size=size) as pilot:
        async with asyncio.timeout(60.0):
            while size[0] >= WIDE_WIDTH and not line_with(app, "No chart of"):
                await pilot.pause(0.05)
        for pane in main_of(app).query(DetailPane):
            pane.paint(desk.now())
        assert "\n".join(await settled(pilot)) == snapshot


async def test_what_is_not_known_is_a_dash_and_never_zero() -> None:
    desk = FakeDesk(("NEWCO",))
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        row = line_with(app, "NEWCO")
        assert "— NO DATA" in row
        assert "0" not in row


async def test_a_new_price_reaches_its_row() -> None:
    desk = FakeDesk()
    desk.quote("AAPL", 190.0)
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        desk.trade("AAPL", 191.25)
        await painted(pilot, desk)
        assert "191.25" in line_with(app, "AAPL")
        assert "▲ +1.19%" in line_with(app, "AAPL")


async def test_with_every_socket_dead_rows_leave_live_by_the_clock_alone() -> None:
    desk = FakeDesk()
    desk.quote("AAPL", 190.0)
    app = app_for(desk, settings=Ui(paint_hz=1))
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk, 0.1)
        assert "● LIVE" in line_with(app, "AAPL")
        await painted(pilot, desk, 5.0)
        assert "▲ STALE 5s" in line_with(app, "AAPL")
        assert LEAST_PAINT_HZ >= 2


async def test_ages_grow_without_news() -> None:
    desk = FakeDesk()
    desk.quote("AAPL", 190.0, age=3)
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk, 0.1)
        assert line_with(app, "AAPL").endswith(" 3s")
        await painted(pilot, desk, 120)
        assert line_with(app, "AAPL").endswith(" 2m")


async def test_a_price_that_moves_flashes_and_calms_down() -> None:
    desk = FakeDesk()
    desk.quote("AAPL", 190.0)
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        table = app.screen.query_one(WatchlistTable)
        desk.trade("AAPL", 189.0)
        now = await painted(pilot, desk, 0.0)
        flash = table.row("AAPL", now).flash
        assert flash is not None
        assert flash.value == "flash-down"
        now = await painted(pilot, desk, 0.31)
        assert table.row("AAPL", now).flash is None


async def test_a_paint_with_nothing_new_redraws_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = lively_desk()
    app = app_for(desk)
    async with app.run_test(size=WIDE) as pilot:
        await painted(pilot, desk, 0.0)
        refreshed: list[object] = []
        for table in (app.screen.query_one(WatchlistTable), app.screen.query_one(PositionsTable)):
            monkeypatch.setattr(table, "refresh", lambda *regions, **how: refreshed.append(regions))
        main_of(app).paint()
        assert refreshed == []


async def test_one_tick_redraws_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = lively_desk()
    app = app_for(desk)
    async with app.run_test(size=WIDE) as pilot:
        await painted(pilot, desk, 0.0)
        table = app.screen.query_one(WatchlistTable)
        refreshed: list[object] = []
        monkeypatch.setattr(table, "refresh", lambda *regions, **how: refreshed.extend(regions))
        for price in (600.0, 600.5, 601.0):
            desk.trade("SPY", price)
        main_of(app).paint()
        assert len(refreshed) == 1


async def test_profit_moves_with_every_price_on_the_board() -> None:
    desk = FakeDesk(("AAPL",))
    desk.quote("AAPL", 190.0)
    desk.hold(AAPL=("10", "180"))
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        assert "+100.00" in line_with(app, "Total")
        desk.trade("AAPL", 170.0)
        await painted(pilot, desk)
        assert "-100.00" in line_with(app, "Total")
        assert "▼ -5.56%" in line_with(app, "Total")


async def test_totals_leave_out_and_count_what_has_no_price() -> None:
    desk = FakeDesk(("AAPL",))
    desk.quote("AAPL", 190.0)
    desk.hold(AAPL=("10", "180"), NEWCO=("5", "10"))
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        assert "Total, 1 left out" in line_with(app, "Total")
        assert "+100.00" in line_with(app, "Total")
        assert "no price" in line_with(app, "NEWCO")
        assert line_with(app, "as of oldest 15:30:00 · 100 % live · 1 row excluded")


async def test_new_holdings_replace_the_old() -> None:
    desk = FakeDesk(("AAPL",))
    desk.hold(AAPL=("10", "180"))
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        desk.hold(MSFT=("3", "400"))
        await painted(pilot, desk)
        assert app.screen.query_one(PositionsTable).keys == ("MSFT",)


async def test_without_an_account_the_note_says_what_to_do() -> None:
    desk = FakeDesk()
    desk.account_note = "no paper account: no Alpaca keys · set ALPACA_API_KEY and ALPACA_SECRET_KEY"
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        assert line_with(app, "ALPACA_SECRET_KEY")
        assert not line_with(app, "PAPER")


async def test_an_account_that_is_not_paper_says_so() -> None:
    desk = FakeDesk()
    desk.hold()
    assert desk.account is not None
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        assert line_with(app, "PAPER · Equity 102,345.67")
        assert line_with(app, "No open positions.")


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (120, 36)])
async def test_a_failover_is_told_with_cause_source_and_way_out(size: tuple[int, int]) -> None:
    desk = FakeDesk()
    down = Link(up=False, since=START, retry_at=START.later(20))
    desk.state = State.FALLBACK_ACTIVE
    desk.story = ("Yahoo serving for 0:00", "Alpaca down for 60 s: the keys were refused")
    desk.sources = (
        SourceStatus(Source.ALPACA, SourceHealth.DOWN, down, 0, "the keys were refused"),
        SourceStatus(Source.YAHOO, SourceHealth.DELAYED, desk.links[Source.YAHOO], 3),
    )
    desk.hint = "check ALPACA_API_KEY"
    app = app_for(desk)
    async with app.run_test(size=size) as pilot:
        await painted(pilot, desk)
        assert line_with(app, "◷ Yahoo serving for 0:00")
        assert line_with(app, "Alpaca ▲ Down")
        assert line_with(app, "Yahoo ◷ Delayed 3")
        assert line_with(app, "check ALPACA_API_KEY")
        if size[0] >= 80:
            assert line_with(app, "Alpaca down for 60 s: the keys were refused")


async def test_the_demo_says_that_its_prices_are_invented() -> None:
    desk = FakeDesk()
    desk.demo = True
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        assert line_with(app, "DEMO · a market on this machine, prices are invented")


async def test_markup_from_outside_is_only_text() -> None:
    desk = FakeDesk(("AAPL",))
    desk.quote("AAPL", 190.0, name="[red]Evil[/] [@click=app.quit]x")
    desk.story = ("Alpaca serving", "[bold]cause[/bold]")
    app = app_for(desk)
    async with app.run_test(size=(160, 36)) as pilot:
        await painted(pilot, desk)
        assert "[red]Evil[/]" in line_with(app, "AAPL")
        assert line_with(app, "[bold]cause[/bold]")


async def test_the_cursor_stays_on_its_symbol_when_rows_change() -> None:
    desk = FakeDesk(("AAPL", "MSFT", "TSLA"))
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        table = app.screen.query_one(WatchlistTable)
        await pilot.press("down", "j")
        assert table.cursor_key == "TSLA"
        desk.remove("AAPL")
        await painted(pilot, desk)
        assert table.cursor_key == "TSLA"


async def test_a_thousand_rows_are_walked_with_the_keys_and_the_mouse() -> None:
    symbols = tuple(f"S{number}" for number in range(1000))
    desk = FakeDesk(symbols)
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        table = app.screen.query_one(WatchlistTable)
        await pilot.press("end")
        assert table.cursor_key == "S999"
        assert line_with(app, "S999")
        await pilot.press("pageup", "k")
        assert table.cursor_key is not None
        assert int(table.cursor_key[1:]) < 990
        await pilot.press("home")
        assert line_with(app, "▌S0 ")
        await pilot.click(WatchlistTable, offset=(5, 3))
        assert table.cursor_key == "S2"


async def test_removing_names_its_undo_and_undo_restores_the_place() -> None:
    desk = FakeDesk(("AAPL", "MSFT", "TSLA"))
    app = app_for(desk)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("down", "d")
        assert desk.watchlist.symbols == ("AAPL", "TSLA")
        await pilot.pause(0.1)
        assert line_with(app, "Removed MSFT. Press u to undo.")
        assert "u Undo" in lines_of(app)[-1]
        await pilot.press("u")
        assert desk.watchlist.symbols == ("AAPL", "MSFT", "TSLA")
        assert app.screen.query_one(WatchlistTable).cursor_key == "MSFT"
        assert "Undo" not in lines_of(app)[-1]


async def test_what_is_told_takes_one_line_and_the_last_word_replaces_the_others() -> None:
    desk = lively_desk()
    app = app_for(desk)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await painted(pilot, desk)
        before = lines_of(app)
        await pilot.press("d", "d", "d")
        await pilot.pause(0.1)
        assert lines_of(app)[-1].endswith("Removed AAPL. Press u to undo.")
        assert lines_of(app)[-11:-1] == before[-11:-1]
        assert app.NOTIFICATION_TIMEOUT <= 5


async def test_a_theme_that_is_not_there_is_named_among_the_notices_for_a_while() -> None:
    desk = FakeDesk()
    app = app_for(desk, settings=Ui(theme="blue"))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await painted(pilot, desk)
        assert line_with(app, "There is no theme “blue”")
        await painted(pilot, desk, 11)
        assert not line_with(app, "There is no theme")


async def test_a_table_longer_than_its_pane_has_a_scrollbar_in_plain_text() -> None:
    desk = FakeDesk(tuple(f"S{number}" for number in range(100)))
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        bar = [line[79:] for line in lines_of(app)[:20]]
        assert bar[0] == "┃"
        assert set(bar[5:]) == {"│"}
        await pilot.press("end")
        await painted(pilot, desk)
        assert [line[79:] for line in lines_of(app)[:20]][-1] == "┃"


async def test_a_row_that_comes_into_sight_is_as_new_as_the_others() -> None:
    desk = FakeDesk(tuple(f"S{number}" for number in range(60)))
    desk.quote("S0", 10.0)
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        await pilot.press("end")
        await painted(pilot, desk, 0.0)
        desk.trade("S0", 11.0)
        await painted(pilot, desk, 0.0)
        await pilot.press("home")
        await pilot.pause()
        assert "11.00" in line_with(app, "▌S0 ")


async def test_rows_without_news_are_asked_for_their_badges_a_few_times_a_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = lively_desk()
    app = app_for(desk, settings=Ui(paint_hz=2))
    async with app.run_test(size=WIDE) as pilot:
        await painted(pilot, desk)
        asked: list[str] = []
        table = app.screen.query_one(WatchlistTable)
        monkeypatch.setattr(table, "row", lambda key, now, row=table.row: asked.append(key) or row(key, now))
        for _ in range(20):
            table.paint(desk.advance(0.05))
        assert 3 * len(desk.watchlist.symbols) <= len(asked) <= 5 * len(desk.watchlist.symbols)
        assert RECHECK_SECONDS <= 0.5


async def test_an_empty_watchlist_says_how_to_fill_it() -> None:
    desk = FakeDesk(())
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        assert line_with(app, "Press a to add a symbol")
        assert "Remove" not in lines_of(app)[-1]
        await pilot.press("d", "up", "end")


async def test_p_goes_to_the_positions_and_back() -> None:
    desk = lively_desk()
    app = app_for(desk)
    async with app.run_test(size=WIDE) as pilot:
        await painted(pilot, desk)
        await pilot.press("p")
        assert app.screen.query_one(PositionsTable).has_focus
        await pilot.press("p")
        assert app.screen.query_one(WatchlistTable).has_focus


async def test_help_lists_the_keys_and_the_badges() -> None:
    app = app_for(FakeDesk())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("question_mark")
        await pilot.pause()
        assert "Add" in line_with(app, " a ")
        assert "Source" in line_with(app, " f ")
        await pilot.press("G")
        await pilot.pause()
        assert "Up" in line_with(app, "↑ k")
        assert line_with(app, "▲ STALE")
        await pilot.press("escape")
        assert app.screen is main_of(app)


async def test_prices_move_on_behind_a_dialog() -> None:
    desk = FakeDesk()
    desk.quote("AAPL", 190.0)
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("a")
        desk.trade("AAPL", 195.0)
        await painted(pilot, desk)
        assert main_of(app).query_one(WatchlistTable).render_line(1).text.split()[1] == "195.00"


async def test_a_terminal_too_small_says_what_it_needs() -> None:
    app = app_for(lively_desk())
    async with app.run_test(size=(30, 7)) as pilot:
        await pilot.pause()
        assert [line for line in lines_of(app) if line] == [" Too small: 30x7, needs 40x8"]
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert line_with(app, "SPY")


async def test_a_terminal_made_narrower_wastes_no_line() -> None:
    desk = lively_desk()
    desk.demo = True
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.resize_terminal(60, 16)
        await pilot.pause(0.1)
        assert "" not in lines_of(app)


async def test_a_foreign_price_never_reads_as_dollars() -> None:
    desk = FakeDesk(("AAPL", "7203.T", "0700.HK"))
    desk.quote("AAPL", 190.0, origin=IEX, currency="USD")
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        desk.quote("7203.T", 2712.5, origin=YAHOO, currency="JPY", bid=2712.0, ask=2713.0)
        await painted(pilot, desk)
        assert line_with(app, "7203.T").split()[1:2] == ["¥2712.50"]
        assert "¥2712.00 ¥2713.00" in line_with(app, "7203.T")
        assert line_with(app, "AAPL").split()[1] == "190.00"
        desk.quote("0700.HK", 388.2, origin=YAHOO, currency="HKD")
        await painted(pilot, desk)
        assert "HKD 388.20" in line_with(app, "0700.HK")
        await pilot.resize_terminal(120, 24)
        await painted(pilot, desk)
        assert "2,712.50 JPY" in line_with(app, "7203.T")


async def test_a_name_stays_when_a_source_that_has_none_serves() -> None:
    desk = FakeDesk(("AAPL",))
    desk.quote("AAPL", 190.0, origin=YAHOO, name="Apple Inc.")
    desk.quote("AAPL", 190.0, origin=IEX)
    app = app_for(desk)
    async with app.run_test(size=(160, 36)) as pilot:
        await painted(pilot, desk)
        assert "Apple Inc." in line_with(app, "alpaca iex")


async def test_the_timer_paints_without_being_asked() -> None:
    desk = FakeDesk()
    desk.quote("AAPL", 190.0)
    app = app_for(desk, settings=Ui(paint_hz=60))
    async with app.run_test(size=(80, 24)) as pilot:
        desk.trade("AAPL", 192.0)
        async with asyncio.timeout(2):
            while "192.00" not in line_with(app, "AAPL"):
                await pilot.pause(0.01)


async def test_a_row_whose_sources_contradict_each_other_is_marked_and_explained_under_the_cursor() -> None:
    desk = FakeDesk(("AAPL", "MSFT"))
    desk.quote("AAPL", 190.0)
    desk.quote("MSFT", 418.0)
    desk.marks = {"MSFT": "possible split 2:1"}
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        assert line_with(app, "MSFT").startswith("ΔMSFT")
        assert not line_with(app, "possible split 2:1")

        await pilot.press("down")
        desk.advance(1)
        await painted(pilot, desk)

        assert line_with(app, "MSFT: possible split 2:1")


async def test_the_desk_is_told_which_rows_are_in_sight() -> None:
    desk = FakeDesk(tuple(f"S{number:03}" for number in range(100)))
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        first = desk.shown
        await pilot.press("end")
        desk.advance(1)
        await painted(pilot, desk)

        assert first[0] == "S000"
        assert desk.shown[-1] == "S099"
        assert len(first) < 24


async def test_f_asks_the_desk_for_the_next_source_and_says_which_it_is() -> None:
    desk = FakeDesk()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        await pilot.press("f")
        await pilot.pause()

        assert desk.cycled == 1


@pytest.mark.parametrize("width", range(60, 121, 4))
async def test_the_pace_is_told_whole_or_not_at_all(width: int) -> None:
    desk = FakeDesk()
    desk.pace = 28.0
    desk.hours = replace(desk.hours, note="open by the broker's clock")
    app = app_for(desk)
    async with app.run_test(size=(width, 24)) as pilot:
        await painted(pilot, desk)

        pace = [line for line in lines_of(app) if re.search(r"\b28( m|$)", line.rstrip())]
        assert all(line.rstrip().endswith("28 msg/s") for line in pace)

"""The watchlist's columns: what each says, which of them a width shows, and what happens to those without room."""

import re
from datetime import UTC
from typing import get_args

import pytest
from fake_desk import IEX, YAHOO, FakeDesk, IdleWorker
from screen_text import app_for, line_with, lines_of, main_of, painted

from mytrader_tui.app import MarketApp
from mytrader_tui.market.quote import Trade
from mytrader_tui.market.session import hours_at
from mytrader_tui.settings.schema import Ui, WatchColumn
from mytrader_tui.ui.columns import arrange, titled
from mytrader_tui.ui.watch.columns import ALL, TITLES, Wants, chosen_columns, default_columns
from mytrader_tui.ui.widgets.watchlist import WatchlistTable

EVERYTHING: tuple[WatchColumn, ...] = get_args(WatchColumn)


def a_desk() -> FakeDesk:
    desk = FakeDesk(("AAPL",))
    desk.quote(
        "AAPL",
        230.0,
        previous_close=225.0,
        open=226.0,
        high=232.0,
        low=224.0,
        volume=42_100_000,
        vwap=228.51,
        bid=229.98,
        ask=230.03,
        name="Apple Inc.",
        currency="USD",
        year_low=164.0,
        year_high=240.0,
    )
    desk.charts.sparklines["AAPL"] = (226.0, 225.0, 228.0, 230.0)
    desk.basis_points["AAPL"] = 12.4
    return desk


def app_with(desk: FakeDesk, *columns: WatchColumn) -> MarketApp:
    return MarketApp(desk, worker=IdleWorker(), settings=Ui(), columns=columns, zone=UTC)


def after_hours(desk: FakeDesk, price: float) -> None:
    """A print after the close of the desk's Friday."""
    desk.moment = desk.advance(6.0 * 3600)
    desk.hours = hours_at(desk.moment.wall)
    desk.hear()
    desk.board.apply(Trade("AAPL", price, 100, desk.moment.wall, IEX, desk.moment, conditions=("@", "T"), tape="C"))


def test_every_name_in_the_settings_has_a_column_and_a_title() -> None:
    assert set(ALL) == set(EVERYTHING) == set(TITLES)
    for name in EVERYTHING:
        chosen = chosen_columns((name, "badge") if name != "badge" else (name,), Wants(), 200)
        assert chosen.columns[0].name == name
        assert chosen.columns[0].title == TITLES[name]


@pytest.mark.parametrize("width", [38, 58, 78, 118, 158, 248])
@pytest.mark.parametrize("arrow", ["", "↑"])
def test_every_title_has_room_for_its_arrow(width: int, arrow: str) -> None:
    for wants in (Wants(6), Wants(12, 3, 18, extended=True)):
        for column, room in arrange(default_columns(wants, width), width).placed:
            assert len(titled(column, arrow, room)) == room


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("name", "Apple Inc."),
        ("last", "230.00"),
        ("change", "+5.00"),
        ("change_percent", "▲ +2.22%"),
        ("bid", "229.98"),
        ("ask", "230.03"),
        ("spread", "0.05"),
        ("volume", "42.1M"),
        ("vwap", "228.51"),
        ("open", "226.00"),
        ("high", "232.00"),
        ("low", "224.00"),
        ("previous_close", "225.00"),
        ("day_range", "224.00 ─────◆── 232.00"),
        ("year_range", "164.00 ──────◆─ 240.00"),
        ("sparkline", "▂▁▅▇"),
        ("badge", "● LIVE"),
        ("source", "alpaca iex"),
        ("age", "0s"),
        ("discrepancy", "+12"),
        ("currency", "USD"),
        ("extended", "—"),
    ],
)
async def test_a_column_says_its_value(name: WatchColumn, said: str) -> None:
    desk = a_desk()
    app = app_with(desk, "symbol", name)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        assert TITLES[name] in lines_of(app)[0]
        assert said in line_with(app, "AAPL")


@pytest.mark.parametrize("name", sorted(set(EVERYTHING) - {"symbol", "badge"}))
async def test_what_nobody_said_is_a_dash_in_every_column_and_never_a_number(name: WatchColumn) -> None:
    desk = FakeDesk(("NEWCO",))
    app = app_with(desk, "symbol", name, "badge")
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        between = line_with(app, "NEWCO").removeprefix("▌NEWCO").removesuffix("— NO DATA").strip()
        assert between == ("" if name == "name" else "—")


async def test_the_columns_stand_in_the_users_order() -> None:
    desk = a_desk()
    app = app_with(desk, "last", "symbol", "badge", "change")
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        assert lines_of(app)[0].split() == ["Last", "Symbol", "Badge", "Change"]


async def test_columns_without_room_are_left_out_from_the_right_and_named_once() -> None:
    desk = a_desk()
    app = app_with(desk, "symbol", "last", "badge", "day_range", "year_range", "vwap", "open", "high", "age")
    async with app.run_test(size=(60, 24)) as pilot:
        await painted(pilot, desk)
        assert lines_of(app)[0].split() == ["Symbol", "Last", "Badge", "Day", "range", "52", "weeks"]
        assert line_with(app, "No room for vwap, open, high, age: a wider terminal")
        await painted(pilot, desk, 11)
        assert not line_with(app, "No room for")
        await pilot.resize_terminal(200, 24)
        await painted(pilot, desk)
        await pilot.resize_terminal(60, 24)
        await painted(pilot, desk)
        assert not line_with(app, "No room for")


@pytest.mark.parametrize("width", range(10, 200, 9))
def test_what_is_left_out_is_always_the_last(width: int) -> None:
    chosen = chosen_columns(EVERYTHING, Wants(7), width)
    shown = [column.name for column in chosen.columns if column.name]
    assert (*shown, *chosen.left_out) == EVERYTHING


async def test_without_the_badge_its_glyph_stands_by_the_prices() -> None:
    desk = a_desk()
    app = app_with(desk, "symbol", "last")
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        assert line_with(app, "AAPL").split()[0] == "▌●"
        desk.advance(30)
        await painted(pilot, desk)
        assert line_with(app, "AAPL").split()[0] == "▌▲"


async def test_what_the_table_does_not_show_is_asked_of_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = a_desk()
    asked: list[str] = []
    monkeypatch.setattr(desk.charts, "sparkline", lambda symbol: asked.append(symbol) or ())
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        assert asked == []
        await pilot.resize_terminal(120, 24)
        await painted(pilot, desk)
        assert set(asked) == {"AAPL"}


def test_eighty_columns_are_as_they_were_and_wider_ones_say_more() -> None:
    def named(width: int) -> list[str]:
        return [column.name for column, _ in arrange(default_columns(Wants(7), width), width).placed]

    assert named(78) == ["symbol", "last", "change", "change_percent", "bid", "ask", "volume", "badge", "age"]
    assert {"sparkline", "day_range", "source"} <= set(named(118))
    assert {"name", "year_range", "discrepancy", "sparkline", "day_range"} <= set(named(158))


# The extended hours.


@pytest.mark.parametrize(
    ("size", "mark"), [((60, 16), "e 231.15"), ((80, 24), "post 231.15"), ((120, 36), "post 231.15")]
)
async def test_a_price_of_the_extended_hours_is_marked(size: tuple[int, int], mark: str) -> None:
    desk = a_desk()
    after_hours(desk, 231.15)
    app = app_for(desk)
    async with app.run_test(size=size) as pilot:
        await painted(pilot, desk)
        assert mark in line_with(app, "AAPL ")


async def test_extended_shows_the_price_and_its_change_against_the_close() -> None:
    desk = a_desk()
    after_hours(desk, 231.15)
    app = app_with(desk, "symbol", "extended", "badge")
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        assert "post 231.15 ▲ +0.50%" in line_with(app, "AAPL")


async def test_before_the_open_the_word_is_another() -> None:
    desk = a_desk()
    desk.moment = desk.advance(-3 * 3600)
    desk.quote("AAPL", 230.0, age=16 * 3600)
    desk.hours = hours_at(desk.moment.wall)
    desk.board.apply(Trade("AAPL", 229.0, 100, desk.moment.wall, IEX, desk.moment, conditions=("@", "T"), tape="C"))
    app = app_with(desk, "symbol", "extended", "badge")
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        assert "pre 229.00 ▼ -0.43%" in line_with(app, "AAPL")


async def test_a_change_past_the_close_is_marked_and_the_sum_of_the_day_and_what_came_after() -> None:
    desk = a_desk()
    after_hours(desk, 231.15)
    app = app_with(desk, "symbol", "last", "change", "change_percent", "previous_close", "badge")
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        said = " ".join(line_with(app, "AAPL").split())
        assert said == "▌AAPL post 231.15 e +6.15 e ▲ +2.73% 225.00 ● LIVE"


async def test_a_change_before_the_open_is_the_morning_alone_and_has_no_mark() -> None:
    desk = a_desk()
    desk.moment = desk.advance(-3 * 3600)
    desk.quote("AAPL", 230.0, age=16 * 3600, previous_close=230.0)
    desk.hours = hours_at(desk.moment.wall)
    desk.board.apply(Trade("AAPL", 229.0, 100, desk.moment.wall, IEX, desk.moment, conditions=("@", "T"), tape="C"))
    app = app_with(desk, "symbol", "last", "change", "change_percent", "badge")
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        assert line_with(app, "AAPL").split()[1:6] == ["pre", "229.00", "-1.00", "▼", "-0.43%"]


@pytest.mark.parametrize("width", [60, 80, 100, 120, 160])
async def test_no_width_leaves_the_mark_of_a_change_out(width: int) -> None:
    desk = a_desk()
    after_hours(desk, 231.15)
    app = app_for(desk)
    async with app.run_test(size=(width, 24)) as pilot:
        await painted(pilot, desk)
        assert re.search(r"e ?▲ ?\+2\.7", line_with(app, "AAPL "))


async def test_a_regular_print_takes_the_mark_away() -> None:
    desk = a_desk()
    after_hours(desk, 231.15)
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        assert "post 231.15" in line_with(app, "AAPL ")
        desk.moment = desk.advance(60)
        desk.trade("AAPL", 231.0)
        await painted(pilot, desk)
        assert line_with(app, "AAPL ").split()[:2] == ["▌AAPL", "231.00"]


async def test_the_range_of_a_year_is_shown_though_another_source_serves() -> None:
    desk = FakeDesk(("AAPL",))
    desk.quote("AAPL", 190.0, origin=YAHOO, year_low=180.0, year_high=200.0)
    desk.quote("AAPL", 190.0, origin=IEX)
    app = app_with(desk, "symbol", "last", "year_range", "badge")
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        assert "180.00 ────◆─── 200.00" in line_with(app, "AAPL")


async def test_a_falling_day_and_a_rising_one_differ_in_shape_and_in_tone() -> None:
    desk = a_desk()
    app = app_with(desk, "symbol", "sparkline", "badge")
    async with app.run_test(size=(80, 24)) as pilot:
        now = await painted(pilot, desk)
        table = main_of(app).query_one(WatchlistTable)
        cell = table._arrangement.placed[1].column.cell
        rising = cell(table.row("AAPL", now))
        desk.charts.sparklines["AAPL"] = (230.0, 228.0, 225.0)
        falling = cell(table.row("AAPL", now))
        assert (rising.tone, falling.tone) == ("up", "down")
        assert rising.text(8) != falling.text(8)


async def test_a_stale_row_is_old_in_its_drawings_too() -> None:
    desk = a_desk()
    app = app_with(desk, "symbol", "sparkline", "day_range", "badge")
    async with app.run_test(size=(80, 24)) as pilot:
        now = await painted(pilot, desk, 30)
        table = main_of(app).query_one(WatchlistTable)
        row = table.row("AAPL", now)
        assert {placed.column.cell(row).tone for placed in table._arrangement.placed[1:3]} == {"muted"}

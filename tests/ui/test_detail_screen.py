"""The detail of one symbol: its chart, its quote, its position, and where all of it comes from."""

import asyncio
import re
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from chart_kit import a_day, a_series, days, minutes
from fake_charts import FakeCharts
from fake_desk import IEX, START, YAHOO, FakeDesk, IdleWorker
from screen_text import app_for, line_with, lines_of, main_of, settled
from syrupy.assertion import SnapshotAssertion
from textual import events
from textual.containers import Container
from textual.pilot import Pilot

from mytrader_tui.app import MarketApp
from mytrader_tui.market.bars import BarSeries, Timeframe
from mytrader_tui.market.link import Link
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Source
from mytrader_tui.settings.schema import Ui
from mytrader_tui.ui.candle_glyphs import FALLING_SIGN, RISING_SIGN
from mytrader_tui.ui.screens.detail import DetailScreen
from mytrader_tui.ui.widgets.detail_pane import DetailPane

SIZES = [(60, 16), (80, 24), (120, 36), (200, 60)]


@dataclass
class HeldCharts(FakeCharts):
    """Answers only once it is let go, and counts the questions that were given up."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)
    given_up: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    async def series(self, symbol: str, timeframe: Timeframe) -> BarSeries | str:
        self.asked.append((symbol, timeframe))
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.given_up += 1
            raise
        return self.answers.get((symbol, timeframe), "nothing of that")


def a_desk(series: BarSeries | str | None = None) -> FakeDesk:
    desk = FakeDesk()
    told = a_day() if series is None else series
    price = told.bars[-1].close if isinstance(told, BarSeries) and told.bars else 190.0
    desk.quote(
        "AAPL",
        price,
        name="Apple Inc.",
        currency="USD",
        previous_close=189.6,
        open=190.2,
        high=191.4,
        low=188.5,
        volume=51_234_567.0,
        vwap=190.04,
        bid=price - 0.02,
        ask=price + 0.02,
        bid_size=3.0,
        ask_size=1.0,
        bid_ask_time=START.wall,
        year_low=160.2,
        year_high=240.1,
        age=3.0,
    )
    desk.quote("MSFT", 410.0, name="Microsoft Corporation")
    desk.quote("TSLA", 240.0)
    desk.hold(AAPL=("302", "180"))
    desk.charts.answers = {("AAPL", Timeframe.DAY): told, ("AAPL", Timeframe.YEAR): days()}
    return desk


async def drawn(pilot: Pilot[int]) -> None:
    """Wait for the chart: its library is imported in a thread."""
    async with asyncio.timeout(60):
        while not line_with(pilot.app, "┫"):
            await pilot.pause(0.02)
    await settled(pilot)


async def opened(pilot: Pilot[int]) -> DetailPane:
    await pilot.press("enter")
    await drawn(pilot)
    return pane_of(pilot)


def pane_of(pilot: Pilot[int]) -> DetailPane:
    return pilot.app.screen.query_one(DetailPane)


def chosen(pilot: Pilot[int]) -> str:
    """The timeframe in brackets."""
    found = re.search(r"\[(?:\d )?(\w+)\]", "\n".join(lines_of(pilot.app)))
    return found[1] if found else ""


def shown(pilot: Pilot[int]) -> str:
    return "\n".join(lines_of(pilot.app))


# What it shows.


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_detail_at_each_size(size: tuple[int, int], snapshot: SnapshotAssertion) -> None:
    app = app_for(a_desk())
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        await pilot.press("left", "left")
        assert "\n".join(await settled(pilot)) == snapshot


async def test_a_year_of_days_and_a_line(snapshot: SnapshotAssertion) -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot)
        await pilot.press("6", "c")
        await drawn(pilot)
        assert "\n".join(await settled(pilot)) == snapshot


async def test_the_quote_says_who_told_it_and_how_old_it_is() -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot)
        head = line_with(app, "AAPL 1")
        assert "● LIVE" in head
        assert "alpaca iex" in head
        assert "event 3s ago, heard 0s ago" in head
        assert "Apple Inc." in head


async def test_every_figure_of_the_quote_and_the_position_stands_beside_a_wide_chart() -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot)
        for label, figure in (
            ("Bid", "× 3"),
            ("Ask", "× 1"),
            ("Spread", "0.04 (0.02%)"),
            ("Open", "190.20"),
            ("High", "191.40"),
            ("Low", "188.50"),
            ("Prev close", "189.60"),
            ("Volume", "51.2M"),
            ("VWAP", "190.04"),
            ("Day range", "188.50"),
            ("52 weeks", "240.10"),
            ("Position", "302"),
            ("Avg entry", "180.00"),
            ("Value", "57,"),
            ("P&L", "▲ +5"),
            ("Day P&L", "%"),
        ):
            assert re.search(rf"{re.escape(label)} .*{re.escape(figure)}", shown(pilot)), label


async def test_what_is_not_known_is_not_made_up() -> None:
    desk = FakeDesk()
    desk.charts.answers = {("AAPL", Timeframe.DAY): a_day()}
    desk.quote("AAPL", 190.0, previous_close=None)
    app = app_for(desk)
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot)
        assert re.search(r"Spread +—", shown(pilot))
        assert re.search(r"52 weeks +—", shown(pilot))
        assert "change —" in shown(pilot)
        assert "Position" not in shown(pilot)


async def test_a_symbol_without_any_price_still_has_its_chart() -> None:
    desk = FakeDesk()
    desk.charts.answers = {("AAPL", Timeframe.DAY): a_day()}
    app = app_for(desk)
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot)
        assert "— NO DATA" in shown(pilot)


async def test_hidden_amounts_leave_no_amount_of_the_position() -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot)
        await pilot.press("dollar_sign")
        await settled(pilot)
        assert not re.search(r"57,\d{3}|Position +302|\+3,\d{3}", shown(pilot))
        assert re.search(r"Position +•••", shown(pilot))
        assert re.search(r"P&L +••• ▲ \+5\.\d", shown(pilot))
        await pilot.press("dollar_sign")
        await settled(pilot)
        assert re.search(r"Position +302", shown(pilot))


async def test_where_the_bars_come_from_is_in_sight() -> None:
    late = a_day(origin=YAHOO, note="kept from Fri 20 Nov 09:41 New York: Yahoo is limiting requests")
    app = app_for(desk := a_desk(late))
    async with app.run_test(size=(120, 36)) as pilot:
        pane = await opened(pilot)
        pane.paint(desk.advance(14))
        await settled(pilot)
        assert line_with(app, "bars: yahoo quote, 15m late · told 14s ago · in USD")
        assert line_with(app, "kept from Fri 20 Nov 09:41 New York: Yahoo is limiting requests")


async def test_the_close_before_is_a_line_with_its_name() -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot)
        line = line_with(app, "prev close 189.60")
        assert "╌╌╌" in line


async def test_the_extended_hours_are_shaded_and_named() -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(120, 36)) as pilot:
        pane = await opened(pilot)
        assert re.search(r"[┫┃]\spre\s", shown(pilot))
        canvas = pane.query_one("#plot")
        assert grounds(canvas.render_line(4).crop(1, 30)) != grounds(canvas.render_line(4).crop(72))
        await pilot.press("home")
        await settled(pilot)
        assert "pre-market" in shown(pilot)


def grounds(strip: object) -> set[object]:
    """The background colours of a strip."""
    return {segment.style.bgcolor for segment in strip if segment.style and segment.text.strip("┃┫┣")}  # type: ignore[attr-defined]


async def test_rising_and_falling_are_told_apart_without_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = app_for(a_desk())
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot)
        chart = "\n".join(re.sub("[┃┫┣]$", "", line) for line in lines_of(app))
        assert RISING_SIGN in chart
        assert FALLING_SIGN in chart


# The keys.


@pytest.mark.parametrize(("key", "timeframe"), list(enumerate(Timeframe, start=1)))
async def test_a_number_chooses_the_timeframe(key: int, timeframe: Timeframe) -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("2", f"{key}")
        await settled(pilot)
        assert chosen(pilot) == timeframe.value
        assert desk.charts.asked[-1] == ("AAPL", timeframe)


@pytest.mark.parametrize(("longer", "shorter"), [("l", "h"), ("right_square_bracket", "left_square_bracket")])
async def test_brackets_and_vim_keys_go_through_the_timeframes(longer: str, shorter: str) -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press(shorter)
        assert chosen(pilot) == "1D"
        await pilot.press(longer, longer)
        await settled(pilot)
        assert chosen(pilot) == "1M"
        await pilot.press(shorter)
        await settled(pilot)
        assert chosen(pilot) == "5D"
        await pilot.press(*[longer] * 9)
        await settled(pilot)
        assert chosen(pilot) == "5Y"


async def test_a_click_on_a_tab_chooses_its_timeframe() -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        line = line_with(app, "6 1Y")
        row = lines_of(app).index(line)
        await pilot.click(offset=(line.index("6 1Y") + 1, row))
        await drawn(pilot)
        assert chosen(pilot) == "1Y"


async def test_c_goes_from_candles_to_a_line_and_back() -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert line_with(app, "candles of 10 min · c line")
        await pilot.press("c")
        await settled(pilot)
        assert line_with(app, "line of 5 min · c candles")
        assert re.search("[⠁-⣿]", shown(pilot))
        await pilot.press("c")
        await settled(pilot)
        assert not re.search("[⠁-⣿]", shown(pilot))


async def test_arrows_move_the_crosshair_and_the_readout_tells_the_candle() -> None:
    series = minutes(13)
    app = app_for(a_desk(series))
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot)
        assert "read a candle" in shown(pilot)
        await pilot.press("left")
        await settled(pilot)
        last, before = series.bars[-1], series.bars[-2]
        assert line_with(app, f"O {last.open:.2f} H {last.high:.2f} L {last.low:.2f} C {last.close:.2f}")
        assert "┊" in shown(pilot)
        await pilot.press("left")
        await settled(pilot)
        assert line_with(app, f"C {before.close:.2f}")
        assert line_with(app, "15:25–15:30 UTC")
        assert line_with(app, "10:25–10:30 NY")
        assert line_with(app, f"vol {before.volume / 1000:.1f}K")
        assert line_with(app, f"({before.close - series.bars[-3].close:+.2f})")


async def test_the_crosshair_goes_to_the_ends_far_and_away() -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(120, 36)) as pilot:
        plot = (await opened(pilot)).plot
        assert plot is not None
        assert plot.candles is not None
        every = plot.candles.shown
        for keys, place in (
            (("home",), 0),
            (("left",), 0),
            (("shift+right",), 10),
            (("right",), 11),
            (("shift+left",), 1),
            (("end",), len(every) - 1),
            (("shift+right",), len(every) - 1),
        ):
            await pilot.press(*keys)
            assert plot.pointed == every[place], keys
        await pilot.press("right")
        assert plot.pointed is None
        await pilot.press("right")
        assert plot.pointed == every[-1]
        await pilot.press("x")
        assert plot.pointed is None


async def test_the_mouse_moves_the_crosshair_and_takes_it_away() -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(120, 36)) as pilot:
        pane = await opened(pilot)
        assert pane.plot is not None
        assert pane.plot.candles is not None
        await pilot.hover("#plot", offset=(1, 5))
        await settled(pilot)
        assert pane.plot.pointed == pane.plot.candles.shown[0]
        assert "04:00–04:10 NY" in shown(pilot)
        width = pane.query_one("#plot").size.width
        await pilot.hover("#plot", offset=(width - 2, 5))
        await settled(pilot)
        assert pane.plot.pointed == pane.plot.candles.shown[-1]
        await pilot.hover("#detail-head")
        await settled(pilot)
        assert pane.plot.pointed is None


async def test_zoom_keys_show_fewer_bars_and_all_again() -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(120, 36)) as pilot:
        plot = (await opened(pilot)).plot
        assert plot is not None
        await pilot.press("6")
        await drawn(pilot)
        assert "2026" in shown(pilot)
        await pilot.press("plus", "equals_sign")
        await settled(pilot)
        assert "zoomed" in shown(pilot)
        assert plot.candles is not None
        assert plot.candles.shown[-1].last == days().bars[-1].start
        first = plot.candles.shown[0].start
        await pilot.press("less_than_sign")
        assert plot.candles.shown[0].start < first
        await pilot.press("greater_than_sign")
        assert plot.candles.shown[0].start == first
        await pilot.press("minus")
        assert plot.candles.shown[0].start < first
        await pilot.press("0")
        await settled(pilot)
        assert "zoomed" not in shown(pilot)


async def test_the_wheel_zooms_around_the_mouse_and_a_drag_moves_the_window() -> None:
    app = app_for(a_desk(minutes(60)))
    async with app.run_test(size=(120, 36)) as pilot:
        pane = await opened(pilot)
        plot = pane.plot
        assert plot is not None
        canvas = pane.query_one("#plot")
        at = (canvas.region.x + 20, canvas.region.y + 5)
        await pilot.hover(None, offset=at)
        assert plot.pointed is not None
        under = plot.pointed.start
        await pilot._post_mouse_events([events.MouseScrollUp], offset=at, button=0)
        assert plot.zoomed
        await pilot.hover(None, offset=(at[0] + 1, at[1]))
        await pilot.hover(None, offset=at)
        assert abs(plot.pointed.start - under) <= timedelta(minutes=5)
        first = plot.candles.shown[0].start
        moved = events.MouseMove(canvas, at[0] + 12, at[1], 12, 0, 1, False, False, False, at[0] + 12, at[1])
        app.screen._forward_event(moved)
        await pilot.pause()
        assert plot.candles.shown[0].start < first


@pytest.mark.parametrize(("next_", "before"), [("down", "up"), ("j", "k"), ("n", "N")])
async def test_keys_go_on_to_the_next_symbol_of_the_list_and_back(next_: str, before: str) -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(80, 24)) as pilot:
        pane = await opened(pilot)
        await pilot.press(before)
        assert pane.symbol == "AAPL"
        await pilot.press(next_)
        await settled(pilot)
        assert pane.symbol == "MSFT"
        assert line_with(app, "MSFT 410.00")
        assert line_with(app, "Detail 2 of 3")
        await pilot.press(next_, next_, before)
        assert pane.symbol == "MSFT"


@pytest.mark.parametrize("key", ["escape", "q", "enter"])
async def test_keys_that_close_it(key: str) -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        assert isinstance(app.screen, DetailScreen)
        await pilot.press(key)
        assert app.screen is main_of(app)


# The answers.


async def test_a_chart_that_cannot_be_told_says_why_and_r_asks_again() -> None:
    desk = a_desk("Yahoo is limiting requests, retry in 40s")
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        await settled(pilot)
        assert line_with(app, "No chart of 1D of AAPL: Yahoo is limiting requests, retry in 40s.")
        desk.charts.answers[("AAPL", Timeframe.DAY)] = a_day()
        await pilot.press("r")
        await drawn(pilot)
        assert not line_with(app, "No chart")


async def test_a_source_without_bars_is_not_a_failure() -> None:
    app = app_for(a_desk(a_series("AAPL", Timeframe.DAY, [])))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        await settled(pilot)
        assert line_with(app, "Alpaca has no bars of 1D of AAPL.")


async def test_while_an_answer_is_awaited_the_screen_says_so_and_every_key_works() -> None:
    desk = a_desk()
    desk.charts = HeldCharts()
    desk.charts.answers = {("MSFT", Timeframe.DAY): minutes(40, "MSFT")}
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        await settled(pilot)
        assert line_with(app, "Reading 1D of AAPL…")
        await pilot.press("left", "c", "plus", "2")
        await settled(pilot)
        assert line_with(app, "Reading 5D of AAPL…")
        pane_of(pilot).paint(desk.advance(61))
        await pilot.pause()
        assert desk.charts.asked[1:] == [("AAPL", Timeframe.FIVE_DAYS)]
        await pilot.press("1", "down")
        await settled(pilot)
        assert desk.charts.given_up == 3
        desk.charts.gate.set()
        await drawn(pilot)
        assert line_with(app, "MSFT 410.00")


async def test_closing_gives_up_the_question() -> None:
    desk = a_desk()
    desk.charts = HeldCharts()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()
        assert desk.charts.given_up == 1


async def test_an_answer_that_does_not_come_is_given_up() -> None:
    desk = a_desk()
    desk.charts = HeldCharts()
    app = pane_app(pane := DetailPane(desk, None, deadline_seconds=0.01))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.app.screen.mount(pane)
        pane.show("AAPL")
        async with asyncio.timeout(5):
            while not line_with(app, "no answer within 0.01 s"):
                await pilot.pause(0.01)


async def test_bars_are_asked_for_again_and_stay_when_that_fails() -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=(120, 36)) as pilot:
        pane = await opened(pilot)
        desk.charts.answers[("AAPL", Timeframe.DAY)] = "the server does not answer"
        pane.paint(desk.advance(59))
        assert len(desk.charts.asked) == 1
        pane.paint(desk.advance(2))
        await settled(pilot)
        assert len(desk.charts.asked) == 2
        assert line_with(app, "the server does not answer")
        assert line_with(app, "┫")


async def test_a_pane_that_settles_asks_nothing_while_the_cursor_runs_on() -> None:
    desk = a_desk()
    app = pane_app(pane := DetailPane(desk, None, settle_seconds=0.02))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.app.screen.mount(pane)
        for symbol in ("TSLA", "MSFT", "AAPL"):
            pane.show(symbol)
        await drawn(pilot)
        assert desk.charts.asked == [("AAPL", Timeframe.DAY)]


def pane_app(pane: DetailPane) -> MarketApp:
    return MarketApp(pane._desk, worker=IdleWorker(), settings=Ui())  # type: ignore[arg-type]


# The last candle.


async def test_the_newest_price_moves_the_last_candle() -> None:
    series = minutes(20)
    desk = a_desk(series)
    app = app_for(desk)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("enter")
        await drawn(pilot)
        await pilot.press("end")
        price = series.bars[-1].high + 1.25
        desk.advance(30)
        desk.hear()
        desk.trade("AAPL", price)
        await looked(pilot, desk)
        assert line_with(app, f"H {price:.2f}")
        assert line_with(app, f"C {price:.2f}")


@pytest.mark.parametrize("why", ["stale", "cached"])
async def test_an_old_price_moves_no_candle(why: str) -> None:
    series = minutes(20)
    desk = a_desk(series)
    app = app_for(desk)
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot)
        await pilot.press("end")
        price = series.bars[-1].high + 1.25
        desk.advance(30)
        desk.trade("AAPL", price, origin=IEX if why == "stale" else type(IEX)(Source.CACHE, "iex", 0.0))
        if why == "stale":
            desk.links[Source.ALPACA] = Link(up=False, since=START)
        else:
            desk.board.serve("AAPL", Source.CACHE)
        await looked(pilot, desk)
        assert line_with(app, f"C {series.bars[-1].close:.2f}")
        assert not line_with(app, f"C {price:.2f}")


async def looked(pilot: Pilot[int], desk: FakeDesk) -> Moment:
    pilot.app.screen.query_one(DetailPane).paint(desk.now())
    await settled(pilot)
    return desk.now()


# Where it is at home.


async def test_a_home_in_new_york_is_not_said_twice() -> None:
    desk = a_desk(minutes(13))
    app = MarketApp(desk, worker=IdleWorker(), settings=Ui(), zone=ZoneInfo("America/New_York"))
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot)
        await pilot.press("left")
        await settled(pilot)
        assert line_with(app, "10:30–10:35 NY")
        assert shown(pilot).count("10:30–10:35") == 1


# Robustness.


@pytest.mark.parametrize("size", [(40, 8), (20, 5), (250, 70)])
async def test_no_size_breaks_it(size: tuple[int, int]) -> None:
    app = app_for(a_desk())
    async with app.run_test(size=size) as pilot:
        await pilot.press("enter", "left", "c", "plus")
        await pilot.pause(0.1)
        await pilot.resize_terminal(100, 30)
        await drawn(pilot)
        assert app.is_running


async def test_a_new_size_draws_the_chart_in_its_new_room() -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.resize_terminal(120, 36)
        await settled(pilot)
        assert line_with(app, "Spread")
        chart = next(line for line in lines_of(app) if "┏" in line)
        assert len(chart[chart.index("┏") : chart.index("┓")]) > 60


async def test_a_theme_changed_while_it_is_open_changes_the_colours_of_the_candles() -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(80, 24)) as pilot:
        pane = await opened(pilot)
        before = colours_in(pane)
        app.theme = "mytrader-light"
        await settled(pilot)
        assert colours_in(pane).isdisjoint(before - {None})


def colours_in(pane: DetailPane) -> set[object]:
    chart = pane.query_one("#detail-chart", Container)
    canvas = chart.query_one("#plot")
    strips = [canvas.render_line(line) for line in range(canvas.size.height)]
    return {segment.style.color for strip in strips for segment in strip if segment.style and segment.text.strip()}


@pytest.mark.parametrize("bars", [1, 2, 3])
async def test_a_few_bars_are_a_chart_too(bars: int) -> None:
    app = app_for(a_desk(minutes(bars)))
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("c", "left", "plus", "minus", "c", "home")
        await settled(pilot)
        assert app.is_running

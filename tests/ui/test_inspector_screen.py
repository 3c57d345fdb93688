"""The proof of a row on the screen."""

import json
from datetime import timedelta

import pytest
from fake_desk import IEX, START, YAHOO, FakeDesk
from screen_text import app_for, box_of, line_with, lines_of, main_of
from syrupy.assertion import SnapshotAssertion
from textual.pilot import Pilot

from mytrader_tui.market.failover.routing import State
from mytrader_tui.market.freshness import BadgeKind, BadgeRule
from mytrader_tui.market.inspection import BadgeChange, RefusedPrint, SourceChange
from mytrader_tui.market.link import Link, Reason
from mytrader_tui.market.quote import Quote, Source, Trade
from mytrader_tui.market.trust.comparison import Comparison, Obstacle, Verdict
from mytrader_tui.market.trust.price_trail import PriceRange
from mytrader_tui.market.trust.validation import Rule
from mytrader_tui.ui.inspection.lines import inspection_lines
from mytrader_tui.ui.screens.inspector import InspectorScreen


def a_desk() -> FakeDesk:
    """AAPL from both sources with everything that can be known of it, MSFT from one, TSLA from none."""
    desk = FakeDesk()
    desk.quote(
        "AAPL",
        228.35,
        origin=YAHOO,
        age=905.0,
        name="Apple Inc.",
        currency="USD",
        open=227.1,
        high=229.0,
        low=226.4,
        volume=4.21e7,
        year_low=164.08,
        year_high=260.1,
    )
    desk.quote("AAPL", 228.41, age=0.25, last_size=100.0, bid=228.40, ask=228.42, bid_size=2.0, ask_size=3.0)
    desk.quote("MSFT", 431.02)
    told = desk.inspected
    told.comparison = Comparison(
        symbol="AAPL",
        at=START.later(-120.0),
        verdict=Verdict.AGREE,
        difference=0.0003,
        latest_difference=-0.0002627,
        ratio=0.9997,
        expected=PriceRange(228.42, 228.47),
        alpaca_price=228.41,
        alpaca_time=START.wall,
        yahoo_price=228.35,
        yahoo_time=START.wall - timedelta(seconds=905),
    )
    told.badge_changes = (
        BadgeChange(START.later(-60.0), BadgeKind.LIVE, BadgeRule.REAL_TIME, Source.ALPACA),
        BadgeChange(START.later(-300.0), BadgeKind.DELAYED, BadgeRule.POLLED, Source.YAHOO),
    )
    told.source_changes = (
        SourceChange(START.wall, State.FALLBACK_ACTIVE, State.PRIMARY_ACTIVE, "Alpaca has flowed for 120 s"),
    )
    wrong = Trade("AAPL", 22.84, 100, START.wall, IEX, START, conditions=("@", "T"))
    told.refused = (RefusedPrint(START.later(-9.0), Source.ALPACA, Rule.JUMP, wrong),)
    return desk


async def opened(pilot: Pilot[int]) -> None:
    await pilot.press("i")
    await pilot.pause(0.1)


@pytest.mark.parametrize("size", [(80, 24), (120, 60), (60, 16)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_inspector_at_each_size(size: tuple[int, int], snapshot: SnapshotAssertion) -> None:
    app = app_for(a_desk())
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        assert box_of(app, "inspector-box") == snapshot


async def test_it_says_why_the_badge_is_what_it_is() -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(120, 60)) as pilot:
        await opened(pilot)
        assert line_with(app, "228.41  ● LIVE  Apple Inc.")
        assert line_with(app, "LIVE: iex is real time, its link was heard 0.0 s ago (limit 5 s), event time known, reg")
        assert line_with(app, "Served by Alpaca: Alpaca streams it and is let serve.")


async def test_both_sources_stand_side_by_side() -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(120, 60)) as pilot:
        await opened(pilot)
        for label, alpaca, yahoo in (
            ("badge", "● LIVE", "◷ DELAYED 15m"),
            ("last", "228.41 × 100", "228.35"),
            ("traded", "15:29:59.750", "15:14:55.000"),
            ("heard  ", "15:30:00.000", "15:30:00.000"),
            ("on its way", "250 ms", "15 min"),
            ("bid  ", "228.40 × 2", "—"),
            ("high  ", "—", "229.00"),
            ("feed", "iex, streamed", "quote, asked"),
            ("delay", "none: real time", "15 min by its word"),
            ("link  ", "up for 0:00", "up for 0:00, asked every 60 s"),
        ):
            line = line_with(app, f" {label}")
            assert alpaca in line.split(label.strip(), 1)[1], line
            assert yahoo in line.split(alpaca, 1)[1], line


async def test_the_difference_is_told_in_basis_points_and_words() -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(120, 60)) as pilot:
        await opened(pilot)
        text = " ".join(" ".join(lines_of(app)).replace("│", " ").split())
        assert "-3 bp, agree: Yahoo said 228.35 at 15:14:55, when Alpaca said 228.42 to 228.47." in text
        assert "Against Alpaca's 228.41 of 15:30:00 it is -3 bp; compared 2 min ago." in text


async def test_what_cannot_be_compared_says_why() -> None:
    desk = a_desk()
    desk.inspected.comparison = Comparison(symbol="AAPL", at=START, obstacle=Obstacle.STALE_YAHOO)
    app = app_for(desk)
    async with app.run_test(size=(120, 60)) as pilot:
        await opened(pilot)
        assert line_with(app, "Not comparable: Yahoo's price is too old; compared 0.0 s ago.")


async def test_the_changes_and_the_refused_prints_are_listed() -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(120, 70)) as pilot:
        await opened(pilot)
        assert line_with(app, "15:29:00  ● LIVE     Alpaca   a real-time stream that is heard")
        assert line_with(app, "15:30:00  Yahoo → Alpaca      Alpaca has flowed for 120 s")
        assert line_with(app, "15:29:51  Alpaca  jump: trade 22.84 × 100 [@ T], of 15:30:00.000")


async def test_a_link_that_is_down_says_why() -> None:
    desk = a_desk()
    desk.links[Source.ALPACA] = Link(up=False, since=START, heard=START, reason=Reason.HALF_OPEN, detail="1006")
    app = app_for(desk)
    async with app.run_test(size=(120, 60)) as pilot:
        await opened(pilot)
        assert line_with(app, "STALE 0s: the link is down, the connection went dead")
        assert line_with(app, "down: the connection went dead")
        assert "1006" in line_with(app, "server's word")


async def test_it_goes_on_while_it_is_open() -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=(120, 60)) as pilot:
        await opened(pilot)
        desk.advance(7.0)
        await pilot.pause(0.4)
        assert line_with(app, "STALE 7s: the link says that it is up, but it was last heard 7.0 s ago (limit 5 s)")
        desk.hear()
        desk.trade("AAPL", 229.5)
        await pilot.pause(0.4)
        assert line_with(app, "229.50  ● LIVE")


async def test_j_and_k_go_to_the_other_rows_and_stop_at_the_ends() -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        titles = [line_with(app, "Inspector")]
        for key in ("k", "j", "j", "j", "k"):
            await pilot.press(key)
            await pilot.pause(0.05)
            titles.append(line_with(app, "Inspector"))
        shown = [title.split("Inspector: ")[1].split()[0] for title in titles]
        assert shown == ["AAPL", "AAPL", "MSFT", "TSLA", "TSLA", "MSFT"]


async def test_a_row_that_left_the_list_can_still_be_left() -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        desk.remove("AAPL")
        await pilot.press("j")
        await pilot.pause(0.05)
        assert line_with(app, "Inspector: MSFT")
        for symbol in ("MSFT", "TSLA"):
            desk.remove(symbol)
        await pilot.press("j")
        assert isinstance(app.screen, InspectorScreen)


async def test_a_symbol_that_nobody_knows_is_told_so() -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "down")
        await opened(pilot)
        assert line_with(app, "NO DATA: no price was ever heard")
        assert line_with(app, "Served by nobody")


async def test_the_arrows_scroll_to_the_end_and_back_where_it_is_short() -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(60, 16)) as pilot:
        await opened(pilot)
        assert not line_with(app, "jump: trade 22.84")
        await pilot.press("end")
        await pilot.pause(0.1)
        assert line_with(app, "jump: trade 22.84")
        await pilot.press("up", "up", "pageup", "home")
        await pilot.pause(0.1)
        assert line_with(app, "228.41  ● LIVE")


async def test_y_copies_the_whole_as_json() -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot)
        await pilot.press("y")
        await pilot.pause(0.1)
        copied = json.loads(app.clipboard)
        assert (copied["row"]["symbol"], copied["row"]["source"], copied["row"]["badge"]) == ("AAPL", "alpaca", "LIVE")
        assert [each["rule"] for each in copied["refused"]] == ["jump"]
        assert line_with(app, "AAPL copied as JSON.")


@pytest.mark.parametrize("key", ["escape", "i", "q"])
async def test_keys_that_close_it(key: str) -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert isinstance(app.screen, InspectorScreen)
        await pilot.press(key)
        assert app.screen is main_of(app)


async def test_without_a_row_there_is_nothing_to_inspect() -> None:
    app = app_for(FakeDesk(()))
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert app.screen is main_of(app)


@pytest.mark.parametrize("size", [(40, 8), (20, 5), (200, 60)])
async def test_no_size_breaks_it(size: tuple[int, int]) -> None:
    app = app_for(a_desk())
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        await pilot.press("end", "j")
        assert app.is_running


HUGE = 123_456_789_012.34
WHOLE = {"123,456,789,012.34", "123456789012.34", "123456789012.3", "123456789012"}


@pytest.mark.parametrize("width", [24, 40, 52, 72, 130])
def test_a_number_is_whole_or_a_hash_at_every_width(width: int) -> None:
    desk = FakeDesk()
    dear = dict.fromkeys(("previous_close", "open", "high", "low", "bid", "ask"), HUGE)
    desk.quote("AAPL", HUGE, currency="HKD", last_size=1e12, **dear)

    lines = inspection_lines(desk.inspect("AAPL", desk.now()), width, None, lambda _: "")

    numbers = [word for line in lines for word in line.plain.replace("HKD", " ").split() if word.startswith("123")]
    assert {number.removesuffix("…") for number in numbers} <= WHOLE
    assert numbers or any("#" in line.plain for line in lines)


HOSTILE = "[red]x[/] [@click=app.quit]q[/] \x1b[31mred\x1b]52;c;aGk=\x07 \u202eevil\u202c"


async def test_texts_from_outside_stay_plain() -> None:
    desk = a_desk()
    trade = Trade("AAPL", 1.0, 1, START.wall, IEX, START, conditions=(HOSTILE,))
    desk.inspected.refused = (RefusedPrint(START, Source.ALPACA, Rule.JUMP, trade),)
    desk.board.apply(Quote(symbol="AAPL", origin=IEX, receipt=START, last=2.0, name="[bold]Apple[/] [/x]"))
    desk.links[Source.ALPACA] = Link(up=True, since=START, heard=START, detail="[red]word[/]")
    app = app_for(desk)
    async with app.run_test(size=(120, 70)) as pilot:
        await opened(pilot)
        assert line_with(app, "[bold]Apple[/] [/x]")
        assert line_with(app, "[red]word[/]")
        assert line_with(app, "[red]x[/] [@click=app.quit]q[/] red evil")
        text = "".join(lines_of(app))
        assert "\x1b" not in text
        assert "\u202e" not in text

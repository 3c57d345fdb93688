"""The dialog that adds symbols."""

import asyncio

import pytest
from fake_desk import FakeDesk
from screen_text import app_for, line_with, main_of, until
from textual import events
from textual.widgets import Input

from mytrader_tui.ui.screens.add_symbol import AddSymbol
from mytrader_tui.ui.widgets import symbol_input
from mytrader_tui.ui.widgets.watchlist import WatchlistTable


async def test_several_symbols_are_added_at_once_and_the_last_is_under_the_cursor() -> None:
    desk = FakeDesk(("AAPL",))
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("a", *"spy brk-b", "enter")
        await pilot.pause(0.05)
        assert desk.watchlist.symbols == ("AAPL", "SPY", "BRK.B")
        assert app.screen is main_of(app)
        assert app.screen.query_one(WatchlistTable).cursor_key == "BRK.B"


async def test_a_refusal_is_told_in_place_and_keeps_the_text() -> None:
    desk = FakeDesk(("AAPL",))
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("a", *"nope", "enter")
        await pilot.pause(0.05)
        assert line_with(app, "NOPE: neither Alpaca nor Yahoo knows it")
        assert app.screen.query_one(Input).value == "nope"


async def test_of_several_only_the_refused_stay() -> None:
    desk = FakeDesk(("AAPL",))
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("a", *"spy nope", "enter")
        await pilot.pause(0.05)
        assert line_with(app, "Added SPY.")
        assert app.screen.query_one(Input).value == "NOPE"
        await pilot.press("escape")
        assert app.screen.query_one(WatchlistTable).cursor_key == "SPY"


async def test_it_says_that_it_is_checking_and_escape_gives_up() -> None:
    desk = FakeDesk(("AAPL",))
    desk.add_pause = asyncio.Event()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("a", *"spy", "enter")
        await pilot.pause(0.05)
        assert line_with(app, "Checking spy…")
        await pilot.press("escape")
        desk.add_pause.set()
        await pilot.pause(0.05)
        assert app.screen is main_of(app)
        assert desk.watchlist.symbols == ("AAPL",)


async def test_a_check_that_ends_under_another_screen_closes_the_dialog_once_that_one_is_gone() -> None:
    desk = FakeDesk(("AAPL",))
    desk.add_pause = asyncio.Event()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("a", *"spy", "enter", "ctrl+p")
        covering = app.screen
        desk.add_pause.set()
        await until(pilot, lambda: "SPY" in desk.watchlist.symbols, "it is added")
        assert app.screen is covering

        await pilot.press("escape")
        await until(pilot, lambda: app.screen is main_of(app), "both are closed")
        assert app.screen.query_one(WatchlistTable).cursor_key == "SPY"


async def test_what_is_typed_during_a_check_goes_where_the_check_leads_and_a_second_enter_asks_nothing_more() -> None:
    desk = FakeDesk(("AAPL",))
    desk.add_pause = asyncio.Event()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("a", *"spy", "enter", "enter", "L")
        assert line_with(app, "Checking spy…")
        assert app.screen.query_one(Input).value == "spy"

        desk.add_pause.set()
        await until(pilot, lambda: line_with(app, "─ Lists ─"), "the lists are opened")
        assert desk.asked == ["spy"]


async def test_what_is_typed_during_a_check_goes_on_in_the_line_that_is_refused() -> None:
    desk = FakeDesk(("AAPL",))
    desk.add_pause = asyncio.Event()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("a", *"nope", "enter", "x")

        desk.add_pause.set()
        await until(pilot, lambda: app.screen.query_one(Input).value == "nopex", "the key arrives")


async def test_a_key_of_long_ago_acts_on_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(symbol_input, "FRESH_SECONDS", -1.0)
    desk = FakeDesk(("AAPL",))
    desk.add_pause = asyncio.Event()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("a", *"spy", "enter", "d")

        desk.add_pause.set()
        await until(pilot, lambda: app.screen is main_of(app), "it is closed")
        await pilot.pause()
        assert desk.watchlist.symbols == ("AAPL", "SPY")


async def test_a_check_without_an_answer_ends_at_its_deadline() -> None:
    desk = FakeDesk(("AAPL",))
    desk.add_pause = asyncio.Event()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(AddSymbol(desk, deadline_seconds=0.05))
        await pilot.press(*"spy", "enter")
        await pilot.pause(0.15)
        assert line_with(app, "No answer within 0.05 s")
        assert app.screen.query_one(Input).value == "spy"


async def test_nothing_typed_asks_nothing() -> None:
    desk = FakeDesk(())
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("a", "space", "enter")
        await pilot.pause(0.05)
        assert desk.asked == []


async def test_control_characters_never_reach_the_desk() -> None:
    desk = FakeDesk(())
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("a")
        app.screen.query_one(Input).value = "SPY\x1b[2J\u202e"
        await pilot.press("enter")
        await pilot.pause(0.05)
        assert desk.asked == ["SPY"]


async def test_what_is_typed_before_the_dialog_is_there_is_not_lost() -> None:
    desk = FakeDesk(("AAPL",))
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        for character in "aspy nvda":
            app.post_message(events.Key("space" if character == " " else character, character))
        app.post_message(events.Key("enter", "\r"))
        await pilot.pause(0.2)
        assert desk.watchlist.symbols == ("AAPL", "SPY", "NVDA")
        assert app.screen is main_of(app)

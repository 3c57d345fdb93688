"""Completion in the dialog that adds symbols: what it shows, and that it never adds what nobody chose."""

import asyncio
import re

import pytest
from fake_desk import FakeDesk
from fake_search import listed
from rich.cells import cell_len
from screen_text import app_for, line_with, lines_of, main_of
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from mytrader_tui.app import MarketApp
from mytrader_tui.market.quote import Source
from mytrader_tui.ui.screens.add_symbol import LOOK_SECONDS, AddSymbol
from mytrader_tui.ui.widgets.found_list import FoundList

NEAR = (
    listed("AAPL", "Apple Inc."),
    listed("APP", "AppLovin Corporation"),
    listed("APLE", "Apple Hospitality REIT, Inc.", exchange="NYSE"),
    listed("MSFT", "Microsoft Corporation"),
    listed("SPY", "SPDR S&P 500 ETF Trust", "etf", "ARCA"),
)
FAR = (listed("BTC-USD", "Bitcoin USD", "crypto", "CCC", Source.YAHOO),)
MOMENT = 0.02


def desk_with(*symbols: str) -> FakeDesk:
    desk = FakeDesk(symbols)
    desk.search.near, desk.search.far = NEAR, FAR
    return desk


async def opened(pilot: Pilot[int], desk: FakeDesk, debounce: float = 0.0) -> AddSymbol:
    """The dialog over the main screen, opened as the main screen opens it."""
    dialog = AddSymbol(desk, debounce_seconds=debounce)
    pilot.app.push_screen(dialog)
    await pilot.pause(MOMENT)
    return dialog


def found(app: MarketApp) -> list[str]:
    return [row.listing.symbol for row in app.screen.query_one(FoundList).rows]


def typed(app: MarketApp) -> str:
    return app.screen.query_one(Input).value


def burst(app: MarketApp, text: str) -> None:
    """Keys that come at once, as from a paste: `\\n` is enter, `\\t` tab, `↓` the arrow."""
    names = {"\n": "enter", "\t": "tab", "↓": "down", " ": "space"}
    for character in text:
        key = names.get(character, character)
        app.post_message(events.Key(key, character if character.isprintable() and character != "↓" else None))


async def test_each_key_narrows_what_is_shown_with_name_exchange_and_kind() -> None:
    desk = desk_with("TSLA")
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, desk)
        await pilot.press(*"ap")
        assert found(app) == ["APP", "APLE", "AAPL"]
        await pilot.press(*"pl")
        assert found(app) == ["APP", "AAPL", "APLE"]
        line = line_with(app, "Apple Inc.")
        assert line.split("│")[1].split() == ["AAPL", "Apple", "Inc.", "NASDAQ", "stock"]


async def test_a_watched_symbol_that_no_directory_has_is_shown_as_watched() -> None:
    desk = desk_with("TSLA")
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, desk)
        await pilot.press(*"tsla")
        await app.workers.wait_for_complete()
        await pilot.pause()

        assert found(app) == ["TSLA"]
        assert "✓ TSLA" in " ".join(line_with(app, "✓ ").split())
        assert "Nothing is found" not in "\n".join(lines_of(app))


async def test_the_columns_stand_under_each_other() -> None:
    desk = desk_with("MSFT")
    desk.search.near = (*NEAR, listed("SMSFT", "マイクロソフト" * 9, "etf", "TOKYO"))
    desk.search.far = ()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, desk)
        await pilot.press("s")
        lines = [line for line in lines_of(app) if re.search(r" (etf|stock) ", line)]
        assert len(lines) == len(found(app))
        assert len({cell_len(re.split(r" (?:etf|stock) ", line)[0]) for line in lines}) == 1
        assert len({cell_len(line[: re.search(r"ARCA|NASDAQ|NYSE|TOKYO", line).start()]) for line in lines}) == 1
        assert "…" in line_with(app, "マイクロ")


async def test_tab_completes_the_first_and_the_next_word_is_completed_after_it() -> None:
    desk = desk_with("TSLA")
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, desk)
        await pilot.press(*"apple", "tab")
        assert typed(app) == "AAPL "
        await pilot.press(*"micro", "tab")
        assert typed(app) == "AAPL MSFT "
        await pilot.press("enter")
        await pilot.pause(MOMENT)
        assert desk.watchlist.symbols == ("TSLA", "AAPL", "MSFT")


async def test_the_word_under_the_cursor_is_the_one_that_is_completed() -> None:
    desk = desk_with("TSLA")
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, desk)
        await pilot.press(*"micro spy", "home", "tab")
        assert typed(app) == "MSFT spy"


async def test_an_arrow_chooses_and_enter_adds_what_is_chosen_with_the_rest_of_the_line() -> None:
    desk = desk_with("TSLA")
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, desk)
        await pilot.press(*"spy apple", "down", "down", "enter")
        await pilot.pause(MOMENT)
        assert desk.watchlist.symbols == ("TSLA", "SPY", "APLE")


async def test_an_arrow_up_and_typing_on_take_the_choice_back() -> None:
    desk = desk_with("TSLA")
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, desk)
        await pilot.press(*"app", "down")
        assert app.screen.query_one(FoundList).chosen == "APP"
        await pilot.press("l")
        assert app.screen.query_one(FoundList).chosen is None
        await pilot.press("enter")
        await pilot.pause(MOMENT)
        assert desk.asked == ["appl"]


async def test_a_click_completes_and_adds_nothing_yet() -> None:
    desk = desk_with("TSLA")
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, desk)
        await pilot.press(*"apple")
        await pilot.click(FoundList, offset=(5, 1))
        assert typed(app) == "APLE "
        assert desk.asked == []
        assert isinstance(app.focused, Input)


async def test_what_is_on_the_list_is_marked_and_cannot_be_chosen() -> None:
    desk = desk_with("AAPL")
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, desk)
        await pilot.press(*"apple")
        assert "✓ AAPL" in line_with(app, "Apple Inc.")
        assert "✓" not in line_with(app, "Apple Hospitality")
        assert line_with(app, "✓ is on the list already.")
        await pilot.press("down")
        assert app.screen.query_one(FoundList).chosen == "APLE"
        await pilot.press("tab")
        assert typed(app) == "APLE "


# Enter adds what was typed, whatever a search brings meanwhile.


async def test_keys_pasted_right_after_a_are_added_as_typed() -> None:
    desk = desk_with("TSLA")
    desk.search.near = (listed("AMDX", "Something else"), listed("AMD", "Advanced Micro Devices"))
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        burst(app, "aamd\n")
        await pilot.pause(0.2)
        assert desk.asked == ["amd"]
        assert desk.watchlist.symbols == ("TSLA", "AMD")
        assert app.screen is main_of(app)


async def test_enter_during_a_search_adds_what_was_typed() -> None:
    desk = desk_with("TSLA")
    desk.search.pause = asyncio.Event()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, desk)
        await pilot.press(*"btc-usd")
        await pilot.pause(MOMENT)
        assert desk.search.asked[-1] == "btc-usd"
        desk.add_pause = asyncio.Event()
        await pilot.press("enter")
        desk.search.pause.set()
        await pilot.pause(MOMENT)
        assert desk.asked == ["btc-usd"]
        assert line_with(app, "Checking btc-usd…")
        desk.add_pause.set()
        await pilot.pause(MOMENT)
        assert desk.watchlist.symbols == ("TSLA", "BTC-USD")


async def test_an_arrow_that_comes_after_enter_changes_nothing_of_what_is_added() -> None:
    desk = desk_with("TSLA")
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, desk)
        burst(app, "app\n↓")
        await pilot.pause(0.1)
        assert desk.asked == ["app"]


async def test_a_choice_made_before_enter_in_the_same_burst_counts() -> None:
    desk = desk_with("TSLA")
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, desk)
        burst(app, "apple↓\n")
        await pilot.pause(0.1)
        assert desk.watchlist.symbols == ("TSLA", "AAPL")


async def test_tab_completes_by_the_word_as_it_is_and_not_by_an_older_list() -> None:
    desk = desk_with("TSLA")
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, desk)
        await pilot.press(*"a")
        burst(app, "ple\t")
        await pilot.pause(0.1)
        assert typed(app) == "AAPL " or typed(app) == "APLE "
        await pilot.press("ctrl+u")
        burst(app, "zq\t")
        await pilot.pause(0.1)
        assert typed(app) == "zq"


async def test_what_arrives_late_moves_no_choice_to_another_symbol() -> None:
    desk = desk_with("TSLA")
    desk.search.pause = asyncio.Event()
    desk.search.far = (listed("APPLX", "Appleseed Fund", "fund"), listed("APPL.L", "A London listing"))
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, desk)
        await pilot.press(*"appl", "down", "down")
        assert app.screen.query_one(FoundList).chosen == "AAPL"
        desk.search.pause.set()
        await pilot.pause(MOMENT)
        assert found(app)[:2] == ["APPL.L", "APPLX"]
        assert app.screen.query_one(FoundList).chosen == "AAPL"
        await pilot.press("enter")
        await pilot.pause(MOMENT)
        assert desk.watchlist.symbols == ("TSLA", "AAPL")


async def test_a_choice_that_the_newer_list_does_not_have_is_none() -> None:
    desk = desk_with("TSLA")
    desk.search.pause = asyncio.Event()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, desk)
        await pilot.press(*"appl", "down")
        desk.search.near = NEAR[:1]
        desk.search.pause.set()
        await pilot.pause(MOMENT)
        assert app.screen.query_one(FoundList).chosen is None


async def test_the_answer_to_an_older_word_is_not_shown_for_a_newer_one() -> None:
    desk = desk_with("TSLA")
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        late = desk.search.pause = asyncio.Event()
        await opened(pilot, desk)
        await pilot.press(*"bitcoin")
        desk.search.pause = None
        app.screen.query_one(Input).value = "spy"
        await pilot.pause(MOMENT)
        late.set()
        await pilot.pause(MOMENT)
        assert "bitcoin" in desk.search.asked
        assert found(app) == ["SPY"]


async def test_nobody_is_asked_at_every_key() -> None:
    desk = desk_with("TSLA")
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, desk, debounce=0.1)
        burst(app, "bitcoin")
        await pilot.pause(0.3)
        assert desk.search.asked == ["bitcoin"]
        assert found(app) == ["BTC-USD"]
        assert desk.search.prepared == 1


@pytest.mark.parametrize("leave", ["escape", "quit"])
async def test_a_search_that_ends_while_the_dialog_goes_does_no_harm(leave: str) -> None:
    desk = desk_with("TSLA")
    desk.search.pause = asyncio.Event()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        dialog = await opened(pilot, desk)
        await pilot.press(*"btc")
        await dialog.query_one("#add-box").remove()
        desk.search.pause.set()
        await pilot.pause(MOMENT)
        if leave == "escape":
            dialog.action_close()
            await pilot.pause(MOMENT)
            assert app.screen is main_of(app)


async def test_enter_twice_asks_once() -> None:
    desk = desk_with("TSLA")
    desk.add_pause = asyncio.Event()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, desk)
        burst(app, "spy\n\n\n")
        await pilot.pause(0.1)
        assert desk.asked == ["spy"]
        desk.add_pause.set()
        await pilot.pause(MOMENT)
        assert desk.watchlist.symbols == ("TSLA", "SPY")


# What it says.


async def test_a_source_that_fails_is_told_while_the_other_helps() -> None:
    desk = desk_with("TSLA")
    desk.search.trouble = "Yahoo cannot be searched: too many requests."
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, desk)
        await pilot.press(*"apple")
        await pilot.pause(MOMENT)
        assert line_with(app, "Yahoo cannot be searched: too many requests.")
        assert found(app) == ["AAPL", "APLE"]


async def test_a_directory_that_comes_after_the_word_is_searched_for_it() -> None:
    desk = desk_with("TSLA")
    desk.search.near, desk.search.note = NEAR[:1], "Alpaca's list of symbols is being loaded."
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, desk)
        await pilot.press(*"apple", "down")
        assert line_with(app, "being loaded")
        desk.search.near, desk.search.note = NEAR, ""
        await pilot.pause(LOOK_SECONDS + 0.1)
        assert found(app) == ["AAPL", "APLE"]
        assert not line_with(app, "being loaded")
        assert app.screen.query_one(FoundList).chosen == "AAPL"


async def test_it_says_that_it_is_searching_and_that_there_is_nothing() -> None:
    desk = desk_with("TSLA")
    desk.search.pause = asyncio.Event()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, desk)
        await pilot.press(*"qqzz")
        assert line_with(app, "Searching…")
        desk.search.pause.set()
        await pilot.pause(MOMENT)
        assert line_with(app, "Nothing is found for qqzz.")


async def test_a_copied_column_of_symbols_is_pasted_as_a_line_of_them() -> None:
    desk = desk_with("TSLA")
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, desk)
        app.screen.query_one(Input).post_message(events.Paste("AAPL\r\nMSFT\n\x1b]52;c;eA==\x07SPY\u202e\n"))
        await pilot.pause(MOMENT)
        assert typed(app) == "AAPL MSFT SPY"


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (120, 36), (200, 60), (40, 8)])
async def test_it_works_in_every_size(size: tuple[int, int]) -> None:
    desk = desk_with("TSLA")
    app = app_for(desk)
    async with app.run_test(size=size) as pilot:
        await opened(pilot, desk)
        await pilot.press(*"nope", "enter")
        await pilot.pause(MOMENT)
        assert line_with(app, "nope")
        assert line_with(app, "NOPE: neither Alpaca")
        await pilot.press("ctrl+u", *"apple")
        await pilot.pause(MOMENT)
        if size[1] >= 16:
            assert "stock" in line_with(app, "Apple Inc.")
        assert all(len(line) <= size[0] for line in lines_of(app))

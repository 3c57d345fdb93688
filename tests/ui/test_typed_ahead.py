"""Keys that come faster than screens open: each goes where it would have gone had it been typed slowly."""

import asyncio
from collections.abc import Callable

import pytest
from fake_desk import FakeDesk
from lively_desk import lively_desk
from screen_text import app_for, main_of
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from mytrader_tui.app import MarketApp
from mytrader_tui.ui import typed_ahead
from mytrader_tui.ui.doors import DOORS

CHARACTERS = {"exclamation_mark": "!", "question_mark": "?", "slash": "/", "apostrophe": "'"}
OPENING = {
    **{door.name: door.key for door in DOORS},
    "add": "a",
    "sort": "s",
    "theme": "t",
    "help": "question_mark",
    "palette": "ctrl+p",
}
"""The key of every screen that the main screen opens, by its action's name."""

LOOKS = 600
"""How often a test looks whether something has come about, a twentieth of a second apart."""


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine a screen may take seconds to open: no key is taken for lost."""
    monkeypatch.setattr(typed_ahead, "PATIENCE_SECONDS", 120.0)


def burst(app: MarketApp, *keys: str) -> None:
    """Keys that are in the terminal's buffer all at once."""
    for key in keys:
        app.post_message(events.Key(key, key if len(key) == 1 else CHARACTERS.get(key)))


async def until(happened: Callable[[], bool]) -> None:
    """Wait for it without asking the widgets, one of which may be stuck."""
    for _ in range(LOOKS):
        if happened():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it did not come about")


async def calm(app: MarketApp, pilot: Pilot[int]) -> None:
    """Wait until every key is done."""
    await pilot.pause()
    await until(lambda: not app.typed_ahead.busy)
    await pilot.pause()


def seen(app: MarketApp) -> tuple[str, ...]:
    """The screens that are open, and what is typed into the topmost."""
    return (*(type(screen).__name__ for screen in app.screen_stack), *(each.value for each in app.screen.query(Input)))


async def done(*keys: str, fast: bool) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """What is open, the lists and the rows after `keys`, typed at once or one by one."""
    desk = lively_desk()
    app = app_for(desk)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        if fast:
            burst(app, *keys)
            await calm(app, pilot)
        else:
            for key in keys:
                await pilot.press(key)
                await calm(app, pilot)
        return seen(app), desk.lists.names, desk.watchlist.symbols


@pytest.mark.parametrize("name", sorted(OPENING))
async def test_a_key_right_after_the_one_that_opens_a_screen_goes_to_that_screen(name: str) -> None:
    """The d would remove a row of the main screen, and the u bring one back."""
    keys = (OPENING[name], "d", "u", "d")
    assert await done(*keys, fast=True) == await done(*keys, fast=False)


async def test_a_list_is_made_as_fast_as_its_name_is_typed() -> None:
    shown, lists, symbols = await done("L", "a", *"added", "enter", fast=True)
    assert shown[:2] == ("MainScreen", "ListsScreen")
    assert lists == ("Watchlist", "added")
    assert symbols == ()


async def test_a_key_right_after_a_name_does_not_end_up_in_it() -> None:
    _, lists, _ = await done("L", "a", *"one", "enter", "d", "d", fast=True)
    assert lists == ("Watchlist",)


async def test_a_key_right_after_the_one_that_closes_a_screen_goes_to_the_one_beneath() -> None:
    began = asyncio.get_running_loop().time()
    shown, _, symbols = await done("L", "q", "s", "escape", "d", fast=True)
    assert shown == ("MainScreen", "", "")
    assert "SPY" not in symbols
    assert asyncio.get_running_loop().time() - began < LOOKS * 0.05


async def test_the_letters_behind_a_slash_filter_and_do_nothing_else() -> None:
    shown, _, symbols = await done("slash", *"add", fast=True)
    assert shown == ("MainScreen", "add", "")
    assert symbols == lively_desk().watchlist.symbols


async def test_a_paste_right_after_the_key_of_a_dialog_goes_into_it() -> None:
    app = app_for(FakeDesk(("SPY",)))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        burst(app, "a")
        app.post_message(events.Paste("amd\nintc\n"))
        burst(app, "x")
        await calm(app, pilot)
        assert seen(app) == ("MainScreen", "AddSymbol", "amd intcx")


async def test_a_key_that_is_lost_on_its_way_holds_up_the_next_for_no_longer_than_its_patience(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(typed_ahead, "PATIENCE_SECONDS", 0.3)
    app = app_for(FakeDesk(("SPY",)))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        table = main_of(app).query_one("#watchlist")
        stuck = asyncio.Event()
        table.call_later(stuck.wait)
        burst(app, "f", "t")
        await until(lambda: len(app.screen_stack) > 1)
        stuck.set()
        await calm(app, pilot)
        assert seen(app)[:2] == ("MainScreen", "LooksScreen")


async def test_the_way_out_waits_for_no_key_before_it() -> None:
    app = app_for(FakeDesk(("SPY",)))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        stuck = asyncio.Event()
        main_of(app).query_one("#watchlist").call_later(stuck.wait)
        burst(app, "f", "ctrl+q")
        await until(lambda: app.return_code == 0)
        assert app.typed_ahead.busy
        stuck.set()


async def test_keys_that_come_after_the_way_out_are_for_nobody() -> None:
    app = app_for(FakeDesk(("SPY",)))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        burst(app, "q", *"adLq", "ctrl+q", "escape", "q")
        app.post_message(events.Paste("q"))
        await until(lambda: app.return_code is not None)
    assert app.return_code == 0

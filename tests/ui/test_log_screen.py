"""The log on the screen, and the mark of its warnings."""

import logging

import pytest
from fake_desk import FakeDesk
from screen_text import app_for, box_of, line_with, lines_of, main_of
from syrupy.assertion import SnapshotAssertion
from textual.pilot import Pilot

from mytrader_tui.telemetry.log_memory import KEPT
from mytrader_tui.ui.screens.log import LogScreen
from mytrader_tui.ui.widgets.log_table import LogTable


def say(desk: FakeDesk, level: int, text: str, *, ago: float = 0.0, part: str = "mytrader_tui.monitor.intake") -> None:
    """Log `text` on the desk's clock, `ago` seconds before now."""
    now = desk.moment
    desk.moment = now.later(-ago)
    desk.log.handle(logging.LogRecord(part, level, "", 0, text, None, None))
    desk.moment = now


def a_desk() -> FakeDesk:
    desk = FakeDesk()
    say(desk, logging.INFO, "alpaca link up: connected", ago=400.0)
    say(desk, logging.WARNING, "yahoo poll failed: the server does not answer", ago=95.0)
    say(desk, logging.ERROR, "quotes stopped with an error and starts again in 1 s: ValueError: bad", ago=7.0)
    say(desk, logging.INFO, "the account's socket is up", ago=2.0, part="mytrader_tui.monitor.account")
    return desk


async def opened(pilot: Pilot[int]) -> None:
    await pilot.press("l")
    await pilot.pause(0.1)


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (60, 16)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_log_at_each_size(size: tuple[int, int], snapshot: SnapshotAssertion) -> None:
    app = app_for(a_desk())
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        assert box_of(app, "log-box") == snapshot


async def test_the_newest_is_on_top_with_age_level_and_who_spoke() -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot)
        lines = lines_of(app)
        places = [
            next(i for i, line in enumerate(lines) if text in line) for text in ("socket is up", "stopped", "poll")
        ]
        assert places == sorted(places)
        assert "7s" in line_with(app, "quotes stopped")
        assert "error" in line_with(app, "quotes stopped")
        assert "warning" in line_with(app, "poll failed")
        assert "intake" in line_with(app, "poll failed")


async def test_the_record_under_the_cursor_is_told_in_full() -> None:
    desk = a_desk()
    say(desk, logging.WARNING, "a long story " * 12 + "with an end", ago=1.0)
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert line_with(app, "2026-11-20 15:29:59 UTC · warning · mytrader_tui.monitor.intake")
        assert line_with(app, "with an end")
        await pilot.press("down")
        await pilot.pause(0.05)
        assert line_with(app, "15:29:58 UTC · info · mytrader_tui.monitor.account")


@pytest.mark.parametrize(("key", "shown"), [("1", 4), ("2", 2), ("3", 1)])
async def test_a_key_for_each_level_filters(key: str, shown: int) -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot)
        assert line_with(app, "[1 all 4] · 2 warnings 2 · 3 errors 1")
        await pilot.press(key)
        await pilot.pause(0.05)
        assert len(app.screen.query_one("#log", LogTable).keys) == shown
        assert f"[{key} " in line_with(app, "1 all 4") + line_with(app, "[1 all 4]")


async def test_an_empty_log_and_an_empty_level_say_so() -> None:
    desk = FakeDesk()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert line_with(app, "Nothing has been logged yet.")
        say(desk, logging.INFO, "news")
        await pilot.press("3")
        await pilot.pause(0.05)
        assert line_with(app, "Nothing of that level.")


async def test_it_goes_on_while_it_is_open_and_a_chosen_record_stays_under_the_cursor() -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        say(desk, logging.INFO, "first news")
        await pilot.pause(0.4)
        assert "▌" in line_with(app, "first news")

        await pilot.press("down")
        say(desk, logging.INFO, "second news")
        await pilot.pause(0.4)
        assert line_with(app, "second news")
        assert "▌" not in line_with(app, "second news")


@pytest.mark.parametrize("key", ["escape", "l", "q"])
async def test_keys_that_close_it(key: str) -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert isinstance(app.screen, LogScreen)
        await pilot.press(key)
        assert app.screen is main_of(app)


async def test_unseen_warnings_are_marked_with_their_number_and_key_until_they_are_seen() -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.1)
        assert line_with(app, "2 warnings · l")
        await opened(pilot)
        await pilot.press("escape")
        desk.advance(1.0)
        await pilot.pause(0.4)
        assert not line_with(app, "warnings · l")

        say(desk, logging.WARNING, "again")
        desk.advance(1.0)
        await pilot.pause(0.4)
        assert line_with(app, "1 warning · l")


async def test_news_alone_is_no_mark() -> None:
    desk = FakeDesk()
    say(desk, logging.INFO, "all is well")
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.1)
        assert not line_with(app, "warning")


HOSTILE = "[red]x[/] [@click=app.quit]q[/] \x1b[31mred\x1b]52;c;aGk=\x07 \u202eevil\u202c [/x]"


async def test_what_is_logged_is_text_and_never_markup() -> None:
    desk = FakeDesk()
    say(desk, logging.WARNING, HOSTILE, part="evil.[bold]part[/]\x1b[2J")
    app = app_for(desk)
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot)
        shown = [line for line in lines_of(app) if "[red]x[/] [@click=app.quit]q[/] red evil [/x]" in line]
        assert len(shown) == 2
        assert line_with(app, "evil.[bold]part[/]")
        text = "".join(lines_of(app))
        assert "\x1b" not in text
        assert "\u202e" not in text


async def test_a_full_log_is_scrolled_and_left() -> None:
    desk = FakeDesk()
    for number in range(KEPT + 100):
        say(desk, logging.INFO, f"record {number}")
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert line_with(app, f"record {KEPT + 99}")
        await pilot.press("G")
        await pilot.pause(0.1)
        assert line_with(app, "record 100")


@pytest.mark.parametrize("size", [(40, 8), (20, 5), (200, 60)])
async def test_no_size_breaks_it(size: tuple[int, int]) -> None:
    app = app_for(a_desk())
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        await pilot.press("down", "2")
        assert app.is_running

"""The app's life: start, worker, themes, quitting, crashing."""

import asyncio
import time

import pytest
from fake_desk import FakeDesk
from screen_text import app_for, line_with, lines_of, main_of, painted
from textual.theme import BUILTIN_THEMES

from mytrader_tui.app import MarketApp, told
from mytrader_tui.settings.schema import Ui
from mytrader_tui.ui.themes import DEFAULT_THEME, OURS, choose


class Recorder:
    """Notes when it was started and stopped."""

    def __init__(self) -> None:
        self.lines_at_start: list[str] = []
        self.app: MarketApp | None = None
        self.started = asyncio.Event()
        self.stopped = False

    async def run(self) -> None:
        if self.app is not None:
            self.lines_at_start = lines_of(self.app)
        self.started.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.stopped = True


class Stubborn:
    """Will not be cancelled until it is let go."""

    def __init__(self) -> None:
        self.let_go = asyncio.Event()
        self.cancelled = 0

    async def run(self) -> None:
        while not self.let_go.is_set():
            try:
                await self.let_go.wait()
            except asyncio.CancelledError:
                self.cancelled += 1


class Crashing:
    async def run(self) -> None:
        raise RuntimeError("the \x1b[31mmarket\x1b[0m broke")


async def test_the_worker_starts_after_the_first_paint_and_stops_with_the_app() -> None:
    worker = Recorder()
    app = worker.app = app_for(FakeDesk(), worker=worker)
    async with app.run_test(size=(80, 24)):
        await asyncio.wait_for(worker.started.wait(), 2)
        assert any("AAPL" in line for line in worker.lines_at_start)
    assert worker.stopped


@pytest.mark.parametrize("key", ["q", "ctrl+q", "ctrl+c"])
async def test_quitting_ends_with_0(key: str) -> None:
    app = app_for(FakeDesk())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(key)
    assert app.return_code == 0


async def test_ctrl_q_leaves_from_inside_a_dialog_too() -> None:
    app = app_for(FakeDesk())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("a", *"spy", "ctrl+c")
    assert app.return_code == 0


async def test_a_worker_that_will_not_stop_does_not_hold_the_user() -> None:
    worker = Stubborn()
    app = app_for(FakeDesk(), worker=worker)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.05)
        started = time.monotonic()
        await app.action_quit()
    assert time.monotonic() - started < 1.0
    assert worker.cancelled
    worker.let_go.set()
    await asyncio.sleep(0)


async def test_a_crash_of_the_worker_is_told_and_stays_in_sight() -> None:
    desk = FakeDesk()
    app = app_for(desk, worker=Crashing())
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await pilot.pause(0.1)
        await painted(pilot, desk)
        assert line_with(app, "The market stopped on an error")
        assert line_with(app, "RuntimeError: the market broke")
        assert main_of(app).is_current


def test_an_error_is_told_by_type_and_cleaned_text() -> None:
    assert told(ValueError("bad\x1b[2J\nthing")) == "ValueError: bad thing"
    assert told(KeyError()) == "KeyError."


async def test_an_unknown_theme_is_told_once_and_replaced() -> None:
    app = app_for(FakeDesk(), settings=Ui(theme="blue"))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.pause(0.1)
        assert app.theme == DEFAULT_THEME
        assert line_with(app, "There is no theme “blue”")


@pytest.mark.parametrize("theme", [*(ours.name for ours in OURS), "textual-light", "nord", "dracula", "ansi-dark"])
async def test_every_theme_shows_the_screen(theme: str) -> None:
    app = app_for(FakeDesk(), settings=Ui(theme=theme))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.05)
        assert app.theme == theme
        assert line_with(app, "AAPL")


def test_a_terminal_theme_is_not_combined_with_no_color() -> None:
    assert choose("ansi-dark", BUILTIN_THEMES, no_color=False) == ("ansi-dark", "")
    name, complaint = choose("ansi-dark", BUILTIN_THEMES, no_color=True)
    assert name == DEFAULT_THEME
    assert "NO_COLOR" in complaint


async def test_no_color_leaves_the_meaning_in_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    desk = FakeDesk()
    desk.quote("AAPL", 190.0)
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        assert app.no_color
        row = line_with(app, "AAPL")
        assert "▌" in row
        assert "▲ +0.53%" in row
        assert "● LIVE" in row

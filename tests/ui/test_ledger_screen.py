"""The failover ledger on the screen."""

from datetime import timedelta

import pytest
from fake_desk import START, FakeDesk
from screen_text import app_for, line_with, lines_of, main_of
from syrupy.assertion import SnapshotAssertion

from mytrader_tui.market.failover.breaker import BreakerState
from mytrader_tui.market.failover.evidence import Phase
from mytrader_tui.market.failover.routing import State
from mytrader_tui.telemetry.ledger import LedgerEntry
from mytrader_tui.ui.screens.ledger import LedgerScreen

ALPACA, YAHOO, NOBODY = State.PRIMARY_ACTIVE, State.FALLBACK_ACTIVE, State.BOTH_UNAVAILABLE


def an_entry(minute: float, before: State, after: State, cause: str, **more: object) -> LedgerEntry:
    fields = {
        "at": START.wall + timedelta(minutes=minute),
        "held_seconds": 67.0,
        "rows_moved": 9,
        "phase": Phase.OPEN,
        "failover_seconds": 60.0,
        "recovery_seconds": 120.0,
        "hold_seconds": 120.0,
        "history_seconds": 1800.0,
        "exits": 1,
        "breaker": BreakerState.CLOSED,
    }
    return LedgerEntry(before=before, after=after, cause=cause, **{**fields, **more})


STORY = (
    an_entry(0, NOBODY, ALPACA, "Alpaca is streaming", held_seconds=1.4, exits=0, hold_seconds=0.0),
    an_entry(9, ALPACA, YAHOO, "Alpaca down for 60 s: the connection was lost", held_seconds=540.0, down_seconds=60.0),
    an_entry(12, YAHOO, NOBODY, "Yahoo failed and Alpaca is not back", rows_moved=0, down_seconds=240, poll_failures=3),
    an_entry(80.5, NOBODY, ALPACA, "Alpaca is streaming", held_seconds=4110.0),
    an_entry(
        84,
        ALPACA,
        YAHOO,
        "no trade or quote from any symbol for 60 s while the market is open",
        silent_seconds=60.0,
        exits=4,
        hold_seconds=960.0,
        breaker=BreakerState.OPEN,
        cooldown_left_seconds=900.0,
        barred_seconds=900.0,
    ),
)


def a_desk(*entries: LedgerEntry) -> FakeDesk:
    desk = FakeDesk()
    desk.ledger = entries
    return desk


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_ledger_at_each_size(size: tuple[int, int], snapshot: SnapshotAssertion) -> None:
    app = app_for(a_desk(*STORY))
    async with app.run_test(size=size) as pilot:
        await pilot.press("f3")
        await pilot.pause(0.05)
        assert "\n".join(lines_of(app)) == snapshot


async def test_the_newest_is_on_top_and_under_the_cursor() -> None:
    app = app_for(a_desk(*STORY))
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("f3")
        await pilot.pause(0.05)
        times = [line for line in lines_of(app) if "→" in line and "Fri" in line]
        shown = [line.split("Fri ")[1][:8] for line in times]
        assert shown == ["16:54:00", "16:50:30", "15:42:00", "15:39:00", "15:30:00"]
        assert "▌" in times[0]
        assert "open, 15:00 left" in line_with(app, "breaker")


async def test_the_cursor_shows_the_timers_of_its_instant() -> None:
    app = app_for(a_desk(*STORY))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f3", "down", "down")
        await pilot.pause(0.05)
        assert line_with(app, "2026-11-20 15:42:00 UTC · Yahoo failed and Alpaca is not back")
        assert "4:00" in line_with(app, "Alpaca down  ")
        assert "3" in line_with(app, "Yahoo polls failed")


async def test_an_empty_ledger_says_so() -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f3")
        await pilot.pause(0.05)
        assert line_with(app, "No change of source yet.")
        assert not line_with(app, "failover after")


@pytest.mark.parametrize("key", ["escape", "f3", "q"])
async def test_keys_that_close_it(key: str) -> None:
    app = app_for(a_desk(*STORY))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f3")
        assert isinstance(app.screen, LedgerScreen)
        await pilot.press(key)
        assert app.screen is main_of(app)


async def test_it_goes_on_while_it_is_open_and_the_cursor_stays_on_its_entry() -> None:
    desk = a_desk(*STORY[:2])
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f3")
        desk.ledger = STORY[:3]
        await pilot.pause(0.4)
        assert line_with(app, "Yahoo → no source")
        assert "▌" in line_with(app, "Alpaca → Yahoo")
        assert line_with(app, "15:39:00 UTC · Alpaca down for 60 s")


async def test_a_cause_is_text_and_never_markup() -> None:
    app = app_for(a_desk(an_entry(0, ALPACA, YAHOO, "[bold red]boom[/] [/x] [@click=app.quit]x")))
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("f3")
        await pilot.pause(0.05)
        assert line_with(app, "UTC · [bold red]boom[/] [/x] [@click=app.quit]x")


@pytest.mark.parametrize("size", [(40, 8), (20, 5), (200, 60)])
async def test_no_size_breaks_it(size: tuple[int, int]) -> None:
    app = app_for(a_desk(*STORY))
    async with app.run_test(size=size) as pilot:
        await pilot.press("f3", "down")
        await pilot.pause(0.05)
        assert app.is_running

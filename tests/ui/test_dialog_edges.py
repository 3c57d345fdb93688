"""The lower edge of every box: the keys that do something here and now, and nothing else."""

import pytest
from alert_desk import a_desk, with_alerts
from fake_desk import FakeDesk
from lively_desk import lively_desk
from screen_text import app_for, lines_of, settled
from textual.pilot import Pilot

from mytrader_tui.ui.doors import DOORS
from mytrader_tui.ui.widgets.dialog import Dialog

SMALLEST = (60, 16)
OPENING = [*(door.key for door in DOORS), "a", "s", "t", "question_mark"]


async def edge(pilot: Pilot[int], *keys: str) -> str:
    """What the topmost box tells of its keys, after `keys`."""
    await pilot.press(*keys)
    await settled(pilot)
    box = pilot.app.screen.query_one(Dialog).region
    return lines_of(pilot.app)[box.bottom - 1][box.x : box.right].strip("╰─╯ ")


@pytest.mark.parametrize("key", OPENING)
async def test_every_box_has_its_four_edges_on_the_smallest_screen(key: str) -> None:
    app = app_for(lively_desk())
    async with app.run_test(size=SMALLEST) as pilot:
        assert "esc closes" in await edge(pilot, key)
        box = app.screen.query_one(Dialog).region
        assert app.screen.region.contains_region(box)
        lines = lines_of(app)
        assert (lines[box.y][box.x], lines[box.bottom - 1][box.x]) == ("╭", "╰")
        assert (lines[box.y][box.right - 1], lines[box.bottom - 1][box.right - 1]) == ("╮", "╯")


async def test_the_palette_has_its_four_edges_on_the_smallest_screen_too() -> None:
    app = app_for(lively_desk())
    async with app.run_test(size=SMALLEST) as pilot:
        await pilot.press("ctrl+p")
        lines = await settled(pilot)
        top, bottom = (next(line for line in lines if corner in line) for corner in "╭╰")
        assert (top.index("╭"), top.rindex("╮")) == (bottom.index("╰"), bottom.rindex("╯"))


async def test_the_help_does_not_offer_itself() -> None:
    app = app_for(lively_desk())
    async with app.run_test(size=(100, 30)) as pilot:
        assert await edge(pilot, "question_mark") == "esc closes"


async def test_without_an_alert_there_is_nothing_to_be_done_with_one() -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(100, 30)) as pilot:
        assert await edge(pilot, "A") == "? Help · esc closes"


async def test_undo_is_offered_from_a_deletion_on_until_it_is_undone() -> None:
    app = app_for(with_alerts(a_desk()))
    async with app.run_test(size=(100, 30)) as pilot:
        assert "Undo" not in await edge(pilot, "A")
        assert "u Undo" in await edge(pilot, "d")
        assert "Undo" not in await edge(pilot, "u")


async def test_arming_again_is_offered_for_an_alert_that_fired() -> None:
    desk = with_alerts(a_desk())
    app = app_for(desk)
    async with app.run_test(size=(100, 30)) as pilot:
        told = [await edge(pilot, "A"), *[await edge(pilot, "down") for _ in desk.alerts.alerts[1:]]]
        fired = [view.alert.firing is not None for view in reversed(desk.alerts.alerts)]
        assert ["Arm again" in each for each in told] == fired
        assert any(fired)
        assert not all(fired)


async def test_the_only_list_is_not_offered_to_be_deleted() -> None:
    desk = lively_desk()
    app = app_for(desk)
    async with app.run_test(size=(100, 30)) as pilot:
        assert "Delete" not in await edge(pilot, "L")
        desk.lists.create("Second")
        await pilot.press("escape")
        assert "d Delete" in await edge(pilot, "L")


@pytest.mark.parametrize(("key", "words"), [("i", "Next row"), ("enter", "symbol")])
async def test_other_rows_are_offered_where_there_are_any(key: str, words: str) -> None:
    for symbols, offered in ((("SPY",), False), (("SPY", "QQQ"), True)):
        app = app_for(FakeDesk(symbols))
        async with app.run_test(size=(100, 30)) as pilot:
            assert (words in await edge(pilot, key)) is offered


async def test_a_chart_that_is_not_there_is_not_offered_to_be_zoomed() -> None:
    desk = FakeDesk(("SPY",))
    app = app_for(desk)
    async with app.run_test(size=(120, 36)) as pilot:
        told = await edge(pilot, "enter")
        assert "1-7 timeframe" in told
        for words in ("zoom", "crosshair", "move", "line"):
            assert words not in told


async def test_colours_are_not_offered_where_none_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = app_for(lively_desk())
    async with app.run_test(size=(100, 30)) as pilot:
        assert await edge(pilot, "t") == "enter Keep · ? Help · esc closes"

"""The strip under the prompt: how high it is, and what it says at the widths that it has to live with."""

from datetime import UTC

import pytest
from fake_desk import FakeDesk, IdleWorker
from lively_desk import lively_desk
from screen_text import settled

from mytrader_tui.inline import InlineApp
from mytrader_tui.settings.schema import Ui
from mytrader_tui.ui.screens.strip import strip_rows


def strip_on(desk: FakeDesk, **options: object) -> InlineApp:
    return InlineApp(desk, worker=IdleWorker(), settings=Ui(), zone=UTC, **options)


@pytest.mark.parametrize(
    ("symbols", "height", "rows"),
    [(3, 24, 3), (13, 24, 6), (13, 60, 12), (40, 200, 12), (13, 16, 3), (5, 6, 1), (0, 24, 1)],
)
def test_it_is_as_high_as_its_rows_up_to_12_or_a_third_of_the_terminal(symbols, height, rows):
    assert strip_rows(symbols, height) == rows


async def test_60_columns_have_room_for_all_that_a_price_needs_to_be_believed():
    async with strip_on(lively_desk()).run_test(size=(60, 24)) as pilot:
        lines = await settled(pilot)

    assert lines[0].rstrip("┃│ ").split() == ["Symbol", "Last", "Change", "Chg", "%", "Badge", "Age"]
    apple = next(line for line in lines if "AAPL" in line)
    assert "228.41" in apple
    assert "● LIVE" in apple
    assert all(len(line) <= 60 for line in lines)
    assert "quits" in lines[7]


async def test_a_row_that_is_not_live_says_so_and_one_without_data_has_no_price():
    async with strip_on(lively_desk()).run_test(size=(80, 60)) as pilot:
        lines = await settled(pilot)

    assert "◷ DELAYED" in next(line for line in lines if "^GSPC" in line)
    assert "— NO DATA" in next(line for line in lines if "NEWCO" in line)


async def test_a_badge_decays_by_the_clock_alone():
    desk = lively_desk()
    async with strip_on(desk).run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        desk.advance(60.0)
        lines = await settled(pilot)

    assert not any("LIVE" in line for line in lines)


async def test_rows_beyond_the_strip_are_counted_and_reached_by_key():
    async with strip_on(lively_desk()).run_test(size=(80, 24)) as pilot:
        before = await settled(pilot)
        await pilot.press("G")
        after = await settled(pilot)

    assert not any("NEWCO" in line for line in before)
    assert any("NEWCO" in line for line in after)
    assert "6 of 12 rows" in before[7] or "+6" in before[7]


async def test_no_key_but_its_own_does_anything():
    async with strip_on(lively_desk()).run_test(size=(80, 24)) as pilot:
        before = await settled(pilot)
        for key in ("a", "d", "question_mark", "t", "ctrl+p", "enter", "l"):
            await pilot.press(key)

        assert len(pilot.app.screen_stack) == 1
        assert await settled(pilot) == before


@pytest.mark.parametrize("key", ["q", "ctrl+c", "ctrl+q"])
async def test_it_is_left_by_key(key):
    app = strip_on(lively_desk())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(key)
        await pilot.pause()

    assert app.return_code == 0


async def test_a_fault_of_our_own_stands_in_its_line():
    async with strip_on(lively_desk()).run_test(size=(80, 24)) as pilot:
        pilot.app.front.alarm("The market stopped by itself.")
        pilot.app.front._said = None
        lines = await settled(pilot)

    assert "The market stopped by itself." in lines[7]


async def test_a_theme_of_this_run_goes_before_the_one_that_was_chosen_and_is_not_kept():
    desk = lively_desk()
    async with strip_on(desk, theme="mytrader-light").run_test(size=(80, 24)) as pilot:
        await settled(pilot)

        assert pilot.app.theme == "mytrader-light"
    assert desk.view.theme == ""

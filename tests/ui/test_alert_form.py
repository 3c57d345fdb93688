"""The dialog that sets a price alert."""

import pytest
from alert_desk import ABOVE, BELOW, PERCENT, SIZES, VOLUME, a_desk, box, conditions, opened
from fake_desk import FakeDesk
from screen_text import app_for, line_with, lines_of, main_of, until
from syrupy.assertion import SnapshotAssertion
from textual import events
from textual.widgets import Input

from mytrader_tui.market.alerts.alert import AlertCondition
from mytrader_tui.ui.screens.alert_form import AlertForm


@SIZES
async def test_the_dialog_at_each_size(size: tuple[int, int], snapshot: SnapshotAssertion) -> None:
    app = app_for(a_desk())
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        assert await box(pilot, "#alert-box") == snapshot


async def test_it_says_the_symbol_its_price_its_badge_and_offers_the_price_as_the_level() -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert line_with(app, "New alert · AAPL")
        assert line_with(app, "228.41  ▲ +1.47%  ● LIVE  iex")
        assert app.screen.query_one(Input).value == "228.41"


async def test_a_delayed_price_says_so_and_whose_it_is() -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down")
        await opened(pilot)
        assert line_with(app, "◷ DELAYED 15m  yahoo  15m old")


async def test_typing_replaces_the_offered_level_and_enter_sets_the_alert() -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, "2", "3", "0")
        assert line_with(app, "Fires once: at or above 230.00")
        await pilot.press("enter")
        await pilot.pause(0.1)
        assert app.screen is main_of(app)
        assert conditions(desk) == [AlertCondition(ABOVE, 230.0)]
        assert lines_of(app)[-1].endswith("Alert set: AAPL at or above 230.00.")


async def test_the_proposed_price_is_called_what_it_is_and_not_waited_for() -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert line_with(app, "The price as it was a moment ago")


async def test_a_level_that_is_met_already_is_said_so_before_enter() -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "2", "0", "0")
        assert line_with(app, "AAPL is at 228.41 already")


@pytest.mark.parametrize(
    ("keys", "condition"),
    [
        (("down", "2", "0", "0"), AlertCondition(BELOW, 200.0)),
        (("tab", "tab", "2", ".", "5"), AlertCondition(PERCENT, 2.5)),
        (("up", "9", "M"), AlertCondition(VOLUME, 9_000_000.0)),
        (("shift+tab", "9", "M"), AlertCondition(VOLUME, 9_000_000.0)),
        (("x", "2", "3", "0"), AlertCondition(ABOVE, 230.0, extended=True)),
        (("x", "x", "2", "3", "0"), AlertCondition(ABOVE, 230.0)),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, tuple) else None,
)
async def test_keys_choose_the_kind_and_the_hours(keys: tuple[str, ...], condition: AlertCondition) -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, *keys, "enter")
        assert conditions(desk) == [condition]


async def test_a_click_chooses_a_kind_and_the_hours() -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        for text in ("moves by %", "[ ] x"):
            place = next((line.index(text) + 1, y) for y, line in enumerate(lines_of(app)) if text in line)
            await pilot.click(offset=place)
            await pilot.pause(0.05)
        assert line_with(app, "[moves by %]")
        assert line_with(app, "[x] x: prices of the extended hours count too")


async def test_what_is_typed_right_after_the_key_goes_to_the_dialog() -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        for key, character in (("exclamation_mark", "!"), ("2", "2"), ("3", "3"), ("0", "0"), ("enter", "\r")):
            app.post_message(events.Key(key, character))
        await until(pilot, lambda: conditions(desk), "the alert is set")
        assert conditions(desk) == [AlertCondition(ABOVE, 230.0)]


async def test_a_level_that_was_typed_stays_when_the_kind_changes() -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "9", "down")
        assert app.screen.query_one(Input).value == "9"


async def test_each_kind_says_its_unit_and_where_it_stands() -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert line_with(app, "USD · now 228.41")
        await pilot.press("down", "down")
        assert line_with(app, "% of the close 225.10, up or down · now +1.47%")
        await pilot.press("down")
        assert line_with(app, "shares today · now 1,234,567, on iex alone")


async def test_what_is_not_known_is_said_before_it_is_set() -> None:
    desk = FakeDesk(("^GSPC",))
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert line_with(app, "— NO DATA")
        assert line_with(app, "in the currency of its price · now not known yet")
        await pilot.press("down", "down")
        assert line_with(app, "held until the previous close is known")
        await pilot.press("5", "enter")
        assert conditions(desk) == [AlertCondition(PERCENT, 5.0)]


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        (("1", "9", "0"), "AAPL is at 228.41 already"),
        (("down", "2", "3", "0"), "AAPL is at 228.41 already"),
        (("down", "down", "1"), "AAPL has moved +1.47% already"),
        (("up", "1", "k"), "The volume is 1,234,567 already"),
    ],
)
async def test_one_that_would_fire_at_once_is_asked_about(keys: tuple[str, ...], says: str) -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, *keys, "enter")
        assert line_with(app, says)
        assert conditions(desk) == []
        await pilot.press("enter")
        assert len(conditions(desk)) == 1


async def test_a_yes_is_no_yes_to_another_level() -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "1", "9", "0", "enter", "backspace", "enter")
        assert conditions(desk) == []
        assert line_with(app, "would fire at once")


@pytest.mark.parametrize("text", ["nan", "inf", "1e400", "1,5", "-5", "[red]5[/]", "", "٣", "9" * 40, "0"])
async def test_what_is_no_level_is_refused_in_place(text: str) -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        app.screen.query_one(Input).value = text
        await pilot.press("enter")
        await pilot.pause(0.05)
        assert isinstance(app.screen, AlertForm)
        assert conditions(desk) == []
        assert any(says in "\n".join(lines_of(app)) for says in ("number", "above 0", "comma"))


async def test_what_the_desk_refuses_is_told_and_taken_back_when_the_level_is_mended() -> None:
    desk = a_desk()
    desk.alerts.refusal = "There is this very alert already."
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "2", "3", "0", "enter")
        assert line_with(app, "There is this very alert already.")
        await pilot.press("5")
        assert not line_with(app, "There is this very alert already.")


async def test_escape_sets_nothing() -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "2", "3", "0", "escape")
        assert (app.screen, conditions(desk)) == (main_of(app), [])


async def test_without_a_row_there_is_no_dialog() -> None:
    app = app_for(FakeDesk(()))
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert app.screen is main_of(app)


async def test_the_price_goes_on_while_the_dialog_is_open() -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        desk.trade("AAPL", 229.0)
        await pilot.pause(0.6)
        assert line_with(app, "229.00  ▲ +1.73%")

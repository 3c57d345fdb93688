"""The list of alerts, and what is told of one that fires."""

import pytest
from alert_desk import ABOVE, BELOW, SIZES, VOLUME, a_desk, box, conditions, listed, opened, with_alerts
from fake_alerts import FakeAlerts
from fake_desk import FakeDesk
from screen_text import app_for, line_with, lines_of, main_of, painted
from syrupy.assertion import SnapshotAssertion
from textual.widgets import Input

from mytrader_tui.market.alerts.alert import AlertCondition, Stand, Verdict
from mytrader_tui.ui.alert_news import unseen_text
from mytrader_tui.ui.screens.alert_form import AlertForm
from mytrader_tui.ui.screens.alerts import AlertsScreen


@SIZES
async def test_the_list_at_each_size(size: tuple[int, int], snapshot: SnapshotAssertion) -> None:
    app = app_for(with_alerts(a_desk()))
    async with app.run_test(size=size) as pilot:
        await pilot.press("A")
        await pilot.pause(0.05)
        await pilot.press("down", "down", "down", "down")
        assert await box(pilot, "#alerts-box") == snapshot


async def test_it_says_of_each_what_it_waits_for_and_how_it_stands_the_newest_on_top() -> None:
    app = app_for(with_alerts(a_desk()))
    async with app.run_test(size=(120, 36)) as pilot:
        table = await listed(pilot)
        assert "".join(table.keys) == "654321"
        for said in (
            "held: price 9 min old",
            "waiting: 16.8% away",
            "waiting: now +1.47%",
            "fired 15:29:59 at 1,950.00: the print was taken back",
            "fired 15:29:59 at 418.20, delayed 15 min, yahoo",
            "fired 15:29:59 at 191.20, LIVE iex",
        ):
            assert line_with(app, said)


async def test_without_alerts_it_says_how_to_set_one() -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(80, 24)) as pilot:
        await listed(pilot, "enter", "r", "d", "u")
        assert line_with(app, "No alerts. ! on a row of the watchlist sets one.")
        assert line_with(app, "Nothing was deleted.")


async def test_looking_at_the_list_is_seeing_what_fired_which_stays_marked_until_it_is_closed() -> None:
    desk = with_alerts(a_desk())
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await listed(pilot)
        assert desk.alerts.unseen == ()
        assert line_with(app, "●MSFT")
        await pilot.press("escape")
        await listed(pilot)
        assert not line_with(app, "●MSFT")


@pytest.mark.parametrize("key", ["enter", "e"])
async def test_an_alert_is_edited_with_what_it_was(key: str) -> None:
    desk = with_alerts(a_desk())
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await listed(pilot, "down", key)
        assert line_with(app, "Edit alert · AAPL")
        assert line_with(app, "[below]")
        assert line_with(app, "[x] x:")
        assert app.screen.query_one(Input).value == "190.125"
        await pilot.press("1", "8", "0", "enter")
        await pilot.pause(0.05)
        assert isinstance(app.screen, AlertsScreen)
        assert conditions(desk)[4] == AlertCondition(BELOW, 180.0, extended=True)
        assert line_with(app, "Alert set: AAPL at or below 180.00 +ext.")


async def test_one_that_fired_is_armed_again_and_one_on_the_watch_is_not() -> None:
    desk = with_alerts(a_desk())
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await listed(pilot, "end", "r")
        assert desk.alerts.alerts[0].alert.firing is None
        assert line_with(app, "On the watch again: AAPL at or above 190.00.")
        await pilot.press("r")
        assert line_with(app, "It is on the watch already.")


@pytest.mark.parametrize("key", ["d", "delete"])
async def test_one_is_deleted_and_brought_back_under_the_cursor(key: str) -> None:
    desk = with_alerts(a_desk())
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        table = await listed(pilot, "down", key)
        assert "".join(table.keys) == "64321"
        assert line_with(app, "Deleted: AAPL at or below 190.125 +ext. u brings it back.")
        await pilot.press("u")
        await pilot.pause(0.05)
        assert "".join(table.keys) == "654321"
        assert table.cursor_key == "5"
        assert line_with(app, "AAPL at or below 190.125 +ext is back.")


async def test_what_changes_is_on_the_screen_and_the_cursor_stays_on_its_alert() -> None:
    desk = with_alerts(a_desk())
    app = app_for(desk)
    async with app.run_test(size=(120, 36)) as pilot:
        table = await listed(pilot, "down", "down")
        desk.alerts.fire(desk.alerts.alerts[3].alert, 5.2)
        desk.alerts.put("TSLA", ABOVE, 500.0)
        await pilot.pause(0.4)
        assert table.cursor_key == "4"
        assert line_with(app, "fired 15:29:59 at +5.20%, LIVE iex")
        assert line_with(app, "not judged yet")


@pytest.mark.parametrize("key", ["escape", "q", "A"])
async def test_keys_that_close_the_list(key: str) -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(80, 24)) as pilot:
        await listed(pilot, key)
        assert app.screen is main_of(app)


@pytest.mark.parametrize("size", [(40, 8), (20, 5), (200, 60)])
async def test_no_size_breaks_either(size: tuple[int, int]) -> None:
    app = app_for(with_alerts(a_desk()))
    async with app.run_test(size=size) as pilot:
        await listed(pilot, "down", "enter", "escape", "escape")
        await opened(pilot, "down")
        assert app.is_running


async def test_a_level_that_does_not_fit_is_never_cut_into_another_number() -> None:
    desk = a_desk()
    desk.alerts.put("AAPL", VOLUME, 123_456_789_012_345.0, Verdict(Stand.WAITING, value=1.0))
    desk.alerts.put("BTC-USD", ABOVE, 0.123456789012, Verdict(Stand.WAITING, value=1.0), extended=True)
    app = app_for(desk)
    async with app.run_test(size=(44, 16)) as pilot:
        await listed(pilot)
        shown = "\n".join(lines_of(app)[:8])
        assert "…" not in shown.replace("How it stands", "")


async def test_texts_from_outside_are_plain_text() -> None:
    desk = a_desk()
    desk.alerts.put("AAPL", ABOVE, 190.0, Verdict(Stand.HELD, "[bold red]sources[/] apart"))
    app = app_for(desk)
    async with app.run_test(size=(120, 36)) as pilot:
        await listed(pilot)
        assert line_with(app, "held: [bold red]sources[/] apart")


# What is told.


async def test_one_that_fires_is_told_rings_and_stays_in_the_notices_until_the_list_is_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = a_desk()
    alert = desk.alerts.put("AAPL", ABOVE, 190.0)
    app = app_for(desk)
    rung: list[bool] = []
    monkeypatch.setattr(app, "bell", lambda: rung.append(True))
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        desk.alerts.fire(alert, 191.2)
        await painted(pilot, desk)
        await pilot.pause(0.1)
        told = "AAPL at 191.20, at or above 190.00 (15:29:59, LIVE iex)"
        assert lines_of(app)[-1].endswith(told)
        assert line_with(app, f"ALERT {told} · A shows it")
        assert rung == [True]

        await painted(pilot, desk)
        assert rung == [True]
        await listed(pilot, "escape")
        await painted(pilot, desk)
        assert not line_with(app, "ALERT")


async def test_the_bell_can_be_off(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = a_desk()
    desk.alerts.rings = False
    app = app_for(desk)
    rung: list[bool] = []
    monkeypatch.setattr(app, "bell", lambda: rung.append(True))
    async with app.run_test(size=(120, 36)) as pilot:
        desk.alerts.fire(desk.alerts.put("AAPL", ABOVE, 190.0), 191.2)
        await painted(pilot, desk)
        assert rung == []
        assert desk.alerts.fired == []


async def test_one_that_fires_while_a_dialog_is_open_is_told_there() -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await opened(pilot)
        desk.alerts.fire(desk.alerts.put("AAPL", ABOVE, 190.0), 191.2)
        await painted(pilot, desk)
        await pilot.pause(0.1)
        assert isinstance(app.screen, AlertForm)
        assert "AAPL at 191.20" in lines_of(app)[-1]


def test_several_unseen_are_counted_and_named_the_latest_first() -> None:
    alerts = FakeAlerts()
    for symbol in ("A", "B", "C", "D", "E", "E"):
        alerts.fire(alerts.put(symbol, ABOVE, 1.0), 2.0)

    text = unseen_text(alerts.unseen, FakeDesk().now().wall, None, "A")

    assert text == "ALERT 6 fired: E, D, C, B, … · A shows them"
    assert unseen_text((), FakeDesk().now().wall, None) == ""

"""A desk with alerts, and the keys that open their screens."""

import pytest
from fake_desk import YAHOO, FakeDesk
from screen_text import settled
from textual.pilot import Pilot

from mytrader_tui.market.alerts.alert import AlertCondition, AlertKind, Stand, Verdict
from mytrader_tui.ui.widgets.alerts_table import AlertsTable

ABOVE, BELOW, PERCENT, VOLUME = AlertKind
SIZES = pytest.mark.parametrize("size", [(60, 16), (80, 24), (120, 36)], ids=lambda size: f"{size[0]}x{size[1]}")


def a_desk() -> FakeDesk:
    desk = FakeDesk()
    desk.quote("AAPL", 228.41, previous_close=225.1, volume=1_234_567.0)
    desk.quote("MSFT", 418.2, origin=YAHOO, age=900.0)
    return desk


def with_alerts(desk: FakeDesk) -> FakeDesk:
    """One of each kind and standing; the newest, which is on top, is on TSLA."""
    alerts = desk.alerts
    alerts.fire(alerts.put("AAPL", ABOVE, 190.0), 191.2)
    alerts.fire(alerts.put("MSFT", BELOW, 420.0), 418.2, "delayed 15 min, yahoo")
    alerts.fire(alerts.put("AAPL", ABOVE, 195.0), 1950.0, taken_back="taken back")
    alerts.put("AAPL", PERCENT, 5.0, Verdict(Stand.WAITING, value=1.47))
    alerts.put("AAPL", BELOW, 190.125, Verdict(Stand.WAITING, value=228.41), extended=True)
    alerts.put("TSLA", VOLUME, 1_500_000.0, Verdict(Stand.HELD, "price 9 min old"))
    alerts.fired.clear()
    return desk


def conditions(desk: FakeDesk) -> list[AlertCondition]:
    return [view.alert.condition for view in desk.alerts.alerts]


async def opened(pilot: Pilot[int], *keys: str) -> None:
    """The dialog for the row under the cursor, and these keys in it."""
    await pilot.press("exclamation_mark")
    await pilot.pause(0.05)
    await pilot.press(*keys)
    await pilot.pause(0.05)


async def box(pilot: Pilot[int], selector: str) -> str:
    """What stands in a box, without the screen behind it."""
    lines = await settled(pilot)
    place = pilot.app.screen.query_one(selector).region
    return "\n".join(lines[y][place.x : place.right] for y in place.line_range)


async def listed(pilot: Pilot[int], *keys: str) -> AlertsTable:
    """The list, and these keys in it."""
    await pilot.press("A")
    await pilot.pause(0.05)
    table = pilot.app.screen.query_one(AlertsTable)
    await pilot.press(*keys)
    await pilot.pause(0.05)
    return table

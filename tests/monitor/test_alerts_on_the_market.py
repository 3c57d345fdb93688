"""Alerts on the whole worker with real sockets: what fires, what is held, and what is fed for their sake."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from desk_under_test import QUICK, running, until, until_badges, until_serving
from msgspec.structs import replace

from mytrader_tui.demo.market import DemoMarket
from mytrader_tui.market.alerts.alert import Alert, AlertCondition, AlertKind, Stand, Verdict
from mytrader_tui.market.freshness import BadgeKind
from mytrader_tui.monitor.clock import system_clock
from mytrader_tui.monitor.worker import Monitor
from mytrader_tui.settings.schema import Alerts, Yahoo

LIVE, DELAYED = BadgeKind.LIVE, BadgeKind.DELAYED
SETTINGS = replace(QUICK, alerts=Alerts(desktop=False))
ALPACA_ALONE = replace(SETTINGS, yahoo=Yahoo(enabled=False))


@pytest.fixture
async def market() -> AsyncIterator[DemoMarket]:
    async with DemoMarket(clock=system_clock, ticks_per_second=20.0) as market:
        yield market


def above(monitor: Monitor, symbol: str, level: float) -> Alert:
    made = monitor.alerts.create(symbol, AlertCondition(AlertKind.ABOVE, round(level, 2)))
    assert isinstance(made, Alert), made
    return made


def verdict(monitor: Monitor) -> Verdict:
    """How the first alert on the watch stands."""
    found = next(view.verdict for view in monitor.alerts.alerts if view.alert.firing is None)
    return found or Verdict(Stand.WAITING)


async def until_fired(monitor: Monitor) -> Alert:
    fired: list[Alert] = []
    await until(lambda: bool(fired.extend(monitor.alerts.take_fired()) or fired), "an alert fires")
    (alert,) = fired
    return alert


async def test_a_price_that_crosses_fires_once_with_its_time_and_source(market: DemoMarket, tmp_path: Path) -> None:
    async with running(market, tmp_path, SETTINGS) as monitor:
        await until_serving(monitor, AAPL=LIVE)
        level = 1.02 * market.price("AAPL")
        above(monitor, "AAPL", level)
        await until(lambda: verdict(monitor).value is not None, "the alert is judged")
        assert verdict(monitor).stand is Stand.WAITING

        printed = await market.trade("AAPL", round(1.03 * market.price("AAPL"), 2))

        firing = (await until_fired(monitor)).firing
        assert firing is not None
        assert firing.value >= level
        assert firing.provenance == "LIVE iex"
        assert abs((firing.price_time - printed.time).total_seconds()) < 1.0
        await market.trade("AAPL", round(1.03 * market.price("AAPL"), 2))
        received = monitor.board.version("AAPL")
        await until(lambda: monitor.board.version("AAPL") > received, "another print")
        assert monitor.alerts.take_fired() == ()


async def test_while_alpaca_is_down_it_is_held_and_says_why_and_fires_when_it_is_back(
    market: DemoMarket, tmp_path: Path
) -> None:
    async with running(market, tmp_path, ALPACA_ALONE) as monitor:
        await until_serving(monitor, AAPL=LIVE)
        level = 1.02 * market.price("AAPL")
        above(monitor, "AAPL", level)
        market.gates.stream.refuse()
        market.gates.stream.cut()
        await until(lambda: verdict(monitor).stand is Stand.HELD, "the alert is held")
        await market.trade("AAPL", round(1.03 * market.price("AAPL"), 2))

        assert verdict(monitor).reason.startswith("not heard for ")
        assert monitor.alerts.take_fired() == ()

        market.gates.stream.accept()
        firing = (await until_fired(monitor)).firing
        assert firing is not None
        assert firing.provenance == "LIVE iex"


async def test_on_the_fallback_it_fires_and_says_how_late_the_price_is(market: DemoMarket, tmp_path: Path) -> None:
    async with running(market, tmp_path, SETTINGS) as monitor:
        await until_serving(monitor, AAPL=LIVE)
        market.gates.stream.refuse()
        market.gates.stream.cut()
        await until_badges(monitor, AAPL=DELAYED)

        above(monitor, "AAPL", 0.5 * market.price("AAPL"))

        firing = (await until_fired(monitor)).firing
        assert firing is not None
        assert firing.provenance.startswith("delayed 15 min, yahoo")
        assert (firing.at - firing.price_time).total_seconds() > 600.0


async def test_a_symbol_on_no_list_is_fed_for_its_alert(market: DemoMarket, tmp_path: Path) -> None:
    async with running(market, tmp_path, SETTINGS) as monitor:
        await until_serving(monitor, AAPL=LIVE)

        above(monitor, "NVDA", 0.5 * market.price("NVDA"))

        alert = await until_fired(monitor)
        assert alert.symbol == "NVDA"
        assert "NVDA" not in monitor.watchlist.symbols


async def test_a_print_that_is_cancelled_is_said_of_the_alert(market: DemoMarket, tmp_path: Path) -> None:
    async with running(market, tmp_path, SETTINGS) as monitor:
        await until_serving(monitor, AAPL=LIVE)
        above(monitor, "AAPL", 1.02 * market.price("AAPL"))
        printed = await market.trade("AAPL", round(1.03 * market.price("AAPL"), 2))
        assert (await until_fired(monitor)).firing is not None

        await market.cancel(printed)

        told = await until_fired(monitor)
        assert told.firing is not None
        assert told.firing.taken_back == "taken back"


async def test_alerts_outlive_the_program_with_what_fired(market: DemoMarket, tmp_path: Path) -> None:
    async with running(market, tmp_path, SETTINGS) as monitor:
        await until_serving(monitor, AAPL=LIVE)
        above(monitor, "AAPL", 0.5 * market.price("AAPL"))
        waiting = above(monitor, "MSFT", 2.0 * market.price("MSFT"))
        fired = await until_fired(monitor)

    async with running(market, tmp_path, SETTINGS) as monitor:
        await until_serving(monitor, AAPL=LIVE, MSFT=LIVE)
        await until(lambda: verdict(monitor).stand is Stand.WAITING and verdict(monitor).value is not None, "judged")

        assert [view.alert for view in monitor.alerts.alerts] == [fired, waiting]
        assert monitor.alerts.take_fired() == ()

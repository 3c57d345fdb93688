"""Refresh now: every source is asked again, within what each allows, and the answer says what was asked."""

from pathlib import Path

from desk_under_test import QUICK, running, until, until_serving
from msgspec.structs import replace

from mytrader_tui.demo.market import DemoMarket
from mytrader_tui.market.freshness import BadgeKind
from mytrader_tui.market.quote import Source
from mytrader_tui.monitor.clock import system_clock
from mytrader_tui.monitor.refreshing import AGAIN_SECONDS
from mytrader_tui.monitor.worker import Monitor
from mytrader_tui.settings.paths import Paths
from mytrader_tui.settings.schema import Yahoo

SLOW = replace(QUICK, yahoo=Yahoo(poll_seconds=600.0))
"""Yahoo is asked once at the start, and then by nobody but the user."""


def told_at(monitor: Monitor) -> float:
    """When Yahoo last told of the index, by the monotonic clock; 0 before it did."""
    quote = monitor.board.quote("^GSPC", Source.YAHOO)
    return quote.receipt.mono if quote is not None else 0.0


async def test_yahoo_is_polled_at_once_and_all_is_said_to_be_asked(tmp_path: Path) -> None:
    async with DemoMarket(clock=system_clock) as market, running(market, tmp_path, SLOW) as monitor:
        await until_serving(monitor, AAPL=BadgeKind.LIVE)
        await until(lambda: told_at(monitor) > 0, "Yahoo answered")
        heard = told_at(monitor)

        said = monitor.refresh()

        assert said == "Asked Alpaca, Yahoo and the account again."
        await until(lambda: told_at(monitor) > heard, "a newer word")


async def test_a_second_press_right_after_asks_nobody(tmp_path: Path) -> None:
    async with DemoMarket(clock=system_clock) as market, running(market, tmp_path, SLOW) as monitor:
        await until_serving(monitor, AAPL=BadgeKind.LIVE)
        monitor.refresh()

        assert monitor.refresh() == f"Asked a moment ago: again in {AGAIN_SECONDS:.0f}s."


async def test_a_pause_that_yahoo_wants_is_kept_and_told(tmp_path: Path) -> None:
    async with DemoMarket(clock=system_clock) as market, running(market, tmp_path, SLOW, keys=False) as monitor:
        await until(lambda: told_at(monitor) > 0, "Yahoo answered")
        market.faults.yahoo_status = 429
        market.faults.yahoo_retry_after = "120"
        assert monitor.refresh() == "Asked Yahoo again."
        poller = monitor._sources.yahoo
        await until(lambda: poller.pause_seconds > 0, "Yahoo wants a pause")
        monitor._refreshing._asked = None

        said = monitor.refresh()

        assert said.startswith("Yahoo wants a pause of ")
        assert "Asked" not in said


async def test_before_the_sources_are_open_it_says_so(tmp_path: Path) -> None:
    monitor = Monitor(QUICK, None, Paths.under(tmp_path))
    assert monitor.refresh() == "The sources are still being opened."

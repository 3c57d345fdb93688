"""A monitor on a demo market: what the tests of the worker start from."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from mytrader_tui.demo.market import DemoMarket
from mytrader_tui.demo.settings import connected, demo_credentials
from mytrader_tui.market.failover.router import State
from mytrader_tui.market.freshness import BadgeKind
from mytrader_tui.monitor.clock import system_clock
from mytrader_tui.monitor.worker import Monitor
from mytrader_tui.settings import Settings
from mytrader_tui.settings.credentials import Credentials
from mytrader_tui.settings.paths import Paths
from mytrader_tui.settings.schema import Router, Watchlist, Yahoo

PATIENCE_SECONDS = 60.0
"""How long a condition is waited for: a machine that does much else needs most of it, an idle one none."""

QUICK = Settings(
    watchlist=Watchlist(symbols=("AAPL", "MSFT", "^GSPC")),
    yahoo=Yahoo(poll_seconds=1.0),
    router=Router(failover_seconds=1.0, recovery_seconds=1.0),
)
"""Timers short enough that a failover and its recovery take seconds."""


def settings_for(market: DemoMarket, settings: Settings = QUICK) -> Settings:
    """`settings` on `market`."""
    return connected(settings, market)


@asynccontextmanager
async def running(
    market: DemoMarket,
    folder: Path,
    settings: Settings = QUICK,
    credentials: Credentials | None = None,
    *,
    keys: bool = True,
) -> AsyncIterator[Monitor]:
    """A monitor that runs on `market`, with its keys unless told otherwise; stopped at the end."""
    pair = credentials or (demo_credentials(market) if keys else None)
    monitor = Monitor(settings_for(market, settings), pair, Paths.under(folder), clock=system_clock)
    task = asyncio.create_task(monitor.run(), name="monitor under test")
    try:
        yield monitor
    finally:
        task.cancel()
        await asyncio.wait({task}, timeout=PATIENCE_SECONDS)
        assert task.cancelled(), "the monitor did not stop when told to"


async def until(condition: Callable[[], bool], what: str) -> None:
    """Wait for `condition` on the real clock, and fail with `what` if it never comes."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not condition():  # noqa: ASYNC110 - what is waited for has no event to wait on
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"never happened: {what}") from None


def kinds(monitor: Monitor) -> dict[str, BadgeKind]:
    """Each row's badge as of now."""
    now = monitor.now()
    return {symbol: monitor.badge(symbol, now).kind for symbol in monitor.watchlist.symbols}


async def until_badges(monitor: Monitor, **wanted: BadgeKind) -> None:
    """Wait until each named row (`_GSPC` for `^GSPC`) has its badge."""
    named = {symbol.replace("_", "^"): kind for symbol, kind in wanted.items()}
    await until(lambda: kinds(monitor) | named == kinds(monitor), f"{named}, it is {kinds(monitor)}")


async def until_serving(monitor: Monitor, **wanted: BadgeKind) -> None:
    """Wait until Alpaca serves by the router's word too: a first snapshot is live before the first print."""
    await until(lambda: monitor.intake.model.state is State.PRIMARY_ACTIVE, "Alpaca serves")
    await until_badges(monitor, **wanted)

"""Draws docs/screenshot.svg: the program on its demo market, after a few seconds. Run it from the project's root."""

import asyncio
import tempfile
from pathlib import Path

from mytrader_tui.app import MarketApp
from mytrader_tui.demo_run import DemoRun
from mytrader_tui.market.freshness import BadgeKind
from mytrader_tui.monitor.clock import system_clock
from mytrader_tui.monitor.worker import Monitor
from mytrader_tui.settings.paths import Paths

SIZE = (120, 36)
SECONDS_OF_TRADING = 6.0


async def main() -> None:
    """Run the demo without a terminal and export what it shows."""
    demo = DemoRun(system_clock, faults=False)
    with tempfile.TemporaryDirectory() as folder:
        monitor = Monitor(demo.settings, None, Paths.under(Path(folder)), prepare=demo.prepare)
        app = MarketApp(monitor, worker=monitor, settings=demo.settings.ui)
        async with app.run_test(size=SIZE) as pilot:
            while BadgeKind.LIVE not in {monitor.badge(s, monitor.now()).kind for s in monitor.watchlist.symbols}:
                await pilot.pause(0.2)
            await pilot.pause(SECONDS_OF_TRADING)
            svg = app.export_screenshot(title="mytrader-tui --demo")
    demo.close()
    await asyncio.to_thread(Path("docs/screenshot.svg").write_text, svg)


if __name__ == "__main__":
    asyncio.run(main())

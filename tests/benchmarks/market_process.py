"""A demo market in a process of its own: prints its five addresses and serves until standard input ends."""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from mytrader_tui.demo.market import DemoMarket
from mytrader_tui.monitor.clock import system_clock


async def serve(ticks_per_second: float) -> None:
    """Serve at that rate."""
    async with DemoMarket(clock=system_clock, ticks_per_second=ticks_per_second) as market:
        urls = (market.stream_url, market.trading_url, market.trading_stream_url, market.data_url, market.yahoo_url)
        print(*urls, flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1])))

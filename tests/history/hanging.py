"""Keeps a history, says when the first batch is written, and leaves when a line comes: python hanging.py URL FOLDER."""

import asyncio
import sys
from pathlib import Path

from keeping import keeping, until
from sqlalchemy import make_url

from mytrader_tui.monitor import history_keeper


async def main() -> None:
    history_keeper.LOOK_SECONDS = 0.02
    async with keeping(make_url(sys.argv[1]), Path(sys.argv[2])) as keeper:
        await until(lambda: keeper.counts.batches > 0, lambda: keeper.trouble)
        print("written", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        await asyncio.sleep(0.3)


asyncio.run(main())

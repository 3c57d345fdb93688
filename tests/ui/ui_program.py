"""A program for the pty tests: `ui_program.py quiet|crash|stubborn`. It runs the app on a fake desk."""

import asyncio
import sys
import time
from datetime import UTC
from pathlib import Path

from fake_desk import FakeDesk, IdleWorker

from mytrader_tui.app import MarketApp, run
from mytrader_tui.market.status import Status
from mytrader_tui.settings.schema import Ui


class Stubborn:
    """Swallows its cancellation and keeps a thread busy as well."""

    async def run(self) -> None:
        thread = asyncio.get_running_loop().run_in_executor(None, time.sleep, 60)
        while True:
            try:
                await asyncio.shield(thread)
            except asyncio.CancelledError:
                continue


class CrashingDesk(FakeDesk):
    """Fails while the screen asks it something, with a secret in a local variable."""

    def status(self, now: object) -> Status:
        password = "hunter2-in-a-local"
        raise RuntimeError(f"no status for {len(password)} reasons")


kind = sys.argv[1]
desk = CrashingDesk() if kind == "crash" else FakeDesk()
worker = Stubborn() if kind == "stubborn" else IdleWorker()
app = MarketApp(desk, worker=worker, settings=Ui(), log_path=Path("/tmp/some.log"), zone=UTC)
sys.exit(run(app))

"""Runs the program on the demo market: starts it, points the program at it, and plays the script of faults."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future

from mytrader_tui.demo.script import play
from mytrader_tui.demo.settings import connected, demo_credentials, demo_settings
from mytrader_tui.demo.thread import DemoThread
from mytrader_tui.feeds.feed import Clock
from mytrader_tui.settings import Settings
from mytrader_tui.settings.credentials import Credentials

TICKS_PER_SECOND = 40.0


class DemoRun:
    """One demo market from `prepare` until `close`, shown as `looks` say.

    With `faults`, `announce` gets each step of the script.
    """

    def __init__(self, clock: Clock, *, faults: bool, looks: Settings) -> None:
        self.settings = demo_settings(faults=faults, looks=looks)
        self.announce: Callable[[str], None] = lambda _: None
        self._thread = DemoThread(clock=clock, ticks_per_second=TICKS_PER_SECOND)
        self._faults = faults
        self._script: Future[None] | None = None

    async def prepare(self) -> tuple[Settings, Credentials]:
        """Start the market; the settings and credentials that reach it."""
        market = await asyncio.to_thread(self._thread.start)
        if self._faults:
            loop = asyncio.get_running_loop()

            def announce(caption: str) -> None:
                loop.call_soon_threadsafe(self.announce, caption)

            router = self.settings.router
            script = play(
                market,
                announce,
                failover_seconds=router.failover_seconds,
                recovery_seconds=router.recovery_seconds,
            )
            self._script = self._thread.call(script)
        return connected(self.settings, market), demo_credentials(market)

    def close(self) -> None:
        """End the script and the market."""
        if self._script is not None:
            self._script.cancel()
        self._thread.stop()

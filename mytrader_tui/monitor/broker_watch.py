"""What the broker says, asked for again and again: the account, the positions, and what time it is."""

import asyncio
import logging
from collections.abc import Callable

from mytrader_tui.feeds.alpaca.account import AlpacaAccount
from mytrader_tui.feeds.alpaca.error import AlpacaError
from mytrader_tui.monitor.account import AccountWatch
from mytrader_tui.monitor.clock import MarketClock
from mytrader_tui.monitor.intake import Intake

CLOCK_SECONDS = 60.0

_log = logging.getLogger(__name__)


class BrokerWatch:
    """Keeps the account and the broker's clock up to date. `changed` is called after each reading of the account."""

    def __init__(
        self,
        broker: AlpacaAccount,
        account: AccountWatch,
        intake: Intake,
        clock: MarketClock,
        changed: Callable[[], None],
    ) -> None:
        self._broker = broker
        self._account = account
        self._intake = intake
        self._clock = clock
        self._changed = changed
        self._clock_due = asyncio.Event()

    def ask_clock(self) -> None:
        """Read the clock at once: ours was set, or slept."""
        self._clock_due.set()

    async def watch_account(self) -> None:
        """Read the account and the positions until cancelled."""
        while True:
            pause = await self._account.refresh(self._broker)
            self._changed()
            await asyncio.sleep(pause)

    async def watch_clock(self) -> None:
        """Read the clock until cancelled; while it cannot be read, the rules serve."""
        while True:
            asked = self._clock()
            try:
                reading = await self._broker.clock()
            except AlpacaError as error:
                _log.info("the broker's clock could not be read, the rules serve: %s", error)
            else:
                self._clock.compare(asked, reading.timestamp, self._clock())
                self._intake.hear_broker(reading)
            await self._until_due()

    async def _until_due(self) -> None:
        self._clock_due.clear()
        try:
            async with asyncio.timeout(CLOCK_SECONDS):
                await self._clock_due.wait()
        except TimeoutError:
            return

"""A keeper on a real database and a world that it can take prices from, for the tests of what can go wrong."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from seen import seen
from sqlalchemy import URL, func, select

from mytrader_tui.history.opening import open_history
from mytrader_tui.history.records import Batch, QuoteRecord
from mytrader_tui.history.schema import MARKET_DATA
from mytrader_tui.monitor.clock import system_clock
from mytrader_tui.monitor.history_keeper import HistoryKeeper
from mytrader_tui.settings.history import History

if TYPE_CHECKING:
    from mytrader_tui.market.moment import Moment
    from mytrader_tui.monitor.observations import Observations

PATIENCE_SECONDS = 60.0


class Prices:
    """Observations of so many symbols, each with a new price whenever it is asked."""

    def __init__(self, symbols: int = 3, name: str = "S") -> None:
        self.complete = False
        self.taken = 0
        self._symbols = symbols
        self._name = name

    def take(self) -> Batch:
        self.taken += 1
        return Batch(tuple(seen(f"{self._name}{n}", float(self.taken)) for n in range(self._symbols)))

    def unknown(self) -> list[str]:
        return []

    def recall(self, _now: "Moment") -> None: ...

    def learn(self, _records: list[QuoteRecord], _now: "Moment") -> None: ...

    def write_last_known(self) -> None: ...


@asynccontextmanager
async def keeping(
    url: URL, folder: Path, prices: Prices | None = None, interval: float = 0.1
) -> AsyncIterator[HistoryKeeper]:
    """A keeper that writes to `url` until the end of the block."""
    server = url.get_backend_name() == "postgresql"
    settings = History(url=url.render_as_string(hide_password=False) if server else "", interval_seconds=interval)
    keeper = HistoryKeeper(settings, folder, cast("Observations", prices or Prices()), system_clock)
    task = asyncio.create_task(keeper.run(), name="keeper under test")
    try:
        yield keeper
    finally:
        task.cancel()
        await asyncio.wait({task}, timeout=PATIENCE_SECONDS)
        await keeper.finish()


async def until(condition: Callable[[], bool], what: Callable[[], str]) -> None:
    """Wait for `condition`."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"never happened: {what()}")
        await asyncio.sleep(0.02)


def rows(url: URL) -> int:
    """Prices in the history at `url`."""
    history = open_history(url).history
    with history.reading() as connection:
        count = connection.execute(select(func.count()).select_from(MARKET_DATA)).scalar_one()
    history.close()
    return count

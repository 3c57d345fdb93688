"""The demo market in a thread and an event loop of its own, for a program that shows it."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import TYPE_CHECKING, TypeVar

from mytrader_tui.market.moment import Moment

if TYPE_CHECKING:
    from mytrader_tui.demo.market import DemoMarket

_T = TypeVar("_T")

START_SECONDS = 15.0
"""How long the thread may take to load the servers and open the ports."""

STOP_SECONDS = 1.0
"""How long the thread may take to end."""


class DemoThread:
    """Runs one DemoMarket between `start` and `stop`, both called from one other thread.

    The market's own methods belong to its loop: reach them through `call`. Its URLs may be read from anywhere.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], Moment],
        seed: int = 1,
        symbol_limit: int = 30,
        connection_limit: int = 1,
        ticks_per_second: float = 20.0,
    ) -> None:
        self._clock = clock
        self._seed = seed
        self._symbol_limit = symbol_limit
        self._connection_limit = connection_limit
        self._ticks_per_second = ticks_per_second
        self._started: Future[DemoMarket] = Future()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._leave: asyncio.Event | None = None
        # A daemon, so that not even a demo that hangs keeps the program from leaving.
        self._thread = threading.Thread(target=self._main, name="demo market", daemon=True)

    @property
    def market(self) -> "DemoMarket":
        """The running market. Raises RuntimeError before `start` has returned."""
        if not self._started.done():
            raise RuntimeError("the demo market is not running")
        return self._started.result()

    def start(self) -> "DemoMarket":
        """Start the thread; the market's URLs are known when this returns.

        Raises TimeoutError after START_SECONDS, and OSError if no port could be opened.
        """
        self._thread.start()
        return self._started.result(START_SECONDS)

    def stop(self) -> bool:
        """End the market and its thread; False if it took longer than STOP_SECONDS and was left behind."""
        if self._loop is not None and self._leave is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._leave.set)
            self._thread.join(STOP_SECONDS)
        return not self._thread.is_alive()

    def call(self, work: Callable[[], _T] | Coroutine[None, None, _T]) -> "Future[_T]":
        """Run a function or a coroutine on the market's loop; the future has its result.

        Raises RuntimeError if the market is not running.
        """
        if self._loop is None or not self._thread.is_alive():
            raise RuntimeError("the demo market is not running")
        coroutine = work if isinstance(work, Coroutine) else _called(work)
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    def _main(self) -> None:
        try:
            asyncio.run(self._serve())
        except OSError as failure:
            if not self._started.done():
                self._started.set_exception(failure)

    async def _serve(self) -> None:
        # Starlette and uvicorn are loaded here, off the program's own loop.
        from mytrader_tui.demo.market import DemoMarket

        self._loop, self._leave = asyncio.get_running_loop(), asyncio.Event()
        market = DemoMarket(
            clock=self._clock,
            seed=self._seed,
            symbol_limit=self._symbol_limit,
            connection_limit=self._connection_limit,
            ticks_per_second=self._ticks_per_second,
        )
        async with market:
            self._started.set_result(market)
            await self._leave.wait()


async def _called(function: Callable[[], _T]) -> _T:
    return function()

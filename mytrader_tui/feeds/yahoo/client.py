"""Yahoo from the event loop: each request in one thread, under a deadline."""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from mytrader_tui.feeds.feed import Clock
from mytrader_tui.feeds.worker_thread import WorkerClosedError, WorkerThread
from mytrader_tui.feeds.yahoo.chart_wire import chart_parameters, decode_bars
from mytrader_tui.feeds.yahoo.failure import YahooError
from mytrader_tui.feeds.yahoo.search_wire import decode_search
from mytrader_tui.feeds.yahoo.wire import Answer, decode_chart, decode_quotes
from mytrader_tui.market.bars import BarSeries, Timeframe
from mytrader_tui.market.link import Reason
from mytrader_tui.market.listing import Listing
from mytrader_tui.market.symbol import yahoo_spelling

if TYPE_CHECKING:
    from mytrader_tui.feeds.yahoo.session import YahooSession

_T = TypeVar("_T")

MAX_BATCH = 50
"""Symbols in one v7 request: Yahoo has answered 429 to more than 65."""

_OPEN_SECONDS = 30.0
"""To import yfinance and pandas on a slow disk."""

_GRACE_SECONDS = 0.5


class YahooClient:
    """Asks for quotes of canonical symbols. Every method but `close` raises YahooError and nothing else.

    `request_timeout` is in seconds and for one HTTP request; one call may take twice that, since it may have to
    fetch a cookie and a crumb first. A call that hangs loses its thread and its session; the next gets new ones.
    """

    def __init__(self, *, clock: Clock, base_url: str, cache_folder: Path, request_timeout: float) -> None:
        self._clock = clock
        self._base_url = base_url
        self._cache_folder = cache_folder
        self._request_timeout = request_timeout
        self._patience = 2.0 * request_timeout
        self._thread = WorkerThread("yahoo")
        # Of its own: a search that hangs is waited for by whoever searches, not by the next poll.
        self._search_thread = WorkerThread("yahoo search")
        self._of_thread = threading.local()

    async def quotes(self, symbols: Sequence[str]) -> Answer:
        """What v7 says of up to 50 `symbols`, in one request; unknown ones are absent."""
        names = _names(symbols)
        body = await self._run(lambda session: session.quotes(tuple(names)))
        return decode_quotes(body, names, self._clock())

    async def chart(self, symbol: str) -> Answer:
        """What v8 says of one symbol, which works without a crumb."""
        names = _names((symbol,))
        body = await self._run(lambda session: session.chart(next(iter(names))))
        return decode_chart(body, names, self._clock())

    async def bars(self, symbol: str, timeframe: Timeframe, since: datetime | None = None) -> BarSeries | None:
        """The past of one symbol by v8, all of `timeframe` or from `since` on; None if Yahoo has none of it."""
        names, asked = _names((symbol,)), self._clock()
        parameters = chart_parameters(timeframe, since, asked.wall)
        body = await self._run(lambda session: session.chart(next(iter(names)), parameters))
        return decode_bars(body, names, timeframe, asked)

    async def search(self, text: str) -> tuple[Listing, ...]:
        """The listings that Yahoo takes `text` for, in its order."""
        return decode_search(await self._run(lambda session: session.search(text), self._search_thread))

    def close(self) -> None:
        """End the threads; a call in progress ends with YahooError (STOPPED)."""
        self._thread.close()
        self._search_thread.close()

    async def _run(self, ask: "Callable[[YahooSession], _T]", thread: WorkerThread | None = None) -> _T:
        thread = thread or self._thread
        try:
            await thread.run(self._open, _OPEN_SECONDS)
            return await thread.run(lambda: ask(self._open()), self._patience + _GRACE_SECONDS)
        except TimeoutError as error:
            raise YahooError(Reason.TIMEOUT) from error
        except WorkerClosedError as error:
            raise YahooError(Reason.STOPPED) from error

    def _open(self) -> "YahooSession":
        """The calling thread's session."""
        from mytrader_tui.feeds.yahoo.session import YahooSession

        session: YahooSession | None = getattr(self._of_thread, "session", None)
        if session is None:
            session = self._of_thread.session = YahooSession(
                base_url=self._base_url,
                cache_folder=self._cache_folder,
                request_timeout=self._request_timeout,
                patience=self._patience,
            )
        return session


def _names(symbols: Sequence[str]) -> dict[str, str]:
    return {yahoo_spelling(symbol): symbol for symbol in symbols}

"""Alpaca's directory of listings: loaded once somebody searches, kept on disk for a day."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from mytrader_tui.feeds.alpaca.account import AssetFound
from mytrader_tui.feeds.alpaca.error import AlpacaError
from mytrader_tui.feeds.feed import Clock
from mytrader_tui.market.finding import Directory
from mytrader_tui.market.freshness import short_span
from mytrader_tui.market.listing import Listing, kind_in
from mytrader_tui.market.quote import Source
from mytrader_tui.market.symbol import BadSymbolError, canonical
from mytrader_tui.monitor.listings_file import Kept, read_listings, write_listings

KEPT = timedelta(days=1)
"""How long the list serves before it is asked for again: listings come and go by the day."""

LOADING = "Alpaca's list of symbols is being loaded."

_log = logging.getLogger(__name__)

Ask = Callable[[], Awaitable[Sequence[AssetFound]]]


class BrokerListings:
    """The listings of the server at `url`, which `ask` brings. `directory` is empty until `run` has loaded it.

    `note` says in words what is the matter with it; empty if nothing.
    """

    def __init__(self, ask: Ask, *, url: str, path: Path, clock: Clock) -> None:
        self._ask = ask
        self._url = url
        self._path = path
        self._clock = clock
        self._at: datetime | None = None
        self._due = asyncio.Event()
        self.directory = Directory()
        self.note = ""

    def prepare(self) -> None:
        """Have it loaded unless it is of today."""
        if not self._serves(self._at):
            if self._at is None:
                self.note = LOADING
            self._due.set()

    async def run(self) -> None:
        """Load it whenever that is due, until cancelled."""
        while True:
            await self._due.wait()
            self._due.clear()
            await self._load()

    async def _load(self) -> None:
        if self._at is None and await asyncio.to_thread(self._restore):
            return
        try:
            assets = await self._ask()
        except AlpacaError as error:
            _log.info("no list of symbols: %s", error)
            self.note = self._failed(error)
            return
        await asyncio.to_thread(self._take, assets, self._clock().wall)
        self.note = ""

    def _restore(self) -> bool:
        """Take what is on disk, in a thread; True if that will do."""
        kept = read_listings(self._path, self._url)
        if kept is None:
            return False
        self.directory, self._at = Directory(kept.listings), kept.at
        fresh = self._serves(kept.at)
        self.note = "" if fresh else self.note
        return fresh

    def _take(self, assets: Sequence[AssetFound], at: datetime) -> None:
        """Take what Alpaca told, and keep it, in a thread."""
        listings = tuple(listing for asset in assets if (listing := _listing(asset)) is not None)
        self.directory, self._at = Directory(listings), at
        write_listings(self._path, Kept(self._url, at, listings))

    def _failed(self, error: AlpacaError) -> str:
        if self._at is None:
            return f"Alpaca's list of symbols is missing: {error.reason.value}."
        age = short_span((self._clock().wall - self._at).total_seconds())
        return f"Alpaca's list of symbols is {age} old: {error.reason.value}."

    def _serves(self, at: datetime | None) -> bool:
        # A list from the future is of before the clock was set.
        return at is not None and timedelta(0) <= self._clock().wall - at < KEPT


def _listing(asset: AssetFound) -> Listing | None:
    try:
        symbol = canonical(asset.symbol)
    except BadSymbolError:
        return None
    return Listing(symbol, asset.name, asset.exchange, kind_in(asset.name), Source.ALPACA, asset.tradable)

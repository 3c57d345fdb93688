"""Completion of symbols and names: Alpaca's directory and Yahoo's search as one."""

import asyncio
from typing import TYPE_CHECKING

from mytrader_tui.market.finding import Directory, nearest
from mytrader_tui.market.listing import Found, Listing
from mytrader_tui.market.symbol import BadSymbolError, canonical

if TYPE_CHECKING:
    from mytrader_tui.monitor.broker_listings import BrokerListings
    from mytrader_tui.monitor.yahoo_search import YahooSearch

NOBODY = "Nobody can be searched: Alpaca and Yahoo are both off."
OPENING = "The sources are still being opened."

_LEAST_ASKED = 2
"""Letters from which Yahoo is asked where there is a directory: one would bring its ten most traded."""


class Finding:
    """The SearchDesk. Knows nothing until `employ` names who can be searched."""

    def __init__(self) -> None:
        self._broker: BrokerListings | None = None
        self._yahoo: YahooSearch | None = None
        self._opened = False
        self._awaited = False
        self._heard = Directory()
        self._heard_of: tuple[Listing, ...] = ()

    def employ(self, broker: "BrokerListings | None", yahoo: "YahooSearch | None") -> None:
        """Search these from now on."""
        self._broker = broker
        self._yahoo = yahoo
        self._opened = True
        if self._awaited:
            self.prepare()

    def prepare(self) -> None:
        """Somebody is about to search, perhaps before it is known whom."""
        self._awaited = True
        if self._broker is not None:
            self._broker.prepare()

    def known(self, text: str) -> Found:
        """What `text` may mean by the directory and by Yahoo's answers so far."""
        if not text.strip():
            return Found(note=self._note())
        answered = (self._yahoo and self._yahoo.known(text)) or ()
        near = (*self._directory.find(text), *self._memory().find(text))
        ranked = Directory((*near, *answered)).find(text)
        # Yahoo knows a name by more than its letters: what it answered belongs to the rest, in its order.
        rest = [each for each in answered if all(each.symbol != one.symbol for one in ranked)]
        return Found((*ranked, *rest), self._note())

    async def find(self, text: str) -> Found:
        """The same after Yahoo was asked, where it may know more."""
        text = text.strip()
        if self._yahoo is None or not self._worth_asking(text):
            return self.known(text)
        answer = await self._yahoo.find(text)
        found = self.known(text)
        return Found(found.listings, " ".join(filter(None, (found.note, answer.note))))

    async def suggestion(self, symbol: str) -> str:
        """What the unknown `symbol` was probably meant to be, `AAPL (Apple Inc.)`; empty if nothing is near."""
        near = await asyncio.to_thread(self._directory.alike, symbol)
        found = await self._yahoo.find(symbol) if self._yahoo is not None else Found()
        listing = nearest(symbol, [each for each in (*near, *found.listings) if each.symbol != symbol])
        if listing is None:
            return ""
        return f"{listing.symbol} ({listing.name})" if listing.name else listing.symbol

    @property
    def _directory(self) -> Directory:
        return Directory() if self._broker is None else self._broker.directory

    def _memory(self) -> Directory:
        """What Yahoo told so far, ready to be searched."""
        heard = self._yahoo.heard() if self._yahoo is not None else ()
        if heard != self._heard_of:
            self._heard_of, self._heard = heard, Directory(heard)
        return self._heard

    def _worth_asking(self, text: str) -> bool:
        if not text:
            return False
        return not len(self._directory) or (len(text) >= _LEAST_ASKED and not self._is_listed(text))

    def _is_listed(self, text: str) -> bool:
        try:
            return self._directory.get(canonical(text)) is not None
        except BadSymbolError:
            return False

    def _note(self) -> str:
        if not self._opened:
            return OPENING
        if self._broker is None:
            return NOBODY if self._yahoo is None else ""
        return self._broker.note

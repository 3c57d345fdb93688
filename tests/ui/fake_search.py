"""A directory that holds what a test put into it."""

import asyncio

from mytrader_tui.market.finding import Directory
from mytrader_tui.market.listing import Found, Listing
from mytrader_tui.market.quote import Source


class FakeSearch:
    """Everything a test may set is a plain attribute. `near` is known at once, `far` only after asking."""

    def __init__(self) -> None:
        self.near: tuple[Listing, ...] = ()
        self.far: tuple[Listing, ...] = ()
        self.note = ""
        self.trouble = ""
        self.asked: list[str] = []
        self.prepared = 0
        self.pause: asyncio.Event | None = None

    def prepare(self) -> None:
        self.prepared += 1

    def known(self, text: str) -> Found:
        return Found(Directory(self.near).find(text), self.note)

    async def find(self, text: str) -> Found:
        self.asked.append(text)
        if self.pause is not None:
            await self.pause.wait()
        return Found(Directory((*self.near, *self.far)).find(text), f"{self.note} {self.trouble}".strip())


def listed(
    symbol: str, name: str, kind: str = "stock", exchange: str = "NASDAQ", source: Source = Source.ALPACA
) -> Listing:
    """A listing that Alpaca takes orders for, unless it is Yahoo's."""
    return Listing(symbol, name, exchange, kind, source, tradable=source is Source.ALPACA)

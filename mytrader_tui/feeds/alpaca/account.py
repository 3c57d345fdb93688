"""The paper account over REST: what it is worth, what it holds, and the broker's word on the market's hours."""

from datetime import datetime
from ipaddress import ip_address
from typing import Annotated, Any
from urllib.parse import quote, urlsplit

import msgspec
from msgspec import Meta

from mytrader_tui.feeds.alpaca.error import NotFoundError
from mytrader_tui.feeds.alpaca.lenient import needed, number, part, read, text
from mytrader_tui.feeds.alpaca.rest import AlpacaRest, Server, Timeouts
from mytrader_tui.feeds.feed import Clock
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.portfolio import Account, Holdings, Position
from mytrader_tui.market.session import BrokerClock
from mytrader_tui.market.symbol import BadSymbolError, canonical
from mytrader_tui.settings.schema import PAPER_HOST
from mytrader_tui.settings.secret import Secret

_Aware = Annotated[datetime, Meta(tz=True)]
_PAIR_CURRENCIES = ("USDT", "USDC", "USD", "BTC")


class AssetFound(msgspec.Struct, frozen=True):
    """A listing that Alpaca knows. `tradable` is whether it takes orders for it now."""

    symbol: str
    name: str
    exchange: str
    tradable: bool


class AlpacaAccount:
    """The account at `trading_url`. Every question is asked once and raises AlpacaError without a usable answer.

    Raises ValueError for a `trading_url` that is neither the paper host's nor this machine's.

    Numbers come as strings or as numbers, fields may be null or missing, and words may be new: what is not needed
    is never read, and a position that cannot be read is counted in `unreadable_positions`, not fatal.
    """

    def __init__(
        self, *, trading_url: str, key: Secret, secret: Secret, clock: Clock, timeouts: Timeouts | None = None
    ) -> None:
        self._rest = AlpacaRest(
            server=Server.TRADING, url=trading_url, key=key, secret=secret, clock=clock, timeouts=timeouts
        )
        self._paper = _is_paper(trading_url)
        self._now = clock
        self.unreadable_positions = 0
        """Positions of the latest answer without a readable symbol, quantity or entry price, options among them."""

    async def account(self) -> Account:
        """The account as of now (GET /v2/account)."""
        raw = read(await self._rest.get("/account"), _Account, "the account")
        return Account(
            equity=needed(raw.equity, "equity"),
            last_equity=number(raw.last_equity),
            cash=needed(raw.cash, "cash"),
            buying_power=needed(raw.buying_power, "buying power"),
            currency=text(raw.currency) or "USD",
            status=text(raw.status),
            paper=self._paper,
            receipt=self._now(),
        )

    async def holdings(self) -> Holdings:
        """All open positions as of now (GET /v2/positions)."""
        rows = read(await self._rest.get("/positions"), list[Any], "the positions")
        receipt = self._now()
        positions = tuple(filter(None, (_position(row, receipt) for row in rows)))
        self.unreadable_positions = len(rows) - len(positions)
        return Holdings(positions, receipt)

    async def clock(self) -> BrokerClock:
        """The broker's own word on the market's hours (GET /v2/clock)."""
        raw = read(await self._rest.get("/clock"), _Clock, "the clock")
        return BrokerClock(raw.timestamp, raw.is_open, raw.next_open, raw.next_close)

    async def knows(self, symbol: str) -> AssetFound | None:
        """The listing called `symbol`, or None if Alpaca says that there is none (GET /v2/assets/`symbol`)."""
        try:
            answer = await self._rest.get(f"/assets/{quote(symbol, safe='')}")
        except NotFoundError:
            return None
        raw = read(answer, _Asset, "the asset")
        return AssetFound(symbol, text(raw.name), text(raw.exchange), raw.tradable is True)

    def close(self) -> None:
        """Close the connections and leave the thread. Returns at once; may be called twice."""
        self._rest.close()


class _Account(msgspec.Struct):
    equity: Any = None
    last_equity: Any = None
    cash: Any = None
    buying_power: Any = None
    currency: Any = None
    status: Any = None


class _Position(msgspec.Struct):
    symbol: str
    qty: Any = None
    avg_entry_price: Any = None
    side: Any = None
    asset_class: Any = None


class _Clock(msgspec.Struct):
    timestamp: _Aware
    is_open: bool
    next_open: _Aware
    next_close: _Aware


class _Asset(msgspec.Struct):
    name: Any = None
    exchange: Any = None
    tradable: Any = None


def _position(row: object, receipt: Moment) -> Position | None:
    raw = part(row, _Position)
    if raw is None:
        return None
    try:
        symbol = _symbol(raw)
    except BadSymbolError:
        return None
    quantity, entry = number(raw.qty), number(raw.avg_entry_price)
    if quantity is None or entry is None:
        return None
    if raw.side == "short":
        quantity = -abs(quantity)
    return Position(symbol=symbol, quantity=quantity, average_entry=entry, receipt=receipt)


def _symbol(raw: _Position) -> str:
    """The position's symbol in the spelling that can be priced: Alpaca's crypto pair BTCUSD is BTC-USD.

    Raises BadSymbolError, for an option's symbol too: its price would have to be multiplied by its contract size.
    """
    if raw.asset_class != "crypto":
        return canonical(raw.symbol)
    pair = raw.symbol.upper().replace("/", "")
    for currency in _PAIR_CURRENCIES:
        if pair.endswith(currency) and pair != currency:
            return canonical(f"{pair.removesuffix(currency)}-{currency}")
    return canonical(raw.symbol)


def _is_paper(trading_url: str) -> bool:
    """True for the paper account's host and for the demo's on this machine, by what they are, not by any setting."""
    host = urlsplit(trading_url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host in (PAPER_HOST, "localhost")

"""The paper account over REST: what it is worth, what it holds and has ordered, and the broker's word on the hours."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from ipaddress import ip_address
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import quote, urlsplit

import msgspec
from msgspec import Meta

from mytrader_tui.feeds.alpaca import calendar, equity, holdings, order_rows
from mytrader_tui.feeds.alpaca.answers import Answers
from mytrader_tui.feeds.alpaca.error import NotFoundError
from mytrader_tui.feeds.alpaca.lenient import needed, number, part, read, text
from mytrader_tui.feeds.alpaca.rate_limit import RequestLimit
from mytrader_tui.feeds.alpaca.rest import AlpacaRest, Server, Timeouts
from mytrader_tui.feeds.alpaca.retries import Retries
from mytrader_tui.feeds.feed import Clock
from mytrader_tui.market.account.equity import EquityHistory, EquityPeriod
from mytrader_tui.market.account.orders import Order
from mytrader_tui.market.account.portfolio import Account, Holdings
from mytrader_tui.market.session import BrokerClock, TradingDay
from mytrader_tui.settings.schema import PAPER_HOST
from mytrader_tui.settings.secret import Secret

OrderStatus = Literal["open", "closed", "all"]

PAGE = 500
"""Orders that one answer holds at most."""

PAGES = 10
"""Pages after which the older orders are left where they are."""

_T = TypeVar("_T")
_Aware = Annotated[datetime, Meta(tz=True)]
_MICROSECOND = timedelta(microseconds=1)


class Lifetimes(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds for which an answer serves whoever asks the same again. Orders are never kept."""

    account: float = 5.0
    positions: float = 3.0
    calendar: float = 86400.0
    assets: float = 86400.0


class AssetFound(msgspec.Struct, frozen=True):
    """A listing that Alpaca knows. `tradable` is whether it takes orders for it now."""

    symbol: str
    name: str
    exchange: str
    tradable: bool


class AlpacaAccount:
    """The account at `trading_url`. Every question raises AlpacaError without a usable answer.

    Raises ValueError for a `trading_url` that is neither the paper host's nor this machine's.

    Who asks what is being asked already shares the answer, and some answers serve for a while (`Lifetimes`): each
    carries the moment when it came. A question with `retry` is asked again by itself for some 14 s; a poll is its
    own retry, and its reason belongs on the screen at once.

    Numbers come as strings or as numbers, fields may be null or missing, and words may be new: what is not needed
    is never read, and a row that cannot be read is counted, not fatal.
    """

    def __init__(
        self,
        *,
        trading_url: str,
        key: Secret,
        secret: Secret,
        clock: Clock,
        timeouts: Timeouts | None = None,
        limit: RequestLimit | None = None,
        retries: Retries | None = None,
        lifetimes: Lifetimes | None = None,
    ) -> None:
        self._rest = AlpacaRest(
            server=Server.TRADING,
            url=trading_url,
            key=key,
            secret=secret,
            clock=clock,
            timeouts=timeouts,
            limit=limit,
            retries=retries,
        )
        self._paper = _is_paper(trading_url)
        self._now = clock
        self._lifetimes = lifetimes or Lifetimes()
        self._answers = Answers(clock)
        self.unreadable_positions = 0
        """Positions of the latest answer without a readable symbol, quantity or entry price, options among them."""
        self.unreadable_orders = 0
        """Orders of the latest answer without an id."""
        self.unreadable_days = 0
        """Days of the latest calendar whose hours cannot be read: they would pass for days without trading."""

    async def account(self, *, retry: bool = False) -> Account:
        """The account as of its receipt (GET /v2/account)."""
        return await self._answers.of(("account",), self._lifetimes.account, lambda: self._account(retry))

    async def holdings(self, *, retry: bool = False) -> Holdings:
        """All open positions as of their receipt (GET /v2/positions)."""
        return await self._answers.of(("positions",), self._lifetimes.positions, lambda: self._holdings(retry))

    async def orders(
        self, status: OrderStatus = "open", since: datetime | None = None, *, retry: bool = True
    ) -> list[Order]:
        """The orders that were submitted after `since` (aware), the newest first (GET /v2/orders), never kept.

        The parts of a bracket are orders of their own.
        """
        return list(await self._answers.of(("orders", status, since), 0.0, lambda: self._orders(status, since, retry)))

    async def calendar(self, start: date, end: date, *, retry: bool = True) -> list[TradingDay]:
        """The trading days from `start` to `end`, both included (GET /v2/calendar)."""
        key = ("calendar", start, end)
        return list(await self._answers.of(key, self._lifetimes.calendar, lambda: self._calendar(start, end, retry)))

    async def assets(self, *, retry: bool = True) -> list[AssetFound]:
        """Every active US listing that Alpaca knows (GET /v2/assets): some twelve thousand."""
        return list(await self._answers.of(("assets",), self._lifetimes.assets, lambda: self._assets(retry)))

    async def equity_history(self, period: EquityPeriod = "1D", *, retry: bool = True) -> EquityHistory:
        """The account's equity over a `period` (GET /v2/account/portfolio/history), never kept."""
        return await self._answers.of(("equity", period), 0.0, lambda: self._equity_history(period, retry))

    async def clock(self) -> BrokerClock:
        """The broker's own word on the market's hours (GET /v2/clock), asked once: the round trip is measured."""
        raw = read(await self._rest.get("/clock", retry=False), _Clock, "the clock")
        return BrokerClock(raw.timestamp, raw.is_open, raw.next_open, raw.next_close)

    async def knows(self, symbol: str, *, retry: bool = False) -> AssetFound | None:
        """The listing called `symbol`, or None if Alpaca says that there is none (GET /v2/assets/`symbol`)."""
        try:
            answer = await self._rest.get(f"/assets/{quote(symbol, safe='')}", retry=retry)
        except NotFoundError:
            return None
        raw = read(answer, _Asset, "the asset")
        return AssetFound(symbol, text(raw.name), text(raw.exchange), raw.tradable is True)

    def invalidate(self, *names: Literal["account", "positions", "calendar", "assets"]) -> None:
        """Something happened of which the answers of these names may not know: the next question is asked anew."""
        self._answers.invalidate(*names)

    def close(self) -> None:
        """Close the connections and leave the thread. Returns at once; may be called twice."""
        self._rest.close()
        self._answers.close()

    async def _account(self, retry: bool) -> Account:
        raw = read(await self._rest.get("/account", retry=retry), _Account, "the account")
        return Account(
            equity=needed(raw.equity, "equity"),
            last_equity=number(raw.last_equity),
            cash=needed(raw.cash, "cash"),
            buying_power=needed(raw.buying_power, "buying power"),
            currency=text(raw.currency) or "USD",
            status=text(raw.status),
            paper=self._paper,
            receipt=self._now(),
            long_market_value=number(raw.long_market_value),
            short_market_value=_negative(number(raw.short_market_value)),
        )

    async def _holdings(self, retry: bool) -> Holdings:
        rows = read(await self._rest.get("/positions", retry=retry), list[Any], "the positions")
        receipt = self._now()
        positions, self.unreadable_positions = _readable(rows, lambda row: holdings.position(row, receipt))
        return Holdings(positions, receipt, self.unreadable_positions)

    async def _orders(self, status: OrderStatus, since: datetime | None, retry: bool) -> tuple[Order, ...]:
        found: dict[str, Order] = {}
        until: datetime | None = None
        self.unreadable_orders = 0
        for _ in range(PAGES):
            parameters = {"status": status, "limit": str(PAGE), "direction": "desc"}
            parameters |= {} if since is None else {"after": _instant(since)}
            parameters |= {} if until is None else {"until": _instant(until)}
            rows = read(await self._rest.get("/orders", parameters, retry=retry), list[Any], "the orders")
            page, unreadable = _readable(rows, order_rows.order)
            self.unreadable_orders += unreadable
            new = {each.id: each for each in page if each.id not in found}
            found |= new
            submitted = [each.submitted_at for each in new.values() if each.submitted_at is not None]
            if len(rows) < PAGE or not submitted:
                break
            # One more than the oldest: orders of the same instant may stand on both pages.
            until = min(submitted) + _MICROSECOND
        return tuple(found.values())

    async def _calendar(self, start: date, end: date, retry: bool) -> tuple[TradingDay, ...]:
        parameters = {"start": start.isoformat(), "end": end.isoformat()}
        rows = read(await self._rest.get("/calendar", parameters, retry=retry), list[Any], "the calendar")
        days, self.unreadable_days = _readable(rows, calendar.day)
        return days

    async def _assets(self, retry: bool) -> tuple[AssetFound, ...]:
        parameters = {"status": "active", "asset_class": "us_equity"}
        rows = read(await self._rest.get("/assets", parameters, retry=retry), list[Any], "the assets")
        # In a thread: cleaning twelve thousand names would hold the event loop up.
        return (await asyncio.to_thread(_readable, rows, _asset))[0]

    async def _equity_history(self, period: EquityPeriod, retry: bool) -> EquityHistory:
        answer = await self._rest.get("/account/portfolio/history", equity.parameters_for(period), retry=retry)
        return equity.history(answer, period, self._now())


class _Account(msgspec.Struct):
    equity: Any = None
    last_equity: Any = None
    cash: Any = None
    buying_power: Any = None
    currency: Any = None
    status: Any = None
    long_market_value: Any = None
    short_market_value: Any = None


class _Clock(msgspec.Struct):
    timestamp: _Aware
    is_open: bool
    next_open: _Aware
    next_close: _Aware


class _Asset(msgspec.Struct):
    symbol: Any = None
    name: Any = None
    exchange: Any = None
    tradable: Any = None


def _asset(row: object) -> AssetFound | None:
    raw = part(row, _Asset)
    if raw is None or not text(raw.symbol):
        return None
    return AssetFound(text(raw.symbol), text(raw.name), text(raw.exchange), raw.tradable is True)


def _readable(rows: Iterable[object], read_row: Callable[[object], _T | None]) -> tuple[tuple[_T, ...], int]:
    """The rows that can be read, and how many cannot."""
    found = [read_row(row) for row in rows]
    readable = tuple(each for each in found if each is not None)
    return readable, len(found) - len(readable)


def _negative(value: Decimal | None) -> Decimal | None:
    """What is held short, negative however it is written."""
    return None if value is None else -abs(value)


def _instant(when: datetime) -> str:
    return when.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _is_paper(trading_url: str) -> bool:
    """True for the paper account's host and for the demo's on this machine, by what they are, not by any setting."""
    host = urlsplit(trading_url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host in (PAPER_HOST, "localhost")

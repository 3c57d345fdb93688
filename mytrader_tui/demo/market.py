"""A market on loopback, in the current event loop: Alpaca's sockets and REST, Yahoo's HTTP, each behind a gate."""

import asyncio
import math
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import msgspec
from starlette.applications import Starlette

from mytrader_tui.demo.bars import Bars
from mytrader_tui.demo.broker import Broker, Side
from mytrader_tui.demo.credentials import Credentials
from mytrader_tui.demo.data_rest import DataRest
from mytrader_tui.demo.faults import Faults
from mytrader_tui.demo.gate import Gate
from mytrader_tui.demo.hours import DemoHours, DemoSession
from mytrader_tui.demo.http_faults import FaultLayer, rest_fault, yahoo_fault
from mytrader_tui.demo.messages import (
    CancelMessage,
    CorrectionMessage,
    StatusMessage,
    TradeMessage,
    daily_bar_message,
    quote_message,
    tape,
    trade_message,
)
from mytrader_tui.demo.prices import Prices
from mytrader_tui.demo.rate_headers import RateHeaders
from mytrader_tui.demo.seen import Seen
from mytrader_tui.demo.server import LoopbackServer
from mytrader_tui.demo.stream import DataStream
from mytrader_tui.demo.ticker import Ticker
from mytrader_tui.demo.trading_rest import TradingRest
from mytrader_tui.demo.trading_socket import AccountStream
from mytrader_tui.demo.yahoo_http import YahooHttp
from mytrader_tui.demo.yahoo_prices import YahooPrices
from mytrader_tui.market.moment import Moment


class Gates(msgspec.Struct, frozen=True):
    """The three ways into the demo: market data socket, Alpaca's REST with its account socket, Yahoo."""

    stream: Gate
    rest: Gate
    yahoo: Gate


class DemoMarket:
    """Everything the program may connect to. `start` before use, `stop` after, or `async with`.

    `clock` stamps the prints; `ticks_per_second` is the total of messages sent, none by itself if 0.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], Moment],
        seed: int = 1,
        symbol_limit: int = 30,
        connection_limit: int = 1,
        ticks_per_second: float = 20.0,
        key: str = "DEMO-KEY",
        secret: str = "demo-secret",
    ) -> None:
        self.faults = Faults()
        self.seen = Seen()
        self.key = key
        self.secret = secret
        self._clock = clock
        self._ticks_per_second = ticks_per_second
        self._hours = DemoHours(clock)
        self._prices = Prices(seed)
        self._stream = DataStream(
            faults=self.faults,
            seen=self.seen,
            key=key,
            secret=secret,
            symbol_limit=symbol_limit,
            connection_limit=connection_limit,
        )
        self._ticker = Ticker(ticks_per_second, self._prices, self._stream, self._hours, seed)
        credentials = Credentials(key, secret)
        self._broker = Broker(self._prices, clock)
        self._account_stream = AccountStream(credentials)
        self._servers = self._build(credentials)
        self._gates: Gates | None = None
        self._ticking: asyncio.Task[None] | None = None

    def _build(self, credentials: Credentials) -> tuple[LoopbackServer, LoopbackServer, LoopbackServer]:
        bars = Bars(self._prices, self._hours)
        data = DataRest(self._prices, bars, self._hours, self._clock, credentials)
        trading = TradingRest(self._broker, self._hours, self._clock, credentials, self.faults)
        routes = [*data.routes, *trading.routes, *self._account_stream.routes]
        rest = FaultLayer(RateHeaders(Starlette(routes=routes), self._clock), self.faults, self.seen, rest_fault)
        yahoo = YahooHttp(YahooPrices(self._prices, bars, self._hours), self.faults, self._clock)
        return (
            LoopbackServer(self._stream.app, "demo stream"),
            LoopbackServer(rest, "demo rest"),
            LoopbackServer(FaultLayer(yahoo.app, self.faults, self.seen, yahoo_fault), "demo yahoo"),
        )

    async def start(self) -> None:
        """Open the ports; the URLs are known when this returns."""
        for server in self._servers:
            await server.start()
        self._gates = Gates(*(Gate(server.port) for server in self._servers))
        for gate in (self.gates.stream, self.gates.rest, self.gates.yahoo):
            gate.start()
        if self._ticks_per_second > 0:
            self._ticking = asyncio.create_task(self._ticker.run(self._clock), name="demo ticker")

    async def stop(self) -> None:
        """Close everything; a second time does nothing."""
        if self._ticking is not None:
            self._ticking.cancel()
            await asyncio.gather(self._ticking, return_exceptions=True)
            self._ticking = None
        if self._gates is not None:
            gates, self._gates = self._gates, None
            await asyncio.gather(*(gate.stop() for gate in (gates.stream, gates.rest, gates.yahoo)))
            await asyncio.gather(*(server.stop() for server in self._servers))

    async def __aenter__(self) -> "DemoMarket":
        await self.start()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()

    @property
    def running(self) -> bool:
        """True between `start` and `stop`."""
        return self._gates is not None

    @property
    def gates(self) -> Gates:
        """The gates of a started market. Raises RuntimeError before `start` and after `stop`."""
        if self._gates is None:
            raise RuntimeError("the demo market is not running")
        return self._gates

    @property
    def stream_url(self) -> str:
        """Where a client appends the feed: `/v2/iex`."""
        return f"ws://127.0.0.1:{self.gates.stream.port}"

    @property
    def trading_url(self) -> str:
        """The base of /v2/account and the other trading routes."""
        return f"http://127.0.0.1:{self.gates.rest.port}"

    @property
    def trading_stream_url(self) -> str:
        """The account's socket, whole."""
        return f"ws://127.0.0.1:{self.gates.rest.port}/stream"

    @property
    def data_url(self) -> str:
        """The base of /v2/stocks."""
        return f"http://127.0.0.1:{self.gates.rest.port}"

    @property
    def yahoo_url(self) -> str:
        """The base of every Yahoo host's routes."""
        return f"http://127.0.0.1:{self.gates.yahoo.port}"

    @property
    def account_listeners(self) -> int:
        """Clients that listen to trade updates now."""
        return self._account_stream.listeners

    def price(self, symbol: str) -> float:
        """The walk's present price of a canonical symbol, in its currency."""
        return self._prices.walk(symbol, self._clock().wall).price

    def set_session(self, session: DemoSession) -> None:
        """Open or close the market, or let it keep New York's hours by the clock."""
        self._hours.session = session

    async def trade(
        self,
        symbol: str,
        price: float,
        size: int = 100,
        event_time: datetime | None = None,
        conditions: tuple[str, ...] = ("@",),
    ) -> TradeMessage:
        """Print a trade to the sockets subscribed to it; the walk goes on from its price, if it can be one."""
        now = self._clock().wall
        walk = self._prices.walk(symbol, now)
        if math.isfinite(price) and price > 0:
            walk.home = price
            walk.trade(price, size, now)
        message = trade_message(walk, self._ticker.next_trade_id(), event_time or now, conditions)
        message = msgspec.structs.replace(message, price=price, size=size)
        self._stream.publish([message])
        return message

    async def correct(self, printed: TradeMessage, price: float, size: float | None = None) -> TradeMessage:
        """Say that the trade `printed` was at `price`; the trade as it now is has a number of its own."""
        corrected = msgspec.structs.replace(
            printed, trade_id=self._ticker.next_trade_id(), price=price, size=printed.size if size is None else size
        )
        message = CorrectionMessage(
            printed.symbol,
            printed.exchange,
            printed.trade_id,
            printed.price,
            printed.size,
            printed.conditions,
            corrected.trade_id,
            corrected.price,
            corrected.size,
            corrected.conditions,
            self._clock().wall,
            printed.tape,
        )
        self._stream.publish([message])
        return corrected

    async def cancel(self, printed: TradeMessage, action: str = "C") -> None:
        """Say that the trade `printed` never was: action C cancels it, E calls it an error."""
        price, size, now = printed.price, printed.size, self._clock().wall
        name = (printed.symbol, printed.trade_id, printed.exchange)
        self._stream.publish([CancelMessage(*name, price, size, action, now, printed.tape)])

    async def bid_ask(self, symbol: str, bid: float, ask: float, event_time: datetime | None = None) -> None:
        """Print a quote to the sockets subscribed to it."""
        now = self._clock().wall
        message = quote_message(self._prices.walk(symbol, now), event_time or now)
        self._stream.publish([msgspec.structs.replace(message, bid=bid, ask=ask)])

    async def day_bar(self, symbol: str) -> None:
        """Print the symbol's day so far to the sockets subscribed to it."""
        now = self._clock().wall
        self._stream.publish([daily_bar_message(self._prices.walk(symbol, now), self._hours.day(now))])

    async def status(self, symbol: str, code: str, text: str = "", reason_code: str = "", reason: str = "") -> None:
        """Print a trading status: code H halts, T trades."""
        now = self._clock().wall
        facts = self._prices.walk(symbol, now).listing
        self._stream.publish([StatusMessage(symbol, code, text, reason_code, reason, now, tape(facts))])

    async def fill(
        self, symbol: str, side: Side, qty: float | str, price: float | str, order: UUID | None = None
    ) -> None:
        """Trade, for a market order of its own or for the open `order`, or a part of it.

        Positions, cash and orders change, and the account socket says so. Raises LookupError for an unknown order.
        """
        filled = self._broker.open_order(order) if order is not None else None
        amount, each = Decimal(str(qty)), Decimal(str(price))
        await self._account_stream.publish(self._broker.fill(symbol, side, amount, each, filled))

    async def order(self, symbol: str, side: Side, qty: float | str, limit: float | str | None = None) -> UUID:
        """Take on an order that waits, and say so on the account socket; its id."""
        limit_price = None if limit is None else Decimal(str(limit))
        update = self._broker.order(symbol, side, Decimal(str(qty)), limit_price)
        await self._account_stream.publish(update)
        return update.order.id

    async def cancel_order(self, order: UUID) -> None:
        """Cancel an open order, and say so on the account socket. Raises LookupError for one that is not."""
        await self._account_stream.publish(self._broker.cancel(self._broker.open_order(order)))

    async def send_account(self, frame: bytes) -> None:
        """Send a binary frame as it stands to every client that listens to trade updates."""
        await self._account_stream.send_raw(frame)

    async def send_raw(self, frame: bytes) -> None:
        """Send a binary frame as it stands to every authenticated market data socket."""
        self._stream.send_raw(frame)

    async def send_error(self, code: int) -> None:
        """Send one of Alpaca's errors to every market data socket."""
        self._stream.send_error(code)

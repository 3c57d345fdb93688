"""The demo's Alpaca market data REST: snapshots and bars.

Shapes are those of Alpaca's /v2/stocks: unknown symbols are left out, malformed ones refuse the whole request, and
the consolidated feed is not for this plan.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mytrader_tui.demo.answer import json_response, problem
from mytrader_tui.demo.bars import Bars, PastBar
from mytrader_tui.demo.credentials import Credentials
from mytrader_tui.demo.hours import DemoHours
from mytrader_tui.demo.listings import at_alpaca, exists
from mytrader_tui.demo.messages import tape
from mytrader_tui.demo.prices import Prices, Walk
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.symbol import alpaca_can_know

_BAR = {"time": "t", "open": "o", "high": "h", "low": "l", "close": "c", "volume": "v", "trades": "n", "vwap": "vw"}
_MINUTES = {"1Min": 1, "5Min": 5, "15Min": 15, "20Min": 20, "30Min": 30, "1Hour": 60}
_MOST_BARS = 10_000
_MOST_DAYS = 62
"""As many days as the demo has bars of minutes for."""


class LatestTrade(msgspec.Struct, rename={"time": "t", "exchange": "x", "price": "p", "size": "s", "conditions": "c"}):
    """A snapshot's last trade."""

    time: datetime
    exchange: str
    price: float
    size: int
    conditions: tuple[str, ...]
    i: int
    z: str


class LatestQuote(msgspec.Struct):
    """A snapshot's bid and ask, in Alpaca's letters."""

    t: datetime
    ax: str
    ap: float
    bx: str
    bp: float
    c: tuple[str, ...] = ("R",)
    z: str = "C"
    as_: int = msgspec.field(default=2, name="as")
    bs: int = 3


class RestBar(msgspec.Struct, rename=_BAR):
    """A bar in Alpaca's letters."""

    time: datetime
    open: float
    high: float
    low: float
    close: float
    volume: int
    trades: int
    vwap: float


class Snapshot(msgspec.Struct, rename="camel"):
    """Everything of one symbol in one answer."""

    latest_trade: LatestTrade
    latest_quote: LatestQuote
    minute_bar: RestBar
    daily_bar: RestBar
    prev_daily_bar: RestBar


class BarPage(msgspec.Struct):
    """Bars by symbol."""

    bars: dict[str, list[RestBar]]
    next_page_token: str | None = None


class DataRest:
    """The routes of data.alpaca.markets."""

    def __init__(
        self,
        prices: Prices,
        bars: Bars,
        hours: DemoHours,
        clock: Callable[[], Moment],
        credentials: Credentials,
    ) -> None:
        self._prices = prices
        self._bars = bars
        self._hours = hours
        self._clock = clock
        self._credentials = credentials
        self.routes = [
            Route("/v2/stocks/snapshots", self._snapshots),
            Route("/v2/stocks/bars", self._many_bars),
        ]

    def _refusal(self, request: Request, symbols: list[str]) -> Response | None:
        refusal = self._credentials.refusal(request)
        if refusal is not None:
            return refusal
        if request.query_params.get("feed") == "sip":
            return problem(403, "subscription does not permit querying recent SIP data")
        malformed = [symbol for symbol in symbols if exists(symbol) and not alpaca_can_know(symbol)]
        if malformed:
            return problem(400, f"invalid symbol: {malformed[0]}")
        return None if symbols else problem(400, "symbols is required")

    async def _snapshots(self, request: Request) -> Response:
        symbols = _symbols(request)
        refusal = self._refusal(request, symbols)
        if refusal is not None:
            return refusal
        now = self._clock().wall
        return json_response({symbol: self._snapshot(symbol, now) for symbol in symbols if at_alpaca(symbol)})

    def _snapshot(self, symbol: str, now: datetime) -> Snapshot:
        walk = self._prices.walk(symbol, now)
        daily = self._bars.daily(symbol, now, 2)
        return Snapshot(
            latest_trade=_latest_trade(walk, self._hours.last_print(walk.when, now)),
            latest_quote=_latest_quote(walk, self._hours.last_print(walk.when, now)),
            minute_bar=_rest_bar(self._bars.latest_minute(symbol, now)),
            daily_bar=_rest_bar(daily[-1]),
            prev_daily_bar=_rest_bar(daily[-2]),
        )

    async def _many_bars(self, request: Request) -> Response:
        symbols = _symbols(request)
        refusal = self._refusal(request, symbols)
        if refusal is not None:
            return refusal
        timeframe = request.query_params.get("timeframe", "1Day")
        if timeframe not in ("1Day", "1Week") and timeframe not in _MINUTES:
            return problem(400, f"invalid timeframe: {timeframe}")
        span = _span(request)
        if span is None:
            return problem(400, "invalid start, end or limit")
        now = self._clock().wall
        asked = sorted({symbol for symbol in symbols if at_alpaca(symbol)})
        return json_response(_page({symbol: self._of(symbol, timeframe, now, span) for symbol in asked}, span))

    def _of(self, symbol: str, timeframe: str, now: datetime, span: "_Span") -> list[RestBar]:
        start = span.start if span.start is not None else self._hours.day(now)
        if timeframe == "1Day":
            bars = self._bars.daily(symbol, now)
        elif timeframe == "1Week":
            bars = self._bars.weekly(symbol, now)
        else:
            days = max(1, min(_MOST_DAYS, (now - start).days + 2))
            bars = self._bars.intraday(symbol, now, _MINUTES[timeframe], days)
        within = [bar for bar in bars if start <= bar.time and (span.end is None or bar.time <= span.end)]
        return [_rest_bar(bar) for bar in (within[::-1] if span.newest_first else within)]


class _Span(msgspec.Struct, frozen=True):
    start: datetime | None
    end: datetime | None
    limit: int
    newest_first: bool
    skip: int


def _page(bars: dict[str, list[RestBar]], span: _Span) -> BarPage:
    """So many bars, symbol after symbol, as the limit allows, and a token where there are more."""
    rows = [(symbol, bar) for symbol, each in bars.items() for bar in each]
    page: dict[str, list[RestBar]] = {}
    for symbol, bar in rows[span.skip : span.skip + span.limit]:
        page.setdefault(symbol, []).append(bar)
    end = span.skip + span.limit
    return BarPage(page, str(end) if end < len(rows) else None)


def _symbols(request: Request) -> list[str]:
    return [symbol for symbol in request.query_params.get("symbols", "").split(",") if symbol]


def _span(request: Request) -> _Span | None:
    """The part of the past that is asked for, or None if the question is malformed."""
    query = request.query_params
    try:
        start, end = (_instant(query.get(name)) for name in ("start", "end"))
        limit, skip = int(query.get("limit", "1000")), int(query.get("page_token", "0"))
    except ValueError:
        return None
    return _Span(start, end, max(1, min(limit, _MOST_BARS)), query.get("sort") == "desc", max(0, skip))


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _latest_trade(walk: Walk, when: datetime) -> LatestTrade:
    return LatestTrade(when, "V", walk.price, walk.size, ("@",), walk.trades, tape(walk.listing))


def _latest_quote(walk: Walk, when: datetime) -> LatestQuote:
    return LatestQuote(when - timedelta(milliseconds=1), "V", walk.ask, "V", walk.bid, z=tape(walk.listing))


def _rest_bar(bar: PastBar) -> RestBar:
    return RestBar(bar.time.astimezone(UTC), bar.open, bar.high, bar.low, bar.close, bar.volume, bar.trades, bar.vwap)

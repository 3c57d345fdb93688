"""The demo's Yahoo over HTTP: cookie, crumb, quotes, charts and search.

Yahoo publishes no specification; shapes are those that yfinance reads. Quotes want the crumb, charts do not.
"""

from collections.abc import Callable
from datetime import datetime

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from mytrader_tui.demo.answer import json_response
from mytrader_tui.demo.faults import Faults
from mytrader_tui.demo.listings import WELL_KNOWN, exists, listing
from mytrader_tui.demo.yahoo_prices import ChartQuestion, YahooPrices
from mytrader_tui.demo.yahoo_shapes import (
    Chart,
    ChartAnswer,
    FailedFinance,
    Failure,
    Found,
    QuoteAnswer,
    QuoteResponse,
    Refusal,
    SearchAnswer,
    YahooQuote,
)
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.symbol import BadSymbolError, canonical, yahoo_spelling

CRUMB = "dEmO.crumb"
_COOKIE = "A3=d=demo&S=demo; Max-Age=31557600; Path=/; HttpOnly"
_MOST_FOUND = 7


class YahooHttp:
    """The routes of fc, query1 and query2.finance.yahoo.com."""

    def __init__(self, prices: YahooPrices, faults: Faults, clock: Callable[[], Moment]) -> None:
        self._prices = prices
        self._faults = faults
        self._clock = clock
        self.app = Starlette(
            routes=[
                Route("/", self._cookie),
                Route("/v1/test/getcrumb", self._crumb),
                Route("/v7/finance/quote", self._quotes),
                Route("/v8/finance/chart/{symbol}", self._chart),
                Route("/v1/finance/search", self._search),
            ]
        )

    async def _cookie(self, request: Request) -> Response:
        """fc.yahoo.com answers 404 and gives the cookie all the same."""
        at_yahoo = (request.url.hostname or "").endswith("yahoo.com")
        scope = "; Domain=.yahoo.com; Secure; SameSite=None" if at_yahoo else ""
        return PlainTextResponse("Not Found", 404, {"Set-Cookie": _COOKIE + scope})

    async def _crumb(self, _request: Request) -> Response:
        return PlainTextResponse(CRUMB)

    async def _quotes(self, request: Request) -> Response:
        if request.query_params.get("crumb") != CRUMB:
            return json_response(Failure(FailedFinance(Refusal("Unauthorized", "Invalid Crumb"))), 401)
        asked = [symbol for symbol in request.query_params.get("symbols", "").split(",") if symbol]
        now = self._clock().wall
        known = [symbol for symbol in dict.fromkeys(asked) if self._has(symbol)]
        yesterday = self._faults.yahoo_yesterday
        quotes = [self._prices.quote(canonical(symbol), symbol, now, yesterday=yesterday) for symbol in known]
        return json_response(QuoteAnswer(QuoteResponse([self._as_told(quote, now) for quote in quotes])))

    def _as_told(self, quote: YahooQuote, now: datetime) -> YahooQuote:
        symbol = canonical(quote.symbol)
        if self._faults.yahoo_prompt:
            quote = quote.prompt(self._prices.present(symbol, now), now)
        return quote.scaled(self._faults.yahoo_factor) if symbol in self._faults.yahoo_doubled else quote

    async def _chart(self, request: Request) -> Response:
        symbol = str(request.path_params["symbol"])
        if self._faults.yahoo_empty:
            return json_response(ChartAnswer(Chart([])))
        if not self._has(symbol):
            refusal = Refusal("Not Found", "No data found, symbol may be delisted")
            return json_response(ChartAnswer(Chart(None, refusal)), 404)
        query = request.query_params
        question = ChartQuestion(
            query.get("range", "1d"),
            query.get("interval", "1d"),
            self._since(request),
            query.get("includePrePost", "").lower() == "true",
        )
        chart = self._prices.chart(canonical(symbol), symbol, question, self._clock().wall)
        return json_response(ChartAnswer(Chart([chart])))

    def _since(self, request: Request) -> datetime | None:
        start = request.query_params.get("period1", "")
        now = self._clock().wall
        return datetime.fromtimestamp(max(0, int(start)), now.tzinfo) if start.lstrip("-").isdigit() else None

    async def _search(self, request: Request) -> Response:
        asked = request.query_params.get("q", "").strip().casefold()
        found = [] if self._faults.yahoo_empty or not asked else [_found(symbol) for symbol in _matching(asked)]
        return json_response(SearchAnswer(found, len(found)))

    def _has(self, spelling: str) -> bool:
        try:
            symbol = canonical(spelling)
        except BadSymbolError:
            return False
        return exists(symbol) and not self._faults.yahoo_empty and symbol not in self._faults.yahoo_missing


def _matching(asked: str) -> list[str]:
    starts = [symbol for symbol in WELL_KNOWN if symbol.casefold().startswith(asked)]
    names = [symbol for symbol in WELL_KNOWN if asked in listing(symbol).name.casefold() and symbol not in starts]
    return [*starts, *names][:_MOST_FOUND]


def _found(symbol: str) -> Found:
    facts = listing(symbol)
    kind = facts.kind.capitalize()
    return Found(
        yahoo_spelling(symbol), facts.name, facts.name, facts.exchange, facts.exchange_name, facts.kind, kind, 20_000.0
    )

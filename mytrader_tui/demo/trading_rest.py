"""The demo's Alpaca trading REST: account, positions, orders, clock, calendar and assets, to read."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta

from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mytrader_tui.demo.answer import json_response, problem
from mytrader_tui.demo.broker import Broker, id_of
from mytrader_tui.demo.broker_shapes import Asset, BrokerTime, CalendarDay
from mytrader_tui.demo.credentials import Credentials
from mytrader_tui.demo.equity_curve import SPANS, curve
from mytrader_tui.demo.faults import Faults
from mytrader_tui.demo.hours import DemoHours
from mytrader_tui.demo.listings import WELL_KNOWN, alpaca_exchange, alpaca_name, at_alpaca, listing
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.session import NEW_YORK, trading_day

_Answer = Callable[[Request], Response]
_LONGEST_CALENDAR = timedelta(days=3660)


class TradingRest:
    """The routes of paper-api.alpaca.markets. None of them places an order."""

    def __init__(
        self,
        broker: Broker,
        hours: DemoHours,
        clock: Callable[[], Moment],
        credentials: Credentials,
        faults: Faults,
    ) -> None:
        self._broker = broker
        self._faults = faults
        self._hours = hours
        self._clock = clock
        self._credentials = credentials
        self.routes = [
            Route("/v2/account", self._checked(lambda _: json_response(broker.account()))),
            Route("/v2/account/portfolio/history", self._checked(self._history)),
            Route("/v2/positions", self._checked(lambda _: json_response(broker.positions()))),
            Route("/v2/positions/{symbol}", self._checked(self._position)),
            Route("/v2/orders", self._checked(self._orders)),
            Route("/v2/clock", self._checked(self._time)),
            Route("/v2/calendar", self._checked(self._calendar)),
            Route("/v2/assets", self._checked(self._assets)),
            Route("/v2/assets/{symbol}", self._checked(self._asset)),
        ]

    def _checked(self, answer: _Answer) -> Callable[[Request], Awaitable[Response]]:
        """`answer` behind the credentials."""

        async def checked(request: Request) -> Response:
            return self._credentials.refusal(request) or answer(request)

        return checked

    def _position(self, request: Request) -> Response:
        symbol = request.path_params["symbol"]
        found = [position for position in self._broker.positions() if position.symbol == symbol]
        return json_response(found[0]) if found else problem(404, "position does not exist", 40410000)

    def _orders(self, request: Request) -> Response:
        query = request.query_params
        limit = query.get("limit", "50")
        if not limit.isdigit():
            return problem(422, "limit must be a number", 42210000)
        try:
            after, until = _instant(query.get("after")), _instant(query.get("until"))
        except ValueError:
            return problem(422, "after and until are times", 42210000)
        wanted = {symbol for symbol in query.get("symbols", "").split(",") if symbol}
        orders = [
            order
            for order in self._broker.orders(query.get("status", "open"))
            if (not wanted or order.symbol in wanted)
            and (after is None or order.submitted_at > after)
            and (until is None or order.submitted_at < until)
        ]
        return json_response((orders[::-1] if query.get("direction") == "asc" else orders)[: int(limit)])

    def _history(self, request: Request) -> Response:
        period = request.query_params.get("period", "1M")
        if period not in SPANS:
            return problem(422, "invalid period", 42210000)
        broker, now = self._broker, self._clock().wall
        return json_response(curve(period, broker.last_equity(), broker.equity(), now))

    def _time(self, _request: Request) -> Response:
        now = self._clock().wall
        return json_response(
            BrokerTime(
                now.astimezone(NEW_YORK), self._hours.is_open, self._hours.next_open(now), self._hours.next_close(now)
            )
        )

    def _calendar(self, request: Request) -> Response:
        today = self._clock().wall.astimezone(NEW_YORK).date()
        try:
            start = _day(request.query_params.get("start"), date(today.year, 1, 1))
            end = _day(request.query_params.get("end"), date(today.year, 12, 31))
        except ValueError:
            return problem(422, "start and end are dates", 42210000)
        faults, days = self._faults, _calendar(start, min(end, start + _LONGEST_CALENDAR))
        days = [day for day in days if day.date not in faults.calendar_shut]
        if faults.calendar_garbled and days:
            days[0] = replace(days[0], open="9h30")
        return json_response(days)

    def _assets(self, _request: Request) -> Response:
        return json_response([_asset(symbol) for symbol in WELL_KNOWN if at_alpaca(symbol)])

    def _asset(self, request: Request) -> Response:
        symbol = str(request.path_params["symbol"])
        if not at_alpaca(symbol):
            return problem(404, f"asset not found for {symbol}", 40410000)
        return json_response(_asset(symbol))


def _day(text: str | None, otherwise: date) -> date:
    return datetime.fromisoformat(text).date() if text is not None else otherwise


def _instant(text: str | None) -> datetime | None:
    found = datetime.fromisoformat(text) if text else None
    return found.replace(tzinfo=UTC) if found is not None and found.tzinfo is None else found


def _calendar(start: date, end: date) -> list[CalendarDay]:
    days = []
    for offset in range((end - start).days + 1):
        day = start + timedelta(days=offset)
        if (hours := trading_day(day)) is not None:
            open_, close = f"{hours.open:%H:%M}", f"{hours.close:%H:%M}"
            days.append(CalendarDay(day, open_, close, f"{hours.pre:%H%M}", f"{hours.post:%H%M}"))
    return days


def _asset(symbol: str) -> Asset:
    facts = listing(symbol)
    return Asset(id_of(symbol), alpaca_exchange(facts), symbol, alpaca_name(facts))

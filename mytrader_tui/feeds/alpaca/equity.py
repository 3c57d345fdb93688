"""The account's portfolio history (GET /v2/account/portfolio/history) as a curve."""

from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any

import msgspec

from mytrader_tui.feeds.alpaca.client import Parameters
from mytrader_tui.feeds.alpaca.lenient import number, read
from mytrader_tui.market.account.equity import EquityHistory, EquityPeriod, EquityPoint
from mytrader_tui.market.moment import Moment

_STEPS: dict[EquityPeriod, str] = {"1D": "5Min", "1W": "1H", "1M": "1D", "3M": "1D", "1A": "1D"}
_LATEST_SECOND = datetime(9998, 1, 1, tzinfo=UTC).timestamp()


class _History(msgspec.Struct):
    timestamp: list[Any] | None = None
    equity: list[Any] | None = None
    profit_loss: list[Any] | None = None
    base_value: Any = None


def parameters_for(period: EquityPeriod) -> Parameters:
    """What to ask for: steps as fine as a chart of the `period` shows, in the regular session."""
    return {"period": period, "timeframe": _STEPS[period], "intraday_reporting": "market_hours"}


def history(answer: object, period: EquityPeriod, receipt: Moment) -> EquityHistory:
    """The curve in an `answer`; a point without a time or an equity is left out. Raises AlpacaError (UNREADABLE).

    An account younger than the period has zeros before its first day: that is no equity, and they are left out too.
    """
    raw = read(answer, _History, "the equity history")
    rows = zip_longest(raw.timestamp or (), raw.equity or (), raw.profit_loss or ())
    points = sorted(filter(None, (_point(*row) for row in rows)), key=lambda point: point.at)
    funded = next((index for index, point in enumerate(points) if point.equity), len(points))
    return EquityHistory(period=period, points=tuple(points[funded:]), base=number(raw.base_value), receipt=receipt)


def _point(seconds: object, equity: object, profit: object) -> EquityPoint | None:
    epoch, worth = number(seconds), number(equity)
    if epoch is None or worth is None or not 0 < epoch < _LATEST_SECOND:
        return None
    return EquityPoint(datetime.fromtimestamp(float(epoch), UTC), worth, number(profit))

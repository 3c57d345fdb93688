"""Series as a test needs them: the days of November 2026 in New York."""

from datetime import UTC, datetime, timedelta

from mytrader_tui.market.bar_days import day_start, session_at
from mytrader_tui.market.bars import PLANS, Bar, BarSeries, Timeframe
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Origin, Quote, Source, Trade
from mytrader_tui.market.session import NEW_YORK

IEX = Origin(Source.ALPACA, "iex", 0.0)


def at(hour: int, minute: int = 0, second: float = 0.0, day: int = 20, month: int = 11) -> datetime:
    """A New York time of 2026, by default on Friday 20 November, in UTC."""
    local = datetime(2026, month, day, hour, minute, tzinfo=NEW_YORK) + timedelta(seconds=second)
    return local.astimezone(UTC)


def moment(wall: datetime) -> Moment:
    return Moment(wall, wall.timestamp())


def bar(start: datetime, close: float = 100.0, volume: float | None = 1000.0) -> Bar:
    """A bar within a day: from 100 to `close`."""
    return Bar(start, 100.0, max(100.0, close), min(100.0, close), close, volume, session_at(start))


def day(number: int, month: int = 11) -> Bar:
    """A whole day's bar."""
    return Bar(day_start(at(12, day=number, month=month).date()), 100.0, 101.0, 99.0, 100.0, 1000.0)


def series(timeframe: Timeframe, told: datetime, *bars: Bar, symbol: str = "AAPL", **fields: object) -> BarSeries:
    known = {"origin": IEX, "receipt": moment(told), **fields}
    return BarSeries(symbol, timeframe, PLANS[timeframe].span_seconds, bars, **known)  # type: ignore[arg-type]


def trade(when: datetime, price: float, *conditions: str, symbol: str = "AAPL", origin: Origin = IEX) -> Trade:
    return Trade(symbol, price, 100.0, when, origin, moment(when), conditions=conditions or ("@",), tape="C")


def quote(when: datetime, last: float, **fields: object) -> Quote:
    known = {"symbol": "AAPL", "origin": IEX, "receipt": moment(when), "last": last, "event_time": when, **fields}
    return Quote(**known)  # type: ignore[arg-type]

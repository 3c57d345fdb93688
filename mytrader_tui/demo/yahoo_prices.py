"""The demo's prices as Yahoo tells them: late, rounded to seconds, with the market's state."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from mytrader_tui.demo.bars import Bars, PastBar
from mytrader_tui.demo.hours import DemoHours
from mytrader_tui.demo.listings import Listing, never_closes
from mytrader_tui.demo.prices import Prices, Walk
from mytrader_tui.demo.yahoo_shapes import (
    AdjustedClose,
    ChartIndicators,
    ChartMeta,
    ChartQuote,
    ChartResult,
    TradingPeriod,
    TradingPeriods,
    YahooQuote,
)

_MINUTES = {"1m": 1, "2m": 2, "5m": 5, "15m": 15, "30m": 30, "60m": 60, "90m": 90, "1h": 60}
_DAYS = {"1d": 1, "5d": 5, "1mo": 21, "3mo": 63, "6mo": 126, "1y": 252, "2y": 504, "max": 520}
_EXTENDED = timedelta(hours=4)
_FIRST_TRADE = 345_479_400


class YahooPrices:
    """Quotes and charts of canonical symbols, in the spelling that was asked for."""

    def __init__(self, prices: Prices, bars: Bars, hours: DemoHours) -> None:
        self._prices = prices
        self._bars = bars
        self._hours = hours

    def present(self, symbol: str, now: datetime) -> float:
        """The price of a canonical symbol without any delay."""
        return self._prices.walk(symbol, now).price

    def quote(self, symbol: str, spelling: str, now: datetime, *, yesterday: bool = False) -> YahooQuote:
        """One entry of a batch at `now` (aware), or if `yesterday` what it was at the latest close before today."""
        walk = self._prices.walk(symbol, now)
        facts = walk.listing
        price, volume = (walk.previous_close, walk.volume) if yesterday else _told(walk)
        change = price - walk.previous_close
        local = now.astimezone(ZoneInfo(facts.timezone))
        return YahooQuote(
            symbol=spelling,
            quote_type=facts.kind,
            currency=facts.currency,
            market_state=self._state(symbol),
            regular_market_price=price,
            regular_market_previous_close=walk.previous_close,
            regular_market_change=round(change, 6),
            regular_market_change_percent=round(100.0 * change / walk.previous_close, 6),
            regular_market_open=walk.open,
            regular_market_day_high=walk.high,
            regular_market_day_low=walk.low,
            regular_market_volume=volume,
            regular_market_time=int(self._hours.close_before(now).timestamp())
            if yesterday
            else self._time(symbol, facts, now),
            short_name=facts.name,
            long_name=facts.name,
            exchange=facts.exchange,
            full_exchange_name=facts.exchange_name,
            exchange_timezone_name=facts.timezone,
            exchange_timezone_short_name=local.tzname() or "",
            gmt_offset=_offset(local) * 1000,
            delayed_by=facts.delay_minutes,
            bid=round(price - (walk.price - walk.bid), facts.digits),
            ask=round(price + (walk.ask - walk.price), facts.digits),
            bid_size=3,
            ask_size=2,
            price_hint=facts.digits,
            source_interval=max(15, facts.delay_minutes),
            quote_source_name="Delayed Quote" if facts.delay_minutes else "Real Time Price",
        )

    def chart(
        self, symbol: str, spelling: str, span: str, interval: str, since: datetime | None, now: datetime
    ) -> ChartResult:
        """The bars of `span` (1d, 1mo, ...), or from `since` on, each of `interval` (1m, 1d, ...)."""
        bars = self._bars_of(symbol, span, interval, since, now)
        return ChartResult(
            self._meta(symbol, spelling, span, interval, bars, now),
            [int(bar.time.timestamp()) for bar in bars],
            _indicators(bars),
        )

    def _bars_of(self, symbol: str, span: str, interval: str, since: datetime | None, now: datetime) -> list[PastBar]:
        if interval in _MINUTES:
            return self._bars.intraday(symbol, now, _MINUTES[interval])
        daily = self._bars.daily(symbol, now)
        if since is not None:
            return [bar for bar in daily if bar.time >= since] or daily[-1:]
        return daily[-_DAYS.get(span, 252) :]

    def _meta(
        self, symbol: str, spelling: str, span: str, interval: str, bars: list[PastBar], now: datetime
    ) -> ChartMeta:
        walk = self._prices.walk(symbol, now)
        facts = walk.listing
        price, volume = _told(walk)
        local = now.astimezone(ZoneInfo(facts.timezone))
        periods = self._periods(local)
        before = [bar for bar in self._bars.daily(symbol, now) if bar.time < bars[0].time - timedelta(hours=12)]
        return ChartMeta(
            symbol=spelling,
            currency=facts.currency,
            exchange_name=facts.exchange,
            full_exchange_name=facts.exchange_name,
            instrument_type=facts.kind,
            first_trade_date=_FIRST_TRADE,
            regular_market_time=self._time(symbol, facts, now),
            gmtoffset=_offset(local),
            timezone=local.tzname() or "",
            exchange_timezone_name=facts.timezone,
            regular_market_price=price,
            regular_market_day_high=walk.high,
            regular_market_day_low=walk.low,
            regular_market_volume=volume,
            short_name=facts.name,
            long_name=facts.name,
            chart_previous_close=before[-1].close if before else walk.previous_close,
            previous_close=walk.previous_close,
            price_hint=facts.digits,
            current_trading_period=periods,
            trading_periods=[[periods.regular]],
            data_granularity=interval,
            range=span,
            valid_ranges=list(_DAYS),
        )

    def _periods(self, local: datetime) -> TradingPeriods:
        opened = self._hours.opened(local)
        close = self._hours.next_close(local) if self._hours.is_open else opened + timedelta(hours=6.5)
        return TradingPeriods(
            pre=_period(local, opened - _EXTENDED, opened),
            regular=_period(local, opened, close),
            post=_period(local, close, close + _EXTENDED),
        )

    def _state(self, symbol: str) -> str:
        return "REGULAR" if never_closes(symbol) else self._hours.part.value.upper()

    def _time(self, symbol: str, facts: Listing, now: datetime) -> int:
        """When the price told was the price: as long ago as the delay, or the end of the session."""
        late = now - timedelta(minutes=facts.delay_minutes)
        return int((late if never_closes(symbol) else self._hours.last_print(late, now)).timestamp())


def _told(walk: Walk) -> tuple[float, int]:
    """The price and the volume as told: a delayed source is some steps behind."""
    return walk.lagged if walk.listing.delay_minutes else (walk.price, walk.volume)


def _offset(local: datetime) -> int:
    offset = local.utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0


def _period(local: datetime, start: datetime, end: datetime) -> TradingPeriod:
    return TradingPeriod(local.tzname() or "", int(start.timestamp()), int(end.timestamp()), _offset(local))


def _indicators(bars: list[PastBar]) -> ChartIndicators:
    closes = [bar.close for bar in bars]
    columns = ChartQuote(
        [bar.open for bar in bars],
        [bar.high for bar in bars],
        [bar.low for bar in bars],
        closes,
        [bar.volume for bar in bars],
    )
    return ChartIndicators([columns], [AdjustedClose(closes)])

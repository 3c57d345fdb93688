"""The demo's prices as Yahoo tells them: late, rounded to seconds, with the market's state."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from mytrader_tui.demo.bars import Bars, PastBar
from mytrader_tui.demo.hours import DemoHours
from mytrader_tui.demo.listings import Listing, at_alpaca, never_closes
from mytrader_tui.demo.prices import Prices, Walk
from mytrader_tui.demo.yahoo_shapes import (
    AdjustedClose,
    AllPeriods,
    ChartIndicators,
    ChartMeta,
    ChartQuote,
    ChartResult,
    TradingPeriod,
    TradingPeriods,
    YahooQuote,
)
from mytrader_tui.market.session import NEW_YORK, Session, hours_at, trading_day

_MINUTES = {"1m": 1, "2m": 2, "5m": 5, "15m": 15, "30m": 30, "60m": 60, "90m": 90, "1h": 60}
_DAYS = {"1d": 1, "5d": 5, "1mo": 21, "3mo": 63, "6mo": 126, "1y": 252, "2y": 504, "5y": 1260, "max": 1310}
_EXTENDED = timedelta(hours=4)
_FIRST_TRADE = 345_479_400
_MOST_INTRADAY_DAYS = 60
_DAYS_A_WEEK = 4.83


class ChartQuestion(Struct, frozen=True):
    """A chart as asked for: the bars of `span` (1d, 1mo, ...), or from `since` on, each of `interval` (1m, 1d, ...)."""

    span: str = "1d"
    interval: str = "1d"
    since: datetime | None = None
    extended: bool = False


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
        price, volume = (walk.previous_close, walk.volume) if yesterday else self._regular(symbol, walk, now)
        change = price - walk.previous_close
        local = now.astimezone(ZoneInfo(facts.timezone))
        year = self._bars.daily(symbol, now, _DAYS["1y"])
        quote = YahooQuote(
            symbol=spelling,
            quote_type=facts.kind,
            currency=facts.currency,
            market_state=self._state(symbol, now),
            regular_market_price=price,
            regular_market_previous_close=walk.previous_close,
            regular_market_change=round(change, 6),
            regular_market_change_percent=round(100.0 * change / walk.previous_close, 6),
            regular_market_open=walk.open,
            regular_market_day_high=walk.high,
            regular_market_day_low=walk.low,
            fifty_two_week_low=min(bar.low for bar in year),
            fifty_two_week_high=max(bar.high for bar in year),
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
        return quote if yesterday else self._extended(quote, symbol, walk, now)

    def _regular(self, symbol: str, walk: Walk, now: datetime) -> tuple[float, int]:
        """The regular session's price and the volume: once it is over, and known to be so, those of its close."""
        close = None if never_closes(symbol) else self._hours.regular_close(now)
        if close is None or _late(walk, now) < close:
            return _told(walk)
        return walk.price_at(close), walk.volume

    def _extended(self, quote: YahooQuote, symbol: str, walk: Walk, now: datetime) -> YahooQuote:
        """`quote` with the newest price outside the regular session, if there was one by the time that is told of."""
        close, late = self._hours.regular_close(now), _late(walk, now)
        if close is None or not at_alpaca(symbol):
            return quote
        hours = hours_at(late)
        if hours.session is Session.PRE:
            told = quote.before_open(_told(walk)[0], late)
        elif hours.session is Session.POST:
            told = quote.after_close(_told(walk)[0], late)
        elif hours.session is Session.CLOSED and close <= walk.when < hours.since:
            told = quote.after_close(walk.price, hours.since - timedelta(seconds=1))
        else:
            return quote
        moved = walk.price - quote.regular_market_price
        return replace(told, bid=round(quote.bid + moved, 4), ask=round(quote.ask + moved, 4))

    def chart(self, symbol: str, spelling: str, question: "ChartQuestion", now: datetime) -> ChartResult:
        """The bars that were asked for, the newest as late as the quote."""
        bars = self._bars_of(symbol, question, now)
        return ChartResult(
            self._meta(symbol, spelling, question, bars, now),
            [int(bar.time.timestamp()) for bar in bars],
            _indicators(bars),
        )

    def _bars_of(self, symbol: str, asked: "ChartQuestion", now: datetime) -> list[PastBar]:
        walk, minutes = self._prices.walk(symbol, now), _MINUTES.get(asked.interval)
        if minutes is not None:
            days = _DAYS.get(asked.span, 1) if asked.since is None else (now - asked.since).days + 2
            bars = self._bars.intraday(symbol, now, minutes, min(days, _MOST_INTRADAY_DAYS))
            if asked.since is not None:
                bars = [bar for bar in bars if bar.time >= asked.since]
            late = now - timedelta(minutes=walk.listing.delay_minutes)
            told = [bar for bar in bars if bar.time <= late and (asked.extended or bar.session is Session.REGULAR)]
            return [*told[:-1], self._as_told(told[-1], symbol, walk, now)] if told else []
        if asked.interval == "1wk":
            bars = self._bars.weekly(symbol, now)
            if asked.since is None:
                bars = bars[-int(_DAYS.get(asked.span, 252) / _DAYS_A_WEEK) :]
        else:
            bars = self._bars.daily(symbol, now)
        if asked.since is not None:
            bars = [bar for bar in bars if bar.time >= asked.since] or bars[-1:]
        elif asked.interval != "1wk":
            bars = bars[-_DAYS.get(asked.span, 252) :]
        opening = timedelta(hours=9.5) if asked.interval == "1d" else timedelta()
        bars = [replace(bar, time=bar.time + opening) for bar in bars]
        return [*bars[:-1], self._as_told(bars[-1], symbol, walk, now)]

    def _as_told(self, bar: PastBar, symbol: str, walk: Walk, now: datetime) -> PastBar:
        """The last bar at the price that the quote has for its hours."""
        price, _ = self._regular(symbol, walk, now) if bar.session is Session.REGULAR else _told(walk)
        return replace(bar, high=max(bar.high, price), low=min(bar.low, price), close=price)

    def _meta(
        self, symbol: str, spelling: str, asked: "ChartQuestion", bars: list[PastBar], now: datetime
    ) -> ChartMeta:
        walk = self._prices.walk(symbol, now)
        facts = walk.listing
        price, volume = self._regular(symbol, walk, now)
        local = now.astimezone(ZoneInfo(facts.timezone))
        periods = self._periods(local)
        first = bars[0].time.astimezone(NEW_YORK).date() if bars else self._hours.day(now).date()
        before = [bar for bar in self._bars.daily(symbol, now) if bar.time.date() < first]
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
            trading_periods=_trading_periods(bars, local, periods, extended=asked.extended),
            data_granularity=asked.interval,
            range=asked.span,
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

    def _state(self, symbol: str, now: datetime) -> str:
        part = Session.REGULAR if never_closes(symbol) else self._hours.part
        if part is not Session.CLOSED or self._hours.session != "calendar":
            return part.value.upper()
        ended, local = hours_at(now).since.astimezone(NEW_YORK), now.astimezone(NEW_YORK)
        if ended.date() == local.date():
            return "POSTPOST"
        return "PREPRE" if trading_day(local.date()) else "CLOSED"

    def _time(self, symbol: str, facts: Listing, now: datetime) -> int:
        """When the price told was the price: as long ago as the delay, or the end of the session."""
        late = now - timedelta(minutes=facts.delay_minutes)
        return int((late if never_closes(symbol) else self._hours.last_print(late, now)).timestamp())


def _trading_periods(
    bars: list[PastBar], local: datetime, today: TradingPeriods, *, extended: bool
) -> AllPeriods | list[list[TradingPeriod]]:
    """The sessions of every day of `bars`: all three of them only where extended hours were asked for."""
    days = [trading_day(date) for date in sorted({bar.time.astimezone(NEW_YORK).date() for bar in bars})]
    past = [day for day in days if day is not None and day.open.timestamp() < today.regular.start]
    regular = [[_period(local, day.open, day.close)] for day in past] + [[today.regular]]
    if not extended:
        return regular
    pre = [[_period(local, day.pre, day.open)] for day in past] + [[today.pre]]
    return AllPeriods(pre, regular, [[_period(local, day.close, day.post)] for day in past] + [[today.post]])


def _late(walk: Walk, now: datetime) -> datetime:
    """The instant that a source as late as Yahoo's of this listing tells of."""
    return now - timedelta(minutes=walk.listing.delay_minutes)


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

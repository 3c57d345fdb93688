"""The shapes of the demo's Yahoo answers, in Yahoo's names. Times are epoch seconds."""

from datetime import datetime

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace


class Refusal(msgspec.Struct):
    """Why Yahoo did not answer."""

    code: str
    description: str


class Failure(msgspec.Struct):
    """The body of Yahoo's 401."""

    finance: "FailedFinance"


class FailedFinance(msgspec.Struct):
    """The inside of a failure."""

    error: Refusal
    result: None = None


class YahooQuote(msgspec.Struct, rename="camel", kw_only=True):
    """One entry of /v7/finance/quote. `exchange_data_delayed_by` is minutes."""

    symbol: str
    quote_type: str
    currency: str
    market_state: str
    regular_market_price: float
    regular_market_previous_close: float
    regular_market_change: float
    regular_market_change_percent: float
    regular_market_open: float
    regular_market_day_high: float
    regular_market_day_low: float
    fifty_two_week_low: float
    fifty_two_week_high: float
    regular_market_volume: int
    regular_market_time: int
    pre_market_price: float | UnsetType = UNSET
    pre_market_change: float | UnsetType = UNSET
    pre_market_change_percent: float | UnsetType = UNSET
    pre_market_time: int | UnsetType = UNSET
    post_market_price: float | UnsetType = UNSET
    post_market_change: float | UnsetType = UNSET
    post_market_change_percent: float | UnsetType = UNSET
    post_market_time: int | UnsetType = UNSET
    short_name: str
    long_name: str
    exchange: str
    full_exchange_name: str
    exchange_timezone_name: str
    exchange_timezone_short_name: str
    gmt_offset: int = msgspec.field(name="gmtOffSetMilliseconds")
    delayed_by: int = msgspec.field(name="exchangeDataDelayedBy")
    bid: float
    ask: float
    bid_size: int
    ask_size: int
    price_hint: int
    source_interval: int
    quote_source_name: str
    language: str = "en-US"
    region: str = "US"

    def scaled(self, factor: float) -> "YahooQuote":
        """The same with every price `factor` times as high."""
        names = [name for name in self.__struct_fields__ if name in ("bid", "ask") or name in _PRICES]
        told = {name: price for name in names if (price := getattr(self, name)) is not UNSET}
        return replace(self, **{name: price * factor for name, price in told.items()})

    def prompt(self, price: float, now: datetime) -> "YahooQuote":
        """The same as of `now`, without a delay."""
        plain = {name: UNSET for name in self.__struct_fields__ if name.startswith(("pre_market", "post_market"))}
        when = int(now.timestamp())
        return replace(self, regular_market_price=price, regular_market_time=when, delayed_by=0, **plain)

    def before_open(self, price: float, when: datetime) -> "YahooQuote":
        """The same with a price of the hours before the open."""
        change, percent = self._since_close(price)
        return replace(
            self,
            pre_market_price=price,
            pre_market_change=change,
            pre_market_change_percent=percent,
            pre_market_time=int(when.timestamp()),
        )

    def after_close(self, price: float, when: datetime) -> "YahooQuote":
        """The same with a price of the hours after the close."""
        change, percent = self._since_close(price)
        return replace(
            self,
            post_market_price=price,
            post_market_change=change,
            post_market_change_percent=percent,
            post_market_time=int(when.timestamp()),
        )

    def _since_close(self, price: float) -> tuple[float, float]:
        """The change since the regular close, and in percent of that."""
        change = price - self.regular_market_price
        return round(change, 6), round(100.0 * change / self.regular_market_price, 6)


_PRICES = frozenset(
    {
        "regular_market_price",
        "regular_market_previous_close",
        "regular_market_change",
        "regular_market_open",
        "regular_market_day_high",
        "regular_market_day_low",
        "fifty_two_week_low",
        "fifty_two_week_high",
        "pre_market_price",
        "pre_market_change",
        "post_market_price",
        "post_market_change",
    }
)


class QuoteResponse(msgspec.Struct):
    """The quotes, in the order asked for; unknown symbols are left out."""

    result: list[YahooQuote]
    error: None = None


class QuoteAnswer(msgspec.Struct, rename="camel"):
    """The body of /v7/finance/quote."""

    quote_response: QuoteResponse


class TradingPeriod(msgspec.Struct):
    """One session of a chart's day."""

    timezone: str
    start: int
    end: int
    gmtoffset: int


class TradingPeriods(msgspec.Struct):
    """The sessions of a chart's day."""

    pre: TradingPeriod
    regular: TradingPeriod
    post: TradingPeriod


class AllPeriods(msgspec.Struct):
    """The sessions of every day of a chart with extended hours."""

    pre: list[list[TradingPeriod]]
    regular: list[list[TradingPeriod]]
    post: list[list[TradingPeriod]]


class ChartMeta(msgspec.Struct, rename="camel"):
    """What a chart says of its symbol."""

    symbol: str
    currency: str
    exchange_name: str
    full_exchange_name: str
    instrument_type: str
    first_trade_date: int
    regular_market_time: int
    gmtoffset: int
    timezone: str
    exchange_timezone_name: str
    regular_market_price: float
    regular_market_day_high: float
    regular_market_day_low: float
    regular_market_volume: int
    short_name: str
    long_name: str
    chart_previous_close: float
    previous_close: float
    price_hint: int
    current_trading_period: TradingPeriods
    trading_periods: AllPeriods | list[list[TradingPeriod]]
    data_granularity: str
    range: str
    valid_ranges: list[str]
    has_pre_post_market_data: bool = True


class ChartQuote(msgspec.Struct):
    """A chart's columns."""

    open: list[float]
    high: list[float]
    low: list[float]
    close: list[float]
    volume: list[int]


class AdjustedClose(msgspec.Struct):
    """A chart's closes, adjusted: the demo has no splits and no dividends."""

    adjclose: list[float]


class ChartIndicators(msgspec.Struct):
    """All columns of a chart."""

    quote: list[ChartQuote]
    adjclose: list[AdjustedClose]


class ChartResult(msgspec.Struct):
    """One symbol's chart."""

    meta: ChartMeta
    timestamp: list[int]
    indicators: ChartIndicators


class Chart(msgspec.Struct):
    """A chart, or why there is none."""

    result: list[ChartResult] | None
    error: Refusal | None = None


class ChartAnswer(msgspec.Struct):
    """The body of /v8/finance/chart."""

    chart: Chart


class Found(msgspec.Struct, rename={"kind": "quoteType", "exchange_name": "exchDisp", "type_name": "typeDisp"}):
    """A symbol that a search found."""

    symbol: str
    shortname: str
    longname: str
    exchange: str
    exchange_name: str
    kind: str
    type_name: str
    score: float
    is_yahoo: bool = msgspec.field(default=True, name="isYahooFinance")


class SearchAnswer(msgspec.Struct):
    """The body of /v1/finance/search."""

    quotes: list[Found]
    count: int
    news: list[str] = msgspec.field(default_factory=list)

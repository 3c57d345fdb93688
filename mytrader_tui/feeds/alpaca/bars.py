"""Bars over REST: the past of one symbol for a chart, and the day of a hundred for their sparklines."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from mytrader_tui.feeds.alpaca.error import AlpacaError
from mytrader_tui.feeds.alpaca.lenient import part, read
from mytrader_tui.feeds.alpaca.rest import AlpacaRest
from mytrader_tui.feeds.feed import Clock
from mytrader_tui.market.bar_building import in_order, latest_day, merged, whole_days, whole_weeks
from mytrader_tui.market.bar_days import day_of, day_start, first_day, present_day, session_at
from mytrader_tui.market.bars import PLANS, Bar, BarSeries, Timeframe
from mytrader_tui.market.link import Reason
from mytrader_tui.market.quote import Origin, Source
from mytrader_tui.market.session import Session
from mytrader_tui.market.symbol import alpaca_can_know
from mytrader_tui.settings.schema import FEED_DELAY_SECONDS, AlpacaFeed

MOST_ROWS = 10_000
"""Alpaca's own limit on the bars of one page, over all symbols together."""

MOST_PAGES = 8
"""Far more than any timeframe has: a server that never stops is not followed for ever."""

DAY_CHUNK = 100
"""Symbols of one request for the day: at 20 minutes a bar their longest day fits on one page."""

DAY_STEP_SECONDS = 1200.0
"""Span of the day's bars for sparklines: at most 48 from 04:00 to 20:00."""

_ASKED = {
    Timeframe.DAY: "5Min",
    Timeframe.FIVE_DAYS: "30Min",
    # Alpaca's hours begin on the hour and would mix what was before the open with what was after it.
    Timeframe.MONTH: "30Min",
    Timeframe.THREE_MONTHS: "1Day",
    Timeframe.SIX_MONTHS: "1Day",
    Timeframe.YEAR: "1Day",
    Timeframe.FIVE_YEARS: "1Week",
}
_BEFORE = timedelta(days=10)
"""Far enough back for a close before the first bar, whatever holidays lie between."""

_LATE = timedelta(seconds=FEED_DELAY_SECONDS["delayed_sip"])
_MOST_CLOSES = 500
_US = "America/New_York"
_Aware = Annotated[datetime, Meta(tz=True)]


class AlpacaBars:
    """Bars of `feed`, split-adjusted, asked for through `rest`. Every method raises AlpacaError and nothing else."""

    def __init__(self, rest: AlpacaRest, feed: AlpacaFeed, clock: Clock) -> None:
        self._rest = rest
        self._feed = feed
        self._now = clock
        self._origin = Origin(Source.ALPACA, feed, FEED_DELAY_SECONDS[feed])
        self._closes: dict[tuple[str, date], float] = {}

    @property
    def origin(self) -> Origin:
        """Who tells these bars."""
        return self._origin

    async def series(self, symbol: str, timeframe: Timeframe) -> BarSeries | None:
        """The bars of `symbol` over `timeframe`; None where Alpaca has none, as for the test feed."""
        if self._feed == "test" or not alpaca_can_know(symbol):
            return None
        asked = self._now()
        first = first_day(timeframe, asked.wall)
        plan = PLANS[timeframe]
        since = day_start(first) if plan.intraday else day_start(first) - _BEFORE
        told = (await self._told((symbol,), _ASKED[timeframe], since)).get(symbol, ())
        bars = _built(told, timeframe)
        kept = tuple(bar for bar in bars if day_of(bar.start) >= first)
        if not kept:
            return None
        before = [bar.close for bar in bars if day_of(bar.start) < first]
        previous = await self.close_before(symbol, day_of(kept[0].start)) if plan.intraday else None
        return BarSeries(
            symbol=symbol,
            timeframe=timeframe,
            span_seconds=plan.span_seconds,
            bars=kept,
            origin=self._origin,
            receipt=asked,
            previous_close=before[-1] if before else previous,
            currency="USD",
            zone=_US,
        )

    async def tail(self, symbol: str, timeframe: Timeframe, since: datetime) -> BarSeries | None:
        """The bars of `symbol` that start at `since` (aware, where one of them does) or later, in one question.

        What was before them is not asked for: there is no previous close. None where Alpaca has none.
        """
        asked = self._now()
        told = (await self._told((symbol,), _ASKED[timeframe], since)).get(symbol, ())
        bars = tuple(bar for bar in _built(told, timeframe) if bar.start >= since)
        if not bars:
            return None
        return BarSeries(symbol, timeframe, PLANS[timeframe].span_seconds, bars, self._origin, asked, currency="USD")

    async def day_bars(self, symbols: Sequence[str]) -> dict[str, tuple[Bar, ...]]:
        """The present day of up to DAY_CHUNK `symbols` in one request, DAY_STEP_SECONDS a bar, extended hours too.

        Symbols without a trade on that day are absent.
        """
        if self._feed == "test":
            return {}
        since = day_start(present_day(self._now().wall))
        told = await self._told(symbols[:DAY_CHUNK], f"{int(DAY_STEP_SECONDS // 60)}Min", since)
        return {symbol: latest_day(in_order(bars)) for symbol, bars in told.items()}

    async def close_before(self, symbol: str, day: date) -> float | None:
        """The close of the latest trading day before `day`, asked for once; None where it cannot be told."""
        known = self._closes.get((symbol, day))
        if known is not None:
            return known
        try:
            told = await self._told((symbol,), "1Day", day_start(day) - _BEFORE, until=day_start(day))
        except AlpacaError:
            # The bars themselves are there: a line that is missing is no reason to show none of them.
            return None
        closes = [bar.close for bar in in_order(told.get(symbol, ())) if day_of(bar.start) < day]
        if not closes:
            return None
        if len(self._closes) >= _MOST_CLOSES:
            self._closes.clear()
        self._closes[symbol, day] = closes[-1]
        return closes[-1]

    async def _told(
        self, symbols: Sequence[str], step: str, since: datetime, until: datetime | None = None
    ) -> dict[str, list[Bar]]:
        """All pages of GET /v2/stocks/bars. Asked once: whoever waits for a chart is better served by another source.

        Only the latest prices may be of the delayed feed; its bars are the consolidated ones of a quarter of an hour
        ago (docs.alpaca.markets/reference/stockbars).
        """
        parameters = {
            "symbols": ",".join(symbols),
            "timeframe": step,
            "start": _rfc3339(since),
            "feed": "sip" if self._feed == "delayed_sip" else self._feed,
            "adjustment": "split",
            "limit": str(MOST_ROWS),
        }
        if self._feed == "delayed_sip":
            until = min(until or self._now().wall, self._now().wall - _LATE)
        if until is not None:
            parameters["end"] = _rfc3339(until)
        bars: dict[str, list[Bar]] = {}
        for _ in range(MOST_PAGES):
            page = read(await self._rest.get("/stocks/bars", parameters, retry=False), _Page, "the bars")
            for symbol, rows in (page.bars or {}).items():
                if symbol in symbols:
                    bars.setdefault(symbol, []).extend(_bars(rows))
            if not page.next_page_token:
                return bars
            parameters["page_token"] = page.next_page_token
        raise AlpacaError(Reason.UNREADABLE, "the bars have no end")


class _Page(msgspec.Struct):
    bars: dict[str, list[Any] | None] | None = None
    next_page_token: str | None = None


class _Row(msgspec.Struct):
    time: _Aware = msgspec.field(name="t")
    open: float = msgspec.field(name="o")
    high: float = msgspec.field(name="h")
    low: float = msgspec.field(name="l")
    close: float = msgspec.field(name="c")
    volume: float | None = msgspec.field(name="v", default=None)


def _bars(rows: Iterable[Any] | None) -> Iterable[Bar]:
    """What can be read of `rows`: one that makes no sense costs only itself."""
    for raw in rows or ():
        row = part(raw, _Row)
        if row is not None and 1970 <= row.time.year < 9999:
            start = row.time.astimezone(UTC)
            yield Bar(start, row.open, row.high, row.low, row.close, row.volume, session_at(start))


def _built(told: Iterable[Bar], timeframe: Timeframe) -> tuple[Bar, ...]:
    """The bars of `timeframe`, of what was `told` in the step that was asked for."""
    bars, plan = in_order(told), PLANS[timeframe]
    if timeframe is Timeframe.DAY:
        return latest_day(bars)
    if timeframe is Timeframe.MONTH:
        return merged((bar for bar in bars if bar.session is Session.REGULAR), plan.span_seconds)
    if plan.intraday:
        return bars
    return whole_weeks(bars, _US) if timeframe is Timeframe.FIVE_YEARS else whole_days(bars, _US)


def _rfc3339(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

"""Snapshots over REST: what Alpaca knows of a whole watchlist at once."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from mytrader_tui.feeds.alpaca.bars import AlpacaBars
from mytrader_tui.feeds.alpaca.lenient import part, read
from mytrader_tui.feeds.alpaca.rate_limit import RequestLimit
from mytrader_tui.feeds.alpaca.rest import AlpacaRest, Server, Timeouts
from mytrader_tui.feeds.alpaca.retries import Retries
from mytrader_tui.feeds.feed import Clock
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Origin, PrintId, Quote, Source
from mytrader_tui.market.session import NEW_YORK, Session, hours_at
from mytrader_tui.market.symbol import alpaca_can_know
from mytrader_tui.market.text import clean
from mytrader_tui.market.trust.conditions import Effect, effect_of
from mytrader_tui.settings.schema import FEED_DELAY_SECONDS, AlpacaFeed
from mytrader_tui.settings.secret import Secret

CHUNK = 100
"""Symbols asked for in one request."""

_Aware = Annotated[datetime, Meta(tz=True)]


class AlpacaData:
    """Snapshots of `feed`: the same prices as the stream of that name, asked for instead of awaited.

    `bars` asks for the past, over the same connection.
    """

    def __init__(
        self,
        *,
        data_url: str,
        feed: AlpacaFeed,
        key: Secret,
        secret: Secret,
        clock: Clock,
        timeouts: Timeouts | None = None,
        limit: RequestLimit | None = None,
        retries: Retries | None = None,
    ) -> None:
        self._rest = AlpacaRest(
            server=Server.DATA,
            url=data_url,
            key=key,
            secret=secret,
            clock=clock,
            timeouts=timeouts,
            limit=limit,
            retries=retries,
        )
        self._feed = feed
        self._now = clock
        self._origin = Origin(Source.ALPACA, feed, FEED_DELAY_SECONDS[feed])
        self.bars = AlpacaBars(self._rest, feed, clock)

    async def snapshots(self, symbols: Sequence[str], *, retry: bool = False) -> list[Quote]:
        """What Alpaca says of `symbols` (GET /v2/stocks/snapshots, CHUNK symbols a request). Raises AlpacaError.

        Asked once unless `retry` is set: a snapshot that is late is better asked for anew.

        Symbols that it does not know, or says nothing of, are absent. Those that no US listing can have are not
        asked for, because one of them makes Alpaca refuse the request; the test feed has no snapshots at all.
        """
        if self._feed == "test":
            return []
        asked = [symbol for symbol in dict.fromkeys(symbols) if alpaca_can_know(symbol)]
        quotes: list[Quote] = []
        for start in range(0, len(asked), CHUNK):
            quotes += await self._chunk(asked[start : start + CHUNK], retry)
        return quotes

    def close(self) -> None:
        """Close the connections and leave the thread. Returns at once; may be called twice."""
        self._rest.close()

    async def _chunk(self, symbols: list[str], retry: bool) -> list[Quote]:
        parameters = {"symbols": ",".join(symbols), "feed": self._feed}
        raw = await self._rest.get("/stocks/snapshots", parameters, retry=retry)
        answer = read(raw, dict[str, Any], "the snapshots")
        receipt = self._now()
        found = (self._quote(symbol, part(answer.get(symbol), _Snapshot), receipt) for symbol in symbols)
        return [quote for quote in found if quote is not None]

    def _quote(self, symbol: str, raw: "_Snapshot | None", receipt: Moment) -> Quote | None:
        if raw is None:
            return None
        trade = _settled(part(raw.latest_trade, _Trade), part(raw.minute_bar, _Bar), receipt.wall)
        sides = part(raw.latest_quote, _BidAsk) or _BidAsk()
        bid, ask = sides.bid or None, sides.ask or None
        previous_close, bar = _days(part(raw.daily_bar, _Bar), part(raw.prev_daily_bar, _Bar), receipt.wall)
        if not (trade.price or bid or ask or previous_close):
            return None
        last, extended = (None, trade.price) if trade.extended else (trade.price, None)
        return Quote(
            symbol=symbol,
            origin=self._origin,
            receipt=receipt,
            last=last or None,
            last_size=trade.size if last else None,
            event_time=trade.time if last else None,
            print_id=trade.print_id if last else None,
            extended_last=extended or None,
            extended_time=trade.time if extended else None,
            extended_receipt=receipt if extended else None,
            extended_print_id=trade.print_id if extended else None,
            previous_close=previous_close,
            open=bar.open,
            high=bar.high,
            low=bar.low,
            volume=bar.volume,
            vwap=bar.vwap or None,
            day=_utc(bar.time),
            bid=bid,
            ask=ask,
            bid_size=sides.bid_size if bid else None,
            ask_size=sides.ask_size if ask else None,
            bid_ask_time=_utc(sides.time) if bid or ask else None,
            bid_ask_receipt=receipt if bid or ask else None,
            currency="USD",
        )


class _Snapshot(msgspec.Struct, rename="camel"):
    latest_trade: Any = None
    latest_quote: Any = None
    minute_bar: Any = None
    daily_bar: Any = None
    prev_daily_bar: Any = None


class _Trade(msgspec.Struct):
    price: float | None = msgspec.field(name="p", default=None)
    size: float | None = msgspec.field(name="s", default=None)
    time: _Aware | None = msgspec.field(name="t", default=None)
    trade_id: int | None = msgspec.field(name="i", default=None)
    exchange: str = msgspec.field(name="x", default="")
    conditions: tuple[str, ...] | None = msgspec.field(name="c", default=None)
    tape: str = msgspec.field(name="z", default="")


class _Settled(msgspec.Struct, frozen=True):
    """What sets a price: the last, or where it is `extended`, that of the extended hours."""

    price: float | None = None
    size: float | None = None
    time: datetime | None = None
    print_id: PrintId | None = None
    extended: bool = False


class _BidAsk(msgspec.Struct):
    """A side that nobody quotes is 0; sizes are in round lots."""

    bid: float | None = msgspec.field(name="bp", default=None)
    ask: float | None = msgspec.field(name="ap", default=None)
    bid_size: float | None = msgspec.field(name="bs", default=None)
    ask_size: float | None = msgspec.field(name="as", default=None)
    time: _Aware | None = msgspec.field(name="t", default=None)


class _Bar(msgspec.Struct):
    """A day, stamped with its midnight in New York."""

    open: float | None = msgspec.field(name="o", default=None)
    high: float | None = msgspec.field(name="h", default=None)
    low: float | None = msgspec.field(name="l", default=None)
    close: float | None = msgspec.field(name="c", default=None)
    volume: float | None = msgspec.field(name="v", default=None)
    vwap: float | None = msgspec.field(name="vw", default=None)
    time: _Aware | None = msgspec.field(name="t", default=None)


def _settled(trade: _Trade | None, minute: _Bar | None, now: datetime) -> _Settled:
    """The newest price as far as a snapshot tells: of the latest trade, or where that may set none, of its minute.

    Alpaca builds its bars of trades that may set a price. Such a price is stamped with the minute's beginning: it
    may be newer than that, never older.
    """
    if trade is None or not trade.price:
        return _Settled()
    effect = effect_of(clean(trade.tape), tuple(clean(code) for code in trade.conditions or ()))
    if effect is not Effect.NONE:
        name = None if trade.trade_id is None else (trade.trade_id, clean(trade.exchange))
        return _Settled(trade.price, trade.size, _utc(trade.time), name, effect is Effect.EXTENDED)
    time = _utc(minute.time) if minute else None
    if minute is None or time is None or time > now:
        return _Settled()
    return _Settled(minute.close, time=time, extended=hours_at(time).session is not Session.REGULAR)


def _days(latest: _Bar | None, before: _Bar | None, now: datetime) -> tuple[float | None, _Bar]:
    """The previous close and the bar of the present trading day, which is empty until that day has one.

    The bars tell by their dates alone which day they are of. The present day is the latest whose pre-market has
    begun, so that a weekend still shows Friday against Thursday. Once a day has begun, the latest bar may for hours
    be the day before's: its close is then the previous close, and its open, high, low and volume are not today's.
    """
    began = _new_york_date(latest.time) if latest else None
    if latest is None or began is None:
        return None, _Bar()
    if began < _present_day(now):
        return latest.close or None, _Bar()
    return (before.close or None) if before else None, latest


def _present_day(now: datetime) -> date:
    return hours_at(now).since.astimezone(NEW_YORK).date()


def _new_york_date(time: datetime | None) -> date | None:
    utc = _utc(time)
    return None if utc is None else utc.astimezone(NEW_YORK).date()


def _utc(time: datetime | None) -> datetime | None:
    """`time` in UTC, or None for the year 1 that stands for no time at all."""
    return None if time is None or not 1970 <= time.year < 9999 else time.astimezone(UTC)

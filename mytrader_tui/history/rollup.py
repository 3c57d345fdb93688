"""Raw prices turned into hours: open, high, low, close and the volume of each, a source at a time."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from mytrader_tui.history.records import QuoteRecord


class Hour(msgspec.Struct, frozen=True):
    """What one source told of a symbol from `hour` (aware UTC) on. `volume` is what traded in it, in shares."""

    symbol: str
    hour: datetime
    source: str
    open: float
    high: float
    low: float
    close: float
    volume: float | None
    quotes: int
    currency: str | None


def hours_of(day: Iterable[QuoteRecord]) -> list[Hour]:
    """The hours of one trading day's prices, which come by symbol and source, then oldest first.

    A quote's volume is that of its day so far; an hour's is what it grew by since the hour before, or in the first
    hour since its first quote: what had traded before that, nobody saw.
    """
    hours: list[Hour] = []
    traded: dict[tuple[str, str], float] = {}
    opened: list[QuoteRecord] = []
    for record in day:
        if opened and _place(record) != _place(opened[0]):
            hours.append(_hour(opened, traded))
            opened = []
        opened.append(record)
    if opened:
        hours.append(_hour(opened, traded))
    return hours


def _place(record: QuoteRecord) -> tuple[str, str, datetime]:
    return record.symbol, record.source, record.event_time.replace(minute=0, second=0, microsecond=0)


def _hour(records: list[QuoteRecord], traded: dict[tuple[str, str], float]) -> Hour:
    symbol, source, hour = _place(records[0])
    prices = [record.price for record in records]
    volume = None
    told = [record.volume for record in records if record.volume is not None]
    if told:
        before = traded.get((symbol, source), told[0])
        volume = max(0.0, told[-1] - before)
        traded[symbol, source] = max(before, told[-1])
    return Hour(
        symbol,
        hour,
        source,
        prices[0],
        max(prices),
        min(prices),
        prices[-1],
        volume,
        len(records),
        records[-1].currency,
    )

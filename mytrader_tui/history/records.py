"""The rows of the history as values, and how they come from what the program knows and go back into it."""

import math
from datetime import datetime, timedelta
from decimal import Decimal

import msgspec
from msgspec.structs import replace

from mytrader_tui.market.account.portfolio import Account
from mytrader_tui.market.moment import Moment, remembered
from mytrader_tui.market.quote import Origin, Quote, Source
from mytrader_tui.market.session import Session
from mytrader_tui.market.text import clean
from mytrader_tui.telemetry.ledger import LedgerEntry

_EXTENDED = frozenset({Session.PRE.value, Session.POST.value, Session.CLOSED.value})
_MAX_CURRENCY = 8


class QuoteRecord(msgspec.Struct, frozen=True):
    """A price as it was seen. The times are aware UTC; `delay` is in seconds, None where the source declares none.

    `session` is the one that the price is of, whenever it was seen: one of the extended hours is no regular price.
    """

    symbol: str
    event_time: datetime
    source: str
    receipt_time: datetime
    price: float
    previous_close: float | None
    volume: float | None
    bid: float | None
    ask: float | None
    feed: str
    delay: float | None
    session: str | None
    currency: str | None


class EquityRecord(msgspec.Struct, frozen=True):
    """The account's figures as of `receipt_time`; `account` tells accounts apart and names none."""

    account: str
    receipt_time: datetime
    equity: Decimal
    last_equity: Decimal | None
    cash: Decimal
    buying_power: Decimal
    currency: str


class TransitionRecord(msgspec.Struct, frozen=True):
    """A change of the serving source; `entry` is the whole ledger entry as JSON, `monitor` who recorded it."""

    monitor: str
    event_time: datetime
    before: str
    after: str
    cause: str
    entry: str


class Batch(msgspec.Struct, frozen=True):
    """What is written together."""

    quotes: tuple[QuoteRecord, ...] = ()
    equity: tuple[EquityRecord, ...] = ()
    transitions: tuple[TransitionRecord, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.quotes or self.equity or self.transitions)


def quote_record(quote: Quote) -> QuoteRecord | None:
    """`quote` as it is shown; None without a price or the time that it was made.

    A price from the history is not written again: it is no news.
    """
    if quote.price is None or quote.price_time is None or quote.origin.source is Source.CACHE:
        return None
    return QuoteRecord(
        symbol=quote.symbol,
        event_time=quote.price_time,
        source=quote.origin.source.value,
        receipt_time=quote.price_receipt.wall,
        price=quote.price,
        previous_close=quote.previous_close,
        volume=quote.volume,
        bid=quote.standing_bid,
        ask=quote.standing_ask,
        feed=quote.origin.feed,
        delay=quote.origin.delay_seconds,
        session=quote.price_session.value,
        currency=quote.currency,
    )


def makes_sense(record: QuoteRecord) -> bool:
    """True unless what was kept cannot be a price, whoever wrote it."""
    return math.isfinite(record.price) and record.price > 0


def restored(record: QuoteRecord, now: Moment) -> Quote:
    """What an earlier run saw, as the cache says it: its feed names who said it then, its receipt when it was heard.

    Others may write to the same history: its texts are cleaned like any from outside.
    """
    whose = " ".join(dict.fromkeys((clean(record.source), clean(record.feed))))
    receipt = remembered(record.receipt_time, now)
    quote = Quote(
        symbol=record.symbol,
        origin=Origin(Source.CACHE, whose, record.delay, polled=True),
        receipt=receipt,
        previous_close=record.previous_close,
        volume=record.volume,
        currency=None if record.currency is None else clean(record.currency, _MAX_CURRENCY),
    )
    if record.session in _EXTENDED:
        return replace(quote, extended_last=record.price, extended_time=record.event_time, extended_receipt=receipt)
    return replace(quote, last=record.price, event_time=record.event_time)


def equity_record(account: Account, name: str) -> EquityRecord:
    """What `account` was worth, under the `name` that tells it from others."""
    return EquityRecord(
        name,
        account.receipt.wall,
        account.equity,
        account.last_equity,
        account.cash,
        account.buying_power,
        account.currency,
    )


def transition_record(entry: LedgerEntry, monitor: str, before_at_once: int = 0) -> TransitionRecord:
    """`entry` as the monitor of that name recorded it, a microsecond later for each `before_at_once`.

    One piece of evidence may lead to two changes; their instant is what the history tells them apart by.
    """
    when = entry.at + before_at_once * timedelta(microseconds=1)
    return TransitionRecord(
        monitor, when, entry.before.name, entry.after.name, entry.cause, msgspec.json.encode(entry).decode()
    )

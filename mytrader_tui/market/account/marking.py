"""The portfolio marked to market: every position at the board's price, what they come to, and what that may claim."""

import math
from collections.abc import Iterator, Sequence
from decimal import Decimal

import msgspec
from msgspec.structs import replace

from mytrader_tui.market.account.honesty import Honesty, Sample, honesty
from mytrader_tui.market.account.portfolio import Account, Holdings, Position, money
from mytrader_tui.market.account.valuation import Totals, Valuation, total, value
from mytrader_tui.market.freshness import Badge
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Quote, Source
from mytrader_tui.market.trust.suspicion import Exclusion, Split, closes_apart, far_apart

EQUITY_APART = Decimal("0.5")
"""Percent of the broker's equity from which a difference to ours is worth showing."""

HOME_CURRENCY = "USD"
"""What Alpaca, which never says, prices in."""


class PortfolioRow(msgspec.Struct, frozen=True):
    """A position and what the board says of it. It has a valuation, and is in the totals, or it has an exclusion."""

    position: Position
    quote: Quote | None
    badge: Badge
    valuation: Valuation | None
    exclusion: Exclusion | None


class EquityCheck(msgspec.Struct, frozen=True):
    """The account's equity at the board's prices beside the broker's own, in the account's currency."""

    ours: Decimal
    brokers: Decimal

    @property
    def difference(self) -> Decimal:
        """How much ours is above the broker's."""
        return self.ours - self.brokers

    @property
    def percent(self) -> Decimal | None:
        """The difference in percent of the broker's equity, or None where that is 0."""
        return 100 * self.difference / abs(self.brokers) if self.brokers else None

    @property
    def apart(self) -> bool:
        """True if the two differ by more than half a percent."""
        percent = self.percent
        return bool(self.difference) if percent is None else abs(percent) > EQUITY_APART


class Portfolio(msgspec.Struct, frozen=True, kw_only=True):
    """The positions at the board's prices as of `at`, the latest moment at which anything changed.

    `totals` sums the rows that have a valuation; it is None where there are positions but none can be valued, and
    before any answer of the broker. `equity` is None while a row is excluded, and while the account is older than
    the latest trade.
    """

    at: Moment
    account: Account | None = None
    rows: tuple[PortfolioRow, ...] = ()
    totals: Totals | None = None
    honesty: Honesty = Honesty()
    equity: EquityCheck | None = None

    def weight(self, row: PortfolioRow) -> Decimal | None:
        """The share of `row` in the gross market value of the rows in the totals; None if it is not one of them."""
        if self.totals is None or row.valuation is None:
            return None
        return self.totals.weight(row.valuation)


def mark(position: Position, quote: Quote | None, badge: Badge, currency: str, split: Split | None) -> PortfolioRow:
    """`position` at the price of `quote`, or why not, in an account in `currency`.

    `split` is one that the price has yet to follow.
    """
    last = None if quote is None else quote.price
    if quote is None or last is None or not math.isfinite(last) or last <= 0:
        return PortfolioRow(position, quote, badge, None, Exclusion.NO_PRICE)
    exclusion = _exclusion(position, quote, money(last), currency, split)
    valuation = _valuation(position, quote, last) if exclusion is None else None
    return PortfolioRow(position, quote, badge, valuation, exclusion)


def sum_up(
    rows: Sequence[PortfolioRow], account: Account | None, holdings: Holdings | None, traded: Moment | None, now: Moment
) -> Portfolio:
    """The portfolio of `rows`, which are those of `holdings`. `traded` is when the latest trade was heard of."""
    valuations = [row.valuation for row in rows if row.valuation is not None]
    excluded = len(rows) - len(valuations) + (holdings.unreadable if holdings else 0)
    summed = holdings is not None and (bool(valuations) or not excluded)
    totals = total(valuations) if summed else None
    return Portfolio(
        at=now,
        account=account,
        rows=tuple(rows),
        totals=totals,
        honesty=honesty(_samples(rows), excluded),
        equity=None if excluded else _equity(account, totals, traded),
    )


def _exclusion(
    position: Position, quote: Quote, price: Decimal, currency: str, split: Split | None
) -> Exclusion | None:
    priced_in = quote.currency or (HOME_CURRENCY if quote.origin.source is Source.ALPACA else None)
    if priced_in not in (None, currency):
        return Exclusion.OTHER_CURRENCY
    if split is not None and not split.reached(price, quote.price_time):
        return Exclusion.POSSIBLE_SPLIT
    return far_apart(position, price)


def _valuation(position: Position, quote: Quote, last: float) -> Valuation:
    """`position` at `last`, its day unknown where that price may be of another day or the close of other shares."""
    close = quote.previous_close
    if quote.origin.source is Source.CACHE or (close is not None and closes_apart(position, money(close))):
        return value(replace(position, previous_close=None, day_entry=None), last)
    return value(position, last, close)


def _samples(rows: Sequence[PortfolioRow]) -> Iterator[Sample]:
    for row in rows:
        if row.valuation is not None and row.quote is not None:
            yield Sample(abs(row.valuation.market_value), row.badge.kind, row.quote.price_time)


def _equity(account: Account | None, totals: Totals | None, traded: Moment | None) -> EquityCheck | None:
    if account is None or totals is None or (traded is not None and account.receipt.mono <= traded.mono):
        return None
    return EquityCheck(account.cash + totals.market_value, account.equity)

"""How far two sources' prices of a symbol are apart, and whether the delay of one explains it."""

from datetime import datetime
from enum import Enum

import msgspec

from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Quote
from mytrader_tui.market.session import Session
from mytrader_tui.market.trust.price_trail import ROUNDING, PriceRange, PriceTrail

AGREE_WITHIN = 0.05
"""The largest relative difference that is no disagreement."""

APART_BEYOND = 0.20
"""The relative difference above which at least one of two sources must be wrong."""

ALPACA_FRESH_SECONDS = 15 * 60.0
YAHOO_FRESH_SECONDS = 60.0
"""The receipt age up to which a price may be compared."""

_ALPACA_CURRENCY = "USD"
_SPLITS = (2.0, 3.0, 4.0, 5.0, 10.0)
_SPLIT_TOLERANCE = 0.02


class Verdict(Enum):
    """What a comparison found. The value is the text for people."""

    AGREE = "agree"
    DELAY_EXPLAINED = "delay-explained"
    DISAGREE = "disagree"
    NOT_COMPARABLE = "not comparable"


class Obstacle(Enum):
    """Why two prices say nothing about each other. The value is the text for people."""

    NOT_STREAMED = "Alpaca does not stream it now"
    HALTED = "trading is halted"
    CLOSED = "the market is closed"
    NO_ALPACA_PRICE = "Alpaca has no price"
    NO_YAHOO_PRICE = "Yahoo has no price"
    NO_ALPACA_TIME = "Alpaca's price has no time"
    NO_YAHOO_TIME = "Yahoo's price has no time"
    STALE_ALPACA = "Alpaca's price is too old"
    STALE_YAHOO = "Yahoo's price is too old"
    SESSIONS_DIFFER = "the sources speak of different sessions"
    CURRENCIES_DIFFER = "the currencies differ"
    NOT_REACHED = "Alpaca's prices do not reach the time of Yahoo's"


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Two sources' last prices of one symbol, compared at `at`. Differences are fractions: 0.05 is 5 %.

    `expected` is what Alpaca said around Yahoo's event time. `difference` is how far Yahoo's price is from that or
    from Alpaca's latest price, whichever is nearer, relative to it, so that neither the delay nor a bad print that
    has passed is held against them; `latest_difference` is signed, Yahoo's latest over Alpaca's latest. `ratio` is
    Yahoo's price over the price that it was measured against. What does not apply is None; `obstacle` tells why
    the prices are not comparable.
    """

    symbol: str
    at: Moment
    verdict: Verdict = Verdict.NOT_COMPARABLE
    obstacle: Obstacle | None = None
    difference: float | None = None
    latest_difference: float | None = None
    ratio: float | None = None
    expected: PriceRange | None = None
    alpaca_price: float | None = None
    alpaca_time: datetime | None = None
    yahoo_price: float | None = None
    yahoo_time: datetime | None = None

    @property
    def apart(self) -> bool:
        """True if the prices are comparable and more than 20 % apart."""
        return self.difference is not None and exceeds(self.difference, APART_BEYOND)

    @property
    def agrees(self) -> bool:
        """True if nothing above 5 % is left that the delay does not explain."""
        return self.verdict is Verdict.AGREE or self.verdict is Verdict.DELAY_EXPLAINED

    @property
    def basis_points(self) -> float | None:
        """`difference` in hundredths of a percent, negative where Yahoo's price is the lower; None without one."""
        return None if self.ratio is None else 10_000.0 * (self.ratio - 1.0)

    @property
    def text(self) -> str:
        """The difference in words: `sources 34 % apart`, `possible split 2:1`, or why there is none."""
        if self.difference is None or self.ratio is None:
            return self.obstacle.value if self.obstacle else self.verdict.value
        split = split_factor(self.ratio)
        return f"possible split {split}:1" if split else f"sources {100.0 * self.difference:.0f} % apart"


def compare(
    symbol: str,
    alpaca: Quote | None,
    yahoo: Quote | None,
    trail: PriceTrail,
    now: Moment,
    obstacle: Obstacle | None = None,
) -> Comparison:
    """Judge Yahoo's price by what Alpaca said at its time, which `trail` knows.

    `obstacle` is what the caller knows to forbid the comparison: a stream that is down, a closed market.
    """
    found = _facts(symbol, alpaca, yahoo, now)
    obstacle = obstacle or obstacle_between(alpaca, yahoo, now)
    if obstacle is not None or found.alpaca_price is None or found.yahoo_price is None or found.yahoo_time is None:
        return msgspec.structs.replace(found, obstacle=obstacle)
    expected = trail.around(found.yahoo_time)
    if expected is None:
        return msgspec.structs.replace(found, obstacle=Obstacle.NOT_REACHED)
    return _judged(found, found.alpaca_price, found.yahoo_price, expected)


def obstacle_between(alpaca: Quote | None, yahoo: Quote | None, now: Moment) -> Obstacle | None:
    """What in the two quotes themselves forbids comparing them at `now`."""
    if alpaca is None or alpaca.last is None:
        return Obstacle.NO_ALPACA_PRICE
    if yahoo is None or yahoo.last is None:
        return Obstacle.NO_YAHOO_PRICE
    if alpaca.event_time is None:
        return Obstacle.NO_ALPACA_TIME
    if yahoo.event_time is None:
        return Obstacle.NO_YAHOO_TIME
    if alpaca.halted is not None or yahoo.halted is not None:
        return Obstacle.HALTED
    if now.seconds_since(alpaca.receipt) > ALPACA_FRESH_SECONDS:
        return Obstacle.STALE_ALPACA
    if now.seconds_since(yahoo.receipt) > YAHOO_FRESH_SECONDS:
        return Obstacle.STALE_YAHOO
    return _sessions(alpaca, yahoo) or _currencies(alpaca, yahoo)


def exceeds(difference: float, limit: float) -> bool:
    """True if `difference` is above `limit` by more than what binary fractions round off."""
    return difference > limit + ROUNDING


def split_factor(ratio: float) -> int | None:
    """The whole number that a price was divided or multiplied by if `ratio` is within 2 % of a usual one."""
    larger = max(ratio, 1.0 / ratio)
    return next((int(split) for split in _SPLITS if not exceeds(abs(larger / split - 1.0), _SPLIT_TOLERANCE)), None)


def _facts(symbol: str, alpaca: Quote | None, yahoo: Quote | None, now: Moment) -> Comparison:
    return Comparison(
        symbol=symbol,
        at=now,
        alpaca_price=alpaca.last if alpaca else None,
        alpaca_time=alpaca.event_time if alpaca else None,
        yahoo_price=yahoo.last if yahoo else None,
        yahoo_time=yahoo.event_time if yahoo else None,
    )


def _judged(found: Comparison, alpaca: float, yahoo: float, expected: PriceRange) -> Comparison:
    then = min(max(yahoo, expected.low), expected.high)
    reference = min((then, alpaca), key=lambda price: _relative(yahoo, price))
    difference = _relative(yahoo, reference)
    latest = (yahoo - alpaca) / alpaca
    if exceeds(difference, AGREE_WITHIN):
        verdict = Verdict.DISAGREE
    else:
        verdict = Verdict.DELAY_EXPLAINED if exceeds(abs(latest), AGREE_WITHIN) else Verdict.AGREE
    return msgspec.structs.replace(
        found,
        verdict=verdict,
        difference=difference,
        latest_difference=latest,
        ratio=yahoo / reference,
        expected=expected,
    )


def _relative(price: float, reference: float) -> float:
    return abs(price - reference) / reference


def _sessions(alpaca: Quote, yahoo: Quote) -> Obstacle | None:
    if Session.CLOSED in (alpaca.session, yahoo.session):
        return Obstacle.CLOSED
    known = alpaca.session is not None and yahoo.session is not None
    return Obstacle.SESSIONS_DIFFER if known and alpaca.session is not yahoo.session else None


def _currencies(alpaca: Quote, yahoo: Quote) -> Obstacle | None:
    """Alpaca's stream names no currency: all that it carries trades in dollars."""
    differ = yahoo.currency is not None and yahoo.currency != (alpaca.currency or _ALPACA_CURRENCY)
    return Obstacle.CURRENCIES_DIFFER if differ else None

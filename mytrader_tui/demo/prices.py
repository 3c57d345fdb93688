"""The seeded random walk that every demo source tells of: one walk a symbol, so that the sources agree."""

import random
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from mytrader_tui.demo.listings import Listing, listing

LAG_STEPS = 30
"""How many steps a delayed source is behind: a quarter of an hour of a real market, told in less."""

_STEP_DEVIATION = 0.00035
_PULL_HOME = 0.003
_LARGEST_GAP = 0.025
_LEAST_DAY_VOLUME = 300_000
_MOST_DAY_VOLUME = 40_000_000
_MINUTES_KEPT = 2880


@dataclass(slots=True)
class Minute:
    """What traded within a minute."""

    open: float
    high: float
    low: float
    close: float
    volume: int

    def trade(self, price: float, size: int) -> None:
        """One trade more."""
        self.high, self.low, self.close = max(self.high, price), min(self.low, price), price
        self.volume += size


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where a walk stood when it was begun in the middle of a day."""

    when: datetime
    price: float
    high: float
    low: float
    volume: int


@dataclass(slots=True)
class Walk:
    """One symbol's trading day so far. Prices are in its currency, `volume` in shares."""

    listing: Listing
    previous_close: float
    open: float
    high: float
    low: float
    price: float
    home: float
    volume: int
    notional: float
    trades: int
    when: datetime
    rng: random.Random
    began: Beginning = field(init=False)
    size: int = 100
    bid: float = 0.0
    ask: float = 0.0
    past: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=LAG_STEPS))
    minutes: dict[int, Minute] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.began = Beginning(self.when, self.price, self.high, self.low, self.volume)

    @property
    def vwap(self) -> float:
        """The volume-weighted average price of the day."""
        return round(self.notional / self.volume, 4)

    @property
    def lagged(self) -> tuple[float, int]:
        """The price and the day's volume as a delayed source still has them."""
        return self.past[0]

    def price_at(self, when: datetime) -> float:
        """The last price before `when` (aware), as far as the walk knows; the one that it began with before that."""
        until = int(when.timestamp() // 60)
        kept = (minute.close for number, minute in reversed(self.minutes.items()) if number < until)
        return next(kept, self.began.price)

    def step(self, when: datetime) -> None:
        """Move by one small random trade at `when` (aware)."""
        drift = _PULL_HOME * (self.home / self.price - 1.0)
        price = self.price * (1.0 + drift + self.rng.gauss(0.0, _STEP_DEVIATION))
        self.trade(price, self.rng.choice((1, 5, 20, 50, 100, 100, 100, 200, 400)), when)

    def trade(self, price: float, size: int, when: datetime) -> None:
        """Let `size` shares trade at `price`; the bid and ask move along."""
        least = 10.0**-self.listing.digits
        self.price = max(least, round(price, self.listing.digits))
        self.size, self.when = size, max(when, self.when)
        self.high, self.low = max(self.high, self.price), min(self.low, self.price)
        self.volume += size
        self.notional += size * self.price
        self.trades += 1
        half = max(least, self.price * 0.00004)
        self.bid = round(max(least, self.price - half), self.listing.digits)
        self.ask = round(self.price + half, self.listing.digits)
        self.past.append((self.price, self.volume))
        self._note(size)

    def _note(self, size: int) -> None:
        minute = int(self.when.timestamp() // 60)
        known = self.minutes.get(minute)
        if known is not None:
            known.trade(self.price, size)
            return
        self.minutes[minute] = Minute(self.price, self.price, self.price, self.price, size)
        if len(self.minutes) > _MINUTES_KEPT:
            del self.minutes[next(iter(self.minutes))]


class Prices:
    """The walks of all symbols asked for so far. A symbol's walk depends on the seed and its letters only."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._walks: dict[str, Walk] = {}

    @property
    def known(self) -> Iterable[str]:
        """The canonical symbols that have a walk."""
        return self._walks.keys()

    def walk(self, symbol: str, when: datetime) -> Walk:
        """The walk of a canonical `symbol`, begun at `when` (aware) if nobody asked before."""
        walk = self._walks.get(symbol)
        if walk is None:
            walk = self._walks[symbol] = self._begin(symbol, when)
        return walk

    def _begin(self, symbol: str, when: datetime) -> Walk:
        facts = listing(symbol)
        rng = random.Random(f"{self.seed}:{symbol}")
        price = round(facts.base * (1.0 + rng.uniform(-0.002, 0.002)), facts.digits)
        previous = round(price / (1.0 + rng.uniform(-_LARGEST_GAP, _LARGEST_GAP)), facts.digits)
        opened = round(previous + (price - previous) * rng.uniform(0.2, 0.8), facts.digits)
        volume = int(rng.uniform(_LEAST_DAY_VOLUME, _MOST_DAY_VOLUME))
        reach = 1.0 + rng.uniform(0.001, 0.006)
        walk = Walk(
            listing=facts,
            previous_close=previous,
            open=opened,
            high=round(max(opened, price) * reach, facts.digits),
            low=round(min(opened, price) / reach, facts.digits),
            price=price,
            home=price,
            volume=volume,
            notional=volume * (opened + price) / 2.0,
            trades=volume // 110,
            when=when,
            rng=rng,
        )
        walk.trade(price, 100, when)
        return walk

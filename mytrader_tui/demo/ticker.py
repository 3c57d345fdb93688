"""The demo's pulse: which symbols trade next, at the rate asked for."""

import asyncio
import random
from collections.abc import Callable

from mytrader_tui.demo.hours import DemoHours
from mytrader_tui.demo.listings import at_alpaca, never_closes
from mytrader_tui.demo.messages import Print, daily_bar_message, minute_bar_message, quote_message, trade_message
from mytrader_tui.demo.prices import Prices
from mytrader_tui.demo.stream import DataStream
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.session import Session

_LONGEST_PULSE = 1.0
_SHORTEST_PULSE = 0.05
_BARS_EVERY = 5.0
_MINUTE = 60.0
_WALK_EVERY = 1.0
_REGULAR = ("@",)
_EXTENDED = ("@", "T")


class Ticker:
    """Moves the walks and publishes the prints: in all `per_second` messages, several to a frame."""

    def __init__(self, per_second: float, prices: Prices, stream: DataStream, hours: DemoHours, seed: int) -> None:
        self._per_second = per_second
        self._prices = prices
        self._stream = stream
        self._hours = hours
        self._rng = random.Random(f"{seed}:ticker")
        self._trade_ids = 0
        self._due = 0.0
        self._next_walk = 0.0
        self._next_bars = 0.0
        self._next_minute = _MINUTE

    def next_trade_id(self) -> int:
        """A number that no trade has had yet."""
        self._trade_ids += 1
        return self._trade_ids

    async def run(self, now: Callable[[], Moment]) -> None:
        """Tick until cancelled; `now` tells the time of each tick."""
        pulse = min(_LONGEST_PULSE, max(_SHORTEST_PULSE, 1.0 / self._per_second))
        loop = asyncio.get_running_loop()
        start = last = loop.time()
        while True:
            await asyncio.sleep(pulse)
            passed, last = loop.time() - last, loop.time()
            # What a stalled loop missed for longer than that is not caught up with in one burst.
            self._due += min(passed, _LONGEST_PULSE) * self._per_second
            self.tick(now(), last - start)

    def tick(self, now: Moment, elapsed: float) -> None:
        """One pulse, `elapsed` seconds after the first."""
        subscribed = self._subscribed()
        if elapsed >= self._next_walk:
            self._next_walk = elapsed + _WALK_EVERY
            self._walk_the_rest(frozenset(subscribed), now)
        count, self._due = int(self._due), self._due % 1.0
        if not self._hours.prints or not subscribed:
            return
        prints = [self._next_print(self._rng.choice(subscribed), now) for _ in range(count)]
        prints += self._bars(subscribed, now, elapsed)
        if prints:
            self._stream.publish(prints)

    def _subscribed(self) -> list[str]:
        return sorted(symbol for symbol in self._stream.symbols if at_alpaca(symbol))

    def _walk_the_rest(self, subscribed: frozenset[str], now: Moment) -> None:
        for symbol in list(self._prices.known):
            if symbol not in subscribed and (self._hours.prints or never_closes(symbol)):
                self._prices.walk(symbol, now.wall).step(now.wall)

    def _next_print(self, symbol: str, now: Moment) -> Print:
        walk = self._prices.walk(symbol, now.wall)
        if self._rng.random() < 0.5:
            walk.step(now.wall)
            extended = self._hours.part in (Session.PRE, Session.POST)
            return trade_message(walk, self.next_trade_id(), now.wall, _EXTENDED if extended else _REGULAR)
        return quote_message(walk, now.wall)

    def _bars(self, subscribed: list[str], now: Moment, elapsed: float) -> list[Print]:
        bars: list[Print] = []
        walks = [self._prices.walk(symbol, now.wall) for symbol in subscribed]
        if elapsed >= self._next_bars:
            self._next_bars = elapsed + _BARS_EVERY
            bars += [daily_bar_message(walk, self._hours.day(now.wall)) for walk in walks]
        if elapsed >= self._next_minute:
            self._next_minute = elapsed + _MINUTE
            minute = now.wall.replace(second=0, microsecond=0)
            bars += [minute_bar_message(walk, minute) for walk in walks]
        return bars

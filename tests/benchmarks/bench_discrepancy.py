"""What comparing two sources costs: one accepted print, and one answer of the fallback, in microseconds.

python tests/benchmarks/bench_discrepancy.py
"""

import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Origin, Quote, Source
from mytrader_tui.market.trust.discrepancy import Discrepancies

SYMBOLS = [f"SYM{number}" for number in range(30)]
BEGIN = Moment(datetime(2026, 11, 20, 15, 0, tzinfo=UTC), 0.0)
ORIGINS = {Source.ALPACA: Origin(Source.ALPACA, "iex", 0.0), Source.YAHOO: Origin(Source.YAHOO, "quote", 900.0, True)}
PRINTS = 300_000
ANSWERS = 20_000
ROUNDS = 5


def prints(seconds: float) -> list[tuple[str, float, datetime]]:
    """Prints spread over `seconds` and all the symbols: symbol, price, event time."""
    step = timedelta(seconds=seconds / PRINTS)
    return [(SYMBOLS[n % 30], 100 + n * 7 % 1000 / 1000, BEGIN.wall + n * step) for n in range(PRINTS)]


def heard_cost(seconds: float) -> float:
    """Microseconds a print when the prints take `seconds` of market time."""
    told = prints(seconds)
    best = float("inf")
    for _ in range(ROUNDS):
        heard = Discrepancies().heard
        began = time.perf_counter()
        for symbol, price, event_time in told:
            heard(symbol, Source.ALPACA, price, event_time)
        best = min(best, time.perf_counter() - began)
    return 1e6 * best / PRINTS


def compare_cost() -> float:
    """Microseconds an answer against a full trail of 40 minutes, a quarter of an hour back."""
    keeper, now = Discrepancies(), BEGIN.later(2400.0)
    for symbol, price, event_time in prints(2400.0):
        keeper.heard(symbol, Source.ALPACA, price, event_time)
    alpaca = {symbol: quote(symbol, Source.ALPACA, now, now) for symbol in SYMBOLS}
    best = float("inf")
    for attempt in range(ROUNDS):
        answers = [quote(SYMBOLS[n % 30], Source.YAHOO, now.later(attempt), now.later(-900)) for n in range(ANSWERS)]
        began = time.perf_counter()
        for answer in answers:
            keeper.compare(answer.symbol, alpaca[answer.symbol], answer, now)
        best = min(best, time.perf_counter() - began)
    return 1e6 * best / ANSWERS


def judge_cost() -> float:
    """Microseconds to ask for distrust and for the broken sources, with 30 symbols."""
    keeper, now = Discrepancies(), BEGIN
    for symbol in SYMBOLS:
        keeper.heard(symbol, Source.ALPACA, 130.0, now.wall)
        keeper.compare(
            symbol, quote(symbol, Source.ALPACA, now, now, 130.0), quote(symbol, Source.YAHOO, now, now), now
        )
    began = time.perf_counter()
    for _ in range(10_000):
        keeper.distrust(now)
        keeper.broken(now)
    return 1e6 * (time.perf_counter() - began) / 10_000


def quote(symbol: str, source: Source, receipt: Moment, printed: Moment, price: float = 100.5) -> Quote:
    """What `source` said of `symbol`."""
    return Quote(symbol=symbol, origin=ORIGINS[source], receipt=receipt, last=price, event_time=printed.wall)


if __name__ == "__main__":
    print(f"heard, 10,000 prints/s     {heard_cost(PRINTS / 10_000):6.2f} us")
    print(f"heard, 10 prints/s         {heard_cost(PRINTS / 10):6.2f} us")
    print(f"heard, a minute a print    {heard_cost(PRINTS * 2.0):6.2f} us")
    print(f"compare, trail of 40 min   {compare_cost():6.2f} us")
    print(f"distrust and broken, 30    {judge_cost():6.2f} us")

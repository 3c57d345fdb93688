"""What valuing 500 positions costs at 15 paints a second, in milliseconds and as a share of one core.

python tests/benchmarks/bench_portfolio.py
"""

import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "market"))
sys.path.insert(0, str(Path(__file__).parents[2]))

from marked import NOW, Prices, account, holdings, position

from mytrader_tui.market.account.portfolio_keeper import PortfolioKeeper
from mytrader_tui.market.account.position_sorting import PositionColumn, sort_rows
from mytrader_tui.market.quote import Quote

COUNT = 500
PAINTS = 15
DIRTY = 133
"""Symbols with news between two paints when 2,000 messages a second are spread over them all."""

SYMBOLS = [f"S{number}" for number in range(COUNT)]
ACCOUNT = account("1000000", "50000")
HOLDINGS = holdings(
    *(
        position(symbol, "-7.25" if place % 9 == 0 else "12", "99.5", previous_close="99", broker_price="100")
        for place, symbol in enumerate(SYMBOLS)
    )
)


def best(work: Callable[[int], object], times: int = 60, rounds: int = 5) -> float:
    """The least mean time of `work`, in milliseconds."""
    found = float("inf")
    for _ in range(rounds):
        began = time.perf_counter()
        for turn in range(times):
            work(turn)
        found = min(found, (time.perf_counter() - began) / times)
    return 1e3 * found


def paints(step: float) -> Callable[[int], object]:
    """Paints `step` seconds apart, with news of a few symbols before each."""
    prices, keeper, luck = Prices(), PortfolioKeeper(), random.Random(4)
    for symbol in SYMBOLS:
        prices.say(symbol, 100.0, previous_close=99.0)
    moment = keeper.update(ACCOUNT, HOLDINGS, prices, NOW).at
    dirty = [frozenset(luck.sample(SYMBOLS, DIRTY)) for _ in range(20)]
    served = [{name: quote_of(name, 100 + turn / 100) for name in names} for turn, names in enumerate(dirty)]

    def paint(turn: int) -> object:
        nonlocal moment
        moment = moment.later(step)
        prices.quotes.update(served[turn % 20])
        return keeper.update(ACCOUNT, HOLDINGS, prices, moment, dirty[turn % 20])

    return paint


def quote_of(symbol: str, last: float) -> Quote:
    prices = Prices()
    prices.say(symbol, last, previous_close=99.0)
    return prices.quotes[symbol]


def whole() -> Callable[[int], object]:
    """Everything anew."""
    prices = Prices(**dict.fromkeys(SYMBOLS, 100.0))
    return lambda turn: PortfolioKeeper().update(ACCOUNT, HOLDINGS, prices, NOW)


def sorting() -> Callable[[int], object]:
    """The rows by weight."""
    portfolio = PortfolioKeeper().update(ACCOUNT, HOLDINGS, Prices(**dict.fromkeys(SYMBOLS, 100.0)), NOW)
    return lambda turn: sort_rows(portfolio, PositionColumn.WEIGHT, descending=True)


if __name__ == "__main__":
    between, checking = best(paints(0.0)), best(paints(1.0))
    second = (PAINTS - 4) * between + 4 * checking
    print(f"a paint with {DIRTY} of {COUNT} positions dirty   {between:6.2f} ms")
    print(f"the same, all badges read again        {checking:6.2f} ms")
    print(f"a second of {PAINTS} paints                  {second:6.2f} ms = {second / 10:.1f} % of a core")
    print(f"all {COUNT} positions valued anew          {best(whole()):6.2f} ms")
    print(f"sorted by weight                       {best(sorting()):6.2f} ms")

"""How long a trade takes from the market to the screen: sent by the demo market, read off a pseudo-terminal.

    python tests/benchmarks/bench_latency.py [trades]

The market runs in this process, the program in another. Each trade has a price of its own, whose digits are awaited
among the bytes that the program writes. Trades come at random moments of the paint interval.
"""

import random
import sys
import time

from bench_kit import KEYS, Pty, command, environment, home, percentile, table
from msgspec.structs import replace
from own_market import SETTINGS, OwnMarket

PAINT_SECONDS = 1 / 15
TARGET_SECONDS = PAINT_SECONDS + 0.02


def latencies(market: OwnMarket, pty: Pty, trades: int) -> list[float]:
    """The seconds of each trade's way."""
    dice, measured = random.Random(1), []
    for number in range(trades):
        pty.drain(dice.uniform(0.1, 0.3))
        price = round(190 + (number * 37 % 100 + 1) / 100, 2)
        sent = time.monotonic()
        market.tell(market.market.trade("AAPL", price))
        pty.read_until(f"{price:.2f}".encode(), 5.0)
        measured.append(time.monotonic() - sent)
    return measured


def main(trades: int) -> None:
    """Measure and print."""
    market = OwnMarket(ticks_per_second=0)
    settings = replace(SETTINGS, yahoo=replace(SETTINGS.yahoo, enabled=False))
    with home() as folder:
        pty = Pty(command("--config", market.config(folder, settings)), environment(folder, **KEYS))
        try:
            pty.read_until(b"Alpaca serving")
            pty.drain(2.0)
            measured = latencies(market, pty, trades)
        finally:
            pty.close()
            market.close()
    table(
        (f"trade to screen, p50 of {trades}", f"{percentile(measured, 0.5) * 1000:.0f} ms", ""),
        ("p95", f"{percentile(measured, 0.95) * 1000:.0f} ms", f"<= {TARGET_SECONDS * 1000:.0f} ms"),
        ("slowest", f"{max(measured) * 1000:.0f} ms", ""),
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)

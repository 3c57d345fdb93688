"""What one event costs the router, beside what a program without one would do with it.

    python tests/benchmarks/bench_router.py [events]

The router runs a serving primary in an open market, a thousand events a second, with a tick each second: the rate
of a burst. The peer keeps the same facts the careless way, a dict entry and the replacement of a struct as wide as
the router's model. Both run in turns in one process; the best of the rounds counts, as others use the machine too.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1] / "market"))

from msgspec.structs import replace
from router_bench import T0, serving

from mytrader_tui.market.failover.evidence import Evidence, Invalid, Life, Tick
from mytrader_tui.market.failover.router import Model, step

ROUNDS = 7
GAP_SECONDS = 0.001
BLOCK = 40
"""Events between two bursts of life: fewer than would make garbage of the last hundred."""

TARGET_MICROSECONDS = 5.0


def router_round(event: Evidence, count: int) -> float:
    """Seconds for `count` events; life keeps the model serving and is not timed where it is not the subject."""
    model = serving().model
    now, spent = T0, 0.0
    for _ in range(count // BLOCK):
        model, _ = step(model, Life(200), now)
        started = time.perf_counter()
        for _ in range(BLOCK):
            now += GAP_SECONDS
            model, _ = step(model, event, now)
        spent += time.perf_counter() - started
        if isinstance(event, Invalid):
            model = replace(model, window=0)
    return spent


def peer_round(count: int) -> float:
    """Seconds for `count` events that are only written down."""
    model: Model = serving().model
    facts: dict[str, float] = {}
    now = T0
    started = time.perf_counter()
    for _ in range(count):
        now += GAP_SECONDS
        facts["last_life"] = now
        model = replace(model, now=now, last_life=now)
    return time.perf_counter() - started


def best(rounds: dict[str, Callable[[], float]], count: int) -> dict[str, float]:
    """The best round of each, in microseconds an event, taken in turns."""
    found = dict.fromkeys(rounds, float("inf"))
    for _ in range(ROUNDS):
        for name, run in rounds.items():
            found[name] = min(found[name], run() / count * 1e6)
    return found


def main(count: int) -> int:
    """Print the figures; 1 if one is above the target."""
    rounds: dict[str, Callable[[], float]] = {
        "dict entry + struct replace": lambda: peer_round(count),
        "Life": lambda: router_round(Life(), count),
        "Tick": lambda: router_round(Tick(), count),
        "Invalid, one of 200": lambda: router_round(Invalid(), count),
    }
    figures = best(rounds, count)
    peer = figures["dict entry + struct replace"]
    for name, spent in figures.items():
        print(f"{name:28} {spent:6.2f} us  {spent / peer:5.1f} x")
    return int(max(figures.values()) > TARGET_MICROSECONDS)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000))

"""A storm of 50,000 prints a second for a minute on the installed program: paints, memory, and the price at the end.

python tests/benchmarks/bench_burst.py [messages a second] [seconds]
"""

import sys
from pathlib import Path

from bench_kit import home, table

sys.path[:0] = [str(Path(__file__).parents[1] / "faults")]

from burst import storm  # noqa: E402


def main(rate: float, seconds: float) -> None:
    """Measure and print."""
    with home() as folder:
        seen = storm(folder, rate, seconds)
    table(
        ("messages sent", f"{seen.sent:,}", f"{rate * seconds:,.0f}"),
        ("paints a second", f"{seen.paints_a_second:.1f}", ">= 10"),
        ("longest time without a paint", f"{seen.longest_gap * 1000:.0f} ms", ""),
        ("resident memory before", f"{seen.before_kb / 1024:.0f} MB", ""),
        ("at most", f"{seen.most_kb / 1024:.0f} MB", "bounded"),
        ("the newest price on the screen after the storm", f"{seen.settled_after:.2f} s", ""),
    )


if __name__ == "__main__":
    main(
        float(sys.argv[1]) if len(sys.argv) > 1 else 50_000.0,
        float(sys.argv[2]) if len(sys.argv) > 2 else 60.0,
    )

"""What the program takes of one core: 30 symbols at several rates from a market in another process.

    python tests/benchmarks/bench_cpu.py [seconds]

User and system time of the program's process (Linux) over the wall time, from 8 s after its start, when everything is
loaded. What it writes is read and thrown away.
"""

import os
import sys
import time
from pathlib import Path

from bench_kit import KEYS, THIRTY, Pty, command, demo_market, environment, home, table

from mytrader_tui.settings import Settings
from mytrader_tui.settings.schema import Watchlist

TARGETS = {0.0: "", 100.0: "", 500.0: "< 10 %"}
SETTINGS = Settings(watchlist=Watchlist(symbols=THIRTY))
WARM_UP_SECONDS = 8.0


def cpu_seconds(pid: int) -> float:
    """What process `pid` has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(ticks_per_second: float, seconds: float) -> tuple[float, float]:
    """The share of one core, and the bytes a second written to the terminal."""
    with home() as folder, demo_market(folder, SETTINGS, ticks_per_second) as config:
        pty = Pty(command("--config", config), environment(folder, **KEYS))
        try:
            pty.drain(WARM_UP_SECONDS)
            used, begun = cpu_seconds(pty.process.pid), time.monotonic()
            written = pty.drain(seconds)
            passed = time.monotonic() - begun
            return (cpu_seconds(pty.process.pid) - used) / passed, written / passed
        finally:
            pty.close()


def main(seconds: float) -> None:
    """Measure and print."""
    rows = []
    for rate, target in TARGETS.items():
        share, written = measure(rate, seconds)
        rows.append((f"{rate:g} messages/s, {written / 1000:.0f} kB/s written", f"{share:.1%} of one core", target))
    table(*rows)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 10.0)

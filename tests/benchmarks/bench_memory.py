"""What the program holds in memory after a while: 30 symbols from a market in another process.

    python tests/benchmarks/bench_memory.py [seconds]

Resident size (Linux) of the program's process, with alpaca-py, yfinance and pandas loaded.
"""

import sys
from pathlib import Path

from bench_kit import KEYS, THIRTY, Pty, command, demo_market, environment, home, table

from mytrader_tui.settings import Settings
from mytrader_tui.settings.schema import Watchlist, Yahoo

TARGET_MB = 170
SETTINGS = Settings(watchlist=Watchlist(symbols=("^GSPC", *THIRTY[:-1])), yahoo=Yahoo(poll_seconds=10.0))


def resident_mb(pid: int) -> float:
    """The resident set of process `pid`."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


def loaded(pid: int) -> str:
    """Which of the heavy libraries the process has mapped."""
    maps = Path(f"/proc/{pid}/maps").read_text(encoding="utf-8")
    return " ".join(name for name in ("pandas", "numpy", "curl_cffi") if f"/{name}/" in maps)


def main(seconds: float) -> None:
    """Measure and print."""
    with home() as folder, demo_market(folder, SETTINGS, 100.0) as config:
        pty = Pty(command("--config", config), environment(folder, **KEYS))
        try:
            pty.read_until(b"DELAYED")
            pty.drain(5.0)
            early, libraries = resident_mb(pty.process.pid), loaded(pty.process.pid)
            pty.drain(seconds - 5.0)
            late = resident_mb(pty.process.pid)
        finally:
            pty.close()
    table(
        ("resident after 5 s", f"{early:.0f} MB", ""),
        (f"resident after {seconds:g} s", f"{late:.0f} MB", f"< {TARGET_MB} MB"),
        ("libraries mapped", libraries, ""),
    )


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 60.0)

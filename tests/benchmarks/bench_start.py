"""How soon the first picture is there: the program against the least that a Textual app can be.

    python tests/benchmarks/bench_start.py [runs]

From the start of the process to the first row of the watchlist on a pseudo-terminal, median of the runs; program and
peer take turns, so that both meet the same machine. A last run says which heavy libraries were loaded by then.
"""

import statistics
import sys
from pathlib import Path

from bench_kit import Pty, command, environment, home, table

TARGET_SECONDS = 0.4
HEAVY = ("pandas", "numpy", "alpaca", "yfinance", "curl_cffi", "starlette", "uvicorn")
PEER = """
from textual.app import App
from textual.widgets import Static
class Peer(App):
    def compose(self):
        yield Static("a peer")
Peer().run()
"""
PROBE = """
import sys
from textual.screen import Screen
from mytrader_tui.app import MarketApp
start = MarketApp._start_worker
def probe(app):
    heavy = sorted(set(sys.modules) & set({heavy!r}))
    open({report!r}, "w").write(" ".join(heavy) or "none")
    start(app)
MarketApp._start_worker = probe
from mytrader_tui.cli import main
sys.argv = ["mytrader-tui", "--demo"]
main()
"""


def first_paint(arguments: list[str], wanted: bytes) -> float:
    """Seconds from the process's start until `wanted` is on the terminal."""
    with home() as folder:
        pty = Pty(arguments, environment(folder))
        try:
            return pty.read_until(wanted)
        finally:
            pty.close()


def heavy_at_first_paint() -> str:
    """The heavy libraries that are loaded when the worker starts, which is just after the first picture."""
    with home() as folder:
        report = folder / "report"
        probe = PROBE.format(heavy=HEAVY, report=str(report))
        pty = Pty([sys.executable, "-c", probe], environment(folder))
        try:
            pty.read_until(b"LIVE")
        finally:
            pty.close()
        return Path(report).read_text(encoding="utf-8")


def main(runs: int) -> None:
    """Measure and print."""
    ours, theirs = [], []
    for _ in range(runs):
        ours.append(first_paint(command("--demo"), b"AAPL"))
        theirs.append(first_paint([sys.executable, "-c", PEER], b"a peer"))
    table(
        (f"first paint of --demo, median of {runs}", f"{statistics.median(ours):.3f} s", f"< {TARGET_SECONDS} s"),
        ("slowest and fastest", f"{max(ours):.3f} s {min(ours):.3f} s", ""),
        ("a Textual app with one Static, median", f"{statistics.median(theirs):.3f} s", "the peer"),
        ("heavy libraries loaded at first paint", heavy_at_first_paint(), "none"),
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 9)

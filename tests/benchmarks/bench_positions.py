"""What 500 positions at 2,000 messages a second cost on the screen: the share of one core, and the time of a paint.

    python tests/benchmarks/bench_positions.py [seconds]

The app runs in a real pseudo-terminal of 120x40, its positions sorted by their profit; the paints are timed inside it.
"""

import os
import statistics
import sys
import time
from datetime import UTC
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1] / "ui"))
sys.path.insert(0, str(Path(__file__).parent))

import bench_watchlist
import pexpect
from bench_watchlist import PAINT_HZ, WARM_UP_SECONDS, RealTimeDesk, Ticker
from fake_desk import FakeDesk

from mytrader_tui.app import MarketApp, run
from mytrader_tui.market.account.position_sorting import PositionColumn
from mytrader_tui.settings.schema import Ui

POSITIONS = 500
RATE = 2000


class PaintTicker(Ticker):
    """Adds to the report how long the paints took."""

    def __init__(self, desk: FakeDesk, rate: int, seconds: float, report: Path, took: list[float]) -> None:
        super().__init__(desk, rate, seconds, report)
        self.took = took

    async def run(self) -> None:
        await self._tick(WARM_UP_SECONDS)
        self.took.clear()
        cpu, wall = time.process_time(), time.monotonic()
        await self._tick(self.seconds)
        share = (time.process_time() - cpu) / (time.monotonic() - wall)
        took = sorted(self.took)
        middle, late = statistics.median(took), took[int(0.99 * len(took))]
        figures = f"{share:.1%} of one core, a paint {middle:.1f} ms (median), {late:.1f} ms (p99 of {len(took)})"
        self.report.write_text(figures, encoding="utf-8")
        assert self.app is not None
        self.app.exit(0)


def child(seconds: float, report: Path) -> None:
    """Run the app and write what it cost."""
    symbols = tuple(f"S{number:03}" for number in range(POSITIONS))
    bench_watchlist.ROWS = POSITIONS
    desk = RealTimeDesk(symbols)
    for symbol in symbols:
        desk.quote(symbol, 100.0, bid=99.9, ask=100.1, volume=1e6)
    desk.hold(**{symbol: ("-7.25" if place % 9 == 0 else "12", "99.5") for place, symbol in enumerate(symbols)})
    took: list[float] = []
    ticker = PaintTicker(desk, RATE, seconds, report, took)
    app = ticker.app = MarketApp(desk, worker=ticker, settings=Ui(paint_hz=PAINT_HZ), zone=UTC)
    main = app.get_default_screen()
    paint = main.paint

    def timed() -> None:
        began = time.perf_counter()
        paint()
        took.append(1e3 * (time.perf_counter() - began))

    main.paint = timed
    main._positions._sort, main._positions._falling = PositionColumn.UNREALIZED, True
    sys.exit(run(app))


if __name__ == "__main__":
    length = float(sys.argv[-1]) if len(sys.argv) > 1 else 5.0
    report = Path(f"/tmp/bench_positions.{os.getpid()}")
    if sys.argv[1:2] == ["child"]:
        child(length, Path(sys.argv[2]))
    process = pexpect.spawn(
        sys.executable, [__file__, "child", str(report), str(length)], dimensions=(40, 120), timeout=60
    )
    process.expect(pexpect.EOF)
    process.wait()
    print(f"{POSITIONS} positions, {RATE} messages/s: {report.read_text(encoding='utf-8')}")
    report.unlink()

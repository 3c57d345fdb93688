"""What the screen costs: 30 rows at several tick rates in a real pseudo-terminal, as a share of one core.

    python tests/benchmarks/bench_watchlist.py [seconds]

Each rate runs in a process of its own, whose output is read and thrown away. The share is the CPU time of that
process (user and system) from after the first paint, ticking included, over the wall time.
"""

import asyncio
import os
import sys
import time
from datetime import UTC
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1] / "ui"))

import pexpect
from fake_desk import FakeDesk

from mytrader_tui.app import MarketApp, run
from mytrader_tui.market.moment import Moment
from mytrader_tui.settings.schema import Ui

ROWS = 30
PAINT_HZ = 15.0
RATES = (0, 500, 1000, 5000)
WARM_UP_SECONDS = 1.5


class RealTimeDesk(FakeDesk):
    """The fake desk with the machine's clock."""

    def now(self) -> Moment:
        self.moment = Moment(self.begun.wall, self.begun.mono).later(time.monotonic() - self.started)
        return self.moment

    def __init__(self, symbols: tuple[str, ...]) -> None:
        super().__init__(symbols)
        self.begun = self.moment
        self.started = time.monotonic()


class Ticker:
    """Prints `rate` trades a second round the rows, in bursts of a hundredth, then ends the app.

    At a rate of 0 it only lets the links give their signs of life, so that what is measured is the idle screen.
    """

    def __init__(self, desk: FakeDesk, rate: int, seconds: float, report: Path) -> None:
        self.desk, self.rate, self.seconds, self.report = desk, rate, seconds, report
        self.app: MarketApp | None = None

    async def run(self) -> None:
        await self._tick(WARM_UP_SECONDS)
        cpu, wall = time.process_time(), time.monotonic()
        await self._tick(self.seconds)
        share = (time.process_time() - cpu) / (time.monotonic() - wall)
        self.report.write_text(f"{share:.4f}", encoding="utf-8")
        assert self.app is not None
        self.app.exit(0)

    async def _tick(self, seconds: float) -> None:
        began, sent, heard = time.monotonic(), 0, -1
        while (elapsed := time.monotonic() - began) < seconds:
            self.desk.now()
            if int(elapsed) > heard:
                heard += 1
                self.desk.hear()
            for _ in range(int(elapsed * self.rate) - sent):
                sent += 1
                self.desk.trade(self.desk.watchlist.symbols[sent % ROWS], 100 + (sent * 7 % 1000) / 100)
            await asyncio.sleep(0.01 if self.rate else 0.5)


def child(rate: int, seconds: float, report: Path) -> None:
    """Run the app at `rate` and write its CPU share."""
    desk = RealTimeDesk(tuple(f"SYM{number}" for number in range(ROWS)))
    for symbol in desk.watchlist.symbols:
        desk.quote(symbol, 100.0, bid=99.9, ask=100.1, volume=1e6)
    ticker = Ticker(desk, rate, seconds, report)
    app = ticker.app = MarketApp(desk, worker=ticker, settings=Ui(paint_hz=PAINT_HZ), zone=UTC)
    sys.exit(run(app))


def measure(rate: int, seconds: float) -> float:
    """The CPU share at `rate`, from a process in a pseudo-terminal of 120x40."""
    report = Path(f"/tmp/bench_watchlist.{os.getpid()}.{rate}")
    arguments = [__file__, "child", str(rate), str(seconds), str(report)]
    process = pexpect.spawn(sys.executable, arguments, dimensions=(40, 120), timeout=seconds + 30)
    process.expect(pexpect.EOF)
    process.wait()
    share = float(report.read_text(encoding="utf-8"))
    report.unlink()
    return share


if __name__ == "__main__":
    if sys.argv[1:2] == ["child"]:
        child(int(sys.argv[2]), float(sys.argv[3]), Path(sys.argv[4]))
    length = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    print(f"{ROWS} rows, {PAINT_HZ:g} paints/s, {length:g} s a rate")
    for rate in RATES:
        print(f"{rate:>6} ticks/s  {measure(rate, length):6.1%} of one core")

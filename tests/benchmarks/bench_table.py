"""Whether 1,000 rows scroll and sort as smoothly as 10: what a paint takes at 2,000 trades a second.

    python tests/benchmarks/bench_table.py [seconds]

Each case runs in a process of its own in a pseudo-terminal of 120x40. A paint is what the screen's timer does (drain,
absorb, sort, compare) and what drawing the changed lines takes; both in milliseconds, with the CPU's share.
"""

import asyncio
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1] / "ui"))
sys.path.insert(0, str(Path(__file__).parent))

import pexpect
from bench_watchlist import PAINT_HZ, RealTimeDesk

from mytrader_tui.app import MarketApp, run
from mytrader_tui.settings.schema import Ui
from mytrader_tui.settings.state import View

RATE = 2000
WARM_UP_SECONDS = 2.0
CASES = tuple((rows, sort, scroll) for rows in (10, 1000) for sort in ("", "change_percent") for scroll in (0, 1))


def timed(call: Callable[..., object], into: list[float]) -> Callable[..., object]:
    """`call`, with what each call takes put `into` a list, in milliseconds."""

    def wrapped(*args: object, **named: object) -> object:
        began = time.perf_counter()
        try:
            return call(*args, **named)
        finally:
            into.append(1000 * (time.perf_counter() - began))

    return wrapped


class Ticker:
    """Prints trades round the rows; with `scroll` the cursor also goes on by a page ten times a second."""

    def __init__(self, desk: RealTimeDesk, *, scroll: bool, seconds: float, report: Path) -> None:
        self.desk, self.scroll, self.seconds, self.report = desk, scroll, seconds, report
        self.app: MarketApp | None = None

    async def run(self) -> None:
        assert self.app is not None
        await self._tick(WARM_UP_SECONDS)
        paints: list[float] = []
        draws: list[float] = []
        screen = self.app.get_default_screen()
        screen.paint = timed(screen.paint, paints)  # type: ignore[method-assign]
        self.app._display = timed(self.app._display, draws)  # type: ignore[method-assign]
        screen.set_interval(1 / PAINT_HZ, lambda: screen.paint(), name="measured paint")
        cpu, wall = time.process_time(), time.monotonic()
        await self._tick(self.seconds)
        share = (time.process_time() - cpu) / (time.monotonic() - wall)
        told = [f"{at(values, part):.2f}" for values in (paints, draws) for part in (0.5, 0.99)]
        self.report.write_text(" ".join([*told, f"{100 * share:.1f}"]), encoding="utf-8")
        self.app.exit(0)

    async def _tick(self, seconds: float) -> None:
        assert self.app is not None
        table = self.app.get_default_screen()._watchlist
        symbols = self.desk.watchlist.symbols
        began, sent, heard, paged = time.monotonic(), 0, -1, 0
        while (elapsed := time.monotonic() - began) < seconds:
            self.desk.now()
            if int(elapsed) > heard:
                heard += 1
                self.desk.hear()
            for _ in range(int(elapsed * RATE) - sent):
                sent += 1
                self.desk.trade(symbols[sent * 7 % len(symbols)], 100 + (sent * 13 % 1000) / 100)
            if self.scroll and elapsed * 10 > paged:
                paged += 1
                table.action_page(1 if paged // 20 % 2 == 0 else -1)
            await asyncio.sleep(0.005)


def at(values: list[float], part: float) -> float:
    """The value that so large a part lies below."""
    return sorted(values)[min(len(values) - 1, int(part * len(values)))] if values else float("nan")


def child(rows: int, sort: str, scroll: int, seconds: float, report: Path) -> None:
    """Run one case and write its figures."""
    desk = RealTimeDesk(tuple(f"SYM{number}" for number in range(rows)))
    for symbol in desk.watchlist.symbols:
        desk.quote(symbol, 100.0, bid=99.9, ask=100.1, volume=1e6, low=98.0, high=110.0, name=f"Company {symbol}")
        desk.charts.sparklines[symbol] = tuple(100 + number % 7 for number in range(60))
    desk.keep_view(View(sort=sort, falling=True))
    ticker = Ticker(desk, scroll=bool(scroll), seconds=seconds, report=report)
    app = ticker.app = MarketApp(desk, worker=ticker, settings=Ui(paint_hz=2.0), zone=UTC)
    run(app)


def measure(rows: int, sort: str, scroll: int, seconds: float) -> str:
    """The figures of one case."""
    report = Path(f"/tmp/bench_table.{os.getpid()}")
    arguments = [__file__, "child", str(rows), sort or "-", str(scroll), str(seconds), str(report)]
    process = pexpect.spawn(sys.executable, arguments, dimensions=(40, 120), timeout=seconds + 60)
    process.expect(pexpect.EOF)
    process.wait()
    told = report.read_text(encoding="utf-8")
    report.unlink()
    return told


if __name__ == "__main__":
    if sys.argv[1:2] == ["child"]:
        child(int(sys.argv[2]), sys.argv[3].strip("-"), int(sys.argv[4]), float(sys.argv[5]), Path(sys.argv[6]))
    length = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    print(f"{RATE} trades/s, {PAINT_HZ:g} paints/s, {length:g} s a case; paint p50 p99, draw p50 p99 (ms), CPU %")
    for rows, sort, scroll in CASES:
        name = f"{rows:>5} rows, {'sorted' if sort else 'by hand':>7}{', scrolling' if scroll else ''}"
        print(f"{name:<32} {measure(rows, sort, scroll, length)}")

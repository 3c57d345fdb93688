"""What the benchmarks share: the program in a pseudo-terminal that is read and thrown away, and a market elsewhere."""

import fcntl
import os
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "terminal")]

from msgspec.structs import replace  # noqa: E402
from own_market import config_of  # noqa: E402
from program_under_test import KEYS, command, environment  # noqa: E402

from mytrader_tui.settings import Settings  # noqa: E402

__all__ = ["KEYS", "THIRTY", "Pty", "command", "config_of", "demo_market", "environment", "home", "percentile", "table"]

THIRTY = (
    *("SPY", "QQQ", "AAPL", "MSFT", "NVDA", "AMZN", "GOOGL", "META", "TSLA", "BRK.B", "AMD", "INTC", "NFLX", "KO"),
    *("PEP", "JPM", "BAC", "GS", "V", "MA", "DIS", "WMT", "COST", "HD", "CVX", "XOM", "PFE", "JNJ", "ORCL", "CRM"),
)


class Pty:
    """A program in a pseudo-terminal of 120x40; `read_until` and `drain` take what it writes."""

    def __init__(self, arguments: Sequence[str], environ: dict[str, str]) -> None:
        self.master, slave = os.openpty()
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            arguments, env=environ, stdin=slave, stdout=slave, stderr=slave, start_new_session=True
        )
        os.close(slave)

    def read_until(self, wanted: bytes, seconds: float = 30.0) -> float:
        """The seconds from now until `wanted` was written. Raises TimeoutError."""
        begun, seen = time.monotonic(), b""
        while (left := begun + seconds - time.monotonic()) > 0:
            data = self._read(left)
            if wanted in seen + data:
                return time.monotonic() - begun
            seen = (seen + data)[-4 * len(wanted) - 64 :]
        raise TimeoutError(f"{wanted!r} was never written")

    def drain(self, seconds: float) -> int:
        """Read for `seconds`; the number of bytes written."""
        end, count = time.monotonic() + seconds, 0
        while (left := end - time.monotonic()) > 0:
            count += len(self._read(left))
        return count

    def close(self) -> None:
        """Kill the program."""
        self.process.kill()
        self.process.wait()
        os.close(self.master)

    def _read(self, seconds: float) -> bytes:
        if not select.select([self.master], [], [], seconds)[0]:
            return b""
        return os.read(self.master, 65536)


@contextmanager
def home() -> Iterator[Path]:
    """An empty home folder."""
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextmanager
def demo_market(folder: Path, settings: Settings, ticks_per_second: float) -> Iterator[Path]:
    """A demo market in a process of its own; yields a config.toml that says `settings` and points at it."""
    arguments = [sys.executable, str(Path(__file__).with_name("market_process.py")), str(ticks_per_second)]
    process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdin is not None
    stream, trading, trading_stream, data, yahoo = process.stdout.readline().split()
    alpaca = replace(
        settings.alpaca, stream_url=stream, trading_url=trading, trading_stream_url=trading_stream, data_url=data
    )
    try:
        yield config_of(folder, replace(settings, alpaca=alpaca, yahoo=replace(settings.yahoo, base_url=yahoo)))
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of `values` lie."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def table(*rows: tuple[str, str, str]) -> None:
    """Print rows of what, figure and target."""
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for what, figure, target in rows:
        print(f"{what:<{widths[0]}}  {figure:>{widths[1]}}  {target}")

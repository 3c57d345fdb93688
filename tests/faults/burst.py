"""The installed program in a storm of prints: what it paints, what it weighs, and what it shows at the end."""

import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from burst_server import LAST_PRICE
from processes import closed_ports, on_screen
from pty_terminal import PtyTerminal

LOOK_SECONDS = 0.004


@dataclass(frozen=True)
class Storm:
    """What was seen. Seconds; kilobytes. Of the `seconds`, the program was ready to run and not let for `waited`."""

    sent: int
    seconds: float
    waited: float
    paints: int
    longest_gap: float
    before_kb: int
    most_kb: int
    settled_after: float

    @property
    def paints_a_second(self) -> float:
        """How often it paints in the time that the machine gives it."""
        return self.paints / (self.seconds - self.waited)


def storm(folder: Path, rate: float, seconds: float) -> Storm:
    """Run the program on a server that sends `rate` messages a second for `seconds`."""
    arguments = [sys.executable, str(Path(__file__).with_name("burst_server.py")), str(rate), str(seconds)]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        config = closed_ports(url).replace('base_url = "http://127.0.0.1:9"', "enabled = false")
        try:
            with on_screen(folder, config=config) as screen:
                screen.wait_for_row("AAPL", "LIVE")
                return _watched(screen, seconds, server)
        finally:
            server.kill()


def _watched(screen: PtyTerminal, seconds: float, server: "subprocess.Popen[str]") -> Storm:
    begun = last = time.monotonic()
    waited = _waited(screen)
    before, most, paints, gap, size = _kilobytes(screen), 0, 0, 0.0, len(screen.raw)
    while (now := time.monotonic()) - begun < seconds:
        threading.Event().wait(LOOK_SECONDS)
        if len(screen.raw) != size:
            size = len(screen.raw)
            paints, gap, last = paints + 1, max(gap, now - last), now
            most = max(most, _kilobytes(screen)) if paints % 10 == 0 else most
    seconds, waited = now - begun, _waited(screen) - waited
    settled = screen.wait_for_row("AAPL", f"{LAST_PRICE:.2f}", seconds=30.0)
    assert server.stdout is not None
    sent = int(server.stdout.readline())
    return Storm(sent, seconds, min(waited, seconds / 2), paints, gap, before, max(most, _kilobytes(screen)), settled)


def _waited(screen: PtyTerminal) -> float:
    """For how long the program's loop was ready to run while the processors were at others. Linux's schedstat."""
    try:
        waited = Path(f"/proc/{screen.process.pid}/schedstat").read_text().split()[1]
    except FileNotFoundError:
        return 0.0
    return int(waited) / 1e9


def _kilobytes(screen: PtyTerminal) -> int:
    status = Path(f"/proc/{screen.process.pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])

"""A pseudo-terminal that sends its program no SIGHUP: nobody's controlling terminal, as after `setsid` or in a pane."""

import contextlib
import os
import select
import subprocess
import sys
import termios
import time
from pathlib import Path

HERE = Path(__file__).parent
PATIENCE_SECONDS = 60.0


class BareTerminal:
    """Runs leaving_program.py with `kind`; what it writes is in `raw` once it was read."""

    def __init__(self, kind: str) -> None:
        self._master, self._slave = os.openpty()
        self.settings = termios.tcgetattr(self._slave)
        self.raw = b""
        folders = (HERE, HERE.parent / "ui", HERE.parents[1])
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "leaving_program.py"), kind],
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            start_new_session=True,
            env={
                "PYTHONPATH": os.pathsep.join(map(str, folders)),
                "TERM": "xterm-256color",
                "LANG": "C.UTF-8",
                "COLUMNS": "80",
                "LINES": "24",
            },
        )

    def type(self, keys: bytes) -> None:
        """Press keys."""
        os.write(self._master, keys)

    def read_until(self, text: bytes) -> None:
        """Read until the program has written `text`."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while text not in self.raw:
            assert self._read(max(0.0, deadline - time.monotonic())), f"{text!r} was never written: {self.raw[-500:]!r}"

    def read_for(self, seconds: float) -> None:
        """Read what comes within `seconds`."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            self._read(left)

    def left(self, *, reading: bool = True) -> tuple[int, float]:
        """The exit code, and the seconds until the program ended; nothing is read meanwhile unless `reading`."""
        begun = time.monotonic()
        while reading and self.process.poll() is None and time.monotonic() - begun < PATIENCE_SECONDS:
            self._read(0.05)
        code = self.process.wait(PATIENCE_SECONDS)
        took = time.monotonic() - begun
        while self._master >= 0 and self._read(0.0):
            pass
        return code, took

    def settings_now(self) -> list[object]:
        """The terminal's settings."""
        return termios.tcgetattr(self._slave)

    def vanish(self) -> None:
        """Close the other end, which sends nobody a signal."""
        os.close(self._slave)
        os.close(self._master)
        self._master = self._slave = -1

    def cpu_seconds(self) -> float:
        """The processor time that the program has used so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def close(self) -> None:
        """Kill what still runs."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for end in (self._master, self._slave):
            with contextlib.suppress(OSError):
                os.close(end)

    def _read(self, seconds: float) -> bool:
        if not select.select([self._master], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:
            return False
        self.raw += data
        return bool(data)

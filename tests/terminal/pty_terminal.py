"""A pseudo-terminal with the program in it: every byte it writes, and the picture that they make."""

import contextlib
import fcntl
import os
import re
import select
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence

import pyte
from program_under_test import PATIENCE_SECONDS

LEAVE_ALTERNATE_SCREEN = b"\x1b[?1049l"
SHOW_CURSOR = b"\x1b[?25h"
_ESCAPES = re.compile(rb"\x1b\[[0-9;?<>=]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[=>]")

_ON_THE_TERMINAL = 'tty=$1; out=$2; shift 2; exec "$@" <>"$tty" >"${out:-$tty}" 2>"$tty"'
"""A session's leader that opens a terminal has it for its own, which is what sends it SIGWINCH and SIGHUP."""


class PtyTerminal:
    """Runs `arguments` in a pseudo-terminal of `size` (columns, rows) and reads it in a thread.

    `out` is a file that standard output goes to instead of the terminal.
    """

    def __init__(
        self, arguments: Sequence[str], environ: Mapping[str, str], size: tuple[int, int] = (120, 36), out: str = ""
    ) -> None:
        self._master, self._slave = os.openpty()
        self._enough, self._stop = os.pipe()
        self.settings = termios.tcgetattr(self._slave)
        self.raw = b""
        self._screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self._screen)
        self._news = threading.Condition()
        self._set_size(size)
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            ["/bin/sh", "-c", _ON_THE_TERMINAL, "sh", os.ttyname(self._slave), out, *arguments],
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, name="terminal", daemon=True)
        self._reader.start()

    @property
    def picture(self) -> str:
        """What is on the screen."""
        with self._news:
            return "\n".join(self._screen.display)

    def line(self, text: str) -> str:
        """The first line on the screen that contains `text`, or an empty one."""
        return next((line for line in self.picture.splitlines() if text in line), "")

    def send(self, keys: str | bytes) -> None:
        """Press keys."""
        os.write(self._master, keys.encode() if isinstance(keys, str) else keys)

    def resize(self, columns: int, rows: int) -> None:
        """Change the window's size; the program is told by SIGWINCH."""
        with self._news:
            self._screen.resize(rows, columns)
        self._set_size((columns, rows))

    def wait(self, condition: Callable[[str], bool], what: str, seconds: float = PATIENCE_SECONDS) -> float:
        """Wait until the picture satisfies `condition`; the seconds it took. Fails with the picture."""
        begun = time.monotonic()
        with self._news:
            if not self._news.wait_for(lambda: condition("\n".join(self._screen.display)), seconds):
                picture = "\n".join(self._screen.display)
                raise AssertionError(f"not within {seconds:g} s: {what}\n{picture}")
        return time.monotonic() - begun

    def wait_for(self, text: str, seconds: float = PATIENCE_SECONDS) -> float:
        """Wait until `text` is on the screen; the seconds it took."""
        return self.wait(lambda picture: text in picture, f"{text!r} on the screen", seconds)

    def wait_for_row(self, symbol: str, text: str, seconds: float = PATIENCE_SECONDS) -> float:
        """Wait until a line with `symbol` says `text` too; the seconds it took."""
        pattern = re.compile(rf"^.?{re.escape(symbol)} .*{re.escape(text)}", re.MULTILINE)
        return self.wait(lambda picture: bool(pattern.search(picture)), f"{symbol} {text}", seconds)

    def wait_left(self, seconds: float = PATIENCE_SECONDS) -> tuple[int, float]:
        """Wait for the program's end and its last byte: the exit code, and the seconds it took."""
        begun = time.monotonic()
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"it did not end within {seconds:g} s\n{self.picture}") from None
        took = time.monotonic() - begun
        self.settings_left = termios.tcgetattr(self._slave)
        self._let_go_of_slave()
        self._reader.join(PATIENCE_SECONDS)
        return code, took

    def said_after_leaving(self) -> str:
        """The text written after the alternate screen was left, without the sequences that restore the terminal."""
        _, _, after = self.raw.rpartition(LEAVE_ALTERNATE_SCREEN)
        return _ESCAPES.sub(b"", after).decode()

    def close_window(self) -> None:
        """Take the terminal away, as closing a window does: SIGHUP, and no reading or writing from then on."""
        self._let_go_of_slave()
        self._end_reading()
        os.close(self._master)
        self._master = -1

    def close(self) -> None:
        """Kill the program if it still runs and close the terminal."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self._master >= 0:
            self.close_window()
        os.close(self._enough)

    def _let_go_of_slave(self) -> None:
        if self._slave >= 0:
            os.close(self._slave)
            self._slave = -1

    def _set_size(self, size: tuple[int, int]) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))

    def _end_reading(self) -> None:
        os.close(self._stop)
        self._reader.join(PATIENCE_SECONDS)

    def _read(self) -> None:
        with contextlib.suppress(OSError):  # EIO: the last one who had the terminal open is gone
            while self._enough not in select.select([self._master, self._enough], [], [])[0]:
                data = os.read(self._master, 65536)
                with self._news:
                    self.raw += data
                    self._stream.feed(data)
                    self._news.notify_all()


Start = Callable[..., PtyTerminal]
"""The fixture `start`: the program's arguments, then size, keys, out and variables of the environment."""

"""The installed program as a process, and servers in threads that note what reaches them."""

import contextlib
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from program_under_test import KEYS, command, environment
from pty_terminal import PtyTerminal
from world import KEY, SECRET

PATIENCE_SECONDS = 60.0
OUR_KEYS = {"ALPACA_API_KEY": KEY, "ALPACA_SECRET_KEY": SECRET}
DEMO_KEYS = KEYS
CERTIFICATES = Path(__file__).with_name("certificates")
"""Keys of nobody and certificates for them: one of localhost, one that ended in 2020, one of another name."""


def closed_ports(stream_url: str = "ws://127.0.0.1:9") -> str:
    """Settings whose every server is a closed port of this machine, or whose stream is at `stream_url`."""
    return (
        f'[watchlist]\nsymbols = ["AAPL"]\n[alpaca]\nstream_url = "{stream_url}"\n'
        'trading_url = "http://127.0.0.1:9"\ndata_url = "http://127.0.0.1:9"\n'
        'trading_stream_url = "ws://127.0.0.1:9/stream"\n[yahoo]\nbase_url = "http://127.0.0.1:9"\n'
    )


def home_in(folder: Path) -> Path:
    """A home of the program's own."""
    home = folder / "home"
    home.mkdir(exist_ok=True)
    return home


def written(folder: Path, config: str) -> Path:
    """A config.toml."""
    path = folder / "config.toml"
    path.write_text(config)
    return path


def program(
    folder: Path, *arguments: str | Path, config: str = "", keys: bool = True, **environ: str
) -> subprocess.CompletedProcess[str]:
    """Run the program to its end, without a terminal."""
    chosen = ["--config", written(folder, config)] if config else []
    around = environment(home_in(folder), **(OUR_KEYS if keys else {}), **environ)
    return subprocess.run(
        command(*chosen, *arguments), env=around, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
    )


@contextlib.contextmanager
def on_screen(
    folder: Path,
    *arguments: str | Path,
    config: str = "",
    keys: bool = True,
    size: tuple[int, int] = (120, 36),
    **environ: str,
) -> Iterator[PtyTerminal]:
    """The program in a pseudo-terminal; killed at the end."""
    chosen = ["--config", written(folder, config)] if config else []
    around = environment(home_in(folder), **(OUR_KEYS if keys else {}), **environ)
    terminal = PtyTerminal(command(*chosen, *arguments), around, size)
    try:
        yield terminal
    finally:
        terminal.close()


def until(condition: Callable[[], bool], what: Callable[[], str], seconds: float = PATIENCE_SECONDS) -> None:
    """Look every 20 ms for what nothing announces."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:g} s: {what()}")
        threading.Event().wait(0.02)


def log_of(folder: Path) -> str:
    """What the program has logged so far."""
    return "\n".join(path.read_text(errors="replace") for path in (folder / "home").rglob("*.log*"))


def log_says(folder: Path, text: str) -> str:
    """Wait for `text` in the program's log; the whole of it."""
    until(lambda: text in log_of(folder), lambda: f"{text!r} in the log:\n{log_of(folder)}")
    return log_of(folder)


class Trap:
    """A TCP server in a thread: `heard` is all that reached it, after TLS if it has a certificate."""

    def __init__(self, certificate: Path | None = None, answer: bytes = b"") -> None:
        self.heard = b""
        self.connections = 0
        self._answer = answer
        self._tls: ssl.SSLContext | None = None
        if certificate is not None:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(certificate)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._serve, name="trap", daemon=True).start()

    def __enter__(self) -> "Trap":
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self.connections += 1
                threading.Thread(target=self._hear, args=(client,), name="trap client", daemon=True).start()

    def _hear(self, client: socket.socket) -> None:
        client.settimeout(5.0)
        with client, contextlib.suppress(OSError):
            speaking = self._tls.wrap_socket(client, server_side=True) if self._tls else client
            with speaking:
                self._converse(speaking)

    def _converse(self, client: socket.socket) -> None:
        while data := client.recv(65536):
            self.heard += data
            if self._answer and self.heard.endswith(b"\r\n\r\n"):
                client.sendall(self._answer)
                return


def python(code: str, home: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a piece of Python in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", code],
        env=environment(home, **environ),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )

"""F28 and F67 to F72: the process among others: a second one, signals, crashes, secrets, ports, terminals."""

import contextlib
import re
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import msgspec
import pytest
from layers import installed, simulated, unit
from own_market import OwnMarket
from processes import DEMO_KEYS, OUR_KEYS, closed_ports, home_in, log_of, on_screen, program, until, written
from program_under_test import environment
from pty_terminal import LEAVE_ALTERNATE_SCREEN, SHOW_CURSOR, PtyTerminal
from world import KEY, SECRET, world

from mytrader_tui.settings.errors import SettingsError
from mytrader_tui.settings.load import check_environment, parse

LEAVE_WITHIN_SECONDS = 2.0


@pytest.fixture
def market() -> Iterator[OwnMarket]:
    market = OwnMarket()
    yield market
    market.close()


@installed
def test_f28_a_second_window_serves_from_yahoo_and_starts_no_war_over_the_stream(tmp_path, market):
    config = market.config(tmp_path).read_text()
    with (
        on_screen(tmp_path, config=config, keys=False, **DEMO_KEYS) as first,
        on_screen(tmp_path, config=config, keys=False, **DEMO_KEYS) as second,
    ):
        windows = (first, second)
        until(lambda: any("LIVE" in each.picture for each in windows), lambda: first.picture)
        until(lambda: any("this window serves from Yahoo" in each.picture for each in windows), lambda: second.picture)
        other = next(each for each in windows if "this window serves from Yahoo" in each.picture)
        other.wait_for_row("AAPL", "DELAYED")
        time.sleep(1.0)

        assert market.market.seen.connections == 1
        assert sum("LIVE" in each.picture for each in windows) >= 1
        assert "close the other" in other.picture


WAYS = {
    "SIGTERM": ([signal.SIGTERM], 128 + signal.SIGTERM),
    "SIGHUP": ([signal.SIGHUP], 128 + signal.SIGHUP),
    "SIGQUIT": ([signal.SIGQUIT], 128 + signal.SIGQUIT),
    "SIGINT twice": ([signal.SIGINT, signal.SIGINT], 128 + signal.SIGINT),
}


@pytest.mark.parametrize("way", WAYS)
@installed
def test_f67_a_signal_restores_the_terminal_and_ends_with_its_code_within_2_s(tmp_path, way):
    signals, code = WAYS[way]
    with on_screen(tmp_path, "--demo", keys=False) as screen:
        screen.wait_for_row("AAPL", "LIVE")

        for number in signals:
            screen.process.send_signal(number)

        assert screen.wait_left(LEAVE_WITHIN_SECONDS)[0] == code
        assert screen.settings_left == screen.settings
        assert screen.raw.rindex(SHOW_CURSOR) > screen.raw.rindex(LEAVE_ALTERNATE_SCREEN)
        assert screen.said_after_leaving() == ""


@pytest.mark.parametrize("hangup", [True, False], ids=["closed", "gone without SIGHUP"])
@installed
def test_f67_without_its_terminal_the_program_ends_and_burns_no_processor(tmp_path, hangup):
    deaf = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN); signal.signal = lambda *_: None"
    with _patched(tmp_path, "" if hangup else deaf, "--demo") as screen:
        screen.wait_for_row("AAPL", "LIVE")

        screen.close_window()

        assert screen.process.wait(LEAVE_WITHIN_SECONDS + 1.5) == 128 + signal.SIGHUP


@contextmanager
def _patched(folder: Path, patch: str, *arguments: str, **environ: str) -> Iterator[PtyTerminal]:
    """The program in a pseudo-terminal, with `patch` run before it starts."""
    start = f"import sys; sys.argv = ['mytrader-tui', *{list(arguments)!r}]\nfrom mytrader_tui.cli import main; main()"
    code = f"{patch}\n{start}"
    terminal = PtyTerminal([sys.executable, "-c", code], environment(home_in(folder), **environ))
    try:
        yield terminal
    finally:
        terminal.close()


_FAILING_THREAD = """
import threading
import mytrader_tui.monitor.worker as worker
run = worker.Monitor.run
def boom():
    raise RuntimeError("a thread's end")
async def with_thread(self):
    threading.Timer(0.3, boom).start()
    await run(self)
worker.Monitor.run = with_thread
"""
_FAILING_CALLBACK = """
import asyncio
import mytrader_tui.monitor.worker as worker
run = worker.Monitor.run
async def with_callback(self):
    def boom():
        raise RuntimeError("a callback's end")
    asyncio.get_running_loop().call_later(0.3, boom)
    await run(self)
worker.Monitor.run = with_callback
"""
_FAILING_TASK = """
import mytrader_tui.monitor.worker as worker
look = worker.Monitor._notice_passage
count = 0
def failing(self):
    global count
    count += 1
    if count == 3:
        raise RuntimeError("a task's end")
    look(self)
worker.Monitor._notice_passage = failing
"""
_FAILING_WORKER = """
import mytrader_tui.monitor.worker as worker
async def failing(self):
    raise RuntimeError("the worker's end")
worker.Monitor.run = failing
"""


@pytest.mark.parametrize(
    ("patch", "told", "logged"),
    [
        (_FAILING_THREAD, "the thread", "a thread's end"),
        (_FAILING_CALLBACK, "something in the background failed", "a callback's end"),
        (_FAILING_TASK, "tick failed (RuntimeError)", "a task's end"),
        (_FAILING_WORKER, "The market stopped on an error", "the worker's end"),
    ],
    ids=["thread", "callback", "task", "worker"],
)
@installed
def test_f68_an_error_anywhere_is_told_logged_and_survived(tmp_path, market, patch, told, logged):
    config = str(market.config(tmp_path))
    with _patched(tmp_path, patch, "--config", config, **DEMO_KEYS) as screen:
        screen.wait_for(told)

        until(lambda: logged in log_of(tmp_path), lambda: log_of(tmp_path))
        assert screen.process.poll() is None
        screen.send("q")
        assert screen.wait_left()[0] == 0
    assert b"Traceback" not in screen.raw


@simulated
async def test_f68_a_task_that_crashed_runs_again(tmp_path, monkeypatch):
    async with world(tmp_path) as it:
        await it.serving()
        tick, failures = it.monitor.intake.tick, [RuntimeError("once"), RuntimeError("twice")]

        def failing() -> None:
            if failures:
                raise failures.pop()
            tick()

        monkeypatch.setattr(it.monitor.intake, "tick", failing)
        await it.until(lambda: not failures, 10, "two crashes")
        await it.until(lambda: "tick failed" in it.words, 5, "the hint")

        it.forgive_errors(2)
        it.market.faults.mute = True
        await it.failover(within=65)


@installed
def test_f68_a_screen_that_crashes_ends_with_1_and_one_plain_message(tmp_path):
    patch = """
import mytrader_tui.ui.screens.main as main_screen
def crash(self, *_):
    secret = "hunter2hunter2"
    raise RuntimeError("the screen's end")
main_screen.MainScreen._paint = main_screen.MainScreen.paint = main_screen.MainScreen.on_mount = crash
"""
    demos = tmp_path / "demos"
    demos.mkdir()
    with _patched(tmp_path, patch, "--demo", TMPDIR=str(demos)) as screen:
        code, _ = screen.wait_left()

    assert code == 1
    (log,) = demos.rglob("mytrader-tui.log")
    # The terminal breaks a long path at its edge.
    assert log.name in "".join(screen.said_after_leaving().split())
    assert "the screen's end" in log.read_text()
    assert "mytrader-tui stopped on an error. RuntimeError: the screen's end" in " ".join(
        screen.said_after_leaving().split()
    )
    assert b"hunter2" not in screen.raw
    assert b"Traceback" not in screen.raw


class _Echo(BaseHTTPRequestHandler):
    """An HTTP server that refuses and repeats what it was told, keys and all."""

    def do_GET(self) -> None:
        told = " ".join(f"{name}={value}" for name, value in self.headers.items())
        body = msgspec.json.encode({"code": 40110000, "message": f"not authorized: {told}"})
        self.send_response(self.server.status)  # type: ignore[attr-defined]
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def _echoing(status: int) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Echo)
    server.status = status  # type: ignore[attr-defined]
    Thread(target=server.serve_forever, name="echo", daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


_DEBUG = """
import logging
import mytrader_tui.telemetry.logs as logs
init = logs.LogFile.__init__
logs.LogFile.__init__ = lambda self, *given, **named: init(self, *given, **{**named, "level": logging.DEBUG})
"""


@pytest.mark.parametrize("status", [401, 500])
@installed
def test_f69_the_keys_are_in_no_output_with_debug_logs_and_servers_that_echo_them(tmp_path, status):
    with _echoing(status) as address:
        config = closed_ports(f"ws://{address}").replace("http://127.0.0.1:9", f"http://{address}")
        path = str(written(tmp_path, config))
        with _patched(tmp_path, _DEBUG, "--config", path, **OUR_KEYS) as screen:
            until(lambda: "not authorized" in log_of(tmp_path), lambda: log_of(tmp_path))
            time.sleep(0.3)
            command = Path(f"/proc/{screen.process.pid}/cmdline").read_bytes()
            screen.send("q")
            screen.wait_left()

    outputs = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    assert any("DEBUG" in text.decode(errors="replace") for file, text in outputs.items() if ".log" in file.name)
    outputs |= {Path("the terminal"): screen.raw, Path("ps"): command}
    for file, text in outputs.items():
        for secret in (KEY, SECRET):
            assert secret.encode() not in text, file


@installed
def test_f69_a_crash_with_the_keys_in_scope_shows_none_of_them(tmp_path):
    patch = """
import mytrader_tui.ui.screens.main as main_screen, os
def crash(self, *_):
    key, secret = os.environ["ALPACA_API_KEY"], os.environ["ALPACA_SECRET_KEY"]
    raise RuntimeError("the screen's end")
main_screen.MainScreen.on_mount = crash
"""
    path = str(written(tmp_path, closed_ports()))
    with _patched(tmp_path, patch, "--config", path, **OUR_KEYS) as screen:
        assert screen.wait_left(15.0)[0] == 1

    assert "the screen's end" in log_of(tmp_path)
    for secret in (KEY, SECRET):
        assert secret.encode() not in screen.raw
        assert secret not in log_of(tmp_path)


@installed
def test_f70_the_program_listens_on_no_port(tmp_path, market):
    config = market.config(tmp_path).read_text()
    with on_screen(tmp_path, config=config, keys=False, **DEMO_KEYS) as screen:
        screen.wait_for_row("AAPL", "LIVE")

        assert _listening(screen.process.pid) == set()


def _listening(pid: int) -> set[str]:
    """The listening TCP sockets that a process has open."""
    own = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed since
            if found := re.fullmatch(r"socket:\[(\d+)\]", str(descriptor.readlink())):
                own.add(found[1])
    listening = set()
    for table in ("tcp", "tcp6"):
        rows = Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]
        listening |= {row.split()[9] for row in rows if row.split()[3] == "0A"}
    return own & listening


@unit
def test_f71_a_live_account_is_refused_wherever_it_is_named():
    live = "https://api.alpaca.markets"
    with pytest.raises(SettingsError):
        check_environment({"APCA_API_BASE_URL": live})
    for key, url in (
        ("trading_url", live),
        ("trading_url", "https://API.alpaca.markets:443/v2"),
        ("trading_url", "http://paper-api.alpaca.markets"),
        ("trading_stream_url", "wss://api.alpaca.markets/stream"),
        ("data_url", live),
        ("stream_url", "wss://api.alpaca.markets"),
    ):
        with pytest.raises(SettingsError):
            parse(f'[alpaca]\n{key} = "{url}"\n', Path("config.toml"))


_NO_SOCKETS = """
import pathlib, socket
def connect(self, address, real=socket.socket.connect):
    pathlib.Path({marker!r}).touch()
    return real(self, address)
socket.socket.connect = socket.socket.connect_ex = connect
"""


@pytest.mark.parametrize("how", ["environment", "config"])
@installed
def test_f71_a_live_account_is_refused_before_any_socket_opens(tmp_path, how):
    marker = tmp_path / "connected"
    home = home_in(tmp_path)
    (home / "sitecustomize.py").write_text(_NO_SOCKETS.format(marker=str(marker)))
    root = str(Path(__file__).parents[2])
    environ = {"PYTHONPATH": f"{home}:{root}"}
    config = ""
    if how == "environment":
        environ["APCA_API_BASE_URL"] = "https://api.alpaca.markets"
    else:
        config = '[alpaca]\ntrading_url = "https://api.alpaca.markets"\n'

    done = program(tmp_path, "snapshot", config=config, **environ)

    assert done.returncode == 2
    assert "paper" in done.stderr
    assert not marker.exists()
    assert SECRET not in done.stderr


@pytest.mark.parametrize(
    ("size", "environ"),
    [
        ((20, 5), {}),
        ((1, 1), {}),
        ((80, 24), {"TERM": "dumb"}),
        ((80, 24), {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii:strict"}),
    ],
    ids=["20x5", "1x1", "dumb", "no UTF-8"],
)
@installed
def test_f72_an_odd_terminal_gets_what_it_can_show_and_the_program_leaves_in_order(tmp_path, size, environ):
    with on_screen(tmp_path, "--demo", keys=False, size=size, **environ) as screen:
        if size == (1, 1):
            until(lambda: len(screen.raw) > 100, lambda: "anything at all")
        else:
            screen.wait(lambda picture: "LIVE" in picture or "Too small" in picture, "prices, or that it is too small")
        screen.send("q")
        assert screen.wait_left()[0] == 0
    assert b"Traceback" not in screen.raw


@installed
def test_f72_a_storm_of_sizes_is_survived(tmp_path):
    with on_screen(tmp_path, "--demo", keys=False) as screen:
        screen.wait_for_row("AAPL", "LIVE")
        for step in range(60):
            screen.resize(20 + 37 * step % 140, 5 + 13 * step % 45)
            time.sleep(0.01)
        screen.resize(120, 36)

        screen.wait_for_row("MSFT", "LIVE")
        screen.wait_for("Quit")
        assert screen.process.poll() is None


@installed
def test_f72_without_a_terminal_the_snapshot_is_named(tmp_path):
    done = program(tmp_path, config=closed_ports(), keys=False)

    assert done.returncode == 2
    assert "mytrader-tui snapshot" in done.stderr
    assert done.stdout == ""

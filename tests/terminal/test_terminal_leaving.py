"""The ways out: soon, with the right exit code, and the terminal as it was."""

import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from own_market import SETTINGS, OwnMarket, config_of
from program_under_test import KEYS, ROOT, wait_until
from pty_terminal import LEAVE_ALTERNATE_SCREEN, SHOW_CURSOR, PtyTerminal, Start

pytestmark = pytest.mark.terminal

QUIT_WITHIN_SECONDS = 1.0
LEAVE_WITHIN_SECONDS = 2.0

Way = Callable[[PtyTerminal], None]
WAYS = [
    pytest.param(lambda terminal: terminal.send("q"), 0, QUIT_WITHIN_SECONDS, id="q"),
    pytest.param(lambda terminal: terminal.send("\x03"), 0, LEAVE_WITHIN_SECONDS, id="ctrl-c"),
    *(
        pytest.param(
            lambda terminal, number=number: terminal.process.send_signal(number),
            128 + number,
            LEAVE_WITHIN_SECONDS,
            id=number.name,
        )
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
    ),
]


NEVER_ANSWERED = """
import pathlib, socket, time
def lookup(host, *arguments, **options):
    pathlib.Path({asked!r}).touch()
    time.sleep(60)
socket.getaddrinfo = lookup
"""


def assert_restored(terminal: PtyTerminal) -> None:
    """The terminal is as it was, and nothing but that was said since."""
    assert terminal.settings_left == terminal.settings
    assert LEAVE_ALTERNATE_SCREEN in terminal.raw
    assert terminal.raw.rindex(SHOW_CURSOR) > terminal.raw.rindex(LEAVE_ALTERNATE_SCREEN)
    assert terminal.said_after_leaving() == ""
    assert b"Traceback" not in terminal.raw


@pytest.mark.parametrize(("leave", "code", "seconds"), WAYS)
def test_every_way_out_restores_the_terminal(start: Start, home: Path, leave: Way, code: int, seconds: float) -> None:
    terminal = start("--demo")
    terminal.wait_for_row("^GSPC", "◷ DELAYED")  # every library is loaded and every thread runs

    leave(terminal)

    assert terminal.wait_left(seconds)[0] == code
    assert_restored(terminal)
    assert list((home / "tmp").iterdir()) == []


@pytest.mark.parametrize(("leave", "code", "seconds"), WAYS)
def test_nothing_that_hangs_holds_the_user(
    start: Start, market: OwnMarket, home: Path, leave: Way, code: int, seconds: float
) -> None:
    terminal = start("--config", market.config(home))
    terminal.wait_for_row("^GSPC", "◷ DELAYED")
    terminal.wait_for_row("AAPL", "● LIVE")
    market.hang_everything()
    terminal.send("a")
    terminal.wait_for("Add symbols")
    terminal.send("amd\r")
    terminal.wait_for("Checking amd")  # a question to the broker hangs in its thread
    if code == 0:
        terminal.send("\x1b")
        terminal.wait(lambda picture: "Checking amd" not in picture, "the dialog closed")

    leave(terminal)

    assert terminal.wait_left(seconds)[0] == code
    assert_restored(terminal)


def test_a_name_that_is_looked_up_without_an_answer_holds_nobody(start: Start, home: Path) -> None:
    asked = home / "asked"
    (home / "sitecustomize.py").write_text(NEVER_ANSWERED.format(asked=str(asked)), encoding="utf-8")
    nowhere = replace(SETTINGS.alpaca, stream_url="wss://stream.invalid", trading_url="http://127.0.0.1:9")
    nowhere = replace(nowhere, trading_stream_url="ws://127.0.0.1:9", data_url="https://data.invalid")
    yahoo = replace(SETTINGS.yahoo, enabled=False)
    config = config_of(home, replace(SETTINGS, alpaca=nowhere, yahoo=yahoo))
    terminal = start("--config", config, PYTHONPATH=f"{home}:{ROOT}")
    wait_until(asked.exists, lambda: "a name looked up")

    terminal.send("q")

    assert terminal.wait_left(QUIT_WITHIN_SECONDS)[0] == 0
    assert_restored(terminal)


def test_a_closed_window_ends_the_program(start: Start) -> None:
    terminal = start("--demo")
    terminal.wait_for_row("AAPL", "● LIVE")

    terminal.close_window()

    assert terminal.process.wait(LEAVE_WITHIN_SECONDS) == 128 + signal.SIGHUP


def test_the_keys_are_nowhere_to_be_found(start: Start, market: OwnMarket, home: Path) -> None:
    terminal = start("--config", market.config(home))
    terminal.wait_for_row("^GSPC", "◷ DELAYED")
    terminal.wait_for_row("AAPL", "● LIVE")
    terminal.wait_for("Equity")
    market.do(lambda: setattr(market.market.faults, "rest_status", 403))
    market.lose_stream()
    terminal.wait_for_row("AAPL", "◷ DELAYED")
    terminal.send("q")
    terminal.wait_left()

    for secret in KEYS.values():
        assert secret.encode() not in terminal.raw
        for file in home.rglob("*"):
            assert not file.is_file() or secret.encode() not in file.read_bytes(), file
    assert list(home.rglob("*.log")), "there was a log to look into"

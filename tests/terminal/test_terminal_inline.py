"""The strip under the prompt in a real terminal: it is drawn, resized and taken away, and nothing of it stays."""

import signal
import sys

import pytest
from program_under_test import ROOT, wait_until
from pty_terminal import LEAVE_ALTERNATE_SCREEN, SHOW_CURSOR, Start
from tmux_pane import StartTmux, TmuxPane

pytestmark = pytest.mark.terminal

LEAVE_WITHIN_SECONDS = 2.0
WRAP_AGAIN = b"\x1b[?7h"
PROGRAM = f"env PYTHONPATH={ROOT} {sys.executable} -m mytrader_tui --demo --inline"


@pytest.mark.parametrize(
    ("leave", "code"),
    [("q", 0), ("\x03", 0), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
    ids=["q", "ctrl-c", "SIGTERM", "SIGHUP"],
)
def test_every_way_out_takes_the_strip_away(start: Start, leave: str | signal.Signals, code: int) -> None:
    terminal = start("--demo", "--inline", size=(60, 24))
    terminal.wait_for_row("AAPL", "● LIVE")

    if isinstance(leave, str):
        terminal.send(leave)
    else:
        terminal.process.send_signal(leave)

    assert terminal.wait_left(LEAVE_WITHIN_SECONDS)[0] == code
    assert terminal.settings_left == terminal.settings
    # pyte takes the end of the keyboard protocol, "\x1b[<u", for a letter.
    assert terminal.picture.strip(" \nu") == ""
    assert LEAVE_ALTERNATE_SCREEN not in terminal.raw
    assert SHOW_CURSOR in terminal.raw
    assert terminal.raw.rindex(WRAP_AGAIN) > terminal.raw.rindex(b"AAPL")
    assert b"Traceback" not in terminal.raw


def in_shell(tmux: StartTmux, size: tuple[int, int], flags: str = "") -> TmuxPane:
    pane = tmux("exec /bin/sh", size)
    pane.wait_for("ready>")
    pane.send("echo above", "Enter")
    pane.send(f"{PROGRAM} {flags}", "Enter")
    pane.wait_for("● LIVE")
    return pane


def test_what_stood_above_stays_and_the_prompt_comes_back_under_it(tmux: StartTmux) -> None:
    pane = in_shell(tmux, (100, 30))
    pane.wait_for("Alpaca serving")
    assert pane.facts("alternate_on") == ["0"]

    pane.send("q")

    wait_until(lambda: pane.picture.rstrip().endswith("ready>"), lambda: pane.picture)
    assert "above" in pane.picture
    assert "LIVE" not in pane.picture
    assert pane.facts("cursor_flag") == ["1"]


def test_a_window_that_changes_its_size_leaves_no_row_behind(tmux: StartTmux) -> None:
    pane = in_shell(tmux, (100, 30), "--symbols 'AAPL MSFT'")

    for size in ((60, 20), (120, 40), (70, 24)):
        pane.resize(*size)
        wait_until(
            lambda: pane.picture.count("AAPL  ") == 1 and pane.picture.count("Symbol ") == 1, lambda: pane.picture, 10.0
        )
    pane.send("q")

    wait_until(lambda: pane.picture.rstrip().endswith("ready>"), lambda: pane.picture)
    assert "LIVE" not in pane.picture

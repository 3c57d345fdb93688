"""From the command to the first live prices."""

import re
from pathlib import Path

import pytest
from program_under_test import command, wait_until
from pty_terminal import Start
from tmux_pane import StartTmux

pytestmark = pytest.mark.terminal

LIVE_WITHIN_SECONDS = 6.0
"""Twice what it takes at most on an idle machine of two cores."""

LOOKS = {0, 1, 2, 3, 4, 7, 22, 23, 24, 27}
"""Reset, bold, dim, italic, underlined, reversed, and each switched off."""
DEFAULT_COLOURS = {39, 49}


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=["80x24", "120x36"])
def test_the_demo_is_live_within_seconds(
    start: Start, size: tuple[int, int], capsys: pytest.CaptureFixture[str]
) -> None:
    terminal = start("--demo", size=size)

    took = terminal.wait_for("● LIVE", LIVE_WITHIN_SECONDS)

    with capsys.disabled():
        print(f" [live after {took:.2f} s at {size[0]}x{size[1]}] ", end="")
    terminal.wait_for_row("AAPL", "● LIVE")
    assert "DEMO" in terminal.picture


def settings_in(picture: str) -> list[str]:
    """What `stty -g` printed."""
    return re.findall(r"^[0-9a-f]+(?::[0-9a-f]+)+", picture, re.MULTILINE)


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=["80x24", "120x36"])
def test_a_terminal_emulator_shows_the_demo_and_gets_its_screen_back(tmux: StartTmux, size: tuple[int, int]) -> None:
    pane = tmux("exec /bin/sh", size)
    pane.wait_for("ready>")
    pane.send(f"stty -g; {' '.join(command('--demo'))}; echo left with $?; stty -g", "Enter")

    pane.wait_for("● LIVE")
    wait_until(lambda: pane.picture.count("● LIVE") > 5, lambda: f"more than five live rows\n{pane.picture}")
    assert pane.facts("alternate_on", "cursor_flag") == ["1", "0"]
    pane.send("q")
    pane.wait_for("left with 0")
    wait_until(lambda: len(settings_in(pane.picture)) >= 2, lambda: f"the terminal's settings twice\n{pane.picture}")

    assert pane.facts("alternate_on", "cursor_flag", "mouse_any_flag") == ["0", "1", "0"]
    before, after = settings_in(pane.picture)[:2]
    assert before == after


def test_a_storm_of_sizes_leaves_the_right_picture(tmux: StartTmux) -> None:
    pane = tmux(f"exec {' '.join(command('--demo'))}", (120, 36))
    pane.wait_for("● LIVE")
    widths = (20, 250, 40, 39, 80, 131, 200, 30, 60, 170)
    heights = (5, 70, 8, 7, 24, 50, 12, 6, 16, 30)

    for columns, rows in (*zip(widths, heights, strict=True), *zip(widths, reversed(heights), strict=True)):
        pane.resize(columns, rows)
    pane.resize(100, 30)
    pane.wait_for("Quit")
    pane.wait_for("● LIVE")

    assert pane.facts("pane_width", "pane_height", "alternate_on") == ["100", "30", "1"]
    assert "Traceback" not in pane.picture
    pane.send("?")
    pane.wait_for("Help")


@pytest.mark.parametrize("size", [(60, 16), (30, 6), (40, 8)], ids=["60x16", "30x6", "40x8"])
def test_a_small_terminal_shows_what_it_can(start: Start, size: tuple[int, int]) -> None:
    terminal = start("--demo", size=size)

    terminal.wait(lambda picture: "LIVE" in picture or "Too small" in picture, "prices, or that it is too small")

    terminal.send("q")
    assert terminal.wait_left()[0] == 0
    assert b"Traceback" not in terminal.raw


def test_a_terminal_that_grows_shows_the_prices(start: Start) -> None:
    terminal = start("--demo", size=(30, 6))
    terminal.wait_for("Too small")

    terminal.resize(100, 30)

    terminal.wait_for_row("AAPL", "● LIVE")


def test_no_color_writes_no_colour(start: Start) -> None:
    terminal = start("--demo", NO_COLOR="1")

    terminal.wait_for_row("AAPL", "● LIVE")
    terminal.send("q")
    terminal.wait_left()

    runs = re.findall(rb"\x1b\[([0-9;]*)m", terminal.raw)
    codes = {int(code) for run in runs for code in run.split(b";") if code}
    assert codes <= LOOKS | DEFAULT_COLOURS


def test_a_dumb_terminal_breaks_nothing(start: Start) -> None:
    terminal = start("--demo", TERM="dumb")

    terminal.wait_for("LIVE")
    terminal.send("q")

    assert terminal.wait_left()[0] == 0
    assert b"Traceback" not in terminal.raw


def test_the_screen_does_not_need_standard_output(start: Start, tmp_path: Path) -> None:
    out = tmp_path / "out"
    terminal = start("--demo", out=str(out))

    terminal.wait_for_row("AAPL", "● LIVE")
    terminal.send("q")

    assert terminal.wait_left()[0] == 0
    assert out.read_bytes() == b""

"""Keys that a terminal hands over all at once, as a fast typist or a slow connection does."""

import shlex

import pytest
from program_under_test import command
from tmux_pane import StartTmux

pytestmark = pytest.mark.terminal


def test_a_list_is_made_and_a_row_found_by_keys_that_come_all_at_once(tmux: StartTmux) -> None:
    pane = tmux(f"exec {shlex.join(command('--demo'))}", (100, 30))
    pane.wait_for("LIVE")

    pane.send("L", "a", "d", "d", "q", "Enter")
    pane.wait_for_match(r"ddq +0")

    # The d's were letters of a name: no list was deleted, no row removed, nothing quit.
    pane.send("k", "Enter", "s", "s", "o")
    pane.wait_for("─ Orders ─")
    pane.send("q", "/", "d", "q", "u")
    pane.wait_for_match(r"^ / +dqu +0 of 13")

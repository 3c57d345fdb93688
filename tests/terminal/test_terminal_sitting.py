"""A person at the demo: keys typed into a terminal emulator, and what is then on its screen."""

import os
import re
import shlex
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from program_under_test import command, wait_until
from test_terminal_start import settings_in
from tmux_pane import StartTmux, TmuxPane

pytestmark = pytest.mark.terminal

LEAVE_WITHIN_SECONDS = 2.0
STORM = (
    *((10, 3), (250, 70), (80, 24), (11, 60), (250, 9), (40, 8), (39, 8), (60, 16), (61, 17), (170, 12)),
    *((10, 70), (200, 60), (79, 24), (120, 36), (20, 5), (169, 40), (107, 23), (250, 70), (10, 3), (90, 27)),
)


def demo(tmux: StartTmux, size: tuple[int, int] = (100, 30), **environ: str) -> TmuxPane:
    """The demo in a pane, once its prices are there."""
    settings = (f"{name}={value}" for name, value in environ.items())
    pane = tmux(f"exec {shlex.join(['env', *settings, *command('--demo')])}", size)
    pane.wait_for("LIVE")
    return pane


def close(pane: TmuxPane, text: str) -> None:
    """Press escape and wait until `text` is gone: a key right after it would be Alt with that key."""
    pane.send("Escape")
    pane.wait_until_gone(text)


def leave(pane: TmuxPane) -> None:
    """Close the program with its own key, and see it end well."""
    pane.send("q")
    wait_until(lambda: pane.ended, lambda: f"it ended\n{pane.picture}", LEAVE_WITHIN_SECONDS)


def test_symbols_are_completed_added_removed_brought_back_and_put_on_a_second_list(tmux: StartTmux) -> None:
    pane = demo(tmux)

    pane.send("a")
    pane.wait_for("Add symbols")
    pane.type("palan")
    pane.wait_for("Palantir")
    pane.send("Tab")
    pane.wait_for_match(r"│ +PLTR +│")
    pane.send("Enter")
    pane.wait_for("Added PLTR.")
    pane.wait_for_match(r"^▌PLTR .*● LIVE")

    pane.send("d")
    pane.wait_for("Removed PLTR.")
    pane.wait_until_gone("▌PLTR")
    pane.send("u")
    pane.wait_for("PLTR is back.")
    pane.wait_for_match(r"^▌PLTR .*● LIVE")

    pane.send("L")
    pane.wait_for("─ Lists ─")
    pane.send("a")
    pane.wait_for("Name of the new list")
    pane.type("Ölwerte")
    pane.send("Enter")
    pane.wait_for_match(r"Ölwerte +0")
    close(pane, "─ Lists ─")
    pane.wait_for("Nothing is watched")
    pane.send("a")
    pane.wait_for("Add symbols")
    pane.type("xom cvx")
    pane.send("Enter")
    pane.wait_for("Added XOM, CVX.")
    pane.wait_for_match(r"^▌CVX .*● LIVE")
    pane.send("Tab")
    pane.wait_for_match(r"AAPL .*● LIVE")


def test_rows_are_sorted_turned_round_filtered_jumped_to_and_held(tmux: StartTmux) -> None:
    pane = demo(tmux)

    choose_order(pane, "s")
    pane.wait_for_match(r"^ Symbol↑.* Badge")
    pane.send("S")
    pane.wait_for_match(r"^ Symbol↓.* Badge")
    choose_order(pane, "b")
    pane.wait_for_match(r"^ Symbol .* Badge")

    pane.send("/")
    pane.wait_for("esc shows all")
    pane.type("ap")
    pane.wait_for("1 of 13")
    assert re.findall(r"^.(\w+) .*● LIVE", pane.picture, re.MULTILINE) == ["AAPL"]
    close(pane, "esc shows all")
    pane.wait_for_match(r"^.MSFT .*● LIVE")

    pane.send("'")
    pane.wait_for("enter or esc closes")
    pane.type("tsl")
    # The symbol, until a source has told the name.
    pane.wait_for_match("' tsl .*(TSLA|Tesla, Inc\\.)")
    pane.send("Enter")
    pane.wait_for("▌TSLA")

    pane.send("Space")
    pane.wait_for("‖ PAUSED")
    wait_until(lambda: "LIVE" not in rows(pane), lambda: f"no held row is live\n{pane.picture}")
    pane.send("Space")
    pane.wait_until_gone("PAUSED")


def choose_order(pane: TmuxPane, letter: str) -> None:
    """Sort the watchlist by the column with that letter."""
    pane.send("s")
    pane.wait_for("Sort the watchlist")
    pane.send(letter)
    pane.wait_until_gone("Sort the watchlist")


def rows(pane: TmuxPane) -> str:
    """The lines of the table."""
    return "\n".join(line for line in pane.picture.splitlines() if line[1:5] in ("AAPL", "MSFT", "TSLA", "NVDA"))


def test_a_symbol_is_looked_into_from_every_side(tmux: StartTmux) -> None:
    pane = demo(tmux)

    pane.send("Enter")
    pane.wait_for("bars: alpaca iex")
    for key, timeframe in (("2", "5D"), ("7", "5Y"), ("3", "1M"), ("1", "1D")):
        pane.send(key)
        pane.wait_for_match(rf"^│ {timeframe} [▲▼+-]? ?[+-]?\d")
    pane.send("c")
    pane.wait_for("line of")
    pane.send("Left", "Left")
    pane.wait_for_match(r"O \d+\.\d\d H \d")
    close(pane, "line of")

    pane.send("i")
    pane.wait_for_match("LIVE: iex is real time, its link was heard")
    close(pane, "Inspector")


def test_an_alert_fires_and_the_list_says_when(tmux: StartTmux) -> None:
    pane = demo(tmux)

    pane.send("!")
    pane.wait_for("New alert")
    pane.type("1")
    pane.wait_for("at or above 1.00")
    pane.send("Enter")
    answered = ("would fire at once", "ALERT SPY")
    wait_until(lambda: any(text in pane.picture for text in answered), lambda: f"an answer\n{pane.picture}")
    if "would fire at once" in pane.picture:
        pane.send("Enter")

    pane.wait_for_match(r"ALERT SPY at \d+\.\d\d, at or above 1\.00")
    pane.send("A")
    pane.wait_for_match(r"SPY .*fired")


def test_themes_help_and_the_palette_come_and_go(tmux: StartTmux) -> None:
    pane = demo(tmux)

    pane.send("t")
    pane.wait_for("mytrader-contrast")
    pane.send("j", "Enter")
    pane.wait_until_gone("mytrader-contrast")
    pane.send("?")
    pane.wait_for("─ Help ─")
    close(pane, "─ Help ─")
    pane.send("C-p")
    pane.wait_for("Search")
    pane.type("ledger")
    pane.wait_for("Every change of source")
    pane.send("Enter")
    pane.wait_for("esc closes")
    close(pane, "esc closes")
    pane.wait_for_match(r"AAPL .*● LIVE")
    leave(pane)


def test_twenty_sizes_in_two_seconds_over_an_open_detail_leave_the_right_picture(tmux: StartTmux) -> None:
    pane = demo(tmux)
    pane.send("Enter")
    pane.wait_for("bars: alpaca iex")

    for columns, lines in STORM:
        pane.resize(columns, lines)
    pane.resize(100, 30)

    pane.wait_for("bars: alpaca iex")
    pane.send("Escape")
    pane.wait_for_match(r"^.AAPL .*● LIVE")
    assert "Traceback" not in pane.picture
    leave(pane)


def test_a_pasted_book_adds_nothing_and_breaks_nothing(tmux: StartTmux) -> None:
    pane = demo(tmux)
    book = "Call me Ishmael. [b]q[/b] d d d A B 42 ‮ ; rm -rf / \x1b[2J" * 80

    pane.paste(book)
    pane.send("j", "k")
    pane.wait_for_match(r"^▌SPY .*● LIVE")
    pane.send("a")
    pane.wait_for("Add symbols")
    pane.paste(book)
    pane.wait_for("Call me Ishmael.")
    close(pane, "Add symbols")

    pane.wait_for_match(r"^▌SPY .*● LIVE")
    assert "Traceback" not in pane.picture
    leave(pane)


PLAIN = {
    "linux": {"TERM": "linux"},
    "16 colours": {"TERM": "xterm-16color"},
    "no colour": {"NO_COLOR": "1"},
    "ascii": {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
}


@pytest.mark.parametrize("environ", PLAIN.values(), ids=PLAIN)
def test_a_plain_terminal_shows_the_table_the_detail_and_the_account(tmux: StartTmux, environ: dict[str, str]) -> None:
    pane = demo(tmux, (80, 24), **environ)

    pane.wait_for_match(r"AAPL +\d\d\d\.\d\d .*LIVE")
    pane.send("Enter")
    pane.wait_for("bars: alpaca iex")
    close(pane, "bars: alpaca")
    pane.send("e")
    pane.wait_for("esc closes")
    pane.wait_for_match(r"\d\d,\d\d\d")
    close(pane, "esc closes")

    assert "Traceback" not in pane.picture
    assert "�" not in pane.picture
    leave(pane)


def signalled(number: signal.Signals) -> Callable[[TmuxPane, int], None]:
    return lambda _, pid: os.kill(pid, number)


def with_ctrl_c(pane: TmuxPane, _: int) -> None:
    pane.send("C-c")


WAYS = (with_ctrl_c, signalled(signal.SIGTERM), signalled(signal.SIGHUP))
SCREENS = {
    "add": ("a", "Add symbols"),
    "lists": ("L", "─ Lists ─"),
    "detail": ("Enter", "bars: "),
    "inspector": ("i", "esc closes"),
    "alert form": ("!", "New alert"),
    "alerts": ("A", "esc closes"),
    "account": ("e", "esc closes"),
    "orders": ("o", "esc closes"),
    "ledger": ("F3", "esc closes"),
    "log": ("l", "esc closes"),
    "help": ("?", "esc closes"),
    "sort": ("s", "Sort the watchlist"),
    "theme": ("t", "mytrader-contrast"),
    "palette": ("C-p", "Search"),
    "filter": ("/", "esc shows all"),
}
"""The key of each screen and what is then to be read."""


@pytest.mark.parametrize("way", range(len(WAYS)), ids=("ctrl-c", "SIGTERM", "SIGHUP"))
def test_every_open_screen_is_left_within_2_s_and_the_terminal_is_as_it_was(
    tmux: StartTmux, home: Path, way: int
) -> None:
    """One shell goes through the screens, each left in another of the three ways."""
    pane = tmux("exec /bin/sh", (100, 30))
    pane.wait_for("ready>")
    pane.send(f"clear; stty -g; P='{shlex.join(command('--demo'))}'", "Enter")
    wait_until(lambda: bool(settings_in(pane.picture)), lambda: pane.picture)
    before = settings_in(pane.picture)[0]

    for place, (key, text) in enumerate(SCREENS.values()):
        if place % len(WAYS) != way:
            continue
        pane.send("clear; sh -c 'echo $$ > $HOME/pid; exec '\"$P\"; echo left; stty -g", "Enter")
        pane.wait_for("● LIVE")
        pane.send(key)
        pane.wait_for(text)

        WAYS[place // len(WAYS) % len(WAYS)](pane, int((home / "pid").read_text(encoding="ascii")))

        pane.wait_for_match("^left", LEAVE_WITHIN_SECONDS)
        wait_until(lambda: bool(settings_in(pane.picture)), lambda: pane.picture)
        assert settings_in(pane.picture) == [before]
        assert pane.facts("alternate_on", "cursor_flag", "mouse_any_flag") == ["0", "1", "0"]
        assert "Traceback" not in pane.picture

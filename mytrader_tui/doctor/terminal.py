"""The terminal: its size, its colours, its characters, and what stands between it and the program."""

import os
import sys
from collections.abc import Mapping

from rich.console import Console

from mytrader_tui.doctor.result import Result, fail, ok, skip, warn
from mytrader_tui.market.text import clean

NOT_A_TERMINAL = "the output does not go to a terminal"
GOOD_WIDTH, GOOD_HEIGHT = 60, 16
"""The smallest size that every layout was made for."""

_NAMES = {"standard": "16", "windows": "16", "256": "256", "truecolor": "16 million"}
_CONSOLE = "linux"


def terminal_size() -> tuple[int, int] | None:
    """Columns and lines of the terminal on any of the three standard streams; None without one."""
    for stream in (2, 1, 0):
        try:
            size = os.get_terminal_size(stream)
        except OSError:
            continue
        if size.columns and size.lines:
            return size.columns, size.lines
    return None


def size(found: tuple[int, int] | None) -> Result:
    """Whether the screens fit into `found` (columns, lines)."""
    from mytrader_tui.ui.layout import LEAST_HEIGHT, LEAST_WIDTH

    if found is None:
        return skip(NOT_A_TERMINAL)
    columns, lines = found
    text = f"{columns} columns, {lines} lines"
    if columns < LEAST_WIDTH or lines < LEAST_HEIGHT:
        return fail(f"{text}: too small for anything", f"Make it {GOOD_WIDTH}x{GOOD_HEIGHT} or larger.")
    if columns < GOOD_WIDTH or lines < GOOD_HEIGHT:
        return warn(f"{text}: some columns and lines have no room", f"Make it {GOOD_WIDTH}x{GOOD_HEIGHT} or larger.")
    return ok(text)


def colours(environ: Mapping[str, str], *, terminal: bool) -> Result:
    """How many colours there are, as the screen's library sees it."""
    if environ.get("NO_COLOR"):
        return ok("NO_COLOR is set: none are used, everything is also said in words and signs")
    if not terminal:
        return skip(NOT_A_TERMINAL)
    system = Console(force_terminal=True, _environ=environ).color_system
    if system is None:
        return warn("none", "Set TERM to what the terminal is, such as xterm-256color.")
    if system in ("standard", "windows"):
        return ok("16, for which there is a theme: mytrader-16")
    return ok(_NAMES[system])


def characters(environ: Mapping[str, str], glyphs: str, encoding: str = "") -> Result:
    """Whether the terminal is spoken to in UTF-8, and which glyphs it is trusted with by the setting `glyphs`.

    `encoding` is that of the standard error, which the screen is drawn on; empty to ask it.
    """
    from mytrader_tui.ui.glyphs import table_for

    # What the screen takes for it where there is none.
    spoken = encoding or getattr(sys.__stderr__, "encoding", None) or "utf-8"
    if glyphs == "ascii":
        return ok('ASCII by [ui] glyphs = "ascii"')
    if table_for("auto", {}, spoken) is not None:
        lacking = f"{clean(spoken, 40)}, which lacks the signs of boxes and badges"
        if glyphs == "auto":
            return warn(f"{lacking}: plain ASCII stands in for them", "Set LANG=C.UTF-8 to see the signs themselves.")
        return warn(
            f'{lacking}: by [ui] glyphs = "{glyphs}" they come out as their numbers',
            'Set LANG=C.UTF-8, or [ui] glyphs = "auto".',
        )
    if environ.get("TERM", "").lower() == _CONSOLE and glyphs == "auto":
        return ok("UTF-8 on the plain Linux console, whose font has few glyphs: simpler ones stand in")
    return ok("UTF-8")


def kind(environ: Mapping[str, str]) -> Result:
    """What TERM says, and whether tmux, screen or ssh stand in between."""
    term = clean(environ.get("TERM", ""), 40)
    between = [
        name
        for name, variable in (("tmux", "TMUX"), ("screen", "STY"), ("ssh", "SSH_CONNECTION"))
        if environ.get(variable)
    ]
    found = f"TERM={term or '(not set)'}" + (f", through {' and '.join(between)}" if between else "")
    if sys.platform == "win32":
        return ok(found)
    if term in ("", "dumb", "unknown"):
        return warn(found, "Set TERM to what the terminal is, such as xterm-256color.")
    if "tmux" in between and not term.startswith(("tmux", "screen", "xterm")):
        return warn(found, 'In tmux, TERM should be tmux-256color: set -g default-terminal "tmux-256color"')
    return ok(found)

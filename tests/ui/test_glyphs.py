"""Glyphs where a terminal lacks ours: replaced where text leaves for the terminal, each by one as wide."""

import io
import re
import sys
from pathlib import Path

import pexpect
import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from mytrader_tui.market.freshness import BadgeKind
from mytrader_tui.ui.glyphs import console, plain_ascii, table_for

PROGRAM = Path(__file__).with_name("ui_program.py")
LINUX = {"TERM": "linux"}
# Latin-1 and the part of code page 437 that every console font has.
CONSOLE_FONT = frozenset(map(chr, (*range(32, 127), *range(0xA1, 0x100)))) | frozenset("─│┌┐└┘├┤┬┴┼█▄▀▌▐░▒▓")


def ascii_of(text: str) -> str:
    table = table_for("ascii", {})
    assert table is not None
    return text.translate(table)


@given(st.characters(codec="utf-8"))
def test_every_character_is_replaced_by_one_of_its_width(character: str) -> None:
    for replaced in (plain_ascii, console):
        made = character if character.isascii() else replaced(character)
        assert cell_len(made) == cell_len(character)


@given(st.characters(codec="utf-8", min_codepoint=0x80))
def test_what_is_replaced_is_in_the_terminals_font(character: str) -> None:
    assert plain_ascii(character).isascii()
    assert set(console(character)) <= CONSOLE_FONT


def test_ascii_and_escape_sequences_pass() -> None:
    everything = "".join(map(chr, range(128)))
    assert ascii_of(everything) == everything


@pytest.mark.parametrize("kind", BadgeKind)
def test_the_words_of_the_badges_stay(kind: BadgeKind) -> None:
    assert ascii_of(kind.value)[1:] == kind.value[1:]


def test_the_badges_and_the_arrows_stay_apart() -> None:
    badges = {ascii_of(kind.value[0]) for kind in BadgeKind}
    assert len(badges) == len(BadgeKind)
    assert "#" not in badges
    assert ascii_of("▲▼") == "^v"


def test_a_sparkline_still_rises() -> None:
    assert ascii_of("▁▂▃▄▅▆▇█") == ".:-=+*%@"
    assert ascii_of("⡀⣀⣄⣤⣦⣶⣷⣿") == ".:-=+*%@"


@pytest.mark.parametrize(
    ("glyphs", "environ", "replaced"),
    [
        ("auto", LINUX, True),
        ("auto", {"TERM": "xterm-256color"}, False),
        ("auto", {}, False),
        ("unicode", LINUX, False),
        ("ascii", {"TERM": "xterm-256color"}, True),
    ],
)
def test_who_gets_plain_glyphs(glyphs: str, environ: dict[str, str], replaced: bool) -> None:
    assert (table_for(glyphs, environ) is not None) is replaced


@pytest.mark.parametrize(("encoding", "plain"), [("ascii", True), ("latin-1", True), ("UTF-8", False), ("who", False)])
def test_an_encoding_without_our_glyphs_gets_ascii_instead_of_their_numbers(encoding: str, plain: bool) -> None:
    table = table_for("auto", {"TERM": "xterm"}, encoding)
    assert ("● LIVE".translate(table) == "* LIVE" if table is not None else False) is plain
    assert table_for("unicode", {}, encoding) is None


def picture(term: str, **environ: str) -> tuple[pyte.Screen, str]:
    """The program's first picture and everything that it wrote, in a terminal that calls itself `term`."""
    child = pexpect.spawn(
        sys.executable,
        [str(PROGRAM), "quiet"],
        dimensions=(24, 80),
        encoding="utf-8",
        timeout=20,
        env={"PYTHONPATH": str(PROGRAM.parents[2]), "TERM": term, "PATH": "", "LANG": "C.UTF-8", **environ},
    )
    log = child.logfile_read = io.StringIO()
    child.expect("Quit")
    child.send("q")
    child.expect(pexpect.EOF)
    child.close()
    written = log.getvalue()
    screen = pyte.Screen(80, 24)
    pyte.Stream(screen).feed(written.rpartition("\x1b[?1049l")[0].rpartition("\x1b[?1049h")[2])
    return screen, written


@pytest.mark.terminal
@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_the_console_gets_nothing_that_its_font_lacks_and_16_colours_only() -> None:
    screen, written = picture("linux")
    assert set(re.sub(r"[\x00-\x1f]", "", written)) <= CONSOLE_FONT
    assert any("- NO DATA" in line for line in screen.display)
    assert "\x1b[38;" not in written
    assert not re.search(r"[;\[]4?8;[25];", written)
    assert not re.search(r"\x1b\[(?:\d+;)*10[0-7]", written), "the console has no bright grounds"


@pytest.mark.terminal
@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize("term", ["xterm", "screen", "xterm-16color"])
def test_a_terminal_of_16_colours_gets_16_colours_and_our_glyphs(term: str) -> None:
    screen, written = picture(term)
    assert any("— NO DATA" in line for line in screen.display)
    assert not re.search(r"[;\[][34]8;[25];", written)
    assert {cell.fg for row in screen.buffer.values() for cell in row.values()} >= {"white", "brightcyan"}

"""This machine: the interpreter, the libraries, the terminal."""

import sys
from importlib.metadata import version
from types import ModuleType, SimpleNamespace

import pytest

from mytrader_tui.doctor import machine, terminal
from mytrader_tui.doctor.result import Verdict


def test_this_python_is_good_enough():
    assert (machine.python().verdict, sys.version.split()[0] in machine.python().found) == (Verdict.OK, True)


def test_the_declared_libraries_are_here():
    result = machine.libraries()

    assert result.verdict is Verdict.OK, result.found
    assert f"textual {version('textual')}" in result.found


@pytest.mark.parametrize(
    ("declared", "found"),
    [
        ("textual<1", "is not <1"),
        ("no-such-library>=1", "no-such-library is missing"),
    ],
)
def test_a_library_out_of_its_bounds_fails(declared, found):
    result = machine.judged([declared])

    assert (result.verdict, found in result.found, "pip install" in result.advice) == (Verdict.FAIL, True, True)


def test_libraries_of_extras_and_other_platforms_are_not_asked_for():
    result = machine.judged(['no-such-library; extra == "dev"', 'none-either; sys_platform == "plan9"', "click>=8"])

    assert (result.verdict, result.found.split(":")[0]) == (Verdict.OK, "1 within their bounds")


def test_no_keyring_is_no_fault():
    if "keyring" not in sys.modules:
        assert machine.keyring("").verdict is Verdict.OK


@pytest.mark.parametrize(("priority", "verdict"), [(5, "ok"), (0, "warn")])
def test_a_keyring_is_told_by_its_backend(monkeypatch, priority, verdict):
    module = ModuleType("keyring")
    module.get_keyring = lambda: SimpleNamespace(priority=priority)
    monkeypatch.setitem(sys.modules, "keyring", module)

    assert machine.keyring("the keyring").verdict == verdict


@pytest.mark.parametrize(
    ("size", "verdict"),
    [(None, "skip"), ((39, 24), "fail"), ((80, 7), "fail"), ((59, 24), "warn"), ((60, 15), "warn"), ((60, 16), "ok")],
)
def test_the_terminals_size(size, verdict):
    assert terminal.size(size).verdict == verdict


@pytest.mark.parametrize(
    ("environ", "verdict", "found"),
    [
        ({"NO_COLOR": "1", "TERM": "xterm-256color"}, "ok", "NO_COLOR"),
        ({"TERM": "xterm-256color"}, "ok", "256"),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "ok", "16 million"),
        ({"TERM": "linux"}, "ok", "mytrader-16"),
        ({"TERM": "dumb"}, "warn", "none"),
    ],
)
def test_the_terminals_colours(environ, verdict, found):
    result = terminal.colours(environ, terminal=True)

    assert (result.verdict, found in result.found) == (verdict, True)


@pytest.mark.parametrize(
    ("encoding", "glyphs", "term", "verdict", "found"),
    [
        ("utf-8", "auto", "xterm", "ok", "UTF-8"),
        ("UTF8", "auto", "xterm", "ok", "UTF-8"),
        ("ascii", "auto", "xterm", "warn", "ascii, which lacks the signs of boxes and badges: plain ASCII stands in"),
        ("iso-8859-1", "unicode", "xterm", "warn", '[ui] glyphs = "unicode" they come out as their numbers'),
        ("ascii", "ascii", "xterm", "ok", "glyphs"),
        ("utf-8", "auto", "linux", "ok", "Linux console"),
    ],
)
def test_the_terminals_characters(encoding, glyphs, term, verdict, found):
    result = terminal.characters({"TERM": term}, glyphs, encoding)

    assert (result.verdict, found in result.found) == (verdict, True), result.found


@pytest.mark.parametrize(
    ("environ", "verdict", "found"),
    [
        ({"TERM": "xterm-256color"}, "ok", "TERM=xterm-256color"),
        ({"TERM": "tmux-256color", "TMUX": "x", "SSH_CONNECTION": "y"}, "ok", "through tmux and ssh"),
        ({"TERM": "linux", "TMUX": "x"}, "warn", "tmux"),
        ({}, "warn", "(not set)"),
        ({"TERM": "x\x1b[2J"}, "ok", "TERM=x"),
    ],
)
def test_what_stands_between(environ, verdict, found):
    result = terminal.kind(environ)

    assert (result.verdict, found in result.found, "\x1b" in result.found) == (verdict, True, False)

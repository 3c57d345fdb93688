"""Whoever is told to leave does leave, and the terminal is as it was."""

import signal
import sys
from collections.abc import Callable, Iterator

import pytest

if sys.platform == "win32":
    pytest.skip("needs a pseudo-terminal", allow_module_level=True)

from bare_terminal import BareTerminal

pytestmark = pytest.mark.terminal

LEAVE_ALTERNATE_SCREEN = b"\x1b[?1049l"
GIVEN_BACK = (LEAVE_ALTERNATE_SCREEN, b"\x1b[?25h", b"\x1b[?1003l", b"\x1b[?2004l", b"\x1b[?7h", b"\x1b[<u")
SIGNALS = [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT]


@pytest.fixture
def start() -> Iterator[Callable[[str], BareTerminal]]:
    started: list[BareTerminal] = []

    def begin(kind: str) -> BareTerminal:
        started.append(BareTerminal(kind))
        started[-1].read_until(b"Quit")
        return started[-1]

    yield begin
    for terminal in started:
        terminal.close()


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_a_signal_gives_the_terminal_back_and_is_in_the_exit_code(start, number) -> None:
    terminal = start("quiet")

    terminal.process.send_signal(number)

    code, took = terminal.left()
    assert (code, took < 2.0) == (128 + number, True)
    assert terminal.settings_now() == terminal.settings
    assert terminal.raw.count(LEAVE_ALTERNATE_SCREEN) == 1


@pytest.mark.parametrize("kind", ["blocked", "spinning"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGQUIT], ids=lambda number: number.name)
def test_an_event_loop_that_hangs_is_ended_and_the_terminal_given_back(start, kind, number) -> None:
    terminal = start(kind)
    terminal.read_for(0.5)

    terminal.process.send_signal(number)

    code, took = terminal.left()
    assert (code, took < 3.0) == (128 + number, True)
    assert terminal.settings_now() == terminal.settings
    for sequence in GIVEN_BACK:
        assert sequence in terminal.raw


def test_two_signals_are_as_good_as_one(start) -> None:
    terminal = start("blocked")
    terminal.read_for(0.5)

    terminal.process.send_signal(signal.SIGINT)
    terminal.process.send_signal(signal.SIGINT)

    assert terminal.left()[0] == 128 + signal.SIGINT
    assert b"KeyboardInterrupt" not in terminal.raw


def test_cleaning_up_that_hangs_is_ended_after_a_signal_and_after_q(start) -> None:
    after_signal, after_key = start("hanging-close"), start("hanging-close")

    after_signal.process.send_signal(signal.SIGTERM)
    after_key.type(b"q")

    assert after_signal.left()[0] == 128 + signal.SIGTERM
    assert after_key.left()[0] == 1
    # The screen had given it back already: a second time would pop what is the shell's.
    assert after_key.raw.count(LEAVE_ALTERNATE_SCREEN) == 1
    assert after_key.settings_now() == after_key.settings


def test_a_terminal_that_takes_no_text_does_not_hold_the_program(start) -> None:
    terminal = start("chatty")
    # Long enough for the pipe, Textual's queue and then the event loop to come to a stand.
    terminal.process.poll()
    signal.sigtimedwait([], 1.0)

    terminal.process.send_signal(signal.SIGTERM)

    code, took = terminal.left(reading=False)
    assert (code, took < 3.0) == (128 + signal.SIGTERM, True)
    assert terminal.settings_now() == terminal.settings


@pytest.mark.parametrize("kind", ["quiet", "chatty", "blocked"])
def test_a_terminal_that_vanishes_without_a_word_ends_the_program(start, kind) -> None:
    terminal = start(kind)
    terminal.read_for(0.5)

    terminal.vanish()

    code, took = terminal.left(reading=False)
    assert (code, took < 2.5) == (128 + signal.SIGHUP, True)


def test_what_fails_in_the_loop_or_a_thread_is_told_and_not_written_over_the_screen(start) -> None:
    terminal = start("failing")

    terminal.read_until(b"something in the background failed")
    terminal.read_until(b"the thread Thread-")

    assert b"Traceback" not in terminal.raw
    terminal.type(b"q")
    assert terminal.left()[0] == 0

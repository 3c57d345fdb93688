"""A paste is one piece of text, whatever it holds and however it arrives; keys outside it are keys at once."""

from collections.abc import Iterator
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st
from textual import events
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from mytrader_tui.ui.glyphs import plain_ascii, with_glyphs
from mytrader_tui.ui.paste_guard import GuardedParser, guard_pastes

START, END = "\x1b[200~", "\x1b[201~"
BITS = ["\x1b", "[", "2", "0", "1", "~", "J", "O", "I", "d", "\r", "A", "é", "\x1b[2J", "\x1b[31m", START]
PASTED = st.lists(st.sampled_from(BITS), max_size=60).map("".join).filter(lambda text: END not in text)


def read(parser: GuardedParser, text: str, cuts: list[int]) -> Iterator[Message]:
    """What the parser makes of `text` that comes in pieces."""
    marks = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts)})
    for start, end in pairwise(marks):
        yield from parser.feed(text[start:end])


@given(PASTED, st.lists(st.integers(0, 10_000), max_size=12))
@example("d" + "\x1b[2J d d d A B 42 rm -rf / and all the rest of a page" * 3, [])
@example("\x1b", [7])
@example("[201~\x1b[20", [3, 9, 15])
def test_a_paste_is_one_text_without_escapes_and_no_key(pasted: str, cuts: list[int]) -> None:
    parser = GuardedParser()

    told = list(read(parser, f"{START}{pasted}{END}j", cuts))

    paste, key = told
    assert isinstance(paste, events.Paste)
    assert paste.text == pasted.replace("\x1b", "")
    assert isinstance(key, events.Key)
    assert key.key == "j"


def test_two_pastes_with_keys_about_them_stay_apart() -> None:
    parser = GuardedParser()

    told = list(parser.feed(f"a{START}one\x1b[2J{END}b{START}two{END}\x1b[A"))

    assert [each.text if isinstance(each, events.Paste) else each.key for each in told] == [  # type: ignore[attr-defined]
        "a", "one[2J", "b", "two", "up",
    ]  # fmt: skip


def test_a_key_is_never_held_back_outside_a_paste() -> None:
    parser = GuardedParser()

    told = [[*parser.feed(each)] for each in ("\x1b", "[", "2", "0", "~")]

    # Textual itself waits for the rest of a sequence; what it is given it was given at once.
    assert [each.key for each in told[-1]] == ["f9"]  # type: ignore[attr-defined]


def test_the_end_of_the_input_is_passed_on() -> None:
    parser = GuardedParser()

    assert list(parser.feed("")) == []
    assert parser.is_eof


def test_a_driver_in_any_dress_reads_with_the_guarded_parser() -> None:
    from textual.drivers import linux_driver

    guard_pastes(with_glyphs(LinuxDriver, {ord("●"): plain_ascii("●")}))

    assert linux_driver.XTermParser is GuardedParser  # type: ignore[attr-defined]

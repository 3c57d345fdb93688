"""No text from outside can move the cursor, hide itself, reverse its neighbours or outgrow its place."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mytrader_tui.market.text import MAX_TEXT, clean

ESC = "\x1b"
HOSTILE = st.text(
    st.one_of(
        st.sampled_from(list("\x1b\x9b\x9d\x90\x9c\x07\x00[]m;?0123P_^X\\\u202e\u200b\u2066\ufeff\u0301\u20dd \t\né")),
        st.characters(),
    )
)


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("Apple Inc.", "Apple Inc."),
        ("Société Générale", "Société Générale"),
        ("トヨタ自動車", "トヨタ自動車"),
        (f"{ESC}[31mred{ESC}[0m", "red"),
        (f"{ESC}[38;2;1;2;3mred", "red"),
        (f"{ESC}[?25lhidden", "hidden"),
        ("\x9b31mred", "red"),
        (f"{ESC}]52;c;aGFjaw==\x07after", "after"),
        (f"{ESC}]0;title{ESC}\\after", "after"),
        ("\x9d0;title\x9cafter", "after"),
        (f"before{ESC}]8;;http://evil", "before"),
        (f"{ESC}Pq#0{ESC}\\after", "after"),
        (f"{ESC}_apc{ESC}\\{ESC}^pm{ESC}\\{ESC}Xsos{ESC}\\after", "after"),
        ("\x9fapc\x9c\x9epm\x9c\x98sos\x9c\x90dcs\x9cafter", "after"),
        (f"{ESC}cafter", "after"),
        (f"{ESC}(0after", "after"),
        (f"end{ESC}", "end"),
        (f"end{ESC}[", "end"),
        ("a\x00b\x08c\x7fd\x85e", "abcd e"),
        ("\u202egnirts\u202c \u2066x\u2069", "gnirts x"),
        ("a\u200bb\u200db\ufeffc\u00add", "abbcd"),
        ("one\r\n\ttwo\u2028three\u00a0four", "one two three four"),
        ("  padded  ", "padded"),
        ("e\u0301", "é"),
        ("e\u200b\u0301", "é"),
        ("Z\u0351\u0352\u0353\u0354\u0355", "Z\u0353\u0354"),
        ("A\u20dd\u20dd\u20dd\u20dd", "A\u20dd\u20dd"),
        ("\u0301 \u0301a", "a"),
        ("\ud800\ue000a", "a"),
        ("a\u3164\u115f\u1160\uffa0\u17b4b", "ab"),
        ("❤\ufe0f▶\ufe0e漢\U000e0100", "❤▶漢"),
        ("[/x] [red]literal[/red]", "[/x] [red]literal[/red]"),
        ("", ""),
        (f"{ESC}[m", ""),
    ],
)
def test_clean(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


def test_a_text_of_the_limit_is_whole_and_a_longer_one_ends_in_an_ellipsis() -> None:
    assert clean("x" * MAX_TEXT) == "x" * MAX_TEXT
    assert clean("x" * (MAX_TEXT + 1)) == "x" * (MAX_TEXT - 1) + "…"


def test_a_text_of_megabytes_is_cut_before_it_is_looked_at() -> None:
    assert clean(f"{ESC}[" * 5_000_000, limit=10) == ""


@given(HOSTILE)
@example("e\u200b\u0301")
@example("\u0cc6\u0cc6\u0cc6\u0cc2")
def test_whatever_comes_in_only_printable_text_comes_out(raw: str) -> None:
    cleaned = clean(raw)

    assert not [char for char in cleaned if unicodedata.category(char)[0] == "C"]
    assert not set(cleaned) & {"\u2028", "\u2029", "\t", "\n"}
    assert unicodedata.is_normalized("NFC", cleaned)
    assert cleaned == cleaned.strip()
    assert "  " not in cleaned


@given(HOSTILE, st.integers(min_value=1, max_value=40))
def test_the_length_is_bounded(raw: str, limit: int) -> None:
    assert len(clean(raw, limit)) <= limit


@given(HOSTILE, st.integers(min_value=1, max_value=40))
@example("\u0cc6\u0cc6\u0cc6\u0cc2", 40)
def test_cleaning_twice_is_cleaning_once(raw: str, limit: int) -> None:
    assert clean(clean(raw, limit), limit) == clean(raw, limit)


@given(HOSTILE)
def test_no_letter_carries_more_than_two_marks_and_none_stands_alone(raw: str) -> None:
    shape = "".join("m" if unicodedata.category(char) in ("Mn", "Me") else "." for char in clean(raw))

    assert "mmm" not in shape
    assert not shape.startswith("m")


@given(st.text(st.sampled_from("ABCabc0123.,&'()-^="), max_size=MAX_TEXT))
def test_plain_text_passes_unchanged(plain: str) -> None:
    assert clean(plain) == plain

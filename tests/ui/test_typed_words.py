"""The word that is completed, and the line after it."""

import pytest

from mytrader_tui.ui.typed_words import Word, completed, word_at


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("|", Word("", 0, 0)),
        ("aap|", Word("aap", 0, 3)),
        ("a|ap", Word("aap", 0, 3)),
        ("|aap", Word("aap", 0, 3)),
        ("aapl, ms|ft", Word("msft", 6, 10)),
        ("aapl |", Word("", 5, 5)),
        ("aapl | msft", Word("", 5, 5)),
        ("aapl;msft|", Word("msft", 5, 9)),
    ],
)
def test_the_word_is_the_one_at_the_cursor(line: str, word: Word) -> None:
    assert word_at(line.replace("|", ""), line.index("|")) == word


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("aap|", "AAPL |"),
        ("a|ap msft", "AAPL |msft"),
        ("spy, aap|", "spy, AAPL |"),
        ("spy aap| msft", "spy AAPL |msft"),
        ("spy |", "spy AAPL |"),
    ],
)
def test_completing_leaves_the_other_words_and_makes_room_for_the_next(before: str, after: str) -> None:
    line, cursor = before.replace("|", ""), before.index("|")

    line, cursor = completed(line, word_at(line, cursor), "AAPL")

    assert f"{line[:cursor]}|{line[cursor:]}" == after

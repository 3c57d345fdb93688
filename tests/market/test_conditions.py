"""What a trade's sale conditions let it set, by the tables of the two tapes' operators."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mytrader_tui.market.trust.conditions import CTS, UTP, Effect, effect_of

SETS_LAST = {"A": "@EFKOX569", "B": "@EFKOX569", "C": "@ABDFKLOSXY1569", "O": "@ABDFKLOSXY1569"}
FIRST_OF_DAY = {"A": "LPZ4", "B": "LPZ4", "C": "GPZ4", "O": "GPZ4"}
SETS_NOTHING = {"A": "BCHIMNQRUV78", "B": "BCHIMNQRUV78", "C": "CEHIMNQRUVW78", "O": "CEHIMNQRUVW78"}
TAPES = "ABCO"
NOT_ON_CTS = "ADGSWY1"


@pytest.mark.parametrize(
    ("tape", "code", "effect"),
    [
        (tape, code, effect)
        for table, effect in (
            (SETS_LAST, Effect.LAST),
            (FIRST_OF_DAY, Effect.FIRST),
            (SETS_NOTHING, Effect.NONE),
            (dict.fromkeys(TAPES, "T"), Effect.EXTENDED),
        )
        for tape in TAPES
        for code in table[tape]
    ],
)
def test_a_condition_has_its_tapes_effect(tape: str, code: str, effect: Effect) -> None:
    assert effect_of(tape, (code,)) is effect
    assert effect_of(tape, ("@", code)) is effect


def test_the_tables_above_are_whole() -> None:
    for table, tape in ((CTS, "A"), (UTP, "C")):
        listed = set(SETS_LAST[tape] + FIRST_OF_DAY[tape] + SETS_NOTHING[tape] + "T") | {"", " "}
        assert table.keys() == listed


@pytest.mark.parametrize("conditions", [(), ("",), (" ",), ("@",), ("@", ""), (" ", " ", " ", " ")])
@pytest.mark.parametrize("tape", ["A", "B", "C", "O", ""])
def test_a_regular_sale_is_written_in_several_ways(tape: str, conditions: tuple[str, ...]) -> None:
    assert effect_of(tape, conditions) is Effect.LAST


@pytest.mark.parametrize(
    ("conditions", "effect"),
    [
        (("@", "F", "T", "I"), Effect.NONE),
        (("@", "F", "T"), Effect.EXTENDED),
        (("T", "4"), Effect.NONE),
        (("Z", "I"), Effect.NONE),
        (("F", "4"), Effect.FIRST),
        (("P", "Z"), Effect.FIRST),
        (("@", "?"), Effect.NONE),
    ],
)
def test_every_condition_of_a_print_must_allow_it(conditions: tuple[str, ...], effect: Effect) -> None:
    assert effect_of("C", conditions) is effect


@pytest.mark.parametrize(
    ("code", "effect"),
    [
        ("B", Effect.NONE),
        ("L", Effect.FIRST),
        ("A", Effect.NONE),
        ("W", Effect.NONE),
        ("F", Effect.LAST),
        ("T", Effect.EXTENDED),
    ],
)
def test_of_an_unknown_tape_both_tables_must_agree(code: str, effect: Effect) -> None:
    assert effect_of("", (code,)) is effect
    assert effect_of("N", (code,)) is effect


@pytest.mark.parametrize("code", [*NOT_ON_CTS, "?", "AB", "t", "é"])
def test_a_code_that_the_tape_does_not_know_allows_nothing(code: str) -> None:
    assert effect_of("A", (code,)) is Effect.NONE


@given(st.text(max_size=2), st.lists(st.text(max_size=2), max_size=4).map(tuple))
def test_more_conditions_never_allow_more(tape: str, conditions: tuple[str, ...]) -> None:
    one_more = effect_of(tape, (*conditions, "I"))

    assert one_more is Effect.NONE
    if effect_of(tape, conditions) is Effect.LAST:
        assert all(effect_of(tape, (code,)) is Effect.LAST for code in conditions)

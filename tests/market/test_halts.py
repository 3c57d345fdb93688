"""Which statuses halt a symbol, and which end a halt."""

import pytest

from mytrader_tui.market.trust.halts import halting, meaning


@pytest.mark.parametrize("code", ["1", "2", "4", "H", "P", "Q"])
def test_a_halting_status_halts_and_has_words(code: str) -> None:
    assert halting(code) is True
    assert meaning(code)


@pytest.mark.parametrize("code", ["3", "T"])
def test_a_resumption_ends_a_halt(code: str) -> None:
    assert halting(code) is False


@pytest.mark.parametrize("code", ["5", "6", "7", "8", "9", "A", "C", "D", "E", "F", "", "h", "22", "HALT"])
def test_other_statuses_say_nothing_of_whether_the_symbol_trades(code: str) -> None:
    assert halting(code) is None
    assert meaning(code) == ""

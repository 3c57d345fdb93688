"""The detail, the account and the inspector as pictures."""

import pytest
from picture_kit import LARGE, SMALL, USUAL, WIDE, Compare, Size, app_on, name_of, pictures, sizes, typed
from test_inspector_screen import a_desk as an_inspected_desk
from trading_desk import a_desk

pytestmark = pictures


@sizes
def test_candles_of_a_day(size: Size, snap_compare: Compare) -> None:
    assert snap_compare(app_on(a_desk()), terminal_size=size, run_before=typed("enter", drawn=True))


@pytest.mark.parametrize("theme", ["light", "contrast"])
def test_candles_in_another_theme(theme: str, snap_compare: Compare) -> None:
    pressed = typed("j", "j", "enter", "left", "left", drawn=True)
    assert snap_compare(app_on(a_desk(), theme=theme), terminal_size=LARGE, run_before=pressed)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=name_of)
def test_a_line_of_a_year(size: Size, snap_compare: Compare) -> None:
    assert snap_compare(app_on(a_desk()), terminal_size=size, run_before=typed("enter", "6", "c", drawn=True))


def test_a_chart_without_bars(snap_compare: Compare) -> None:
    assert snap_compare(app_on(a_desk()), terminal_size=USUAL, run_before=typed("G", "enter"))


@pytest.mark.parametrize("size", [SMALL, USUAL, LARGE], ids=name_of)
def test_the_account(size: Size, snap_compare: Compare) -> None:
    assert snap_compare(app_on(a_desk()), terminal_size=size, run_before=typed("e", drawn=True))


def test_the_account_with_its_amounts_hidden(snap_compare: Compare) -> None:
    assert snap_compare(
        app_on(a_desk(), theme="light"), terminal_size=USUAL, run_before=typed("dollar_sign", "e", drawn=True)
    )


@pytest.mark.parametrize("size", [SMALL, LARGE, WIDE], ids=name_of)
def test_the_inspector(size: Size, snap_compare: Compare) -> None:
    assert snap_compare(app_on(an_inspected_desk()), terminal_size=size, run_before=typed("i"))

"""The screens and dialogs over the main screen as pictures."""

import pytest
from picture_kit import LARGE, SMALL, Compare, Size, app_on, name_of, pictures, typed
from trading_desk import a_desk, an_outage

pytestmark = pictures

SCREENS = {
    "add": ("a", "n", "i"),
    "lists": ("L",),
    "a new list": ("L", "a", "G", "o", "l", "d"),
    "sort": ("s",),
    "alert form": ("exclamation_mark", "2", "3", "0"),
    "alerts": ("A",),
    "orders": ("o", "3"),
    "ledger": ("f3",),
    "log": ("l",),
    "help": ("question_mark",),
    "palette": ("ctrl+p", "s", "o", "r"),
    "themes": ("t",),
}
"""The keys that lead to each."""


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("size", [SMALL, LARGE], ids=name_of)
def test_a_screen(size: Size, screen: str, snap_compare: Compare) -> None:
    assert snap_compare(app_on(a_desk()), terminal_size=size, run_before=typed(*SCREENS[screen]))


@pytest.mark.parametrize("theme", ["light", "contrast"])
@pytest.mark.parametrize("screen", ["add", "alerts", "orders", "help", "themes"])
def test_a_screen_in_another_theme(screen: str, theme: str, snap_compare: Compare) -> None:
    assert snap_compare(app_on(a_desk(), theme=theme), terminal_size=(80, 24), run_before=typed(*SCREENS[screen]))


@pytest.mark.parametrize("screen", ["ledger", "log"])
def test_what_an_outage_leaves_behind(screen: str, snap_compare: Compare) -> None:
    assert snap_compare(app_on(an_outage()), terminal_size=(80, 24), run_before=typed(*SCREENS[screen]))

"""The names that a setting may have are those of the themes that there are."""

from textual.theme import BUILTIN_THEMES

from mytrader_tui.settings.schema import Ui
from mytrader_tui.settings.theme_names import THEMES
from mytrader_tui.ui.themes import DEFAULT_THEME, OF_16, OURS


def test_the_names_are_ours_and_textuals() -> None:
    assert (*(theme.name for theme in (*OURS, OF_16)), *BUILTIN_THEMES) == THEMES


def test_the_default_is_one_of_them() -> None:
    assert Ui().theme == DEFAULT_THEME in THEMES

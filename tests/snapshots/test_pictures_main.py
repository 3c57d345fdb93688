"""The main screen as a picture, in every layout, theme and state."""

import pytest
from picture_kit import (
    LARGE,
    SMALL,
    THEMES,
    USUAL,
    WIDE,
    Compare,
    Size,
    app_on,
    name_of,
    pictures,
    sizes,
    typed,
)
from trading_desk import a_cached_desk, a_desk, an_empty_desk, an_outage

pytestmark = pictures

BEST = ("symbol", "name", "last", "change_percent", "sparkline", "day_range", "badge", "age")


@sizes
def test_the_main_screen(size: Size, snap_compare: Compare) -> None:
    assert snap_compare(app_on(a_desk()), terminal_size=size, run_before=typed(drawn=size == WIDE))


@pytest.mark.parametrize("size", [USUAL, WIDE], ids=name_of)
@pytest.mark.parametrize("theme", ["light", "contrast"])
def test_the_main_screen_in_another_theme(size: Size, theme: str, snap_compare: Compare) -> None:
    assert snap_compare(app_on(a_desk(), theme=theme), terminal_size=size, run_before=typed(drawn=size == WIDE))


@pytest.mark.parametrize("colours", ["blue-orange", "red-up"])
def test_the_switches_of_the_colours(colours: str, snap_compare: Compare) -> None:
    assert snap_compare(app_on(a_desk(), colours=colours), terminal_size=LARGE, run_before=typed())


@pytest.mark.parametrize("size", [USUAL, WIDE], ids=name_of)
def test_a_terminal_without_colour(size: Size, snap_compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(app_on(a_desk()), terminal_size=size, run_before=typed(drawn=size == WIDE))


@pytest.mark.parametrize("size", [USUAL, LARGE], ids=name_of)
def test_a_terminal_without_our_glyphs(size: Size, snap_compare: Compare) -> None:
    assert snap_compare(app_on(a_desk(), ascii_only=True), terminal_size=size, run_before=typed())


@pytest.mark.parametrize("theme", THEMES)
def test_an_outage(theme: str, snap_compare: Compare) -> None:
    assert snap_compare(app_on(an_outage(), theme=theme), terminal_size=USUAL, run_before=typed())


def test_an_outage_on_a_small_terminal(snap_compare: Compare) -> None:
    assert snap_compare(app_on(an_outage()), terminal_size=SMALL, run_before=typed())


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=name_of)
def test_the_first_start_without_keys(size: Size, snap_compare: Compare) -> None:
    assert snap_compare(app_on(an_empty_desk()), terminal_size=size, run_before=typed())


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=name_of)
def test_a_start_with_what_the_disk_knew(size: Size, snap_compare: Compare) -> None:
    assert snap_compare(app_on(a_cached_desk()), terminal_size=size, run_before=typed())


STATES = {
    "paused": ("space",),
    "amounts hidden": ("dollar_sign",),
    "filtered": ("slash", "a", "p"),
    "jumping": ("apostrophe", "t"),
    "sorted": ("s", "h"),
    "another list": ("tab",),
    "an empty list": ("tab", "tab"),
    "positions": ("p",),
    "removed": ("j", "j", "d"),
}
"""The keys that lead to each."""


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("size", [SMALL, LARGE], ids=name_of)
def test_a_state(size: Size, state: str, snap_compare: Compare) -> None:
    assert snap_compare(app_on(a_desk()), terminal_size=size, run_before=typed(*STATES[state]))


def test_columns_of_ones_own(snap_compare: Compare) -> None:
    assert snap_compare(app_on(a_desk(), columns=BEST), terminal_size=LARGE, run_before=typed())  # type: ignore[arg-type]


def test_a_terminal_that_is_too_small(snap_compare: Compare) -> None:
    assert snap_compare(app_on(a_desk()), terminal_size=(30, 6), run_before=typed())

"""Themes and colours: readable, apart for every eye, tried on at once, put away by esc, kept by enter."""

from itertools import combinations, product

import pytest
from colour_vision import DEUTERANOPIA, NORMAL, PROTANOPIA, Matrix, distance
from fake_desk import FakeDesk, IdleWorker
from lively_desk import lively_desk
from screen_text import line_with, lines_of, main_of, settled
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from mytrader_tui.app import MarketApp
from mytrader_tui.settings.schema import Colours, Ui
from mytrader_tui.settings.state import View
from mytrader_tui.ui.columns import Cell, Flash, Tone
from mytrader_tui.ui.contrast import LEAST, contrast, readable
from mytrader_tui.ui.screens.looks import LooksScreen
from mytrader_tui.ui.themes import DEFAULT_THEME, OF_16, OURS, choose
from mytrader_tui.ui.tones import ACCENT, COLOURS, MEANINGS, dressed, unknown_to
from mytrader_tui.ui.wardrobe import Look
from mytrader_tui.ui.widgets.key_bar import KeyBar
from mytrader_tui.ui.widgets.row_ink import RowInk

GROUNDS = ("background", "surface", "panel", "row-cursor", "row-cursor-blurred")
BADGES = ("live", "delayed", "stale")
THEMES = [*OURS, *(theme for theme in BUILTIN_THEMES.values() if not theme.ansi)]


def worn(theme: Theme, colours: str) -> dict[str, str]:
    """The colours of `theme` as the app lays them out."""
    variables = {**unknown_to(theme), **theme.to_color_system().generate(), **theme.variables}
    return {**variables, **dressed(theme, variables, colours)}


def app_in(desk: FakeDesk | None = None, **ui: object) -> MarketApp:
    return MarketApp(desk or FakeDesk(), worker=IdleWorker(), settings=Ui(**ui))


@pytest.mark.parametrize("colours", COLOURS)
@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_what_has_a_meaning_can_be_read_on_every_ground_of_every_theme(theme: Theme, colours: str) -> None:
    variables = worn(theme, colours)
    weak = [
        (tone, ground)
        for tone in (*MEANINGS, "faint", ACCENT)
        for ground in GROUNDS
        if contrast(Color.parse(variables[tone]), Color.parse(variables[ground])) < LEAST
    ]

    assert weak == []


@pytest.mark.parametrize("theme", OURS, ids=lambda theme: theme.name)
def test_plain_text_and_titles_can_be_read_on_every_ground_of_our_themes(theme: Theme) -> None:
    variables = worn(theme, "green-up")
    for name in ("foreground", "primary"):
        for ground in GROUNDS:
            assert contrast(Color.parse(variables[name]), Color.parse(variables[ground])) >= LEAST, (name, ground)


@pytest.mark.parametrize("theme", OURS, ids=lambda theme: theme.name)
def test_a_price_that_flashes_can_be_read(theme: Theme) -> None:
    for colours in COLOURS:
        variables = worn(theme, colours)
        for flash in ("up", "down"):
            for ground in ("background", "row-cursor"):
                tinted = Color.parse(variables[ground]).blend(Color.parse(variables[flash]), 0.35)
                assert contrast(Color.parse(variables["foreground"]), tinted) >= LEAST, (colours, flash, ground)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_frames_keep_the_themes_own_colour(theme: Theme) -> None:
    variables = {**unknown_to(theme), **theme.to_color_system().generate(), **theme.variables}

    assert "primary" not in dressed(theme, variables, "green-up")


async def test_a_price_that_flashes_can_be_read_in_every_theme_old_or_not() -> None:
    app = app_in(lively_desk())
    weak = []
    async with app.run_test(size=(120, 36)) as pilot:
        table = app.screen.query_one("#watchlist")
        for theme, colours in product(THEMES, ("green-up", "blue-orange")):
            app.wear(Look(theme.name, colours))
            await pilot.pause()
            ink = RowInk(table)
            for tone, flash, layers in product(
                (Tone.STRONG, Tone.MUTED), Flash, ((), ("cursor",), ("cursor-blurred",))
            ):
                row = ink.row([(6, Cell(("352.18",), tone, flash=flash))], 1, 8, layers)
                style = next(segment.style for segment in row if "352.18" in segment.text)
                assert style is not None
                if contrast(*map(Color.from_rich_color, (style.color, style.bgcolor))) < LEAST:
                    weak.append((theme.name, colours, tone, flash, layers))

    assert weak == []


@pytest.mark.parametrize("vision", [NORMAL, DEUTERANOPIA, PROTANOPIA], ids=["normal", "deuteranopia", "protanopia"])
@pytest.mark.parametrize("theme", OURS, ids=lambda theme: theme.name)
def test_blue_and_orange_stay_apart_for_every_eye(theme: Theme, vision: Matrix) -> None:
    variables = worn(theme, "blue-orange")
    near = [
        pair
        for pair in (("up", "down"), *combinations(BADGES, 2))
        if distance(*(Color.parse(variables[name]) for name in pair), vision) < 20
    ]

    assert near == []


@pytest.mark.parametrize("colours", COLOURS)
@pytest.mark.parametrize("theme", OURS, ids=lambda theme: theme.name)
def test_the_badges_stay_apart_under_every_switch(theme: Theme, colours: Colours) -> None:
    variables = worn(theme, colours)
    assert (
        min(distance(Color.parse(variables[a]), Color.parse(variables[b]), NORMAL) for a, b in combinations(BADGES, 2))
        > 20
    )


def test_red_up_changes_rise_and_fall_and_no_badge() -> None:
    usual, turned = worn(OURS[0], "green-up"), worn(OURS[0], "red-up")
    assert (turned["up"], turned["down"]) == (usual["down"], usual["up"])
    assert {name: turned[name] for name in BADGES} == {name: usual[name] for name in BADGES}


def test_a_colour_that_can_be_read_stays_and_another_gives_way_a_little() -> None:
    ground = Color.parse("#000000")
    assert readable(Color.parse("#ffffff"), (ground,)).hex == "#FFFFFF"
    shade = readable(Color.parse("#660000"), (ground,))
    assert LEAST <= contrast(shade, ground) < 5.2
    assert shade.r > shade.g


def test_contrast_is_that_of_wcag() -> None:
    black, white, grey = (Color.parse(name) for name in ("#000000", "#ffffff", "#767676"))
    assert contrast(black, white) == pytest.approx(21)
    assert contrast(grey, white) == pytest.approx(4.54, abs=0.01)


def test_a_terminal_of_16_colours_gets_the_theme_made_of_them_without_a_word() -> None:
    themes = {theme.name: theme for theme in (*OURS, OF_16, *BUILTIN_THEMES.values())}
    assert choose(DEFAULT_THEME, themes, no_color=False, few=True) == (OF_16.name, "")
    assert choose("ansi-light", themes, no_color=False, few=True) == ("ansi-light", "")
    assert choose(DEFAULT_THEME, themes, no_color=True, few=True) == (DEFAULT_THEME, "")


@pytest.mark.parametrize("colours", COLOURS)
def test_the_16_colours_tell_rise_from_fall_and_the_badges_apart(colours: str) -> None:
    variables = worn(OF_16, colours)
    assert variables["up"] != variables["down"]
    assert len({variables[name] for name in BADGES}) == len(BADGES)


async def test_the_theme_under_the_cursor_is_worn_at_once_and_put_away_by_esc() -> None:
    desk = FakeDesk()
    app = app_in(desk)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("t", "down")
        await pilot.pause()
        assert isinstance(app.screen, LooksScreen)
        assert app.theme == "mytrader-light"
        await pilot.press("c")
        assert app.look.colours == "red-up"
        await pilot.press("escape")
        assert app.look == (DEFAULT_THEME, "green-up")
        assert app.screen is main_of(app)
        assert desk.view == View()


async def test_enter_keeps_theme_and_colours_for_the_next_start() -> None:
    desk = FakeDesk()
    async with app_in(desk).run_test(size=(100, 30)) as pilot:
        await pilot.press("t", "down", "c", "c", "enter")
    assert (desk.view.theme, desk.view.colours) == ("mytrader-light", "blue-orange")
    again = app_in(desk)
    async with again.run_test(size=(100, 30)):
        assert again.look == ("mytrader-light", "blue-orange")


async def test_what_the_settings_say_anyway_is_not_kept() -> None:
    desk = FakeDesk()
    desk.view = View(theme="nord", colours="red-up")
    async with app_in(desk).run_test(size=(100, 30)) as pilot:
        await pilot.press("t", "home", "c", "c", "enter")
    assert (desk.view.theme, desk.view.colours) == ("", "")


async def test_a_kept_theme_that_is_gone_is_forgotten() -> None:
    desk = FakeDesk()
    desk.view = View(theme="no-such-theme", colours="no-such-colours")
    app = app_in(desk, theme="nord", colours="red-up")
    async with app.run_test(size=(100, 30)):
        assert app.look == ("nord", "red-up")


async def test_a_click_chooses_a_theme() -> None:
    desk = FakeDesk()
    app = app_in(desk)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("t")
        await pilot.pause()
        await pilot.click("#looks-themes", offset=(4, 2))
        await pilot.pause()
        assert app.screen is main_of(app)
        assert desk.view.theme == "mytrader-contrast"


async def test_every_line_of_the_screen_is_drawn_anew_in_other_colours() -> None:
    desk = lively_desk()
    app = app_in(desk)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        before = app.theme_variables["up"], app.theme_variables["primary"]
        app.wear(app.look._replace(theme="mytrader-light", colours="blue-orange"))
        desk.advance(0.3)
        await pilot.pause(0.3)
        used = {
            segment.style.color.name
            for strip in app.screen._compositor.render_strips()
            for segment in strip
            if segment.style and segment.style.color
        }
        assert not used & {colour.lower() for colour in before}
        assert app.theme_variables["up"].lower() in used
        bar = app.screen.query_one(KeyBar).render_line(0)
        assert app.theme_variables["primary"].lower() in {
            segment.style.color.name for segment in bar if segment.style and segment.style.color
        }


async def test_under_no_color_the_choice_says_that_nothing_of_it_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = app_in()
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("t")
        await pilot.pause()
        assert line_with(app, "NO_COLOR is set")
        assert not any("ansi" in line for line in lines_of(app))


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (200, 60)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_choice_leaves_the_prices_in_sight(size: tuple[int, int]) -> None:
    app = app_in(lively_desk())
    async with app.run_test(size=size) as pilot:
        await pilot.press("t")
        seen = await settled(pilot)
        assert any("blue-orange" in line for line in seen)
        assert any("esc closes" in line for line in seen)
        assert any("352.18" in line for line in seen)

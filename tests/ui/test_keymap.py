"""Keys on the screens: each has a name and does something, and a changed one is changed wherever it is shown."""

import re

import pytest
from bound_classes import bound_classes, keys_by_action, own_bindings
from fake_desk import FakeDesk, IdleWorker
from lively_desk import lively_desk
from screen_text import line_with, lines_of, main_of, painted, settled
from textual.dom import DOMNode

from mytrader_tui.app import MarketApp
from mytrader_tui.settings.actions import BOUND
from mytrader_tui.settings.keys import keymap
from mytrader_tui.settings.schema import Ui
from mytrader_tui.ui.keymap import doable
from mytrader_tui.ui.screens.add_symbol import AddSymbol
from mytrader_tui.ui.screens.help import Help
from mytrader_tui.ui.screens.orders import OrdersScreen

CLASSES = bound_classes()


def app_with(keys: dict[str, str], desk: FakeDesk | None = None) -> MarketApp:
    return MarketApp(desk or FakeDesk(), worker=IdleWorker(), settings=Ui(), keymap=keymap(keys))


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_every_key_has_a_name(name: str) -> None:
    assert [
        binding for binding in own_bindings(CLASSES[name]) if not re.fullmatch(r"[a-z][a-z0-9_]*", binding.id or "")
    ] == []


def test_the_names_in_the_settings_are_those_on_the_screens() -> None:
    assert {name: keys_by_action(kind) for name, kind in CLASSES.items()} == {
        name: dict(keys) for name, keys in BOUND.items()
    }


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_every_key_does_something(name: str) -> None:
    app = MarketApp(FakeDesk(), worker=IdleWorker(), settings=Ui())
    namespaces: dict[str, list[type[DOMNode]]] = {
        "app": [type(app)],
        "screen": [kind for kind in CLASSES.values() if "Screen" in {base.__name__ for base in kind.__mro__}],
    }
    for binding in own_bindings(CLASSES[name]):
        where, _, action = binding.action.partition("(")[0].rpartition(".")
        kinds = namespaces[where] if where else [CLASSES[name]]
        assert any(hasattr(kind, f"{form}{action}") for kind in kinds for form in ("action_", "_action_")), binding


async def test_a_changed_key_works_and_the_old_one_does_not() -> None:
    app = app_with({"add": "n"})
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("a")
        assert app.screen is main_of(app)
        await pilot.press("n")
        assert isinstance(app.screen, AddSymbol)


async def test_two_keys_that_changed_places() -> None:
    desk = FakeDesk()
    app = app_with({"add": "d", "remove": "a"}, desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("a")
        assert "AAPL" not in desk.watchlist.symbols
        await pilot.press("d")
        assert isinstance(app.screen, AddSymbol)


async def test_an_action_without_a_key_is_off_the_key_bar_and_still_among_the_commands() -> None:
    app = app_with({"add": "", "source": ""})
    async with app.run_test(size=(200, 40)) as pilot:
        bar = (await settled(pilot))[-1]
        assert " Add" not in bar
        assert "unbound" not in bar
        assert [each.keys for each in doable(app.screen) if each.name == "add"] == [()]
        await pilot.press("question_mark")
        await pilot.pause()
        assert re.search(r"no key +Add", "\n".join(lines_of(app)))


async def test_the_key_bar_shows_changed_keys_and_a_click_on_them_works() -> None:
    app = app_with({"add": "n"})
    async with app.run_test(size=(80, 24)) as pilot:
        bar = (await settled(pilot))[-1]
        assert bar.startswith(" n Add")
        await pilot.click("#keys", offset=(3, 0))
        await pilot.pause()
        assert isinstance(app.screen, AddSymbol)


async def test_a_box_shows_its_keys_and_a_click_on_them_works() -> None:
    app = app_with({"orders": "O", "all_orders": "9"}, lively_desk())
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("O")
        await pilot.pause(0.1)
        edge = line_with(app, "esc closes")
        assert line_with(app, "1 open 0 · 2 closed 0 · [9 all 0]")
        assert "$ Hide amounts · ? Help · esc closes" in edge
        row = lines_of(app).index(edge)
        await pilot.click(offset=(edge.index("esc closes") + 1, row))
        await pilot.pause()
        assert not isinstance(app.screen, OrdersScreen)


async def test_the_key_that_opened_a_screen_closes_it_after_a_change_too() -> None:
    app = app_with({"orders": "O"})
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("O")
        assert isinstance(app.screen, OrdersScreen)
        await pilot.press("o")
        assert isinstance(app.screen, OrdersScreen)
        await pilot.press("O")
        assert app.screen is main_of(app)


async def test_a_changed_key_is_a_character_where_something_is_typed() -> None:
    app = app_with({"help": "z", "ledger": "g", "first_row": "home"})
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("slash", *"zg")
        await pilot.pause()
        assert app.screen is main_of(app)
        assert line_with(app, "zg")


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (120, 36), (200, 60)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_help_tells_every_key_of_the_screen_by_scrolling_if_need_be(size: tuple[int, int]) -> None:
    desk = lively_desk()
    app = app_with({"source": "f9"}, desk)
    async with app.run_test(size=size) as pilot:
        await painted(pilot, desk)
        wanted = {(" ".join(each.keys), each.label) for each in doable(app.screen, resting=True)}
        await pilot.press("question_mark")
        seen = "\n".join(await settled(pilot))
        for _ in range(12):
            await pilot.press("pagedown")
            seen += "\n".join(await settled(pilot))
        missing = [pair for pair in wanted if not re.search(re.escape(pair[0]) + " +" + re.escape(pair[1]), seen)]
        assert missing == []
        assert re.search(r"f9 +Source", seen)
        assert "NO DATA" in seen


async def test_help_is_over_every_screen_with_its_own_keys_and_closes_by_its_own_key() -> None:
    app = app_with({}, lively_desk())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("o")
        await pilot.press("question_mark")
        await pilot.pause()
        assert isinstance(app.screen, Help)
        assert re.search(r"3 +All", "\n".join(lines_of(app)))
        assert "Source" not in "\n".join(lines_of(app)[:-1])
        await pilot.press("question_mark")
        assert isinstance(app.screen, OrdersScreen)


async def test_a_question_mark_is_typed_where_something_is_typed() -> None:
    app = app_with({})
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("a", "question_mark", "t")
        assert isinstance(app.screen, AddSymbol)
        assert line_with(app, "?t")

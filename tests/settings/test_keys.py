"""`[keys]`: what is accepted, under which name, and how a wrong one is refused before the terminal is taken."""

import re
from pathlib import Path

import pytest

from mytrader_tui.settings.actions import BOUND, DEFAULTS, EVERYWHERE, PLACES
from mytrader_tui.settings.errors import SettingsError
from mytrader_tui.settings.key_names import BadKeyError, is_typed, key_name
from mytrader_tui.settings.keys import UNBOUND, BadBindingError, keymap
from mytrader_tui.settings.load import parse

FILE = Path("config.toml")
EXAMPLE = Path(__file__).parents[2] / "config.example.toml"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("n", "n"),
        ("N", "N"),
        ("ä", "ä"),
        ("?", "question_mark"),
        ("/", "slash"),
        ("Esc", "escape"),
        ("return", "enter"),
        ("F5", "f5"),
        ("pgdn", "pagedown"),
        ("Ctrl+P", "ctrl+p"),
        ("shift+ctrl+up", "ctrl+shift+up"),
        ("ctrl+?", "ctrl+question_mark"),
        ("comma", "comma"),
        (" up ", "up"),
    ],
)
def test_a_key_has_one_name_however_it_is_written(written: str, name: str) -> None:
    assert key_name(written) == name


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("escpe", '"escpe" is no key; did you mean escape?'),
        ("f30", '"f30" is no key'),
        ("ctrl+", '"ctrl+" is no key: the one to press with it is missing, as in ctrl+up'),
        ("shift", '"shift" is no key: the one to press with it is missing, as in shift+up'),
        ("ctlr+x", '"ctlr+x" is no key; did you mean ctrl+x?'),
        ("ctrl+escpe", '"ctrl+escpe" is no key; did you mean ctrl+escape?'),
        ("crl+i", '"crl+i" is no key$'),
        ("shift+n", 'write "N"'),
        ("ctrl+i", "terminals send tab for ctrl+i"),
        ("\x1b", "not printed"),
        ("<unbound>", "is no key"),
    ],
)
def test_a_text_that_is_no_key_is_told_as_such(written: str, why: str) -> None:
    with pytest.raises(BadKeyError, match=why.replace("?", r"\?").replace("+", r"\+")):
        key_name(written)


def test_what_writes_a_character_is_known() -> None:
    assert all(map(is_typed, ("a", "space", "question_mark", "comma")))
    assert not any(map(is_typed, ("escape", "f3", "ctrl+p", "tab", "up")))


@pytest.mark.parametrize(
    ("changed", "keys"),
    [
        ({}, {}),
        ({"add": "n"}, {"add": "n"}),
        ({"add": "n, f7"}, {"add": "n,f7"}),
        ({"remove": "x"}, {"remove": "x"}),
        ({"quit": ""}, {"quit": UNBOUND}),
        ({"add": "d", "remove": "a"}, {"add": "d", "remove": "a"}),
        ({"help": "f1,?"}, {"help": "f1,question_mark"}),
    ],
)
def test_changed_keys_become_textuals_keymap(changed: dict[str, str], keys: dict[str, str]) -> None:
    assert keymap(changed) == keys


@pytest.mark.parametrize(
    ("changed", "blamed", "why"),
    [
        ({"ad": "n"}, "ad", "there is no action `ad`; did you mean add?"),
        ({"zzzzzz": "n"}, "zzzzzz", "config.example.toml lists every action"),
        ({"add": "ctlr+x"}, "add", '"ctlr+x" is no key'),
        ({"add": "n,,m"}, "add", "no key between two commas"),
        ({"add": ","}, "add", "no key between two commas"),
        ({"add": "d"}, "add", "d is the key of remove as well, on the main screen"),
        ({"source": "d", "remove": "d"}, "source", "d is the key of remove as well"),
        ({"orders": "j"}, "orders", "j is the key of row_down as well, on the main screen"),
        ({"help": "a"}, "help", "a is the key of add as well"),
        ({"help": ""}, "help", "needs a key"),
        ({"quit_at_once": ""}, "quit_at_once", "needs a key"),
        ({"close": ""}, "close", "needs a key"),
        ({"close": "w"}, "close", "must not be a character"),
        ({"palette": ":"}, "palette", "would no longer write itself"),
        ({"quit_at_once": "Q"}, "quit_at_once", "would no longer write itself"),
    ],
)
def test_what_cannot_be_is_refused_with_its_action(changed: dict[str, str], blamed: str, why: str) -> None:
    with pytest.raises(BadBindingError) as caught:
        keymap(changed)
    assert caught.value.action == blamed
    assert why in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[keys]\nadd = "d"', "config.toml:2: [keys] add: d is the key of remove as well, on the main screen"),
        ('[ui]\n[keys]\n# mine\nad = "n"', "config.toml:4: [keys] there is no action `ad`; did you mean add?"),
        ("[keys]\nadd = 3", "config.toml:2: [keys] `add` = 3: expected a text in quotes"),
    ],
)
def test_a_wrong_key_stops_the_start_and_names_its_line(text: str, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse(text, FILE)
    assert str(caught.value) == message


def test_two_keys_may_change_places_whichever_stands_first() -> None:
    assert parse('[keys]\nadd = "d"\nremove = "a"', FILE).keys == {"add": "d", "remove": "a"}
    assert parse('[keys]\nremove = "a"\nadd = "d"', FILE).keys == {"add": "d", "remove": "a"}


def test_no_two_actions_of_one_place_have_the_same_key_by_default() -> None:
    for place in PLACES:
        held: dict[str, str] = {}
        for action, keys in (bound for name in place.classes for bound in BOUND[name].items()):
            for key in keys.split(","):
                assert held.setdefault(key, action) == action, f"{key} {place.where}"


def test_every_default_is_a_key_by_its_one_name() -> None:
    written = {key for bound in BOUND.values() for keys in bound.values() for key in keys.split(",")}

    assert {key: key_name(key) for key in written} == {key: key for key in written}


def test_every_class_that_binds_keys_is_in_reach_somewhere() -> None:
    assert {name for place in PLACES for name in place.classes} == set(BOUND)
    assert set(DEFAULTS) >= EVERYWHERE


def test_the_example_lists_every_action_with_its_keys() -> None:
    section = EXAMPLE.read_text().partition("[keys]\n")[2].partition("\n[")[0]
    commented = [line.removeprefix("# ") for line in section.splitlines() if '= "' in line and line.startswith("# ")]
    told = parse("[keys]\n" + "\n".join(line for line in commented if line.partition(" ")[0] in DEFAULTS), FILE).keys

    assert told == dict(DEFAULTS)


def test_each_place_of_the_example_has_one_heading() -> None:
    section = EXAMPLE.read_text().partition("[keys]\n")[2]
    headings = [line for line in section.splitlines() if re.fullmatch(r"# [A-Z][\w ]+:", line)]

    assert len(headings) > 10
    assert [heading for heading in headings if headings.count(heading) > 1] == []

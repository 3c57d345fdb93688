"""The README tells every key, every command and nothing that is not there."""

import re
from pathlib import Path

import pytest

from mytrader_tui.cli import command
from mytrader_tui.settings.actions import BOUND

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
SHOWN = {
    "question_mark": "?",
    "exclamation_mark": "!",
    "dollar_sign": "$",
    "slash": "/",
    "apostrophe": "'",
    "f3": "F3",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "plus": "+",
    "equals_sign": "=",
    "minus": "-",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "comma": ",",
    "full_stop": ".",
    "escape": "esc",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
}
"""How a key is written, where its name is another."""

RUNS = {"DetailScreen": set("23456"), "MainScreen": set("23456"), "AccountScreen": set("234")}
"""Keys that a run such as `1` to `7` stands for."""

KEYS = sorted({(place, key) for place, bound in BOUND.items() for keys in bound.values() for key in keys.split(",")})


@pytest.mark.parametrize(("place", "key"), KEYS)
def test_every_key_is_in_the_readme(place: str, key: str) -> None:
    tables = README[README.index("## Keys") : README.index("## What the badges say")]
    told = set(re.findall(r"`([^`]+)`", tables))

    assert SHOWN.get(key, key) in told or key in RUNS.get(place, ())


@pytest.mark.parametrize("name", sorted(command.commands))
def test_every_command_is_in_the_readme(name: str) -> None:
    assert f"mytrader-tui {name}" in README


def test_every_file_that_the_readme_points_to_is_there() -> None:
    targets = re.findall(r"\]\(((?!http)[^)#]+)\)", README)

    assert [target for target in targets if not (Path(__file__).parents[1] / target).exists()] == []

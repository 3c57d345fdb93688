"""config.example.toml is the reference of every setting: it loads, it is the defaults, it is complete."""

import re
import tomllib
from itertools import pairwise
from pathlib import Path

import msgspec

from mytrader_tui.settings.explain import looks_secret
from mytrader_tui.settings.load import load
from mytrader_tui.settings.schema import Settings

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"


def schema_keys() -> dict[str, set[str]]:
    sections = msgspec.structs.fields(Settings)
    # In some sections the user makes the keys up: the example has none.
    return {section.name: set(getattr(section.type, "__struct_fields__", ())) for section in sections}


def test_the_example_is_the_defaults() -> None:
    assert load(EXAMPLE) == Settings()


def test_the_example_has_every_key_of_the_schema_and_no_other() -> None:
    document = tomllib.loads(EXAMPLE.read_text())

    assert {section: set(table) for section, table in document.items()} == schema_keys()


def test_every_key_of_the_example_is_explained_just_above_it() -> None:
    lines = EXAMPLE.read_text().splitlines()

    unexplained = [line for above, line in pairwise(lines) if re.match(r"\w+ = ", line) and not above.startswith("# ")]

    assert unexplained == []


def test_no_key_of_the_schema_is_mistaken_for_a_credential() -> None:
    assert not [key for keys in schema_keys().values() for key in keys if looks_secret(key)]

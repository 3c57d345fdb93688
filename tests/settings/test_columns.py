"""`[watchlist] columns`: names that are known, each once; anything else is refused by name."""

from pathlib import Path
from typing import get_args

import pytest

from mytrader_tui.settings.errors import SettingsError
from mytrader_tui.settings.load import parse
from mytrader_tui.settings.schema import WatchColumn

FILE = Path("config.toml")


def columns(written: str) -> tuple[str, ...]:
    return parse(f"[watchlist]\ncolumns = {written}\n", FILE).watchlist.columns


def test_without_any_the_width_decides() -> None:
    assert parse("", FILE).watchlist.columns == ()


def test_every_name_is_taken_in_its_order() -> None:
    names = tuple(reversed(get_args(WatchColumn)))
    assert columns(str(list(names))) == names


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('["symbol", "lst"]', '"lst" is not known; did you mean last?'),
        ('["astrology"]', '"astrology" is not known; known are symbol, name, last'),
        ('["last", "last"]', "`columns` names `last` twice"),
        ("[7]", "7 is not known; known are symbol"),
        ('"last"', 'columns = "last": expected a list of any of symbol, name, last'),
    ],
)
def test_what_is_no_column_is_named_with_the_nearest(written: str, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        columns(written)
    assert str(caught.value).startswith("config.toml:2: [watchlist] columns")
    assert said in str(caught.value)

"""The first picture is a whole one: it does not wait for the events that follow it."""

import subprocess
import sys

import pytest
from lively_desk import lively_desk
from screen_text import app_for
from textual.geometry import Region
from textual.strip import Strip

from mytrader_tui.ui.widgets.watchlist import WatchlistTable


@pytest.fixture
def pictures(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the watchlist drew, each time that it was asked to."""
    pictures: list[str] = []
    draw = WatchlistTable.render_lines

    def drawn(table: WatchlistTable, crop: Region) -> list[Strip]:
        strips = draw(table, crop)
        pictures.append("\n".join(strip.text for strip in strips))
        return strips

    monkeypatch.setattr(WatchlistTable, "render_lines", drawn)
    return pictures


async def test_the_first_picture_has_the_titles_and_the_rows(pictures: list[str]) -> None:
    async with app_for(lively_desk()).run_test(size=(120, 36)):
        first = pictures[0]

    assert "Symbol" in first
    assert "AAPL" in first


async def test_no_picture_in_a_new_size_has_the_columns_of_the_old_one(pictures: list[str]) -> None:
    async with app_for(lively_desk()).run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        pictures.clear()

        await pilot.resize_terminal(60, 36)
        await pilot.pause()

    whole = [picture.splitlines() for picture in pictures if "Symbol" in picture]
    assert whole
    assert {len(line) for lines in whole for line in lines} == {60}


def test_it_waits_for_no_other_screen_to_be_imported() -> None:
    program = (
        "import sys, mytrader_tui.app; print(*(m for m in sys.modules if m.startswith('mytrader_tui.ui.screens.')))"
    )

    imported = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60.0)

    names = {name.rpartition(".")[2] for name in imported.stdout.split()}
    assert names == {"main", "main_keys", "market"}

"""How a picture of the screen is taken: a clock that stands still, one Python, one Textual."""

import asyncio
import re
import sys
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC
from importlib.metadata import version

import pytest
from fake_desk import FakeDesk, IdleWorker
from screen_text import lines_of, main_of, settled
from textual.pilot import Pilot
from textual.widgets import Input
from typing_extensions import override

from mytrader_tui.app import MarketApp
from mytrader_tui.settings.schema import Ui, WatchColumn
from mytrader_tui.ui.glyphs import table_for
from mytrader_tui.ui.widgets.detail_pane import DetailPane

PYTHON, TEXTUAL = (3, 11), "8.2.8"
"""What the pictures were taken with."""

pictures = pytest.mark.skipif(
    sys.version_info[:2] != PYTHON or version("textual") != TEXTUAL,
    reason=f"the pictures are of Python {PYTHON[0]}.{PYTHON[1]} with textual {TEXTUAL}",
)

Size = tuple[int, int]
SMALL, USUAL, LARGE, WIDE = (60, 16), (80, 24), (120, 36), (200, 60)
SIZES = (SMALL, USUAL, LARGE, WIDE)
THEMES = {"dark": "mytrader-dark", "light": "mytrader-light", "contrast": "mytrader-contrast"}

Compare = Callable[..., bool]
"""The fixture `snap_compare` of pytest-textual-snapshot."""


_SAID_OF_IT = re.compile(r"high \d|O \d|level line|\$ Hide amounts")
"""What is read under a chart: its extremes, a candle's prices, the account's base or its key."""


class AsciiApp(MarketApp):
    """Its picture has the glyphs that the terminal would get, which are put in where text leaves for it."""

    @override
    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        table = table_for("ascii", {})
        assert table is not None
        return super().export_screenshot(title=title, simplify=simplify).translate(table)


def name_of(size: Size) -> str:
    return f"{size[0]}x{size[1]}"


sizes = pytest.mark.parametrize("size", SIZES, ids=name_of)


def app_on(
    desk: FakeDesk,
    *,
    theme: str = "dark",
    colours: str = "green-up",
    columns: Iterable[WatchColumn] = (),
    ascii_only: bool = False,
) -> MarketApp:
    """The program on `desk`, dressed so, at home in UTC."""
    kind = AsciiApp if ascii_only else MarketApp
    ui = Ui(theme=THEMES[theme], colours=colours)  # type: ignore[arg-type]
    return kind(desk, worker=IdleWorker(), settings=ui, columns=tuple(columns), zone=UTC)


def typed(*keys: str, drawn: bool = False) -> Callable[[Pilot[int]], Awaitable[None]]:
    """Press `keys`, one after the other, and wait until the screen stays as it is; `drawn` if a chart belongs to it."""

    async def act(pilot: Pilot[int]) -> None:
        await pilot.pause(0.05)
        for key in keys:
            await pilot.press(key)
            await pilot.pause(0.02)
        if drawn:
            await curve(pilot)
        await at_rest(pilot)

    return act


async def at_rest(pilot: Pilot[int]) -> None:
    """Wait until nothing changes any more, though everything is said again.

    The clock stands still, so that nothing is said again by itself of what came meanwhile; and no cursor may blink.
    """
    main, before = main_of(pilot.app), [""]
    while (seen := await settled(pilot)) != before:
        before = seen
        for line in (*main.query(Input), *pilot.app.screen.query(Input)):
            line.cursor_blink = False
        await say_again(pilot)


async def say_again(pilot: Pilot[int]) -> None:
    """Have every pane say what holds now, as it does a few times a second where the clock goes on."""
    main = main_of(pilot.app)
    for pane in pilot.app.screen.query(DetailPane):
        pane.paint(main._desk.now())
    main._said = None
    main.paint()
    await pilot.pause(0.05)


async def curve(pilot: Pilot[int]) -> None:
    """Wait for a chart, whose library comes in a thread, and for what is said of it."""
    async with asyncio.timeout(60):
        while not ("┫" in (seen := "\n".join(lines_of(pilot.app))) and _SAID_OF_IT.search(seen)):
            await say_again(pilot)

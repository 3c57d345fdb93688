"""The ground under the panes is drawn once, and anew as soon as it would look different."""

from rich.color import Color
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.strip import Strip

from mytrader_tui.ui.widgets.ground import Ground


class Grounded(App[None]):
    """Nothing but ground."""

    CSS = "Ground { background: $background; }"

    def compose(self) -> ComposeResult:
        yield Ground()


def colour_of(strip: Strip) -> Color | None:
    return next(segment.style.bgcolor for segment in strip if segment.style)


async def test_every_line_is_the_same_one() -> None:
    app = Grounded()
    async with app.run_test(size=(20, 5)):
        ground = app.query_one(Ground)

        first, again = (ground.render_lines(Region(0, 0, 20, 5)) for _ in range(2))

    assert [strip.text for strip in first] == [" " * 20] * 5
    assert all(strip is first[0] for strip in (*first, *again))


async def test_another_theme_and_other_columns_are_drawn_anew() -> None:
    app = Grounded()
    async with app.run_test(size=(20, 5)) as pilot:
        ground = app.query_one(Ground)
        app.theme = "textual-dark"
        await pilot.pause()
        dark = ground.render_lines(Region(0, 0, 20, 1))[0]

        app.theme = "textual-light"
        await pilot.pause()

        assert colour_of(ground.render_lines(Region(0, 0, 20, 1))[0]) != colour_of(dark)
        assert ground.render_lines(Region(4, 0, 6, 1))[0].text == " " * 6

"""Lines of text: set once there is a place whose width is known, and anew when their style changes."""

from rich.text import Text
from textual.app import App, ComposeResult
from textual.containers import Vertical

from mytrader_tui.ui.widgets.lines import Lines

SAID = "as of oldest 15:29:20 · 100 % live"


class OneOfThem(App[None]):
    """Lines in a pane that may be hidden, which are told what to say in the width that they have."""

    CSS = "#pane { height: auto } Lines { height: auto }"

    def __init__(self, *, hidden: bool) -> None:
        super().__init__()
        self._hidden = hidden
        self.lines = Lines(id="lines")
        self.style = "#ff0000"

    def compose(self) -> ComposeResult:
        """The pane."""
        with Vertical(id="pane") as pane:
            pane.display = not self._hidden
            yield self.lines

    def say(self) -> None:
        """What there is to say, a word a line where there is no width for more."""
        words = [SAID] if self.lines.size.width >= len(SAID) else SAID.split()
        self.lines.show([Text(word, style=self.style) for word in words])

    def on_lines_resized(self) -> None:
        """Say it in the new width."""
        self.say()


async def test_nothing_is_set_for_a_width_that_nobody_knows_yet() -> None:
    app = OneOfThem(hidden=True)
    async with app.run_test(size=(60, 6)) as pilot:
        app.say()
        before = app.lines.line_count

        app.query_one("#pane").display = True
        await pilot.pause()
        await pilot.pause()

        assert before == 1
        assert "".join(segment.text for segment in app.screen._compositor.render_strips()[0]).strip() == SAID


async def test_what_is_said_once_and_never_again_is_there_when_there_is_a_place() -> None:
    app = OneOfThem(hidden=True)
    async with app.run_test(size=(60, 6)) as pilot:
        app.lines.show([Text("said once")])
        app.say = lambda: None  # type: ignore[method-assign]

        app.query_one("#pane").display = True
        await pilot.pause()
        await pilot.pause()

        assert app.lines.line_count == 1
        assert "said once" in "".join(segment.text for segment in app.screen._compositor.render_strips()[0])


async def test_the_same_words_in_another_style_are_drawn_anew() -> None:
    app = OneOfThem(hidden=False)
    async with app.run_test(size=(60, 6)) as pilot:
        app.say()
        await pilot.pause()

        app.style = "#00ff00"
        app.say()
        await pilot.pause()

        colour = app.screen.get_style_at(0, 0).color
        assert colour is not None
        assert colour.name == "#00ff00"

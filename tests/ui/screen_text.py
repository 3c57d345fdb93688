"""What is on the screen, as text."""

from collections.abc import Callable
from datetime import UTC

from fake_desk import FakeDesk, IdleWorker
from textual.app import App
from textual.pilot import Pilot
from textual.strip import Strip

from mytrader_tui.app import MarketApp, Worker
from mytrader_tui.market.moment import Moment
from mytrader_tui.settings.schema import Ui
from mytrader_tui.ui.screens.main import MainScreen

LOOK_SECONDS = 0.05
PATIENCE_LOOKS = 400


def app_for(desk: FakeDesk, *, worker: Worker | None = None, settings: Ui | None = None, legend: str = "") -> MarketApp:
    """The app on `desk`, at home in UTC."""
    return MarketApp(desk, worker=worker or IdleWorker(), settings=settings or Ui(), legend=legend, zone=UTC)


def lines_of(app: App[int]) -> list[str]:
    """Every line of the screen, without trailing blanks."""
    strips = app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in line).rstrip() for line in strips]


def box_of(app: App[int], id: str) -> str:
    """What the widget `id` shows, and nothing of what lies beside or beneath it."""
    box = app.screen.query_one(f"#{id}").region
    strips = app.screen._compositor.render_strips()[box.y : box.bottom]
    lines = (Strip(line).crop(box.x, box.right) for line in strips)
    return "\n".join(line.text.rstrip() for line in lines)


def line_with(app: App[int], text: str) -> str:
    """The first line that has `text`, or an empty one."""
    return next((line for line in lines_of(app) if text in line), "")


def main_of(app: MarketApp) -> MainScreen:
    """The main screen, whatever lies over it."""
    return app.get_default_screen()


async def settled(pilot: Pilot[int]) -> list[str]:
    """The lines of the screen once they stay as they are: a layout may take a few rounds."""
    lines: list[str] = []
    while (seen := lines_of(pilot.app)) != lines:
        lines = seen
        await pilot.pause(0.1)
    return lines


async def until(pilot: Pilot[int], condition: Callable[[], object], what: str) -> None:
    """Wait for `condition`, and fail with `what` if it never comes: a busy machine may take seconds."""
    for _ in range(PATIENCE_LOOKS):
        if condition():
            return
        await pilot.pause(LOOK_SECONDS)
    raise AssertionError(f"waited in vain: {what}")


async def painted(pilot: Pilot[int], desk: FakeDesk, seconds: float = 0.3) -> Moment:
    """Let `seconds` go by on the desk's clock and paint."""
    now = desk.advance(seconds)
    main_of(pilot.app).paint()
    await pilot.pause()
    return now

"""The active list as a strip of a few lines under the shell's prompt: badge, last, change and age of each row."""

from datetime import tzinfo
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from mytrader_tui.market.moment import Moment
from mytrader_tui.settings.schema import WatchColumn
from mytrader_tui.ui.desk import Desk
from mytrader_tui.ui.flow import Phrase, cut, flow, plain
from mytrader_tui.ui.keymap import key_of
from mytrader_tui.ui.screens.market import LEAST_PAINT_HZ
from mytrader_tui.ui.spans import session_forms
from mytrader_tui.ui.widgets.lines import Lines
from mytrader_tui.ui.widgets.watchlist import WatchlistTable

MOST_ROWS = 12
LEAST_ROWS = 1
PART = 3
"""The strip takes a third of the terminal's height and no more."""

BESIDE_ROWS = 2
"""The titles and the line of status."""

COLUMNS: tuple[WatchColumn, ...] = ("symbol", "last", "change", "change_percent", "badge", "age", "source", "name")
"""From left to right, as many as fit: at 60 cells, all that a price needs to be believed."""

DEMO = "DEMO, prices are invented"
_SAY_SECONDS = 0.25


class StripScreen(Screen[None], inherit_bindings=False):
    """The list as `desk` tells it, painted `paint_hz` times a second; `zone` is home (None: the system's)."""

    AUTO_FOCUS = "#watchlist"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "app.quit", "Quit", id="quit"),
        Binding("tab", "step_list(1)", "Next list", id="next_list"),
        Binding("shift+tab", "step_list(-1)", "Previous list", id="previous_list"),
    ]

    def __init__(self, desk: Desk, *, paint_hz: float, zone: tzinfo | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._zone = zone
        self._period = 1.0 / max(paint_hz, LEAST_PAINT_HZ)
        self._table = WatchlistTable(desk, COLUMNS)
        self._line = Lines(id="strip-status")
        self._symbols: tuple[str, ...] | None = None
        self._in_sight: tuple[str, ...] = ()
        self._said: float | None = None
        self._alarm = ""
        self._warning = ""
        self._warned_until = 0.0

    def compose(self) -> ComposeResult:
        """The rows and a line under them."""
        yield self._table
        yield self._line

    def on_mount(self) -> None:
        """Paint once and start the timer."""
        self.paint()
        self.set_interval(self._period, self.paint, name="paint")

    def on_resize(self) -> None:
        """Take a third of the new height."""
        self._fit()
        self._said = None

    def warn(self, text: str, seconds: float) -> None:
        """Keep `text` in sight for `seconds`."""
        self._warning, self._warned_until = text, self._desk.now().mono + seconds

    def alarm(self, text: str) -> None:
        """Keep a fault of our own in sight until the program ends."""
        self._alarm = text

    def action_step_list(self, places: int) -> None:
        """Show the list so many places further on."""
        self._desk.lists.step(places)
        self._said = None
        self.paint()

    def paint(self) -> None:
        """Drain the board and show what changed."""
        now, dirty = self._desk.now(), self._desk.board.drain()
        self._sync()
        self._table.take(dirty, now)
        self._table.paint(now)
        if self._said is None or now.mono - self._said >= _SAY_SECONDS:
            self._said = now.mono
            self._say(now)

    def _sync(self) -> None:
        symbols = self._desk.watchlist.symbols
        if symbols != self._symbols:
            self._symbols = symbols
            view = self._desk.view
            self._table.sort(view.sort, falling=view.falling)
            self._table.set_keys(symbols)
            self._fit()
        if self._table.in_sight != self._in_sight:
            self._in_sight = self._table.in_sight
            self._desk.show(self._in_sight)

    def _fit(self) -> None:
        rows = strip_rows(len(self._symbols or ()), self.app.size.height)
        self._table.styles.height = rows + BESIDE_ROWS - 1

    def _say(self, now: Moment) -> None:
        width = max(1, self.size.width - 2)
        if now.mono >= self._warned_until:
            self._warning = ""
        if grave := self._alarm or self._warning:
            self._line.show([cut(Text(grave, style=f"bold {self._line.tone('stale')}".strip()), width)])
            return
        self._line.show(flow(self._phrases(now), (width,)))

    def _phrases(self, now: Moment) -> list[Phrase]:
        status = self._desk.status(now)
        lead, *_ = status.story
        delayed = self._line.tone("delayed")
        hidden = len(self._table.keys) - len(self._in_sight)
        quit_key = key_of(self.app, "quit")
        phrases = [plain(lead, style="bold")]
        if status.demo:
            phrases.append(plain(DEMO, "DEMO", style=delayed))
        if hidden > 0:
            phrases.append(plain(f"{len(self._in_sight)} of {len(self._table.keys)} rows, ↓ for more", f"+{hidden}"))
        if status.hint:
            phrases.append(Phrase((Text(status.hint, style=delayed), Text())))
        phrases.append(plain(*session_forms(status.hours, now, self._zone)[-2:]))
        return [*phrases, plain(f"{quit_key} quits")] if quit_key else phrases


def strip_rows(symbols: int, height: int) -> int:
    """How many rows a list of `symbols` gets in a terminal of `height` lines."""
    return max(LEAST_ROWS, min(symbols, MOST_ROWS, height // PART - BESIDE_ROWS))

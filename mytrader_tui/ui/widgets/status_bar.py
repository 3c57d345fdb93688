"""The status bar: who serves, why and since when; how each source stands; the session, the clock and the pace."""

from collections.abc import Sequence
from datetime import tzinfo

from rich.text import Text
from textual.binding import ActiveBinding

from mytrader_tui.market.failover.router import State
from mytrader_tui.market.quote import Source
from mytrader_tui.market.status import SourceHealth, SourceStatus, Status
from mytrader_tui.ui.flow import Phrase, cut, fits, flow, plain
from mytrader_tui.ui.spans import clock_forms, session_forms
from mytrader_tui.ui.widgets.lines import Lines

_LINES = 2
_MORE_LINES = 3
_TALL = 20
"""From this height of the screen on, what does not fit in two lines may get a third."""

_GAP = 2
_CAUSE_LEAST = 30

_STATE_GLYPHS = {
    State.PRIMARY_ACTIVE: ("●", "live"),
    State.FALLBACK_ACTIVE: ("◷", "delayed"),
    State.BOTH_UNAVAILABLE: ("▲", "stale"),
}
_CONNECTING_LOOK = ("○", "faint")
_HEALTH_TONES = {
    SourceHealth.LIVE: "live",
    SourceHealth.DELAYED: "delayed",
    SourceHealth.CONNECTING: "faint",
    SourceHealth.DOWN: "stale",
    SourceHealth.OFF: "faint",
}


class StatusBar(Lines):
    """Two lines of status; the notices have a line of their own."""

    def __init__(self, *, zone: tzinfo | None, id: str = "status") -> None:
        super().__init__(id=id)
        self._zone = zone

    def say(self, status: Status, *, tight: bool = False) -> None:
        """Show `status`, in two lines at most where it is `tight`."""
        width = max(1, self.size.width)
        phrases = self._phrases(status)
        lines = self._margins(status, width, _LINES)
        # When the session changes is worth no line of its own: that it does, and in how long, is.
        needed = [*phrases[:-1], Phrase(phrases[-1].forms[-2:])]
        if not tight and self.app.size.height >= _TALL and not fits(needed, _rooms(lines, width)):
            lines = self._margins(status, width, _MORE_LINES)
        said = flow(phrases, _rooms(lines, width))
        # The pace is the least of it: it is worth no line of its own.
        lines = lines[: max(_LINES, len(said))]
        said += [Text()] * (len(lines) - len(said))
        faint = self.tone("faint")
        self.show([_with_right(line, right, width, faint) for line, right in zip(said, lines, strict=True)])

    def _margins(self, status: Status, width: int, lines: int) -> list[str]:
        """What stands at the right end of each line: the clock on the first, the pace on the last."""
        clock = _first_fitting(clock_forms(status.now.wall, self._zone), width // 3)
        pace = _first_fitting((pace_text(status.messages_per_second),), width // 3)
        return [clock, *[""] * (lines - 2), pace]

    def _phrases(self, status: Status) -> list[Phrase]:
        sources = sorted(status.sources, key=lambda source: source.health is not SourceHealth.DOWN)
        return [
            *self._story(status),
            *(self._source(source, status.story) for source in sources),
            *self._warnings(status.warnings),
            plain(*session_forms(status.hours, status.now, self._zone)),
        ]

    def _warnings(self, count: int) -> list[Phrase]:
        """How many warnings the log has that nobody has seen, and the key that shows them."""
        if not count:
            return []
        keys = (
            self.app.get_key_display(each.binding) for each in self.screen.active_bindings.values() if _opens_log(each)
        )
        told = " · ".join((f"{count} warning" if count == 1 else f"{count} warnings", *list(keys)[:1]))
        return [plain(told, style=self.tone("delayed"))]

    def _story(self, status: Status) -> list[Phrase]:
        """Who serves, in the colour of the worst row it leaves; the rest gives way first where room is short."""
        glyph, tone = _story_look(status)
        lead, *rest = status.story
        head = Text(f"{glyph} {lead}", style=f"bold {self.tone(tone)}".strip())
        return [Phrase((head,)), *map(_cause, rest)]

    def _source(self, source: SourceStatus, story: Sequence[str]) -> Phrase:
        """How `source` stands, and why where the story has not said that."""
        name = source.source.value.capitalize()
        badge = Text.assemble(f"{name} ", (source.health.value, self.tone(_HEALTH_TONES[source.health])))
        rows = f" {source.rows}" if source.health in (SourceHealth.LIVE, SourceHealth.DELAYED) else ""
        short = Text.assemble(badge, rows)
        if not source.reason or source.reason in story:
            return Phrase((short,))
        return Phrase((Text.assemble(short, f": {source.reason}"), short))


def _opens_log(active: ActiveBinding) -> bool:
    return active.binding.action == "open('log')"


def _story_look(status: Status) -> tuple[str, str]:
    """Glyph and colour of the state; a primary that serves no news is not shown as one that does.

    What is only being connected has not failed.
    """
    health = {source.source: source.health for source in status.sources}
    if status.state is State.BOTH_UNAVAILABLE and SourceHealth.CONNECTING in health.values():
        return _CONNECTING_LOOK
    if status.state is State.PRIMARY_ACTIVE and health.get(Source.ALPACA) is SourceHealth.DOWN:
        return _STATE_GLYPHS[State.BOTH_UNAVAILABLE]
    return _STATE_GLYPHS[status.state]


def _cause(cause: str) -> Phrase:
    return Phrase((Text(cause), cut(Text(cause), _CAUSE_LEAST), Text()) if cause else (Text(),))


def _rooms(margins: list[str], width: int) -> list[int]:
    """The cells that each line has left of its margin."""
    return [max(1, width - len(right) - _GAP) if right else width for right in margins]


def pace_text(messages_per_second: float) -> str:
    """The rate at which messages come in: `0.4 msg/s`, `812 msg/s`."""
    rate = f"{messages_per_second:.1f}" if messages_per_second < 10 else f"{messages_per_second:,.0f}"
    return f"{rate} msg/s"


def _first_fitting(forms: tuple[str, ...], width: int) -> str:
    return next((form for form in forms if len(form) <= width), "")


def _with_right(line: Text, right: str, width: int, style: str) -> Text:
    """`line` with `right` set flush with the right edge."""
    if not right:
        return line
    blanks = max(1, width - line.cell_len - len(right))
    return Text.assemble(line, " " * blanks, (right, style))

"""The status bar: who serves, why and since when; how each source stands; the session, the clock and the pace."""

from datetime import tzinfo

from rich.text import Text

from mytrader_tui.market.quote import Source
from mytrader_tui.market.router import State
from mytrader_tui.market.status import SourceHealth, SourceStatus, Status
from mytrader_tui.ui.flow import Phrase, cut, fits, flow, plain
from mytrader_tui.ui.spans import clock_forms, session_text
from mytrader_tui.ui.widgets.lines import Lines

_LINES = 2
_MORE_LINES = 3
_TALL = 20
"""From this height of the screen on, what does not fit in two lines gets a third."""

_GAP = 2
_CAUSE_LEAST = 30

_STATE_GLYPHS = {
    State.PRIMARY_ACTIVE: ("●", "live"),
    State.FALLBACK_ACTIVE: ("◷", "delayed"),
    State.BOTH_UNAVAILABLE: ("▲", "stale"),
}
_HEALTH_TONES = {
    SourceHealth.LIVE: "live",
    SourceHealth.DELAYED: "delayed",
    SourceHealth.DOWN: "stale",
    SourceHealth.OFF: "faint",
}


class StatusBar(Lines):
    """Two lines of status; the notices have a line of their own."""

    def __init__(self, *, zone: tzinfo | None, id: str = "status") -> None:
        super().__init__(id=id)
        self._zone = zone

    def say(self, status: Status) -> None:
        """Show `status`."""
        width = max(1, self.size.width)
        phrases = self._phrases(status)
        lines = self._margins(status, width, _LINES)
        if self.app.size.height >= _TALL and not fits(phrases, _rooms(lines, width)):
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
            *(self._source(source) for source in sources),
            plain(session_text(status.hours, status.now), status.hours.session.value),
        ]

    def _story(self, status: Status) -> list[Phrase]:
        """Who serves, in the colour of the worst row it leaves; the rest gives way first where room is short."""
        glyph, tone = _story_look(status)
        lead, *rest = status.story
        head = Text(f"{glyph} {lead}", style=f"bold {self.tone(tone)}".strip())
        return [Phrase((head,)), *map(_cause, rest)]

    def _source(self, source: SourceStatus) -> Phrase:
        name = source.source.value.capitalize()
        badge = Text.assemble(f"{name} ", (source.health.value, self.tone(_HEALTH_TONES[source.health])))
        rows = f" {source.rows}" if source.health in (SourceHealth.LIVE, SourceHealth.DELAYED) else ""
        short = Text.assemble(badge, rows)
        return Phrase((Text.assemble(short, f": {source.reason}"), short)) if source.reason else Phrase((short,))


def _story_look(status: Status) -> tuple[str, str]:
    """Glyph and colour of the state; a primary that serves no news is not shown as one that does."""
    health = {source.source: source.health for source in status.sources}
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

"""The notices over the status bar: what the user should know before reading on, the gravest first."""

from rich.text import Text

from mytrader_tui.market.moment import Moment
from mytrader_tui.ui.flow import Phrase, cut, flow, wrap
from mytrader_tui.ui.widgets.lines import Lines

_MOST_LINES = 2
"""What each kind of notice may take."""


class Notices(Lines):
    """A fault of our own stays until the program ends, a warning for its time; the rest is said anew each time."""

    def __init__(self, *, id: str = "notice") -> None:
        super().__init__(id=id)
        self._alarm = ""
        self._warning = ""
        self._warned_until = 0.0

    def alarm(self, text: str) -> None:
        """Keep a fault of our own."""
        self._alarm = text

    def warn(self, text: str, until: float) -> None:
        """Keep `text` until that time of the monotonic clock."""
        self._warning = text
        self._warned_until = until

    def say(self, now: Moment, *, held: str, alerted: str, legend: str, hint: str, tight: bool = False) -> None:
        """Say what is empty in no part; of the legend and the hint the parts that matter most come before the rest.

        Where it is `tight` those two share one line.
        """
        if now.mono >= self._warned_until:
            self._warning = ""
        grave = (
            (self._alarm, f"bold {self.tone('stale')}"),
            (held, f"bold {self.tone('delayed')}"),
            (self._warning, self.tone("delayed")),
            (alerted, f"bold {self.tone('accent-text')}"),
        )
        width = max(1, self.size.width - 2)
        lines = [line for text, style in grave for line in wrap(text, width, _MOST_LINES, style.strip())]
        room = (width,) * (1 if tight else _MOST_LINES)
        self.show([*lines, *self._calm(legend.split(" · "), hint.split(" · "), room)])

    def _calm(self, legends: list[str], hints: list[str], room: tuple[int, ...]) -> list[Text]:
        parts = [Text(part) for part in (legends[0], hints[0], *legends[1:], *hints[1:]) if part]
        phrases = [Phrase((part, cut(part, room[0]))) for part in parts]
        said = flow(phrases, room) if phrases else []
        return [Text.assemble(line, style=self.tone("delayed")) for line in said]

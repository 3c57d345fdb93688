"""What every line of a proof needs to know: the room, home's time zone, the present and the colours."""

from collections.abc import Callable
from datetime import datetime, tzinfo

from rich.text import Text

from mytrader_tui.market.freshness import BadgeKind
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Source
from mytrader_tui.ui.columns import BADGE_TONES
from mytrader_tui.ui.figures import MISSING
from mytrader_tui.ui.flow import wrap

NAMES = {Source.ALPACA: "Alpaca", Source.YAHOO: "Yahoo", Source.CACHE: "the disk"}
_SENTENCE_LINES = 4


class Look:
    """Lines of `width` cells at `now`; `zone` is home (None: the system's), `toned` the colour of a theme variable."""

    def __init__(self, width: int, zone: tzinfo | None, now: Moment, toned: Callable[[str], str]) -> None:
        self.width = max(1, width)
        self.now = now
        self.toned = toned
        self._zone = zone

    def time(self, at: datetime | None, *, millis: bool = False) -> str:
        """The time of day at home, behind its day where that is not today."""
        if at is None:
            return MISSING
        here = at.astimezone(self._zone)
        text = f"{here:%H:%M:%S}" + (f".{here.microsecond // 1000:03}" if millis else "")
        today = self.now.wall.astimezone(self._zone).date()
        if here.date() == today:
            return text
        return f"{here:%a} {text}" if abs((today - here.date()).days) < 7 else f"{here:%Y-%m-%d} {text}"

    def sentence(self, text: str, most: int = _SENTENCE_LINES, tone: str = "") -> list[Text]:
        """`text` broken between words into at most `most` lines."""
        return wrap(text, self.width, most, self.toned(tone) if tone else "")

    def heading(self, text: str) -> list[Text]:
        """The title of a part, with a blank line before it."""
        return [Text(), Text(text, style=f"bold {self.toned('accent-text')}".strip())]

    def badge(self, kind: BadgeKind, text: str) -> Text:
        """`text` in the colour of the badge."""
        return Text(text, style=self.toned(BADGE_TONES[kind].value))

    def figure(self, text: str) -> Text:
        """A figure of a source; one that is not known steps back."""
        return Text(text, style=self.tone_of(text))

    def tone_of(self, text: str) -> str:
        """The style of a figure."""
        return self.toned("faint") if text == MISSING else ""

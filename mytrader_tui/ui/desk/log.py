"""What the log panel and the mark of its warnings ask for."""

from typing import Protocol

from mytrader_tui.telemetry.log_memory import LogLine


class LogDesk(Protocol):
    """The newest records of the log. Nothing here raises or blocks."""

    @property
    def lines(self) -> tuple[LogLine, ...]:
        """What is kept, oldest first; the same tuple until there is something new."""

    @property
    def unseen(self) -> int:
        """How many warnings and errors came since the log was last looked at."""

    def look(self) -> None:
        """Everything that there is was seen."""

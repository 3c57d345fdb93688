"""The newest records of the log, kept for the screen: redacted like the file, cleaned, and bounded in number."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable
from enum import Enum

import msgspec
from typing_extensions import override

from mytrader_tui.market.moment import Moment
from mytrader_tui.market.text import clean
from mytrader_tui.settings import Secret
from mytrader_tui.telemetry.redaction import Redaction

KEPT = 500
MAX_TEXT = 600
"""Characters kept of one record."""

_PACKAGE = "mytrader_tui."
# What putting a record's arguments into its text may raise, by whatever they are.
_UNTELLABLE = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


class LogLevel(Enum):
    """How much a record matters, by the number from which on it does. Its name is the word for it."""

    INFO = logging.INFO
    WARNING = logging.WARNING
    ERROR = logging.ERROR

    @classmethod
    def of(cls, number: int) -> "LogLevel":
        """The level of a record that logging gave `number`; what is critical is an error, a debug record news."""
        return max((level for level in cls if level.value <= number), key=lambda level: level.value, default=cls.INFO)


class LogLine(msgspec.Struct, frozen=True):
    """One record: when, how much it matters, which logger spoke, and what it said, on one line.

    `number` counts the records since the start. The texts are cleaned and hold no secret.
    """

    number: int
    at: Moment
    level: LogLevel
    logger: str
    text: str

    @property
    def part(self) -> str:
        """Who spoke, in words: `broker watch` of `mytrader_tui.monitor.broker_watch`; of a library, its name."""
        place = -1 if self.logger.startswith(_PACKAGE) else 0
        return self.logger.split(".")[place].replace("_", " ")


class LogMemory(logging.Handler):
    """Keeps the last 500 records, and counts the warnings among them that nobody has looked at. Thread-safe."""

    def __init__(self, secrets: Iterable[Secret], clock: Callable[[], Moment]) -> None:
        super().__init__(logging.INFO)
        self._redaction = Redaction(secrets)
        self._clock = clock
        self._guard = threading.Lock()
        self._newest: deque[LogLine] = deque(maxlen=KEPT)
        self._told: tuple[LogLine, ...] = ()
        self._count = 0
        self._unseen = 0

    @property
    def lines(self) -> tuple[LogLine, ...]:
        """What is kept, oldest first; the same tuple until there is something new."""
        with self._guard:
            if len(self._told) != len(self._newest) or (self._newest and self._told[-1] is not self._newest[-1]):
                self._told = tuple(self._newest)
            return self._told

    @property
    def unseen(self) -> int:
        """How many warnings and errors came since the log was last looked at."""
        return self._unseen

    def look(self) -> None:
        """Everything that there is was seen."""
        with self._guard:
            self._unseen = 0

    @override
    def emit(self, record: logging.LogRecord) -> None:
        """Keep `record`; a broken one is kept by what it would have said."""
        try:
            said = record.getMessage()
        except _UNTELLABLE:
            said = f"{record.msg!s} (a record that cannot be put into words)"
        if record.exc_info and record.exc_info[1] is not None:
            said = f"{said}: {_error_text(record.exc_info[1])}"
        # Once more after the cleaning: what it drops may have stood in the middle of a secret.
        text = self._redaction.of(clean(self._redaction.of(said), MAX_TEXT))
        level, logger = LogLevel.of(record.levelno), clean(record.name)
        with self._guard:
            self._count += 1
            self._newest.append(LogLine(self._count, self._clock(), level, logger, text))
            self._unseen += level is not LogLevel.INFO


def _error_text(error: BaseException) -> str:
    """What an error is called and says; its traceback is the file's."""
    try:
        return f"{type(error).__name__}: {error}"
    except _UNTELLABLE:
        return type(error).__name__

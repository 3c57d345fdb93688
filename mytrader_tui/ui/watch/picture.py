"""Where the watchlist's rows are read from: the desk as it is, or the picture of it that a pause keeps."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from mytrader_tui.market.freshness import BadgeKind, short_span
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Quote
from mytrader_tui.ui.columns import BADGE_TONES, Tone
from mytrader_tui.ui.desk import Desk

PAUSED = "‖ PAUSED"
"""What every row says while the screen is held."""

_OLD = frozenset({BadgeKind.STALE, BadgeKind.CACHED})
_ORDER = {kind: place for place, kind in enumerate(BadgeKind)}


@dataclass(frozen=True, slots=True)
class Claim:
    """What a row says of its price: the badge and its tone. `old` is for a price that is only the last one known.

    `rank` orders badges, the most that can be claimed first.
    """

    text: str
    tone: Tone
    old: bool
    rank: int


class Picture(Protocol):
    """All that a row says, by its symbol. Each is cheap: it is read on every paint."""

    def quote(self, symbol: str) -> Quote | None:
        """The quote to show."""

    def version(self, symbol: str) -> int:
        """A number that changes whenever the quote does."""

    def claim(self, symbol: str, now: Moment) -> Claim:
        """What may be claimed of the quote at `now`."""

    def name(self, symbol: str) -> str | None:
        """The name of the company or instrument."""

    def year_range(self, symbol: str) -> tuple[float, float] | None:
        """The lowest and the highest price of 52 weeks."""

    def sparkline(self, symbol: str) -> tuple[float, ...]:
        """Closes of the day so far."""

    def apart(self, symbol: str) -> float | None:
        """How far the sources are apart in basis points."""


class LivePicture:
    """The desk as it is now."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._names: dict[str, str] = {}
        self.sparklines: dict[str, tuple[float, ...]] = {}

    def quote(self, symbol: str) -> Quote | None:
        """The quote that is served."""
        return self._desk.board.served(symbol)

    def version(self, symbol: str) -> int:
        """The board's version."""
        return self._desk.board.version(symbol)

    def claim(self, symbol: str, now: Moment) -> Claim:
        """The badge."""
        badge = self._desk.badge(symbol, now)
        return Claim(badge.text, BADGE_TONES[badge.kind], badge.kind in _OLD, _ORDER[badge.kind])

    def name(self, symbol: str) -> str | None:
        """Any source's name, kept: the one that serves the prices may know none."""
        name = self._names.get(symbol) or self._desk.board.name(symbol)
        if name:
            self._names[symbol] = name
        return name

    def year_range(self, symbol: str) -> tuple[float, float] | None:
        """Any source's range."""
        return self._desk.board.year_range(symbol)

    def sparkline(self, symbol: str) -> tuple[float, ...]:
        """The chart's closes; whoever asks has them kept up to date."""
        closes = self.sparklines[symbol] = self._desk.charts.sparkline(symbol)
        return closes

    def apart(self, symbol: str) -> float | None:
        """By the latest comparison."""
        return self._desk.apart(symbol)

    def forget(self, symbols: Iterable[str]) -> None:
        """These are not watched any more."""
        for symbol in symbols:
            self._names.pop(symbol, None)
            self.sparklines.pop(symbol, None)


@dataclass(frozen=True, slots=True)
class _Kept:
    quote: Quote | None = None
    version: int = 0
    name: str | None = None
    year_range: tuple[float, float] | None = None
    apart: float | None = None


_NOTHING = _Kept()


@dataclass(frozen=True)
class HeldPicture:
    """What stood on the screen at `since`. No row claims more than that it is held, and for how long."""

    since: Moment
    kept: Mapping[str, _Kept]
    sparklines: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, live: LivePicture, symbols: Iterable[str], now: Moment) -> "HeldPicture":
        """The rows of `symbols` as they are."""
        kept = {
            symbol: _Kept(
                live.quote(symbol),
                live.version(symbol),
                live.name(symbol),
                live.year_range(symbol),
                live.apart(symbol),
            )
            for symbol in symbols
        }
        return cls(now, kept, dict(live.sparklines))

    def quote(self, symbol: str) -> Quote | None:
        """The quote as it was."""
        return self.kept.get(symbol, _NOTHING).quote

    def version(self, symbol: str) -> int:
        """The version as it was."""
        return self.kept.get(symbol, _NOTHING).version

    def claim(self, symbol: str, now: Moment) -> Claim:  # noqa: ARG002 - they are all held alike
        """For how long everything has been held."""
        return Claim(f"{PAUSED} {short_span(now.seconds_since(self.since))}", Tone.DELAYED, old=False, rank=0)

    def name(self, symbol: str) -> str | None:
        """The name as it was known."""
        return self.kept.get(symbol, _NOTHING).name

    def year_range(self, symbol: str) -> tuple[float, float] | None:
        """The range as it was known."""
        return self.kept.get(symbol, _NOTHING).year_range

    def sparkline(self, symbol: str) -> tuple[float, ...]:
        """The closes that were shown."""
        return self.sparklines.get(symbol, ())

    def apart(self, symbol: str) -> float | None:
        """The difference as it was."""
        return self.kept.get(symbol, _NOTHING).apart

"""The equity curve as it is drawn: the broker's history, and today's end of it as it is now."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from mytrader_tui.market.account.equity import EquityHistory, EquityPeriod
from mytrader_tui.market.account.marking import Portfolio
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.session import NEW_YORK, Session

PERIODS: dict[str, EquityPeriod] = {"1D": "1D", "1W": "1W", "1M": "1M", "3M": "3M", "1Y": "1A"}
"""What people call the periods, from the shortest to the longest."""

_TIME_FORMATS: dict[EquityPeriod, str] = {"1D": "%H:%M", "1W": "%a %H:%M", "1M": "%b %d", "3M": "%b %d", "1A": "%b %Y"}
_TO_THE_SECOND, _SHORT = "%H:%M:%S", timedelta(minutes=10)
"""How times are written under a curve as short as that."""

_DAILY = frozenset({"1M", "3M", "1A"})
_SAMPLE_SECONDS = 30.0

Sample = tuple[datetime, Decimal]


class Curve(NamedTuple):
    """The points of a curve. `even` ones are drawn at equal distances, since nights and weekends lie between them."""

    times: tuple[datetime, ...]
    values: tuple[float, ...]
    base: float | None
    even: bool
    time_format: str


def curve_of(history: EquityHistory, live: tuple[Sample, ...]) -> Curve | None:
    """`history`, and after it the `live` samples; None if there is nothing to draw."""
    points: list[Sample] = [(point.at, point.equity) for point in history.points]
    last = points[-1][0] if points else None
    fresh = [sample for sample in live if last is None or sample[0] > last]
    if fresh and history.period != "1D":
        # Where the points are a quarter of an hour or a day apart, the present is one of them.
        fresh = fresh[-1:]
        if history.period in _DAILY and last is not None and _day(last) == _day(fresh[0][0]):
            points.pop()
    elif last is not None:
        fresh = [sample for sample in fresh if _day(sample[0]) == _day(last)]
    points += fresh
    if not points:
        return None
    return Curve(
        times=tuple(at for at, _ in points),
        values=tuple(float(equity) for _, equity in points),
        base=None if history.base is None else float(history.base),
        even=history.period != "1D",
        time_format=_TO_THE_SECOND if points[-1][0] - points[0][0] < _SHORT else _TIME_FORMATS[history.period],
    )


def live_equity(portfolio: Portfolio) -> Decimal | None:
    """The account's equity at the board's prices, or the broker's word where that cannot be told or is far off."""
    if portfolio.equity is not None and not portfolio.equity.apart:
        return portfolio.equity.ours
    return None if portfolio.account is None else portfolio.account.equity


class LiveLine:
    """What the equity has been since the broker's history ends: a sample every half minute, and the present."""

    def __init__(self) -> None:
        self._samples: list[Sample] = []
        self._kept: float | None = None

    @property
    def samples(self) -> tuple[Sample, ...]:
        """The samples, oldest first."""
        return tuple(self._samples)

    def take(self, equity: Decimal | None, session: Session, now: Moment) -> None:
        """Note `equity` as it is `now`, unless the market is closed: nothing happens to it then."""
        if equity is None or session is Session.CLOSED:
            return
        if self._samples and self._kept is not None and now.mono - self._kept < _SAMPLE_SECONDS:
            self._samples[-1] = (now.wall, equity)
            return
        self._kept = now.mono
        self._samples.append((now.wall, equity))


def _day(at: datetime) -> object:
    return at.astimezone(NEW_YORK).date()

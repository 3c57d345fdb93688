"""A clock that only moves when somebody sleeps on it."""

from datetime import UTC, datetime

from mytrader_tui.market.moment import Moment

START = Moment(datetime(2026, 3, 4, 15, 0, tzinfo=UTC), 1000.0)


class RestTime:
    """A clock, and the sleep that moves it; `slept` is every pause in order."""

    def __init__(self) -> None:
        self.now = START
        self.slept: list[float] = []

    def __call__(self) -> Moment:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now = self.now.later(seconds)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.pass_by(seconds)

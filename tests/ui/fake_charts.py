"""Charts that say what a test told them to."""

from mytrader_tui.market.bars import BarSeries, Timeframe


class FakeCharts:
    """Everything a test may set is a plain attribute."""

    def __init__(self) -> None:
        self.answers: dict[tuple[str, Timeframe], BarSeries | str] = {}
        self.sparklines: dict[str, tuple[float, ...]] = {}
        self.asked: list[tuple[str, Timeframe]] = []

    async def series(self, symbol: str, timeframe: Timeframe) -> BarSeries | str:
        self.asked.append((symbol, timeframe))
        return self.answers.get((symbol, timeframe), "no bars were told to this desk")

    def sparkline(self, symbol: str) -> tuple[float, ...]:
        return self.sparklines.get(symbol, ())

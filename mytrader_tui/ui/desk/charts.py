"""What the chart and the sparklines ask for."""

from typing import Protocol

from mytrader_tui.market.bars import BarSeries, Timeframe


class ChartDesk(Protocol):
    """Bars of the past. Nothing here raises; only `series` waits."""

    async def series(self, symbol: str, timeframe: Timeframe) -> BarSeries | str:
        """The bars of `symbol`, oldest first, or why there are none, in words."""

    def sparkline(self, symbol: str) -> tuple[float, ...]:
        """Closes of the day so far, oldest first, at most 60; empty until known. Cheap: read on every paint.

        The same tuple until it changes. Asking once is enough to have it kept up to date while it is asked for.
        """

"""How charts are looked at until the program ends."""

from dataclasses import dataclass

from mytrader_tui.market.bars import Timeframe


@dataclass(slots=True)
class ChartLook:
    """The timeframe, and whether a line stands for the candles: one for every pane that shows a chart."""

    timeframe: Timeframe = Timeframe.DAY
    as_line: bool = False

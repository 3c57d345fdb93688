"""What the screens need of whoever runs the market behind them: the seam between `ui` and the monitor."""

from mytrader_tui.ui.desk.alerts import AlertDesk
from mytrader_tui.ui.desk.charts import ChartDesk
from mytrader_tui.ui.desk.core import Desk
from mytrader_tui.ui.desk.lists import ListDesk
from mytrader_tui.ui.desk.log import LogDesk
from mytrader_tui.ui.desk.search import SearchDesk

__all__ = ["AlertDesk", "ChartDesk", "Desk", "ListDesk", "LogDesk", "SearchDesk"]

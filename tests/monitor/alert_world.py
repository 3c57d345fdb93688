"""The alerts on one row, a clock and a desktop, which the test says everything of."""

from datetime import UTC, datetime
from pathlib import Path

from mytrader_tui.market.alerts.alert import Alert, AlertCondition, AlertKind, Stand
from mytrader_tui.market.freshness import LIVE, NO_DATA, Badge, BadgeKind
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Origin, Quote, Source, Trade
from mytrader_tui.monitor.alerting import Alerting, Sight
from mytrader_tui.settings.schema import Alerts

NOW = Moment(datetime(2026, 11, 20, 15, 30, tzinfo=UTC), 1000.0)
IEX = Origin(Source.ALPACA, "iex", 0.0)
YAHOO = Origin(Source.YAHOO, "quote", 900.0, polled=True)
DELAYED = Badge(BadgeKind.DELAYED, 900.0)
STALE = Badge(BadgeKind.STALE, 9.0)
LEVEL = AlertCondition(AlertKind.ABOVE, 190.0)


class World:
    """One row, a clock and a desktop, and the alerts on them."""

    def __init__(self, folder: Path, settings: Alerts | None = None) -> None:
        self.path = folder / "alerts.toml"
        self.settings = settings or Alerts()
        self.now = NOW
        self.rows: dict[str, Sight] = {}
        self.changes = 0
        self.told: list[tuple[str, str]] = []
        self.closed = False
        self.alerting = self.start()

    def start(self) -> Alerting:
        """The program anew, on what is on disk."""
        self.alerting = Alerting(
            self.path,
            self.settings,
            look=lambda symbol, _: self.rows.get(symbol, Sight(None, NO_DATA, "")),
            clock=lambda: self.now,
            changed=self.count,
            notices=self,
        )
        return self.alerting

    def count(self) -> None:
        self.changes += 1

    def show(self, title: str, text: str) -> None:
        self.told.append((title, text))

    def close(self) -> None:
        self.closed = True

    def row(self, price: float | None, badge: Badge = LIVE, mark: str = "", **more: object) -> Quote:
        """What the row of AAPL shows now."""
        fields: dict[str, object] = {
            "symbol": "AAPL",
            "origin": IEX,
            "receipt": self.now,
            "last": price,
            "event_time": self.now.wall,
            "print_id": (7, "V"),
        }
        quote = Quote(**{**fields, **more})
        self.rows["AAPL"] = Sight(quote, badge, mark)
        return quote

    def tick(self, seconds: float = 1.0) -> tuple[str, ...]:
        """Let a second go by; the symbols of what fired."""
        self.now = self.now.later(seconds)
        self.alerting.tick()
        return tuple(alert.symbol for alert in self.alerting.take_fired())

    def print(self, price: float, badge: Badge = LIVE, number: int = 7) -> None:
        """A print on the tape and on the board."""
        self.row(price, badge, print_id=(number, "V"))
        trade = Trade("AAPL", price, 100, self.now.wall, IEX, self.now, trade_id=number, exchange="V")
        self.alerting.heard(trade, self.now)

    @property
    def stands(self) -> list[tuple[Stand | None, str]]:
        return [
            (view.verdict and view.verdict.stand, view.verdict.reason if view.verdict else "")
            for view in self.alerting.alerts
        ]


def created(world: World, condition: AlertCondition = LEVEL, symbol: str = "AAPL") -> Alert:
    made = world.alerting.create(symbol, condition)
    assert isinstance(made, Alert), made
    return made

"""Rows for alerts to be judged on: an alert, a quote and what the row shows."""

from datetime import UTC, datetime, timedelta

from mytrader_tui.market.alerts.alert import Alert, AlertCondition, AlertKind, Verdict
from mytrader_tui.market.alerts.judge import judge
from mytrader_tui.market.freshness import LIVE, Badge, BadgeKind
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Origin, Quote, Source

NOW = Moment(datetime(2026, 11, 20, 15, 30, tzinfo=UTC), 1000.0)
IEX = Origin(Source.ALPACA, "iex", 0.0)
YAHOO = Origin(Source.YAHOO, "quote", 900.0, polled=True)
UNDECLARED = Origin(Source.YAHOO, "chart", None, polled=True)
DELAYED = Badge(BadgeKind.DELAYED, 900.0)
PROOF = ((LIVE, IEX, 0.0), (DELAYED, YAHOO, 900.0), (Badge(BadgeKind.DELAYED), UNDECLARED, 900.0))
"""Every kind of row that may be believed: its badge, its origin, its price's age in seconds."""


def an_alert(
    kind: AlertKind = AlertKind.ABOVE, level: float = 190.0, *, extended: bool = False, currency: str = ""
) -> Alert:
    return Alert("1", "AAPL", AlertCondition(kind, level, extended), NOW.wall, currency)


def a_quote(price: float | None = 191.2, *, age: float = 0.0, origin: Origin = IEX, **more: object) -> Quote:
    """A quote of the regular session whose price was made `age` seconds ago."""
    made = NOW.wall - timedelta(seconds=age)
    fields: dict[str, object] = {
        "symbol": "AAPL",
        "origin": origin,
        "receipt": NOW,
        "last": price,
        "event_time": made,
        "previous_close": 180.0,
        "volume": 1_000_000.0,
        "print_id": (7, "V"),
    }
    return Quote(**{**fields, **more})


def judged(
    quote: Quote | None = None, *, alert: Alert | None = None, badge: Badge = LIVE, mark: str = "", now: Moment = NOW
) -> Verdict:
    """The verdict on an alert that `a_quote()` meets, unless told otherwise."""
    return judge(alert or an_alert(), a_quote() if quote is None else quote, badge, mark, now)

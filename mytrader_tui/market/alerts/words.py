"""Alerts in words: what is waited for, how it stands, and what fired."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from decimal import Decimal

from mytrader_tui.market.account.order_text import price_text
from mytrader_tui.market.account.portfolio import money
from mytrader_tui.market.alerts.alert import Alert, AlertCondition, AlertKind, AlertView, Firing, Stand, Verdict

KINDS = {
    AlertKind.ABOVE: "above",
    AlertKind.BELOW: "below",
    AlertKind.PERCENT: "moves by %",
    AlertKind.VOLUME: "volume above",
}
"""What a kind is called where one is chosen."""

_HOME_CURRENCY = "USD"
_LEAST_AWAY = Decimal("0.01")
_HUNDRED = Decimal(100)


def condition_forms(condition: AlertCondition, currency: str = "") -> tuple[str, ...]:
    """What is waited for, the fullest form first: `at or above 190.00`, `≥ 190.00`."""
    level = _exact(condition.level)
    unit = f" {currency}" if currency not in ("", _HOME_CURRENCY) else ""
    late = " +ext" if condition.extended else ""
    match condition.kind:
        case AlertKind.ABOVE:
            forms = (f"at or above {level}{unit}", f"≥ {level}{unit}")
        case AlertKind.BELOW:
            forms = (f"at or below {level}{unit}", f"≤ {level}{unit}")
        case AlertKind.PERCENT:
            plain = _plain(condition.level)
            forms = (f"moves {plain}% either way", f"± {plain}%")
        case AlertKind.VOLUME:
            shares = _plain(condition.level)
            forms = (f"volume at or above {shares}", f"vol ≥ {shares}")
    return (f"{forms[0]}{late}", f"{forms[1]}{late}")


def condition_text(alert: Alert) -> str:
    """What `alert` waits for, in full."""
    return condition_forms(alert.condition, alert.currency)[0]


def value_text(kind: AlertKind, value: float) -> str:
    """A value that a level of that kind was held against: a price, a signed percentage, a number of shares."""
    match kind:
        case AlertKind.PERCENT:
            return f"{round(money(value), 2):+z}%"
        case AlertKind.VOLUME:
            return f"{money(value):,.0f}"
        case AlertKind.ABOVE | AlertKind.BELOW:
            return price_text(money(value))


def standing_forms(view: AlertView, now: datetime, zone: tzinfo | None) -> tuple[str, ...]:
    """How an alert stands, the fullest form first; times are at home in `zone` (None: the system's)."""
    alert, verdict = view.alert, view.verdict
    if alert.firing is not None:
        return _fired_forms(alert, alert.firing, now, zone)
    if verdict is None:
        return ("not judged yet",)
    if verdict.stand is Stand.HELD:
        return (f"held: {verdict.reason}", "held")
    if verdict.value is None:
        return (verdict.stand.value,)
    near = away_text(alert.condition, verdict)
    forms = (f"{verdict.stand.value}: {near}", verdict.stand.value)
    return (f"{forms[0]}, {verdict.late}", *forms) if verdict.late else forms


def away_text(condition: AlertCondition, verdict: Verdict) -> str:
    """How far the value is from the level: `1.2% away`, `now +3.80%`, `now 812,345`."""
    value = verdict.value or 0.0
    if condition.kind in (AlertKind.PERCENT, AlertKind.VOLUME):
        return f"now {value_text(condition.kind, value)}"
    price = money(value)
    if not price:
        return f"now {value_text(condition.kind, value)}"
    percent = _HUNDRED * abs(money(condition.level) - price) / price
    if percent < _LEAST_AWAY:
        return "less than 0.01% away"
    return f"{percent:,.2f}% away" if percent < 1 else f"{percent:,.1f}% away"


def fired_text(alert: Alert, now: datetime, zone: tzinfo | None) -> str:
    """What fired, for a toast: `AAPL at 191.20, at or above 190.00 (14:31:07, LIVE iex)`."""
    firing = alert.firing
    if firing is None:
        return ""
    if firing.taken_back:
        return f"{alert.symbol} {condition_text(alert)}: the print that fired it was {firing.taken_back}"
    happened = _happened(alert.condition.kind, firing)
    told = f"{_clock(firing.price_time, now, zone)}, {firing.provenance}"
    return f"{alert.symbol} {happened}, {_wanted(alert)} ({told})"


def news_lines(fired: Sequence[Alert], now: datetime, zone: tzinfo | None, most: int) -> tuple[str, ...]:
    """A line for each alert that fired, at most `most`; the last then counts the rest."""
    lines = tuple(fired_text(alert, now, zone) for alert in fired)
    return lines if len(lines) <= most else (*lines[: most - 1], f"and {len(lines) - most + 1} more alerts fired")


def _happened(kind: AlertKind, firing: Firing) -> str:
    hours = " in extended hours" if firing.extended else ""
    match kind:
        case AlertKind.PERCENT:
            return f"{value_text(kind, firing.value)} at {price_text(money(firing.price))}{hours}"
        case AlertKind.VOLUME:
            return f"volume {value_text(kind, firing.value)}{hours}"
        case AlertKind.ABOVE | AlertKind.BELOW:
            return f"at {value_text(kind, firing.value)}{hours}"


def _wanted(alert: Alert) -> str:
    """The condition behind what happened, without the words that both share."""
    return condition_text(alert).removeprefix("volume ").removesuffix(" +ext")


def _fired_forms(alert: Alert, firing: Firing, now: datetime, zone: tzinfo | None) -> tuple[str, ...]:
    at = f"fired {_clock(firing.price_time, now, zone)}"
    value = value_text(alert.condition.kind, firing.value)
    hours = ", extended hours" if firing.extended else ""
    if firing.taken_back:
        return (f"{at} at {value}: the print was {firing.taken_back}", f"{at}, taken back", "taken back")
    return (f"{at} at {value}, {firing.provenance}{hours}", f"{at} at {value}", at, "fired")


def _clock(at: datetime, now: datetime, zone: tzinfo | None) -> str:
    """The time of day, behind its date where that is not today."""
    here = at.astimezone(zone)
    return f"{here:%H:%M:%S}" if here.date() == now.astimezone(zone).date() else f"{here:%Y-%m-%d %H:%M:%S}"


def _exact(level: float) -> str:
    """A price as it was typed, to the cent at least."""
    number = money(level).normalize()
    places = max(2, -int(number.as_tuple().exponent))
    return f"{number:,.{places}f}"


def _plain(level: float) -> str:
    """A number with the places that it has."""
    number = money(level).normalize()
    return f"{number:,.{max(0, -int(number.as_tuple().exponent))}f}"

"""What the main screen says of alerts that fired: at once in a toast, and in the notices until they are looked at."""

from collections.abc import Sequence
from datetime import datetime, tzinfo

from mytrader_tui.market.alerts.alert import Alert
from mytrader_tui.market.alerts.words import fired_text

_NAMED = 4


def unseen_text(unseen: Sequence[Alert], now: datetime, zone: tzinfo | None, key: str = "") -> str:
    """One line of the alerts that nobody has looked at yet; empty if there are none. `key` opens the list of them."""
    if not unseen:
        return ""
    if len(unseen) == 1:
        return f"ALERT {fired_text(unseen[0], now, zone)}" + (f" · {key} shows it" if key else "")
    symbols = tuple(dict.fromkeys(alert.symbol for alert in reversed(unseen)))
    more = ", …" if len(symbols) > _NAMED else ""
    return f"ALERT {len(unseen)} fired: {', '.join(symbols[:_NAMED])}{more}" + (f" · {key} shows them" if key else "")

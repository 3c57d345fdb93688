"""Price alerts as values: what is waited for, how it stands, and what fired it."""

from datetime import datetime
from enum import Enum

import msgspec

from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import PrintId, Source


class AlertKind(Enum):
    """What is waited for. The value is how it is kept on disk."""

    ABOVE = "above"
    BELOW = "below"
    PERCENT = "percent"
    VOLUME = "volume"


class AlertCondition(msgspec.Struct, frozen=True):
    """A kind and its level: a price in the symbol's currency, percent of the previous close, or shares of the day.

    `extended` lets prices of the extended hours count as well.
    """

    kind: AlertKind
    level: float
    extended: bool = False


class Firing(msgspec.Struct, frozen=True, kw_only=True):
    """What an alert fired on: `value` is what was compared with the level, `price` the price then.

    `price_time` is when that price was made and `at` when the alert fired (both aware UTC). `provenance` says in words
    how fresh the price was and whose. `taken_back` says what became of the very print `print_id` of `source` later,
    empty while it stands; `amended` is its name since it was corrected. Prices without a name, such as Yahoo's and
    those of Alpaca's minutes, cannot be told from others: nobody hears what became of them. `seen` is whether the user
    has looked at the list since.
    """

    value: float
    price: float
    price_time: datetime
    at: datetime
    provenance: str
    source: Source
    print_id: PrintId | None = None
    extended: bool = False
    taken_back: str = ""
    amended: PrintId | None = None
    seen: bool = False


class Alert(msgspec.Struct, frozen=True):
    """One alert, on the watch until it has fired. `currency` is the level's, empty where nobody said."""

    id: str
    symbol: str
    condition: AlertCondition
    created: datetime
    currency: str = ""
    firing: Firing | None = None


class Stand(Enum):
    """How an alert on the watch stands; the value is how it is told."""

    WAITING = "waiting"
    HELD = "held"
    MET = "met"


class Verdict(msgspec.Struct, frozen=True):
    """Whether a condition holds on data that may be believed.

    `reason` says in words why nothing is said at all; `value` is what was compared with the level, a price, a signed
    percentage or a number of shares, and `late` how late that is and whose, empty where it is live. Of a condition
    that is met, `firing` is what it was met by.
    """

    stand: Stand
    reason: str = ""
    value: float | None = None
    late: str = ""
    firing: Firing | None = None


class AlertView(msgspec.Struct, frozen=True):
    """An alert and how it stands: `verdict` is None before it was judged and once it has fired."""

    alert: Alert
    verdict: Verdict | None = None


def armed_at(alert: Alert, now: Moment) -> Alert:
    """`alert` on the watch again from `now` on."""
    return Alert(alert.id, alert.symbol, alert.condition, now.wall, alert.currency)

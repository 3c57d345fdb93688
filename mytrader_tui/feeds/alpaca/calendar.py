"""The broker's calendar (GET /v2/calendar) as trading days."""

from datetime import date, datetime, time
from typing import Any

import msgspec

from mytrader_tui.feeds.alpaca.lenient import part
from mytrader_tui.market.session import NEW_YORK, TradingDay, trading_day


class _Day(msgspec.Struct):
    date: date
    open: str
    close: str
    session_open: Any = None
    session_close: Any = None


def day(row: object) -> TradingDay | None:
    """The trading day in a `row`, its hours in New York's time; None where it cannot be read.

    Where the extended hours are missing, the rules say when they are; on a day that they do not know, the session
    has none.
    """
    raw = part(row, _Day)
    opened, closed = (_hour(raw.open), _hour(raw.close)) if raw is not None else (None, None)
    if raw is None or opened is None or closed is None or opened >= closed:
        return None
    first, last = datetime.combine(raw.date, opened, NEW_YORK), datetime.combine(raw.date, closed, NEW_YORK)
    rules = trading_day(raw.date)
    pre, post = _hour(raw.session_open), _hour(raw.session_close)
    return TradingDay(
        pre=datetime.combine(raw.date, pre, NEW_YORK) if pre else rules.pre if rules else first,
        open=first,
        close=last,
        post=datetime.combine(raw.date, post, NEW_YORK) if post else rules.post if rules else last,
        note=rules.note if rules else "",
    )


def _hour(raw: object) -> time | None:
    """An hour written 09:30 or 0930."""
    digits = raw.replace(":", "") if isinstance(raw, str) else ""
    if len(digits) != 4 or not (digits.isascii() and digits.isdigit()):
        return None
    hour, minute = int(digits[:2]), int(digits[2:])
    return time(hour, minute) if hour < 24 and minute < 60 else None

"""The watchlist as data for other programs: the fields of the screen, with the same provenance."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import msgspec

from mytrader_tui.market.freshness import Badge, BadgeKind
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Quote
from mytrader_tui.market.session import Session

_TABLE_COLUMNS = (
    *("symbol", "last", "hours", "change", "change_percent", "bid", "ask", "volume", "source", "badge"),
    "event_time",
)
_TEXTS = frozenset({"symbol", "hours", "source", "badge", "event_time"})
_HOURS = {Session.REGULAR: "regular", Session.PRE: "pre", Session.POST: "post", Session.CLOSED: "extended"}


class SnapshotRow(msgspec.Struct, frozen=True, kw_only=True):
    """One symbol. Unknown is null, never 0. Times are RFC 3339 in UTC; `age_seconds` is the age of the event.

    `last` is the newest price and `event_time` its time. `hours` says which hours it is of: regular, pre, post, or
    extended where New York has none. `regular_last` is the regular session's own, of `regular_time`.
    """

    symbol: str
    last: float | None = None
    change: float | None = None
    change_percent: float | None = None
    previous_close: float | None = None
    volume: float | None = None
    bid: float | None = None
    ask: float | None = None
    source: str | None = None
    feed: str | None = None
    badge: str
    event_time: datetime | None = None
    receipt_time: datetime | None = None
    age_seconds: float | None = None
    currency: str | None = None
    hours: str | None = None
    regular_last: float | None = None
    regular_time: datetime | None = None


def snapshot_row(symbol: str, quote: Quote | None, badge: Badge, now: Moment) -> SnapshotRow:
    """The row of `symbol` at `now`, from the quote that serves it."""
    label = badge.text.split(" ", 1)[1]
    if quote is None or badge.kind is BadgeKind.NO_DATA:
        return SnapshotRow(symbol=symbol, badge=label)
    return SnapshotRow(
        symbol=symbol,
        last=quote.price,
        change=_rounded(quote.change),
        change_percent=_rounded(quote.change_percent),
        previous_close=quote.previous_close,
        volume=quote.volume,
        bid=quote.standing_bid,
        ask=quote.standing_ask,
        source=quote.origin.source.value,
        feed=quote.origin.feed,
        badge=label,
        event_time=quote.price_time,
        receipt_time=quote.price_receipt.wall,
        age_seconds=None if quote.price_time is None else round(now.age_of(quote.price_time), 3),
        currency=quote.currency,
        hours=_HOURS[quote.price_session],
        regular_last=quote.last,
        regular_time=quote.event_time,
    )


def _rounded(number: float | None) -> float | None:
    """`number` without the binary dust of a subtraction: prices carry at most four decimals, small ones eight."""
    return None if number is None else float(f"{number:.8g}")


def as_json(rows: Sequence[SnapshotRow]) -> str:
    """The rows as a JSON array, an object a line."""
    lines = (msgspec.json.encode(row).decode() for row in rows)
    return "[\n" + ",\n".join(f"  {line}" for line in lines) + "\n]\n" if rows else "[]\n"


def as_csv(rows: Iterable[SnapshotRow]) -> str:
    """The rows as CSV (RFC 4180) under a header line; unknown is empty."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(SnapshotRow.__struct_fields__)
    for row in rows:
        writer.writerow(_text(value) for value in msgspec.structs.astuple(row))
    return out.getvalue()


def as_table(rows: Sequence[SnapshotRow]) -> str:
    """The rows as an aligned plain-text table, for people and screen readers; unknown is a dash."""
    cells = [[name.replace("_", " ").replace("percent", "%") for name in _TABLE_COLUMNS]]
    cells += [[_cell(name, getattr(row, name)) for name in _TABLE_COLUMNS] for row in rows]
    widths = [max(len(line[column]) for line in cells) for column in range(len(_TABLE_COLUMNS))]
    return "".join(
        "  ".join(_align(*cell) for cell in zip(line, widths, _TABLE_COLUMNS, strict=True)).rstrip() + "\n"
        for line in cells
    )


def _align(text: str, width: int, column: str) -> str:
    return text.ljust(width) if column in _TEXTS else text.rjust(width)


def _cell(column: str, value: object) -> str:
    match value:
        case None:
            return "—"
        case float() if column in ("change", "change_percent"):
            return f"{value:+.2f}"
        case float() if column == "volume":
            return f"{value:,.0f}"
        case float():
            return f"{value:,.2f}" if value >= 1 else f"{value:.6g}"
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
        case _:
            return str(value)


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case float():
            return repr(value)
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case _:
            return str(value)

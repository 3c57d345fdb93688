"""The proof of one row as JSON: the fields of a snapshot for each source, and what is behind them."""

from datetime import datetime

import msgspec

from mytrader_tui.api.snapshot import SnapshotRow, snapshot_row
from mytrader_tui.market.explanation import Explanation
from mytrader_tui.market.inspection import Inspection, SourceView
from mytrader_tui.market.link import Link
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Quote


class LinkRecord(msgspec.Struct, frozen=True):
    """A source's link. `limit_seconds` is how long it may be silent; `reason` why it is down."""

    up: bool
    since: datetime
    heard: datetime | None
    limit_seconds: float
    poll_seconds: float | None
    reason: str | None
    detail: str


class SourceRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One source: `row` is what a snapshot would say of it, `because` the rule that gave its badge."""

    source: str
    serves: bool
    because: str
    row: SnapshotRow
    regular_last: float | None = None
    last_size: float | None = None
    extended_last: float | None = None
    extended_time: datetime | None = None
    bid_size: float | None = None
    ask_size: float | None = None
    bid_ask_time: datetime | None = None
    bid_ask_receipt_time: datetime | None = None
    open: float | None = None
    high: float | None = None
    low: float | None = None
    vwap: float | None = None
    year_low: float | None = None
    year_high: float | None = None
    session: str | None = None
    halted: str | None = None
    halt_time: datetime | None = None
    declared_delay_seconds: float | None = None
    polled: bool | None = None
    latency_seconds: float | None = None
    receipt_age_seconds: float | None = None
    link: LinkRecord


class ComparisonRecord(msgspec.Struct, frozen=True):
    """How far Yahoo's price is from what Alpaca said at its time."""

    at: datetime
    verdict: str
    obstacle: str | None
    basis_points: float | None
    latest_difference: float | None
    alpaca_price: float | None
    alpaca_time: datetime | None
    yahoo_price: float | None
    yahoo_time: datetime | None


class ChangeRecord(msgspec.Struct, frozen=True):
    """The row had another badge or source from `at` on, or the router another state; why."""

    at: datetime
    became: str
    source: str | None
    because: str


class RefusedRecord(msgspec.Struct, frozen=True):
    """A print that was not believed."""

    at: datetime
    source: str
    rule: str
    said: str
    event_time: datetime | None


class InspectionRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Everything behind one row. Times are RFC 3339 in UTC, unknown is null; changes are newest first."""

    at: datetime
    row: SnapshotRow
    name: str
    because: str
    ground: str
    held: str
    router: tuple[str, ...]
    market_session: str
    market_note: str
    market_until: datetime
    sources: tuple[SourceRecord, ...]
    comparison: ComparisonRecord | None
    badge_changes: tuple[ChangeRecord, ...]
    source_changes: tuple[ChangeRecord, ...]
    refused: tuple[RefusedRecord, ...]


def as_json(inspection: Inspection) -> str:
    """`inspection` as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(record(inspection)), indent=2).decode() + "\n"


def record(inspection: Inspection) -> InspectionRecord:
    """`inspection` as other programs read it."""
    hours = inspection.hours
    return InspectionRecord(
        at=inspection.now.wall,
        row=_row(inspection.symbol, inspection.served, inspection.explanation, inspection.now),
        name=inspection.name,
        because=inspection.explanation.because,
        ground=inspection.ground.value,
        held=inspection.held,
        router=inspection.story,
        market_session=hours.session.value,
        market_note=hours.note,
        market_until=hours.until,
        sources=tuple(_source(inspection.symbol, view, inspection.now) for view in inspection.sources),
        comparison=_comparison(inspection),
        badge_changes=tuple(
            ChangeRecord(
                change.at.wall,
                change.kind.value.split(" ", 1)[1],
                change.source.value if change.source else None,
                change.rule.value,
            )
            for change in inspection.badge_changes
        ),
        source_changes=tuple(
            ChangeRecord(change.at, change.after.value, None, change.cause) for change in inspection.source_changes
        ),
        refused=tuple(
            RefusedRecord(each.at.wall, each.source.value, each.rule.value, each.text, each.event_time)
            for each in inspection.refused
        ),
    )


def _row(symbol: str, quote: Quote | None, explanation: Explanation, now: Moment) -> SnapshotRow:
    return snapshot_row(symbol, quote, explanation.badge, now)


def _source(symbol: str, view: SourceView, now: Moment) -> SourceRecord:
    row, quote = _row(symbol, view.quote, view.explanation, now), view.quote
    told = SourceRecord(
        source=view.source.value,
        serves=view.serves,
        because=view.explanation.because,
        row=row,
        latency_seconds=None if view.latency is None else round(view.latency, 3),
        link=_link(view.link),
    )
    if quote is None:
        return told
    receipt = quote.bid_ask_receipt
    return msgspec.structs.replace(
        told,
        regular_last=quote.last,
        last_size=quote.last_size,
        extended_last=quote.extended_last,
        extended_time=quote.extended_time,
        bid_size=quote.bid_size,
        ask_size=quote.ask_size,
        bid_ask_time=quote.bid_ask_time,
        bid_ask_receipt_time=receipt.wall if receipt else None,
        open=quote.open,
        high=quote.high,
        low=quote.low,
        vwap=quote.vwap,
        year_low=quote.year_low,
        year_high=quote.year_high,
        session=quote.session.value if quote.session else None,
        halted=quote.halted,
        halt_time=quote.halt_time,
        declared_delay_seconds=quote.origin.delay_seconds,
        polled=quote.origin.polled,
        receipt_age_seconds=round(now.seconds_since(quote.price_receipt), 3),
    )


def _link(link: Link) -> LinkRecord:
    return LinkRecord(
        up=link.up,
        since=link.since.wall,
        heard=link.heard.wall if link.heard else None,
        limit_seconds=link.limit,
        poll_seconds=link.poll_seconds,
        reason=link.reason.value if link.reason else None,
        detail=link.detail,
    )


def _comparison(inspection: Inspection) -> ComparisonRecord | None:
    found = inspection.comparison
    if found is None:
        return None
    return ComparisonRecord(
        at=found.at.wall,
        verdict=found.verdict.value,
        obstacle=found.obstacle.value if found.obstacle else None,
        basis_points=found.basis_points,
        latest_difference=found.latest_difference,
        alpaca_price=found.alpaca_price,
        alpaca_time=found.alpaca_time,
        yahoo_price=found.yahoo_price,
        yahoo_time=found.yahoo_time,
    )

"""The proof of a row as JSON: what a snapshot would say of it, source by source, and what is behind it."""

import json
from datetime import UTC, datetime

from mytrader_tui.api.inspection import as_json
from mytrader_tui.api.snapshot import SnapshotRow, snapshot_row
from mytrader_tui.market.explanation import explain
from mytrader_tui.market.failover.routing import State
from mytrader_tui.market.inspection import BadgeChange, Inspection, RefusedPrint, SourceChange, SourceView
from mytrader_tui.market.link import Link, Reason
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Origin, Quote, Source, Trade
from mytrader_tui.market.serving import Ground
from mytrader_tui.market.session import hours_at
from mytrader_tui.market.trust.comparison import Comparison, Obstacle
from mytrader_tui.market.trust.validation import Rule

NOW = Moment(datetime(2026, 11, 20, 15, 30, tzinfo=UTC), 1000.0)
IEX = Origin(Source.ALPACA, "iex", 0.0)
HOURS = hours_at(NOW.wall)
UP = Link(up=True, since=NOW.later(-60.0), heard=NOW)
DOWN = Link(up=False, since=NOW, reason=Reason.DISABLED)
QUOTE = Quote(
    symbol="AAPL",
    origin=IEX,
    receipt=NOW.later(-1.0),
    last=228.41,
    event_time=NOW.later(-1.25).wall,
    previous_close=227.0,
    bid=228.4,
    ask=228.42,
)


def a_proof() -> Inspection:
    told = explain(QUOTE, UP, HOURS, NOW)
    nothing = explain(None, DOWN, HOURS, NOW)
    nan = Trade("AAPL", float("nan"), 1, NOW.wall, IEX, NOW)
    return Inspection(
        symbol="AAPL",
        now=NOW,
        hours=HOURS,
        served=QUOTE,
        explanation=told,
        ground=Ground.ONLY_ALPACA,
        story=("Alpaca serving for 0:09",),
        sources=(
            SourceView(source=Source.ALPACA, quote=QUOTE, link=UP, explanation=told, serves=True),
            SourceView(source=Source.YAHOO, quote=None, link=DOWN, explanation=nothing, serves=False),
        ),
        name="Apple Inc.",
        comparison=Comparison(symbol="AAPL", at=NOW, obstacle=Obstacle.NO_YAHOO_PRICE),
        badge_changes=(BadgeChange(NOW, told.badge.kind, told.rule, Source.ALPACA),),
        source_changes=(SourceChange(NOW.wall, State.BOTH_UNAVAILABLE, State.PRIMARY_ACTIVE, "Alpaca is streaming"),),
        refused=(RefusedPrint(NOW, Source.ALPACA, Rule.NOT_FINITE, nan),),
    )


def test_the_row_and_each_source_have_every_field_of_a_snapshot() -> None:
    told = json.loads(as_json(a_proof()))

    fields = set(SnapshotRow.__struct_fields__)
    assert all(set(row) == fields for row in (told["row"], *(each["row"] for each in told["sources"])))
    assert told["row"]["last"] == snapshot_row("AAPL", QUOTE, explain(QUOTE, UP, HOURS, NOW).badge, NOW).last
    assert told["row"]["badge"] == "LIVE"
    assert told["row"]["age_seconds"] == 1.25


def test_a_source_says_its_link_its_latency_and_its_rule() -> None:
    alpaca, yahoo = json.loads(as_json(a_proof()))["sources"]

    assert (alpaca["latency_seconds"], alpaca["receipt_age_seconds"]) == (0.25, 1.0)
    assert alpaca["because"].startswith("iex is real time")
    assert alpaca["link"]["heard"] == "2026-11-20T15:30:00Z"
    assert (yahoo["row"]["last"], yahoo["row"]["badge"]) == (None, "NO DATA")
    assert yahoo["link"]["reason"] == "switched off"


def test_what_happened_lately_is_there_in_words() -> None:
    told = json.loads(as_json(a_proof()))

    assert told["comparison"]["obstacle"] == "Yahoo has no price"
    assert told["badge_changes"][0]["became"] == "LIVE"
    assert told["source_changes"][0]["because"] == "Alpaca is streaming"
    assert told["refused"][0]["said"] == "trade nan × 1"

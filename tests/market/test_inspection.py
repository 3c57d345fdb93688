"""The words and numbers of an inspection: what was refused, and how long a price was on its way."""

import math
from datetime import UTC, datetime

import pytest

from mytrader_tui.market.explanation import explain
from mytrader_tui.market.inspection import SourceView, figures_of
from mytrader_tui.market.link import Link
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import (
    BidAsk,
    Cancel,
    Correction,
    DayBar,
    Origin,
    Quote,
    Source,
    Trade,
    TradingStatus,
    Update,
)
from mytrader_tui.market.session import hours_at

NOW = Moment(datetime(2026, 11, 20, 17, 0, tzinfo=UTC), 1000.0)
IEX = Origin(Source.ALPACA, "iex", 0.0)
WHEN = NOW.wall


@pytest.mark.parametrize(
    ("update", "text"),
    [
        (Trade("A", 12.34, 100, WHEN, IEX, NOW, conditions=("@", "I")), "trade 12.34 × 100 [@ I]"),
        (Trade("A", math.nan, -5.0, WHEN, IEX, NOW), "trade nan × -5"),
        (Trade("A", 123456.789, 1e22, WHEN, IEX, NOW), "trade 123456.789 × 1e+22"),
        (BidAsk("A", 12.0, None, 3, None, WHEN, IEX, NOW), "bid 12 × 3, ask — × —"),
        (
            DayBar("A", 1.5, 2, 1, 1.75, 1e6, None, WHEN, IEX, NOW),
            "day open 1.5 high 2 low 1 close 1.75 volume 1000000 vwap —",
        ),
        (
            Correction(
                symbol="A",
                original=(7, "V"),
                corrected=(8, "V"),
                price=2.5,
                size=10,
                event_time=WHEN,
                origin=IEX,
                receipt=NOW,
            ),
            "correction of trade 7 to 2.5 × 10",
        ),
        (Cancel(symbol="A", original=(7, "V"), event_time=WHEN, origin=IEX, receipt=NOW), "cancel of trade 7"),
        (
            TradingStatus(symbol="A", halted=True, code="H", reason="news", event_time=WHEN, origin=IEX, receipt=NOW),
            "status H news",
        ),
        (
            Quote(symbol="A", origin=IEX, receipt=NOW, last=0.0, bid=2.0, ask=1.0),
            "picture: last 0, bid 2 × —, ask 1 × —",
        ),
    ],
)
def test_a_refused_print_is_told_by_its_exact_numbers(update: Update, text: str) -> None:
    assert figures_of(update) == text


def view(**fields: object) -> SourceView:
    quote = Quote(symbol="A", origin=IEX, receipt=NOW, **fields)  # type: ignore[arg-type]  # fields by name
    link = Link(up=True, since=NOW, heard=NOW)
    return SourceView(
        source=Source.ALPACA,
        quote=quote,
        link=link,
        explanation=explain(quote, link, hours_at(WHEN), NOW),
        serves=True,
    )


def test_latency_is_from_the_exchange_to_us_and_may_be_negative() -> None:
    assert view(last=1.0, event_time=NOW.later(-0.118).wall).latency == pytest.approx(0.118)
    assert view(last=1.0, event_time=NOW.later(0.5).wall).latency == pytest.approx(-0.5)
    assert view(last=1.0).latency is None
    assert view(bid=1.0, event_time=NOW.wall).latency is None


def test_latency_is_that_of_the_newest_print() -> None:
    early = NOW.later(-60.0)

    assert view(
        last=1.0,
        event_time=early.wall,
        extended_last=1.1,
        extended_time=NOW.later(-3.0).wall,
        extended_receipt=NOW.later(-2.0),
    ).latency == pytest.approx(1.0)

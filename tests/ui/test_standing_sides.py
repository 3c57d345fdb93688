"""A bid and an ask stand as long as their source stands by them."""

from datetime import UTC, datetime

from mytrader_tui.history.records import quote_record
from mytrader_tui.market.board import merge
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import BidAsk, Origin, Quote, Source, Trade
from mytrader_tui.ui.detail_figures import spread
from mytrader_tui.ui.watch.cells import spread_of

NOW = Moment(datetime(2026, 11, 20, 15, 0, tzinfo=UTC), 5_000.0)
LATER = NOW.later(3600.0)
QUOTES = Origin(Source.YAHOO, "quote", 900.0, polled=True)
CHARTS = Origin(Source.YAHOO, "chart", None, polled=True)
IEX = Origin(Source.ALPACA, "iex", 0.0)


def answer(at: Moment, origin: Origin, last: float, bid: float | None = None, ask: float | None = None) -> Quote:
    told = at if bid is not None else None
    return Quote(
        symbol="AAPL",
        origin=origin,
        receipt=at,
        last=last,
        event_time=at.wall,
        bid=bid,
        ask=ask,
        bid_ask_time=told.wall if told else None,
        bid_ask_receipt=told,
    )


def test_the_sides_of_the_latest_answer_stand() -> None:
    quote = answer(NOW, QUOTES, 190.0, 189.9, 190.1)

    assert (quote.standing_bid, quote.standing_ask) == (189.9, 190.1)


def test_sides_that_a_polled_source_told_an_hour_before_its_price_stand_no_more() -> None:
    quote = merge(answer(NOW, QUOTES, 190.0, 189.9, 190.1), answer(LATER, CHARTS, 199.0))

    assert (quote.standing_bid, quote.standing_ask) == (None, None)
    assert (quote.bid, quote.bid_ask_time) == (189.9, NOW.wall)


def test_no_spread_is_told_of_them_and_none_is_kept() -> None:
    quote = merge(answer(NOW, QUOTES, 190.0, 189.9, 190.1), answer(LATER, CHARTS, 199.0))
    record = quote_record(quote)

    assert spread_of(quote) is None
    assert spread(quote) == ("—",)
    assert record is not None
    assert (record.bid, record.ask) == (None, None)


def test_a_streams_sides_stand_until_it_tells_others() -> None:
    known = merge(answer(NOW, IEX, 190.0), BidAsk("AAPL", 189.9, 190.1, 1.0, 1.0, NOW.wall, IEX, NOW))

    quote = merge(known, Trade("AAPL", 190.05, 100.0, LATER.wall, IEX, LATER))

    assert (quote.standing_bid, quote.standing_ask) == (189.9, 190.1)

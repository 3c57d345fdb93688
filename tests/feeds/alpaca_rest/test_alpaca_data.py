"""Snapshots: one request for the whole watchlist, and no figure shown for a day that it is not of."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from odd_server import OddServer, http, ok

from mytrader_tui.feeds.alpaca.data import AlpacaData
from mytrader_tui.feeds.alpaca.rest import AlpacaError, Timeouts
from mytrader_tui.market.link import Reason
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Origin, Quote, Source
from mytrader_tui.settings.schema import AlpacaFeed
from mytrader_tui.settings.secret import Secret

NOW = Moment(datetime(2026, 3, 4, 15, 0, tzinfo=UTC), 1000.0)
"""A Wednesday, 10:00 in New York."""

TRADE = {"t": "2026-03-04T14:59:58.208123456Z", "x": "V", "p": 190.25, "s": 100, "c": ["@"], "i": 1, "z": "C"}
SIDES = {"t": "2026-03-04T14:59:59Z", "bp": 190.2, "ap": 190.3, "bs": 3, "as": 2, "c": ["R"]}
WEDNESDAY = {"t": "2026-03-04T05:00:00Z", "o": 189, "h": 191, "l": 188, "c": 190, "v": 5000, "n": 9, "vw": 189.5}
TUESDAY = {"t": "2026-03-03T05:00:00Z", "o": 186, "h": 189, "l": 185, "c": 187.5, "v": 9000, "n": 9, "vw": 187}
MONDAY = {"t": "2026-03-02T05:00:00Z", "o": 180, "h": 187, "l": 180, "c": 186.25, "v": 9000, "n": 9, "vw": 183}
SNAPSHOT = {
    "latestTrade": TRADE,
    "latestQuote": SIDES,
    "minuteBar": None,
    "dailyBar": WEDNESDAY,
    "prevDailyBar": TUESDAY,
}
Make = Callable[..., AlpacaData]


@pytest.fixture
async def server() -> AsyncIterator[OddServer]:
    async with OddServer() as server:
        yield server


@pytest.fixture
async def make(server: OddServer) -> AsyncIterator[Make]:
    made: list[AlpacaData] = []

    def make(feed: AlpacaFeed = "iex", wall: datetime = NOW.wall) -> AlpacaData:
        data = AlpacaData(
            data_url=server.url,
            feed=feed,
            key=Secret("test-key"),
            secret=Secret("test-secret"),
            clock=lambda: Moment(wall, NOW.mono),
            timeouts=Timeouts(0.5, 0.5, 2.0),
        )
        made.append(data)
        return data

    yield make
    for data in made:
        data.close()


async def quote_of(server: OddServer, data: AlpacaData, **changes: object) -> Quote:
    server.answer = ok({"AAPL": SNAPSHOT | changes})
    (quote,) = await data.snapshots(["AAPL"])
    return quote


async def test_a_snapshot_is_a_whole_quote(server: OddServer, make: Make) -> None:
    assert await quote_of(server, make()) == Quote(
        symbol="AAPL",
        origin=Origin(Source.ALPACA, "iex", 0.0, polled=False),
        receipt=NOW,
        last=190.25,
        last_size=100.0,
        event_time=datetime(2026, 3, 4, 14, 59, 58, 208123, tzinfo=UTC),
        print_id=(1, "V"),
        previous_close=187.5,
        open=189.0,
        high=191.0,
        low=188.0,
        volume=5000.0,
        vwap=189.5,
        day=datetime(2026, 3, 4, 5, tzinfo=UTC),
        bid=190.2,
        ask=190.3,
        bid_size=3.0,
        ask_size=2.0,
        bid_ask_time=datetime(2026, 3, 4, 14, 59, 59, tzinfo=UTC),
        bid_ask_receipt=NOW,
        currency="USD",
    )


async def test_one_request_serves_the_whole_list(server: OddServer, make: Make) -> None:
    server.answer = ok({"MSFT": SNAPSHOT, "AAPL": SNAPSHOT})

    quotes = await make().snapshots(["AAPL", "MSFT", "AAPL"])

    (request,) = server.requests
    assert urlsplit(request).path == "/v2/stocks/snapshots"
    assert parse_qs(urlsplit(request).query) == {"symbols": ["AAPL,MSFT"], "feed": ["iex"]}
    assert [quote.symbol for quote in quotes] == ["AAPL", "MSFT"]


async def test_a_long_list_is_asked_for_in_hundreds(server: OddServer, make: Make) -> None:
    server.answer = ok({})
    symbols = [f"A{chr(65 + i // 26)}{chr(65 + i % 26)}" for i in range(250)]

    await make().snapshots(symbols)

    asked = [parse_qs(urlsplit(request).query)["symbols"][0].split(",") for request in server.requests]
    assert [len(chunk) for chunk in asked] == [100, 100, 50]
    assert [symbol for chunk in asked for symbol in chunk] == symbols


@pytest.mark.parametrize(("feed", "symbols"), [("test", ["AAPL"]), ("iex", []), ("iex", ["^GSPC", "BTC-USD"])])
async def test_what_alpaca_cannot_have_costs_no_request(
    server: OddServer, make: Make, feed: AlpacaFeed, symbols: list[str]
) -> None:
    assert await make(feed).snapshots(symbols) == []
    assert server.requests == []


async def test_a_symbol_that_would_spoil_the_request_is_left_out(server: OddServer, make: Make) -> None:
    server.answer = ok({})

    await make().snapshots(["^GSPC", "AAPL", "7203.T"])

    assert parse_qs(urlsplit(server.requests[0]).query)["symbols"] == ["AAPL"]


async def test_the_delayed_feed_declares_its_delay(server: OddServer, make: Make) -> None:
    quote = await quote_of(server, make("delayed_sip"))

    assert quote.origin == Origin(Source.ALPACA, "delayed_sip", 900.0, polled=False)
    assert "feed=delayed_sip" in server.requests[0]


@pytest.mark.parametrize(
    ("now", "daily", "before", "previous_close", "high"),
    [
        pytest.param("2026-03-04T15:00+00:00", WEDNESDAY, TUESDAY, 187.5, 191.0, id="in the session"),
        pytest.param("2026-03-04T23:00+00:00", WEDNESDAY, TUESDAY, 187.5, 191.0, id="after the close"),
        pytest.param("2026-03-05T06:00+00:00", WEDNESDAY, TUESDAY, 187.5, 191.0, id="in the night after"),
        pytest.param("2026-03-05T08:59+00:00", WEDNESDAY, TUESDAY, 187.5, 191.0, id="before the next pre-market"),
        pytest.param("2026-03-05T09:01+00:00", WEDNESDAY, TUESDAY, 190.0, None, id="pre-market, no bar of its own yet"),
        pytest.param("2026-03-04T12:00+00:00", WEDNESDAY, TUESDAY, 187.5, 191.0, id="pre-market with its own bar"),
        pytest.param("2026-03-04T15:00+00:00", TUESDAY, MONDAY, 187.5, None, id="a symbol without a trade today"),
        pytest.param("2026-03-04T15:00+00:00", WEDNESDAY, None, None, 191.0, id="a first day"),
        pytest.param("2026-03-04T15:00+00:00", None, TUESDAY, None, None, id="no latest bar"),
    ],
)
async def test_the_previous_close_and_the_day_are_of_the_days_that_the_bars_are_of(
    server: OddServer,
    make: Make,
    now: str,
    daily: object,
    before: object,
    previous_close: float | None,
    high: float | None,
) -> None:
    data = make(wall=datetime.fromisoformat(now))

    quote = await quote_of(server, data, dailyBar=daily, prevDailyBar=before)

    assert (quote.previous_close, quote.high) == (previous_close, high)
    assert (quote.day is None) == (high is None)


async def test_a_weekend_shows_friday_against_thursday(server: OddServer, make: Make) -> None:
    friday = WEDNESDAY | {"t": "2026-03-06T05:00:00Z", "c": 200.0}
    thursday = WEDNESDAY | {"t": "2026-03-05T05:00:00Z", "c": 195.0}

    for now in ("2026-03-07T17:00+00:00", "2026-03-08T17:00+00:00", "2026-03-09T07:00+00:00"):
        data = make(wall=datetime.fromisoformat(now))
        quote = await quote_of(server, data, dailyBar=friday, prevDailyBar=thursday)
        assert quote.previous_close == 195.0


async def test_a_side_that_nobody_quotes_is_none(server: OddServer, make: Make) -> None:
    quote = await quote_of(server, make(), latestQuote=SIDES | {"bp": 0, "bs": 0})

    assert (quote.bid, quote.bid_size, quote.ask, quote.ask_size) == (None, None, 190.3, 2.0)


async def test_no_quote_at_all_has_no_times(server: OddServer, make: Make) -> None:
    quote = await quote_of(server, make(), latestQuote=SIDES | {"bp": 0, "ap": 0, "t": "0001-01-01T00:00:00Z"})

    assert (quote.bid, quote.ask, quote.bid_ask_time, quote.bid_ask_receipt) == (None, None, None, None)


@pytest.mark.parametrize(
    ("trade", "last", "event_time"),
    [
        (None, None, None),
        ({}, None, None),
        ("190.25", None, None),
        (TRADE | {"p": "190.25"}, None, None),
        (TRADE | {"p": True}, None, None),
        (TRADE | {"t": "yesterday"}, None, None),
        (TRADE | {"t": "2026-03-04T14:59:58"}, None, None),
        (TRADE | {"p": 0, "t": "0001-01-01T00:00:00Z"}, None, None),
        ({"p": 190.25}, 190.25, None),
        (TRADE | {"t": "0001-01-01T00:00:00Z"}, 190.25, None),
        (TRADE | {"t": "2026-03-04T09:59:58-05:00"}, 190.25, datetime(2026, 3, 4, 14, 59, 58, tzinfo=UTC)),
    ],
)
async def test_an_unreadable_trade_costs_only_the_last_price(
    server: OddServer, make: Make, trade: object, last: float | None, event_time: datetime | None
) -> None:
    quote = await quote_of(server, make(), latestTrade=trade)

    assert (quote.last, quote.event_time) == (last, event_time)
    assert (quote.bid, quote.previous_close) == (190.2, 187.5)


MINUTE = {"t": "2026-03-04T14:58:00Z", "o": 189, "h": 191, "l": 188, "c": 189.75, "v": 500, "n": 9, "vw": 189.5}
ODD_LOT = TRADE | {"c": ["@", "I"], "p": 195.0}


async def test_an_extended_hours_trade_is_no_last_price(server: OddServer, make: Make) -> None:
    quote = await quote_of(server, make(), latestTrade=TRADE | {"c": ["@", "T"]})

    assert (quote.last, quote.last_size, quote.event_time) == (None, None, None)
    assert (quote.extended_last, quote.extended_receipt) == (190.25, NOW)
    assert (quote.print_id, quote.extended_print_id, quote.price_print_id) == (None, (1, "V"), (1, "V"))
    assert quote.price_time == datetime(2026, 3, 4, 14, 59, 58, 208123, tzinfo=UTC)


async def test_instead_of_a_trade_that_may_set_no_price_the_latest_minute_speaks(server: OddServer, make: Make) -> None:
    quote = await quote_of(server, make(), latestTrade=ODD_LOT, minuteBar=MINUTE)

    assert (quote.last, quote.event_time) == (189.75, datetime(2026, 3, 4, 14, 58, tzinfo=UTC))
    assert quote.print_id is None


async def test_a_minute_outside_the_regular_session_is_an_extended_hours_price(server: OddServer, make: Make) -> None:
    early = MINUTE | {"t": "2026-03-04T14:20:00Z"}

    quote = await quote_of(server, make(), latestTrade=ODD_LOT, minuteBar=early)

    assert (quote.last, quote.extended_last) == (None, 189.75)


@pytest.mark.parametrize("minute", [None, {}, MINUTE | {"t": "2026-03-05T14:58:00Z"}, MINUTE | {"c": "189"}])
async def test_without_a_minute_to_speak_for_it_there_is_no_last_price(
    server: OddServer, make: Make, minute: object
) -> None:
    quote = await quote_of(server, make(), latestTrade=ODD_LOT, minuteBar=minute)

    assert (quote.last, quote.extended_last, quote.bid) == (None, None, 190.2)


@pytest.mark.parametrize(
    "bad",
    [
        None,
        [],
        "n/a",
        {},
        {"latestTrade": None, "latestQuote": None, "dailyBar": None, "prevDailyBar": None},
        {"latestTrade": {"p": 0}, "dailyBar": {"t": "9999-12-31T23:59:59-12:00", "c": 1}},
    ],
)
async def test_a_symbol_that_says_nothing_is_dropped_and_costs_only_itself(
    server: OddServer, make: Make, bad: object
) -> None:
    server.answer = ok({"AAPL": bad, "MSFT": SNAPSHOT})

    quotes = await make().snapshots(["AAPL", "MSFT", "GONE"])

    assert [quote.symbol for quote in quotes] == ["MSFT"]


@pytest.mark.parametrize("answer", [ok([]), ok(None), ok("x"), http(200, "<html>"), http(200, '{"AAPL": {')])
async def test_an_answer_of_another_shape_is_unreadable(server: OddServer, make: Make, answer: bytes) -> None:
    server.answer = answer

    with pytest.raises(AlpacaError) as caught:
        await make().snapshots(["AAPL"])

    assert caught.value.reason is Reason.UNREADABLE


async def test_a_plan_without_the_feed_is_told_apart_from_refused_keys(server: OddServer, make: Make) -> None:
    server.answer = http(403, '{"message": "subscription does not permit querying recent SIP data"}')

    with pytest.raises(AlpacaError, match='feed = "iex"') as caught:
        await make("sip").snapshots(["AAPL"])

    assert caught.value.reason is Reason.NOT_ENTITLED

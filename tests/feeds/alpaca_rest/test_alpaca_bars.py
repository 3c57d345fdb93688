"""Bars from Alpaca: all pages, sound rows only, the right question for each timeframe, one request for a hundred."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from odd_server import OddServer, http, ok

from mytrader_tui.demo.market import DemoMarket
from mytrader_tui.feeds.alpaca import bars as bars_module
from mytrader_tui.feeds.alpaca.data import AlpacaData
from mytrader_tui.feeds.alpaca.rest import AlpacaError, Timeouts
from mytrader_tui.market.bars import PLANS, Timeframe
from mytrader_tui.market.link import Reason
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.session import Session
from mytrader_tui.settings.schema import AlpacaFeed
from mytrader_tui.settings.secret import Secret

FRIDAY = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
"""Noon in New York."""

Make = Callable[..., AlpacaData]


@pytest.fixture
async def server() -> AsyncIterator[OddServer]:
    async with OddServer() as server:
        yield server


@pytest.fixture
async def market() -> AsyncIterator[DemoMarket]:
    async with DemoMarket(clock=lambda: Moment(FRIDAY, 1000.0), ticks_per_second=0) as market:
        yield market


@pytest.fixture
async def make() -> AsyncIterator[Make]:
    made: list[AlpacaData] = []

    def make(
        url: str, feed: AlpacaFeed = "iex", wall: datetime = FRIDAY, key: str = "DEMO-KEY", overall: float = 2.0
    ) -> AlpacaData:
        data = AlpacaData(
            data_url=url,
            feed=feed,
            key=Secret(key),
            secret=Secret("demo-secret"),
            clock=lambda: Moment(wall, 1000.0),
            timeouts=Timeouts(0.5, overall, overall),
        )
        made.append(data)
        return data

    yield make
    for data in made:
        data.close()


def row(start: datetime, close: float = 100.0, **changes: object) -> dict[str, object]:
    told = {
        "t": start.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "o": 100,
        "h": 110,
        "l": 90,
        "c": close,
        "v": 7,
        "n": 1,
        "vw": 100,
    }
    return told | changes


def asked(target: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()}


def requests(market: DemoMarket) -> list[dict[str, str]]:
    return [asked(path) for _, path in market.seen.requests if path.startswith("/v2/stocks/bars")]


@pytest.mark.parametrize("timeframe", list(Timeframe))
async def test_every_timeframe_ends_at_the_present_price(market: DemoMarket, make: Make, timeframe: Timeframe) -> None:
    series = await make(market.data_url).bars.series("AAPL", timeframe)

    assert series is not None
    assert series.bars[-1].close == market.price("AAPL")
    assert (series.span_seconds, series.currency, series.note) == (PLANS[timeframe].span_seconds, "USD", "")
    assert series.receipt == Moment(FRIDAY, 1000.0)
    assert None not in (series.previous_close, series.bars[-1].volume)


async def test_the_day_has_its_pre_market_and_the_close_before_it(market: DemoMarket, make: Make) -> None:
    series = await make(market.data_url).bars.series("AAPL", Timeframe.DAY)
    days = await make(market.data_url).bars.series("AAPL", Timeframe.MONTH)
    year = await make(market.data_url).bars.series("AAPL", Timeframe.YEAR)

    assert series
    assert days
    assert year
    assert series.bars[0].start == datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    assert [bar.session for bar in series.bars].count(Session.PRE) == 66
    assert series.previous_close == year.bars[-2].close
    assert {bar.session for bar in days.bars} == {Session.REGULAR}


async def test_the_question_names_feed_adjustment_limit_and_the_first_instant(market: DemoMarket, make: Make) -> None:
    await make(market.data_url).bars.series("BRK.B", Timeframe.FIVE_DAYS)

    assert requests(market)[0] == {
        "symbols": "BRK.B",
        "timeframe": "30Min",
        "start": "2026-11-16T05:00:00Z",
        "feed": "iex",
        "adjustment": "split",
        "limit": "10000",
    }


async def test_the_close_before_a_day_is_asked_for_once(market: DemoMarket, make: Make) -> None:
    data = make(market.data_url)

    for _ in range(3):
        await data.bars.series("AAPL", Timeframe.DAY)

    assert [each["timeframe"] for each in requests(market)].count("1Day") == 1


async def test_the_delayed_feed_asks_for_the_consolidated_bars_of_a_quarter_of_an_hour_ago(
    server: OddServer, make: Make
) -> None:
    server.answer = ok({"bars": {"AAPL": [row(FRIDAY - timedelta(minutes=20))]}, "next_page_token": None})

    series = await make(server.url, feed="delayed_sip").bars.series("AAPL", Timeframe.DAY)

    assert (asked(server.requests[0])["feed"], asked(server.requests[0])["end"]) == ("sip", "2026-11-20T16:45:00Z")
    assert series is not None
    assert (series.origin.feed, series.origin.delay_seconds) == ("delayed_sip", 900.0)


async def test_all_pages_are_read_and_are_one_series(
    market: DemoMarket, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = await make(market.data_url).bars.series("AAPL", Timeframe.FIVE_YEARS)
    monkeypatch.setattr(bars_module, "MOST_ROWS", 50)

    paged = await make(market.data_url).bars.series("AAPL", Timeframe.FIVE_YEARS)

    assert paged == whole
    assert [each.get("page_token") for each in requests(market)][-6:] == [None, "50", "100", "150", "200", "250"]


async def test_pages_without_an_end_are_not_followed_for_ever(server: OddServer, make: Make) -> None:
    server.answer = ok({"bars": {"AAPL": [row(FRIDAY)]}, "next_page_token": "again"})

    with pytest.raises(AlpacaError, match="no end"):
        await make(server.url).bars.series("AAPL", Timeframe.YEAR)

    assert len(server.requests) == bars_module.MOST_PAGES


async def test_a_row_that_makes_no_sense_costs_only_itself(server: OddServer, make: Make) -> None:
    good = [row(FRIDAY - timedelta(minutes=5 * step), 100.0 + step) for step in (3, 2, 1)]
    bad = [
        None,
        "x",
        {},
        row(FRIDAY, t="soon"),
        row(FRIDAY, o=None),
        row(FRIDAY, h=50),
        row(FRIDAY, c=-1, l=-1),
        row(FRIDAY, v=-1),
        row(FRIDAY, t="0001-01-01T00:00:00Z"),
    ]
    server.answer = ok({"bars": {"AAPL": [good[2], *bad, good[0], good[1], good[1]], "EVIL": good}})

    series = await make(server.url).bars.series("AAPL", Timeframe.DAY)

    assert series is not None
    assert [bar.close for bar in series.bars] == [103.0, 102.0, 101.0]


@pytest.mark.parametrize("answer", [{"bars": {}}, {"bars": None}, {"bars": {"AAPL": None}}, {"bars": {"AAPL": []}}, {}])
async def test_no_bars_are_no_series(server: OddServer, make: Make, answer: object) -> None:
    server.answer = ok(answer)

    assert await make(server.url).bars.series("AAPL", Timeframe.DAY) is None


async def test_what_alpaca_cannot_have_is_not_asked_for(server: OddServer, make: Make) -> None:
    assert await make(server.url).bars.series("^GSPC", Timeframe.DAY) is None
    assert await make(server.url, feed="test").bars.series("AAPL", Timeframe.DAY) is None
    assert await make(server.url, feed="test").bars.day_bars(["AAPL"]) == {}
    assert server.requests == []


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (http(403, '{"message":"subscription does not permit querying recent SIP data"}'), Reason.NOT_ENTITLED),
        (http(429, '{"message":"too many requests."}', X_RateLimit_Reset="1"), Reason.RATE_LIMITED),
        (http(500, '{"message":"oh"}'), Reason.SERVER_ERROR),
        (http(200, "<html>", "text/html"), Reason.UNREADABLE),
        (ok({"bars": []}), Reason.UNREADABLE),
        (b"", Reason.TIMEOUT),
    ],
)
async def test_a_failure_is_told_at_once_and_asked_for_once(
    server: OddServer, make: Make, answer: bytes, reason: Reason
) -> None:
    server.answer = answer

    with pytest.raises(AlpacaError) as caught:
        await make(server.url, overall=0.4).bars.series("AAPL", Timeframe.YEAR)

    assert (caught.value.reason, len(server.requests)) == (reason, 1)


async def test_the_bars_stand_without_the_close_before_them(server: OddServer, make: Make) -> None:
    server.answer = ok({"bars": {"AAPL": [row(FRIDAY)]}})

    series = await make(server.url).bars.series("AAPL", Timeframe.DAY)

    assert series is not None
    assert series.previous_close is None


async def test_the_day_of_a_hundred_symbols_is_one_request(market: DemoMarket, make: Make) -> None:
    symbols = [f"A{first}{second}" for first in "BCDEFGHIJK" for second in "LMNOPQRSTU"]

    days = await make(market.data_url, overall=60.0).bars.day_bars([*symbols, "ONEMORE"])

    assert set(days) == set(symbols)
    assert len(requests(market)) == 1
    assert {len(bars) for bars in days.values()} == {25}
    assert all(bars[-1].close == market.price(symbol) for symbol, bars in days.items())


async def test_a_half_day_ends_its_regular_bars_at_one(server: OddServer, make: Make) -> None:
    noon = datetime(2026, 11, 27, 17, 30, tzinfo=UTC)
    server.answer = ok({"bars": {"AAPL": [row(noon), row(noon + timedelta(minutes=30))]}})

    day = await make(server.url, wall=noon + timedelta(hours=2)).bars.series("AAPL", Timeframe.FIVE_DAYS)
    month = await make(server.url, wall=noon + timedelta(hours=2)).bars.series("AAPL", Timeframe.MONTH)

    assert day
    assert month
    assert [bar.session for bar in day.bars] == [Session.REGULAR, Session.POST]
    assert [bar.start for bar in month.bars] == [noon]

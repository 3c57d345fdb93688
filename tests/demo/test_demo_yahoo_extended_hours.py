"""The demo's Yahoo outside the regular session, by New York's hours: which prices it tells of, and when."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from demo_clients import get

from mytrader_tui.demo.market import DemoMarket
from mytrader_tui.demo.yahoo_http import CRUMB
from mytrader_tui.feeds.yahoo.wire import decode_quotes
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Quote
from mytrader_tui.market.session import NEW_YORK, Session

FIELDS = {"preMarketPrice", "preMarketTime", "preMarketChange", "preMarketChangePercent"}
AFTER = {name.replace("pre", "post") for name in FIELDS}


class Day:
    """A demo market by New York's hours, on a clock that is set by hand."""

    def __init__(self) -> None:
        self.at("2026-11-20 11:00")
        self.market = DemoMarket(clock=lambda: self.now, ticks_per_second=0)
        self.market.set_session("calendar")

    def at(self, text: str) -> None:
        wall = datetime.fromisoformat(text).replace(tzinfo=NEW_YORK).astimezone(UTC)
        self.now = Moment(wall, wall.timestamp())

    async def trade(self, text: str, price: float, symbol: str = "AAPL") -> None:
        """Enough trades at `price` for a delayed source to tell of it."""
        self.at(text)
        for _ in range(31):
            await self.market.trade(symbol, price)

    async def body(self, symbols: str = "AAPL") -> bytes:
        return (await get(f"{self.market.yahoo_url}/v7/finance/quote?symbols={symbols}&crumb={CRUMB}")).content

    async def item(self, symbol: str = "AAPL") -> dict[str, Any]:
        answer = await get(f"{self.market.yahoo_url}/v7/finance/quote?symbols={symbol}&crumb={CRUMB}")
        (found,) = answer.json()["quoteResponse"]["result"]
        return dict(found)

    async def quote(self) -> Quote:
        (quote,) = decode_quotes(await self.body(), {"AAPL": "AAPL"}, self.now).quotes
        return quote


@pytest.fixture
async def day() -> AsyncIterator[Day]:
    given = Day()
    async with given.market:
        yield given


@pytest.mark.parametrize(
    ("when", "state"),
    [
        ("2026-11-20 03:59", "PREPRE"),
        ("2026-11-20 08:00", "PRE"),
        ("2026-11-20 12:00", "REGULAR"),
        ("2026-11-20 17:00", "POST"),
        ("2026-11-20 21:00", "POSTPOST"),
        ("2026-11-21 12:00", "CLOSED"),
        ("2026-11-26 12:00", "CLOSED"),
    ],
)
async def test_the_state_has_yahoos_word_for_every_hour(day: Day, when: str, state: str) -> None:
    day.at(when)

    assert (await day.item())["marketState"] == state
    assert (await day.item("BTC-USD"))["marketState"] == "REGULAR"


async def test_after_the_close_the_regular_price_stays_the_closes(day: Day) -> None:
    await day.trade("2026-11-20 15:59", 200.0)
    await day.trade("2026-11-20 17:00", 204.0)

    told = await day.item()

    assert (told["regularMarketPrice"], told["postMarketPrice"]) == (200.0, 204.0)
    assert (told["postMarketChange"], told["postMarketChangePercent"]) == (4.0, 2.0)
    assert datetime.fromtimestamp(told["regularMarketTime"], NEW_YORK).hour == 16
    assert told["bid"] <= 204.0 <= told["ask"]
    assert not FIELDS & told.keys()


async def test_the_evenings_price_is_told_all_night(day: Day) -> None:
    await day.trade("2026-11-20 15:59", 200.0)
    await day.trade("2026-11-20 17:00", 204.0)
    day.at("2026-11-21 12:00")

    told = await day.item()

    assert (told["regularMarketPrice"], told["postMarketPrice"]) == (200.0, 204.0)
    assert datetime.fromtimestamp(told["postMarketTime"], NEW_YORK) == datetime(
        2026, 11, 20, 19, 59, 59, tzinfo=NEW_YORK
    )


async def test_before_the_open_there_is_a_price_of_the_morning(day: Day) -> None:
    await day.trade("2026-11-19 15:59", 200.0)
    await day.trade("2026-11-20 08:00", 198.0)

    told = await day.item()

    assert (told["regularMarketPrice"], told["preMarketPrice"], told["preMarketChange"]) == (200.0, 198.0, -2.0)
    assert not AFTER & told.keys()


@pytest.mark.parametrize("when", ["2026-11-20 04:10", "2026-11-20 12:00", "2026-11-20 16:10", "2026-11-20 21:00"])
async def test_what_a_delayed_source_cannot_know_yet_or_nobody_traded_is_not_told(day: Day, when: str) -> None:
    day.at(when)

    assert not (FIELDS | AFTER) & (await day.item()).keys()


@pytest.mark.parametrize("symbol", ["BTC-USD", "7203.T", "^GSPC"])
async def test_only_us_listings_have_such_prices(day: Day, symbol: str) -> None:
    day.at("2026-11-20 08:00")

    assert not (FIELDS | AFTER) & (await day.item(symbol)).keys()


async def test_what_the_demo_tells_is_read_as_the_price_of_its_hours(day: Day) -> None:
    await day.trade("2026-11-20 15:59", 200.0)
    await day.trade("2026-11-20 17:00", 204.0)
    evening = await day.quote()

    assert (evening.price, evening.last, evening.price_session) == (204.0, 200.0, Session.POST)


@pytest.mark.parametrize(("extended", "close"), [("false", 200.0), ("true", 204.0)])
async def test_the_chart_ends_at_the_price_of_the_hours_that_were_asked_for(
    day: Day, extended: str, close: float
) -> None:
    await day.trade("2026-11-20 15:59", 200.0)
    await day.trade("2026-11-20 17:00", 204.0)
    day.at("2026-11-20 17:20")

    url = f"{day.market.yahoo_url}/v8/finance/chart/AAPL?range=1d&interval=1m&includePrePost={extended}"
    chart = (await get(url)).json()["chart"]["result"][0]

    assert chart["indicators"]["quote"][0]["close"][-1] == close
    assert chart["meta"]["regularMarketPrice"] == 200.0


async def test_a_fault_of_doubled_prices_doubles_these_too(day: Day) -> None:
    await day.trade("2026-11-20 15:59", 200.0)
    await day.trade("2026-11-20 17:00", 204.0)
    day.market.faults.yahoo_doubled = frozenset({"AAPL"})
    day.market.faults.yahoo_factor = 2.0

    told = await day.item()

    assert (told["regularMarketPrice"], told["postMarketPrice"], told["postMarketChange"]) == (400.0, 408.0, 8.0)

"""The demo's past: agrees with its quotes, does not change when asked again, and is the same for both sources."""

from datetime import UTC, datetime
from typing import Any

import pytest
from demo_clients import NOON, get, quiet_market

from mytrader_tui.demo.bars import Bars, PastBar
from mytrader_tui.demo.hours import DemoHours, DemoSession
from mytrader_tui.demo.market import DemoMarket
from mytrader_tui.demo.prices import Prices
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.session import Session

TIMES = (
    datetime(2026, 11, 20, 17, 0, tzinfo=UTC),  # a Friday's noon
    datetime(2026, 11, 20, 12, 0, tzinfo=UTC),  # before its open
    datetime(2026, 11, 21, 12, 0, tzinfo=UTC),  # on Saturday
    datetime(2026, 11, 27, 17, 0, tzinfo=UTC),  # a half day
    datetime(2026, 3, 9, 15, 0, tzinfo=UTC),  # the first day of summer time
)


def past(when: datetime, session: DemoSession = "regular") -> tuple[Bars, Prices]:
    hours = DemoHours(lambda: Moment(when, 0.0))
    hours.session = session
    prices = Prices(1)
    return Bars(prices, hours), prices


def regular(bars: list[PastBar]) -> list[PastBar]:
    return [bar for bar in bars if bar.session is Session.REGULAR]


@pytest.mark.parametrize("session", ["regular", "closed", "calendar"])
@pytest.mark.parametrize("when", TIMES)
def test_todays_bars_have_the_quotes_open_high_low_and_last(when: datetime, session: DemoSession) -> None:
    bars, prices = past(when, session)
    walk = prices.walk("AAPL", when)

    today = regular(bars.intraday("AAPL", when, 5))

    assert (today[0].open, today[-1].close) == (walk.open, walk.price)
    assert (max(bar.high for bar in today), min(bar.low for bar in today)) == (walk.high, walk.low)


@pytest.mark.parametrize("minutes", [5, 10, 30])
def test_a_days_small_bars_add_up_to_the_day(minutes: int) -> None:
    bars, _ = past(TIMES[0])
    day = bars.daily("MSFT", TIMES[0])[-2]

    small = [bar for bar in regular(bars.intraday("MSFT", TIMES[0], minutes, 2)) if bar.time < TIMES[0].replace(hour=5)]

    assert (small[0].open, small[-1].close, sum(bar.volume for bar in small)) == (day.open, day.close, day.volume)
    assert (max(bar.high for bar in small), min(bar.low for bar in small)) == (day.high, day.low)


def test_what_is_closed_does_not_change_while_the_walk_goes_on() -> None:
    bars, prices = past(TIMES[0])
    before = bars.intraday("AAPL", TIMES[0], 5, 3)
    later = NOON.later(900).wall
    for _ in range(500):
        prices.walk("AAPL", later).step(later)

    after = bars.intraday("AAPL", later, 5, 3)

    assert after[: len(before) - 1] == before[:-1]
    assert after[-1].close == prices.walk("AAPL", later).price


def test_five_years_of_days_join_on_and_asking_for_more_changes_none() -> None:
    bars, _ = past(TIMES[0])
    few = bars.daily("AAPL", TIMES[0], 10)

    days = bars.daily("AAPL", TIMES[0])

    assert days[-10:] == few
    assert days[0].time.year == 2021
    assert all(bar.low <= min(bar.open, bar.close) <= max(bar.open, bar.close) <= bar.high for bar in days)
    assert {bar.time.weekday() for bar in bars.weekly("AAPL", TIMES[0])} == {0}


async def chart(market: DemoMarket, symbol: str, span: str, interval: str, extended: bool = False) -> dict[str, Any]:
    url = f"{market.yahoo_url}/v8/finance/chart/{symbol}?range={span}&interval={interval}"
    answer = await get(f"{url}&includePrePost={str(extended).lower()}")
    return dict(answer.json()["chart"]["result"][0])


async def test_yahoos_chart_is_a_quarter_of_an_hour_late_and_ends_at_its_quotes_price() -> None:
    async with quiet_market() as market:
        before = market.price("AAPL")
        await market.trade("AAPL", before + 5.0)
        late, prompt = await chart(market, "AAPL", "1d", "5m"), await chart(market, "BTC-USD", "1d", "5m")

        assert late["timestamp"][-1] == NOON.wall.timestamp() - 900
        assert late["indicators"]["quote"][0]["close"][-1] == late["meta"]["regularMarketPrice"] == before
        assert prompt["timestamp"][-1] == NOON.wall.timestamp()


async def test_both_sources_tell_the_same_past() -> None:
    async with quiet_market() as market:
        yahoo = await chart(market, "AAPL", "5d", "30m", extended=True)
        url = f"{market.data_url}/v2/stocks/bars?symbols=AAPL&timeframe=30Min&start=2026-11-16T05:00:00Z&limit=10000"
        alpaca = (await get(url, market)).json()["bars"]["AAPL"]

        ours = {bar["t"]: bar["c"] for bar in alpaca}
        stamps = [f"{datetime.fromtimestamp(at, UTC):%FT%TZ}" for at in yahoo["timestamp"]]
        theirs = dict(zip(stamps, yahoo["indicators"]["quote"][0]["close"], strict=True))
        closed = sorted(theirs)[:-1]
        assert {at: theirs[at] for at in closed} == {at: ours[at] for at in closed}


async def test_extended_hours_come_only_if_they_are_asked_for_and_with_their_periods() -> None:
    async with quiet_market() as market:
        without = (await chart(market, "AAPL", "5d", "30m"))["meta"]["tradingPeriods"]
        with_them = (await chart(market, "AAPL", "5d", "30m", extended=True))["meta"]["tradingPeriods"]

        assert len(without) == 5
        assert {name: len(days) for name, days in with_them.items()} == {"pre": 5, "regular": 5, "post": 5}
        assert with_them["regular"] == without


async def test_bars_beyond_the_limit_are_on_the_next_page() -> None:
    async with quiet_market() as market:
        url = f"{market.data_url}/v2/stocks/bars?symbols=AAPL,MSFT&timeframe=1Day&start=2026-11-16&limit=3"
        pages, token = [], ""
        while token is not None:
            page = (await get(f"{url}&page_token={token or 0}", market)).json()
            token = page["next_page_token"]
            pages.append({symbol: len(bars) for symbol, bars in page["bars"].items()})

        assert pages == [{"AAPL": 3}, {"AAPL": 2, "MSFT": 1}, {"MSFT": 3}, {"MSFT": 1}]

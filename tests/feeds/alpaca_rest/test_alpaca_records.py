"""What the broker keeps: its calendar, its listings, the account's equity, and its prices of what is held."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from odd_server import WALL, OddServer, clock, ok

from mytrader_tui.demo.market import DemoMarket
from mytrader_tui.feeds.alpaca.account import AlpacaAccount, AssetFound
from mytrader_tui.feeds.alpaca.rest import AlpacaError, Timeouts
from mytrader_tui.market.account.equity import EquityPeriod, EquityPoint
from mytrader_tui.market.session import NEW_YORK, trading_day
from mytrader_tui.settings.secret import Secret

DAY = {"date": "2026-03-04", "open": "09:30", "close": "16:00", "session_open": "0400", "session_close": "2000"}
WEDNESDAY = date(2026, 3, 4)


@pytest.fixture
async def server() -> AsyncIterator[OddServer]:
    async with OddServer() as server:
        yield server


def account_at(url: str) -> AlpacaAccount:
    return AlpacaAccount(
        trading_url=url,
        key=Secret("DEMO-KEY"),
        secret=Secret("demo-secret"),
        clock=clock,
        timeouts=Timeouts(2.0, 2.0, 5.0),
    )


@pytest.fixture
async def account(server: OddServer) -> AsyncIterator[AlpacaAccount]:
    account = account_at(server.url)
    yield account
    account.close()


@pytest.fixture
async def demo() -> AsyncIterator[AlpacaAccount]:
    async with DemoMarket(clock=clock, ticks_per_second=0) as market:
        account = account_at(market.trading_url)
        yield account
        account.close()


async def test_a_calendar_day_is_a_trading_day_in_new_york(server: OddServer, account: AlpacaAccount) -> None:
    server.answer = ok([DAY])

    assert await account.calendar(WEDNESDAY, WEDNESDAY) == [trading_day(WEDNESDAY)]
    assert server.requests == ["/v2/calendar?start=2026-03-04&end=2026-03-04"]


async def test_the_brokers_hours_win_over_the_rules(server: OddServer, account: AlpacaAccount) -> None:
    server.answer = ok([DAY | {"close": "11:15", "session_open": None, "session_close": "late"}])

    found = (await account.calendar(WEDNESDAY, WEDNESDAY))[0]

    assert found.close == datetime.combine(WEDNESDAY, time(11, 15), NEW_YORK)
    assert (found.pre.hour, found.post.hour) == (4, 20)


@pytest.mark.parametrize(
    "row",
    [None, [], {}, DAY | {"date": "soon"}, DAY | {"open": "9h30"}, DAY | {"open": "25:00"}, DAY | {"close": "09:30"}],
)
async def test_a_day_that_cannot_be_read_costs_only_itself(
    server: OddServer, account: AlpacaAccount, row: object
) -> None:
    server.answer = ok([row, DAY])

    assert len(await account.calendar(WEDNESDAY, WEDNESDAY)) == 1


async def test_the_demos_year_is_the_years_trading_days(demo: AlpacaAccount) -> None:
    days = await demo.calendar(date(2026, 11, 20), date(2026, 11, 30))

    assert [day.open.day for day in days] == [20, 23, 24, 25, 27, 30]
    assert days[4].close.hour == 13


async def test_listings_are_read_leniently(server: OddServer, account: AlpacaAccount) -> None:
    listing = {"symbol": "AAPL", "name": "Apple\u202e Inc", "exchange": "NASDAQ", "tradable": True}
    server.answer = ok([listing, None, {"name": "nameless"}, {"symbol": "NEW", "exchange": "MARS", "tradable": 1}])

    assert await account.assets() == [
        AssetFound("AAPL", "Apple Inc", "NASDAQ", True),
        AssetFound("NEW", "", "MARS", False),
    ]


async def test_the_demos_listings_are_known(demo: AlpacaAccount) -> None:
    assert "AAPL" in {asset.symbol for asset in await demo.assets()}


async def test_a_history_is_a_curve_without_its_gaps(server: OddServer, account: AlpacaAccount) -> None:
    seconds = int(WALL.timestamp())
    server.answer = ok(
        {
            "timestamp": [seconds - 120, seconds - 60, seconds, None, "soon", -5, 9e99, seconds + 60],
            "equity": [100.5, None, "101", 5, 5, 5, 5],
            "profit_loss": [0.5, None, None],
            "profit_loss_pct": None,
            "base_value": 100,
            "timeframe": "1Min",
        }
    )

    found = await account.equity_history("1D")

    assert found.base == Decimal(100)
    assert found.receipt == clock()
    assert found.points == (
        EquityPoint(datetime(2026, 3, 4, 14, 58, tzinfo=UTC), Decimal("100.5"), Decimal("0.5")),
        EquityPoint(WALL, Decimal(101), None),
    )


async def test_zeros_before_the_account_was_funded_are_no_equity(server: OddServer, account: AlpacaAccount) -> None:
    day = int(WALL.timestamp())
    server.answer = ok({"timestamp": [day - 3, day - 2, day - 1, day], "equity": [0, 0, 100, 0]})

    assert [point.equity for point in (await account.equity_history("1A")).points] == [100, 0]


async def test_an_empty_history_is_an_empty_curve(server: OddServer, account: AlpacaAccount) -> None:
    server.answer = ok({"timestamp": None, "equity": None, "base_value": None})

    assert (await account.equity_history()).points == ()


async def test_what_is_no_history_is_unreadable(server: OddServer, account: AlpacaAccount) -> None:
    server.answer = ok([])

    with pytest.raises(AlpacaError, match="equity history"):
        await account.equity_history()


@pytest.mark.parametrize("period", ["1D", "1W", "1M", "3M", "1A"])
async def test_the_demos_curve_ends_at_what_the_account_is_worth(demo: AlpacaAccount, period: EquityPeriod) -> None:
    history = await demo.equity_history(period)
    account = await demo.account()

    assert len(history.points) > 3
    assert float(history.points[-1].equity) == pytest.approx(float(account.equity), rel=0.001)
    assert history.points[-1].at <= WALL


async def test_a_position_knows_the_brokers_prices(server: OddServer, account: AlpacaAccount) -> None:
    row = {"symbol": "AAPL", "qty": "-5", "avg_entry_price": "100", "side": "short"}
    server.answer = ok([row | {"lastday_price": "98", "current_price": "97.5", "unrealized_intraday_pl": "2.5"}, row])

    priced, bare = (await account.holdings()).positions

    assert (priced.previous_close, priced.broker_price, priced.day_entry) == (98, Decimal("97.5"), 98)
    assert (bare.previous_close, bare.broker_price, bare.day_entry) == (None, None, None)


async def test_the_account_knows_what_it_holds_long_and_short(server: OddServer, account: AlpacaAccount) -> None:
    server.answer = ok(
        {"equity": "1", "cash": "1", "buying_power": "1", "long_market_value": "9.5", "short_market_value": "3"}
    )

    found = await account.account()

    assert (found.long_market_value, found.short_market_value) == (Decimal("9.5"), -3)


async def test_holdings_say_how_many_positions_could_not_be_read(server: OddServer, account: AlpacaAccount) -> None:
    server.answer = ok([None, {"symbol": "AAPL", "qty": "1", "avg_entry_price": "1"}])

    assert (await account.holdings()).unreadable == 1

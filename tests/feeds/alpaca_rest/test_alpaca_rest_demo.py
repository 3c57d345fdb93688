"""The account and the snapshots of the demo market, its faults and its gate, over real sockets."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from odd_server import FRESH, clock

from mytrader_tui.demo.market import DemoMarket
from mytrader_tui.feeds.alpaca.account import AlpacaAccount
from mytrader_tui.feeds.alpaca.data import AlpacaData
from mytrader_tui.feeds.alpaca.rest import AlpacaError, Timeouts
from mytrader_tui.market.link import Reason
from mytrader_tui.settings.secret import Secret

QUICK = Timeouts(connect=0.3, read=0.3, overall=2.0)


@pytest.fixture
async def market() -> AsyncIterator[DemoMarket]:
    async with DemoMarket(clock=clock, ticks_per_second=0) as market:
        yield market


@pytest.fixture
async def account(market: DemoMarket) -> AsyncIterator[AlpacaAccount]:
    account = AlpacaAccount(
        trading_url=market.trading_url,
        key=Secret(market.key),
        secret=Secret(market.secret),
        clock=clock,
        timeouts=QUICK,
        lifetimes=FRESH,
    )
    yield account
    account.close()


@pytest.fixture
async def data(market: DemoMarket) -> AsyncIterator[AlpacaData]:
    data = AlpacaData(
        data_url=market.data_url,
        feed="iex",
        key=Secret(market.key),
        secret=Secret(market.secret),
        clock=clock,
        timeouts=QUICK,
    )
    yield data
    data.close()


async def test_the_account_is_a_paper_account_with_figures(account: AlpacaAccount) -> None:
    found = await account.account()

    assert found.paper
    assert found.equity > found.cash > 0
    assert found.day_profit is not None


async def test_every_position_is_read_and_the_short_one_is_negative(account: AlpacaAccount) -> None:
    holdings = await account.holdings()

    quantities = {position.symbol: position.quantity for position in holdings.positions}
    assert quantities["AAPL"] == Decimal(50)
    assert quantities["TSLA"] == Decimal(-15)
    assert quantities["AMZN"] == Decimal("7.25")
    assert account.unreadable_positions == 0


async def test_the_brokers_clock_says_whether_the_market_is_open(market: DemoMarket, account: AlpacaAccount) -> None:
    market.set_session("regular")
    opened = await account.clock()
    market.set_session("closed")
    closed = await account.clock()

    assert (opened.is_open, closed.is_open) == (True, False)
    assert opened.timestamp == datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
    assert opened.next_close > opened.timestamp


async def test_a_listing_is_known_or_not(account: AlpacaAccount) -> None:
    found = await account.knows("AAPL")

    assert found is not None
    assert (found.symbol, found.tradable) == ("AAPL", True)
    assert found.name
    assert await account.knows("NOPE") is None


async def test_snapshots_are_the_markets_prices_and_leave_out_what_it_does_not_know(
    market: DemoMarket, data: AlpacaData
) -> None:
    quotes = await data.snapshots(["AAPL", "NOPE", "^GSPC", "BRK.B"])

    assert [quote.symbol for quote in quotes] == ["AAPL", "BRK.B"]
    assert quotes[0].last == market.price("AAPL")
    assert quotes[0].change is not None
    assert quotes[0].event_time is not None
    assert quotes[0].event_time <= clock().wall
    assert [host for host, _ in market.seen.requests] == ["data"]


@pytest.mark.parametrize(
    ("fault", "value", "reason"),
    [
        ("rest_status", 401, Reason.AUTH_FAILED),
        ("rest_status", 403, Reason.AUTH_FAILED),
        ("rest_status", 429, Reason.RATE_LIMITED),
        ("rest_status", 503, Reason.SERVER_ERROR),
        ("rest_hang", True, Reason.TIMEOUT),
        ("rest_html", True, Reason.UNREADABLE),
        ("rest_half_json", True, Reason.UNREADABLE),
    ],
)
async def test_every_fault_has_its_reason_and_passes_with_the_fault(
    market: DemoMarket, account: AlpacaAccount, fault: str, value: object, reason: Reason
) -> None:
    healthy = getattr(market.faults, fault)
    setattr(market.faults, fault, value)
    with pytest.raises(AlpacaError) as caught:
        await account.account()
    setattr(market.faults, fault, healthy)

    assert caught.value.reason is reason
    assert (await account.account()).paper


async def test_refused_keys_are_said_to_be_refused(market: DemoMarket) -> None:
    account = AlpacaAccount(
        trading_url=market.trading_url, key=Secret("WRONG-KEY"), secret=Secret("wrong-secret"), clock=clock
    )

    with pytest.raises(AlpacaError) as caught:
        await account.account()
    account.close()

    assert caught.value.reason is Reason.AUTH_FAILED


async def test_a_kept_connection_that_was_cut_meanwhile_is_replaced(market: DemoMarket, account: AlpacaAccount) -> None:
    await account.account()
    market.gates.rest.cut()
    await asyncio.sleep(0.05)

    assert (await account.account()).paper


async def test_a_frozen_line_is_a_timeout_and_thawed_it_serves_again(
    market: DemoMarket, account: AlpacaAccount
) -> None:
    await account.account()
    market.gates.rest.freeze()
    with pytest.raises(AlpacaError) as caught:
        await account.account()
    market.gates.rest.thaw()

    assert caught.value.reason is Reason.TIMEOUT
    assert (await account.account()).paper

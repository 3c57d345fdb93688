"""The broker's calendar: read ahead, believed where it makes sense, and else the rules serve."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime

import pytest
from desk_under_test import until

from mytrader_tui.demo.market import DemoMarket
from mytrader_tui.feeds.alpaca.account import AlpacaAccount, Lifetimes
from mytrader_tui.feeds.alpaca.order_stream import AlpacaOrders
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.session import NEW_YORK, hours_at
from mytrader_tui.monitor import broker_watch
from mytrader_tui.monitor.account import AccountBook
from mytrader_tui.monitor.broker_watch import BrokerWatch
from mytrader_tui.monitor.clock import MarketClock
from mytrader_tui.monitor.intake import Intake
from mytrader_tui.settings import Secret, Settings

SATURDAY = datetime(2026, 11, 21, 12, 0, tzinfo=NEW_YORK)
MONDAY = date(2026, 11, 23)
NOW = Moment(SATURDAY, 1000.0)


@pytest.fixture
async def market() -> AsyncIterator[DemoMarket]:
    async with DemoMarket(clock=lambda: NOW, ticks_per_second=0) as market:
        market.set_session("calendar")
        yield market


@asynccontextmanager
async def watching(market: DemoMarket) -> AsyncIterator[tuple[Intake, BrokerWatch]]:
    """A watch of the market's calendar on a Saturday at noon."""
    clock = MarketClock(lambda: NOW, None)
    key, secret = Secret(market.key), Secret(market.secret)
    broker = AlpacaAccount(
        trading_url=market.trading_url, key=key, secret=secret, clock=clock, lifetimes=Lifetimes(calendar=0.0)
    )
    intake = Intake(Settings(), clock, lambda: None)
    book = AccountBook("", clock, lambda: None)
    socket = AlpacaOrders(url=market.trading_stream_url, key=key, secret=secret, sink=book, clock=clock)
    watch = BrokerWatch(broker, socket, book, intake, clock, lambda: None)
    task = asyncio.create_task(watch.watch_calendar(), name="calendar under test")
    try:
        yield intake, watch
    finally:
        task.cancel()
        await asyncio.wait({task}, timeout=60.0)
        broker.close()


def asked(market: DemoMarket) -> int:
    return sum("calendar" in path for _, path in market.seen.requests)


async def test_a_closing_of_next_week_is_known_at_the_weekend(market: DemoMarket) -> None:
    market.faults.calendar_shut = frozenset({MONDAY})

    async with watching(market) as (intake, _):
        await until(lambda: intake.hours.until.day == 24, "the closing of Monday")

        assert intake.hours.next_open == datetime(2026, 11, 24, 9, 30, tzinfo=NEW_YORK)


@pytest.mark.parametrize("fault", ["garbled", "empty", "refused"])
async def test_a_calendar_that_makes_no_sense_leaves_the_rules_in_force(
    market: DemoMarket, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broker_watch, "CALENDAR_RETRY_SECONDS", 0.05)
    if fault == "garbled":
        market.faults.calendar_garbled = True
    elif fault == "empty":
        market.faults.calendar_shut = frozenset(date(2026, 11, day) for day in range(20, 31))
    else:
        market.faults.rest_status = 403
    async with watching(market) as (intake, _):
        await until(lambda: asked(market) >= 2, "a second question")

        assert intake.hours == hours_at(SATURDAY)

        market.faults.clear()
        market.faults.calendar_shut = frozenset({MONDAY})
        await until(lambda: intake.hours.until.day == 24, "the closing of Monday, once it can be read")


async def test_the_calendar_is_read_once_a_day_and_after_a_sleep(market: DemoMarket) -> None:
    async with watching(market) as (_, watch):
        await until(lambda: asked(market) == 1, "the first question")
        await asyncio.sleep(0.2)
        assert asked(market) == 1

        watch.resumed()

        await until(lambda: asked(market) == 2, "a question after the sleep")

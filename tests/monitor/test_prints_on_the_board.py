"""What becomes on the desk of what the stream prints: corrected, cancelled, halted, refused and counted."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from desk_under_test import QUICK, running, until, until_badges
from msgspec.structs import replace

from mytrader_tui.demo.market import DemoMarket
from mytrader_tui.market.failover.router import State
from mytrader_tui.market.freshness import BadgeKind
from mytrader_tui.market.quote import Quote, Source
from mytrader_tui.market.session import Session
from mytrader_tui.market.trust.validation import Rule
from mytrader_tui.monitor.clock import system_clock
from mytrader_tui.monitor.worker import Monitor

PATIENT = replace(
    QUICK,
    watchlist=replace(QUICK.watchlist, symbols=("AAPL", "MSFT")),
    router=replace(QUICK.router, failover_seconds=600.0),
)

FIRST = 187.25
"""A price that no snapshot of the demo has had before."""


@pytest.fixture
async def market():
    async with DemoMarket(clock=system_clock, ticks_per_second=0) as market:
        yield market


@asynccontextmanager
async def streaming(market: DemoMarket, folder: Path) -> AsyncIterator[Monitor]:
    """A monitor whose rows are streamed, with statuses, though nothing prints by itself.

    REST has told the hours and one snapshot, and is silent from then on: it knows nothing of sale conditions.
    """
    async with running(market, folder, PATIENT) as monitor:
        await until(lambda: any("statuses" in action for action in market.seen.actions), "the statuses")
        await until(lambda: monitor.board.quote("AAPL", Source.ALPACA) is not None, "a snapshot")
        await until(lambda: monitor.intake.hours.session is Session.REGULAR, "the broker's hours")
        market.faults.rest_status = 500
        await asyncio.sleep(0.1)
        await market.trade("AAPL", FIRST)
        await until_badges(monitor, AAPL=BadgeKind.LIVE)
        await until(lambda: quote(monitor).last == FIRST, "the first trade")
        yield monitor


def quote(monitor: Monitor) -> Quote:
    found = monitor.board.quote("AAPL", Source.ALPACA)
    assert found is not None
    return found


def refused(monitor: Monitor, rule: Rule) -> int:
    return monitor.intake.rejections.by_rule[Source.ALPACA, rule]


async def test_a_correction_repairs_the_price(market, tmp_path):
    async with streaming(market, tmp_path) as monitor:
        printed = await market.trade("AAPL", 209.0)
        await until(lambda: quote(monitor).last == 209.0, "the trade")

        await market.correct(printed, 190.9)

        await until(lambda: quote(monitor).last == 190.9, "the corrected price")


async def test_a_cancel_gives_back_the_price_before(market, tmp_path):
    async with streaming(market, tmp_path) as monitor:
        printed = await market.trade("AAPL", 191.0)
        await until(lambda: quote(monitor).last == 191.0, "the trade")

        await market.cancel(printed)

        await until(lambda: quote(monitor).last == FIRST, "the price before")


async def test_a_halt_is_shown_and_ends_with_the_next_trade(market, tmp_path):
    async with streaming(market, tmp_path) as monitor:
        await market.status("AAPL", "H", "Trading Halt", "T1", "Halt News Pending")
        await until_badges(monitor, AAPL=BadgeKind.HALTED)
        assert quote(monitor).halted == "Halt News Pending"

        await market.trade("AAPL", 190.5)
        await until_badges(monitor, AAPL=BadgeKind.LIVE)


async def test_a_halt_ends_with_its_resumption_and_with_its_link(market, tmp_path):
    async with streaming(market, tmp_path) as monitor:
        await market.status("AAPL", "H", "Trading Halt")
        await until_badges(monitor, AAPL=BadgeKind.HALTED)
        await market.status("AAPL", "T", "Trading Resumption")
        await until_badges(monitor, AAPL=BadgeKind.LIVE)

        await market.status("AAPL", "P", "Volatility Trading Pause")
        await until_badges(monitor, AAPL=BadgeKind.HALTED)
        market.gates.stream.refuse()
        market.gates.stream.cut()
        await until_badges(monitor, AAPL=BadgeKind.STALE)


async def test_a_jump_waits_for_its_second_print_and_is_counted(market, tmp_path):
    async with streaming(market, tmp_path) as monitor:
        await market.trade("AAPL", 1900.0)
        await until(lambda: refused(monitor, Rule.JUMP) == 1, "the jump")
        assert quote(monitor).last == FIRST
        assert monitor.intake.rejections.latest[-1].rule is Rule.JUMP

        await market.trade("AAPL", 1905.0)
        await until(lambda: quote(monitor).last == 1905.0, "the second print")


async def test_odd_lots_set_no_price_and_an_extended_hours_trade_its_own(market, tmp_path):
    async with streaming(market, tmp_path) as monitor:
        await market.trade("AAPL", 191.0, size=3, conditions=("@", "I"))
        await until(lambda: refused(monitor, Rule.CONDITION) == 1, "the odd lot")
        assert quote(monitor).last == FIRST

        await market.trade("AAPL", 192.0, conditions=("@", "T"))
        await until(lambda: quote(monitor).extended_last == 192.0, "the extended hours' trade")
        assert (quote(monitor).last, quote(monitor).price) == (FIRST, 192.0)


async def test_odd_lots_are_life_and_no_garbage(market, tmp_path):
    async with streaming(market, tmp_path) as monitor:
        for number in range(120):
            await market.trade("AAPL", 190.0 + number / 1000, size=1, conditions=("@", "I"))
        await until(lambda: refused(monitor, Rule.CONDITION) == 120, "the odd lots")

        assert monitor.intake.model.state is State.PRIMARY_ACTIVE


async def test_a_price_taken_back_leaves_its_row_to_the_other_source(market, tmp_path):
    async with streaming(market, tmp_path) as monitor:
        await until(lambda: monitor.board.quote("AAPL", Source.YAHOO) is not None, "Yahoo's price")
        monitor.intake._validator.forget("AAPL")
        printed = await market.trade("AAPL", 190.2)
        await until(lambda: quote(monitor).last == 190.2, "the trade")

        await market.cancel(printed)

        await until(lambda: monitor.board.serving("AAPL") is Source.YAHOO, "Yahoo serves the row")
        await market.trade("AAPL", 190.3)
        await until(lambda: monitor.board.serving("AAPL") is Source.ALPACA, "Alpaca serves it again")

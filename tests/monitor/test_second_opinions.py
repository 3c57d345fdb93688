"""The worker where the sources disagree, where the stream falls silent, and where the user chooses."""

import pytest
from desk_under_test import QUICK, kinds, running, until, until_badges, until_serving
from msgspec.structs import replace

from mytrader_tui.demo.market import DemoMarket
from mytrader_tui.market.failover.router import State
from mytrader_tui.market.freshness import BadgeKind
from mytrader_tui.market.quote import Source
from mytrader_tui.monitor.clock import system_clock

LIVE, DELAYED, STALE = BadgeKind.LIVE, BadgeKind.DELAYED, BadgeKind.STALE
BLIND = replace(QUICK, router=replace(QUICK.router, canary=""))


@pytest.fixture
async def market():
    async with DemoMarket(clock=system_clock, ticks_per_second=50.0) as market:
        yield market


async def test_a_stream_without_a_canary_that_withholds_prints_is_found_out_by_a_probe(market, tmp_path):
    async with running(market, tmp_path, BLIND) as monitor:
        await until_serving(monitor, AAPL=LIVE)

        market.faults.mute = True

        await until(lambda: monitor.intake.model.state is State.FALLBACK_ACTIVE, "the failover by silence")
        assert "no trade or quote" in monitor.ledger[-1].cause


async def test_a_market_that_is_quiet_is_no_outage(tmp_path):
    async with (
        DemoMarket(clock=system_clock, ticks_per_second=0.0) as market,
        running(market, tmp_path, BLIND) as monitor,
    ):
        await until(lambda: monitor.intake.model.state is State.PRIMARY_ACTIVE, "Alpaca serves")
        await until(lambda: monitor.intake.model.quiet_until is not None, "a probe finds the market quiet")
        began = monitor.now().mono

        await until(lambda: monitor.now().mono - began > 3.0, "three thresholds of silence")

        assert monitor.intake.model.state is State.PRIMARY_ACTIVE
        assert kinds(monitor)["AAPL"] is LIVE


async def test_the_user_pins_a_source_and_lets_go_of_it_again(market, tmp_path):
    async with running(market, tmp_path) as monitor:
        await until_badges(monitor, AAPL=LIVE)

        assert monitor.cycle_source() == "Pinned to Alpaca."
        assert monitor.cycle_source() == "Pinned to Yahoo."
        await until_badges(monitor, AAPL=DELAYED, MSFT=DELAYED)
        assert "pinned to Yahoo" in monitor.status(monitor.now()).story

        assert monitor.cycle_source() == "The source is chosen automatically."
        await until_badges(monitor, AAPL=LIVE, MSFT=LIVE)


async def test_sources_far_apart_hold_the_row_and_say_so_and_agreement_releases_it(market, tmp_path, monkeypatch):
    monkeypatch.setattr("mytrader_tui.monitor.questions.OPINION_SECONDS", 0.3)
    async with running(market, tmp_path) as monitor:
        market.faults.yahoo_prompt = True
        await until_badges(monitor, AAPL=LIVE, MSFT=LIVE)
        before = monitor.board.served("MSFT").price

        market.faults.yahoo_doubled = frozenset({"MSFT"})
        await until(lambda: monitor.mark("MSFT") != "", "the row is marked")

        assert monitor.mark("MSFT") == "possible split 2:1"
        assert monitor.apart("MSFT") == pytest.approx(10_000, rel=0.1)
        assert kinds(monitor)["MSFT"] is STALE
        assert kinds(monitor)["AAPL"] is LIVE
        assert "MSFT held: possible split 2:1" in monitor.status(monitor.now()).hint
        assert monitor.board.served("MSFT").price == pytest.approx(before, rel=0.05)

        market.faults.yahoo_doubled = frozenset()
        await until_badges(monitor, MSFT=LIVE)
        assert monitor.mark("MSFT") == ""


async def test_the_rows_in_sight_get_the_places_on_the_stream(tmp_path):
    symbols = tuple(f"{letter}{other}" for letter in "ABCD" for other in "ABCDEFGH")
    long = replace(
        QUICK,
        watchlist=replace(QUICK.watchlist, symbols=symbols),
        alpaca=replace(QUICK.alpaca, max_symbols=12),
    )
    async with (
        DemoMarket(clock=system_clock, ticks_per_second=50.0) as market,
        running(market, tmp_path, long) as monitor,
    ):
        await until(lambda: monitor.holdings is not None and len(monitor.intake.covered) >= 11, "a full stream")
        held = set(monitor.holdings.symbols())
        sockets = market.seen.connections

        monitor.show(symbols[-5:])

        await until(lambda: set(symbols[-5:]) <= market.seen.subscribed, "the rows in sight are streamed")
        assert held <= market.seen.subscribed
        assert len(market.seen.subscribed) <= 12
        assert market.seen.connections == sockets
        await until(lambda: monitor.board.serving(symbols[-1]) is Source.ALPACA, "Alpaca serves the last row")

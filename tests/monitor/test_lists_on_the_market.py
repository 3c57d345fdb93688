"""Named lists on real sockets: each symbol is asked for once, for as long as any list has it."""

import pytest
from desk_under_test import QUICK, running, until, until_badges
from msgspec.structs import replace

from mytrader_tui.demo.market import DemoMarket
from mytrader_tui.market.freshness import BadgeKind
from mytrader_tui.market.quote import Source
from mytrader_tui.monitor.clock import system_clock
from mytrader_tui.settings.paths import Paths
from mytrader_tui.settings.schema import Watchlist
from mytrader_tui.settings.state import read_state

LIVE = BadgeKind.LIVE

TWO_LISTS = replace(QUICK, watchlist=Watchlist(symbols=("AMD", "KO")), lists={"Chips": ("INTC", "AMD")})
"""AMD is on both, KO on the first only, INTC on the second only; none of them is held."""


@pytest.fixture
async def market():
    async with DemoMarket(clock=system_clock, ticks_per_second=50.0) as market:
        yield market


async def test_prices_of_a_list_that_is_not_shown_are_there_when_it_is(market, tmp_path):
    async with running(market, tmp_path, TWO_LISTS) as monitor:
        await until_badges(monitor, AMD=LIVE)
        await until(lambda: monitor.board.served("INTC") is not None, "a price of the other list")

        monitor.lists.choose("Chips")

        assert monitor.watchlist.symbols == ("INTC", "AMD")
        assert monitor.badge("INTC", monitor.now()).kind is LIVE


async def test_a_symbol_on_two_lists_keeps_its_feed_until_the_last_of_them_lets_it_go(market, tmp_path):
    async with running(market, tmp_path, TWO_LISTS) as monitor:
        await until_badges(monitor, AMD=LIVE, KO=LIVE)

        monitor.remove("AMD")
        monitor.remove("KO")
        await until(lambda: "KO" not in market.seen.subscribed, "the unsubscription of the other")
        assert "AMD" in market.seen.subscribed
        assert monitor.board.served("AMD") is not None
        assert monitor.badge("AMD", monitor.now()).kind is LIVE

        monitor.lists.choose("Chips")
        monitor.remove("AMD")
        await until(lambda: "AMD" not in market.seen.subscribed, "the unsubscription")
        await until(lambda: monitor.board.served("AMD") is None, "its price is forgotten")


async def test_a_deleted_list_takes_its_own_symbols_along_and_restoring_it_brings_them_back(market, tmp_path):
    async with running(market, tmp_path, TWO_LISTS) as monitor:
        await until(lambda: "INTC" in market.seen.subscribed, "the subscription")

        assert monitor.lists.delete("Chips") == ""
        await until(lambda: "INTC" not in market.seen.subscribed, "the unsubscription")
        assert "AMD" in market.seen.subscribed

        assert monitor.lists.restore() == "Chips"
        await until(lambda: "INTC" in market.seen.subscribed, "the subscription again")


async def test_where_places_are_few_the_list_that_is_shown_has_them_before_the_others(market, tmp_path):
    async with running(market, tmp_path, TWO_LISTS) as monitor:
        await until(lambda: monitor.holdings is not None, "the positions")
        held = monitor.holdings.symbols()
    few = replace(TWO_LISTS, alpaca=replace(TWO_LISTS.alpaca, max_symbols=len(held) + 2))

    async with running(market, tmp_path, few) as monitor:
        streamed = {*held, "AMD", "KO"}
        await until(lambda: set(market.seen.subscribed) - {"SPY"} == streamed - {"SPY"}, "the shown list is streamed")

        await until(lambda: monitor.board.serving("INTC") is Source.YAHOO, "the other list is polled")


async def test_a_symbol_is_added_to_the_shown_list_though_another_has_it(market, tmp_path):
    async with running(market, tmp_path, TWO_LISTS) as monitor:
        await until_badges(monitor, AMD=LIVE)

        outcome = await monitor.add("intc amd")

        assert outcome.added == ("INTC",)
        assert [refusal.why for refusal in outcome.refused] == ["already on the list"]
        assert [each.watchlist.symbols for each in monitor.lists.watchlists.lists] == [
            ("AMD", "KO", "INTC"),
            ("INTC", "AMD"),
        ]


async def test_a_change_is_on_disk_while_the_program_runs(market, tmp_path):
    async with running(market, tmp_path, TWO_LISTS) as monitor:
        monitor.lists.create("Drinks")

        def kept() -> tuple[str, ...]:
            state, _ = read_state(Paths.under(tmp_path).state_file)
            return tuple(each.name for each in state.lists) if state is not None else ()

        await until(lambda: kept() == ("Watchlist", "Chips", "Drinks"), "the state written")

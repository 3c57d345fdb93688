"""The whole worker on real sockets: what a user would see happen, read off the desk."""

import asyncio
import time
from functools import partial
from pathlib import Path

import pytest
from desk_under_test import QUICK, kinds, running, until, until_badges, until_serving
from msgspec.structs import replace

from mytrader_tui.demo.market import DemoMarket
from mytrader_tui.market.failover.router import State
from mytrader_tui.market.freshness import BadgeKind
from mytrader_tui.market.link import Reason
from mytrader_tui.market.quote import Source
from mytrader_tui.market.status import SourceHealth
from mytrader_tui.monitor.clock import system_clock
from mytrader_tui.monitor.worker import Monitor
from mytrader_tui.settings import Secret
from mytrader_tui.settings.credentials import Credentials
from mytrader_tui.settings.paths import Paths
from mytrader_tui.settings.state import read_state

LIVE, DELAYED, STALE = BadgeKind.LIVE, BadgeKind.DELAYED, BadgeKind.STALE
STOPPED_SECONDS = 5.0
"""The longest that stopping may take here: less than what hangs does. On an idle machine it is a tenth of a second."""


@pytest.fixture
async def market():
    async with DemoMarket(clock=system_clock, ticks_per_second=50.0) as market:
        yield market


async def test_streamed_rows_are_live_and_what_alpaca_does_not_carry_is_yahoos(market, tmp_path):
    async with running(market, tmp_path) as monitor:
        await until_serving(monitor, AAPL=LIVE, MSFT=LIVE, _GSPC=DELAYED)

        assert monitor.board.serving("AAPL") is Source.ALPACA
        assert monitor.board.serving("^GSPC") is Source.YAHOO
        assert monitor.intake.model.state is State.PRIMARY_ACTIVE


def knows_the_day_before(monitor: Monitor, symbol: str) -> bool:
    quote = monitor.board.served(symbol)
    return quote is not None and quote.previous_close is not None


async def test_every_price_has_its_source_event_time_and_receipt_time(market, tmp_path):
    async with running(market, tmp_path) as monitor:
        await until_badges(monitor, AAPL=LIVE, _GSPC=DELAYED)

        for symbol in ("AAPL", "^GSPC"):
            # A print may come before the snapshot that knows the day before.
            await until(partial(knows_the_day_before, monitor, symbol), f"the day before of {symbol}")
            quote = monitor.board.served(symbol)
            assert quote is not None
            assert quote.event_time is not None
            assert quote.event_time <= quote.receipt.wall


async def test_a_dropped_socket_makes_rows_stale_then_delayed_then_live_again(market, tmp_path):
    async with running(market, tmp_path) as monitor:
        await until_serving(monitor, AAPL=LIVE)

        market.gates.stream.refuse()
        market.gates.stream.cut()
        await until_badges(monitor, AAPL=STALE, MSFT=STALE)
        await until_badges(monitor, AAPL=DELAYED, MSFT=DELAYED)
        assert monitor.intake.model.state is State.FALLBACK_ACTIVE

        market.gates.stream.accept()
        await until_badges(monitor, AAPL=LIVE, MSFT=LIVE)
        states = [(entry.before, entry.after) for entry in monitor.intake.ledger.entries]
        assert states[-2:] == [
            (State.PRIMARY_ACTIVE, State.FALLBACK_ACTIVE),
            (State.FALLBACK_ACTIVE, State.PRIMARY_ACTIVE),
        ], monitor.ledger


async def test_a_failover_counts_the_rows_it_moved_and_names_its_cause(market, tmp_path):
    async with running(market, tmp_path) as monitor:
        await until_serving(monitor, AAPL=LIVE, MSFT=LIVE)

        market.gates.stream.refuse()
        market.gates.stream.cut()
        await until(lambda: monitor.intake.model.state is State.FALLBACK_ACTIVE, "failover")

        entry = monitor.intake.ledger.entries[-1]
        held = len(monitor.holdings.positions) if monitor.holdings else 0
        assert 2 <= entry.rows_moved <= 2 + held
        assert Reason.NETWORK.value in entry.cause or Reason.DROPPED.value in entry.cause


async def test_without_keys_every_row_is_delayed_and_the_status_says_why_and_what_to_do(market, tmp_path):
    async with running(market, tmp_path, keys=False) as monitor:
        await until_badges(monitor, AAPL=DELAYED, MSFT=DELAYED, _GSPC=DELAYED)

        status = monitor.status(monitor.now())
        assert "no Alpaca keys: Yahoo only" in status.hint
        assert "app.alpaca.markets" in status.hint
        assert "set ALPACA_API_KEY and ALPACA_SECRET_KEY" in monitor.account_note
        assert market.seen.connections == 0


async def test_the_feature_flag_opens_no_connection_to_alpaca(market, tmp_path):
    off = replace(QUICK, alpaca=replace(QUICK.alpaca, enabled=False))

    async with running(market, tmp_path, off) as monitor:
        await until_badges(monitor, AAPL=DELAYED)

    assert market.seen.connections == 0
    assert {kind for kind, _ in market.seen.requests} == {"yahoo"}


async def test_wrong_keys_are_named_and_yahoo_serves_at_once(market, tmp_path):
    wrong = Credentials(Secret("wrong-key"), Secret("wrong-secret"))
    patient = replace(QUICK, router=replace(QUICK.router, failover_seconds=600.0))

    async with running(market, tmp_path, patient, wrong) as monitor:
        await until_badges(monitor, AAPL=DELAYED)
        await until(lambda: "refused" in monitor.account_note, "the account's note")

        alpaca = monitor.status(monitor.now()).sources[0]
        assert alpaca.health is SourceHealth.DOWN
        assert Reason.AUTH_FAILED.value in alpaca.reason
        assert monitor.account is None


async def test_a_symbol_is_validated_subscribed_on_the_open_socket_and_kept(market, tmp_path):
    async with running(market, tmp_path) as monitor:
        await until_badges(monitor, AAPL=LIVE)
        sockets = market.seen.connections

        outcome = await monitor.add("nvda")

        assert outcome.added == ("NVDA",)
        await until_badges(monitor, NVDA=LIVE)
        assert market.seen.connections == sockets
    state, trouble = read_state(Paths.under(tmp_path).state_file)
    assert not trouble
    assert state is not None
    assert state.lists[0].symbols == ("AAPL", "MSFT", "^GSPC", "NVDA")


async def test_a_removed_symbol_is_unsubscribed_on_the_open_socket(market, tmp_path):
    list_with_amd = replace(QUICK, watchlist=replace(QUICK.watchlist, symbols=("AMD", "AAPL")))
    async with running(market, tmp_path, list_with_amd) as monitor:
        await until_badges(monitor, AMD=LIVE)
        sockets = market.seen.connections

        monitor.remove("AMD")

        await until(lambda: "AMD" not in market.seen.subscribed, "the unsubscription")
        assert market.seen.connections == sockets


async def test_what_no_source_knows_and_what_is_there_already_is_refused_with_the_reason(market, tmp_path):
    async with running(market, tmp_path) as monitor:
        await until_badges(monitor, AAPL=LIVE)

        outcome = await monitor.add("ZZZZQ, aapl <b>  7203.t")

        assert outcome.added == ("7203.T",)
        reasons = {refusal.text: refusal.why for refusal in outcome.refused}
        assert reasons["ZZZZQ"].startswith("no source knows it")
        assert reasons["AAPL"] == "already on the list"
        assert "a symbol is letters" in reasons["<b>"]


async def test_a_symbol_that_cannot_be_checked_is_not_added(market, tmp_path):
    async with running(market, tmp_path) as monitor:
        await until_badges(monitor, AAPL=LIVE)
        market.gates.rest.refuse()
        market.gates.rest.cut()
        market.faults.yahoo_status = 500

        outcome = await monitor.add("NVDA")

        assert outcome.added == ()
        assert "cannot be checked now" in outcome.refused[0].why


async def test_a_removed_symbol_is_forgotten_and_undo_brings_it_back_to_its_place(market, tmp_path):
    async with running(market, tmp_path) as monitor:
        await until_badges(monitor, MSFT=LIVE, AAPL=LIVE)

        monitor.remove("^GSPC")
        await until(lambda: monitor.board.served("^GSPC") is None, "the row is forgotten")
        restored = monitor.undo_remove()

        assert restored == "^GSPC"
        assert monitor.watchlist.symbols == ("AAPL", "MSFT", "^GSPC")
        await until_badges(monitor, _GSPC=DELAYED)


async def test_positions_are_streamed_though_nobody_watches_them(market, tmp_path):
    one = replace(QUICK, watchlist=replace(QUICK.watchlist, symbols=("^GSPC",)))

    async with running(market, tmp_path, one) as monitor:
        await until(lambda: monitor.holdings is not None, "the positions")
        held = monitor.holdings.symbols()

        await until(lambda: set(held) <= market.seen.subscribed, "the positions' subscription")
        await until(lambda: all(monitor.board.served(symbol) for symbol in held), "prices for the positions")


async def test_the_symbols_beyond_the_plans_limit_are_yahoos_and_say_so(tmp_path):
    five = replace(QUICK, watchlist=replace(QUICK.watchlist, symbols=("AMD", "INTC", "NFLX", "DIS", "KO")))
    async with (
        DemoMarket(clock=system_clock, ticks_per_second=50.0, symbol_limit=8) as market,
        running(market, tmp_path, five) as monitor,
    ):
        await until(lambda: LIVE in kinds(monitor).values(), "a live row")
        await until(lambda: DELAYED in kinds(monitor).values(), "a row beyond the limit")

        assert kinds(monitor)["KO"] is DELAYED
        assert monitor.board.serving("KO") is Source.YAHOO
        await until(lambda: "plan allows" in monitor.status(monitor.now()).sources[0].reason, "the plan's limit, told")


async def test_the_account_shows_what_the_broker_says_and_that_it_is_paper(market, tmp_path):
    async with running(market, tmp_path) as monitor:
        await until(lambda: monitor.account is not None and monitor.holdings is not None, "the account")

        assert monitor.account.paper
        assert monitor.account.equity > 0
        assert monitor.account_note == ""


async def test_an_account_that_stops_answering_stays_as_it_was_with_the_reason(market, tmp_path, monkeypatch):
    monkeypatch.setattr("mytrader_tui.monitor.broker_watch.ACCOUNT_SECONDS", 0.1)
    async with running(market, tmp_path) as monitor:
        await until(lambda: monitor.holdings is not None, "the positions")

        market.faults.rest_status = 500
        await until(lambda: monitor.account_note != "", "the account's note")

        assert monitor.account is not None
        assert Reason.SERVER_ERROR.value in monitor.account_note


async def test_both_sources_gone_leaves_the_prices_on_the_screen_as_stale(market, tmp_path, monkeypatch):
    monkeypatch.setattr("mytrader_tui.market.link.POLL_FLOOR", 2.0)
    async with running(market, tmp_path) as monitor:
        await until_serving(monitor, AAPL=LIVE, _GSPC=DELAYED)
        last = monitor.board.served("^GSPC").last

        for gate in (market.gates.stream, market.gates.yahoo, market.gates.rest):
            gate.refuse()
            gate.cut()
        await until(lambda: monitor.intake.model.state is State.BOTH_UNAVAILABLE, "both unavailable")
        await until_badges(monitor, AAPL=STALE, MSFT=STALE, _GSPC=STALE)

        assert monitor.board.served("^GSPC").last == last


@pytest.mark.parametrize("trouble", ["nothing", "frozen stream", "hanging REST", "hanging Yahoo"])
async def test_stopping_waits_for_nothing_whatever_the_feeds_do(market, tmp_path: Path, trouble):
    async with running(market, tmp_path) as monitor:
        await until_badges(monitor, AAPL=LIVE)
        if trouble == "frozen stream":
            market.gates.stream.freeze()
        market.faults.rest_hang = trouble == "hanging REST"
        market.faults.yahoo_hang = trouble == "hanging Yahoo"
        await asyncio.sleep(1.2)
        began = time.monotonic()

    assert time.monotonic() - began < STOPPED_SECONDS
    names = {task.get_name() for task in asyncio.all_tasks()}
    assert not any(name.startswith(("keep-", "alpaca", "yahoo", "account")) for name in names)

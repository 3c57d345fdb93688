"""The paper account on real sockets: a fill is seen at once, a gap is read over, a failure leaves what was known."""

from decimal import Decimal

import pytest
from desk_under_test import running, until, until_serving

from mytrader_tui.demo.market import DemoMarket
from mytrader_tui.market.account.order_book import OrderFilter
from mytrader_tui.market.freshness import BadgeKind
from mytrader_tui.market.link import Reason
from mytrader_tui.monitor.clock import system_clock
from mytrader_tui.monitor.worker import Monitor
from mytrader_tui.settings.paths import Paths
from mytrader_tui.settings.state import read_state

LIVE = BadgeKind.LIVE


@pytest.fixture
async def market():
    async with DemoMarket(clock=system_clock, ticks_per_second=50.0) as market:
        yield market


def quantity(monitor: Monitor, symbol: str) -> Decimal:
    rows = monitor.holdings.positions if monitor.holdings else ()
    return next((position.quantity for position in rows if position.symbol == symbol), Decimal(0))


async def until_read(monitor: Monitor) -> None:
    """Wait until account, positions and orders were read with the account's socket up."""
    await until(lambda: monitor.holdings is not None and monitor.account is not None, "the account")
    await until(lambda: monitor.orders_note == "", "the orders")


async def test_a_fill_is_on_the_position_and_told_without_another_question(market, tmp_path, monkeypatch):
    monkeypatch.setattr("mytrader_tui.monitor.broker_watch.ACCOUNT_SECONDS", 600.0)
    async with running(market, tmp_path) as monitor:
        await until_read(monitor)
        before = quantity(monitor, "MSFT")
        monitor.take_news()

        await market.fill("MSFT", side="buy", qty=3, price=418.20)
        await until(lambda: quantity(monitor, "MSFT") == before + 3, "the fill")

        await until(lambda: "bought 3 MSFT @ 418.20" in monitor.take_news(), "the news")
        assert any(
            order.symbol == "MSFT"
            for order in monitor.orders.select(OrderFilter.CLOSED, system_clock().wall.replace(hour=0))
        )


async def test_what_happened_while_the_accounts_socket_was_down_is_read_when_it_is_back(market, tmp_path):
    async with running(market, tmp_path) as monitor:
        await until_read(monitor)
        before = quantity(monitor, "AAPL")

        market.gates.rest.refuse()
        market.gates.rest.cut()
        await until(lambda: "Orders may be old" in monitor.orders_note, "the note")
        await market.fill("AAPL", side="sell", qty=10, price=190.0)
        market.gates.rest.accept()

        await until(lambda: quantity(monitor, "AAPL") == before - 10, "the position after the gap")
        await until(lambda: monitor.orders_note == "", "the orders after the gap")


async def test_profits_move_with_the_board_and_not_with_the_brokers_poll(market, tmp_path, monkeypatch):
    monkeypatch.setattr("mytrader_tui.monitor.broker_watch.ACCOUNT_SECONDS", 600.0)
    async with running(market, tmp_path) as monitor:
        await until_read(monitor)
        await until_serving(monitor, AAPL=LIVE)
        held = quantity(monitor, "AAPL")

        def value() -> Decimal:
            rows = {row.position.symbol: row for row in monitor.portfolio(monitor.now(), {"AAPL"}).rows}
            return rows["AAPL"].valuation.market_value

        price = round(market.price("AAPL") * 1.01, 2)
        await market.trade("AAPL", price)

        await until(lambda: abs(value() - held * Decimal(str(price))) < held, "the position at the new price")


async def test_every_account_failure_leaves_the_last_known_with_its_reason(market, tmp_path, monkeypatch):
    monkeypatch.setattr("mytrader_tui.monitor.broker_watch.ACCOUNT_SECONDS", 0.2)
    monkeypatch.setattr("mytrader_tui.monitor.broker_watch.REFUSED_SECONDS", 0.2)
    async with running(market, tmp_path) as monitor:
        await until_read(monitor)
        known = monitor.account.cash

        for status, reason in ((500, Reason.SERVER_ERROR), (401, Reason.AUTH_FAILED), (403, Reason.AUTH_FAILED)):
            market.faults.rest_status = status
            await until(lambda reason=reason: reason.value in monitor.account_note, f"the note on {status}")
            assert monitor.account.cash == known
            market.faults.rest_status = None
            await until(lambda: monitor.account_note == "", f"the account after {status}")


async def test_hidden_amounts_stay_hidden_after_a_restart(market, tmp_path):
    async with running(market, tmp_path) as monitor:
        await until_read(monitor)
        assert not monitor.amounts_hidden
        monitor.hide_amounts(True)

    state, trouble = read_state(Paths.under(tmp_path).state_file)
    assert not trouble
    assert state is not None
    assert state.hide_amounts
    async with running(market, tmp_path) as monitor:
        assert monitor.amounts_hidden


async def test_the_equity_curve_is_told_or_why_not(market, tmp_path):
    async with running(market, tmp_path) as monitor:
        await until_read(monitor)
        history = await monitor.equity_history("1M")

        assert not isinstance(history, str)
        assert len(history.points) > 5
    async with running(market, tmp_path, keys=False) as monitor:
        assert "ALPACA_API_KEY" in await monitor.equity_history("1M")


async def test_an_order_of_long_ago_that_is_filled_during_a_gap_is_not_lost(market, tmp_path):
    async with running(market, tmp_path) as monitor:
        await until_read(monitor)
        number = await market.order("AAPL", side="buy", qty=5, limit=100.0)
        order_id = str(number)
        await until(lambda: monitor.orders.get(order_id) is not None, "the order")

        market.gates.rest.refuse()
        market.gates.rest.cut()
        await until(lambda: "Orders may be old" in monitor.orders_note, "the note")
        await market.fill("AAPL", side="buy", qty=5, price=100.0, order=number)
        market.gates.rest.accept()

        await until(lambda: monitor.orders_note == "", "the orders after the gap")
        order = monitor.orders.get(order_id)
        assert order is not None
        assert not order.is_open
        assert order.filled_quantity == 5

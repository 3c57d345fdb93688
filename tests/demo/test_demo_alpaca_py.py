"""alpaca-py, unchanged and with its strict models, accepts everything that the demo says."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest
from demo_clients import NOON, quiet_market, until

from mytrader_tui.demo.market import DemoMarket

# alpaca-py still imports the legacy client of websockets.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
_T = TypeVar("_T")


async def _in_thread(call: Callable[[], _T]) -> _T:
    async with asyncio.timeout(60):
        return await asyncio.to_thread(call)


def _trading(market: DemoMarket) -> Any:
    from alpaca.trading.client import TradingClient

    return TradingClient(market.key, market.secret, url_override=market.trading_url)


def _historical(market: DemoMarket) -> Any:
    from alpaca.data.historical.stock import StockHistoricalDataClient

    return StockHistoricalDataClient(market.key, market.secret, url_override=market.data_url)


async def test_trading_models_accept_account_positions_orders_clock_calendar_and_assets() -> None:
    from alpaca.trading.enums import PositionSide, QueryOrderStatus
    from alpaca.trading.requests import GetCalendarRequest, GetOrdersRequest

    async with quiet_market() as market:
        client = _trading(market)
        account = await _in_thread(client.get_account)
        positions = await _in_thread(client.get_all_positions)
        orders = await _in_thread(lambda: client.get_orders(GetOrdersRequest(status=QueryOrderStatus.ALL)))
        clock = await _in_thread(client.get_clock)
        days = await _in_thread(
            lambda: client.get_calendar(
                GetCalendarRequest(start=datetime(2026, 11, 27, tzinfo=UTC), end=datetime(2026, 11, 27, tzinfo=UTC))
            )
        )
        asset = await _in_thread(lambda: client.get_asset("BRK.B"))
        assets = await _in_thread(client.get_all_assets)
        client._session.close()
    assert float(account.equity) > 0
    assert [position.side for position in positions].count(PositionSide.SHORT) == 1
    assert len(orders) == 4
    assert (clock.is_open, clock.timestamp) == (True, NOON.wall)
    assert days[0].close.hour == 13
    assert (asset.name, asset.exchange.value) == ("Berkshire Hathaway Inc. New", "NYSE")
    assert len(assets) > 40


async def test_data_models_accept_snapshots_and_bars() -> None:
    from alpaca.data.requests import StockBarsRequest, StockSnapshotRequest
    from alpaca.data.timeframe import TimeFrame

    async with quiet_market() as market:
        client = _historical(market)
        snapshots = await _in_thread(
            lambda: client.get_stock_snapshot(StockSnapshotRequest(symbol_or_symbols=["AAPL", "ZZZZ"], feed="iex"))
        )
        start = datetime(2026, 11, 16, tzinfo=UTC)
        request = StockBarsRequest(symbol_or_symbols="AAPL", timeframe=TimeFrame.Day, start=start, limit=3, feed="iex")
        bars = await _in_thread(lambda: client.get_stock_bars(request))
        client._session.close()
        assert set(snapshots) == {"AAPL"}
        assert snapshots["AAPL"].latest_trade.price == snapshots["AAPL"].daily_bar.close == market.price("AAPL")
        assert snapshots["AAPL"].latest_quote.bid_price < snapshots["AAPL"].latest_quote.ask_price
        assert len(bars["AAPL"]) == 3


async def test_an_unknown_asset_is_an_api_error() -> None:
    from alpaca.common.exceptions import APIError

    async with quiet_market() as market:
        client = _trading(market)
        with pytest.raises(APIError) as refused:
            await _in_thread(lambda: client.get_asset("NOPE"))
        client._session.close()
    assert (refused.value.status_code, refused.value.code) == (404, 40410000)


async def test_the_data_stream_gets_trades_quotes_bars_and_statuses() -> None:
    from alpaca.data.live.stock import StockDataStream

    async with quiet_market() as market:
        stream = StockDataStream(market.key, market.secret, url_override=f"{market.stream_url}/v2/iex")
        heard: list[Any] = []

        async def hear(message: Any) -> None:
            heard.append(message)

        stream.subscribe_trades(hear, "AAPL")
        stream.subscribe_quotes(hear, "AAPL")
        stream.subscribe_daily_bars(hear, "AAPL")
        stream.subscribe_trading_statuses(hear, "AAPL")
        running = asyncio.create_task(stream._run_forever())
        try:
            await until(lambda: "AAPL" in market.seen.subscribed)
            await market.trade("AAPL", 190.25)
            await market.bid_ask("AAPL", 190.2, 190.3)
            await market.day_bar("AAPL")
            await market.status("AAPL", "T", "Trading", "", "")
            await until(lambda: len(heard) == 4)
        finally:
            await stream.stop_ws()
            await stream.close()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        trade, quote, bar, status = heard
        assert (trade.symbol, trade.price, trade.timestamp) == ("AAPL", 190.25, NOON.wall)
        assert (quote.bid_price, quote.ask_price) == (190.2, 190.3)
        assert bar.close == 190.25
        assert status.status_message == "Trading"


async def test_the_trading_stream_gets_a_fill() -> None:
    from alpaca.trading.stream import TradingStream

    async with quiet_market() as market:
        stream = TradingStream(market.key, market.secret, url_override=market.trading_stream_url)
        heard: list[Any] = []

        async def hear(update: Any) -> None:
            heard.append(update)

        stream.subscribe_trade_updates(hear)
        running = asyncio.create_task(stream._run_forever())
        try:
            await until(lambda: market.account_listeners == 1)
            await market.fill("MSFT", side="buy", qty=3, price=418.20)
            await until(lambda: bool(heard))
        finally:
            await stream.stop_ws()
            await stream.close()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        assert (heard[0].order.symbol, heard[0].price, heard[0].position_qty) == ("MSFT", 418.2, 23.0)

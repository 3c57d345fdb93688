"""The demo's Alpaca REST: its shapes, its figures, its refusals and its faults."""

from decimal import Decimal

import pytest
import requests
from demo_clients import StreamClient, get, quiet_market

from mytrader_tui.demo.market import DemoMarket

TRADING_PATHS = ("account", "positions", "orders", "clock", "calendar", "assets", "assets/AAPL")


@pytest.mark.parametrize("path", TRADING_PATHS)
async def test_no_trading_route_answers_without_credentials(path: str) -> None:
    async with quiet_market() as market:
        assert (await get(f"{market.trading_url}/v2/{path}")).status_code == 401
        assert (await get(f"{market.trading_url}/v2/{path}", market)).status_code == 200


async def test_wrong_credentials_are_forbidden() -> None:
    async with quiet_market() as market, quiet_market(key="other") as other:
        assert (await get(f"{market.trading_url}/v2/account", other)).status_code == 403
        assert (await get(f"{market.data_url}/v2/stocks/snapshots?symbols=AAPL", other)).status_code == 403


async def test_the_account_agrees_with_the_positions_and_the_prices() -> None:
    async with quiet_market() as market:
        account = (await get(f"{market.trading_url}/v2/account", market)).json()
        positions = (await get(f"{market.trading_url}/v2/positions", market)).json()
        held = sum(Decimal(position["market_value"]) for position in positions)
        assert len(positions) == 6
        assert abs(Decimal(account["equity"]) - Decimal(account["cash"]) - held) < Decimal("0.05")
        assert {Decimal(position["current_price"]) for position in positions} == {
            Decimal(str(market.price(position["symbol"]))) for position in positions
        }
        day = sum(Decimal(position["unrealized_intraday_pl"]) for position in positions)
        assert abs(Decimal(account["equity"]) - Decimal(account["last_equity"]) - day) < Decimal("0.05")


async def test_a_short_position_is_negative_and_a_fractional_one_is_exact() -> None:
    async with quiet_market() as market:
        positions = {each["symbol"]: each for each in (await get(f"{market.trading_url}/v2/positions", market)).json()}
        short = positions["TSLA"]
        assert (short["side"], short["qty"]) == ("short", "-15")
        assert Decimal(short["market_value"]) < 0
        assert positions["AMZN"]["qty"] == "7.25"


async def test_orders_are_filtered_by_status_symbol_and_number() -> None:
    async with quiet_market() as market:
        url = f"{market.trading_url}/v2/orders"
        assert [order["symbol"] for order in (await get(url, market)).json()] == ["NVDA", "AAPL"]
        assert len((await get(f"{url}?status=all", market)).json()) == 4
        assert len((await get(f"{url}?status=all&limit=1", market)).json()) == 1
        assert [order["status"] for order in (await get(f"{url}?status=closed&symbols=KO", market)).json()] == [
            "canceled"
        ]


async def test_a_fill_changes_positions_cash_and_orders() -> None:
    async with quiet_market() as market:
        before = (await get(f"{market.trading_url}/v2/account", market)).json()
        await market.fill("MSFT", side="buy", qty=3, price=418.20)
        await market.fill("TSLA", side="buy", qty=15, price=250)
        after = (await get(f"{market.trading_url}/v2/account", market)).json()
        positions = {each["symbol"]: each for each in (await get(f"{market.trading_url}/v2/positions", market)).json()}
        newest = (await get(f"{market.trading_url}/v2/orders?status=closed", market)).json()[0]
        assert Decimal(before["cash"]) - Decimal(after["cash"]) == Decimal("5004.60")
        assert positions["MSFT"]["qty"] == "23"
        assert Decimal(positions["MSFT"]["avg_entry_price"]) == Decimal("393.243478")
        assert "TSLA" not in positions
        assert newest["status"] == "filled"


async def test_the_clock_is_open_with_hours_to_go_or_closed_as_told() -> None:
    async with quiet_market() as market:
        url = f"{market.trading_url}/v2/clock"
        assert (await get(url, market)).json() == {
            "timestamp": "2026-11-20T12:00:00-05:00",
            "is_open": True,
            "next_open": "2026-11-23T09:30:00-05:00",
            "next_close": "2026-11-20T16:00:00-05:00",
        }
        market.set_session("closed")
        assert (await get(url, market)).json()["is_open"] is False


async def test_the_calendar_has_trading_days_only() -> None:
    async with quiet_market() as market:
        url = f"{market.trading_url}/v2/calendar?start=2026-11-25&end=2026-11-28"
        days = (await get(url, market)).json()
        assert [(day["date"], day["close"]) for day in days] == [("2026-11-25", "16:00"), ("2026-11-27", "13:00")]
        assert (await get(f"{market.trading_url}/v2/calendar?start=soon", market)).status_code == 422


@pytest.mark.parametrize("symbol", ["ZZZZ", "NOPE", "^GSPC", "BTC-USD", "7203.T"])
async def test_an_asset_that_does_not_exist_is_not_found(symbol: str) -> None:
    async with quiet_market() as market:
        assert (await get(f"{market.trading_url}/v2/assets/{symbol}", market)).status_code == 404


async def test_snapshots_leave_out_the_unknown_and_agree_with_the_stream() -> None:
    async with quiet_market() as market:
        await market.trade("AAPL", 191.5)
        url = f"{market.data_url}/v2/stocks/snapshots?symbols=AAPL,ZZZZ,BRK.B&feed=iex"
        snapshots = (await get(url, market)).json()
        assert set(snapshots) == {"AAPL", "BRK.B"}
        assert snapshots["AAPL"]["latestTrade"]["p"] == snapshots["AAPL"]["dailyBar"]["c"] == 191.5
        assert snapshots["AAPL"]["dailyBar"]["t"] == "2026-11-20T05:00:00Z"
        assert snapshots["AAPL"]["prevDailyBar"]["t"] == "2026-11-19T05:00:00Z"


async def test_a_malformed_symbol_or_the_consolidated_feed_refuses_the_request() -> None:
    async with quiet_market() as market:
        url = f"{market.data_url}/v2/stocks/snapshots"
        assert (await get(f"{url}?symbols=AAPL,^GSPC", market)).status_code == 400
        assert (await get(f"{url}?symbols=AAPL&feed=sip", market)).status_code == 403
        assert (await get(url, market)).status_code == 400


async def test_bars_are_of_the_time_asked_for_and_join_on() -> None:
    async with quiet_market() as market:
        url = f"{market.data_url}/v2/stocks/bars?symbols=AAPL,NOPE"
        days = (await get(f"{url}&timeframe=1Day&start=2026-11-16&end=2026-11-20T23:00:00Z", market)).json()["bars"]
        minutes = (await get(f"{url}&timeframe=1Min&start=2026-11-20T05:00:00Z", market)).json()["bars"]["AAPL"]
        assert set(days) == {"AAPL"}
        assert len(days["AAPL"]) == 5
        assert len(minutes) == 330 + 150 + 1
        assert minutes[-1]["c"] == days["AAPL"][-1]["c"] == market.price("AAPL")
        assert all(bar["l"] <= min(bar["o"], bar["c"]) <= max(bar["o"], bar["c"]) <= bar["h"] for bar in minutes)
        assert (await get(f"{url}&timeframe=1Fortnight", market)).status_code == 400


async def test_a_status_fault_answers_every_route_with_it() -> None:
    async with quiet_market() as market:
        market.faults.rest_status = 429
        market.faults.rest_retry_after = "11"
        answer = await get(f"{market.data_url}/v2/stocks/snapshots?symbols=AAPL", market)
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "11")
        assert market.seen.requests == [("data", "/v2/stocks/snapshots?symbols=AAPL")]


async def test_a_hanging_rest_never_answers_and_does_not_hold_up_the_end() -> None:
    async with quiet_market() as market:
        market.faults.rest_hang = True
        with pytest.raises(requests.exceptions.ReadTimeout):
            await get(f"{market.trading_url}/v2/clock", market, seconds=0.1)


async def test_html_comes_with_the_status_or_200() -> None:
    async with quiet_market() as market:
        market.faults.rest_html = True
        page = await get(f"{market.trading_url}/v2/clock", market)
        market.faults.rest_status = 502
        bad_gateway = await get(f"{market.trading_url}/v2/clock", market)
        assert (page.status_code, bad_gateway.status_code) == (200, 502)
        assert page.text.startswith("<!DOCTYPE html>")


async def test_half_an_answer_is_no_json() -> None:
    async with quiet_market() as market:
        market.faults.rest_half_json = True
        answer = await get(f"{market.trading_url}/v2/account", market)
        assert answer.status_code == 200
        with pytest.raises(requests.exceptions.JSONDecodeError):
            answer.json()


async def test_the_faults_of_rest_leave_the_stream_alone() -> None:
    async with quiet_market() as market, StreamClient(market) as client:
        market.faults.rest_status = 500
        market.gates.rest.refuse()
        assert (await client.authenticate())["msg"] == "authenticated"


async def test_two_markets_of_one_seed_agree_and_of_two_seeds_do_not() -> None:
    prices = [_first_prices(quiet_market(seed=seed)) for seed in (7, 7, 8)]
    assert prices[0] == prices[1] != prices[2]


def _first_prices(market: DemoMarket) -> list[float]:
    return [market.price(symbol) for symbol in ("AAPL", "SPY", "UNHEA", "BTC-USD", "EURUSD=X")]

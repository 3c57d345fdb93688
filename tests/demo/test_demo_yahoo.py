"""The demo's Yahoo: cookie, crumb, quotes, charts, search and faults."""

from typing import Any

import pytest
import requests
from demo_clients import NOON, get, quiet_market

from mytrader_tui.demo.market import DemoMarket


async def _crumb(market: DemoMarket) -> str:
    return (await get(f"{market.yahoo_url}/v1/test/getcrumb")).text


async def _quotes(market: DemoMarket, *symbols: str) -> dict[str, dict[str, Any]]:
    url = f"{market.yahoo_url}/v7/finance/quote?symbols={','.join(symbols)}&crumb={await _crumb(market)}"
    return {quote["symbol"]: quote for quote in (await get(url)).json()["quoteResponse"]["result"]}


async def test_the_cookie_comes_with_a_404() -> None:
    async with quiet_market() as market:
        answer = await get(market.yahoo_url)
        assert answer.status_code == 404
        assert answer.cookies.get("A3") is not None


async def test_quotes_want_the_crumb() -> None:
    async with quiet_market() as market:
        answer = await get(f"{market.yahoo_url}/v7/finance/quote?symbols=AAPL&crumb=wrong")
        assert answer.status_code == 401
        assert answer.json()["finance"]["error"]["description"] == "Invalid Crumb"


async def test_a_us_quote_is_a_quarter_of_an_hour_old_and_says_so() -> None:
    async with quiet_market() as market:
        before = market.price("AAPL")
        await market.trade("AAPL", before + 1.0)
        quote = (await _quotes(market, "AAPL"))["AAPL"]
        assert quote["regularMarketPrice"] == before
        assert quote["regularMarketTime"] == NOON.later(-900).wall.timestamp()
        assert quote["exchangeDataDelayedBy"] == 15
        assert (quote["marketState"], quote["exchangeTimezoneName"]) == ("REGULAR", "America/New_York")
        assert (quote["currency"], quote["shortName"]) == ("USD", "Apple Inc.")
        assert quote["regularMarketChange"] == pytest.approx(
            quote["regularMarketPrice"] - quote["regularMarketPreviousClose"], abs=1e-5
        )


async def test_bitcoin_is_not_delayed_and_never_closes() -> None:
    async with quiet_market() as market:
        market.set_session("closed")
        quotes = await _quotes(market, "BTC-USD", "AAPL")
        assert quotes["BTC-USD"]["exchangeDataDelayedBy"] == 0
        assert quotes["BTC-USD"]["regularMarketTime"] == NOON.wall.timestamp()
        assert {symbol: quote["marketState"] for symbol, quote in quotes.items()} == {
            "BTC-USD": "REGULAR",
            "AAPL": "CLOSED",
        }


async def test_symbols_are_answered_in_the_spelling_asked_for_and_the_unknown_left_out() -> None:
    async with quiet_market() as market:
        quotes = await _quotes(market, "BRK-B", "^GSPC", "7203.T", "EURUSD=X", "ZZZZ", "NOPE", "AAPL", "<script>")
        assert list(quotes) == ["BRK-B", "^GSPC", "7203.T", "EURUSD=X", "AAPL"]
        assert (quotes["7203.T"]["currency"], quotes["7203.T"]["exchangeTimezoneName"]) == ("JPY", "Asia/Tokyo")
        assert quotes["EURUSD=X"]["currency"] == "USD"


async def test_a_chart_wants_no_crumb_and_ends_at_the_present() -> None:
    async with quiet_market() as market:
        url = f"{market.yahoo_url}/v8/finance/chart/AAPL"
        day = (await get(f"{url}?range=1d&interval=1d")).json()["chart"]["result"][0]
        month = (await get(f"{url}?range=1mo&interval=1d")).json()["chart"]["result"][0]
        minutes = (await get(f"{url}?range=1d&interval=1m")).json()["chart"]["result"][0]
        since = (await get(f"{url}?period1=1794805200&period2=1795200000&interval=1d")).json()["chart"]["result"][0]
        lengths = [len(chart["timestamp"]) for chart in (day, month, minutes, since)]
        assert lengths == [1, 21, 136, 5]
        assert all(chart["indicators"]["quote"][0]["close"][-1] == market.price("AAPL") for chart in (day, minutes))
        meta = minutes["meta"]
        assert meta["currentTradingPeriod"]["regular"]["start"] == minutes["timestamp"][0]
        assert meta["chartPreviousClose"] == meta["previousClose"]


async def test_the_chart_of_an_unknown_symbol_is_not_found() -> None:
    async with quiet_market() as market:
        answer = await get(f"{market.yahoo_url}/v8/finance/chart/NOPE")
        assert answer.status_code == 404
        assert answer.json()["chart"]["error"]["code"] == "Not Found"


async def test_search_finds_symbols_and_names() -> None:
    async with quiet_market() as market:
        found = (await get(f"{market.yahoo_url}/v1/finance/search?q=berk")).json()
        assert [each["symbol"] for each in found["quotes"]] == ["BRK-B"]
        assert (await get(f"{market.yahoo_url}/v1/finance/search?q=xyzzy")).json()["count"] == 0


async def test_a_status_fault_spares_the_cookie_only() -> None:
    async with quiet_market() as market:
        market.faults.yahoo_status = 429
        market.faults.yahoo_retry_after = "120"
        answer = await get(f"{market.yahoo_url}/v1/test/getcrumb")
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "120")
        assert (await get(market.yahoo_url)).status_code == 404


async def test_faults_may_be_limited_to_paths() -> None:
    async with quiet_market() as market:
        market.faults.yahoo_status = 429
        market.faults.yahoo_paths = ("/v1/test", "/v7/")
        assert (await get(f"{market.yahoo_url}/v1/test/getcrumb")).status_code == 429
        assert (await get(f"{market.yahoo_url}/v8/finance/chart/AAPL")).status_code == 200


async def test_a_hanging_yahoo_never_answers() -> None:
    async with quiet_market() as market:
        market.faults.yahoo_hang = True
        with pytest.raises(requests.exceptions.ReadTimeout):
            await get(f"{market.yahoo_url}/v8/finance/chart/AAPL", seconds=0.1)


async def test_a_consent_page_comes_with_200_also_as_the_crumb() -> None:
    async with quiet_market() as market:
        market.faults.yahoo_html = True
        answer = await get(f"{market.yahoo_url}/v1/test/getcrumb")
        assert answer.status_code == 200
        assert "<html>" in answer.text


async def test_answers_may_be_empty_or_lack_symbols() -> None:
    async with quiet_market() as market:
        market.faults.yahoo_missing = frozenset({"BRK.B"})
        assert list(await _quotes(market, "AAPL", "BRK-B")) == ["AAPL"]
        market.faults.yahoo_empty = True
        assert await _quotes(market, "AAPL", "BRK-B") == {}
        assert (await get(f"{market.yahoo_url}/v8/finance/chart/AAPL")).json()["chart"]["result"] == []


async def test_a_quote_lies_within_its_range_of_a_year() -> None:
    async with quiet_market() as market:
        quote = (await _quotes(market, "AAPL"))["AAPL"]
        assert quote["fiftyTwoWeekLow"] <= quote["regularMarketDayLow"]
        assert quote["fiftyTwoWeekLow"] < quote["fiftyTwoWeekHigh"]
        assert quote["regularMarketDayHigh"] <= quote["fiftyTwoWeekHigh"]

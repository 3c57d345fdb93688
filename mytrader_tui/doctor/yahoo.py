"""Yahoo: one quote, as the fallback would ask for it."""

from pathlib import Path

from mytrader_tui.doctor.advice import refused
from mytrader_tui.doctor.result import Result, fail, ok
from mytrader_tui.feeds.feed import Clock
from mytrader_tui.feeds.yahoo import YahooError
from mytrader_tui.feeds.yahoo.client import YahooClient
from mytrader_tui.market.freshness import short_span

REQUEST_SECONDS = 4.0


async def quote(
    symbol: str, base_url: str, cache_folder: Path, clock: Clock, seconds: float = REQUEST_SECONDS
) -> Result:
    """Whether Yahoo tells the price of `symbol`; `seconds` is for one request."""
    client = YahooClient(clock=clock, base_url=base_url, cache_folder=cache_folder, request_timeout=seconds)
    began = clock()
    try:
        answer = await client.quotes((symbol,))
    except YahooError as error:
        return refused(error.reason, error.detail)
    finally:
        client.close()
    priced = next((each for each in answer.quotes if each.price is not None), None)
    if priced is None:
        return fail(f"an answer without a price of {symbol}", "Try again later: Yahoo has days like that.")
    age = "" if priced.price_time is None else f", {short_span(clock().age_of(priced.price_time))} old"
    return ok(f"a price of {symbol} in {1000 * clock().seconds_since(began):,.0f} ms{age}")

"""The poller against the whole demo market: real sockets, real yfinance."""

from collections.abc import AsyncIterator
from datetime import UTC

import pytest
from yahoo_bench import Bench, Ears, clock

from mytrader_tui.demo.market import DemoMarket
from mytrader_tui.feeds.feed import PollOutcome
from mytrader_tui.market.link import Reason
from mytrader_tui.market.session import Session


@pytest.fixture
async def market() -> AsyncIterator[DemoMarket]:
    async with DemoMarket(clock=clock, ticks_per_second=0) as made:
        yield made


def quote_requests(market: DemoMarket) -> int:
    return sum(host == "yahoo" and path.startswith("/v7/finance/quote") for host, path in market.seen.requests)


async def test_the_first_poll_brings_the_markets_prices(bench: Bench, ears: Ears, market: DemoMarket) -> None:
    market.set_session("regular")
    poller = bench.poller(market.yahoo_url)

    bench.run(poller, "AAPL", "BRK.B", "^GSPC", "BTC-USD", "7203.T", "ZZZZ")

    assert await ears.polls(1) == PollOutcome(answered=5, asked=6)
    quotes = {quote.symbol: quote for quote in ears.quotes}
    assert poller.covered == set(quotes) == {"AAPL", "BRK.B", "^GSPC", "BTC-USD", "7203.T"}
    assert {symbol: quote.currency for symbol, quote in quotes.items()} == {
        "AAPL": "USD",
        "BRK.B": "USD",
        "^GSPC": "USD",
        "BTC-USD": "USD",
        "7203.T": "JPY",
    }
    apple = quotes["AAPL"]
    assert (apple.last, apple.name, apple.session) == (market.price("AAPL"), "Apple Inc.", Session.REGULAR)
    assert (apple.origin.delay_seconds, apple.origin.polled) == (900.0, True)
    assert apple.event_time is not None
    assert apple.event_time.tzinfo is UTC
    assert None not in (apple.previous_close, apple.open, apple.high, apple.low, apple.volume)


async def test_a_closed_market_says_so_while_crypto_goes_on(bench: Bench, ears: Ears, market: DemoMarket) -> None:
    market.set_session("closed")
    bench.run(bench.poller(market.yahoo_url), "AAPL", "BTC-USD")

    await ears.polls(1)

    assert [quote.session for quote in ears.quotes] == [Session.CLOSED, Session.REGULAR]


async def test_a_hundred_and_twenty_symbols_are_three_quote_requests(
    bench: Bench, ears: Ears, market: DemoMarket
) -> None:
    symbols = [f"{first}{second}{third}" for first in "ABCDE" for second in "ABCD" for third in "ABCDEF"]

    bench.run(bench.poller(market.yahoo_url), *symbols)

    assert await ears.polls(1) == PollOutcome(answered=120, asked=120)
    assert quote_requests(market) == 3


async def test_a_missing_symbol_is_absent_and_comes_back(bench: Bench, ears: Ears, market: DemoMarket) -> None:
    market.faults.yahoo_missing = frozenset({"MSFT"})
    poller = bench.poller(market.yahoo_url)
    bench.run(poller, "AAPL", "MSFT")
    first = await ears.polls(1)

    market.faults.clear()
    poller.poll_now()
    second = await ears.polls(2)

    assert (first.answered, second.answered) == (1, 2)
    assert ears.coverage == [{"AAPL"}, {"AAPL", "MSFT"}]


async def test_a_refused_port_is_a_network_failure_and_the_next_poll_is_well(
    bench: Bench, ears: Ears, market: DemoMarket
) -> None:
    poller = bench.poller(market.yahoo_url)
    await poller.lookup("AAPL")

    market.gates.yahoo.refuse()
    market.gates.yahoo.cut()
    bench.run(poller, "AAPL")
    refused = await ears.polls(1)
    market.gates.yahoo.accept()
    poller.poll_now()

    assert refused.reason is Reason.NETWORK
    assert await ears.polls(2) == PollOutcome(answered=1, asked=1)


async def test_a_frozen_line_is_a_timeout_and_the_next_poll_is_well(
    bench: Bench, ears: Ears, market: DemoMarket
) -> None:
    poller = bench.poller(market.yahoo_url, request_timeout=0.3)
    await poller.lookup("AAPL")

    market.gates.yahoo.freeze()
    bench.run(poller, "AAPL")
    frozen = await ears.polls(1)
    market.gates.yahoo.thaw()
    poller.poll_now()

    assert frozen.reason is Reason.TIMEOUT
    assert await ears.polls(2) == PollOutcome(answered=1, asked=1)


@pytest.mark.parametrize(
    ("fault", "value", "reason"),
    [
        ("yahoo_status", 429, Reason.RATE_LIMITED),
        ("yahoo_status", 500, Reason.SERVER_ERROR),
        ("yahoo_hang", True, Reason.TIMEOUT),
        ("yahoo_html", True, Reason.UNREADABLE),
        ("yahoo_empty", True, Reason.UNREADABLE),
    ],
)
async def test_each_fault_of_yahoo_has_its_reason(
    bench: Bench, ears: Ears, market: DemoMarket, fault: str, value: object, reason: Reason
) -> None:
    poller = bench.poller(market.yahoo_url, request_timeout=0.5)
    await poller.lookup("AAPL")

    setattr(market.faults, fault, value)
    bench.run(poller, "AAPL", "MSFT")
    outcome = await ears.polls(1)

    assert (outcome.answered, outcome.asked, outcome.reason) == (0, 2, reason)
    assert ears.quotes == []


async def test_charts_take_over_when_quotes_are_broken_for_long(bench: Bench, ears: Ears, market: DemoMarket) -> None:
    market.set_session("regular")
    market.faults.yahoo_html = True
    market.faults.yahoo_paths = ("/v7/",)
    poller = bench.poller(market.yahoo_url, poll_seconds=0.05)

    bench.run(poller, "AAPL", "BRK.B", "^GSPC", "7203.T", "NOPE")
    outcome = await ears.polls(3)

    assert outcome == PollOutcome(answered=4, asked=5)
    assert {(quote.symbol, quote.origin.feed) for quote in ears.quotes} == {
        ("AAPL", "chart"),
        ("BRK.B", "chart"),
        ("^GSPC", "chart"),
        ("7203.T", "chart"),
    }

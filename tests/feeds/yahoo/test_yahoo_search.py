"""Yahoo's search: what its answers mean, and that it never stands in a poll's way."""

import asyncio
import unicodedata

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted_yahoo import CRUMB, HTML, QUOTE, Reply, ScriptedYahoo
from yahoo_bench import Bench, Ears

from mytrader_tui.feeds.yahoo import RateLimitedError, YahooError
from mytrader_tui.feeds.yahoo.search_wire import decode_search
from mytrader_tui.market.link import Reason
from mytrader_tui.market.listing import Listing
from mytrader_tui.market.quote import Source

SEARCH = "/v1/finance/search"
APPLE = {
    "symbol": "AAPL",
    "shortname": "Apple",
    "longname": "Apple Inc.",
    "exchange": "NMS",
    "exchDisp": "NASDAQ",
    "quoteType": "EQUITY",
    "isYahooFinance": True,
}


def body(*quotes: object) -> bytes:
    return msgspec.json.encode({"count": len(quotes), "quotes": quotes, "news": []})


def test_an_answer_becomes_listings_in_our_spelling_and_words() -> None:
    bitcoin = {"symbol": "BTC-USD", "shortname": "Bitcoin USD", "exchange": "CCC", "quoteType": "CRYPTOCURRENCY"}
    berkshire = {"symbol": "BRK-B", "longname": "Berkshire", "exchDisp": "NYSE", "quoteType": "EQUITY"}

    assert decode_search(body(APPLE, bitcoin, berkshire)) == (
        Listing("AAPL", "Apple Inc.", "NASDAQ", "stock", Source.YAHOO),
        Listing("BTC-USD", "Bitcoin USD", "CCC", "crypto", Source.YAHOO),
        Listing("BRK.B", "Berkshire", "NYSE", "stock", Source.YAHOO),
    )


@pytest.mark.parametrize(
    "odd", [None, 7, "AAPL", [], {}, {"symbol": None}, {"symbol": "[red]"}, {"symbol": ""}, {"name": "Acme Ltd"}]
)
def test_an_item_without_a_symbol_to_ask_for_costs_only_itself(odd: object) -> None:
    assert [each.symbol for each in decode_search(body(odd, APPLE))] == ["AAPL"]


@pytest.mark.parametrize("answer", [b"", b"<html>", b"[]", b"{}", b'{"quotes": 5}', b'{"quotes": null}', b"\xff\xfe"])
def test_another_shape_is_unreadable(answer: bytes) -> None:
    with pytest.raises(YahooError) as failed:
        decode_search(answer)

    assert failed.value.reason is Reason.UNREADABLE


@given(st.text(), st.text(), st.text())
def test_no_text_of_an_answer_holds_what_a_screen_must_not_show(name: str, exchange: str, kind: str) -> None:
    item = {"symbol": "AAPL", "longname": name, "exchDisp": exchange, "quoteType": kind}

    (found,) = decode_search(msgspec.json.encode({"quotes": [_without_surrogates(item)]}))

    told = found.name + found.exchange + found.kind
    assert not [char for char in told if unicodedata.category(char)[0] == "C"]
    assert len(found.name) <= 60
    assert len(found.exchange) <= 16


def _without_surrogates(item: dict[str, str]) -> dict[str, str]:
    return {key: value.encode(errors="replace").decode() for key, value in item.items()}


async def test_a_search_sends_what_was_typed_and_needs_no_crumb(yahoo: ScriptedYahoo, bench: Bench) -> None:
    yahoo.replies[SEARCH] = Reply(body=body(APPLE))

    found = await bench.poller(yahoo.url).search("s&p 500 ü")

    assert [each.symbol for each in found] == ["AAPL"]
    assert len(yahoo.paths) == 1
    assert "q=s%26p+500+%C3%BC" in yahoo.paths[0].replace("%20", "+")
    assert yahoo.asked(CRUMB) == []


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (HTML, Reason.UNREADABLE),
        (Reply(status=500), Reason.SERVER_ERROR),
        (Reply(status=403), Reason.REFUSED),
        (Reply(status=404), Reason.BAD_REQUEST),
        (Reply(hang=True), Reason.TIMEOUT),
    ],
)
async def test_a_search_that_fails_says_why(yahoo: ScriptedYahoo, bench: Bench, reply: Reply, reason: Reason) -> None:
    yahoo.replies[SEARCH] = reply

    with pytest.raises(YahooError) as failed:
        await bench.poller(yahoo.url, request_timeout=0.3).search("apple")

    assert failed.value.reason is reason


async def test_after_a_rate_limit_nothing_is_searched_until_the_pause_is_over(
    yahoo: ScriptedYahoo, bench: Bench
) -> None:
    poller = bench.poller(yahoo.url)
    yahoo.replies[SEARCH] = Reply(status=429, headers=(("Retry-After", "60"),))
    with pytest.raises(RateLimitedError):
        await poller.search("apple")
    yahoo.replies[SEARCH] = Reply(body=body(APPLE))

    with pytest.raises(YahooError) as paused:
        await poller.search("apple")

    assert paused.value.reason is Reason.RATE_LIMITED
    assert "nothing is asked for another" in str(paused.value)
    assert len(yahoo.asked(SEARCH)) == 1


async def test_a_search_that_hangs_holds_no_poll_up(yahoo: ScriptedYahoo, bench: Bench, ears: Ears) -> None:
    yahoo.replies[SEARCH] = Reply(hang=True)
    poller = bench.poller(yahoo.url, request_timeout=3.0)
    searching = asyncio.create_task(poller.search("apple"), name="search")
    await yahoo.heard(SEARCH, 1)

    bench.run(poller, "AAPL")

    outcome = await ears.polls(1)
    assert outcome.answered == 1
    assert not searching.done()
    assert len(yahoo.asked(QUOTE)) == 1
    searching.cancel()
    await asyncio.wait({searching})


async def test_closing_ends_a_search(yahoo: ScriptedYahoo, bench: Bench) -> None:
    yahoo.replies[SEARCH] = Reply(hang=True)
    poller = bench.poller(yahoo.url)
    searching = asyncio.create_task(poller.search("apple"), name="search")
    await yahoo.heard(SEARCH, 1)

    poller.close()

    with pytest.raises(YahooError) as failed:
        await searching
    assert failed.value.reason is Reason.STOPPED

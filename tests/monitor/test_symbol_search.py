"""Completion on the demo market: Alpaca's kept directory and Yahoo's search as one."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from desk_under_test import running, until

from mytrader_tui.demo.market import DemoMarket
from mytrader_tui.feeds.alpaca.account import AssetFound
from mytrader_tui.feeds.alpaca.error import AlpacaError
from mytrader_tui.feeds.yahoo import RateLimitedError
from mytrader_tui.market.link import Reason
from mytrader_tui.market.listing import Found, Listing
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Source
from mytrader_tui.monitor.broker_listings import KEPT, LOADING, BrokerListings
from mytrader_tui.monitor.clock import system_clock
from mytrader_tui.monitor.finding import NOBODY, OPENING, Finding
from mytrader_tui.monitor.listings_file import FILE_NAME, Kept, read_listings, write_listings
from mytrader_tui.monitor.yahoo_search import YahooSearch

NOON = Moment(datetime(2026, 11, 20, 17, tzinfo=UTC), 1000.0)
APPLE = AssetFound("AAPL", "Apple Inc. Common Stock", "NASDAQ", tradable=True)
URL = "https://paper-api.alpaca.markets"
TOYOTA = Listing("7203.T", "Toyota Motor Corporation", "Tokyo", "stock", Source.YAHOO)
APPLE_AT_YAHOO = Listing("AAPL", "Apple Inc.", "NasdaqGS", "stock", Source.YAHOO)


class Broker:
    """Answers with `assets`, or fails for `reason`."""

    def __init__(self, *assets: AssetFound, reason: Reason | None = None) -> None:
        self.assets = assets
        self.reason = reason
        self.asked = 0

    async def __call__(self) -> Sequence[AssetFound]:
        self.asked += 1
        if self.reason is not None:
            raise AlpacaError(self.reason)
        return self.assets


class Yahoo:
    """Answers what it was told, and keeps what it was asked; `pause` holds it up."""

    def __init__(self, **answers: tuple[Listing, ...]) -> None:
        self.answers = answers
        self.asked: list[str] = []
        self.error: RateLimitedError | None = None
        self.pause: asyncio.Event | None = None
        self.running = self.most = 0

    async def __call__(self, text: str) -> tuple[Listing, ...]:
        self.asked.append(text)
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            if self.pause is not None:
                await self.pause.wait()
            if self.error is not None:
                raise self.error
            return self.answers.get(text, ())
        finally:
            self.running -= 1


class Time:
    """A clock that stands until told."""

    def __init__(self) -> None:
        self.moment = NOON

    def __call__(self) -> Moment:
        return self.moment


@pytest.fixture
async def clock() -> Time:
    return Time()


@asynccontextmanager
async def at_work(*work: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    tasks = [asyncio.ensure_future(each()) for each in work]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def listings_of(broker: Broker, folder: Path, clock: Time, url: str = URL) -> BrokerListings:
    return BrokerListings(broker, url=url, path=folder / FILE_NAME, clock=clock)


async def loaded(listings: BrokerListings) -> None:
    """Ask for the list and wait until it is there, or why not is told."""
    listings.prepare()
    async with at_work(listings.run):
        await until(lambda: listings.note != LOADING, "the list is loaded")


def symbols(found: Found) -> list[str]:
    return [each.symbol for each in found.listings]


# Alpaca's directory, kept for a day.


async def test_the_directory_is_asked_for_once_a_day_whatever_is_restarted(tmp_path: Path, clock: Time) -> None:
    broker = Broker(APPLE)
    await loaded(listings_of(broker, tmp_path, clock))

    again = listings_of(broker, tmp_path, clock)
    await loaded(again)

    assert broker.asked == 1
    assert again.directory.get("AAPL") == Listing(
        "AAPL", "Apple Inc. Common Stock", "NASDAQ", "stock", Source.ALPACA, tradable=True
    )


async def test_a_directory_of_yesterday_is_asked_for_again(tmp_path: Path, clock: Time) -> None:
    broker = Broker(APPLE)
    listings = listings_of(broker, tmp_path, clock)
    await loaded(listings)
    clock.moment = NOON.later(KEPT.total_seconds())

    async with at_work(listings.run):
        listings.prepare()
        await until(lambda: broker.asked == 2, "the second question")


async def test_nobody_asks_for_the_directory_before_somebody_searches(tmp_path: Path, clock: Time) -> None:
    broker = Broker(APPLE)
    listings = listings_of(broker, tmp_path, clock)

    async with at_work(listings.run):
        await asyncio.sleep(0.05)

    assert broker.asked == 0


async def test_an_old_directory_serves_and_says_so_while_alpaca_does_not_answer(tmp_path: Path, clock: Time) -> None:
    await loaded(listings_of(Broker(APPLE), tmp_path, clock))
    clock.moment = NOON.later(3 * 86400.0)
    listings = listings_of(Broker(reason=Reason.NETWORK), tmp_path, clock)

    await loaded(listings)

    assert listings.directory.get("AAPL") is not None
    assert listings.note == "Alpaca's list of symbols is 3d old: cannot reach the server."


async def test_without_any_directory_the_reason_is_told(tmp_path: Path, clock: Time) -> None:
    listings = listings_of(Broker(reason=Reason.AUTH_FAILED), tmp_path, clock)

    await loaded(listings)

    assert listings.note == "Alpaca's list of symbols is missing: the keys were refused."


async def test_a_directory_from_the_future_is_not_of_today(tmp_path: Path, clock: Time) -> None:
    broker = Broker(APPLE)
    clock.moment = NOON.later(3600.0)
    await loaded(listings_of(broker, tmp_path, clock))
    clock.moment = NOON

    await loaded(listings_of(broker, tmp_path, clock))

    assert broker.asked == 2


async def test_another_servers_directory_is_not_ours(tmp_path: Path, clock: Time) -> None:
    await loaded(listings_of(Broker(APPLE), tmp_path, clock))

    other = listings_of(Broker(), tmp_path, clock, url="http://127.0.0.1:1")
    await loaded(other)

    assert len(other.directory) == 0


KEPT_APPLE = Kept(URL, NOON.wall, (Listing("AAPL", "Apple Inc.", "NASDAQ", "stock", Source.ALPACA, tradable=True),))


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: data.replace(b"Apple", b"\x1bpple"),
        lambda data: b"x" + data,
        lambda data: data + b"x",
        lambda data: data.replace(b"listings 2", b"listings 1"),
    ],
)
def test_a_damaged_file_is_no_directory(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    path = tmp_path / FILE_NAME
    write_listings(path, KEPT_APPLE)
    assert read_listings(path, URL) == KEPT_APPLE

    path.write_bytes(damage(path.read_bytes()))

    assert read_listings(path, URL) is None


def test_a_folder_in_the_files_place_costs_only_the_keeping(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    path.mkdir()

    write_listings(path, KEPT_APPLE)

    assert read_listings(path, URL) is None


# Yahoo's search.


async def test_an_answer_is_asked_for_once() -> None:
    yahoo = Yahoo(toyota=(TOYOTA,))
    search = YahooSearch(yahoo)

    async with at_work(search.run):
        first, second = await search.find("toyota"), await search.find("TOYOTA")

    assert first == second == Found((TOYOTA,))
    assert yahoo.asked == ["toyota"]


async def test_one_question_at_a_time_and_none_that_nobody_waits_for_any_more() -> None:
    yahoo = Yahoo()
    yahoo.pause = asyncio.Event()
    search = YahooSearch(yahoo)

    async with at_work(search.run):
        waiting = [asyncio.ensure_future(search.find(text)) for text in ("a", "ap", "app", "appl")]
        await until(lambda: yahoo.asked == ["a"], "the first question")
        for given_up in waiting[:3]:
            given_up.cancel()
        await asyncio.sleep(0)
        yahoo.pause.set()
        await waiting[3]

    assert yahoo.asked == ["a", "appl"]
    assert yahoo.most == 1


async def test_a_failure_is_told_in_words_and_not_kept() -> None:
    yahoo = Yahoo(toyota=(TOYOTA,))
    yahoo.error = RateLimitedError(None, "HTTP 429")
    search = YahooSearch(yahoo)

    async with at_work(search.run):
        failed = await search.find("toyota")
        yahoo.error = None
        assert await search.find("toyota") == Found((TOYOTA,))

    assert failed == Found(note="Yahoo cannot be searched: too many requests (HTTP 429).")


async def test_no_answer_is_told_too() -> None:
    yahoo = Yahoo()
    yahoo.pause = asyncio.Event()
    search = YahooSearch(yahoo, wait_seconds=0.02)

    async with at_work(search.run):
        assert await search.find("toyota") == Found(note="Yahoo does not answer the search.")


# Both.


@asynccontextmanager
async def finding(folder: Path, clock: Time, broker: Broker | None, yahoo: Yahoo | None) -> AsyncIterator[Finding]:
    found = Finding()
    listings = listings_of(broker, folder, clock) if broker is not None else None
    search = YahooSearch(yahoo) if yahoo is not None else None
    found.employ(listings, search)
    async with at_work(*(each.run for each in (listings, search) if each is not None)):
        found.prepare()
        await until(lambda: found.known("").note != LOADING, "the list is loaded")
        yield found


async def test_what_both_know_is_one_row_and_says_what_each_knows(tmp_path: Path, clock: Time) -> None:
    yahoo = Yahoo(apple=(APPLE_AT_YAHOO, TOYOTA))
    fund = AssetFound("APLX", "Applix", "NYSE", tradable=True)
    async with finding(tmp_path, clock, Broker(fund, APPLE), yahoo) as search:
        assert symbols(search.known("apple")) == ["AAPL"]

        found = await search.find("apple")

    assert symbols(found) == ["AAPL", "7203.T"]
    assert found.listings[0].source is Source.ALPACA
    assert found.note == ""


async def test_yahoos_answers_complete_the_next_letters_at_once(tmp_path: Path, clock: Time) -> None:
    async with finding(tmp_path, clock, None, Yahoo(toy=(TOYOTA,))) as search:
        assert symbols(search.known("toy")) == []
        await search.find("toy")

        assert symbols(search.known("toyot")) == ["7203.T"]
        assert symbols(search.known("tesla")) == []


async def test_what_yahoo_takes_a_text_for_is_shown_though_no_letter_fits(tmp_path: Path, clock: Time) -> None:
    alphabet = Listing("GOOGL", "Alphabet Inc.", "NasdaqGS", "stock", Source.YAHOO)
    async with finding(tmp_path, clock, None, Yahoo(youtube=(alphabet,))) as search:
        assert symbols(await search.find("youtube")) == ["GOOGL"]


async def test_a_listed_symbol_or_a_single_letter_is_no_question_for_yahoo(tmp_path: Path, clock: Time) -> None:
    yahoo = Yahoo()
    async with finding(tmp_path, clock, Broker(APPLE), yahoo) as search:
        for text in ("a", "AAPL", "aapl", "", "  "):
            await search.find(text)
        assert yahoo.asked == []

        await search.find("^gspc")
        assert yahoo.asked == ["^gspc"]


@pytest.mark.parametrize(
    ("reason", "limited", "symbols_found", "told"),
    [
        (Reason.NETWORK, False, ["AAPL"], "Alpaca's list of symbols is missing: cannot reach the server."),
        (None, True, ["AAPL"], "Yahoo cannot be searched: too many requests."),
    ],
)
async def test_one_source_helps_while_the_other_cannot_and_that_is_said(
    tmp_path: Path, clock: Time, reason: Reason | None, limited: bool, symbols_found: list[str], told: str
) -> None:
    yahoo = Yahoo(apple=(APPLE_AT_YAHOO,))
    yahoo.error = RateLimitedError() if limited else None
    async with finding(tmp_path, clock, Broker(APPLE, reason=reason), yahoo) as search:
        found = await search.find("apple")

    assert symbols(found) == symbols_found
    assert found.note == told


async def test_nobody_to_ask_is_said(tmp_path: Path, clock: Time) -> None:
    assert Finding().known("apple").note == OPENING
    async with finding(tmp_path, clock, None, None) as search:
        assert (await search.find("apple")).note == NOBODY


async def test_an_unknown_symbol_is_told_what_was_meant(tmp_path: Path, clock: Time) -> None:
    async with finding(tmp_path, clock, Broker(APPLE), Yahoo()) as search:
        assert await search.suggestion("APPL") == "AAPL (Apple Inc. Common Stock)"
        assert await search.suggestion("QXZW") == ""
    async with finding(tmp_path, clock, None, Yahoo(appl=(TOYOTA, APPLE_AT_YAHOO))) as search:
        assert await search.suggestion("APPL") == "AAPL (Apple Inc.)"


# The whole of it, on sockets.


async def test_the_demo_completes_from_both_and_keeps_the_directory(tmp_path: Path) -> None:
    async with DemoMarket(clock=system_clock, ticks_per_second=0.0) as market, running(market, tmp_path) as monitor:
        search = monitor.search
        search.prepare()
        await until(lambda: symbols(search.known("micro")) == ["MSFT", "AMD"], "Alpaca's directory")

        found = await search.find("toyota")

        assert symbols(found) == ["7203.T"]
        assert (found.listings[0].exchange, found.listings[0].kind) == ("Tokyo", "stock")
        assert (tmp_path / "cache" / FILE_NAME).exists()


async def test_without_keys_the_demo_completes_from_yahoo(tmp_path: Path) -> None:
    async with (
        DemoMarket(clock=system_clock, ticks_per_second=0.0) as market,
        running(market, tmp_path, keys=False) as monitor,
    ):
        await until(lambda: monitor.search.known("").note == "", "the sources are open")

        found = await monitor.search.find("micro")

        assert symbols(found) == ["MSFT", "AMD"]
        assert {each.source for each in found.listings} == {Source.YAHOO}


async def test_a_symbol_that_no_source_knows_is_refused_with_the_nearest(tmp_path: Path) -> None:
    async with DemoMarket(clock=system_clock, ticks_per_second=0.0) as market, running(market, tmp_path) as monitor:
        monitor.search.prepare()
        await until(lambda: bool(monitor.search.known("nvda").listings), "Alpaca's directory")

        outcome = await monitor.add("amd NOPEFLIX nvda")

        assert outcome.added == ("AMD", "NVDA")
        (refusal,) = outcome.refused
        assert refusal.text == "NOPEFLIX"
        assert refusal.why.startswith("no source knows it")

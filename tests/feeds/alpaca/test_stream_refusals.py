"""What the server refuses: the link says why, tries again only where that can help, and asks for less where it must."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from stream_kit import (
    KEY,
    QUICK,
    SECRET,
    SLOW_RETRY,
    Book,
    Ear,
    ScriptedServer,
    clock,
    error,
    priced,
    running,
    stream_to,
    until,
)

from mytrader_tui.demo.market import DemoMarket
from mytrader_tui.market.link import Reason

WATCHED = [f"{first}{second}" for first in "ABCDE" for second in "ABCDEFGH"]


@pytest_asyncio.fixture
async def market() -> AsyncIterator[DemoMarket]:
    async with DemoMarket(clock=clock, ticks_per_second=0, key=KEY, secret=SECRET) as market:
        yield market


@pytest.mark.parametrize(
    ("code", "reason"),
    [(402, Reason.AUTH_FAILED), (409, Reason.NOT_ENTITLED), (410, Reason.NOT_ENTITLED), (411, Reason.NOT_ENTITLED)],
)
async def test_a_refusal_that_no_retry_can_help_ends_the_attempts(market, code, reason):
    market.faults.auth_error = code
    stream = stream_to(market.stream_url, Ear())

    async with running(stream) as task:
        await until(lambda: stream.link.reason is reason)
        await asyncio.sleep(0.2)

        assert stream.link.reason.fatal
        assert stream.link.retry_at is None
        assert market.seen.connections == 1
        assert market.seen.open_connections == 0
        assert not task.done()


async def test_wrong_keys_end_the_attempts(market):
    stream = stream_to(market.stream_url, Ear(), secret="another")

    async with running(stream):
        await until(lambda: stream.link.reason is Reason.AUTH_FAILED)

        assert "402" in stream.link.detail


@pytest.mark.parametrize("status", [401, 403])
async def test_keys_refused_at_the_upgrade_end_the_attempts(market, status):
    market.faults.upgrade_status = status
    stream = stream_to(market.stream_url, Ear())

    async with running(stream):
        await until(lambda: stream.link.reason is Reason.AUTH_FAILED)
        await asyncio.sleep(0.1)

        assert len(market.seen.requests) == 1


@pytest.mark.parametrize(
    ("status", "reason"), [(500, Reason.SERVER_ERROR), (503, Reason.SERVER_ERROR), (404, Reason.REFUSED)]
)
async def test_other_statuses_are_tried_again(market, status, reason):
    market.faults.upgrade_status = status
    stream = stream_to(market.stream_url, Ear())

    async with running(stream):
        await until(lambda: stream.link.reason is reason)
        market.faults.upgrade_status = None

        await until(lambda: stream.link.up)


@pytest.mark.parametrize(("header", "least", "most"), [("120", 120, 120), ("999999999", 900, 900)])
async def test_a_server_that_asks_for_a_pause_gets_it_within_bounds(market, header, least, most):
    market.faults.upgrade_status, market.faults.upgrade_retry_after = 429, header
    stream = stream_to(market.stream_url, Ear())

    async with running(stream):
        await until(lambda: stream.link.retry_at is not None)

        assert stream.link.reason is Reason.RATE_LIMITED
        assert least - 1 <= stream.link.retry_at.mono - clock().mono <= most


async def test_a_pause_until_a_date_is_counted_from_our_clock(market):
    market.faults.upgrade_status = 429
    market.faults.upgrade_retry_after = clock().later(300).wall.strftime("%a, %d %b %Y %H:%M:%S GMT")
    stream = stream_to(market.stream_url, Ear())

    async with running(stream):
        await until(lambda: stream.link.retry_at is not None)

        assert 295 <= stream.link.retry_at.mono - clock().mono <= 300


@pytest.mark.parametrize("header", ["soon", "nan", "inf", "1e3", "", None])
async def test_a_pause_that_makes_no_sense_leaves_the_backoff(market, header):
    market.faults.upgrade_status, market.faults.upgrade_retry_after = 429, header
    stream = stream_to(market.stream_url, Ear())

    async with running(stream):
        await until(lambda: stream.link.reason is Reason.RATE_LIMITED)
        market.faults.upgrade_status = None

        await until(lambda: stream.link.up)


async def test_a_server_that_timed_the_login_out_is_tried_again(market):
    market.faults.auth_error = 404
    ear = Ear()
    stream = stream_to(market.stream_url, ear)

    async with running(stream):
        await until(lambda: Reason.AUTH_TIMEOUT in ear.reasons)
        market.faults.auth_error = None

        await until(lambda: stream.link.up)


async def test_while_another_session_holds_the_stream_the_login_is_repeated_on_the_same_socket(market):
    ear = Ear()
    market.faults.auth_error = 406
    stream = stream_to(market.stream_url, ear)

    async with running(stream):
        await until(lambda: ear.links)
        assert stream.link.reason is Reason.CONNECTION_LIMIT
        assert stream.link.retry_at is not None
        market.faults.auth_error = None
        await until(lambda: stream.link.up)

        assert market.seen.connections == 1


async def test_a_stream_held_for_long_is_asked_for_slowly_and_the_reason_stays(market):
    ear = Ear()
    market.faults.auth_error = 406
    stream = stream_to(market.stream_url, ear)

    async with running(stream):
        await until(lambda: market.seen.connections == 2)

        logins = sum(action["action"] == "auth" for action in market.seen.actions)
        assert logins >= 1 + len(QUICK.login_retries)
        assert set(ear.reasons) == {Reason.CONNECTION_LIMIT}
        slowest = max(link.retry_at.mono - link.since.mono for link in ear.links if link.retry_at)
        assert slowest >= QUICK.connection_limit[0]


async def test_a_server_that_hangs_up_on_the_second_login_still_means_the_connection_limit():
    logins = 0

    def script(request):
        nonlocal logins
        logins += 1
        return [error(406) if logins == 1 else error(404)]

    ear = Ear()
    async with ScriptedServer(script) as server:
        stream = stream_to(server.url, ear)
        async with running(stream):
            await until(lambda: logins >= 2 and len(ear.links) >= 2)

    assert set(ear.reasons[:2]) == {Reason.CONNECTION_LIMIT}


@pytest.mark.parametrize(
    ("code", "reason"),
    [(407, Reason.SLOW_CLIENT), (404, Reason.AUTH_TIMEOUT), (406, Reason.CONNECTION_LIMIT), (401, Reason.BAD_REQUEST)],
)
async def test_an_error_while_streaming_that_ends_the_link_leads_to_a_new_one(market, code, reason):
    ear = Ear()
    stream = stream_to(market.stream_url, ear)
    stream.want(["AAPL"])

    async with running(stream):
        await until(lambda: stream.link.up)
        await market.send_error(code)
        await until(lambda: reason in ear.reasons)

        await until(lambda: stream.link.up and market.seen.connections == 2)


@pytest.mark.parametrize("code", [400, 403, 405, 410, 500, 599])
async def test_errors_that_answer_nothing_leave_the_link_alone(market, code):
    stream = stream_to(market.stream_url, Ear())
    stream.want(["AAPL"])

    async with running(stream):
        await until(lambda: stream.link.up)
        await market.send_error(code)
        await asyncio.sleep(0.05)

        assert stream.link.up
        assert stream.covered == {"AAPL"}


@pytest.mark.parametrize("limit", [1, 2, 7, 29, 30, 31, 39])
async def test_a_smaller_plan_than_configured_is_found_out_and_filled_with_the_first_symbols(limit):
    async with DemoMarket(clock=clock, ticks_per_second=0, symbol_limit=limit) as market:
        stream = stream_to(market.stream_url, Ear(), max_symbols=40)
        stream.want(WATCHED)

        async with running(stream):
            await until(lambda: stream.covered == set(WATCHED[:limit]))
            await until(lambda: stream.link.detail == f"the plan allows {limit} symbols")

            assert stream.link.up
            requests = [each for each in market.seen.actions if each["action"] != "auth"]
            assert len(requests) <= 8


async def test_within_a_plan_found_out_symbols_still_come_and_go():
    async with DemoMarket(clock=clock, ticks_per_second=0, symbol_limit=3) as market:
        stream = stream_to(market.stream_url, Ear(), canary="SPY")
        stream.want(["AA", "AB", "AC", "AD"])

        async with running(stream):
            await until(lambda: stream.covered == {"AA", "AB", "AC"})
            stream.want(["AD", "AB", "AC", "AA"])
            await until(lambda: stream.covered == {"AD", "AB", "AC"})
            stream.want(["AD"])
            await until(lambda: market.seen.subscribed == {"AD", "SPY"})


async def test_a_plan_without_a_single_symbol_leaves_the_link_up_and_nothing_covered():
    async with DemoMarket(clock=clock, ticks_per_second=0, symbol_limit=0) as market:
        stream = stream_to(market.stream_url, Ear())
        stream.want(["AAPL", "MSFT"])

        async with running(stream):
            await until(lambda: stream.link.up)

            assert stream.covered == frozenset()
            assert stream.link.detail == "the plan allows 0 symbols"


@pytest.mark.parametrize("bad", [{"AA"}, {"CC"}, {"AB", "DD"}, set(WATCHED[:12])])
async def test_only_the_symbols_that_the_server_cannot_read_are_left_out(bad):
    book = Book()

    def script(request):
        if request["action"] == "auth":
            return []
        return [error(400, "invalid syntax") if bad & set(request.get("trades", [])) else book.apply(request)]

    async with ScriptedServer(script) as server:
        stream = stream_to(server.url, Ear(), max_symbols=40)
        stream.want(WATCHED)
        async with running(stream):
            await until(lambda: stream.covered == set(WATCHED) - bad)
            await until(lambda: stream.link.up and "refused" in stream.link.detail)

            assert server.opened == 1
            count = len(priced(server.requests))
            stream.want([*WATCHED[:-1]])
            await until(lambda: len(priced(server.requests)) > count)
            assert priced(server.requests)[-1]["action"] == "unsubscribe"


async def test_an_acknowledgement_that_lists_fewer_covers_fewer_and_is_not_argued_with():
    async with ScriptedServer(lambda request: [] if request["action"] == "auth" else [ACK_OF_AA]) as server:
        stream = stream_to(server.url, Ear())
        stream.want(["AA", "AB"])
        async with running(stream):
            await until(lambda: stream.link.up)
            await asyncio.sleep(0.05)

            assert stream.covered == {"AA"}
            assert len(priced(server.requests)) == 2


ACK_OF_AA = {"T": "subscription", "trades": ["AA"], "quotes": ["AA"], "dailyBars": ["AA"]}


async def test_a_later_word_of_the_server_corrects_what_is_covered():
    book = Book()
    ear = Ear()
    async with ScriptedServer(lambda request: [] if request["action"] == "auth" else [book.apply(request)]) as server:
        stream = stream_to(server.url, ear)
        stream.want(["AA", "AB"])
        async with running(stream):
            await until(lambda: stream.covered == {"AA", "AB"} and "statuses" in server.requests[-1])
            await server.send(ACK_OF_AA)
            await until(lambda: stream.covered == {"AA"})

            assert ear.coverages == [{"AA", "AB"}, {"AA"}]


async def test_a_channel_that_the_feed_does_not_have_ends_the_attempts():
    async with ScriptedServer(lambda request: [] if request["action"] == "auth" else [error(410)]) as server:
        stream = stream_to(server.url, Ear())
        stream.want(["AA"])
        async with running(stream):
            await until(lambda: stream.link.reason is Reason.NOT_ENTITLED)


async def test_keys_that_the_server_quotes_are_not_shown():
    def script(request):
        return [error(402, f"bad key {KEY}\x1b[2J {'x' * 90}{SECRET} or {SECRET}")]

    ear = Ear()
    async with ScriptedServer(script) as server:
        stream = stream_to(server.url, ear)
        async with running(stream):
            await until(lambda: stream.link.reason is Reason.AUTH_FAILED)

    assert KEY not in stream.link.detail
    assert all(SECRET[:6] not in link.detail and "\x1b" not in link.detail for link in ear.links)


async def test_hundreds_of_symbols_are_asked_for_in_several_requests():
    book = Book()
    symbols = [f"{a}{b}{c}" for a in "ABCD" for b in "ABCDEFGHIJKLM" for c in "ABCDEFGHIJKLMNOPQRST"]
    async with ScriptedServer(lambda request: [] if request["action"] == "auth" else [book.apply(request)]) as server:
        stream = stream_to(server.url, Ear(), max_symbols=10_000, deadlines=SLOW_RETRY)
        stream.want(symbols)
        async with running(stream):
            await until(lambda: stream.covered == set(symbols))

    assert [len(each["trades"]) for each in priced(server.requests)[1:]] == [400, 400, 240]

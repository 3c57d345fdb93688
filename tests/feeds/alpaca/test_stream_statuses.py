"""Trading statuses, corrections and cancels on the socket; a plan without statuses costs nothing else."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from stream_kit import (
    IMPATIENT,
    KEY,
    SECRET,
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
from mytrader_tui.feeds.alpaca.subscription import STATUS_ATTEMPTS
from mytrader_tui.market.quote import Cancel, Correction, Trade, TradingStatus


@pytest_asyncio.fixture
async def market() -> AsyncIterator[DemoMarket]:
    async with DemoMarket(clock=clock, ticks_per_second=0, key=KEY, secret=SECRET) as market:
        yield market


def statuses(market: DemoMarket) -> list[object]:
    return [action["statuses"] for action in market.seen.actions if "statuses" in action]


async def test_statuses_are_asked_for_after_the_prices_of_the_same_symbols(market):
    stream = stream_to(market.stream_url, Ear(), canary="SPY")
    stream.want(["AAPL", "MSFT"])

    async with running(stream):
        await until(lambda: statuses(market))

        assert stream.link.up
        assert statuses(market) == [["AAPL", "MSFT"]]


async def test_statuses_come_and_go_with_their_symbols(market):
    stream = stream_to(market.stream_url, Ear())
    stream.want(["AAPL", "MSFT"])

    async with running(stream):
        await until(lambda: statuses(market))
        stream.want(["AAPL", "NVDA"])
        await until(lambda: len(statuses(market)) == 3)

        assert market.seen.actions[-3]["action"] == "unsubscribe"
        assert statuses(market)[1:] == [["MSFT"], ["NVDA"]]


async def test_a_halt_and_its_end_arrive_with_the_reason(market):
    ear = Ear()
    stream = stream_to(market.stream_url, ear)
    stream.want(["AAPL"])

    async with running(stream):
        await until(lambda: statuses(market))
        await asyncio.sleep(0.05)
        await market.status("AAPL", "H", "Trading Halt", "T1", "Halt News Pending")
        await market.status("AAPL", "T", "Trading Resumption", "T3", "")
        await until(lambda: len(ear.updates) == 2)

    halt, end = ear.updates
    assert isinstance(halt, TradingStatus)
    assert isinstance(end, TradingStatus)
    assert (halt.symbol, halt.halted, halt.reason) == ("AAPL", True, "Halt News Pending")
    assert (end.halted, end.reason) == (False, "Trading Resumption")


async def test_corrections_and_cancels_come_with_the_trades_and_name_them(market):
    ear = Ear()
    stream = stream_to(market.stream_url, ear)
    stream.want(["AAPL"])

    async with running(stream):
        await until(lambda: stream.link.up)
        printed = await market.trade("AAPL", 200.0)
        corrected = await market.correct(printed, 190.5)
        await market.cancel(corrected, "E")
        await until(lambda: len(ear.updates) == 3)

    trade, correction, cancel = ear.updates
    assert isinstance(trade, Trade)
    assert isinstance(correction, Correction)
    assert isinstance(cancel, Cancel)
    assert correction.original == trade.print_id
    assert correction.price == 190.5
    assert cancel.original == correction.corrected


REFUSALS = [400, 403, 405, 409, 410, 411, 500]


def refusing(code, book):
    """A server that has every channel but the statuses."""

    def script(request):
        if request["action"] == "auth":
            return []
        return [error(code)] if "statuses" in request else [book.apply(request)]

    return script


@pytest.mark.parametrize("code", REFUSALS)
async def test_a_server_that_refuses_the_statuses_streams_without_them(code):
    ear = Ear()
    async with ScriptedServer(refusing(code, Book())) as server:
        stream = stream_to(server.url, ear, deadlines=IMPATIENT)
        stream.want(["AA", "AB"])
        async with running(stream):
            await until(lambda: stream.link.up and len(server.requests) == 3)
            await asyncio.sleep(0.05)
            stream.want(["AA", "AC"])
            await until(lambda: stream.covered == {"AA", "AC"})
            await asyncio.sleep(0.3)

            assert stream.link.up
            assert stream.link.detail == ""
            assert server.opened == 1
            assert len(server.requests) - len(priced(server.requests)) == 1, "it is asked once"


async def test_a_server_that_never_answers_for_the_statuses_streams_without_them():
    def script(request):
        return [] if request["action"] == "auth" or "statuses" in request else [book.apply(request)]

    book = Book()
    async with ScriptedServer(script) as server:
        stream = stream_to(server.url, Ear(), deadlines=IMPATIENT)
        stream.want(["AA"])
        async with running(stream):
            await until(lambda: len(server.requests) == 3)
            await asyncio.sleep(IMPATIENT.step + 0.1)
            stream.want(["AB"])
            await until(lambda: stream.covered == {"AB"})

            assert stream.link.up
            assert server.opened == 1


async def test_a_server_that_hangs_up_over_the_statuses_is_not_asked_for_ever():
    book = Book()

    def script(request):
        if "statuses" in request:
            for socket in server.sockets:
                socket.transport.abort()
            return []
        return [] if request["action"] == "auth" else [book.apply(request)]

    async with ScriptedServer(script) as server:
        stream = stream_to(server.url, Ear())
        stream.want(["AA"])
        async with running(stream):
            await until(lambda: server.opened == STATUS_ATTEMPTS + 1 and stream.link.up)
            await asyncio.sleep(0.3)

            assert stream.link.up
            assert server.opened == STATUS_ATTEMPTS + 1


async def test_an_error_of_the_plan_that_answers_no_question_still_ends_the_link(market):
    stream = stream_to(market.stream_url, Ear())
    stream.want(["AAPL"])

    async with running(stream):
        await until(lambda: statuses(market))
        await asyncio.sleep(0.05)
        await market.send_error(409)
        await until(lambda: not stream.link.up)

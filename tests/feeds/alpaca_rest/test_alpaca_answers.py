"""One request for one question, however many ask it, and none while the answer is young enough."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from odd_server import OddServer, http, ok
from rest_time import RestTime

from mytrader_tui.feeds.alpaca.account import AlpacaAccount
from mytrader_tui.feeds.alpaca.rest import AlpacaError, Timeouts
from mytrader_tui.market.link import Reason
from mytrader_tui.settings.secret import Secret

ACCOUNT = {"equity": "10", "cash": "1", "buying_power": "2"}
POSITION = {"symbol": "AAPL", "qty": "5", "avg_entry_price": "100"}


@pytest.fixture
async def server() -> AsyncIterator[OddServer]:
    async with OddServer() as server:
        yield server


@pytest.fixture
def time() -> RestTime:
    return RestTime()


@pytest.fixture
async def account(server: OddServer, time: RestTime) -> AsyncIterator[AlpacaAccount]:
    account = AlpacaAccount(
        trading_url=server.url, key=Secret("k"), secret=Secret("s"), clock=time, timeouts=Timeouts(9, 9, 9)
    )
    yield account
    account.close()


@pytest.mark.parametrize("question", ["account", "holdings", "orders", "assets"])
async def test_ten_who_ask_at_once_cause_one_request(server: OddServer, account: AlpacaAccount, question: str) -> None:
    server.answer = ok(ACCOUNT if question == "account" else [])

    answers = await asyncio.gather(*(getattr(account, question)() for _ in range(10)))

    assert len(server.requests) == 1
    assert all(answer == answers[0] for answer in answers)


async def test_ten_who_ask_at_once_hear_of_one_failure(server: OddServer, account: AlpacaAccount) -> None:
    server.answer = http(401, "{}")

    answers = await asyncio.gather(*(account.holdings() for _ in range(10)), return_exceptions=True)

    assert len(server.requests) == 1
    assert {type(answer) for answer in answers} == {AlpacaError}


@pytest.mark.parametrize(("question", "seconds"), [("account", 5.0), ("holdings", 3.0), ("assets", 86400.0)])
async def test_an_answer_serves_for_its_lifetime_and_keeps_its_receipt(
    server: OddServer, account: AlpacaAccount, time: RestTime, question: str, seconds: float
) -> None:
    server.answer = ok(ACCOUNT if question == "account" else [])
    ask = getattr(account, question)
    first = await ask()
    time.pass_by(seconds - 0.1)

    assert await ask() == first
    assert len(server.requests) == 1
    time.pass_by(0.1)
    await ask()
    assert len(server.requests) == 2


async def test_orders_are_asked_for_each_time(server: OddServer, account: AlpacaAccount) -> None:
    server.answer = ok([])

    await account.orders()
    await account.orders()

    assert len(server.requests) == 2


async def test_a_failure_is_not_kept(server: OddServer, account: AlpacaAccount) -> None:
    server.answer = http(500, "{}")
    with pytest.raises(AlpacaError):
        await account.account()
    server.answer = ok(ACCOUNT)

    assert (await account.account()).equity == 10


async def test_what_an_event_made_old_is_asked_for_anew(server: OddServer, account: AlpacaAccount) -> None:
    server.answer = ok([POSITION])
    await account.holdings()
    server.answer = ok([])

    account.invalidate("account", "positions")

    assert (await account.holdings()).positions == ()


async def test_an_answer_that_was_under_way_when_the_event_came_serves_only_those_who_asked_before(
    server: OddServer, account: AlpacaAccount
) -> None:
    before = asyncio.create_task(account.holdings())
    await server.asked.wait()
    account.invalidate("positions")
    after = asyncio.create_task(account.holdings())
    await asyncio.sleep(0.05)

    server.answer = ok([])
    server.answer_now(ok([POSITION]))

    assert (await before).symbols() == ("AAPL",)
    assert (await after).symbols() == ()
    assert (await account.holdings()).symbols() == ()
    assert len(server.requests) == 2


async def test_one_who_leaves_does_not_take_the_answer_from_the_others(
    server: OddServer, account: AlpacaAccount
) -> None:
    leaving = asyncio.create_task(account.holdings())
    staying = asyncio.create_task(account.holdings())
    await server.asked.wait()

    leaving.cancel()
    server.answer_now(ok([POSITION]))

    assert (await staying).symbols() == ("AAPL",)
    with pytest.raises(asyncio.CancelledError):
        await leaving
    assert len(server.requests) == 1


async def test_when_the_last_one_leaves_the_question_ends_and_the_next_is_asked_anew(
    server: OddServer, account: AlpacaAccount
) -> None:
    leaving = [asyncio.create_task(account.holdings()) for _ in range(2)]
    await server.asked.wait()
    for task in leaving:
        task.cancel()
    await asyncio.gather(*leaving, return_exceptions=True)

    assert not [task for task in asyncio.all_tasks() if task.get_name().startswith("alpaca")]
    server.answer = ok([])
    assert (await account.holdings()).positions == ()


async def test_closing_ends_whoever_waits(server: OddServer, account: AlpacaAccount) -> None:
    waiting = [asyncio.create_task(account.holdings()) for _ in range(2)]
    await server.asked.wait()

    account.close()

    for task in waiting:
        with pytest.raises(AlpacaError) as caught:
            await task
        assert caught.value.reason is Reason.STOPPED

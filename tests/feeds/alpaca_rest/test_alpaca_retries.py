"""What may pass by itself is asked again, three times at most; what cannot, never."""

import random
import socket
from collections.abc import AsyncIterator

import pytest
from odd_server import FRESH, OddServer, http, ok
from rest_time import RestTime

from mytrader_tui.feeds.alpaca.account import AlpacaAccount
from mytrader_tui.feeds.alpaca.rest import AlpacaError, Timeouts
from mytrader_tui.feeds.alpaca.retries import Retries
from mytrader_tui.market.link import Reason
from mytrader_tui.settings.secret import Secret

QUICK = Timeouts(connect=0.3, read=0.3, overall=2.0)
GOOD = ok([])


@pytest.fixture
async def server() -> AsyncIterator[OddServer]:
    async with OddServer() as server:
        yield server


@pytest.fixture
def time() -> RestTime:
    return RestTime()


def account_at(url: str, time: RestTime) -> AlpacaAccount:
    return AlpacaAccount(
        trading_url=url,
        key=Secret("k"),
        secret=Secret("s"),
        clock=time,
        timeouts=QUICK,
        lifetimes=FRESH,
        retries=Retries(random.Random(1), time.sleep),
    )


@pytest.fixture
async def account(server: OddServer, time: RestTime) -> AsyncIterator[AlpacaAccount]:
    account = account_at(server.url, time)
    yield account
    account.close()


@pytest.mark.parametrize(
    ("answer", "attempts"),
    [
        (http(500, "{}"), 4),
        (http(502, "<html>"), 4),
        (http(503, ""), 4),
        (http(429, "{}"), 4),
        (http(400, "{}"), 1),
        (http(401, "{}"), 1),
        (http(403, "{}"), 1),
        (http(404, "{}"), 1),
        (http(422, "{}"), 1),
        (http(200, "<html>"), 1),
        (http(200, '[{"id'), 1),
        (b"", 1),
    ],
)
async def test_each_kind_of_trouble_has_its_number_of_attempts(
    server: OddServer, account: AlpacaAccount, answer: bytes, attempts: int
) -> None:
    server.answer = answer

    with pytest.raises(AlpacaError):
        await account.orders()

    assert len(server.requests) == attempts


async def test_the_pauses_double_and_half_of_each_is_chance(
    server: OddServer, account: AlpacaAccount, time: RestTime
) -> None:
    server.answer = http(500, "{}")
    for _ in range(2):
        with pytest.raises(AlpacaError):
            await account.orders()

    first, second = time.slept[:3], time.slept[3:]
    assert all(most / 2 <= pause <= most for pause, most in zip(first, (2, 4, 8), strict=True))
    assert first != second


async def test_a_refused_connection_is_tried_again(time: RestTime) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    account = account_at(f"http://127.0.0.1:{port}", time)

    with pytest.raises(AlpacaError) as caught:
        await account.orders()
    account.close()

    assert caught.value.reason is Reason.NETWORK
    assert len(time.slept) == 3


async def test_trouble_that_passes_is_not_heard_of(server: OddServer, time: RestTime) -> None:
    async def recovering(seconds: float) -> None:
        server.answer = GOOD
        await time.sleep(seconds)

    account = AlpacaAccount(
        trading_url=server.url,
        key=Secret("k"),
        secret=Secret("s"),
        clock=time,
        timeouts=QUICK,
        retries=Retries(random.Random(1), recovering),
    )
    server.answer = http(503, "{}")

    assert await account.orders() == []
    account.close()
    assert len(server.requests) == 2


@pytest.mark.parametrize(("asked", "slept"), [("7", True), ("90", False)])
async def test_a_pause_that_the_server_asks_for_is_kept_or_told(
    server: OddServer, account: AlpacaAccount, time: RestTime, asked: str, slept: bool
) -> None:
    server.answer = http(503, "{}", Retry_After=asked)

    with pytest.raises(AlpacaError) as caught:
        await account.orders()

    assert caught.value.retry_after == float(asked)
    assert all(pause >= 7 for pause in time.slept)
    assert bool(time.slept) is slept


@pytest.mark.parametrize("question", ["account", "holdings", "orders"])
async def test_who_cannot_wait_is_answered_at_once(
    server: OddServer, account: AlpacaAccount, time: RestTime, question: str
) -> None:
    server.answer = http(500, "{}")

    with pytest.raises(AlpacaError):
        await getattr(account, question)(retry=False)

    assert (len(server.requests), time.slept) == (1, [])


async def test_a_retried_error_gives_no_keys_away_and_has_no_context(server: OddServer, account: AlpacaAccount) -> None:
    server.answer = http(500, "{}")

    with pytest.raises(AlpacaError) as caught:
        await account.orders()

    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None

"""What becomes of every kind of bad answer, and that none of them blocks the screen or gives the keys away."""

import asyncio
import logging
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import AsyncIterator, Callable

import pytest
from odd_server import FRESH, WALL, OddServer, clock, http, ok

from mytrader_tui.feeds.alpaca.account import AlpacaAccount
from mytrader_tui.feeds.alpaca.client import Connection, Server, ask
from mytrader_tui.feeds.alpaca.data import AlpacaData
from mytrader_tui.feeds.alpaca.error import Fault
from mytrader_tui.feeds.alpaca.rest import AlpacaError, NotFoundError, Timeouts
from mytrader_tui.market.link import Reason
from mytrader_tui.settings.secret import Secret

KEY, SECRET = "PKTESTKEY0123456789", "s3cr3t/of+the=account"
QUICK = Timeouts(connect=0.3, read=0.3, overall=2.0)
UNAUTHORIZED = '{"code": 40110000, "message": "request is not authorized"}'


@pytest.fixture
async def server() -> AsyncIterator[OddServer]:
    async with OddServer() as server:
        yield server


def account_at(url: str, timeouts: Timeouts = QUICK, key: str = KEY, secret: str = SECRET) -> AlpacaAccount:
    return AlpacaAccount(
        trading_url=url, key=Secret(key), secret=Secret(secret), clock=clock, timeouts=timeouts, lifetimes=FRESH
    )


@pytest.fixture
async def account(server: OddServer) -> AsyncIterator[AlpacaAccount]:
    account = account_at(server.url)
    yield account
    account.close()


async def error_of(account: AlpacaAccount) -> AlpacaError:
    with pytest.raises(AlpacaError) as caught:
        await account.account()
    return caught.value


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (400, '{"message": "bad"}', Reason.BAD_REQUEST),
        (401, UNAUTHORIZED, Reason.AUTH_FAILED),
        (403, '{"message": "forbidden."}', Reason.AUTH_FAILED),
        (403, '{"message": "subscription does not permit querying recent SIP data"}', Reason.NOT_ENTITLED),
        (404, "<html>no such page</html>", Reason.UNREADABLE),
        (422, "", Reason.BAD_REQUEST),
        (429, '{"message": "too many requests."}', Reason.RATE_LIMITED),
        (500, "Internal Server Error", Reason.SERVER_ERROR),
        (502, "<html>Bad Gateway</html>", Reason.SERVER_ERROR),
        (504, "", Reason.SERVER_ERROR),
    ],
)
async def test_each_status_has_its_reason(
    server: OddServer, account: AlpacaAccount, status: int, body: str, reason: Reason
) -> None:
    server.answer = http(status, body)

    error = await error_of(account)

    assert error.reason is reason
    assert error.detail.startswith(f"HTTP {status}")


async def test_a_404_in_alpacas_own_words_is_its_own_error(server: OddServer, account: AlpacaAccount) -> None:
    server.answer = http(404, '{"code": 40410000, "message": "endpoint not found"}')

    with pytest.raises(NotFoundError, match="endpoint not found"):
        await account.account()


async def test_the_text_says_what_happened_what_the_program_does_and_what_the_user_can_do(
    server: OddServer, account: AlpacaAccount
) -> None:
    server.answer = http(401, UNAUTHORIZED)

    assert str(await error_of(account)) == (
        "Alpaca: the keys were refused (HTTP 401 from 127.0.0.1: request is not authorized). "
        "What is known stays and grows old; it is asked again later. "
        "Check ALPACA_API_KEY and ALPACA_SECRET_KEY: a paper account has keys of its own."
    )


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry_After": "7"}, 7.0),
        ({"Retry_After": "Wed, 04 Mar 2026 15:00:30 GMT"}, 30.0),
        ({"X_RateLimit_Reset": str(int(WALL.timestamp()) + 42)}, 42.0),
        ({"Retry_After": "soon", "X_RateLimit_Reset": str(int(WALL.timestamp()) + 42)}, 42.0),
        ({"X_RateLimit_Reset": str(int(WALL.timestamp()) - 42)}, 1.0),
        ({"X_RateLimit_Reset": "9" * 400}, 900.0),
        ({"X_RateLimit_Reset": "never"}, None),
        ({}, None),
    ],
)
async def test_a_rate_limit_says_how_long_to_wait(
    server: OddServer, account: AlpacaAccount, headers: dict[str, str], seconds: float | None
) -> None:
    server.answer = http(429, "{}", **headers)

    error = await error_of(account)

    assert (error.reason, error.retry_after) == (Reason.RATE_LIMITED, seconds)
    assert f"again in {seconds:.0f} s" in str(error) if seconds else "again later" in str(error)


@pytest.mark.parametrize(("status", "reason"), [(429, Reason.RATE_LIMITED), (504, Reason.SERVER_ERROR)])
async def test_alpaca_py_neither_retries_nor_sleeps(
    server: OddServer, account: AlpacaAccount, status: int, reason: Reason
) -> None:
    server.answer = http(status, "{}")

    # Asleep, it would overrun the overall deadline and end as a timeout.
    assert (await error_of(account)).reason is reason
    assert server.requests == ["/v2/account"]


@pytest.mark.parametrize(
    "answer",
    [
        http(200, "<html><title>Sign in to the hotel</title></html>", "text/html"),
        http(200, '{"equity": "1'),
        http(200, ""),
        http(200, "null"),
        http(200, "[]"),
        http(200, "[" * 100_000),
        http(200, "9" * 10_000),
        http(200, '"\ud800"'.encode("utf-8", "surrogatepass").decode("latin-1")),
        http(200, "junk", Content_Encoding="gzip"),
        http(302, "", Location="https://api.alpaca.markets/v2/account"),
    ],
)
async def test_an_answer_that_is_not_an_account_is_unreadable(
    server: OddServer, account: AlpacaAccount, answer: bytes
) -> None:
    server.answer = answer

    assert (await error_of(account)).reason is Reason.UNREADABLE
    assert len(server.requests) == 1


@pytest.mark.parametrize("answer", [b"", ok({"equity": "1"})[:-5], b"HTTP/9 junk\r\n\r\n"])
async def test_a_connection_that_breaks_off_is_a_network_fault(
    server: OddServer, account: AlpacaAccount, answer: bytes
) -> None:
    server.answer, server.hang_up = answer, True

    assert (await error_of(account)).reason is Reason.NETWORK


async def test_a_refused_connection_is_a_network_fault_with_the_systems_word() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    account = account_at(f"http://127.0.0.1:{port}")

    error = await error_of(account)
    account.close()

    assert (error.reason, error.detail) == (Reason.NETWORK, "Connection refused")


@pytest.mark.parametrize("answer", [b"", ok({"equity": "1"})[:-5]])
async def test_silence_before_or_within_the_answer_is_a_timeout(
    server: OddServer, account: AlpacaAccount, answer: bytes
) -> None:
    server.answer = answer

    assert (await error_of(account)).reason is Reason.TIMEOUT


async def test_a_request_that_outlasts_the_overall_deadline_is_given_up_and_the_next_one_is_served(
    server: OddServer,
) -> None:
    account = account_at(server.url, Timeouts(connect=30, read=30, overall=0.2))

    error = await error_of(account)
    server.answer = http(401, UNAUTHORIZED)
    following = await error_of(account)
    account.close()

    assert (error.reason, error.detail) == (Reason.TIMEOUT, "no answer within 0.2 s")
    assert following.reason is Reason.AUTH_FAILED


async def test_an_answer_that_comes_too_late_ends_its_connection(server: OddServer) -> None:
    account = account_at(server.url, Timeouts(connect=30, read=30, overall=0.2))
    await error_of(account)

    server.answer_now(ok({}))

    await asyncio.wait_for(server.all_closed.wait(), 5)
    account.close()


async def test_cancelling_a_hung_request_is_honoured_at_once(server: OddServer) -> None:
    account = account_at(server.url, Timeouts(connect=30, read=30, overall=60))
    task = asyncio.create_task(account.account())
    await server.asked.wait()

    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    server.answer = http(401, UNAUTHORIZED)
    assert (await error_of(account)).reason is Reason.AUTH_FAILED
    account.close()


async def test_closing_ends_a_hung_request_and_refuses_later_ones(server: OddServer) -> None:
    account = account_at(server.url, Timeouts(connect=30, read=30, overall=60))
    task = asyncio.create_task(account.account())
    await server.asked.wait()

    account.close()
    account.close()

    with pytest.raises(AlpacaError) as caught:
        await task
    assert caught.value.reason is Reason.STOPPED
    assert (await error_of(account)).reason is Reason.STOPPED


async def test_closing_closes_the_kept_connection(server: OddServer, account: AlpacaAccount) -> None:
    server.answer = http(401, UNAUTHORIZED)
    await error_of(account)
    assert server.open_sockets == 1

    account.close()

    await asyncio.wait_for(server.all_closed.wait(), 5)


async def test_one_connection_serves_many_requests(server: OddServer, account: AlpacaAccount) -> None:
    server.answer = http(401, UNAUTHORIZED)

    for _ in range(3):
        await error_of(account)

    assert (len(server.requests), server.open_sockets) == (3, 1)


async def test_the_event_loop_runs_on_while_a_request_hangs(server: OddServer) -> None:
    account = account_at(server.url, Timeouts(connect=30, read=30, overall=0.5))
    gaps: list[float] = []

    async def tick() -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.01)
            gaps.append(time.monotonic() - before)

    ticker = asyncio.create_task(tick())
    await error_of(account)
    ticker.cancel()
    account.close()

    # A loop that waited for the request would have ticked once or twice; a busy machine still manages some.
    assert len(gaps) > 10


@pytest.mark.parametrize(
    "url", ["https://api.alpaca.markets", "http://paper-api.alpaca.markets", "https://paper-api.alpaca.markets.evil.io"]
)
def test_an_account_that_is_not_a_paper_account_is_refused_before_anything_opens(url: str) -> None:
    with pytest.raises(ValueError, match="trading_url"):
        account_at(url)


def test_snapshots_are_not_asked_for_in_the_clear_beyond_this_machine() -> None:
    with pytest.raises(ValueError, match="data_url"):
        AlpacaData(
            data_url="http://data.alpaca.markets", feed="iex", key=Secret(KEY), secret=Secret(SECRET), clock=clock
        )


@pytest.mark.parametrize("kind", list(Server))
def test_the_host_is_checked_again_where_the_socket_opens(kind: Server) -> None:
    url = "https://live.invalid" if kind is Server.TRADING else "http://live.invalid"
    connection = Connection(server=kind, url=url, key=Secret(KEY), secret=Secret(SECRET), timeouts=QUICK)

    answer = ask(lambda: connection.get("/account", None))

    assert isinstance(answer, Fault)
    assert answer.reason is Reason.BAD_REQUEST
    assert "live.invalid" in answer.detail


async def test_a_proxy_from_the_environment_is_not_used_for_this_machine(
    monkeypatch: pytest.MonkeyPatch, server: OddServer, account: AlpacaAccount
) -> None:
    async with OddServer(http(200, "{}")) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("http_proxy", proxy.url)
        server.answer = http(401, UNAUTHORIZED)

        await error_of(account)

        assert (len(server.requests), proxy.requests) == (1, [])


def long_echo() -> bytes:
    return http(401, f'{{"message": "{"x" * 100}{KEY}{"x" * 100}{SECRET}"}}')


def echo_of_keys() -> bytes:
    return http(401, f'{{"message": "no such key {KEY} with {SECRET}"}}')


@pytest.mark.parametrize(
    "answer", [echo_of_keys, long_echo, lambda: http(500, KEY), lambda: http(200, SECRET), lambda: b""]
)
async def test_no_error_gives_the_keys_away(
    server: OddServer, account: AlpacaAccount, answer: Callable[[], bytes], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.answer = answer()

    error = await error_of(account)

    everything = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    everything += f"{error!r} {error} {error.detail} {account!r} {vars(account)} {caplog.text}"
    assert KEY[:8] not in everything
    assert SECRET[:8] not in everything
    assert error.__cause__ is None
    assert error.__context__ is None


@pytest.mark.parametrize("secret", ["line\nbreak-s3cr3t", "smart’quote-s3cr3t"])
async def test_keys_that_cannot_be_sent_are_refused_keys_and_not_quoted(server: OddServer, secret: str) -> None:
    account = account_at(server.url, secret=secret)

    error = await error_of(account)
    account.close()

    assert error.reason is Reason.AUTH_FAILED
    assert "s3cr3t" not in f"{error!r} {error}"


async def test_the_servers_word_is_cleaned(server: OddServer, account: AlpacaAccount) -> None:
    server.answer = http(500, '{"message": "\\u001b]52;c;aGk=\\u0007over\\nload\\u202e"}')

    assert (await error_of(account)).detail == "HTTP 500: over load"


def test_importing_the_account_and_the_data_imports_neither_alpaca_nor_pandas() -> None:
    program = (
        "import sys\n"
        "import mytrader_tui.feeds.alpaca.account, mytrader_tui.feeds.alpaca.data\n"
        "print([name for name in ('alpaca', 'pandas', 'requests', 'pydantic') if name in sys.modules])\n"
    )

    ended = subprocess.run([sys.executable, "-c", program], timeout=30, capture_output=True, text=True, check=True)

    assert ended.stdout == "[]\n"


def test_the_program_exits_promptly_while_a_request_hangs() -> None:
    program = (
        "import asyncio, socket\n"
        "from mytrader_tui.feeds.alpaca.account import AlpacaAccount\n"
        "from mytrader_tui.market.moment import EPOCH\n"
        "from mytrader_tui.settings.secret import Secret\n"
        "async def main():\n"
        "    with socket.create_server(('127.0.0.1', 0)) as listener:\n"
        "        url = 'http://127.0.0.1:%d' % listener.getsockname()[1]\n"
        "        account = AlpacaAccount(\n"
        "            trading_url=url, key=Secret('k'), secret=Secret('s'), clock=lambda: EPOCH\n"
        "        )\n"
        "        task = asyncio.create_task(account.account())\n"
        "        listener.setblocking(False)\n"
        "        connection, _ = await asyncio.get_running_loop().sock_accept(listener)\n"
        "        account.close()\n"
        "        print('closed', flush=True)\n"
        "        await asyncio.gather(task, return_exceptions=True)\n"
        "        connection.detach()\n"
        "asyncio.run(main())\n"
    )

    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    closed = time.monotonic()
    process.wait(timeout=30)
    process.stdout.close()

    assert process.returncode == 0
    assert time.monotonic() - closed < 4, "longer than the read timeout allows for: the thread was waited for"

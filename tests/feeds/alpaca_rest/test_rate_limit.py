"""Never more than 200 requests in any minute, over all clients of an account, and fewer if Alpaca says so."""

import asyncio
import random
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odd_server import OddServer, http, ok
from rest_time import START, RestTime

from mytrader_tui.demo.market import DemoMarket
from mytrader_tui.feeds.alpaca.account import AlpacaAccount, Lifetimes
from mytrader_tui.feeds.alpaca.data import AlpacaData
from mytrader_tui.feeds.alpaca.rate_limit import Allowance, RequestLimit
from mytrader_tui.feeds.alpaca.rest import AlpacaError, AlpacaRest, Server, Timeouts
from mytrader_tui.feeds.alpaca.retries import Retries
from mytrader_tui.market.link import Reason
from mytrader_tui.settings.secret import Secret

HOUR = 3600.0
CALM = Timeouts(5.0, 5.0, 10.0)


def in_seconds(seconds: float) -> str:
    return str(int(START.wall.timestamp() + seconds))


def most_in_a_minute(times: list[float]) -> int:
    first = most = 0
    for last, at in enumerate(times):
        while at - times[first] >= 60.0:
            first += 1
        most = max(most, last - first + 1)
    return most


@given(st.lists(st.floats(0, 5), min_size=1, max_size=40), st.integers(1, 5))
def test_no_window_however_it_lies_holds_more_than_allowed(gaps: list[float], most: int) -> None:
    time = RestTime()
    limit = RequestLimit(time, requests=most, seconds=7.0)
    taken: list[float] = []

    for gap in gaps:
        time.pass_by(gap)
        while (wait := limit.take("TRADING")) > 0:
            time.pass_by(wait)
        taken.append(time.now.mono)

    assert all(sum(at <= each < at + 7.0 for each in taken) <= most for at in taken)


def test_an_hour_of_asking_without_pause_stays_within_the_limit_and_uses_it() -> None:
    time = RestTime()
    limit = RequestLimit(time)
    taken: list[float] = []

    while time.now.mono < START.mono + HOUR:
        wait = limit.take("TRADING")
        if wait:
            time.pass_by(wait)
        else:
            taken.append(time.now.mono)
            time.pass_by(0.01)

    assert most_in_a_minute(taken) == 200
    assert len(taken) > 11_500


def test_both_servers_share_one_window() -> None:
    limit = RequestLimit(RestTime(), requests=2)

    assert (limit.take("TRADING"), limit.take("DATA")) == (0, 0)
    assert limit.take("TRADING") == pytest.approx(60, abs=0.01)


def test_what_a_server_says_is_left_is_not_exceeded_until_its_reset() -> None:
    time = RestTime()
    limit = RequestLimit(time)
    limit.hear("TRADING", Allowance("1", in_seconds(30)))

    assert limit.take("TRADING") == 0
    assert limit.take("TRADING") == pytest.approx(30, abs=0.01)
    assert limit.take("DATA") == 0
    time.pass_by(30.01)
    assert limit.take("TRADING") == 0


@pytest.mark.parametrize(
    "allowance",
    [
        Allowance(None, None),
        Allowance("0", None),
        Allowance(None, in_seconds(30)),
        Allowance("none", in_seconds(30)),
        Allowance("-1", in_seconds(30)),
        Allowance("9" * 500, in_seconds(30)),
        Allowance("0", "soon"),
    ],
)
def test_headers_that_make_no_sense_hold_nobody_back(allowance: Allowance) -> None:
    limit = RequestLimit(RestTime())
    limit.hear("TRADING", allowance)

    assert limit.take("TRADING") == 0


def test_a_reset_beyond_the_window_is_not_believed() -> None:
    limit = RequestLimit(RestTime())
    limit.hear("TRADING", Allowance("0", "9" * 300))

    assert limit.take("TRADING") == pytest.approx(60, abs=0.01)


@pytest.fixture
async def market() -> AsyncIterator[DemoMarket]:
    async with DemoMarket(clock=RestTime(), ticks_per_second=0) as market:
        yield market


def account_on(url: str, time: RestTime, lifetimes: Lifetimes | None = None, limit: RequestLimit | None = None):
    retries = Retries(random.Random(1), time.sleep)
    return AlpacaAccount(
        trading_url=url,
        key=Secret("DEMO-KEY"),
        secret=Secret("demo-secret"),
        clock=time,
        timeouts=CALM,
        lifetimes=lifetimes,
        limit=limit,
        retries=retries,
    )


async def test_an_hour_of_the_monitors_own_use_stays_under_half_the_limit() -> None:
    """Account and positions every five seconds, the clock and the snapshots every minute, as the monitor asks."""
    time = RestTime()
    limit = RequestLimit(time)
    asked: list[float] = []
    answers = {"/v2/account": ok({"equity": "1", "cash": "1", "buying_power": "1"}), "/v2/positions": ok([])}
    async with OddServer(ok({})) as server:
        account = account_on(server.url, time, limit=limit)
        data = AlpacaData(
            data_url=server.url,
            feed="iex",
            key=Secret("k"),
            secret=Secret("s"),
            clock=time,
            timeouts=CALM,
            limit=limit,
        )
        for beat in range(int(HOUR / 5)):
            for path, question in (("/v2/account", account.account), ("/v2/positions", account.holdings)):
                server.answer = answers[path]
                await question()
            server.answer = ok({})
            if beat % 12 == 0:
                await data.snapshots(["AAPL"])
            asked += [time.now.mono] * (len(server.requests) - len(asked))
            time.pass_by(5.0)
        account.close()
        data.close()

    assert len(asked) == 720 * 2 + 60
    assert most_in_a_minute(asked) <= 100


async def test_a_burst_beyond_the_limit_waits_and_is_never_refused_by_the_server() -> None:
    time = RestTime()
    async with DemoMarket(clock=time, ticks_per_second=0) as market:
        rest = AlpacaRest(
            server=Server.TRADING,
            url=market.trading_url,
            key=Secret(market.key),
            secret=Secret(market.secret),
            clock=time,
            timeouts=CALM,
            sleep=time.sleep,
        )
        started = 0
        for _ in range(4):
            for _ in range(60):
                await rest.get("/clock")
                started += 1
            time.pass_by(16.0)
        rest.close()

    assert started == len(market.seen.requests) == 240


async def test_a_spent_minute_is_told_with_the_seconds_left_and_costs_no_request(market: DemoMarket) -> None:
    time = RestTime()
    limit = RequestLimit(time, requests=1)
    account = account_on(market.trading_url, time, Lifetimes(account=0), limit)
    await account.account()

    with pytest.raises(AlpacaError) as caught:
        await account.account(retry=True)
    account.close()

    assert caught.value.reason is Reason.RATE_LIMITED
    assert caught.value.retry_after == pytest.approx(60, abs=0.01)
    assert len(market.seen.requests) == 1


async def test_the_headers_of_a_success_are_heard() -> None:
    time = RestTime()
    body = '{"equity": "1", "cash": "1", "buying_power": "1"}'
    async with OddServer(http(200, body, X_RateLimit_Remaining="0", X_RateLimit_Reset=in_seconds(40))) as server:
        account = account_on(server.url, time, Lifetimes(account=0))
        await account.account()

        with pytest.raises(AlpacaError) as caught:
            await account.account()
        account.close()

        assert caught.value.reason is Reason.RATE_LIMITED
        assert len(server.requests) == 1


async def test_a_refusal_for_too_many_requests_holds_back_every_other_question_too() -> None:
    time = RestTime()
    async with OddServer(http(429, "{}", Retry_After="40")) as server:
        account = account_on(server.url, time)
        for question in (account.account, account.holdings, account.orders):
            with pytest.raises(AlpacaError):
                await question()
        account.close()

        assert server.requests == ["/v2/account"]


async def test_closing_ends_a_question_that_waits_for_its_place() -> None:
    asleep = asyncio.Event()

    async def forever(_: float) -> None:
        asleep.set()
        await asyncio.Event().wait()

    time = RestTime()
    async with OddServer(http(500, "{}")) as server:
        account = AlpacaAccount(
            trading_url=server.url,
            key=Secret("k"),
            secret=Secret("s"),
            clock=time,
            timeouts=CALM,
            retries=Retries(sleep=forever),
        )
        asked = asyncio.create_task(account.orders())
        await asleep.wait()

        account.close()

        with pytest.raises(AlpacaError) as caught:
            await asked
    assert caught.value.reason is Reason.STOPPED

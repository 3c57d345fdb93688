"""What the examination finds at Alpaca: the account, the limit, the clock, the prices and the stream."""

import asyncio
from datetime import timedelta

import pytest
from doctor_kit import KEY, PAIR, QUICK, SECRET, SOON, alpaca_of, market
from msgspec.structs import replace

from mytrader_tui.doctor.broker import Broker, HeardLimit, skewed
from mytrader_tui.doctor.examination import examine
from mytrader_tui.doctor.result import Check, Verdict
from mytrader_tui.doctor.stream import IN_USE, StreamTrial
from mytrader_tui.feeds.alpaca.rate_limit import Allowance
from mytrader_tui.monitor.clock import system_clock
from mytrader_tui.monitor.instance_lock import InstanceLock


def broker(demo, **changed):
    return Broker(alpaca_of(demo, **changed), PAIR, system_clock, SOON)


def trial(demo, folder, **changed):
    return StreamTrial(alpaca_of(demo, **changed), PAIR, folder, system_clock, QUICK)


async def test_a_good_account_is_told_without_any_amount_of_it():
    async with market() as demo:
        asked = broker(demo)
        account, requests = await asyncio.gather(asked.account(), asked.requests())

    assert (account.verdict, account.found) == (
        Verdict.OK,
        "the keys are taken; the paper account is active, in USD",
    )
    assert (requests.verdict, requests.found) == (Verdict.OK, "199 more this minute")
    assert len([path for kind, path in demo.seen.requests if path.startswith("/v2/account")]) == 1


@pytest.mark.parametrize(
    ("status", "verdict", "found", "advice"),
    [
        (401, Verdict.FAIL, "the keys were refused", "ALPACA_API_KEY"),
        (403, Verdict.FAIL, "the keys were refused", "ALPACA_API_KEY"),
        (429, Verdict.WARN, "too many requests", "Wait a minute"),
        (503, Verdict.FAIL, "the server has a fault", "status.alpaca.markets"),
    ],
)
async def test_a_refusal_says_why_and_what_to_do(status, verdict, found, advice):
    async with market() as demo:
        demo.faults.rest_status = status
        result = await broker(demo).account()

    assert (result.verdict, found in result.found, advice in result.advice) == (verdict, True, True)


async def test_the_limit_is_not_judged_without_an_answer():
    async with market() as demo:
        demo.faults.rest_status = 401
        result = await broker(demo).requests()

    assert result.verdict is Verdict.SKIP


async def test_few_requests_left_are_a_warning():
    async with market() as demo:
        asked = broker(demo)
        await asked.account()
        asked._limit.heard = Allowance("3", None)
        result = await asked.requests()

    assert (result.verdict, result.found) == (Verdict.WARN, "3 more this minute")
    assert isinstance(asked._limit, HeardLimit)


@pytest.mark.parametrize(
    ("seconds", "verdict", "side"), [(0, "ok", ""), (90, "warn", "behind"), (-3600, "fail", "ahead of")]
)
async def test_a_clock_that_is_off_is_told_by_how_much(seconds, verdict, side):
    def theirs():
        now = system_clock()
        return replace(now, wall=now.wall + timedelta(seconds=seconds))

    async with market(clock=theirs) as demo:
        result = await broker(demo).clock()

    assert result.verdict == verdict
    assert side in result.found


def test_half_of_the_round_trip_is_no_skew_and_a_long_one_measures_nothing():
    assert skewed(0.4, 1.5).verdict is Verdict.OK
    assert "too long to tell" in skewed(3.0, 2.5).found


async def test_the_prices_of_a_feed_that_the_plan_has():
    async with market() as demo:
        result = await broker(demo).prices("AAPL")

    assert result.verdict is Verdict.OK
    assert "AAPL on the feed iex" in result.found


async def test_the_prices_of_a_feed_that_the_plan_lacks():
    async with market() as demo:
        result = await broker(demo, feed="sip").prices("AAPL")

    assert (result.verdict, result.found.split(" (")[0]) == (Verdict.FAIL, "the plan does not include this feed")
    assert 'feed = "iex"' in result.advice


async def test_the_stream_is_tried_and_closed_at_once(tmp_path):
    async with market() as demo:
        result = await trial(demo, tmp_path).run("AAPL")

        assert result.verdict is Verdict.OK
        assert "AAPL on the feed iex" in result.found
        assert [action["action"] for action in demo.seen.actions] == ["auth", "subscribe"]
        assert demo.seen.actions[1]["quotes"] == ["AAPL"]
    assert demo.seen.open_connections == 0


async def test_a_running_instance_keeps_its_stream(tmp_path):
    lock = InstanceLock(tmp_path, PAIR.key)
    assert lock.acquire()
    async with market() as demo:
        result = await trial(demo, tmp_path).run("AAPL")
    lock.release()

    assert (result.verdict, result.found) == (Verdict.SKIP, IN_USE)
    assert demo.seen.connections == 0


async def test_where_nobody_ever_streamed_no_lock_is_begun(tmp_path):
    async with market() as demo:
        result = await trial(demo, tmp_path).run("AAPL")

    assert result.verdict is Verdict.OK
    assert [*tmp_path.iterdir()] == []


async def test_after_the_trial_the_stream_is_free_again(tmp_path):
    before = InstanceLock(tmp_path, PAIR.key)
    assert before.acquire()
    before.release()

    async with market() as demo:
        await trial(demo, tmp_path).run("AAPL")

    lock = InstanceLock(tmp_path, PAIR.key)
    assert lock.acquire()
    lock.release()


async def test_where_nobody_has_ever_run_no_folder_is_made(tmp_path):
    async with market() as demo:
        await trial(demo, tmp_path / "state").run("AAPL")

    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize(
    ("fault", "value", "verdict", "found"),
    [
        ("auth_error", 402, Verdict.FAIL, "the keys were refused"),
        ("auth_error", 406, Verdict.WARN, "another session holds your stream"),
        ("auth_error", 409, Verdict.FAIL, "the plan does not include this feed"),
        ("upgrade_status", 403, Verdict.FAIL, "the keys were refused"),
        ("mute_step", "connected", Verdict.FAIL, "the server does not answer"),
        ("mute_step", "auth", Verdict.FAIL, "the server does not answer"),
        ("mute_step", "subscribe", Verdict.FAIL, "the server does not answer"),
        ("close_code", 1011, Verdict.FAIL, "the connection was lost"),
    ],
)
async def test_what_stands_against_the_stream(tmp_path, fault, value, verdict, found):
    async with market() as demo:
        setattr(demo.faults, fault, value)
        result = await trial(demo, tmp_path).run("AAPL")

    assert (result.verdict, found in result.found) == (verdict, True)
    assert result.advice


async def test_a_feed_that_the_plan_lacks(tmp_path):
    async with market() as demo:
        result = await trial(demo, tmp_path, feed="sip").run("AAPL")

    assert (result.verdict, 'feed = "iex"' in result.advice) == (Verdict.FAIL, True)


async def test_no_stream_server_at_all(tmp_path):
    async with market() as demo:
        demo.gates.stream.refuse()
        result = await trial(demo, tmp_path).run("AAPL")

    assert (result.verdict, result.found.split(" (")[0]) == (Verdict.FAIL, "cannot reach the server")


async def test_the_keys_are_in_no_finding_about_alpaca(tmp_path):
    async with market() as demo:
        asked, tried = broker(demo), trial(demo, tmp_path)
        demo.faults.rest_status, demo.faults.auth_error = 401, 402
        checks = [Check("a", asked.account), Check("c", asked.clock), Check("s", lambda: tried.run("AAPL"))]
        report = await examine(checks, (), system_clock)

    assert not any(secret in f"{report}" for secret in (KEY, SECRET))

"""The script of an outage, played in virtual time on real sockets."""

import asyncio

import pytest
from demo_clients import StreamClient, quiet_market
from websockets.exceptions import ConnectionClosed

from mytrader_tui.demo.script import Act, perform, play, steps
from mytrader_tui.demo.settings import FAULTS_FAILOVER_SECONDS, FAULTS_RECOVERY_SECONDS

FAILURES = (
    Act.LOSE_STREAM,
    Act.MUTE_STREAM,
    Act.TAKE_CONNECTION,
    Act.FREEZE_STREAM,
    Act.CLOSE_FOR_REPAIRS,
    Act.LOSE_BOTH,
)


def test_six_different_failures_and_recoveries_are_told_within_two_minutes() -> None:
    script = steps(FAULTS_FAILOVER_SECONDS, FAULTS_RECOVERY_SECONDS)
    assert sum(step.seconds for step in script) <= 120
    assert len({step.caption for step in script}) == len(script) == 13
    assert tuple(step.act for step in script[1::2]) == FAILURES
    assert {step.act for step in script[2::2]} == {Act.HEAL}


def test_every_outage_lasts_longer_than_the_failover_and_every_recovery_longer_than_its_hold() -> None:
    script = steps(failover_seconds=3.0, recovery_seconds=5.0)
    assert all(step.seconds > 3.0 for step in script[1::2])
    assert all(step.seconds > 5.0 for step in script[2::2])


@pytest.mark.looptime
async def test_it_plays_each_step_at_its_time_and_leaves_the_market_well() -> None:
    loop = asyncio.get_running_loop()
    announced: list[tuple[float, str]] = []
    async with quiet_market() as market:
        began = loop.time()
        await play(market, lambda caption: announced.append((loop.time() - began, caption)))
        expected = 0.0
        for (at, caption), step in zip(announced, steps(3.0, 3.0), strict=True):
            assert at == pytest.approx(expected, abs=0.5)
            assert caption == step.caption
            expected += step.seconds
        async with StreamClient(market) as client:
            assert (await client.authenticate())["msg"] == "authenticated"


async def test_every_act_is_felt_by_a_client() -> None:
    async with quiet_market() as market, StreamClient(market) as client:
        await client.authenticate()
        perform(Act.LOSE_STREAM, market)
        with pytest.raises(ConnectionClosed):
            await client.frame()
        with pytest.raises(ConnectionRefusedError):
            async with StreamClient(market):
                pass
        perform(Act.HEAL, market)
        perform(Act.TAKE_CONNECTION, market)
        async with StreamClient(market) as second:
            assert (await second.authenticate())["code"] == 406


async def test_a_cancelled_script_heals_the_market() -> None:
    async with quiet_market() as market:
        playing = asyncio.create_task(play(market, lambda caption: None, failover_seconds=0.01))
        await asyncio.sleep(0)
        perform(Act.MUTE_STREAM, market)
        playing.cancel()
        await asyncio.gather(playing, return_exceptions=True)
        assert not market.faults.mute

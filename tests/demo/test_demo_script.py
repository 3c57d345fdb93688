"""The script of an outage, played in virtual time on real sockets."""

import asyncio

import pytest
from demo_clients import StreamClient, quiet_market
from websockets.exceptions import ConnectionClosed

from mytrader_tui.demo.script import Act, perform, play, steps


def test_it_lasts_about_a_minute_and_every_step_says_what_happens() -> None:
    script = steps(6.0, 8.0)
    assert 55 < sum(step.seconds for step in script) < 80
    assert len({step.caption for step in script}) == len(script)
    assert [step.act for step in script if step.act is not Act.HEAL][1:] == [
        Act.LOSE_STREAM,
        Act.MUTE_STREAM,
        Act.TAKE_CONNECTION,
    ]


def test_every_outage_lasts_longer_than_the_failover_and_every_recovery_longer_than_its_hold() -> None:
    script = steps(failover_seconds=3.0, recovery_seconds=5.0)
    outages = [step.seconds for step in script if step.act not in (Act.HEAL, Act.NOTHING)]
    recoveries = [step.seconds for step in script if step.act is Act.HEAL]
    assert min(outages) > 3.0
    assert recoveries[0] > 5.0
    assert recoveries[1] > 10.0


@pytest.mark.looptime
async def test_it_plays_each_step_at_its_time_and_leaves_the_market_well() -> None:
    loop = asyncio.get_running_loop()
    announced: list[tuple[float, str]] = []
    async with quiet_market() as market:
        began = loop.time()
        await play(market, lambda caption: announced.append((round(loop.time() - began), caption)))
        assert [at for at, _ in announced] == [0, 4, 14, 26, 36, 56, 66]
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

"""The kit itself: an hour of the market in seconds, the same each time."""

import asyncio
import time
from datetime import datetime

from layers import simulated
from world import FALLBACK, PRIMARY, world

from mytrader_tui.feeds.worker_thread import WorkerThread

HOUR = 3600.0


@simulated
async def test_an_hour_with_one_outage_takes_seconds(tmp_path):
    began = time.monotonic()
    async with world(tmp_path) as it:
        first = it.now
        await it.serving()
        await it.go(600)
        it.cut_off()
        took = await it.failover(within=61)
        await it.go(300)
        it.market.gates.stream.accept()
        back = await it.until(lambda: it.state is PRIMARY, 200, "recovery")
        await it.steady(HOUR - (it.now - first))

        assert [entry.after for entry in it.entries] == [PRIMARY, FALLBACK, PRIMARY]
        assert 60 <= took <= 61
        assert 120 <= back <= 185
        assert time.monotonic() - began < 30


async def _a_rough_quarter_of_an_hour(folder) -> list[tuple[datetime, str]]:
    async with world(folder) as it:
        await it.serving()
        it.cut_off()
        await it.go(100)
        it.market.gates.stream.accept()
        await it.go(200)
        it.market.faults.mute = True
        await it.go(500)
        return [(entry.at, entry.cause) for entry in it.entries]


def test_the_same_seed_gives_the_same_story(tmp_path):
    stories: list[list[tuple[datetime, str]]] = []

    @simulated
    async def once(folder):
        stories.append(await _a_rough_quarter_of_an_hour(folder))

    once(tmp_path / "one")
    once(tmp_path / "other")

    assert len(stories[0]) >= 3
    assert [cause for _, cause in stories[0]] == [cause for _, cause in stories[1]]
    for (one, _), (other, _) in zip(*stories, strict=True):
        assert abs((one - other).total_seconds()) <= 1.0


@simulated
async def test_the_clock_stands_while_a_thread_works_and_leaps_while_nobody_does():
    loop = asyncio.get_running_loop()
    worker = WorkerThread("slow")
    before = loop.time()

    await worker.run(lambda: time.sleep(0.2), 5.0)
    await asyncio.to_thread(time.sleep, 0.1)

    assert loop.time() == before
    real = time.monotonic()
    await asyncio.sleep(HOUR)
    assert loop.time() - before >= HOUR
    assert time.monotonic() - real < 30.0
    worker.close()

"""A crashed task is reported and started again with growing pauses; a stopped one stays stopped."""

import asyncio

import pytest

from mytrader_tui.monitor.supervision import LONGEST_PAUSE_SECONDS, keep_running, stop_all


class Pauses:
    """Takes note of the pauses asked for and gives the loop one turn for each."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        await asyncio.sleep(0)


async def test_a_crash_is_reported_and_the_work_started_again_after_growing_pauses():
    pauses, crashes, runs = Pauses(), [], 0

    async def work() -> None:
        nonlocal runs
        runs += 1
        if runs <= 8:
            raise ValueError(f"crash {runs}")

    await keep_running("work", work, lambda name, error: crashes.append((name, str(error))), pauses)

    assert runs == 9
    assert crashes[0] == ("work", "crash 1")
    assert pauses.seconds == [1, 2, 4, 8, 16, 32, LONGEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS]


async def test_work_that_ends_by_itself_is_not_run_again():
    runs = 0

    async def work() -> None:
        nonlocal runs
        runs += 1

    await keep_running("work", work, lambda name, error: pytest.fail("it did not crash"), Pauses())

    assert runs == 1


async def test_cancelling_reaches_the_work_and_waits_for_its_clean_up():
    started, cleaned = asyncio.Event(), False

    async def work() -> None:
        nonlocal cleaned
        try:
            started.set()
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            cleaned = True

    keeper = asyncio.create_task(keep_running("work", work, lambda name, error: None, Pauses()))
    await started.wait()
    await stop_all({keeper}, deadline=1.0)

    assert keeper.cancelled()
    assert cleaned


async def test_stopping_does_not_wait_longer_than_its_deadline_for_a_task_that_will_not_end():
    release = asyncio.Event()

    async def stubborn() -> None:
        while not release.is_set():
            try:
                await release.wait()
            except asyncio.CancelledError:
                continue

    task = asyncio.create_task(stubborn(), name="stubborn")
    await asyncio.sleep(0)

    await stop_all({task}, deadline=0.05)

    assert not task.done()
    release.set()
    await task

"""One thread for a blocking library, from which the program can always walk away."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import AsyncIterator

import pytest

from mytrader_tui.feeds.worker_thread import WorkerClosedError, WorkerThread


@pytest.fixture
async def worker() -> AsyncIterator[WorkerThread]:
    worker = WorkerThread("test-worker")
    yield worker
    worker.close()


@pytest.fixture
async def stuck() -> AsyncIterator[threading.Event]:
    """A job that waits for it is stuck until the test ends."""
    event = threading.Event()
    yield event
    event.set()


async def test_a_job_runs_in_the_named_daemon_thread_and_its_value_comes_back(worker: WorkerThread) -> None:
    thread = await worker.run(threading.current_thread, deadline=5)

    assert (thread.name, thread.daemon) == ("test-worker", True)


async def test_an_exception_passes_through(worker: WorkerThread) -> None:
    with pytest.raises(ValueError, match="x"):
        await worker.run(lambda: int("x"), deadline=5)

    assert await worker.run(lambda: 1, deadline=5) == 1


async def test_an_exception_that_coroutines_cannot_raise_does_not_hang_the_awaiter(worker: WorkerThread) -> None:
    with pytest.raises(RuntimeError, match="StopIteration"):
        await worker.run(lambda: next(iter(())), deadline=5)


async def test_jobs_run_one_at_a_time_in_the_order_they_came_and_in_the_same_thread(worker: WorkerThread) -> None:
    order: list[tuple[int, int]] = []

    await asyncio.gather(
        *(worker.run(lambda i=i: order.append((i, threading.get_ident())), deadline=5) for i in range(20))
    )

    assert [i for i, _ in order] == list(range(20))
    assert len({ident for _, ident in order}) == 1


async def test_a_job_that_overruns_is_abandoned_and_the_next_one_gets_a_new_thread(
    worker: WorkerThread, stuck: threading.Event
) -> None:
    first = await worker.run(threading.get_ident, deadline=5)

    with pytest.raises(TimeoutError):
        await worker.run(stuck.wait, deadline=0.01)

    assert await worker.run(threading.get_ident, deadline=5) != first


async def test_a_deadline_counts_from_the_jobs_own_turn(worker: WorkerThread, stuck: threading.Event) -> None:
    hung = asyncio.create_task(worker.run(stuck.wait, deadline=0.1))
    await asyncio.sleep(0)

    assert await worker.run(lambda: "in time", deadline=0.05) == "in time"

    with pytest.raises(TimeoutError):
        await hung


async def test_cancelling_the_awaiter_is_honoured_at_once_and_does_not_block_the_next_job(
    worker: WorkerThread, stuck: threading.Event
) -> None:
    hung = asyncio.create_task(worker.run(stuck.wait, deadline=60))
    await asyncio.sleep(0.01)

    hung.cancel()

    with pytest.raises(asyncio.CancelledError):
        await hung
    assert await worker.run(lambda: 1, deadline=5) == 1


async def test_a_late_answer_of_an_abandoned_job_reaches_nobody(worker: WorkerThread) -> None:
    release, ended = threading.Event(), threading.Event()

    def late() -> str:
        release.wait()
        ended.set()
        return "late"

    with pytest.raises(TimeoutError):
        await worker.run(late, deadline=0.01)
    release.set()
    await asyncio.to_thread(ended.wait)

    assert await worker.run(lambda: "next", deadline=5) == "next"


async def test_close_ends_a_pending_job_and_those_waiting_for_their_turn(stuck: threading.Event) -> None:
    worker = WorkerThread("test-worker")
    running = asyncio.create_task(worker.run(stuck.wait, deadline=60))
    waiting = asyncio.create_task(worker.run(lambda: 1, deadline=60))
    await asyncio.sleep(0.01)

    worker.close()
    worker.close()

    for task in (running, waiting):
        with pytest.raises(WorkerClosedError):
            await task
    with pytest.raises(WorkerClosedError):
        await worker.run(lambda: 1, deadline=5)


async def test_close_ends_the_idle_thread() -> None:
    worker = WorkerThread("test-worker")
    thread = await worker.run(threading.current_thread, deadline=5)

    worker.close()

    await asyncio.to_thread(thread.join, 5)
    assert not thread.is_alive()


def test_the_program_exits_promptly_while_a_job_hangs() -> None:
    program = (
        "import asyncio, threading\n"
        "from mytrader_tui.feeds.worker_thread import WorkerThread\n"
        "async def main():\n"
        "    worker = WorkerThread('hung')\n"
        "    task = asyncio.create_task(worker.run(threading.Event().wait, deadline=60))\n"
        "    await asyncio.sleep(0.05)\n"
        "    task.cancel()\n"
        "    await asyncio.gather(task, return_exceptions=True)\n"
        "    worker.close()\n"
        "asyncio.run(main())\n"
    )

    ended = subprocess.run([sys.executable, "-c", program], timeout=60, capture_output=True, check=False)

    assert (ended.returncode, ended.stderr) == (0, b"")


def test_a_job_that_ends_after_its_loop_is_gone_is_silent() -> None:
    release, ended = threading.Event(), threading.Event()

    def late() -> None:
        release.wait()
        ended.set()

    async def leave() -> threading.Thread:
        worker = WorkerThread("test-worker")
        thread = await worker.run(threading.current_thread, deadline=5)
        with pytest.raises(TimeoutError):
            await worker.run(late, deadline=0.01)
        return thread

    thread = asyncio.run(leave())
    release.set()
    thread.join(5)

    assert ended.is_set()
    assert not thread.is_alive()

"""What befalls a database while the program runs: prices go on, it is told, and what waited is written after."""

import asyncio
import gc
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pytest
from keeping import PATIENCE_SECONDS, Prices, keeping, rows, until
from msgspec.structs import replace
from private_postgres import PrivatePostgres
from sqlalchemy import URL

import mytrader_tui
from mytrader_tui.history.engine import FILE_NAME, url_for
from mytrader_tui.history.records import Batch
from mytrader_tui.monitor import history_access, history_keeper
from mytrader_tui.monitor.history_keeper import HistoryKeeper

GAP_SECONDS = 1.0
"""The longest that the loop may be held up here; on an idle machine it is the fiftieth part of that."""

LEAVE_SECONDS = 20.0
"""The longest that leaving may take here. What hangs does so until it is let go of; on an idle machine it is 0.5 s."""

HANGING = pytest.mark.filterwarnings(
    "ignore:.*psycopg.Connection.*:ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
"""The connection that hung is left to whoever comes first, its thread or the collector."""


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    """What a test left behind is counted to that test."""
    yield
    deadline = time.monotonic() + 5.0
    while any(thread.name == "history" for thread in threading.enumerate()) and time.monotonic() < deadline:
        threading.Event().wait(0.02)
    gc.collect()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_keeper, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(history_keeper, "RETRY_SECONDS", 0.3)


def written(keeper: HistoryKeeper, more: int = 1) -> asyncio.Task[None]:
    """Wait until so many more batches were written and nothing is the matter."""
    before = keeper.counts.batches
    return asyncio.create_task(
        until(lambda: keeper.counts.batches >= before + more and not keeper._access.fault, lambda: keeper.trouble)
    )


def complaining(keeper: HistoryKeeper) -> asyncio.Task[None]:
    return asyncio.create_task(until(lambda: "cannot be written" in keeper.trouble, lambda: f"told: {keeper.counts}"))


async def test_a_server_that_dies_and_comes_back_misses_nothing(postgres: PrivatePostgres, tmp_path: Path) -> None:
    url, prices = postgres.database(), Prices()
    async with keeping(url, tmp_path, prices) as keeper:
        await written(keeper)
        await asyncio.to_thread(postgres.stop)
        await complaining(keeper)
        assert "in memory" in keeper.trouble
        await asyncio.to_thread(postgres.restart)
        await written(keeper, 3)

    assert await asyncio.to_thread(rows, url) == 3 * prices.taken
    assert keeper.counts.failures >= 1
    assert keeper.counts.dropped == 0


async def test_a_server_that_is_not_there_at_the_start_gets_all_of_it_once_it_is(
    postgres: PrivatePostgres, tmp_path: Path
) -> None:
    url, prices = postgres.database(), Prices()
    await asyncio.to_thread(postgres.stop)
    try:
        async with keeping(url, tmp_path, prices) as keeper:
            await complaining(keeper)
            await asyncio.to_thread(postgres.restart)
            await written(keeper, 2)
    finally:
        if prices.taken == 0:
            await asyncio.to_thread(postgres.restart)

    assert await asyncio.to_thread(rows, url) == 3 * prices.taken


async def test_two_monitors_on_one_history_keep_what_both_saw_once_and_all_that_one_saw(
    url: URL, tmp_path: Path
) -> None:
    mine, theirs = Prices(), Prices(name="T")
    async with (
        keeping(url, tmp_path, mine) as one,
        keeping(url, tmp_path, Prices()) as same,
        keeping(url, tmp_path, theirs) as other,
    ):
        for keeper in (one, same, other):
            await written(keeper, 5)

    assert await asyncio.to_thread(rows, url) >= 3 * (mine.taken + theirs.taken)
    assert [keeper.counts.failures for keeper in (one, same, other)] == [0, 0, 0]


@HANGING
async def test_a_server_that_hangs_holds_up_neither_the_loop_nor_the_way_out(
    postgres: PrivatePostgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_keeper, "WRITE_SECONDS", 0.4)
    async with keeping(postgres.database(), tmp_path) as keeper:
        await written(keeper)
        idle = await longest_gap(1.0)
        with postgres.stopped():
            gap = asyncio.create_task(longest_gap(1.0))
            await complaining(keeper)
            assert await gap < max(GAP_SECONDS, 3 * idle)
        await written(keeper, 2)


@HANGING
async def test_leaving_takes_no_longer_because_the_server_hangs(postgres: PrivatePostgres, tmp_path: Path) -> None:
    keeping_it = keeping(postgres.database(), tmp_path)
    await written(await keeping_it.__aenter__())
    with postgres.stopped():
        began = time.monotonic()
        await keeping_it.__aexit__(None, None, None)
        taken = time.monotonic() - began

    assert taken < LEAVE_SECONDS


@HANGING
async def test_a_history_that_hangs_does_not_hold_up_a_question(
    postgres: PrivatePostgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_access, "ANSWER_SECONDS", 0.2)
    async with keeping(postgres.database(), tmp_path, interval=100.0) as keeper:
        await until(lambda: keeper._access.is_open, lambda: "opened")
        with postgres.stopped():
            began = time.monotonic()
            answers = [await keeper.ask(lambda history: history.latest(["AAPL"])) for _ in range(100)]
            taken = time.monotonic() - began

    # A hundred deadlines would take 20 s.
    assert answers == [None] * 100
    assert taken < 10.0


async def test_a_file_that_is_damaged_while_it_is_used_is_moved_aside_and_a_new_one_begun(tmp_path: Path) -> None:
    url = url_for("", tmp_path)
    async with keeping(url, tmp_path) as keeper:
        await written(keeper)
        # Between two uses: what overwrites a write under way may be overwritten in its turn.
        await keeper._access.run(lambda: damage(tmp_path / FILE_NAME), PATIENCE_SECONDS)
        await until(lambda: "was damaged and moved to" in keeper.trouble, lambda: keeper.trouble)
        await written(keeper, 2)

    assert moved_aside(tmp_path) == 1
    assert await asyncio.to_thread(rows, url) >= 6
    assert keeper.counts.dropped == 0


@pytest.mark.parametrize("what", ["the file", "the folder"])
async def test_what_is_deleted_while_it_is_used_is_begun_anew(tmp_path: Path, what: str) -> None:
    folder = tmp_path / "data"
    async with keeping(url_for("", folder), folder) as keeper:
        await written(keeper)
        await keeper._access.run(lambda: delete(folder, whole=what == "the folder"), PATIENCE_SECONDS)
        await until(lambda: keeper.counts.openings >= 2, lambda: f"{keeper.trouble} {keeper.counts}")
        await written(keeper, 2)

    assert await asyncio.to_thread(rows, url_for("", folder)) >= 6


async def test_a_disk_that_is_full_is_told_and_what_waited_is_written_after(tmp_path: Path) -> None:
    folder = tmp_path / "small"
    with small_disk(folder):
        url, prices = url_for("", folder), Prices()
        async with keeping(url, folder, prices) as keeper:
            await written(keeper)
            filler = folder / "filler"
            await asyncio.to_thread(fill, filler)
            await complaining(keeper)
            await asyncio.to_thread(filler.unlink)
            await written(keeper, 3)

        assert await asyncio.to_thread(rows, url) == 3 * prices.taken


async def test_a_folder_that_may_only_be_read_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "small"
    with small_disk(folder):
        async with keeping(url_for("", folder), folder) as keeper:
            await written(keeper)
            await asyncio.to_thread(mount, folder, "ro")
            await complaining(keeper)
            await asyncio.to_thread(mount, folder, "rw")
            await written(keeper, 2)


async def test_no_more_than_an_hour_waits_and_what_is_given_up_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_keeper, "BACKLOG_SECONDS", 0.5)
    (tmp_path / FILE_NAME).mkdir()
    async with keeping(url_for("", tmp_path), tmp_path) as keeper:
        await until(lambda: keeper.counts.dropped >= 3, lambda: "batches are given up")

        assert len(keeper._backlog) <= 5
        assert "given up" in keeper.trouble


async def test_a_batch_that_no_database_takes_is_given_up_and_the_others_are_written(url: URL, tmp_path: Path) -> None:
    prices = Refused()
    async with keeping(url, tmp_path, prices) as keeper:
        await written(keeper, 4)

        assert keeper.counts.dropped == 1


async def test_writing_a_thousand_symbols_does_not_hold_the_loop_up(url: URL, tmp_path: Path) -> None:
    async with keeping(url, tmp_path, Prices(1000)) as keeper:
        await written(keeper)
        gaps = [await longest_gap(0.3) for _ in range(5)]
    idle = await longest_gap(1.0)

    assert sorted(gaps)[2] < max(GAP_SECONDS, 3 * idle)


@HANGING
def test_leaving_does_not_wait_for_a_thread_that_hangs_in_a_server(postgres: PrivatePostgres, tmp_path: Path) -> None:
    """A process of its own: what hangs in a library must not keep the interpreter from ending."""
    url = postgres.database().render_as_string(hide_password=False)
    path = os.pathsep.join((str(Path(mytrader_tui.__file__).parents[1]), str(Path(__file__).parent)))
    with subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("hanging.py")), url, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        assert child.stdin is not None
        assert child.stdout.readline() == "written\n"
        with postgres.stopped():
            child.stdin.write("leave\n")
            child.stdin.flush()
            try:
                assert child.wait(timeout=LEAVE_SECONDS) == 0
            finally:
                child.kill()


class Refused(Prices):
    """The second batch has a price without a feed, which no history takes."""

    def take(self) -> Batch:
        batch = super().take()
        if self.taken != 2:
            return batch
        return Batch((replace(batch.quotes[0], feed=cast("str", None)), *batch.quotes[1:]))


async def longest_gap(seconds: float) -> float:
    """The longest time in which the loop did nothing else, in seconds."""
    longest, until_ = 0.0, time.monotonic() + seconds
    before = time.monotonic()
    while before < until_:
        await asyncio.sleep(0.001)
        now = time.monotonic()
        longest, before = max(longest, now - before), now
    return longest


def damage(file: Path) -> None:
    """Write over all of it, and what waits beside it."""
    for path in file.parent.glob(f"{file.name}*"):
        path.write_bytes(b"no database at all" * 1000)


def moved_aside(folder: Path) -> int:
    return len(list(folder.glob("history.broken-*.db")))


def delete(folder: Path, *, whole: bool) -> None:
    for path in folder.glob(f"{FILE_NAME}*"):
        path.unlink(missing_ok=True)
    if whole:
        folder.rmdir()


def fill(path: Path) -> None:
    """Take all the room that there is."""
    with path.open("wb", buffering=0) as file:
        for size in (65536, 4096, 512):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A file system of two megabytes."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small disk")
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], check=False, capture_output=True)
    if done.returncode:
        pytest.skip("a small disk cannot be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def mount(folder: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", folder], check=True)

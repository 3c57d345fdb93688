"""One stream for one key on one machine."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from desk_under_test import running, until, until_badges

from mytrader_tui.demo.market import DemoMarket
from mytrader_tui.market.failover.router import State
from mytrader_tui.market.freshness import BadgeKind
from mytrader_tui.market.link import Reason
from mytrader_tui.market.status import SourceHealth
from mytrader_tui.monitor.clock import system_clock
from mytrader_tui.monitor.instance_lock import InstanceLock
from mytrader_tui.settings import Secret

KEY = Secret("PK-A-KEY-OF-SOMEBODY")

HOLDER = """
import sys
from pathlib import Path
from mytrader_tui.monitor.instance_lock import InstanceLock
from mytrader_tui.settings import Secret
lock = InstanceLock(Path(sys.argv[1]), Secret(sys.argv[2]))
print(lock.acquire(), flush=True)
sys.stdin.read()
"""


def holder(folder: Path) -> "subprocess.Popen[str]":
    """Another process that tries to hold the lock, says whether it does, and lives until killed."""
    return subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder), KEY.reveal()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )


@pytest.fixture
async def market():
    async with DemoMarket(clock=system_clock, ticks_per_second=50.0) as market:
        yield market


def test_only_one_holds_it_and_the_other_gets_it_when_it_is_let_go_of(tmp_path):
    first, second = InstanceLock(tmp_path, KEY), InstanceLock(tmp_path, KEY)

    assert first.acquire()
    assert first.acquire()
    assert not second.acquire()

    first.release()
    assert second.acquire()
    second.release()


def test_letting_go_of_what_was_never_held_does_nothing(tmp_path):
    first, second = InstanceLock(tmp_path, KEY), InstanceLock(tmp_path, KEY)
    second.release()
    first.acquire()
    second.acquire()

    second.release()

    assert not second.acquire()
    first.release()


def test_other_keys_have_a_lock_of_their_own(tmp_path):
    first, second = InstanceLock(tmp_path, KEY), InstanceLock(tmp_path, Secret("PK-ANOTHER"))

    assert first.acquire()
    assert second.acquire()

    first.release()
    second.release()


def test_the_file_tells_nothing_of_the_key_and_is_its_owners(tmp_path):
    lock = InstanceLock(tmp_path / "state", KEY)
    lock.acquire()

    (file,) = (tmp_path / "state").iterdir()
    assert KEY.reveal() not in file.name + file.read_text()
    assert file.stat().st_mode & 0o077 == 0
    lock.release()


def test_a_folder_that_cannot_be_written_stops_nobody(tmp_path):
    (tmp_path / "state").write_text("in the way")

    assert InstanceLock(tmp_path / "state", KEY).acquire()


def test_another_process_holds_it_until_it_is_killed(tmp_path):
    lock = InstanceLock(tmp_path, KEY)
    with holder(tmp_path) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        assert not lock.acquire()

        other.send_signal(signal.SIGKILL)
        other.wait(10)

    assert lock.acquire()
    lock.release()


async def test_a_second_window_opens_no_stream_serves_from_yahoo_and_says_so(market, tmp_path):
    async with running(market, tmp_path) as first:
        await until_badges(first, AAPL=BadgeKind.LIVE)

        async with running(market, tmp_path) as second:
            await until_badges(second, AAPL=BadgeKind.DELAYED, MSFT=BadgeKind.DELAYED)
            await until(lambda: second.account is not None, "the second window's account")

            status = second.status(second.now())
            assert second.intake.model.state is State.FALLBACK_ACTIVE
            assert second.ledger[-1].cause == Reason.SECOND_INSTANCE.value
            assert status.sources[0].health is SourceHealth.OFF
            assert status.sources[0].reason == Reason.SECOND_INSTANCE.value
            assert "serves from Yahoo" in status.hint
            await until(lambda: second.account_note == "", "the account of the second")
        assert market.seen.connections == 1
        await until_badges(first, AAPL=BadgeKind.LIVE)
        assert first.intake.link(first.board.serving("AAPL")).up


async def test_when_the_first_window_closes_the_second_takes_the_stream_over(market, tmp_path, monkeypatch):
    monkeypatch.setattr("mytrader_tui.monitor.instance_lock.LOCK_RETRY_SECONDS", 0.1)
    async with running(market, tmp_path) as first:
        await until_badges(first, AAPL=BadgeKind.LIVE)
        second_window = running(market, tmp_path)
        second = await second_window.__aenter__()
        await until_badges(second, AAPL=BadgeKind.DELAYED)
    try:
        await until_badges(second, AAPL=BadgeKind.LIVE, MSFT=BadgeKind.LIVE)
        assert second.intake.model.state is State.PRIMARY_ACTIVE
        assert second.intake.model.fatal is None
        assert market.seen.connections == 2
        assert "other mytrader-tui" not in second.status(second.now()).hint
    finally:
        await second_window.__aexit__(None, None, None)


async def test_a_window_that_closed_leaves_the_lock(market, tmp_path):
    async with running(market, tmp_path) as monitor:
        await until_badges(monitor, AAPL=BadgeKind.LIVE)

    async with running(market, tmp_path) as monitor:
        await until_badges(monitor, AAPL=BadgeKind.LIVE)


async def test_without_a_folder_for_the_lock_the_stream_runs(market, tmp_path):
    (tmp_path / "state").write_text("in the way")

    async with running(market, tmp_path) as monitor:
        await until_badges(monitor, AAPL=BadgeKind.LIVE)

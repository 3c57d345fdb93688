"""Two windows of the program keep one alerts.toml, and neither loses what was done in the other."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from alert_world import LEVEL, World, created
from desk_under_test import QUICK, running, until
from msgspec.structs import replace

from mytrader_tui.demo.market import DemoMarket
from mytrader_tui.market.alerts.alert import Alert, AlertCondition, AlertKind
from mytrader_tui.monitor import alerting
from mytrader_tui.monitor.alerts_kept import AlertsKept
from mytrader_tui.monitor.clock import system_clock
from mytrader_tui.monitor.worker import Monitor
from mytrader_tui.settings import alerts_file, file_lock
from mytrader_tui.settings.alerts_file import read_alerts
from mytrader_tui.settings.schema import Alerts

BELOW = AlertCondition(AlertKind.BELOW, 100.0)


@pytest.fixture
def windows(tmp_path: Path) -> tuple[World, World]:
    """Two windows on one folder, the second a moment behind the first."""
    first, second = World(tmp_path), World(tmp_path)
    second.now = second.now.later(0.25)
    return first, second


def kept(world: World) -> list[tuple[str, AlertCondition]]:
    return [(alert.symbol, alert.condition) for alert in read_alerts(world.path)[0]]


def known(world: World) -> tuple[Alert, ...]:
    return tuple(view.alert for view in world.alerting.alerts)


def test_what_two_windows_set_is_kept_of_both(windows: tuple[World, World]) -> None:
    first, second = windows
    created(first)
    created(second, BELOW, "MSFT")

    first.alerting.close()
    second.alerting.close()

    assert kept(first) == [("AAPL", LEVEL), ("MSFT", BELOW)]


def test_alerts_that_two_windows_set_in_the_same_instant_are_two(tmp_path: Path) -> None:
    first, second = World(tmp_path), World(tmp_path)
    created(first)
    created(second, BELOW)

    first.alerting.close()
    second.alerting.close()

    assert [condition for _, condition in kept(first)] == [LEVEL, BELOW]


def test_what_one_window_deletes_the_other_does_not_bring_back(windows: tuple[World, World]) -> None:
    first, second = windows
    gone = created(first)
    first.alerting.close()
    first.start()
    second.start()
    created(second, BELOW)
    first.alerting.delete(gone.id)

    first.alerting.close()
    second.alerting.close()

    assert kept(first) == [("AAPL", BELOW)]


@pytest.fixture
async def writers(windows: tuple[World, World], monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Both windows write, and look for what the other did."""
    monkeypatch.setattr(alerting, "LOOK_SECONDS", 0.05)
    tasks = [asyncio.create_task(world.alerting.write_when_changed()) for world in windows]
    yield
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


@pytest.mark.usefixtures("writers")
async def test_each_window_shows_and_judges_what_the_other_set(windows: tuple[World, World]) -> None:
    first, second = windows
    created(first)
    created(second, BELOW)
    await until(lambda: len(known(first)) == len(known(second)) == 2, "both know both")
    assert known(first) == known(second)

    second.row(195.0)
    assert second.tick() == ("AAPL",)

    await until(lambda: known(first) == known(second), "the other knows that it fired")
    assert len(first.alerting.unseen) == 1
    first.row(195.0)
    assert first.tick() == ()


@pytest.mark.usefixtures("writers")
async def test_what_is_looked_at_or_deleted_in_one_window_is_so_in_the_other(windows: tuple[World, World]) -> None:
    first, second = windows
    alert = created(first)
    first.row(195.0)
    first.tick()
    await until(lambda: len(second.alerting.unseen) == 1, "the other knows that it fired")
    second.alerting.see()
    await until(lambda: first.alerting.unseen == (), "it was seen")
    second.alerting.delete(alert.id)
    await until(lambda: known(first) == (), "it is gone")

    assert read_alerts(first.path)[0] == ()


@pytest.mark.usefixtures("writers")
async def test_a_file_that_goes_away_takes_no_alert_with_it(windows: tuple[World, World]) -> None:
    first, second = windows
    created(first)
    await until(lambda: len(known(second)) == 1, "both know it")

    first.path.unlink()
    created(second, BELOW)

    await until(lambda: len(kept(first)) == 2, "all is written again")
    assert len(known(first)) >= 1


def test_many_windows_that_write_at_once_lose_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_lock, "LOCK_SECONDS", 60.0)
    path = tmp_path / "alerts.toml"
    made = created(World(tmp_path / "elsewhere"))

    def write(window: int) -> None:
        own = AlertsKept(path)
        for each in range(10):
            number = 1 + 100 * window + each
            new = replace(made, id=str(number), created=made.created + timedelta(seconds=number))
            shared = own.write(own.shared, (*own.shared, new))
            assert shared is not None
            own.shared = shared

    windows = [threading.Thread(target=write, args=(window,)) for window in range(4)]
    for thread in windows:
        thread.start()
    for thread in windows:
        thread.join()

    assert len(read_alerts(path)[0]) == 40


@pytest.mark.parametrize("changed_here", [True, False], ids=["after we wrote", "after we read"])
def test_what_another_window_writes_as_soon_as_it_may_is_heard_of_at_the_next_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed_here: bool
) -> None:
    path = tmp_path / "alerts.toml"
    made = created(World(tmp_path / "elsewhere"))
    ours, theirs, earlier = (replace(made, id=str(number)) for number in (1, 2, 3))
    here, there = AlertsKept(path), AlertsKept(path)
    if not changed_here:
        there.shared = there.write((), (earlier,)) or ()
    waiting = ExitStack()
    waiting.callback(lambda: there.write(there.shared, (*there.shared, theirs)))

    @contextmanager
    def alone_and_then_the_other(path: Path) -> Iterator[None]:
        with waiting.pop_all(), file_lock.alone(path):
            yield

    monkeypatch.setattr(alerts_file, "alone", alone_and_then_the_other)

    here.shared = here.write((), (ours,) if changed_here else ()) or ()
    assert theirs not in here.shared
    here.shared = here.write(here.shared, here.shared) or ()

    assert theirs in here.shared


def test_a_lock_that_nobody_lets_go_of_keeps_no_alert_from_being_written(
    windows: tuple[World, World], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(file_lock, "LOCK_SECONDS", 0.05)
    first, _ = windows
    created(first)

    with held(first.path):
        first.alerting.close()

    assert kept(first) == [("AAPL", LEVEL)]
    assert "no lock on alerts.toml" in caplog.text


def held(path: Path) -> ExitStack:
    """Another window that writes for ever."""
    stack = ExitStack()
    stack.enter_context(file_lock.alone(path))
    return stack


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alerting, "LOOK_SECONDS", 0.1)


@pytest.mark.usefixtures("often")
async def test_two_desks_on_one_folder_have_the_same_alerts(tmp_path: Path) -> None:
    settings = replace(QUICK, alerts=Alerts(desktop=False))
    async with DemoMarket(clock=system_clock) as market:
        async with running(market, tmp_path, settings) as one, running(market, tmp_path, settings) as other:
            assert isinstance(one.alerts.create("AAPL", AlertCondition(AlertKind.ABOVE, 1e6)), Alert)
            assert isinstance(other.alerts.create("MSFT", AlertCondition(AlertKind.ABOVE, 1e6)), Alert)
            await until(lambda: symbols(one) == symbols(other) == ["AAPL", "MSFT"], "both have both")
        async with running(market, tmp_path, settings) as after:
            assert symbols(after) == ["AAPL", "MSFT"]


def symbols(monitor: Monitor) -> list[str]:
    return sorted(view.alert.symbol for view in monitor.alerts.alerts)

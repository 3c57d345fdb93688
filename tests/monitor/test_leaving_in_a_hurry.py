"""Whoever leaves twice, by the key and by a signal, loses nothing by it."""

import asyncio
import threading
from pathlib import Path

import pytest
from desk_under_test import PATIENCE_SECONDS
from msgspec.structs import replace

from mytrader_tui.market.alerts.alert import AlertCondition, AlertKind
from mytrader_tui.monitor.clock import system_clock
from mytrader_tui.monitor.instance_lock import InstanceLock
from mytrader_tui.monitor.sources import Sources
from mytrader_tui.monitor.worker import Monitor
from mytrader_tui.settings import Secret, Settings
from mytrader_tui.settings.credentials import Credentials
from mytrader_tui.settings.paths import Paths
from mytrader_tui.settings.schema import Alpaca, Watchlist, Yahoo

NOWHERE = Settings(
    watchlist=Watchlist(symbols=("AAPL", "MSFT")),
    alpaca=Alpaca(
        stream_url="ws://127.0.0.1:9", data_url="http://127.0.0.1:9", trading_url="http://127.0.0.1:9", feed="iex"
    ),
    yahoo=Yahoo(base_url="http://127.0.0.1:9"),
)
PAIR = Credentials(Secret("PKTEST00000000000000"), Secret("s" * 40))


async def cancelled_twice(monitor: Monitor, task: "asyncio.Task[None]") -> None:
    """Tell the monitor to stop, and again while it is at it."""
    task.cancel()
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait({task}, timeout=PATIENCE_SECONDS)
    assert task.cancelled()


async def test_a_second_order_to_stop_leaves_nothing_unsaved(tmp_path: Path) -> None:
    monitor = Monitor(NOWHERE, PAIR, Paths.under(tmp_path), clock=system_clock)
    task = asyncio.create_task(monitor.run(), name="monitor")
    await asyncio.sleep(0.5)
    monitor.remove("AAPL")
    monitor.alerts.create("MSFT", AlertCondition(AlertKind.ABOVE, 190.0))

    await cancelled_twice(monitor, task)

    after = Monitor(replace(NOWHERE, alpaca=Alpaca(enabled=False)), None, Paths.under(tmp_path), clock=system_clock)
    assert after.watchlist.symbols == ("MSFT",)
    assert [view.alert.symbol for view in after.alerts.alerts] == ["MSFT"]


async def test_leaving_while_the_sources_are_being_opened_closes_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, held, closed = threading.Event(), threading.Event(), list[Sources]()
    monkeypatch.setattr(InstanceLock, "acquire", lambda _: asked.set() or held.wait(PATIENCE_SECONDS))
    monkeypatch.setattr(Sources, "close", lambda sources: closed.append(sources))
    monitor = Monitor(NOWHERE, PAIR, Paths.under(tmp_path), clock=system_clock)
    task = asyncio.create_task(monitor.run(), name="monitor")
    assert await asyncio.to_thread(asked.wait, PATIENCE_SECONDS)

    task.cancel()
    await asyncio.wait({task}, timeout=PATIENCE_SECONDS)
    held.set()

    assert len(closed) == 1


async def test_a_second_order_to_stop_leaves_the_stream_to_the_next_instance(tmp_path: Path) -> None:
    monitor = Monitor(NOWHERE, PAIR, Paths.under(tmp_path), clock=system_clock)
    task = asyncio.create_task(monitor.run(), name="monitor")
    await asyncio.sleep(0.5)

    await cancelled_twice(monitor, task)

    lock = InstanceLock(Paths.under(tmp_path).state_folder, PAIR.key)
    assert lock.acquire()
    lock.release()

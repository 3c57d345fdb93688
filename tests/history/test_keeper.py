"""When the history is written: soon after the start, between the steps of a prune, and on the way out."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from keeping import PATIENCE_SECONDS, Prices, keeping, rows, until
from msgspec.structs import replace
from seen import seen
from sqlalchemy import URL, func, select

from mytrader_tui import app
from mytrader_tui.history import retention
from mytrader_tui.history.engine import url_for
from mytrader_tui.history.opening import open_history
from mytrader_tui.history.records import Batch
from mytrader_tui.history.schema import HOURLY
from mytrader_tui.history.store import History
from mytrader_tui.monitor import history_access, history_keeper, worker
from mytrader_tui.monitor.clock import system_clock

LONG = 1000.0
"""An interval after which nothing is due in any test."""


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_keeper, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(history_keeper, "RETRY_SECONDS", 0.3)


class Told(Prices):
    """Counts how often the last known prices were written."""

    known = 0

    def write_last_known(self) -> None:
        self.known += 1


async def test_the_first_batch_and_the_last_known_prices_are_written_once_every_row_has_a_price(tmp_path: Path) -> None:
    prices = Told()
    async with keeping(url_for("", tmp_path), tmp_path, prices, LONG) as keeper:
        await until(lambda: keeper._access.is_open, lambda: "opened")
        assert (prices.taken, prices.known) == (0, 0)
        prices.complete = True
        await until(lambda: (keeper.counts.batches, prices.known) == (1, 1), lambda: f"{keeper.counts} {prices.known}")


async def test_rows_that_nobody_tells_a_price_of_do_not_hold_the_first_batch_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_keeper, "FIRST_SECONDS", 0.2)
    prices = Told()
    async with keeping(url_for("", tmp_path), tmp_path, prices, LONG) as keeper:
        await until(lambda: (keeper.counts.batches, prices.known) == (1, 1), lambda: f"{keeper.counts} {prices.known}")


async def test_the_last_known_prices_do_not_wait_for_a_history_that_does_not_open(
    tmp_path: Path, opening: "Opening", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_access, "OPEN_SECONDS", 0.1)
    prices = Told()
    prices.complete = True
    async with keeping(url_for("", tmp_path), tmp_path, prices, LONG):
        await until(lambda: prices.known == 1, lambda: "the last known prices are written")
        assert not opening.let_go.is_set()


class Opening:
    """An opening of the history that takes until it is let go of."""

    def __init__(self, really: Callable[..., Any]) -> None:
        self.begun = 0
        self.let_go = threading.Event()
        self._really = really

    def __call__(self, setting: str, folder: Path) -> Any:
        self.begun += 1
        self.let_go.wait(PATIENCE_SECONDS)
        return self._really(setting, folder)


@pytest.fixture
def opening(monkeypatch: pytest.MonkeyPatch) -> Iterator[Opening]:
    held = Opening(history_access._opened)
    monkeypatch.setattr(history_access, "_opened", held)
    yield held
    held.let_go.set()


async def test_who_leaves_while_the_history_is_being_opened_loses_nothing_and_opens_it_once(
    tmp_path: Path, opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_keeper, "LEAVE_SECONDS", PATIENCE_SECONDS)
    url = url_for("", tmp_path)
    running = keeping(url, tmp_path, interval=LONG)
    await running.__aenter__()
    await until(lambda: opening.begun == 1, lambda: "the opening is begun")

    leaving = asyncio.create_task(running.__aexit__(None, None, None))
    await asyncio.wait({leaving}, timeout=0.1)
    opening.let_go.set()
    await leaving

    assert opening.begun == 1
    assert await asyncio.to_thread(rows, url) == 3


async def test_an_opening_that_takes_too_long_does_not_keep_anybody_from_leaving(
    tmp_path: Path, opening: Opening
) -> None:
    prices = Told()
    running = keeping(url_for("", tmp_path), tmp_path, prices, LONG)
    keeper = await running.__aenter__()
    await until(lambda: opening.begun == 1, lambda: "the opening is begun")

    await running.__aexit__(None, None, None)

    assert not opening.let_go.is_set()
    assert keeper._access._opening is None
    assert prices.known == 1


def test_all_that_leaving_waits_for_is_less_than_two_seconds() -> None:
    assert worker.STOP_SECONDS + history_keeper.LEAVE_SECONDS + app.LEAVE_SECONDS < 2.0


def old(days: int, symbols: int, url: URL) -> int:
    """Fill the history with prices that are old enough to become hours; how many."""
    now = system_clock().wall
    history = open_history(url).history
    for day in range(days):
        made = now - timedelta(days=60 + day)
        history.write(
            Batch(
                tuple(
                    replace(seen(f"S{n}"), event_time=made + timedelta(minutes=minute))
                    for n in range(symbols)
                    for minute in range(0, 60, 10)
                )
            )
        )
    history.close()
    return days * symbols * 6


def in_hours(url: URL) -> int:
    """The prices that have become hours."""
    history = open_history(url).history
    with history.reading() as connection:
        count = connection.execute(select(func.coalesce(func.sum(HOURLY.c.quotes), 0))).scalar_one()
    history.close()
    return int(count)


async def test_during_a_large_prune_batches_are_written_and_questions_answered(
    url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled = await asyncio.to_thread(old, 6, 40, url)
    monkeypatch.setattr(retention, "STEP_ROWS", 50)
    monkeypatch.setattr(history_keeper, "PRUNE_FIRST_SECONDS", 0.0)
    monkeypatch.setattr(history_access, "ANSWER_SECONDS", PATIENCE_SECONDS)
    done: list[str] = []
    step, write = retention.Pruning.step, History.write
    monkeypatch.setattr(retention.Pruning, "step", lambda self, history: done.append("step") or step(self, history))
    monkeypatch.setattr(History, "write", lambda self, batch: done.append("batch") or write(self, batch))

    async with keeping(url, tmp_path) as keeper:
        await until(lambda: "step" in done, lambda: keeper.trouble)
        answer = await keeper.ask(lambda history: done.append("answer") or history.latest(["S0"]))
        await until(lambda: keeper._pruning is None and "step" in done, lambda: f"pruned: {done}")

    pruned = done[done.index("step") : len(done) - done[::-1].index("step")]
    assert pruned.count("step") > filled / 60
    assert pruned.count("batch") >= 3
    assert pruned.count("answer") == 1
    assert answer
    assert await asyncio.to_thread(in_hours, url) == filled
    assert keeper.counts.failures == 0

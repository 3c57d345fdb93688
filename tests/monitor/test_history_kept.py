"""What was seen is kept, comes back as CACHED, and a history that fails is told and never in the way."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import pytest
from desk_under_test import QUICK, kinds, running, until, until_badges, until_serving
from msgspec.structs import replace
from sqlalchemy import func, select

from mytrader_tui.demo.market import DemoMarket
from mytrader_tui.history.engine import FILE_NAME, url_for
from mytrader_tui.history.opening import open_history
from mytrader_tui.history.schema import EQUITY, MARKET_DATA, TRANSITIONS
from mytrader_tui.market.bars import BarSeries, Timeframe
from mytrader_tui.market.freshness import BadgeKind
from mytrader_tui.market.link import Reason
from mytrader_tui.market.quote import Source
from mytrader_tui.monitor import history_keeper
from mytrader_tui.monitor.clock import system_clock
from mytrader_tui.monitor.worker import Monitor
from mytrader_tui.settings import Settings
from mytrader_tui.settings.history import History
from mytrader_tui.settings.paths import Paths
from mytrader_tui.settings.schema import Alpaca, Yahoo
from mytrader_tui.telemetry.counters import HistoryCounts

OFTEN = replace(QUICK, history=History(interval_seconds=0.2))
NOWHERE = replace(
    QUICK,
    alpaca=Alpaca(enabled=False),
    yahoo=Yahoo(base_url="http://127.0.0.1:9"),
)
"""Settings with which no source can be reached."""


@pytest.fixture
async def market() -> AsyncIterator[DemoMarket]:
    async with DemoMarket(clock=system_clock) as market:
        yield market


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_keeper, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(history_keeper, "RETRY_SECONDS", 0.2)
    # What is written is the matter here; how long leaving may take is measured elsewhere.
    monkeypatch.setattr(history_keeper, "LEAVE_SECONDS", 20.0)


def counted(folder: Path) -> dict[str, int]:
    """Rows of the history below `folder`."""
    history = open_history(url_for("", Paths.under(folder).data_folder)).history
    with history.reading() as connection:
        counts = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (MARKET_DATA, EQUITY, TRANSITIONS)
        }
    history.close()
    return counts


def newest(folder: Path) -> dict[str, datetime]:
    """When the newest price of each symbol in the history below `folder` was made."""
    history = open_history(url_for("", Paths.under(folder).data_folder)).history
    time = func.max(MARKET_DATA.c.event_time)
    with history.reading() as connection:
        rows = connection.execute(select(MARKET_DATA.c.symbol, time).group_by(MARKET_DATA.c.symbol)).all()
    history.close()
    return {row.symbol: row[1] for row in rows}


def counts(monitor: Monitor) -> HistoryCounts:
    """What became of the history's work."""
    return monitor._keeper.counts if monitor._keeper is not None else HistoryCounts()


@asynccontextmanager
async def offline(folder: Path, settings: Settings = NOWHERE) -> AsyncIterator[Monitor]:
    """A monitor whose sources cannot be reached, which runs."""
    monitor = Monitor(settings, None, Paths.under(folder), clock=system_clock)
    task = asyncio.create_task(monitor.run(), name="monitor without a network")
    try:
        yield monitor
    finally:
        task.cancel()
        await asyncio.wait({task}, timeout=30.0)


def tried(monitor: Monitor) -> bool:
    """True once the one source that may be asked was, in vain."""
    link = monitor.intake.link(Source.YAHOO)
    return not link.up and link.reason is not Reason.STARTING


async def live_once(market: DemoMarket, folder: Path) -> dict[str, float | None]:
    """A run that saw every row; the prices it saw last."""
    async with running(market, folder, OFTEN) as monitor:
        await until_serving(monitor, AAPL=BadgeKind.LIVE, _GSPC=BadgeKind.DELAYED)
        await until(lambda: counted(folder)["market_data"] >= 3, "the history is open and written")
    served = {symbol: monitor.board.served(symbol) for symbol in monitor.watchlist.symbols}
    return {symbol: quote.price if quote else None for symbol, quote in served.items()}


async def test_leaving_writes_what_was_on_the_board(market: DemoMarket, tmp_path: Path) -> None:
    async with running(market, tmp_path) as monitor:
        await until_serving(monitor, AAPL=BadgeKind.LIVE, _GSPC=BadgeKind.DELAYED)
        await until(lambda: monitor.account is not None, "the account is read")
        await until(lambda: counts(monitor).batches == 1, "what the start saw is written")
        seen = monitor.board.version("AAPL")
        await until(lambda: monitor.board.version("AAPL") > seen, "there is news")
        last = {symbol: monitor.board.served(symbol) for symbol in monitor.watchlist.symbols}

    written = newest(tmp_path)
    assert all(quote is not None and written[symbol] >= quote.price_time for symbol, quote in last.items())  # type: ignore[operator]
    assert counted(tmp_path)["equity"] >= 1


async def test_what_is_seen_soon_after_the_start_outlives_a_kill(market: DemoMarket, tmp_path: Path) -> None:
    paths = Paths.under(tmp_path)
    async with running(market, tmp_path) as monitor:
        await until_badges(monitor, AAPL=BadgeKind.LIVE, MSFT=BadgeKind.LIVE, _GSPC=BadgeKind.DELAYED)
        await until((paths.data_folder / "last-known.msgpack").exists, "the last known prices are kept")
        await until(lambda: counts(monitor).batches == 1, "the first batch is written")

        # Whoever starts now, while the other neither left nor had an interval go by, is the next after a kill.
        after = Monitor(NOWHERE, None, paths, clock=system_clock)
        assert set(kinds(after).values()) == {BadgeKind.CACHED}
        assert counted(tmp_path)["market_data"] >= 3


async def test_the_next_start_shows_every_row_as_cached_before_anything_is_heard(
    market: DemoMarket, tmp_path: Path
) -> None:
    seen = await live_once(market, tmp_path)

    monitor = Monitor(NOWHERE, None, Paths.under(tmp_path), clock=system_clock)

    assert set(kinds(monitor).values()) == {BadgeKind.CACHED}
    assert {symbol: monitor.board.served(symbol).price for symbol in seen} == seen  # type: ignore[union-attr]
    origin = monitor.board.served("AAPL").origin  # type: ignore[union-attr]
    assert (origin.source, origin.feed) == (Source.CACHE, "alpaca iex")


async def test_without_a_network_what_was_known_stays_and_grows_older(market: DemoMarket, tmp_path: Path) -> None:
    await live_once(market, tmp_path)

    async with offline(tmp_path) as monitor:
        await until(lambda: tried(monitor), "both sources were asked")
        badge = monitor.badge("AAPL", monitor.now().later(3600.0))

        assert (badge.kind, badge.text) == (BadgeKind.CACHED, "□ CACHED 1h")


async def test_a_cached_row_is_still_known_after_a_start_that_heard_nothing(market: DemoMarket, tmp_path: Path) -> None:
    await live_once(market, tmp_path)
    async with offline(tmp_path) as monitor:
        await until(lambda: tried(monitor), "both sources were asked")

    monitor = Monitor(NOWHERE, None, Paths.under(tmp_path), clock=system_clock)

    assert set(kinds(monitor).values()) == {BadgeKind.CACHED}


async def test_cached_rows_turn_live_and_delayed_as_news_arrives(market: DemoMarket, tmp_path: Path) -> None:
    await live_once(market, tmp_path)

    async with running(market, tmp_path) as monitor:
        assert set(kinds(monitor).values()) == {BadgeKind.CACHED}
        await until_badges(monitor, AAPL=BadgeKind.LIVE, _GSPC=BadgeKind.DELAYED)


async def test_a_row_that_only_the_database_knows_is_cached_too(market: DemoMarket, tmp_path: Path) -> None:
    await live_once(market, tmp_path)
    (Paths.under(tmp_path).data_folder / "last-known.msgpack").unlink()

    async with offline(tmp_path) as monitor:
        await until_badges(monitor, AAPL=BadgeKind.CACHED, MSFT=BadgeKind.CACHED)


async def test_last_known_prices_that_make_no_sense_are_left_out(market: DemoMarket, tmp_path: Path) -> None:
    folder = Paths.under(tmp_path).data_folder
    folder.mkdir(parents=True)
    (folder / "last-known.msgpack").write_bytes(b"\xc1 nonsense")

    async with running(market, tmp_path) as monitor:
        assert set(kinds(monitor).values()) == {BadgeKind.NO_DATA}
        await until_serving(monitor, AAPL=BadgeKind.LIVE)


async def test_prices_are_written_every_interval_whatever_the_router_does(market: DemoMarket, tmp_path: Path) -> None:
    async with running(market, tmp_path, OFTEN) as monitor:
        await until_serving(monitor, AAPL=BadgeKind.LIVE)
        await until(lambda: counted(tmp_path)["market_data"] > 6, "batches are written")


async def blocked(folder: Path) -> Path:
    """A history that cannot be opened: a folder has its place."""
    place = Paths.under(folder).data_folder / FILE_NAME
    await asyncio.to_thread(place.mkdir, parents=True)
    return place


def told(monitor: Monitor) -> Callable[[], bool]:
    return lambda: "the history cannot be written" in monitor.status(monitor.now()).hint


async def test_a_history_that_fails_is_told_and_prices_go_on(market: DemoMarket, tmp_path: Path) -> None:
    await blocked(tmp_path)

    async with running(market, tmp_path, OFTEN) as monitor:
        await until(told(monitor), "the trouble is told")
        await until_serving(monitor, AAPL=BadgeKind.LIVE)


async def test_when_it_heals_what_waited_is_written(market: DemoMarket, tmp_path: Path) -> None:
    place = await blocked(tmp_path)

    async with running(market, tmp_path, OFTEN) as monitor:
        await until_serving(monitor, AAPL=BadgeKind.LIVE)
        await until(told(monitor), "the trouble is told")
        await asyncio.to_thread(place.rmdir)
        await until(lambda: not told(monitor)(), "it healed")
        await until(lambda: counted(tmp_path)["market_data"] > 6, "what waited is written")


async def test_a_history_locked_by_another_program_is_waited_for(
    market: DemoMarket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mytrader_tui.history.engine.BUSY_SECONDS", 0.1)
    async with running(market, tmp_path, OFTEN) as monitor:
        await until_serving(monitor, AAPL=BadgeKind.LIVE)
        await until(lambda: counts(monitor).batches > 0, "the history is open and written")
        other = sqlite3.connect(Paths.under(tmp_path).data_folder / FILE_NAME, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        await until(told(monitor), "the trouble is told")
        other.execute("COMMIT")
        other.close()
        await until(lambda: not told(monitor)(), "it healed")


async def test_a_damaged_history_is_moved_aside_and_the_user_told(market: DemoMarket, tmp_path: Path) -> None:
    folder = Paths.under(tmp_path).data_folder
    folder.mkdir(parents=True)
    (folder / FILE_NAME).write_bytes(b"no database at all" * 1000)

    async with running(market, tmp_path, OFTEN) as monitor:
        await until(lambda: "was damaged and moved to" in monitor.status(monitor.now()).hint, "it is told")
        await until_serving(monitor, AAPL=BadgeKind.LIVE)

    assert len(list(folder.glob("history.broken-*.db"))) == 1


async def test_no_history_is_kept_where_none_is_wanted(market: DemoMarket, tmp_path: Path) -> None:
    async with running(market, tmp_path, replace(QUICK, history=History(enabled=False))) as monitor:
        await until_serving(monitor, AAPL=BadgeKind.LIVE)

    assert not Paths.under(tmp_path).data_folder.exists()


async def test_a_second_look_and_a_second_start_ask_for_the_tail_of_a_chart_only(
    market: DemoMarket, tmp_path: Path
) -> None:
    answers: list[BarSeries | str] = []
    for _ in range(2):
        async with running(market, tmp_path, OFTEN) as monitor:
            answers += [await monitor.charts.series("MSFT", Timeframe.YEAR) for _ in range(2)]
            answers.append(await monitor.charts.series("MSFT", Timeframe.THREE_MONTHS))
            await until(lambda: not monitor._keeper._bars, "the bars are written")  # type: ignore[union-attr]

    asked = [target for _, target in market.seen.requests if "timeframe=1Day" in target and "symbols=MSFT" in target]
    assert all(isinstance(answer, BarSeries) for answer in answers)
    assert answers[0].bars[:-1] == answers[3].bars[:-1]  # type: ignore[union-attr]
    assert len(asked) == 1

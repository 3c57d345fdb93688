"""Sparklines on real sockets: begun in as few requests as the plan allows, moved on by the board, off when closed."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from chart_world import World, world
from msgspec.structs import replace

from mytrader_tui.history.engine import url_for
from mytrader_tui.history.opening import open_history
from mytrader_tui.history.records import Batch, QuoteRecord
from mytrader_tui.market.day_line import STEP_SECONDS
from mytrader_tui.market.quote import Origin, Quote, Source
from mytrader_tui.market.session import Session, hours_at
from mytrader_tui.monitor import sparklines as module
from mytrader_tui.monitor.bar_sources import BarSources
from mytrader_tui.monitor.sparklines import Sparklines

IEX = Origin(Source.ALPACA, "iex", 0.0)


@pytest.fixture
async def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.setattr(module, "_TICK_SECONDS", 0.01)
    async with world(tmp_path) as made:
        yield made


@asynccontextmanager
async def running(here: World, sources: BarSources | None = None, **settings: float) -> AsyncIterator[Sparklines]:
    """Lines that are kept up until the end of the block."""
    known = {"request_gap": 0.02, **settings}
    lines = Sparklines(here.clock, here.board, lambda: hours_at(here.now.wall), here.shelf(), **known)
    lines.employ(sources or here.sources())
    task = asyncio.create_task(lines.run(), name="sparklines under test")
    try:
        yield lines
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(true: Callable[[], bool]) -> None:
    """Wait for `true`, a minute at most."""
    async with asyncio.timeout(60.0):
        while not true():  # noqa: ASYNC110 - what is waited for has no event to wait on
            await asyncio.sleep(0.005)


async def settled() -> None:
    """Give every loop a few turns."""
    await asyncio.sleep(0.1)


def serve(here: World, symbol: str, last: float, seconds_ago: float = 0.0, **fields: object) -> None:
    """Let the board serve a price of Alpaca's."""
    when = here.now.wall if not seconds_ago else here.now.later(-seconds_ago).wall
    quote = Quote(symbol=symbol, origin=IEX, receipt=here.now, last=last, event_time=when)
    here.board.apply(replace(quote, **fields))
    here.board.serve(symbol, Source.ALPACA)


async def test_all_rows_in_sight_are_begun_by_one_request(here: World) -> None:
    symbols = [f"A{letter}" for letter in "BCDEFGHIJKLMNOPQRSTUVWXYZ"]
    async with running(here) as lines:
        await until(lambda: all([lines.line(symbol) for symbol in symbols]))  # noqa: C419 - each is to be asked for
        await settled()

    assert len(here.asked("alpaca")) == 1
    assert here.asked("yahoo") == []
    assert {len(lines.line(symbol)) for symbol in symbols} == {25}
    assert lines.line("AB")[-1] == here.market.price("AB")


async def test_a_line_is_the_same_tuple_until_it_changes(here: World) -> None:
    async with running(here) as lines:
        await until(lambda: bool(lines.line("AAPL")))

        assert lines.line("AAPL") is lines.line("AAPL")


async def test_what_alpaca_does_not_carry_is_yahoos_one_after_the_other_at_its_pace(here: World) -> None:
    async with running(here, request_gap=0.3) as lines:
        await until(lambda: bool(lines.line("^GSPC") or lines.line("BTC-USD")))
        first = len(here.asked("yahoo"))
        await until(lambda: bool(lines.line("^GSPC") and lines.line("BTC-USD")))

    assert first == 1
    assert len(here.asked("yahoo")) == 2


async def test_while_alpaca_fails_yahoo_begins_them(here: World) -> None:
    here.market.faults.rest_status = 500
    async with running(here) as lines:
        await until(lambda: bool(lines.line("AAPL")))

    assert (len(here.asked("alpaca")), len(here.asked("yahoo"))) == (1, 1)


async def test_a_failure_of_yahoo_makes_a_long_pause(here: World) -> None:
    here.market.faults.yahoo_status = 500
    async with running(here, here.sources(alpaca=False)) as lines:
        lines.line("^GSPC")
        lines.line("^DJI")
        await until(lambda: bool(here.asked("yahoo")))
        await settled()

    assert len(here.asked("yahoo")) == 1


async def test_a_symbol_that_nobody_has_bars_of_is_not_asked_for_again_and_again(here: World) -> None:
    async with running(here) as lines:
        lines.line("NOPE")
        await until(lambda: len(here.asked("yahoo")) == 1)
        for _ in range(10):
            lines.line("NOPE")
            await asyncio.sleep(0.02)

    assert (len(here.asked("alpaca")), len(here.asked("yahoo"))) == (1, 1)


async def test_what_nobody_looks_at_is_not_asked_for(here: World) -> None:
    async with running(here) as lines:
        lines.line("AAPL")
        here.pass_by(61)
        await settled()

    assert here.asked("alpaca") == []


async def test_the_board_moves_the_line_once_a_minute_or_with_a_new_step(here: World) -> None:
    async with running(here) as lines:
        await until(lambda: bool(lines.line("AAPL")))
        begun = lines.line("AAPL")

        here.pass_by(30)
        serve(here, "AAPL", 500.0)
        lines.follow_board()
        soon = lines.line("AAPL")
        here.pass_by(31)
        lines.follow_board()
        minute = lines.line("AAPL")
        here.pass_by(STEP_SECONDS)
        lines.line("AAPL")
        serve(here, "AAPL", 600.0)
        lines.follow_board()

        assert soon == begun
        assert minute == (*begun[:-1], 500.0)
        assert lines.line("AAPL") == (*begun[:-1], 500.0, 600.0)


async def test_an_old_or_cached_price_moves_nothing(here: World) -> None:
    async with running(here) as lines:
        await until(lambda: bool(lines.line("AAPL")))
        begun = lines.line("AAPL")
        for price, fields in ((500.0, {}), (501.0, {"origin": Origin(Source.CACHE, "disk", None)})):
            here.pass_by(61)
            serve(here, "AAPL", price, STEP_SECONDS if not fields else 0.0, **fields)
            lines.line("AAPL")
            lines.follow_board()

        assert lines.line("AAPL") == begun


async def test_while_the_market_is_closed_a_line_that_is_there_is_left_alone(here: World) -> None:
    async with running(here) as lines:
        await until(lambda: bool(lines.line("AAPL")))
        begun = lines.line("AAPL")
        serve(here, "AAPL", 500.0, session=Session.CLOSED)
        for _ in range(3):
            here.pass_by(3600)
            lines.line("AAPL")
            lines.follow_board()
            await settled()

        assert lines.line("AAPL") is begun
        assert len(here.asked("alpaca")) == 1


async def test_a_line_that_missed_points_while_nobody_looked_is_begun_anew(here: World) -> None:
    async with running(here) as lines:
        await until(lambda: bool(lines.line("AAPL")))
        here.pass_by(2 * STEP_SECONDS + 1)
        serve(here, "AAPL", 500.0)
        lines.line("AAPL")
        await until(lambda: len(here.asked("alpaca")) == 2)


async def test_the_first_price_after_a_night_has_the_line_begun_anew(here: World) -> None:
    async with running(here) as lines:
        await until(lambda: bool(lines.line("AAPL")))
        here.pass_by(2.8 * 86400)  # Monday, 07:12 in New York
        lines.line("AAPL")
        serve(here, "AAPL", 500.0)
        await until(lambda: len(here.asked("alpaca")) == 2)

    assert "2026-11-23T05" in here.asked("alpaca")[1]


async def test_memory_holds_so_many_lines_and_no_more(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_LINES", 3)
    lines = Sparklines(here.clock, here.board, lambda: hours_at(here.now.wall), here.shelf())
    for symbol in ("AA", "BB", "CC", "DD", "EE"):
        lines.line(symbol)
        here.pass_by(1)

    assert list(lines._rows) == ["CC", "DD", "EE"]


async def test_after_a_restart_a_line_goes_on_without_a_request(here: World) -> None:
    async with running(here) as lines:
        await until(lambda: bool(lines.line("AAPL") and lines.line("^GSPC")))
        before = lines.line("AAPL"), lines.line("^GSPC")
    await here.restart()
    here.pass_by(600)
    requests = len(here.asked("alpaca")), len(here.asked("yahoo"))

    async with running(here) as lines:
        await until(lambda: bool(lines.line("AAPL") and lines.line("^GSPC")))
        await settled()

        assert (lines.line("AAPL"), lines.line("^GSPC")) == before
        assert (len(here.asked("alpaca")), len(here.asked("yahoo"))) == requests


async def test_a_line_that_was_told_long_ago_is_shown_at_once_and_begun_anew(here: World) -> None:
    async with running(here) as lines:
        await until(lambda: bool(lines.line("AAPL")))
        before = lines.line("AAPL")
    await here.restart()
    here.pass_by(2 * 3600)
    here.market.faults.rest_hang = True

    async with running(here) as lines:
        await until(lambda: bool(lines.line("AAPL")))

        assert lines.line("AAPL") == before
        await until(lambda: len(here.asked("alpaca")) == 2)


async def test_prices_that_were_kept_since_the_bars_are_points_of_the_line(here: World) -> None:
    async with running(here) as lines:
        await until(lambda: bool(lines.line("AAPL")))
        before = lines.line("AAPL")
    await here.end()
    here.pass_by(2 * 3600)
    history = open_history(url_for("", here.folder)).history
    history.write(Batch((priced(here, 3600, 777.0), priced(here, 1200, 888.0))))
    history.close()
    await here.begin()
    here.market.faults.rest_hang = True

    async with running(here) as lines:
        await until(lambda: bool(lines.line("AAPL")))

        assert lines.line("AAPL") == (*before, 777.0, 888.0)


async def test_yesterdays_line_is_not_todays(here: World) -> None:
    async with running(here) as lines:
        await until(lambda: bool(lines.line("AAPL")))
    await here.restart()
    here.pass_by(3 * 86400)
    here.market.faults.rest_hang = here.market.faults.yahoo_hang = True

    async with running(here) as lines:
        lines.line("AAPL")
        await until(lambda: len(here.asked("alpaca")) == 2)

        assert lines.line("AAPL") == ()


def priced(here: World, seconds_ago: float, price: float) -> QuoteRecord:
    """A price of Alpaca's that an earlier run kept."""
    when = here.now.later(-seconds_ago).wall
    return QuoteRecord("AAPL", when, "alpaca", when, price, None, None, None, None, "iex", 0.0, "regular", "USD")

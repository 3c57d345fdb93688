"""Bars in the history: what was told comes back and is gone on with; what makes no sense was never there."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from chart_world import FRIDAY_NOON, World, world
from msgspec.structs import replace
from sqlalchemy import func, select, update

from mytrader_tui.history.engine import url_for
from mytrader_tui.history.opening import open_history
from mytrader_tui.history.schema import BAR_COVERAGE, BARS
from mytrader_tui.market.bars import Bar, BarSeries, Timeframe
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Origin, Source
from mytrader_tui.market.session import Session
from mytrader_tui.monitor.bar_shelf import BarShelf

DAY, MONTHS, YEAR = Timeframe.DAY, Timeframe.THREE_MONTHS, Timeframe.YEAR
LATER_SECONDS = 5 * 3600.0
"""Until after the close, when there are news of every timeframe."""

SERIES = BarSeries(
    symbol="BRK.B",
    timeframe=DAY,
    span_seconds=300.0,
    bars=(
        Bar(FRIDAY_NOON, 100.0, 101.0, 99.0, 100.5, None, Session.PRE),
        Bar(FRIDAY_NOON + timedelta(minutes=5), 100.5, 102.0, 100.0, 101.0, 7.0),
    ),
    origin=Origin(Source.YAHOO, "chart", 900.0, polled=True),
    receipt=Moment(FRIDAY_NOON, 1000.0),
    previous_close=98.5,
    currency="GBp",
    note="Alpaca: no answer; these are Yahoo's bars",
    zone="Europe/London",
)


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


def bars(answer: BarSeries | str | None) -> BarSeries:
    assert isinstance(answer, BarSeries), answer
    return answer


async def changed(here: World, **values: object) -> BarSeries | None:
    """What is told once the stored coverage says otherwise."""
    here.shelf().store(SERIES, None)
    await here.end()
    history = open_history(url_for("", here.folder)).history
    with history.writing() as connection:
        table = BARS if set(values) <= {"open", "high", "low", "close", "session"} else BAR_COVERAGE
        connection.execute(update(table).values(**values))
    history.close()
    await here.begin()
    return await here.shelf().load("BRK.B", DAY, here.now)


async def test_what_was_told_comes_back_as_old_as_it_is(here: World) -> None:
    here.shelf().store(SERIES, None)
    await here.restart()
    here.pass_by(3 * 3600)

    assert await here.shelf().load("BRK.B", DAY, here.now) == SERIES


async def test_nothing_told_is_nothing_kept(here: World) -> None:
    assert await here.shelf().load("AAPL", DAY, here.now) is None


@pytest.mark.parametrize(
    "values",
    [
        {"previous_close": -1.0},
        {"zone": "../../etc/passwd"},
        {"source": "rumour"},
        {"receipt_time": FRIDAY_NOON + timedelta(hours=1)},
        {"covered_from": FRIDAY_NOON},
        {"high": 1e300, "low": 0.0},
        {"session": "lunch"},
    ],
)
async def test_what_cannot_be_is_as_if_it_was_never_there(here: World, values: dict[str, object]) -> None:
    assert await changed(here, **values) is None


async def test_texts_are_cleaned_when_they_come_back(here: World) -> None:
    kept = bars(await changed(here, note="a\x1b[31mb\u202e", currency="U\x07SD"))

    assert (kept.note, kept.currency) == ("ab", "USD")


@pytest.mark.parametrize("timeframe", list(Timeframe))
@pytest.mark.parametrize("symbol", ["AAPL", "^GSPC"])
async def test_after_a_restart_only_what_is_missing_is_asked_for_and_the_whole_is_the_same(
    here: World, symbol: str, timeframe: Timeframe
) -> None:
    source = "alpaca" if symbol == "AAPL" else "yahoo"
    first = bars(await here.employed().series(symbol, timeframe))
    await here.restart()
    here.pass_by(LATER_SECONDS)
    before = len(here.asked(source))

    second = bars(await here.employed().series(symbol, timeframe))

    (asked,) = here.asked(source)[before:]
    whole = bars(await here.employed(history=False).series(symbol, timeframe))
    assert second == whole
    assert begun(asked) >= first.bars[-10].start
    assert "range=" not in asked


def begun(request: str) -> datetime:
    """From when on bars were asked for."""
    query = parse_qs(urlsplit(request).query)
    if "period1" in query:
        return datetime.fromtimestamp(int(query["period1"][0]), UTC)
    return datetime.fromisoformat(query["start"][0])


async def test_a_shorter_timeframe_of_the_same_span_needs_no_request(here: World) -> None:
    year = bars(await here.employed().series("AAPL", YEAR))
    await here.restart()
    requests = len(here.asked("alpaca"))

    months = bars(await here.employed().series("AAPL", MONTHS))

    assert len(here.asked("alpaca")) == requests
    assert months.bars == year.bars[-len(months.bars) :]
    assert months.previous_close == year.bars[-len(months.bars) - 1].close


async def test_a_longer_timeframe_of_the_same_span_is_asked_for_and_serves_both(here: World) -> None:
    await here.employed().series("AAPL", MONTHS)
    year = bars(await here.employed().series("AAPL", YEAR))
    await here.restart()

    assert bars(await here.charts().series("AAPL", YEAR)).bars == year.bars
    assert bars(await here.charts().series("AAPL", MONTHS)).bars[-1] == year.bars[-1]


async def test_after_a_split_all_of_it_is_asked_for_and_replaced(here: World) -> None:
    told = bars(await here.employed().series("AAPL", YEAR))
    before = replace(told, bars=tuple(_doubled(bar) for bar in told.bars), previous_close=1.0)
    here.shelf().store(before, None)
    await here.restart()
    here.pass_by(LATER_SECONDS)
    requests = len(here.asked("alpaca"))

    series = bars(await here.employed().series("AAPL", YEAR))
    await here.restart()

    assert len(here.asked("alpaca")) - requests == 2
    assert series.bars[0] == told.bars[0]
    assert bars(await here.charts().series("AAPL", YEAR)).bars == series.bars


async def test_bars_of_the_second_choice_are_not_gone_on_with(here: World) -> None:
    here.market.faults.rest_status = 500
    assert bars(await here.employed().series("AAPL", YEAR)).origin.source is Source.YAHOO
    await here.restart()
    here.market.faults.clear()
    here.pass_by(LATER_SECONDS)

    series = bars(await here.employed().series("AAPL", YEAR))
    await here.restart()

    assert series.origin.source is Source.ALPACA
    assert bars(await here.charts().series("AAPL", YEAR)).bars == series.bars


async def test_the_bars_of_another_feed_are_not_mixed(here: World) -> None:
    told = bars(await here.employed().series("AAPL", YEAR))
    here.shelf().store(replace(told, origin=replace(told.origin, feed="sip")), None)
    await here.restart()
    here.pass_by(LATER_SECONDS)
    requests = len(here.asked("alpaca"))

    assert bars(await here.employed().series("AAPL", YEAR)).origin.feed == "iex"
    assert len(here.asked("alpaca")) - requests == 2


async def test_the_next_day_a_chart_of_days_is_gone_on_with_and_has_its_own_close_before(here: World) -> None:
    await here.employed().series("AAPL", Timeframe.FIVE_DAYS)
    await here.restart()
    here.pass_by(3 * 86400)

    series = bars(await here.employed().series("AAPL", Timeframe.FIVE_DAYS))

    whole = bars(await here.employed(history=False).series("AAPL", Timeframe.FIVE_DAYS))
    assert series.previous_close == whole.previous_close
    assert series.bars[0].start == whole.bars[0].start


async def test_without_a_history_memory_alone_serves(here: World) -> None:
    charts = here.employed(history=False)
    first = await charts.series("AAPL", YEAR)

    assert await charts.series("AAPL", YEAR) is first
    assert bars(await charts.series("AAPL", MONTHS)).bars[-1] == bars(first).bars[-1]
    assert len(here.asked("alpaca")) == 1


async def test_a_chart_that_is_asked_for_before_the_history_is_open_waits_for_it(here: World) -> None:
    await here.employed().series("AAPL", YEAR)
    await here.end()
    here.prepare()
    charts, requests = here.employed(), len(here.asked("alpaca"))

    asked = asyncio.create_task(charts.series("AAPL", YEAR))
    await asyncio.sleep(0.05)
    here.run()

    assert isinstance(await asked, BarSeries)
    assert len(here.asked("alpaca")) == requests


async def test_a_history_that_cannot_be_opened_costs_a_chart_nothing(here: World) -> None:
    await here.end()
    (here.folder / "history.db").unlink()
    (here.folder / "history.db").mkdir()
    here.prepare()
    here.run()

    assert bars(await here.employed().series("AAPL", YEAR)).note == ""
    assert here.keeper.trouble
    (here.folder / "history.db").rmdir()
    here.pass_by(60)


async def test_files_of_an_earlier_version_are_removed_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "bars AAPL 1D.msgpack").write_bytes(b"old")
    (tmp_path / "mine.txt").write_text("mine")

    await BarShelf(tmp_path).clear_old_folder()

    assert names(tmp_path) == ["mine.txt"]


async def test_writing_bars_again_keeps_each_once(here: World) -> None:
    for _ in range(3):
        here.shelf().store(SERIES, None)
        here.shelf().store(SERIES, SERIES.bars[1].start)
        await here.restart()
    await here.end()
    history = open_history(url_for("", here.folder)).history

    with history.reading() as connection:
        counts = [connection.execute(select(func.count()).select_from(each)).scalar() for each in (BARS, BAR_COVERAGE)]
    history.close()
    await here.begin()

    assert counts == [2, 1]


def _doubled(bar: Bar) -> Bar:
    return replace(bar, open=2 * bar.open, high=2 * bar.high, low=2 * bar.low, close=2 * bar.close)


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]

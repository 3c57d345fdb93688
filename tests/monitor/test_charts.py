"""Charts on real sockets: the better source first, the other if need be, what was kept if nobody answers."""

import asyncio
import gc
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from chart_world import PATIENCE_SECONDS, World, world

from mytrader_tui.market.bars import BarSeries, Timeframe
from mytrader_tui.market.quote import Origin, Quote, Source
from mytrader_tui.monitor.bar_sources import NOBODY
from mytrader_tui.monitor.charts import OPENING

DAY, YEAR = Timeframe.DAY, Timeframe.YEAR
HANGS_SECONDS = 1.0
"""How long an answer is waited for that never comes."""


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


def bars(answer: BarSeries | str) -> BarSeries:
    assert isinstance(answer, BarSeries), answer
    return answer


@pytest.mark.parametrize("timeframe", list(Timeframe))
async def test_alpaca_tells_what_it_can_know_and_yahoo_the_rest(here: World, timeframe: Timeframe) -> None:
    charts = here.employed()

    apple, index = bars(await charts.series("AAPL", timeframe)), bars(await charts.series("^GSPC", timeframe))

    assert (apple.origin.source, index.origin.source) == (Source.ALPACA, Source.YAHOO)
    assert (apple.note, index.note) == ("", "")
    assert apple.bars[-1].close == here.market.price("AAPL")


async def test_a_series_is_asked_for_once_until_there_can_be_news(here: World) -> None:
    charts = here.employed()
    first = await charts.series("^GSPC", DAY)

    here.pass_by(59)
    again = await charts.series("^GSPC", DAY)
    here.pass_by(2)
    later = await charts.series("^GSPC", DAY)

    assert again is first
    assert bars(later).receipt == here.now
    assert len(here.asked("yahoo")) == 2


async def test_who_asks_at_the_same_time_gets_the_same_answer(here: World) -> None:
    charts = here.employed()

    answers = await asyncio.gather(*(charts.series("^GSPC", DAY) for _ in range(5)))

    assert all(answer is answers[0] for answer in answers)
    assert len(here.asked("yahoo")) == 1


@pytest.mark.parametrize(
    ("fault", "value", "why"),
    [
        ("rest_status", 403, "these are Yahoo's bars"),
        ("rest_status", 429, "these are Yahoo's bars"),
        ("rest_status", 500, "these are Yahoo's bars"),
        ("rest_hang", True, "these are Yahoo's bars"),
        ("rest_half_json", True, "these are Yahoo's bars"),
        ("rest_html", True, "these are Yahoo's bars"),
    ],
)
async def test_where_alpaca_fails_yahoo_tells_and_the_series_says_so(
    here: World, fault: str, value: object, why: str
) -> None:
    setattr(here.market.faults, fault, value)
    here.alpaca_seconds = HANGS_SECONDS if fault == "rest_hang" else here.alpaca_seconds
    charts = here.employed()

    series = bars(await charts.series("AAPL", YEAR))

    assert series.origin.source is Source.YAHOO
    assert series.note.startswith("Alpaca: ")
    assert series.note.endswith(why)


@pytest.mark.parametrize(("fault", "value"), [("yahoo_status", 429), ("yahoo_status", 500), ("yahoo_hang", True)])
async def test_where_both_fail_what_is_known_stays_and_says_from_when_it_is(
    here: World, fault: str, value: object
) -> None:
    here.yahoo_seconds = HANGS_SECONDS if fault == "yahoo_hang" else here.yahoo_seconds
    charts = here.employed()
    known = bars(await charts.series("AAPL", DAY))
    here.market.faults.rest_status = 500
    setattr(here.market.faults, fault, value)
    here.pass_by(600)

    series = bars(await charts.series("AAPL", DAY))

    assert (series.bars, series.receipt) == (known.bars, known.receipt)
    assert series.note.startswith("kept from Fri 20 Nov 12:00 New York (Alpaca: ")
    assert " · Yahoo: " in series.note


async def test_what_is_back_takes_the_note_away(here: World) -> None:
    charts = here.employed()
    await charts.series("AAPL", DAY)
    here.market.faults.rest_status = here.market.faults.yahoo_status = 500
    here.pass_by(600)
    await charts.series("AAPL", DAY)

    here.market.faults.clear()
    series = bars(await charts.series("AAPL", DAY))

    assert (series.note, series.origin.source, series.receipt) == ("", Source.ALPACA, here.now)


async def test_after_a_restart_the_disk_tells_without_a_request(here: World) -> None:
    told = bars(await here.employed().series("AAPL", YEAR))
    requests = len(here.asked("alpaca"))
    await here.restart()
    here.pass_by(1800)

    kept = bars(await here.charts().series("AAPL", YEAR))

    assert (kept.bars, kept.note) == (told.bars, "")
    assert len(here.asked("alpaca")) == requests


async def test_while_all_is_down_after_a_restart_the_disk_tells_with_its_note(here: World) -> None:
    told = bars(await here.employed().series("AAPL", DAY))
    here.market.gates.rest.refuse()
    here.market.gates.yahoo.refuse()
    await here.restart()
    here.pass_by(3 * 3600)

    kept = bars(await here.employed().series("AAPL", DAY))

    assert kept.bars == told.bars
    assert kept.note.startswith("kept from Fri 20 Nov 12:00 New York (Alpaca: ")


async def test_an_unknown_symbol_is_told_in_words(here: World) -> None:
    assert await here.employed().series("NOPE", DAY) == "Alpaca has no such bars · Yahoo has no such bars"


async def test_without_any_source_that_is_what_is_said(here: World) -> None:
    charts = here.charts()
    charts.employ(here.sources(alpaca=False, yahoo=False))

    assert await charts.series("AAPL", DAY) == NOBODY


async def test_before_the_sources_are_open_a_question_waits_for_them_or_says_so(here: World) -> None:
    charts = here.charts(deadline=0.05)
    assert await charts.series("AAPL", DAY) == OPENING

    late = here.charts()
    asked = asyncio.create_task(late.series("AAPL", DAY))
    await asyncio.sleep(0)
    late.employ(here.sources())

    assert bars(await asked).origin.source is Source.ALPACA


async def test_a_question_has_a_deadline(here: World) -> None:
    here.market.faults.rest_hang = here.market.faults.yahoo_hang = True
    charts = here.employed(deadline=0.1)

    assert await charts.series("AAPL", DAY) == "no answer within 0.1 s"


async def test_a_failure_answers_for_itself_for_a_moment(here: World) -> None:
    here.market.faults.rest_status = here.market.faults.yahoo_status = 500
    charts = here.employed(repeat=2.0)

    first = await charts.series("AAPL", DAY)
    assert await charts.series("AAPL", DAY) == first
    assert len(here.asked("alpaca")) == 1

    here.pass_by(2.1)
    await charts.series("AAPL", DAY)
    assert len(here.asked("alpaca")) == 2


async def test_a_screen_that_moves_on_costs_no_connection_and_what_nobody_waits_for_is_not_sent(here: World) -> None:
    charts = here.employed()
    await charts.series("^GSPC", DAY)

    left = [asyncio.create_task(charts.series(symbol, DAY)) for symbol in ("^DJI", "^IXIC", "^VIX", "GC=F")]
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len(here.asked("yahoo")) < 2:  # noqa: ASYNC110 - what is waited for has no event to wait on
            await asyncio.sleep(0)
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    stays = await charts.series("BTC-USD", DAY)

    assert isinstance(stays, BarSeries)
    # What was on its way when the screen moved on came in; the last in the queue was never sent.
    assert not [path for path in here.asked("yahoo") if "GC=F" in path or "GC%3DF" in path]


async def test_who_comes_back_for_what_was_dropped_is_answered(here: World) -> None:
    charts = here.employed()
    await charts.series("^GSPC", DAY)
    blocker = asyncio.create_task(charts.series("^DJI", DAY))
    gone = asyncio.create_task(charts.series("^IXIC", DAY))
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)

    assert isinstance(await charts.series("^IXIC", DAY), BarSeries)
    assert isinstance(await blocker, BarSeries)


async def test_the_end_of_the_program_ends_every_question_within_a_second(here: World) -> None:
    here.market.faults.rest_hang = here.market.faults.yahoo_hang = True
    charts = here.employed(deadline=30.0)
    owner = asyncio.create_task(charts.own_fetches())
    asked = asyncio.create_task(charts.series("AAPL", DAY))
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not here.asked("alpaca"):  # noqa: ASYNC110 - what is waited for has no event to wait on
            await asyncio.sleep(0.01)

    owner.cancel()
    async with asyncio.timeout(PATIENCE_SECONDS):
        await asyncio.gather(owner, return_exceptions=True)
        assert await asked == "The program is ending."
    gc.collect()
    assert [task.get_name() for task in asyncio.all_tasks() if task.get_name().startswith("bars ")] == []


async def test_a_chart_is_as_late_as_the_same_sources_quotes(here: World) -> None:
    here.board.apply(Quote(symbol="^GSPC", origin=Origin(Source.YAHOO, "quote", 900.0, polled=True), receipt=here.now))

    assert bars(await here.employed().series("^GSPC", DAY)).origin.delay_seconds == 900.0
    assert bars(await here.employed().series("^DJI", DAY)).origin.delay_seconds is None


async def test_memory_holds_so_many_series_and_no_more(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mytrader_tui.monitor.charts.MOST_KEPT", 2)
    charts = here.employed()

    for timeframe in Timeframe:
        await charts.series("AAPL", timeframe)

    assert len(charts._kept) == 2

"""Bars from Yahoo's chart: columns with holes, its own word on sessions, and no request in a pause."""

import asyncio
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted_yahoo import CHART, HTML, QUOTE, Reply, ScriptedYahoo
from yahoo_bench import Bench

from mytrader_tui.feeds.yahoo import YahooError
from mytrader_tui.feeds.yahoo.chart_wire import decode_bars
from mytrader_tui.market.bar_building import is_sound
from mytrader_tui.market.bars import BarSeries, Timeframe
from mytrader_tui.market.link import Reason
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.session import Session

OPEN = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
RECEIPT = Moment(datetime(2026, 11, 20, 20, 0, tzinfo=UTC), 1000.0)
NAMES = {"BRK-B": "BRK.B"}


def stamp(minutes: float, since: datetime = OPEN) -> int:
    return int((since + timedelta(minutes=minutes)).timestamp())


def period(start: float, end: float) -> dict[str, object]:
    return {"start": stamp(start), "end": stamp(end), "timezone": "EST", "gmtoffset": -18000}


def body(stamps: list[object], closes: list[object], volumes: list[object] | None = None, **meta: object) -> bytes:
    """An answer whose bars have one price each."""
    facts = {"symbol": "BRK-B", "currency": "USD", "exchangeTimezoneName": "America/New_York", **meta}
    columns = dict.fromkeys(("open", "high", "low", "close"), closes)
    quote = {**columns, "volume": [10] * len(closes) if volumes is None else volumes}
    result = {"meta": facts, "timestamp": stamps, "indicators": {"quote": [quote]}}
    return msgspec.json.encode({"chart": {"result": [result], "error": None}})


def decoded(answer: bytes, timeframe: Timeframe = Timeframe.DAY) -> BarSeries:
    series = decode_bars(answer, NAMES, timeframe, RECEIPT)
    assert series is not None
    return series


def test_nulls_are_holes_that_are_left_out() -> None:
    series = decoded(body([stamp(0), stamp(5), stamp(10), None, stamp(20)], [100, None, 102, 103, 0]))

    assert [(bar.start, bar.close) for bar in series.bars] == [
        (OPEN, 100.0),
        (OPEN + timedelta(minutes=10), 102.0),
    ]


def test_the_meta_tells_currency_zone_delay_and_the_close_before() -> None:
    answer = body(
        [stamp(0)], [100], currency="GBp", chartPreviousClose=99.5, previousClose=98, exchangeDataDelayedBy=20
    )

    series = decoded(answer)

    assert (series.symbol, series.currency, series.previous_close) == ("BRK.B", "GBp", 99.5)
    assert (series.origin.delay_seconds, series.origin.polled, series.receipt) == (1200.0, True, RECEIPT)


def test_yahoos_own_periods_tell_the_sessions_and_a_volume_of_0_outside_of_them_is_unknown() -> None:
    periods = {"pre": [[period(-330, 0)]], "regular": [[period(0, 120)]], "post": [[period(120, 200)]]}
    answer = body([stamp(-5), stamp(0), stamp(115), stamp(120)], [1, 2, 3, 4], [0, 7, 0, 0], tradingPeriods=periods)

    bars = decoded(answer).bars

    assert [bar.session for bar in bars] == [Session.PRE, Session.REGULAR, Session.REGULAR, Session.POST]
    assert [bar.volume for bar in bars] == [None, 7.0, 0.0, None]


def test_without_periods_new_yorks_hours_tell_the_session_and_elsewhere_there_is_one() -> None:
    stamps: list[object] = [stamp(-5), stamp(0), stamp(390)]

    here = decoded(body(stamps, [1, 2, 3], tradingPeriods="none"))
    there = decoded(body(stamps, [1, 2, 3], exchangeTimezoneName="Asia/Tokyo"))

    assert [bar.session for bar in here.bars] == [Session.PRE, Session.REGULAR, Session.POST]
    assert {bar.session for bar in there.bars} == {Session.REGULAR}


def test_the_bar_that_is_not_closed_is_put_in_its_place() -> None:
    begun = decoded(body([stamp(0), stamp(5), stamp(12.3)], [100, 101, 102]))
    same = decoded(body([stamp(0), stamp(5), stamp(8.1)], [100, 101, 102]))

    assert [bar.start for bar in begun.bars][-1] == OPEN + timedelta(minutes=10)
    assert [(bar.open, bar.close) for bar in same.bars] == [(100.0, 100.0), (101.0, 102.0)]


def test_hours_of_a_month_keep_the_opening_as_their_beginning() -> None:
    series = decoded(body([stamp(0), stamp(60), stamp(390)], [100, 101, 102]), Timeframe.MONTH)

    assert [bar.start for bar in series.bars] == [OPEN, OPEN + timedelta(hours=1), OPEN + timedelta(hours=6)]


def test_the_present_day_told_twice_is_one_day() -> None:
    day = 24 * 60
    series = decoded(body([stamp(-day), stamp(0), stamp(47)], [100, 101, 102], [5, 6, 7]), Timeframe.YEAR)

    assert [(bar.start.hour, bar.close, bar.volume) for bar in series.bars] == [(5, 100.0, 5.0), (5, 102.0, 7.0)]


def test_a_volume_that_is_0_everywhere_is_none_that_anybody_counts() -> None:
    assert {bar.volume for bar in decoded(body([stamp(0), stamp(5)], [1, 2], [0, 0])).bars} == {None}


@pytest.mark.parametrize("zone", ["../../etc/passwd", "Nowhere/City", 7, None])
def test_a_zone_that_is_none_is_new_yorks_for_a_us_listing(zone: object) -> None:
    assert decoded(body([stamp(0)], [1], exchangeTimezoneName=zone)).zone == "America/New_York"


@pytest.mark.parametrize(
    "answer",
    [
        b'{"chart":{"result":null,"error":{"code":"Not Found","description":"No data found"}}}',
        b'{"chart":{"result":[{"meta":{"symbol":"OTHER"},"timestamp":[1795185000]}]}}',
        b'{"chart":{"result":[{"meta":{"symbol":"BRK-B"}}]}}',
        b'{"chart":{"result":[{"meta":{"symbol":"BRK-B"},"timestamp":[1795185000],"indicators":{"quote":[null]}}]}}',
        b'{"chart":{"result":[{"meta":{"symbol":"BRK-B"},"timestamp":null,"indicators":{"quote":[]}}]}}',
    ],
)
def test_nothing_known_is_no_series(answer: bytes) -> None:
    assert decode_bars(answer, NAMES, Timeframe.DAY, RECEIPT) is None


def test_a_web_page_is_unreadable() -> None:
    with pytest.raises(YahooError, match="web page"):
        decode_bars(HTML.body, NAMES, Timeframe.DAY, RECEIPT)


LEAF = st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.floats(allow_nan=False) | st.text(max_size=5)
COLUMN = st.lists(LEAF | st.floats(1, 1000), max_size=8)


@given(
    stamps=st.lists(LEAF | st.integers(1_700_000_000, 1_800_000_000), max_size=8),
    columns=st.dictionaries(st.sampled_from(["open", "high", "low", "close", "volume"]), COLUMN),
    meta=st.dictionaries(st.sampled_from(["tradingPeriods", "chartPreviousClose", "currency"]), LEAF),
    timeframe=st.sampled_from(Timeframe),
)
def test_whatever_the_columns_hold_the_bars_are_sound_and_in_order(
    stamps: list[object], columns: dict[str, object], meta: dict[str, object], timeframe: Timeframe
) -> None:
    result = {"meta": {"symbol": "BRK-B", **meta}, "timestamp": stamps, "indicators": {"quote": [columns]}}
    answer = msgspec.json.encode({"chart": {"result": [result]}})

    series = decode_bars(answer, NAMES, timeframe, RECEIPT)

    starts = [bar.start for bar in series.bars] if series else []
    assert starts == sorted(set(starts))
    assert series is None or all(is_sound(bar) for bar in series.bars)


@pytest.mark.parametrize(
    ("timeframe", "asked"),
    [
        (Timeframe.DAY, ("1d", "5m", "true")),
        (Timeframe.FIVE_DAYS, ("5d", "30m", "true")),
        (Timeframe.MONTH, ("1mo", "60m", "false")),
        (Timeframe.SIX_MONTHS, ("6mo", "1d", "false")),
        (Timeframe.FIVE_YEARS, ("5y", "1wk", "false")),
    ],
)
async def test_each_timeframe_is_one_question(
    bench: Bench, yahoo: ScriptedYahoo, timeframe: Timeframe, asked: tuple[str, ...]
) -> None:
    yahoo.replies[CHART] = Reply(body=body([stamp(0)], [100]))

    series = await bench.poller(yahoo.url).bars("BRK.B", timeframe)

    (target,) = yahoo.asked(CHART)
    query = parse_qs(urlsplit(target).query)
    assert urlsplit(target).path == f"{CHART}BRK-B"
    assert tuple(query[name][0] for name in ("range", "interval", "includePrePost")) == asked
    assert series is not None
    assert series.symbol == "BRK.B"


async def test_a_rate_limit_of_a_chart_pauses_everything_and_one_of_a_poll_pauses_charts(
    bench: Bench, yahoo: ScriptedYahoo
) -> None:
    yahoo.replies[CHART] = Reply(status=429, headers=(("Retry-After", "60"),))
    poller = bench.poller(yahoo.url)

    for ask in (lambda: poller.bars("AAPL", Timeframe.DAY), lambda: poller.lookup("AAPL")):
        with pytest.raises(YahooError) as caught:
            await ask()
        assert caught.value.reason is Reason.RATE_LIMITED

    assert (len(yahoo.asked(CHART)), yahoo.asked(QUOTE)) == (1, [])
    assert poller.link.retry_at is not None


async def test_charts_that_wait_for_their_turn_learn_of_the_pause(bench: Bench, yahoo: ScriptedYahoo) -> None:
    yahoo.replies[CHART] = Reply(status=429)
    poller = bench.poller(yahoo.url)

    answers = await asyncio.gather(
        *(poller.bars(symbol, Timeframe.DAY) for symbol in ("AAPL", "MSFT", "NVDA")), return_exceptions=True
    )

    assert all(isinstance(answer, YahooError) for answer in answers)
    assert len(yahoo.asked(CHART)) == 1

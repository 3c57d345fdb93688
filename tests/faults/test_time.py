"""F29 to F41: the market's hours, silence that means nothing, and clocks that lie."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from calm import calm
from hypothesis import given
from hypothesis import strategies as st
from layers import generated, installed, simulated, unit
from own_market import OwnMarket
from processes import DEMO_KEYS, home_in, on_screen
from program_under_test import environment
from router_story import Story
from world import BOTH, CLOSED, LIVE, PRIMARY, WEDNESDAY, world

from mytrader_tui.market.failover import evidence as ev
from mytrader_tui.market.failover.evidence import Phase
from mytrader_tui.market.failover.router import State
from mytrader_tui.market.link import Link, Reason
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.session import (
    NEW_YORK,
    BrokerClock,
    Session,
    hours_at,
    hours_by_broker,
    trading_day,
)
from mytrader_tui.telemetry.ledger_file import FILE_NAME

HOUR = 3600.0
FRIDAY_EVENING = datetime(2026, 11, 20, 16, 30, tzinfo=NEW_YORK)
BEFORE_THE_OPEN = datetime(2026, 11, 18, 9, 25, tzinfo=NEW_YORK)


def by_the_calendar(market):
    market.set_session("calendar")


@simulated
async def test_f29_a_weekend_of_silence_is_closed_and_nothing_else(tmp_path):
    with calm():
        async with world(
            tmp_path, start=FRIDAY_EVENING, prepare=by_the_calendar, ticks_per_second=0, account_poll_seconds=HOUR
        ) as it:
            await it.until(lambda: it.state is PRIMARY, 60, "serving")
            await it.go(4 * HOUR)
            assert it.kind("AAPL") is CLOSED
            await it.go(55 * HOUR)

            assert it.state is PRIMARY
            assert it.failovers == []
            assert it.kind("AAPL") is CLOSED
            assert it.words.startswith("Alpaca serving for")
            assert it.drops == 0
            # Nothing happens before Monday's pre-market either, nor in it.
            await it.go(5 * HOUR)
            assert it.failovers == []


@given(st.floats(1.0, 64.0), st.lists(st.sampled_from(["tick", "poll", "ack"]), max_size=50))
@generated
def test_f29_no_silence_outside_regular_hours_is_a_failover(hours, noise):
    story = Story(phase=Phase.EXTENDED).streaming()
    story.tell(ev.PhaseEdge(Phase.CLOSED))

    for kind in [*noise, "tick"]:
        story.later(hours * HOUR / (len(noise) + 1))
        story.tell({"poll": ev.PollSucceeded(), "ack": ev.Subscribed(3, canary=True)}.get(kind, ev.Tick()))

    assert story.exits == []
    assert story.model.state is State.PRIMARY_ACTIVE


@simulated
async def test_f30_a_disconnect_while_closed_is_tried_again_once_a_minute_and_judged_before_the_pre_market(tmp_path):
    night = datetime(2026, 11, 19, 2, 30, tzinfo=NEW_YORK)
    async with world(tmp_path, start=night, prepare=by_the_calendar, ticks_per_second=0) as it:
        await it.until(lambda: it.state is PRIMARY, 60, "serving")
        it.cut_off()
        cut = it.now
        await it.go(0.9 * HOUR)

        assert it.failovers == []
        assert it.knocks.since(cut) <= 54 + 6
        assert "the market is closed" in it.words
        # 03:30, half an hour before the pre-market, is when it begins to count.
        await it.failover(within=600)
        local = it.entries[-1].at.astimezone(NEW_YORK)
        assert (local.hour, local.minute) == (3, 31)


@given(st.integers(0, 40), st.integers(0, 100_000))
@generated
def test_f30_a_disconnect_while_closed_is_never_a_failover(attempts, seconds):
    story = Story(phase=Phase.OPEN).streaming()
    story.tell(ev.PhaseEdge(Phase.CLOSED))
    for _ in range(attempts + 1):
        story.tell(ev.LinkDown(Reason.NETWORK))
        story.now += seconds / (attempts + 1)
        story.tell(ev.Tick())

    assert story.exits == []


@given(st.integers(1, 70 * 3600), st.integers(0, 59))
@generated
def test_f31_the_silence_of_a_night_does_not_count_in_the_first_minute_of_the_session(night, seconds):
    story = Story(phase=Phase.OPEN).streaming()
    story.tell(ev.PhaseEdge(Phase.CLOSED))
    story.now += night
    story.tell(ev.Tick()).tell(ev.PhaseEdge(Phase.OPEN))

    story.run(seconds)
    assert story.exits == []

    story.run(60 - seconds)
    assert len(story.exits) == 1


@simulated
async def test_f32_a_stream_that_is_mute_from_the_open_fails_over_60_s_after_the_open(tmp_path):
    async with world(tmp_path, start=BEFORE_THE_OPEN, prepare=by_the_calendar) as it:
        await it.until(lambda: it.state is PRIMARY, 60, "serving")
        it.market.faults.mute = True

        await it.failover(within=400)

        at = it.entries[-1].at.astimezone(NEW_YORK)
        assert timedelta(0) <= at - at.replace(hour=9, minute=31, second=0, microsecond=0) <= timedelta(seconds=2)
        assert "no trade or quote" in it.causes[-1]


@pytest.mark.parametrize("day", [datetime(2026, 11, 27), datetime(2026, 12, 24)])  # noqa: DTZ001 - a date
@unit
def test_f33_a_half_day_closes_at_13_00_in_new_york(day):
    before = datetime(day.year, day.month, day.day, 12, 59, 59, tzinfo=NEW_YORK)

    assert hours_at(before).session is Session.REGULAR
    assert hours_at(before + timedelta(seconds=1)).session is Session.POST
    assert hours_at(before + timedelta(hours=4, seconds=1)).session is Session.CLOSED


@pytest.mark.parametrize(
    ("when", "session"),
    [
        (datetime(2026, 3, 6, 14, 30, tzinfo=UTC), Session.REGULAR),
        (datetime(2026, 3, 9, 13, 29, tzinfo=UTC), Session.PRE),
        (datetime(2026, 3, 9, 13, 30, tzinfo=UTC), Session.REGULAR),
        (datetime(2026, 10, 30, 13, 30, tzinfo=UTC), Session.REGULAR),
        (datetime(2026, 11, 2, 13, 30, tzinfo=UTC), Session.PRE),
        (datetime(2026, 11, 2, 14, 30, tzinfo=UTC), Session.REGULAR),
        (datetime(2026, 11, 2, 23, 30, tzinfo=ZoneInfo("Asia/Tokyo")), Session.REGULAR),
    ],
)
@unit
def test_f34_the_days_around_a_change_of_the_clocks_open_at_9_30_in_new_york(when, session):
    assert hours_at(when).session is session


_ASK = """
from datetime import UTC, datetime
from mytrader_tui.market.session import hours_at
print(hours_at(datetime(2026, 11, 18, 15, 0, tzinfo=UTC)).session.value)
"""
_WITHOUT_ZONES = """
import sys
sys.modules["tzdata"] = None
from mytrader_tui.cli import main
sys.argv = ["mytrader-tui", "--demo", "snapshot", "AAPL"]
main()
"""


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "UTC", "America/Los_Angeles", None])
@unit
def test_f34_the_machines_own_time_zone_does_not_matter(tmp_path, zone):
    done = _python(_ASK, tmp_path, **({"TZ": zone} if zone else {}))

    assert done.stdout.strip() == "regular"


@unit
def test_f34_without_a_time_zone_database_the_program_does_not_start_and_says_what_is_missing(tmp_path):
    done = _python(_WITHOUT_ZONES, tmp_path, PYTHONTZPATH="")

    assert done.returncode == 2
    assert "No time zone found with key America/New_York" in done.stderr
    assert "pip install tzdata" in done.stderr
    assert "Traceback" not in done.stderr


def _python(code: str, home, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        env=environment(home, **environ),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@unit
def test_f35_the_brokers_clock_wins_over_the_rules_on_a_day_that_no_rule_foretells():
    tuesday = datetime(2026, 11, 17, 10, 0, tzinfo=NEW_YORK)
    wednesday = tuesday + timedelta(days=1)
    shut = BrokerClock(tuesday, False, wednesday.replace(hour=9, minute=30), wednesday.replace(hour=16, minute=0))

    assert hours_at(tuesday).session is Session.REGULAR
    assert hours_by_broker(tuesday + timedelta(hours=2), shut).session is Session.CLOSED
    assert trading_day(datetime(2025, 1, 9, tzinfo=UTC).date()) is None


@simulated
async def test_f36_ten_minutes_without_a_trade_of_an_illiquid_watchlist_is_no_failover(tmp_path):
    async with world(tmp_path, symbols=("XKWQ",), ticks_per_second=0) as it:
        await it.until(lambda: it.alpaca.up, 10, "the link")
        await it.go(2)
        await it.market.trade("XKWQ", it.market.price("XKWQ"))
        await it.until(lambda: it.state is PRIMARY, 5, "serving")
        for number in range(120):
            await it.go(5)
            await it.market.bid_ask("SPY", 600.0 + number / 100, 600.1 + number / 100)

        assert it.failovers == []
        assert it.kind("XKWQ") is LIVE
        quote = it.monitor.board.served("XKWQ")
        assert quote is not None
        assert quote.event_time is not None
        assert 600 <= it.monitor.now().age_of(quote.event_time) <= 605


@given(st.lists(st.integers(1, 59), min_size=12, max_size=30))
@generated
def test_f36_a_canary_heard_at_least_once_a_minute_forbids_any_failover_by_silence(pauses):
    story = Story().streaming()

    for pause in pauses:
        story.run(pause)
        story.tell(ev.Life())

    assert story.exits == []


@simulated
async def test_f37_a_halted_symbol_is_halted_and_nobody_fails_over(tmp_path):
    async with world(tmp_path, ticks_per_second=0) as it:
        await it.until(lambda: it.alpaca.up, 10, "the link")
        await it.go(2)
        await it.market.trade("AAPL", it.market.price("AAPL"))
        await it.until(lambda: it.state is PRIMARY, 5, "serving")
        await it.market.status("AAPL", "H", "Trading Halt", "LUDP", "Volatility Trading Pause")
        for number in range(60):
            await it.go(5)
            await it.market.bid_ask("SPY", 600.0 + number / 100, 600.1 + number / 100)

        assert "HALTED" in it.kind("AAPL").value
        assert it.failovers == []
        await it.market.status("AAPL", "T", "Trading Resumption")
        await it.market.trade("AAPL", it.market.price("AAPL") * 1.01)
        await it.until(lambda: it.kind("AAPL") is LIVE, 5, "live again")


@pytest.mark.parametrize("seconds", [HOUR, -HOUR, 24 * HOUR, -24 * HOUR, -100.0])
@simulated
async def test_f38_a_wall_clock_that_is_set_fires_no_timer(tmp_path, seconds):
    async with world(tmp_path) as it:
        await it.serving()
        await it.go(30)
        it.machine.set_clock(seconds)
        await it.go(30)

        assert it.failovers == []
        assert it.monitor.status(it.monitor.now()).hours.session is Session.REGULAR
        await it.until(lambda: it.kind("AAPL") is LIVE, 10, "live rows")
        quote = it.monitor.board.served("AAPL")
        assert quote is not None
        assert quote.event_time is not None
        assert -5 <= (it.monitor.now().wall - quote.event_time).total_seconds() <= 30
        await it.steady(60)


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6))
@unit
def test_f38_no_age_is_negative_and_no_duration_comes_from_the_wall_clock(jump, passed):
    before = Moment(WEDNESDAY, 1000.0)
    after = Moment(WEDNESDAY + timedelta(seconds=jump), 1000.0 + passed)

    assert after.age_of(WEDNESDAY) >= 0
    assert after.seconds_since(before) == pytest.approx(passed)
    assert Link(up=True, since=before, heard=before).proven(after) is (after.mono - before.mono <= 5.0)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20))
@generated
def test_f38_a_monotonic_clock_that_ran_back_would_move_nothing_back(jumps):
    story = Story().streaming()

    for jump in jumps:
        before = story.model.now
        story.now = before + min(jump, 0.0)
        story.tell(ev.Tick())
        assert story.model.now >= before

    assert story.exits == []


@pytest.mark.parametrize("reachable", [True, False], ids=["network back", "network gone"])
@simulated
async def test_f39_after_a_sleep_the_socket_is_dropped_and_nobody_fails_over_for_a_minute(tmp_path, reachable):
    async with world(tmp_path) as it:
        await it.serving()
        sockets = len(it.knocks.attempts)
        if not reachable:
            it.lose_network()
        it.machine.suspend(8 * HOUR)
        woke = it.now
        await it.go(1.5)

        assert it.knocks.since(woke) >= 1
        assert len(it.knocks.attempts) > sockets
        if reachable:
            await it.until(lambda: it.kind("AAPL") is LIVE, 10, "live again")
            await it.steady(120)
        else:
            assert (it.monitor.badge("AAPL", it.monitor.now()).seconds or 0) >= 8 * HOUR
            await it.go(57)
            assert it.failovers == []
            await it.until(lambda: it.failovers, 5, "Alpaca given up")
            await it.until(lambda: it.state is BOTH, 120, "nobody serves")
            assert (it.monitor.badge("AAPL", it.monitor.now()).seconds or 0) >= 8 * HOUR


@given(st.integers(1, 59), st.floats(1, 1e5))
@generated
def test_f39_a_resume_starts_every_span_anew(before, slept):
    story = Story().streaming()
    story.tell(ev.LinkDown(Reason.DROPPED)).run(before)

    story.now += slept
    story.tell(ev.Resumed()).run(59)
    assert story.exits == []

    story.run(2)
    assert len(story.exits) == 1


@installed
def test_f40_a_program_that_was_stopped_catches_up_once(tmp_path):
    market = OwnMarket()
    try:
        config = market.config(tmp_path).read_text()
        with on_screen(tmp_path, config=config, keys=False, **DEMO_KEYS) as screen:
            screen.wait_for_row("AAPL", "LIVE")
            before = _transitions(tmp_path)
            os.kill(_program(screen.process.pid), signal.SIGSTOP)
            time.sleep(3.0)
            os.kill(_program(screen.process.pid), signal.SIGCONT)
            screen.wait_for_row("AAPL", "LIVE")
            time.sleep(1.0)

            assert screen.process.poll() is None
            assert _transitions(tmp_path) - before <= 2
            assert "failed" not in screen.picture
    finally:
        market.close()


def _program(pid: int) -> int:
    """The shell that opens the terminal has become the program itself."""
    return pid


def _transitions(folder) -> int:
    files = list(home_in(folder).rglob(FILE_NAME))
    return sum(len(path.read_text().splitlines()) for path in files)


@pytest.mark.parametrize("seconds", [600.0, -600.0])
@simulated
async def test_f41_a_local_clock_ten_minutes_off_is_told_and_the_data_is_accepted(tmp_path, seconds):
    async with world(tmp_path) as it:
        it.machine.set_clock(seconds)
        await it.serving()
        await it.go(5)

        assert "clock" in it.words
        assert "10" in it.words
        assert abs(it.monitor.now().age_of(it.machine.true().wall)) < 1
        await it.steady(120)
        assert it.kind("AAPL") is LIVE


@pytest.mark.parametrize("seconds", [600.0, -600.0])
@unit
def test_f41_the_banner_says_how_far_and_which_way(seconds):
    from mytrader_tui.market.status import skew_text

    assert "10" in skew_text(seconds)
    assert skew_text(seconds) != skew_text(-seconds)
    assert skew_text(0.0) == ""

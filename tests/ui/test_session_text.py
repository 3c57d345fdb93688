"""The session in words: what is on, when it changes at home and in New York, and what is unusual about the day."""

import time
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from fake_desk import FakeDesk
from hypothesis import given
from hypothesis import strategies as st
from screen_text import app_for, line_with, lines_of

from mytrader_tui.market.moment import Moment
from mytrader_tui.market.session import (
    NEW_YORK,
    BrokerCalendar,
    BrokerClock,
    always_open,
    hours_at,
    hours_by_broker,
    trading_day,
)
from mytrader_tui.ui.spans import session_forms

BERLIN = ZoneInfo("Europe/Berlin")


def new_york(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


def full(at: str, zone: tzinfo | None = BERLIN) -> str:
    now = new_york(at)
    return session_forms(hours_at(now), Moment(now.astimezone(UTC), 0.0), zone)[0]


@pytest.mark.parametrize(
    ("at", "text"),
    [
        ("2026-11-20T08:00", "pre · opens in 1h 30m at 15:30 CET (09:30 NY)"),
        ("2026-11-20T13:55", "regular · closes in 2h 05m at 22:00 CET (16:00 NY)"),
        ("2026-11-19T17:00", "post · ends in 3h 00m at Fri 02:00 CET (20:00 NY)"),
        ("2026-11-19T21:00", "closed · pre-market in 7h 00m at 10:00 CET (Fri 04:00 NY)"),
        ("2026-11-21T12:00", "closed · pre-market in 1d 16h at Mon 10:00 CET (Mon 04:00 NY)"),
        ("2026-11-26T12:00", "closed · Thanksgiving · pre-market in 16h 00m at Fri 10:00 CET (Fri 04:00 NY)"),
        (
            "2026-11-27T08:00",
            "pre · half day after Thanksgiving, closes 13:00 NY · opens in 1h 30m at 15:30 CET (09:30 NY)",
        ),
        ("2026-11-27T12:00", "regular · half day after Thanksgiving · closes in 1h 00m at 19:00 CET (13:00 NY)"),
        ("2026-11-27T13:30", "post · half day after Thanksgiving · ends in 3h 30m at 23:00 CET (17:00 NY)"),
        ("2026-11-20T15:59:30", "regular · closes in 30s at 22:00 CET (16:00 NY)"),
    ],
)
def test_each_part_of_the_day_says_what_comes_next_and_when(at: str, text: str) -> None:
    assert full(at) == text


@pytest.mark.parametrize(
    ("at", "text"),
    [
        # Europe changes its clocks weeks after New York in spring and a week before it in autumn.
        ("2026-03-06T12:00", "at 22:00 CET (16:00 NY)"),
        ("2026-03-09T12:00", "at 21:00 CET (16:00 NY)"),
        ("2026-03-30T12:00", "at 22:00 CEST (16:00 NY)"),
        ("2026-10-23T12:00", "at 22:00 CEST (16:00 NY)"),
        ("2026-10-26T12:00", "at 21:00 CET (16:00 NY)"),
        ("2026-11-02T12:00", "at 22:00 CET (16:00 NY)"),
    ],
)
def test_both_zones_are_right_while_their_clock_changes_fall_apart(at: str, text: str) -> None:
    assert full(at).endswith(text)


@pytest.mark.parametrize("at", ["2026-03-07T22:00", "2026-10-31T22:00"])
def test_a_change_of_clocks_before_the_next_session_is_reckoned_with(at: str) -> None:
    now, hours = new_york(at).astimezone(UTC), hours_at(new_york(at))
    said = session_forms(hours, Moment(now, 0.0), BERLIN)[0]

    left = (hours.until - now).total_seconds()
    assert f"in {int(left // 86400)}d {int(left % 86400 // 3600)}h" in said
    assert said.endswith("(Mon 04:00 NY)")
    assert f"{hours.until.astimezone(BERLIN):%a %H:%M %Z}" in said


def test_the_systems_own_zone_changes_its_clocks_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        assert full("2026-10-24T12:00", None).endswith("at Mon 09:00 CET (Mon 04:00 NY)")
        assert full("2026-03-28T12:00", None).endswith("at Mon 10:00 CEST (Mon 04:00 NY)")
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("zone", [NEW_YORK, timezone(timedelta(hours=-5))])
def test_home_in_new_yorks_time_is_not_said_twice(zone: tzinfo) -> None:
    assert full("2026-11-20T13:55", zone) == "regular · closes in 2h 05m at 16:00 NY"


def test_where_room_is_short_the_times_go_first_and_the_session_last() -> None:
    now = new_york("2026-11-27T12:00")

    assert session_forms(hours_at(now), Moment(now, 0.0), BERLIN)[1:] == (
        "regular · half day after Thanksgiving · closes in 1h 00m (13:00 NY)",
        "regular · half day after Thanksgiving · closes in 1h 00m",
        "regular · closes in 1h 00m",
        "regular",
    )


def test_what_only_the_broker_knows_of_is_told_before_it_begins() -> None:
    monday = date(2026, 11, 23)
    short = trading_day(monday)
    assert short is not None
    from msgspec.structs import replace

    early = replace(short, close=new_york("2026-11-23T12:00"), post=new_york("2026-11-23T16:00"))
    calendar = BrokerCalendar(monday, monday, (early,))
    now = new_york("2026-11-23T08:00")

    said = session_forms(hours_at(now, calendar), Moment(now, 0.0), BERLIN)[0]

    assert said.startswith("pre · half day by the broker's calendar, closes 12:00 NY · opens in 1h 30m")


def test_a_closing_by_the_broker_opens_without_a_pre_market() -> None:
    now = new_york("2026-11-20T12:00")
    shut = BrokerClock(now, False, new_york("2026-11-23T09:30"), new_york("2026-11-23T16:00"))

    said = session_forms(hours_by_broker(now, shut), Moment(now, 0.0), BERLIN)[0]

    assert said == "closed · closed by the broker's clock · opens in 2d 21h at Mon 15:30 CET (Mon 09:30 NY)"


def test_a_market_that_never_closes_has_no_next_change() -> None:
    now = new_york("2026-11-20T12:00")

    assert session_forms(always_open(now), Moment(now, 0.0), BERLIN)[0] == "regular · test market, never closes"


INSTANTS = st.datetimes(datetime(2012, 1, 4), datetime(2029, 12, 31)).map(lambda when: when.replace(tzinfo=UTC))  # noqa: DTZ001 - made aware at once
ZONES = st.sampled_from(["Asia/Tokyo", "Europe/London", "Pacific/Kiritimati", "Asia/Kolkata", "America/New_York"])


@given(INSTANTS, ZONES.map(ZoneInfo))
def test_at_every_instant_and_everywhere_the_session_has_a_name_and_each_form_is_shorter(
    now: datetime, zone: ZoneInfo
) -> None:
    hours = hours_at(now)
    forms = session_forms(hours, Moment(now, 0.0), zone)

    assert all(form.startswith(hours.session.value) for form in forms)
    assert [len(form) for form in forms] == sorted((len(form) for form in forms), reverse=True)
    assert f"{hours.until.astimezone(NEW_YORK):%H:%M} NY" in forms[0]


@pytest.mark.parametrize(
    ("size", "text"),
    [
        ((60, 16), "regular · closes in 5h 30m"),
        ((80, 24), "regular · closes in 5h 30m (16:00 NY)"),
        ((200, 60), "regular · closes in 5h 30m at 21:00 UTC (16:00 NY)"),
    ],
)
async def test_the_status_bar_says_what_fits(size: tuple[int, int], text: str) -> None:
    app = app_for(FakeDesk())
    async with app.run_test(size=size) as pilot:
        await pilot.pause(0.05)
        assert line_with(app, text), lines_of(app)

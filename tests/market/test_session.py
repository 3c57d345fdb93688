"""When New York trades, checked day by day against an independent calendar."""

import os
import subprocess
import sys
import warnings
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mytrader_tui.market.session import (
    NEW_YORK,
    BrokerCalendar,
    BrokerClock,
    MarketHours,
    Session,
    TradingDay,
    always_open,
    holidays,
    hours_at,
    hours_by_broker,
    trading_day,
)

FIRST, LAST = date(2012, 1, 3), date(2027, 11, 10)
EPOCH = datetime(2012, 1, 3, tzinfo=UTC)
INSTANTS = st.integers(0, 18 * 365 * 86400).map(lambda seconds: EPOCH + timedelta(seconds=seconds))


def new_york(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@pytest.fixture(scope="module")
def reference() -> Mapping[date, tuple[datetime, datetime]]:
    """The NYSE's openings and closings by exchange_calendars."""
    with warnings.catch_warnings():
        # pandas deprecates what exchange_calendars calls; neither is ours.
        warnings.simplefilter("ignore")
        import exchange_calendars

        calendar = exchange_calendars.get_calendar("XNYS", start=FIRST.isoformat(), end="2027-11-12")
        schedule = calendar.schedule
        return {
            day.date(): (opened.to_pydatetime(), closed.to_pydatetime())
            for day, opened, closed in zip(schedule.index, schedule["open"], schedule["close"], strict=True)
        }


def test_every_day_of_sixteen_years_opens_and_closes_as_the_exchange_did(
    reference: Mapping[date, tuple[datetime, datetime]],
) -> None:
    ours = {day: (found.open, found.close) for day in days(FIRST, LAST) if (found := trading_day(day))}

    assert ours == {day: hours for day, hours in reference.items() if FIRST <= day <= LAST}


def test_the_instants_around_every_opening_and_closing_are_in_the_right_session(
    reference: Mapping[date, tuple[datetime, datetime]],
) -> None:
    second = timedelta(seconds=1)
    for day, (opened, closed) in reference.items():
        if FIRST <= day <= LAST:
            sessions = [hours_at(at).session for at in (opened - second, opened, closed - second, closed)]
            assert sessions == [Session.PRE, Session.REGULAR, Session.REGULAR, Session.POST], day


@pytest.mark.parametrize(
    ("at", "session", "note"),
    [
        ("2026-11-20T03:59:59", Session.CLOSED, ""),
        ("2026-11-20T04:00:00", Session.PRE, ""),
        ("2026-11-20T09:29:59", Session.PRE, ""),
        ("2026-11-20T09:30:00", Session.REGULAR, ""),
        ("2026-11-20T15:59:59", Session.REGULAR, ""),
        ("2026-11-20T16:00:00", Session.POST, ""),
        ("2026-11-20T19:59:59", Session.POST, ""),
        ("2026-11-20T20:00:00", Session.CLOSED, ""),
        ("2026-11-21T12:00:00", Session.CLOSED, ""),
        ("2026-11-26T12:00:00", Session.CLOSED, "Thanksgiving"),
        ("2026-11-27T12:59:59", Session.REGULAR, "half day after Thanksgiving"),
        ("2026-11-27T13:00:00", Session.POST, "half day after Thanksgiving"),
        ("2026-11-27T17:00:00", Session.CLOSED, ""),
        ("2026-12-24T13:00:00", Session.POST, "half day before Christmas"),
        ("2026-12-25T12:00:00", Session.CLOSED, "Christmas"),
        ("2025-01-09T12:00:00", Session.CLOSED, "day of mourning"),
        ("2026-07-03T12:00:00", Session.CLOSED, "Independence Day"),
        ("2021-06-18T12:00:00", Session.REGULAR, ""),
        ("2022-06-20T12:00:00", Session.CLOSED, "Juneteenth"),
        ("2021-12-31T12:00:00", Session.REGULAR, ""),
    ],
)
def test_the_session_at_an_instant(at: str, session: Session, note: str) -> None:
    hours = hours_at(new_york(at))

    assert hours.session is session
    assert note in hours.note
    assert bool(note) == bool(hours.note)


def test_a_weekend_lasts_from_friday_evening_to_monday_before_dawn() -> None:
    hours = hours_at(new_york("2026-11-21T12:00:00"))

    assert hours.since == new_york("2026-11-20T20:00:00")
    assert hours.until == new_york("2026-11-23T04:00:00")
    assert hours.next_open == new_york("2026-11-23T09:30:00")


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [("2026-03-06", "2026-03-09", timedelta(hours=-1)), ("2026-10-30", "2026-11-02", timedelta(hours=1))],
)
def test_the_opening_moves_in_utc_with_daylight_saving(before: str, after: str, change: timedelta) -> None:
    friday, monday = trading_day(date.fromisoformat(before)), trading_day(date.fromisoformat(after))

    assert friday is not None
    assert monday is not None
    assert monday.open.astimezone(UTC) - friday.open.astimezone(UTC) == timedelta(days=3) + change
    assert monday.open.time() == friday.open.time() == time(9, 30)


@pytest.mark.parametrize(
    "at", ["2026-03-08T06:30:00", "2026-03-08T07:30:00", "2026-11-01T05:30:00", "2026-11-01T06:30:00"]
)
def test_the_night_of_a_clock_change_is_closed_and_ends_on_monday(at: str) -> None:
    hours = hours_at(datetime.fromisoformat(at).replace(tzinfo=UTC))

    assert hours.session is Session.CLOSED
    assert hours.until.astimezone(NEW_YORK).time() == time(4, 0)


@given(INSTANTS, st.sampled_from(["Asia/Tokyo", "Europe/London", "Pacific/Kiritimati", "America/Los_Angeles"]))
def test_the_zone_in_which_now_is_written_makes_no_difference(now: datetime, zone: str) -> None:
    assert hours_at(now.astimezone(ZoneInfo(zone))) == hours_at(now)


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "", "Nonsense/Zone"])
def test_the_machines_own_zone_makes_no_difference(zone: str) -> None:
    program = (
        "from datetime import datetime, UTC\n"
        "from mytrader_tui.market.session import hours_at\n"
        "print(hours_at(datetime(2026, 11, 27, 17, 59, 59, tzinfo=UTC)).until.isoformat())"
    )
    environ = {"TZ": zone, "PYTHONPATH": os.pathsep.join(sys.path)}

    done = subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "2026-11-27T18:00:00+00:00"


@given(INSTANTS)
def test_now_lies_within_its_hours_and_the_next_opening_is_ahead(now: datetime) -> None:
    hours = hours_at(now)

    assert hours.since <= now < hours.until
    assert now < hours.next_open
    assert hours_at(hours.next_open).session is Session.REGULAR


@given(INSTANTS)
def test_the_sessions_join_without_a_gap(now: datetime) -> None:
    hours = hours_at(now)
    following = hours_at(hours.until)

    assert following.since == hours.until
    last = hours_at(hours.until - timedelta(microseconds=1))
    assert (last.session, last.since, last.until) == (hours.session, hours.since, hours.until)
    assert following.session is not hours.session


def test_every_holiday_has_a_name_and_is_a_weekday() -> None:
    for year in range(2012, 2031):
        assert all(name and day.weekday() < 5 and day.year == year for day, name in holidays(year).items())


NOON = new_york("2026-11-20T12:00:00")


def clock(is_open: bool, next_open: str, next_close: str, timestamp: datetime = NOON) -> BrokerClock:
    return BrokerClock(timestamp, is_open, new_york(next_open), new_york(next_close))


def by_broker(at: str, said: BrokerClock) -> MarketHours:
    return hours_by_broker(new_york(at), said)


def test_without_the_brokers_word_the_rules_hold() -> None:
    assert hours_by_broker(NOON, None) == hours_at(NOON)


def test_a_broker_that_agrees_changes_nothing() -> None:
    said = clock(True, "2026-11-23T09:30", "2026-11-20T16:00")

    assert hours_by_broker(NOON, said) == hours_at(NOON)


def test_an_early_closing_that_only_the_broker_knows_ends_the_session() -> None:
    said = clock(True, "2026-11-23T09:30", "2026-11-20T13:00")

    assert hours_by_broker(NOON, said).until == new_york("2026-11-20T13:00")


def test_a_closing_that_only_the_broker_knows_closes_the_regular_session() -> None:
    hours = hours_by_broker(NOON, clock(False, "2026-11-23T09:30", "2026-11-23T16:00"))

    assert (hours.session, hours.until) == (Session.CLOSED, new_york("2026-11-23T09:30"))
    assert hours.note == "closed by the broker's clock"


def test_a_holiday_that_only_the_broker_knows_has_no_pre_market() -> None:
    said = clock(False, "2026-11-23T09:30", "2026-11-23T16:00", new_york("2026-11-20T05:00"))

    assert by_broker("2026-11-20T05:00", said).session is Session.CLOSED


def test_an_ordinary_pre_market_stays_one_though_the_broker_is_not_open() -> None:
    said = clock(False, "2026-11-20T09:30", "2026-11-20T16:00", new_york("2026-11-20T05:00"))

    assert by_broker("2026-11-20T05:00", said) == hours_at(new_york("2026-11-20T05:00"))


def test_the_brokers_next_opening_wins_over_a_holiday_that_the_rules_do_not_know() -> None:
    said = clock(False, "2026-11-24T09:30", "2026-11-24T16:00", new_york("2026-11-20T17:00"))

    hours = by_broker("2026-11-20T17:00", said)

    assert (hours.session, hours.next_open) == (Session.POST, new_york("2026-11-24T09:30"))


def test_an_opening_that_only_the_broker_knows_opens_the_session() -> None:
    saturday = new_york("2026-11-21T12:00")
    said = clock(True, "2026-11-23T09:30", "2026-11-21T16:00", saturday)

    hours = hours_by_broker(saturday, said)

    assert (hours.session, hours.note) == (Session.REGULAR, "open by the broker's clock")


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-11-20T16:00:00", clock(True, "2026-11-23T09:30", "2026-11-20T16:00")),
        ("2026-11-20T09:30:00", clock(False, "2026-11-20T09:30", "2026-11-20T16:00", new_york("2026-11-20T09:29"))),
        ("2026-11-25T12:00:00", clock(True, "2026-11-23T09:30", "2026-11-20T16:00")),
    ],
)
def test_a_word_of_the_broker_that_has_run_out_says_nothing(at: str, said: BrokerClock) -> None:
    assert by_broker(at, said) == hours_at(new_york(at))


@given(INSTANTS)
def test_a_test_market_never_closes(now: datetime) -> None:
    hours = always_open(now)

    assert hours.session is Session.REGULAR
    assert hours.since < now < hours.until


def a_day(day: str, *, pre: str = "04:00", closes: str = "16:00", post: str = "20:00") -> TradingDay:
    return TradingDay(*(new_york(f"{day}T{hour}") for hour in (pre, "09:30", closes, post)))


def calendar(*days: TradingDay, first: str = "2026-11-20", last: str = "2026-12-04") -> BrokerCalendar:
    return BrokerCalendar(date.fromisoformat(first), date.fromisoformat(last), days)


def as_the_rules(first: date, last: date, *, without: date | None = None) -> BrokerCalendar:
    known = [found for day in days(first, last) if day != without and (found := trading_day(day)) is not None]
    return BrokerCalendar(first, last, tuple(known))


FORTNIGHT = (date(2026, 11, 20), date(2026, 12, 4))


@given(INSTANTS)
def test_a_calendar_that_agrees_with_the_rules_changes_nothing(now: datetime) -> None:
    first = now.astimezone(NEW_YORK).date()

    assert hours_at(now, as_the_rules(first, first + timedelta(days=14))) == hours_at(now)


def test_a_closing_that_only_the_calendar_knows_is_known_before_it_begins() -> None:
    said = as_the_rules(*FORTNIGHT, without=date(2026, 11, 23))

    weekend = hours_at(new_york("2026-11-21T12:00:00"), said)
    on_the_day = hours_at(new_york("2026-11-23T12:00:00"), said)

    assert (weekend.until, weekend.next_open) == (new_york("2026-11-24T04:00"), new_york("2026-11-24T09:30"))
    assert (on_the_day.session, on_the_day.note) == (Session.CLOSED, "closed by the broker's calendar")


def test_a_half_day_that_only_the_calendar_knows_is_known_before_it_begins() -> None:
    said = calendar(a_day("2026-11-20", closes="12:00", post="16:00"))

    before = hours_at(new_york("2026-11-20T05:00"), said)
    after = hours_at(new_york("2026-11-20T12:30"), said)

    assert (before.session, before.early_close) == (Session.PRE, new_york("2026-11-20T12:00"))
    assert before.note == "half day by the broker's calendar"
    assert (after.session, after.until) == (Session.POST, new_york("2026-11-20T16:00"))


def test_an_opening_that_only_the_calendar_knows_opens_and_says_who_says_so() -> None:
    saturday = hours_at(new_york("2026-11-21T12:00"), calendar(a_day("2026-11-21")))

    assert (saturday.session, saturday.note) == (Session.REGULAR, "open by the broker's calendar")


def test_the_rules_half_day_keeps_its_name_and_its_short_evening_whatever_the_broker_says_of_the_evening() -> None:
    said = calendar(a_day("2026-11-27", closes="13:00", post="20:00"), first="2026-11-27", last="2026-11-27")

    assert hours_at(new_york("2026-11-27T14:00"), said) == hours_at(new_york("2026-11-27T14:00"))


@pytest.mark.parametrize("said", [{"post": "11:00"}, {"pre": "10:30"}])
def test_extended_hours_that_lie_within_the_regular_ones_are_none(said: Mapping[str, str]) -> None:
    odd = calendar(a_day("2026-11-20", closes="15:00", **said), first="2026-11-20", last="2026-11-20")

    opening, closing = (hours_at(new_york(f"2026-11-20T{at}"), odd) for at in ("09:30", "15:00"))

    assert (opening.session, opening.since) == (Session.REGULAR, new_york("2026-11-20T09:30"))
    assert closing.session is (Session.CLOSED if "post" in said else Session.POST)
    assert closing.since == new_york("2026-11-20T15:00")
    assert hours_at(new_york("2026-11-20T09:00"), odd).until == new_york("2026-11-20T09:30")


def test_beyond_its_reach_a_calendar_says_nothing() -> None:
    empty = calendar(first="2026-11-20", last="2026-11-20")

    assert hours_at(new_york("2026-11-19T12:00"), empty).session is Session.REGULAR
    assert hours_at(new_york("2026-11-20T12:00"), empty).session is Session.CLOSED
    assert hours_at(new_york("2026-11-23T12:00"), empty).session is Session.REGULAR


def test_the_brokers_clock_wins_over_its_calendar() -> None:
    said = as_the_rules(*FORTNIGHT)
    shut = clock(False, "2026-11-23T09:30", "2026-11-23T16:00")

    assert hours_by_broker(NOON, shut, said).session is Session.CLOSED


def test_a_half_day_is_told_with_its_closing_by_whoever_knows_it() -> None:
    by_rule = hours_at(new_york("2026-11-27T08:00"))
    by_clock = hours_by_broker(NOON, clock(True, "2026-11-23T09:30", "2026-11-20T13:00"))

    assert by_rule.early_close == new_york("2026-11-27T13:00")
    assert (by_clock.early_close, by_clock.note) == (new_york("2026-11-20T13:00"), "half day by the broker's clock")
    assert hours_at(NOON).early_close is None


HOURS_OF_DAY = st.tuples(*[st.integers(0, 23)] * 4)


@st.composite
def calendars(draw: st.DrawFn, around: datetime) -> BrokerCalendar:
    """Any fortnight near `around`: days left out, days on weekends, hours of every kind."""
    first = around.astimezone(NEW_YORK).date() + timedelta(days=draw(st.integers(-2, 2)))
    said = []
    for day in draw(st.sets(st.sampled_from(days(first, first + timedelta(days=14))))):
        pre, opens, closes, post = draw(HOURS_OF_DAY)
        if opens < closes:
            at = [datetime.combine(day, time(hour), NEW_YORK) for hour in (pre, opens, closes, post)]
            said.append(TradingDay(*at))
    return BrokerCalendar(first, first + timedelta(days=14), tuple(said))


@given(st.data(), INSTANTS, st.booleans())
def test_no_instant_is_without_a_session_whatever_the_broker_says(
    data: st.DataObject, now: datetime, is_open: bool
) -> None:
    said = data.draw(calendars(now))
    asked = now - timedelta(seconds=data.draw(st.integers(0, 7 * 86400)))
    soon, later = (timedelta(minutes=data.draw(st.integers(1, 10_000))) for _ in range(2))
    ahead = (asked + soon + later, asked + soon) if is_open else (asked + soon, asked + soon + later)
    reading = BrokerClock(asked, is_open, *ahead)

    for hours in (hours_at(now, said), hours_by_broker(now, reading, said), hours_by_broker(now, reading)):
        assert hours.session in Session
        assert hours.since <= now < hours.until
        assert now < hours.next_open


@given(st.data(), INSTANTS)
def test_the_sessions_of_any_calendar_join_without_a_gap(data: st.DataObject, now: datetime) -> None:
    said = data.draw(calendars(now))
    hours = hours_at(now, said)
    following = hours_at(hours.until, said)

    assert following.since == hours.until

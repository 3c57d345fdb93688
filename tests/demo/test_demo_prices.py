"""The walk, its past and the demo's hours, without sockets."""

from datetime import UTC, datetime, timedelta

import pytest
from demo_clients import NOON

from mytrader_tui.demo.bars import Bars
from mytrader_tui.demo.hours import DemoHours
from mytrader_tui.demo.listings import WELL_KNOWN, at_alpaca, exists, listing
from mytrader_tui.demo.prices import LAG_STEPS, Prices
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.session import NEW_YORK, Session

SATURDAY_NIGHT = datetime(2026, 11, 21, 3, 30, tzinfo=UTC)


def test_a_walk_depends_on_the_seed_and_the_symbol_not_on_the_order_of_questions() -> None:
    one, other = Prices(5), Prices(5)
    first = one.walk("AAPL", NOON.wall)
    other.walk("MSFT", NOON.wall)
    second = other.walk("AAPL", NOON.wall)
    for walk in (first, second):
        for _ in range(20):
            walk.step(NOON.wall)
    assert (first.price, first.volume) == (second.price, second.volume)


@pytest.mark.parametrize("symbol", [*WELL_KNOWN, "QWERT", "EURUSD=X", "F"])
def test_a_long_walk_stays_near_home_and_within_its_day(symbol: str) -> None:
    walk = Prices(3).walk(symbol, NOON.wall)
    for _ in range(2000):
        walk.step(NOON.wall)
        assert walk.low <= walk.price <= walk.high
        assert 0 < walk.bid < walk.price < walk.ask
    assert 0.9 < walk.price / walk.home < 1.1
    assert walk.low <= walk.vwap <= walk.high


def test_a_delayed_source_is_so_many_steps_behind() -> None:
    walk = Prices(3).walk("AAPL", NOON.wall)
    path = [walk.price]
    for _ in range(100):
        walk.step(NOON.wall)
        path.append(walk.price)
    assert walk.lagged[0] == path[-LAG_STEPS]


def test_a_made_up_symbol_always_has_the_same_price_and_known_unknowns_none() -> None:
    assert listing("QWERT") == listing("QWERT")
    assert 5 <= listing("QWERT").base <= 500
    assert not exists("ZZZZQ")
    assert not exists("NOPE")
    assert [at_alpaca(symbol) for symbol in ("AAPL", "BRK.B", "^GSPC", "BTC-USD", "EURUSD=X", "7203.T", "ZZZZ")] == [
        *[True] * 2,
        *[False] * 5,
    ]


def test_days_do_not_change_with_the_question_and_skip_holidays() -> None:
    bars = Bars(Prices(3), DemoHours(lambda: NOON))
    daily = bars.daily("AAPL", NOON.wall)
    assert daily == bars.daily("AAPL", NOON.wall)
    assert daily[-2].close == Prices(3).walk("AAPL", NOON.wall).previous_close
    assert all(bar.time.astimezone(NEW_YORK).weekday() < 5 for bar in daily)
    assert all(bar.low <= min(bar.open, bar.close) <= max(bar.open, bar.close) <= bar.high for bar in daily)


def test_the_demo_is_open_at_night_and_on_a_saturday() -> None:
    hours = DemoHours(lambda: NOON)
    assert hours.is_open
    assert hours.opened(SATURDAY_NIGHT) < SATURDAY_NIGHT < hours.next_close(SATURDAY_NIGHT)
    assert hours.next_close(SATURDAY_NIGHT) - SATURDAY_NIGHT > timedelta(hours=3)
    assert hours.next_open(SATURDAY_NIGHT) == datetime(2026, 11, 23, 9, 30, tzinfo=NEW_YORK)


@pytest.mark.parametrize("when", [NOON.wall, SATURDAY_NIGHT, datetime(2026, 11, 20, 10, 0, tzinfo=UTC)])
def test_a_closed_demo_has_its_last_print_in_the_past_and_opens_again(when: datetime) -> None:
    hours = DemoHours(lambda: NOON)
    hours.session = "closed"
    last = hours.last_print(when, when)
    assert last < when < hours.next_open(when) < hours.next_close(when)
    assert hours.day(when) <= last


@pytest.mark.parametrize(
    ("when", "part", "latest"),
    [
        (datetime(2026, 11, 18, 13, 0, tzinfo=UTC), Session.PRE, datetime(2026, 11, 17, 16, 0, tzinfo=NEW_YORK)),
        (datetime(2026, 11, 18, 15, 0, tzinfo=UTC), Session.REGULAR, datetime(2026, 11, 18, 10, 0, tzinfo=NEW_YORK)),
        (datetime(2026, 11, 27, 18, 30, tzinfo=UTC), Session.POST, datetime(2026, 11, 27, 13, 0, tzinfo=NEW_YORK)),
        (SATURDAY_NIGHT, Session.CLOSED, datetime(2026, 11, 20, 16, 0, tzinfo=NEW_YORK)),
    ],
)
def test_a_demo_that_keeps_the_calendar_follows_the_clock(when: datetime, part: Session, latest: datetime) -> None:
    hours = DemoHours(lambda: Moment(when, 0.0))
    hours.session = "calendar"
    assert hours.part is part
    assert hours.prints is (part is not Session.CLOSED)
    assert hours.last_print(when, when) == latest

"""The clock that everything reads: corrected by the broker's, aware of sleep, unmoved by a wall clock that is set."""

from datetime import UTC, datetime, timedelta

import pytest

from mytrader_tui.market.moment import Moment
from mytrader_tui.monitor.clock import MarketClock, Passage, suspended_seconds, system_clock

START = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


class Machine:
    """A machine whose three clocks the test moves."""

    def __init__(self) -> None:
        self.wall, self.mono, self.asleep = START, 1000.0, 0.0

    def __call__(self) -> Moment:
        return Moment(self.wall, self.mono)

    def suspended(self) -> float:
        return self.asleep

    def run(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.mono += seconds

    def sleep(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.asleep += seconds

    def set_clock(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)


@pytest.fixture
def machine():
    return Machine()


@pytest.fixture
def clock(machine):
    return MarketClock(machine, machine.suspended)


def compare(clock: MarketClock, machine: Machine, true_wall: datetime, round_trip: float = 0.1) -> None:
    asked = clock()
    machine.run(round_trip)
    clock.compare(asked, true_wall + timedelta(seconds=round_trip / 2), clock())


@pytest.mark.parametrize("wrong", [-600.0, -3.0, 3.0, 600.0, 86400.0])
def test_a_clock_that_is_wrong_is_corrected_by_the_brokers(machine, clock, wrong):
    machine.set_clock(wrong)

    compare(clock, machine, START)

    assert abs((clock().wall - START).total_seconds() - 0.1) < 0.01
    assert clock.skew == pytest.approx(wrong, abs=0.01)


def test_a_second_reading_keeps_the_correction(machine, clock):
    machine.set_clock(600.0)
    compare(clock, machine, START)
    machine.run(60.0)

    compare(clock, machine, START + timedelta(seconds=60.1))

    assert clock.skew == pytest.approx(600.0, abs=0.01)


@pytest.mark.parametrize("wrong", [-1.9, 0.0, 1.9])
def test_a_small_difference_is_left_alone(machine, clock, wrong):
    machine.set_clock(wrong)

    compare(clock, machine, START)

    assert clock.skew == 0.0
    assert clock().wall == machine.wall


def test_a_slow_reading_measures_nothing(machine, clock):
    machine.set_clock(600.0)

    compare(clock, machine, START, round_trip=2.1)

    assert clock.skew == 0.0


def test_sleep_is_noticed_and_told_once(machine, clock):
    machine.run(1.0)
    machine.sleep(8 * 3600.0)

    assert clock.look() == Passage(slept=8 * 3600.0)
    assert clock.look() == Passage()


def test_time_that_merely_passes_is_no_event(machine, clock):
    machine.run(3600.0)

    assert clock.look() == Passage()


@pytest.mark.parametrize("seconds", [3600.0, -3600.0, 86400.0, -100.0])
def test_a_wall_clock_that_is_set_is_noticed_and_is_no_sleep(machine, clock, seconds):
    machine.run(1.0)
    machine.set_clock(seconds)

    assert clock.look() == Passage(jumped=seconds)


def test_a_wall_clock_that_is_set_does_not_move_a_clock_that_the_broker_corrected(machine, clock):
    compare(clock, machine, START)
    before = clock().wall
    machine.set_clock(-3600.0)

    clock.look()

    assert clock().wall == before


def test_without_a_broker_a_wall_clock_that_is_set_right_is_followed(machine, clock):
    machine.set_clock(-3600.0)

    clock.look()

    assert clock().wall == machine.wall


def test_the_machines_own_clocks_agree_with_themselves():
    before, asleep, after = system_clock(), suspended_seconds(), system_clock()

    assert before.wall.tzinfo is UTC
    assert before.mono <= after.mono
    assert asleep >= -0.001

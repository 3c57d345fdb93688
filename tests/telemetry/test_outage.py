"""A source that fails for hours is a line when it begins and a line when it ends."""

import logging
from datetime import UTC, datetime

import pytest

from mytrader_tui.market.moment import Moment
from mytrader_tui.telemetry.outage import Outage

NOW = Moment(datetime(2026, 11, 20, 15, 30, tzinfo=UTC), 1000.0)


@pytest.fixture
def outage(caplog: pytest.LogCaptureFixture) -> Outage:
    caplog.set_level(logging.INFO)
    return Outage("yahoo poll", logging.getLogger("mytrader_tui.monitor.intake"))


def test_its_beginning_and_its_end_are_told_with_how_often_and_how_long(
    outage: Outage, caplog: pytest.LogCaptureFixture
) -> None:
    for minute in range(65):
        outage.failed("the server does not answer", f"after 10.{minute} s", NOW.later(60.0 * minute))
    outage.succeeded(NOW.later(3905.0))
    outage.succeeded(NOW.later(3965.0))

    assert caplog.messages == [
        "yahoo poll failed: the server does not answer after 10.0 s",
        "yahoo poll works again: it failed 65 times in 1 h 5 min",
    ]
    assert [record.levelno for record in caplog.records] == [logging.WARNING, logging.INFO]


def test_another_reason_is_told_and_the_outage_goes_on(outage: Outage, caplog: pytest.LogCaptureFixture) -> None:
    outage.failed("the server does not answer", "", NOW)
    outage.failed("too many requests", "", NOW.later(30.0))
    outage.succeeded(NOW.later(42.0))

    assert caplog.messages == [
        "yahoo poll failed: the server does not answer",
        "yahoo poll failed: too many requests",
        "yahoo poll works again: it failed 2 times in 42 s",
    ]


@pytest.mark.parametrize(("seconds", "said"), [(0.2, "0 s"), (59.4, "59 s"), (545.0, "9 min 5 s")])
def test_one_failure_is_told_with_the_time_until_the_next_success(
    outage: Outage, caplog: pytest.LogCaptureFixture, seconds: float, said: str
) -> None:
    outage.failed("the connection was lost", "", NOW)
    outage.succeeded(NOW.later(seconds))

    assert caplog.messages[-1] == f"yahoo poll works again: it failed once in {said}"


def test_what_fails_again_later_is_told_again(outage: Outage, caplog: pytest.LogCaptureFixture) -> None:
    for at in (0.0, 100.0):
        outage.failed("the connection was lost", "", NOW.later(at))
        outage.succeeded(NOW.later(at + 10.0))

    assert len(caplog.messages) == 4


def test_success_alone_is_no_news(outage: Outage, caplog: pytest.LogCaptureFixture) -> None:
    outage.succeeded(NOW)

    assert caplog.messages == []

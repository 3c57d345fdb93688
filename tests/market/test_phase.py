"""The router's phase at an instant: the last half hour of every night already counts."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mytrader_tui.market.failover.evidence import PRE_MARKET_LEAD, Phase, phase_of
from mytrader_tui.market.session import BrokerClock, always_open, hours_at, hours_by_broker

NEW_YORK = ZoneInfo("America/New_York")


def phase(at: str) -> Phase:
    now = datetime.fromisoformat(at).replace(tzinfo=NEW_YORK)
    return phase_of(hours_at(now), now)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-23 03:29:59", Phase.CLOSED),
        ("2026-11-23 03:30:00", Phase.EXTENDED),
        ("2026-11-23 04:00:00", Phase.EXTENDED),
        ("2026-11-23 09:29:59", Phase.EXTENDED),
        ("2026-11-23 09:30:00", Phase.OPEN),
        ("2026-11-23 15:59:59", Phase.OPEN),
        ("2026-11-23 16:00:00", Phase.EXTENDED),
        ("2026-11-23 20:00:00", Phase.CLOSED),
        ("2026-11-26 12:00:00", Phase.CLOSED),
        ("2026-11-26 03:45:00", Phase.CLOSED),
        ("2026-11-27 03:30:00", Phase.EXTENDED),
        ("2026-11-27 13:00:00", Phase.EXTENDED),
        ("2026-11-27 17:00:00", Phase.CLOSED),
        ("2026-11-28 03:45:00", Phase.CLOSED),
        ("2026-11-30 03:29:59", Phase.CLOSED),
        ("2026-11-30 03:30:00", Phase.EXTENDED),
        ("2026-11-02 03:30:00", Phase.EXTENDED),
        ("2027-03-15 03:29:59", Phase.CLOSED),
        ("2027-03-15 03:30:00", Phase.EXTENDED),
    ],
)
def test_the_phase_at_an_instant(at: str, expected: Phase) -> None:
    assert phase(at) is expected


def test_an_unscheduled_closing_is_a_closed_market() -> None:
    noon = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    opening = datetime(2026, 11, 24, 14, 30, tzinfo=UTC)
    clock = BrokerClock(noon, is_open=False, next_open=opening, next_close=opening + timedelta(hours=6.5))

    assert phase_of(hours_by_broker(noon, clock), noon) is Phase.CLOSED


def test_a_market_that_never_closes_is_open() -> None:
    now = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)

    assert phase_of(always_open(now), now) is Phase.OPEN


def test_the_lead_is_half_an_hour() -> None:
    assert timedelta(minutes=30) == PRE_MARKET_LEAD

"""What the status bar says of a source, and what the user can do: nothing that is not so."""

from datetime import UTC, datetime

import pytest

from mytrader_tui.market.link import Link, Reason
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Source
from mytrader_tui.market.status import SourceHealth, hint_for, source_status, why_off

NOW = Moment(datetime(2026, 11, 20, 15, 0, tzinfo=UTC), 1000.0)
YAHOO_ON = Link(up=True, since=NOW, heard=NOW, poll_seconds=60.0)
YAHOO_OFF = Link(up=False, since=NOW, reason=Reason.DISABLED, detail="by --no-yahoo")


def down(reason: Reason, *, heard: float | None = None, detail: str = "") -> Link:
    return Link(up=False, since=NOW, reason=reason, heard=None if heard is None else NOW.later(-heard), detail=detail)


@pytest.mark.parametrize(
    ("link", "health", "reason"),
    [
        (down(Reason.STARTING), SourceHealth.CONNECTING, ""),
        (down(Reason.STARTING, heard=0.0), SourceHealth.CONNECTING, ""),
        (down(Reason.STARTING, heard=4.9), SourceHealth.CONNECTING, ""),
        (down(Reason.STARTING, heard=5.1), SourceHealth.DOWN, "nothing heard for 0:05"),
        (Link(up=True, since=NOW), SourceHealth.CONNECTING, ""),
        (Link(up=True, since=NOW.later(-6.0)), SourceHealth.DOWN, "nothing heard for 0:06"),
        (down(Reason.STARTING, heard=151.0), SourceHealth.DOWN, "nothing heard for 2:31"),
        (down(Reason.NETWORK), SourceHealth.DOWN, "cannot reach the server"),
        (down(Reason.NO_KEYS), SourceHealth.OFF, "no Alpaca keys"),
        (down(Reason.DISABLED, detail="by --no-alpaca"), SourceHealth.OFF, "switched off by --no-alpaca"),
    ],
)
def test_what_has_not_failed_is_not_down(link: Link, health: SourceHealth, reason: str) -> None:
    told = source_status(Source.ALPACA, link, 0, 0.0, NOW)

    assert (told.health, told.reason) == (health, reason)


def test_a_poll_that_begins_anew_after_it_failed_is_not_connecting_for_the_first_time() -> None:
    link = Link(up=False, since=NOW, heard=NOW.later(-4.0), poll_seconds=60.0, reason=Reason.STARTING)

    told = source_status(Source.YAHOO, link, 0, 0.0, NOW)

    assert (told.health, told.reason) == (SourceHealth.DOWN, "nothing heard for 0:04")


@pytest.mark.parametrize(
    ("link", "why"),
    [
        (YAHOO_OFF, "switched off by --no-yahoo"),
        (down(Reason.SECOND_INSTANCE), "another mytrader-tui on this machine holds the stream"),
        (down(Reason.AUTH_FAILED), None),
        (YAHOO_ON, None),
    ],
)
def test_only_what_is_not_tried_is_off(link: Link, why: str | None) -> None:
    assert why_off(link) == why


@pytest.mark.parametrize(
    ("reason", "yahoo", "hint"),
    [
        (Reason.NO_KEYS, YAHOO_ON, "no Alpaca keys: Yahoo only · keys are free"),
        (Reason.NO_KEYS, YAHOO_OFF, "no Alpaca keys and Yahoo is off: no prices · keys are free"),
        (Reason.DISABLED, YAHOO_ON, "Alpaca is off: Yahoo only · the cure"),
        (Reason.DISABLED, YAHOO_OFF, "Alpaca and Yahoo are off: no prices · the cure"),
        (Reason.SECOND_INSTANCE, YAHOO_ON, "this window serves from Yahoo"),
        (Reason.SECOND_INSTANCE, YAHOO_OFF, "the other mytrader-tui streams and Yahoo is off"),
        (Reason.AUTH_FAILED, YAHOO_OFF, "Alpaca refused the keys"),
    ],
)
def test_a_hint_does_not_name_a_source_that_is_off_as_the_one_that_serves(
    reason: Reason, yahoo: Link, hint: str
) -> None:
    assert hint_for(down(reason), yahoo, "the cure").startswith(hint)

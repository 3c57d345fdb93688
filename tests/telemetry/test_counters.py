"""Messages a second over a sliding window; refused prints by rule."""

import pytest

from mytrader_tui.market.quote import Source
from mytrader_tui.market.validation import Rule
from mytrader_tui.telemetry.counters import RATE_WINDOW_SECONDS, MessageRate, Rejections


def test_a_steady_flow_is_its_own_rate():
    rate = MessageRate()
    for tenth in range(100):
        rate.add(50, tenth / 10)

    assert rate.per_second(9.95) == pytest.approx(500, rel=0.03)


def test_the_rate_falls_to_nothing_by_the_clock_alone():
    rate = MessageRate()
    rate.add(1000, 0.0)

    assert rate.per_second(1.0) == 1000 / RATE_WINDOW_SECONDS
    assert rate.per_second(RATE_WINDOW_SECONDS + 0.2) == 0.0


def test_refused_prints_are_counted_by_source_and_rule():
    rejections = Rejections()
    rejections.count(Source.ALPACA, Rule.CROSSED)
    rejections.count(Source.ALPACA, Rule.CROSSED)
    rejections.count(Source.YAHOO, Rule.CROSSED)

    assert rejections.by_rule[Source.ALPACA, Rule.CROSSED] == 2
    assert rejections.by_rule[Source.YAHOO, Rule.CROSSED] == 1

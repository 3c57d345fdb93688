"""Messages a second over a sliding window; refused prints by rule."""

import pytest
from msgspec.structs import replace

from mytrader_tui.market.moment import EPOCH
from mytrader_tui.market.quote import Origin, Quote, Source
from mytrader_tui.market.trust.validation import Rule
from mytrader_tui.telemetry.counters import (
    KEPT,
    KEPT_OF_SYMBOL,
    KEPT_SYMBOLS,
    RATE_WINDOW_SECONDS,
    MessageRate,
    Rejections,
)


def quote(source):
    return Quote(symbol="AAPL", origin=Origin(source, "feed", 0.0), receipt=EPOCH, last=1.0)


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
    rejections.count(quote(Source.ALPACA), Rule.CROSSED, EPOCH)
    rejections.count(quote(Source.ALPACA), Rule.CROSSED, EPOCH)
    rejections.count(quote(Source.YAHOO), Rule.CROSSED, EPOCH)
    rejections.count_unreadable(Source.ALPACA, 3, "no price", EPOCH)

    assert rejections.by_rule[Source.ALPACA, Rule.CROSSED] == 2
    assert rejections.by_rule[Source.YAHOO, Rule.CROSSED] == 1
    assert rejections.by_rule[Source.ALPACA, Rule.UNREADABLE] == 3


def test_the_latest_refused_are_kept_with_their_rule_and_when():
    rejections = Rejections()
    for second in range(KEPT + 20):
        rejections.count(quote(Source.ALPACA), Rule.JUMP, EPOCH.later(second))
    rejections.count_unreadable(Source.YAHOO, 1, "not a number", EPOCH.later(500))

    assert len(rejections.latest) == KEPT
    last = rejections.latest[-1]
    assert (last.source, last.rule, last.why) == (Source.YAHOO, Rule.UNREADABLE, "not a number")
    assert rejections.latest[0].when == EPOCH.later(21)
    assert rejections.latest[0].update == quote(Source.ALPACA)


def test_trades_that_may_not_set_a_price_are_counted_and_take_no_place_from_the_others():
    rejections = Rejections()
    rejections.count(quote(Source.ALPACA), Rule.CONDITION, EPOCH)

    assert rejections.by_rule[Source.ALPACA, Rule.CONDITION] == 1
    assert not rejections.latest


def of(symbol):
    return replace(quote(Source.ALPACA), symbol=symbol)


def test_a_noisy_symbol_does_not_crowd_out_what_was_refused_of_another():
    rejections = Rejections()
    rejections.count(of("CALM"), Rule.JUMP, EPOCH)
    for second in range(10 * KEPT):
        rejections.count(of("LOUD"), Rule.CROSSED, EPOCH.later(second))

    assert [each.rule for each in rejections.of("CALM")] == [Rule.JUMP]
    assert [each.when.mono for each in rejections.of("LOUD")] == [
        10 * KEPT - KEPT_OF_SYMBOL + place for place in range(KEPT_OF_SYMBOL)
    ]


def test_what_is_kept_of_symbols_is_bounded_and_the_quietest_makes_room():
    rejections = Rejections()
    for number in range(KEPT_SYMBOLS):
        rejections.count(of(f"S{number}"), Rule.JUMP, EPOCH)
    rejections.count(of("S0"), Rule.JUMP, EPOCH)

    rejections.count(of("ONE.MORE"), Rule.JUMP, EPOCH)

    assert len(rejections.of("S0")) == 2
    assert rejections.of("S1") == ()
    assert len(rejections.of("ONE.MORE")) == 1

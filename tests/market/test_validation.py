"""A print that breaks a rule never reaches the board, and what of a snapshot is good still does."""

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mytrader_tui.market.board import merge
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import BidAsk, Cancel, DayBar, Origin, Quote, Source, Trade, TradingStatus, Update
from mytrader_tui.market.session import Session
from mytrader_tui.market.trust.validation import Rule, believe

NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
RECEIPT = Moment(NOW, 1000.0)
IEX = Origin(Source.ALPACA, "iex", 0.0)
MINUTE = timedelta(minutes=1)


def trade(price: float = 190.0, size: float = 100.0, at: datetime = NOW) -> Trade:
    return Trade("AAPL", price, size, at, IEX, RECEIPT)


def bid_ask(
    bid: float | None = 189.0,
    ask: float | None = 191.0,
    bid_size: float | None = 1.0,
    ask_size: float | None = 1.0,
    at: datetime = NOW,
) -> BidAsk:
    return BidAsk("AAPL", bid, ask, bid_size, ask_size, at, IEX, RECEIPT)


def day_bar(low: float = 180.0, volume: float = 1e6, vwap: float | None = 190.0, at: datetime = NOW) -> DayBar:
    return DayBar("AAPL", 185.0, 195.0, low, 190.0, volume, vwap, at, IEX, RECEIPT)


def quote(**fields: object) -> Quote:
    return Quote(symbol="AAPL", origin=IEX, receipt=RECEIPT, **fields)  # type: ignore[arg-type]  # fields by name


KNOWN = quote(last=190.0, event_time=NOW, bid=189.0, ask=191.0, bid_ask_time=NOW, day=NOW)


@pytest.mark.parametrize(
    "price", [math.nan, math.inf, -math.inf, 0.0, -0.0, -1.0, 1e-12, -1e-300, 5e-324], ids=lambda price: f"{price!r}"
)
@pytest.mark.parametrize("make", [trade, lambda price: bid_ask(bid=price), lambda price: day_bar(low=price)])
def test_a_price_is_finite_and_positive(make: object, price: float) -> None:
    assert callable(make)
    believed, rule = believe(make(price), None, NOW)

    assert believed is None
    assert rule is (Rule.NOT_POSITIVE if math.isfinite(price) else Rule.NOT_FINITE)


@pytest.mark.parametrize("price", [0.0000012, 0.01, 190.25, 750_000.0])
def test_coins_of_a_millionth_and_shares_of_a_fortune_are_believed(price: float) -> None:
    assert believe(trade(price), None, NOW) == (trade(price), None)


@pytest.mark.parametrize(
    ("update", "rule"),
    [
        (trade(size=-1.0), Rule.NEGATIVE_SIZE),
        (trade(size=math.nan), Rule.NOT_FINITE),
        (bid_ask(bid_size=-1.0), Rule.NEGATIVE_SIZE),
        (bid_ask(ask_size=math.inf), Rule.NOT_FINITE),
        (day_bar(volume=-1.0), Rule.NEGATIVE_SIZE),
        (day_bar(vwap=math.nan), Rule.NOT_FINITE),
        (bid_ask(bid=191.01, ask=191.0), Rule.CROSSED),
        (trade(at=NOW + timedelta(seconds=5.001)), Rule.FUTURE_EVENT_TIME),
        (bid_ask(at=NOW + timedelta(days=1)), Rule.FUTURE_EVENT_TIME),
        (day_bar(at=NOW + timedelta(days=1)), Rule.FUTURE_EVENT_TIME),
        (trade(at=NOW - timedelta(microseconds=1)), Rule.OUT_OF_ORDER),
        (bid_ask(at=NOW - MINUTE), Rule.OUT_OF_ORDER),
        (day_bar(at=NOW - MINUTE), Rule.OUT_OF_ORDER),
    ],
)
def test_a_print_that_breaks_a_rule_is_refused_whole(update: Update, rule: Rule) -> None:
    assert believe(update, KNOWN, NOW) == (None, rule)


@pytest.mark.parametrize(
    "update",
    [
        trade(),
        trade(size=0.0),
        trade(at=NOW + timedelta(seconds=5)),
        bid_ask(bid=190.0, ask=190.0),
        bid_ask(bid=None, bid_size=None),
        bid_ask(ask=None, ask_size=None),
        bid_ask(None, None, None, None),
        day_bar(vwap=None),
    ],
    ids=[
        "same time again",
        "size 0",
        "5 s ahead",
        "locked",
        "ask only",
        "bid only",
        "nobody quotes",
        "no vwap",
    ],
)
def test_what_is_unusual_but_possible_is_believed(update: Update) -> None:
    assert believe(update, KNOWN, NOW) == (update, None)


def test_the_clocks_of_a_symbols_parts_are_apart() -> None:
    late_trade = quote(last=190.0, event_time=NOW)

    assert believe(bid_ask(at=NOW - MINUTE), late_trade, NOW)[1] is None
    assert believe(day_bar(at=NOW - MINUTE), late_trade, NOW)[1] is None


def test_a_snapshot_with_a_crossed_quote_keeps_its_price_and_loses_its_sides() -> None:
    believed, rule = believe(quote(last=190.0, event_time=NOW, bid=192.0, ask=191.0, bid_size=1.0), None, NOW)

    assert rule is Rule.CROSSED
    assert believed == quote(last=190.0, event_time=NOW)


def test_of_two_broken_rules_the_first_is_named() -> None:
    believed, rule = believe(quote(last=math.nan, bid=192.0, ask=191.0, previous_close=188.0), None, NOW)

    assert (believed, rule) == (quote(previous_close=188.0), Rule.NOT_FINITE)


def test_a_snapshot_with_an_old_price_keeps_its_sides() -> None:
    snapshot = quote(last=180.0, last_size=5.0, event_time=NOW - MINUTE, bid=189.0, ask=191.0, bid_ask_time=NOW)

    believed, rule = believe(snapshot, KNOWN, NOW)

    assert rule is Rule.OUT_OF_ORDER
    assert believed == quote(bid=189.0, ask=191.0, bid_ask_time=NOW)


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("previous_close", 0.0, Rule.NOT_POSITIVE),
        ("open", math.nan, Rule.NOT_FINITE),
        ("high", math.inf, Rule.NOT_FINITE),
        ("low", -1.0, Rule.NOT_POSITIVE),
        ("vwap", 0.0, Rule.NOT_POSITIVE),
        ("volume", -1.0, Rule.NEGATIVE_SIZE),
        ("last_size", -1.0, Rule.NEGATIVE_SIZE),
        ("last_size", math.nan, Rule.NOT_FINITE),
    ],
)
def test_a_snapshot_loses_a_bad_figure_and_keeps_the_rest(field: str, value: float, rule: Rule) -> None:
    believed, broken = believe(quote(last=190.0, event_time=NOW, **{field: value}), None, NOW)

    assert broken is rule
    assert believed == quote(last=190.0, event_time=NOW)


@pytest.mark.parametrize(
    ("field", "value"), [("last", math.nan), ("last", 0.0), ("previous_close", -1.0), ("bid", 0.0)]
)
def test_a_snapshot_with_nothing_good_left_is_refused(field: str, value: float) -> None:
    believed, rule = believe(quote(**{field: value}), None, NOW)

    assert believed is None
    assert rule is not None


@pytest.mark.parametrize(
    ("price", "time", "rule"),
    [
        (math.nan, NOW, Rule.NOT_FINITE),
        (-1.0, NOW, Rule.NOT_POSITIVE),
        (191.0, NOW + MINUTE, Rule.FUTURE_EVENT_TIME),
        (191.0, NOW - MINUTE, Rule.OUT_OF_ORDER),
    ],
)
def test_a_snapshot_loses_a_bad_extended_hours_price_and_keeps_its_last(
    price: float, time: datetime, rule: Rule
) -> None:
    known = quote(extended_last=192.0, extended_time=NOW)
    both = quote(last=190.0, event_time=NOW, extended_last=price, extended_time=time, extended_receipt=RECEIPT)

    assert believe(both, known, NOW) == (quote(last=190.0, event_time=NOW), rule)


def test_an_extended_hours_price_alone_is_something_to_say() -> None:
    extended = quote(extended_last=191.0, extended_time=NOW, extended_receipt=RECEIPT)

    assert believe(extended, None, NOW) == (extended, None)


def status(at: datetime = NOW) -> TradingStatus:
    return TradingStatus(
        symbol="AAPL", halted=True, code="H", reason="news", event_time=at, origin=IEX, receipt=RECEIPT
    )


@pytest.mark.parametrize(
    ("at", "rule"),
    [
        (NOW, None),
        (NOW + MINUTE, Rule.FUTURE_EVENT_TIME),
        (NOW - MINUTE, Rule.OUT_OF_ORDER),
    ],
)
def test_a_status_has_a_clock_of_its_own(at: datetime, rule: Rule | None) -> None:
    believed, broken = believe(status(at), quote(last=190.0, event_time=NOW + MINUTE, halt_time=NOW), NOW)

    assert (believed is None, broken) == (rule is not None, rule)


def test_a_correction_says_nothing_without_the_trade_that_it_corrects() -> None:
    cancel = Cancel(symbol="AAPL", original=(1, "V"), event_time=NOW, origin=IEX, receipt=RECEIPT)

    assert believe(cancel, KNOWN, NOW) == (None, None)


@pytest.mark.parametrize("rule", Rule)
def test_what_an_honest_feed_may_carry_is_not_held_against_it(rule: Rule) -> None:
    blameless = {Rule.OUT_OF_ORDER, Rule.DUPLICATE, Rule.CONDITION}

    assert rule.blames_feed == (rule not in blameless)


def test_a_snapshot_that_says_nothing_breaks_no_rule() -> None:
    assert believe(quote(name="Apple", session=Session.PRE), None, NOW) == (None, None)


NUMBERS = st.one_of(
    st.floats(), st.floats(min_value=0.01, max_value=1000.0), st.sampled_from([0.0, -0.0, 1e-12, 189.0])
)
OPTIONAL = st.none() | NUMBERS
TIMES = st.integers(-10, 10).map(lambda seconds: NOW + timedelta(seconds=seconds))
UPDATES = st.one_of(
    st.builds(trade, NUMBERS, NUMBERS, TIMES),
    st.builds(bid_ask, OPTIONAL, OPTIONAL, OPTIONAL, OPTIONAL, TIMES),
    st.builds(day_bar, NUMBERS, NUMBERS, OPTIONAL, TIMES),
    st.builds(
        Quote,
        symbol=st.just("AAPL"),
        origin=st.just(IEX),
        receipt=st.just(RECEIPT),
        last=OPTIONAL,
        last_size=OPTIONAL,
        event_time=TIMES,
        previous_close=OPTIONAL,
        open=OPTIONAL,
        volume=OPTIONAL,
        vwap=OPTIONAL,
        bid=OPTIONAL,
        ask=OPTIONAL,
        bid_size=OPTIONAL,
        ask_size=OPTIONAL,
        bid_ask_time=TIMES,
    ),
)
PRICES = ("last", "previous_close", "open", "high", "low", "vwap", "bid", "ask")
SIZES = ("last_size", "volume", "bid_size", "ask_size")
LATEST = NOW + timedelta(seconds=5)


@given(st.lists(UPDATES, min_size=1))
def test_no_row_ever_holds_what_cannot_be_or_goes_back_in_time(updates: list[Update]) -> None:
    row = quote()
    for update in updates:
        believed, _ = believe(update, row, NOW)
        before, row = row, row if believed is None else merge(row, believed)

        assert all(value is None or 0 < value < math.inf for value in (getattr(row, name) for name in PRICES))
        assert all(value is None or 0 <= value < math.inf for value in (getattr(row, name) for name in SIZES))
        assert row.bid is None or row.ask is None or row.bid <= row.ask
        for earlier, later in ((before.event_time, row.event_time), (before.bid_ask_time, row.bid_ask_time)):
            assert later is None or later <= LATEST
            assert earlier is None or (later is not None and later >= earlier)


@given(UPDATES)
def test_what_is_refused_whole_names_its_rule_and_what_is_believed_is_believed_again(update: Update) -> None:
    believed, rule = believe(update, None, NOW)

    if believed is None:
        assert rule is not None or isinstance(update, Quote)
    else:
        assert believe(believed, None, NOW) == (believed, None)

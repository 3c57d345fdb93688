"""F42 to F53: prints that are wrong, late, twice, impossible or too many."""

import json
import math
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from burst import storm
from hypothesis import given
from hypothesis import strategies as st
from layers import generated, installed, simulated, unit
from world import LIVE, PRIMARY, STALE, WEDNESDAY, World, world

from mytrader_tui.feeds.alpaca.reading import read
from mytrader_tui.feeds.alpaca.wire import MAX_FRAME_BYTES
from mytrader_tui.market.board import Board
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import BidAsk, Origin, Quote, Source, Trade
from mytrader_tui.market.trust.comparison import Verdict, compare
from mytrader_tui.market.trust.price_trail import PriceTrail
from mytrader_tui.market.trust.validation import Rule, believe
from mytrader_tui.market.trust.validator import Validator
from mytrader_tui.monitor import questions as questions_module

IEX = Origin(Source.ALPACA, "iex", 0.0)
POLLED = Origin(Source.YAHOO, "quote", 900.0, polled=True)
NOW = Moment(WEDNESDAY, 1000.0)

DEEP = b"\x91" * 5000
JUNK = [
    b"not json",
    b"[{",
    b"",
    b"{}",
    b"42",
    b"\x81\xa1T",
    b"[" * 5000,
    DEEP,
    b"\xc1" * 100,
    b'[{"T":"t"',
    b"\xff\xfe",
]


def trade(
    price: float = 190.0, *, symbol: str = "AAPL", when: datetime = WEDNESDAY, number: int | None = None
) -> Trade:
    return Trade(symbol, price, 100.0, when, IEX, NOW, trade_id=number, exchange="V")


def message(**fields: object) -> dict[str, object]:
    whole: dict[str, object] = {
        "T": "t",
        "S": "AAPL",
        "i": 7,
        "x": "V",
        "p": 190.0,
        "s": 100,
        "t": WEDNESDAY,
        "c": ["@"],
    }
    return whole | fields


def frame(*messages: object) -> bytes:
    return msgspec.msgpack.encode(messages)


@simulated
async def test_f42_frames_that_are_no_messages_cost_themselves_and_not_the_connection(tmp_path):
    async with world(tmp_path, ticks_per_second=40) as it:
        await it.serving()

        for junk in JUNK:
            await it.market.send_raw(junk)
            await it.go(0.1)
        await it.go(2)

        assert it.monitor.intake.rejections.by_rule[Source.ALPACA, Rule.UNREADABLE] >= len(JUNK) - 2
        assert it.drops == 0
        assert it.kind("AAPL") is LIVE
        assert it.state is PRIMARY


@simulated
async def test_f42_a_frame_too_large_to_be_true_ends_the_connection_which_is_made_anew_after_a_pause(tmp_path):
    async with world(tmp_path) as it:
        await it.serving()

        await it.market.send_raw(b"\x91" + b"\xa1" * (MAX_FRAME_BYTES + 1))
        await it.until(lambda: it.drops, 5, "the drop")

        assert any("too large" in link.detail for link in it.links)
        await it.until(lambda: it.kind("AAPL") is LIVE, 10, "live again")
        assert it.knocks.gaps()[-1] >= 1
        assert it.failovers == []


@given(
    st.binary(max_size=300)
    | st.sampled_from(JUNK)
    | st.recursive(st.none() | st.text(), st.lists).map(json.dumps).map(str.encode)
)
@generated
def test_f42_no_bytes_make_the_reading_of_a_frame_raise(bytes_):
    reading = read(bytes_, IEX, NOW)

    assert all(isinstance(each.symbol, str) for each in reading.updates)


_ODD = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats()
    | st.text(max_size=40)
    | st.lists(st.integers(0, 9), max_size=3)
)


@given(st.sampled_from(["T", "S", "p", "s", "t", "i", "x", "c", "z", "new"]), _ODD, st.booleans())
@generated
def test_f43_a_field_that_is_odd_or_missing_costs_one_element_of_the_batch(field, odd, missing):
    bad = message(**{field: odd})
    if missing:
        bad.pop(field, None)

    reading = read(frame(message(i=1), bad, message(i=2)), IEX, NOW)

    trades = [each for each in reading.updates if isinstance(each, Trade)]
    assert trades[0].trade_id == 1
    assert trades[-1].trade_id == 2
    assert len(reading.updates) + len(reading.controls) + reading.dropped in (2, 3)


@pytest.mark.parametrize(
    ("price", "rule"),
    [
        (math.nan, Rule.NOT_FINITE),
        (math.inf, Rule.NOT_FINITE),
        (-math.inf, Rule.NOT_FINITE),
        (float("1e400"), Rule.NOT_FINITE),
        (-0.0, Rule.NOT_POSITIVE),
        (0.0, Rule.NOT_POSITIVE),
        (-190.0, Rule.NOT_POSITIVE),
        (1e-12, Rule.NOT_POSITIVE),
        (0.0001, None),
    ],
)
@unit
def test_f44_a_price_that_cannot_be_is_refused_by_a_named_rule(price, rule):
    assert believe(trade(price), None, WEDNESDAY)[1] is rule
    assert Validator().judge(trade(price), None, WEDNESDAY)[1] is rule


@pytest.mark.parametrize("price", [True, False, "190.0", None, [], {}])
@unit
def test_f44_what_is_no_number_is_not_read_as_one(price):
    reading = read(frame(message(p=price)), IEX, NOW)

    assert reading.updates == []
    assert reading.dropped == 1


@given(st.floats() | st.sampled_from([1e400, -0.0, 5e-324]))
@generated
def test_f44_whatever_is_believed_is_a_positive_finite_price(price):
    believed, rule = Validator().judge(trade(price), None, WEDNESDAY)

    assert (believed is None) is (rule is not None)
    if believed is not None:
        assert 0 < price < math.inf


def _sides(bid: float | None, ask: float | None) -> BidAsk:
    return BidAsk("AAPL", bid, ask, 1.0, 1.0, WEDNESDAY, IEX, NOW)


@given(st.floats(0.01, 1e6), st.floats(0.01, 1e6))
@generated
def test_f45_crossed_is_flagged_locked_and_one_sided_are_accepted(one, other):
    rule = believe(_sides(one, other), None, WEDNESDAY)[1]

    assert rule is (Rule.CROSSED if one > other else None)
    assert believe(_sides(one, one), None, WEDNESDAY)[1] is None
    for lone in (_sides(one, None), _sides(None, one)):
        board = Board()
        believed, rule = believe(lone, None, WEDNESDAY)
        assert rule is None
        assert believed is not None
        board.apply(believed)
        quote = board.quote("AAPL", Source.ALPACA)
        assert quote is not None
        assert (quote.bid, quote.ask) in ((one, None), (None, one))
        # No midpoint is ever made up of it.
        assert quote.last is None


@unit
@pytest.mark.parametrize("side", ["bp", "ap"])
def test_f45_a_side_of_zero_is_nobodys(side):
    quote = {"T": "q", "S": "AAPL", "bp": 1.0, "ap": 2.0, "bs": 1, "as": 1, "t": WEDNESDAY} | {side: 0}

    (update,) = read(frame(quote), IEX, NOW).updates

    assert isinstance(update, BidAsk)
    assert (update.bid is None) is (side == "bp")
    assert (update.ask is None) is (side == "ap")


_EXTENSION = st.binary(max_size=16).map(lambda data: msgspec.msgpack.Ext(-1, data))


@given(
    st.none()
    | st.text(max_size=30)
    | st.integers().filter(lambda n: abs(n) < 2**62)
    | _EXTENSION
    | st.datetimes(timezones=st.just(UTC))
)
@generated
def test_f46_no_timestamp_crashes_the_reader(when):
    reading = read(frame(message(t=when)), IEX, NOW)

    assert len(reading.updates) + reading.dropped == 1
    for update in reading.updates:
        assert isinstance(update, Trade)
        assert update.event_time.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("2026-11-18T15:00:00.123456789Z", "read"),
        ("2026-11-18T10:00:00-05:00", "read"),
        ("2026-11-18T15:00:00", "dropped"),
        ("1970-01-01T00:00:00Z", "late"),
        ("2026-11-19T15:00:00Z", "future"),
        ("2026-11-18T15:00:06Z", "future"),
        ("2026-11-18T15:00:05Z", "read"),
        (None, "dropped"),
    ],
)
@unit
def test_f46_a_time_is_normalised_or_refused(text, outcome):
    reading = read(frame(message(t=text)), IEX, NOW)
    if outcome == "dropped":
        assert reading.dropped == 1
        return
    board = Board()
    board.apply(trade(when=WEDNESDAY - timedelta(seconds=1)))

    _, rule = believe(reading.updates[0], board.quote("AAPL", Source.ALPACA), WEDNESDAY)

    assert rule is {"read": None, "late": Rule.OUT_OF_ORDER, "future": Rule.FUTURE_EVENT_TIME}[outcome]


@given(st.permutations(range(8)), st.lists(st.integers(0, 7), max_size=8))
@generated
def test_f47_whatever_the_order_and_however_often_the_newest_print_stays(order, again):
    board, validator = Board(), Validator()
    prints = [trade(100 + n / 10, when=WEDNESDAY + timedelta(milliseconds=n), number=n) for n in range(8)]
    refused = 0
    for number in [*order, *again]:
        believed, rule = validator.judge(prints[number], board.quote("AAPL", Source.ALPACA), WEDNESDAY)
        refused += rule is not None
        if believed is not None:
            board.apply(believed)

    quote = board.quote("AAPL", Source.ALPACA)
    assert quote is not None
    assert quote.last == 100.7
    assert quote.event_time == prints[7].event_time
    assert refused >= len(again)


@simulated
async def test_f48_a_corrected_price_is_repaired_and_a_cancelled_one_taken_back(tmp_path):
    async with world(tmp_path, ticks_per_second=0) as it:
        await _until_streaming(it)
        usual = it.market.price("AAPL")
        await it.market.trade("AAPL", usual)
        await it.go(1)
        wrong = await it.market.trade("AAPL", usual * 1.05)
        await it.until(lambda: it.last("AAPL") == pytest.approx(usual * 1.05), 2, "the print")

        right = await it.market.correct(wrong, usual * 1.01)
        await it.until(lambda: it.last("AAPL") == pytest.approx(usual * 1.01), 2, "the correction")

        await it.market.cancel(right)
        await it.until(lambda: it.last("AAPL") == pytest.approx(usual), 2, "the price before")
        assert it.failovers == []


async def _until_streaming(it: World) -> None:
    await it.until(lambda: it.alpaca.up, 10, "the link")
    await it.go(2)
    await it.market.trade("MSFT", it.market.price("MSFT"))
    await it.until(lambda: it.state is PRIMARY, 5, "serving")


@pytest.mark.parametrize("factor", [10.0, 0.1])
@simulated
async def test_f49_one_print_ten_times_off_is_held_back_and_nobody_fails_over(tmp_path, factor):
    async with world(tmp_path, ticks_per_second=0) as it:
        await _until_streaming(it)
        usual = it.market.price("AAPL")
        await it.market.trade("AAPL", usual)
        await it.go(1)

        await it.market.trade("AAPL", usual * factor)
        await it.go(1)

        assert it.last("AAPL") == pytest.approx(usual)
        await it.market.trade("AAPL", usual * 1.001)
        await it.until(lambda: it.last("AAPL") == pytest.approx(usual * 1.001), 2, "the next print")
        assert it.failovers == []


@given(st.floats(1.0, 1e4), st.floats(0.01, 100.0))
@generated
def test_f49_a_step_of_more_than_a_fifth_needs_a_second_print(price, factor):
    board, validator = Board(), Validator()
    board.apply(trade(price, when=WEDNESDAY - timedelta(seconds=2)))
    first = trade(price * factor, when=WEDNESDAY - timedelta(seconds=1), number=1)
    second = trade(price * factor, when=WEDNESDAY, number=2)

    rule = validator.judge(first, board.quote("AAPL", Source.ALPACA), WEDNESDAY)[1]
    again = validator.judge(second, board.quote("AAPL", Source.ALPACA), WEDNESDAY)[1]

    if abs(factor - 1.0) > 0.201:
        assert rule is Rule.JUMP
    elif abs(factor - 1.0) < 0.199:
        assert rule is None
    assert again is None


@pytest.mark.parametrize(
    ("factor", "text"), [(2.0, "possible split 2:1"), (0.5, "possible split 2:1"), (10.0, "possible split 10:1")]
)
@simulated
async def test_f49_a_split_that_one_source_missed_freezes_the_symbol_and_names_it(tmp_path, factor, text, monkeypatch):
    monkeypatch.setattr(questions_module, "OPINION_SECONDS", 20.0)
    async with world(tmp_path, ticks_per_second=4) as it:
        it.market.faults.yahoo_prompt = True
        it.market.faults.yahoo_factor = factor
        await it.serving()
        it.market.faults.yahoo_doubled = frozenset({"MSFT"})

        await it.until(lambda: it.monitor.mark("MSFT"), 120, "the mark")

        assert it.monitor.mark("MSFT") == text
        assert it.kind("MSFT") is STALE
        assert it.kind("AAPL") is LIVE
        await it.steady(120)


def _compared(difference: float, *, yahoo_age: float = 0.0, alpaca_age: float = 0.0) -> Verdict:
    trail = PriceTrail()
    for second in range(0, 1200, 30):
        trail.add(100.0, WEDNESDAY - timedelta(seconds=second))
    alpaca = Quote(
        symbol="AAPL",
        origin=IEX,
        receipt=NOW.later(-alpaca_age),
        last=100.0,
        event_time=WEDNESDAY - timedelta(seconds=alpaca_age),
    )
    yahoo = Quote(
        symbol="AAPL",
        origin=POLLED,
        receipt=NOW.later(-yahoo_age),
        last=100.0 * (1.0 + difference),
        event_time=WEDNESDAY - timedelta(minutes=10),
    )
    return compare("AAPL", alpaca, yahoo, trail, NOW).verdict


@pytest.mark.parametrize(
    ("difference", "verdict"),
    [
        (0.0, Verdict.AGREE),
        (0.05, Verdict.AGREE),
        (-0.05, Verdict.AGREE),
        (0.0501, Verdict.DISAGREE),
        (-0.0501, Verdict.DISAGREE),
        (0.20, Verdict.DISAGREE),
        (0.2001, Verdict.DISAGREE),
    ],
)
@unit
def test_f50_five_percent_agrees_and_more_does_not(difference, verdict):
    assert _compared(difference) is verdict


@pytest.mark.parametrize(("yahoo_age", "alpaca_age"), [(61.0, 0.0), (0.0, 901.0)])
@unit
def test_f50_a_stale_price_is_not_compared_with_a_fresh_one(yahoo_age, alpaca_age):
    assert _compared(0.5, yahoo_age=yahoo_age, alpaca_age=alpaca_age) is Verdict.NOT_COMPARABLE


@given(st.floats(-0.9, 3.0))
@generated
def test_f50_twenty_percent_apart_is_the_last_that_freezes_nothing(difference):
    trail = PriceTrail()
    trail.add(100.0, WEDNESDAY)
    alpaca = Quote(symbol="AAPL", origin=IEX, receipt=NOW, last=100.0, event_time=WEDNESDAY)
    yahoo = Quote(symbol="AAPL", origin=POLLED, receipt=NOW, last=100.0 * (1 + difference), event_time=WEDNESDAY)

    found = compare("AAPL", alpaca, yahoo, trail, NOW)

    if abs(abs(difference) - 0.2) > 1e-6:
        assert found.apart is (abs(difference) > 0.2)


@simulated
async def test_f51_one_symbol_30_percent_apart_is_frozen_until_three_agreements_and_the_others_stay_live(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(questions_module, "OPINION_SECONDS", 20.0)
    async with world(tmp_path, symbols=("AAPL", "MSFT", "AMD", "INTC"), ticks_per_second=8) as it:
        it.market.faults.yahoo_prompt = True
        it.market.faults.yahoo_factor = 1.3
        await it.serving()
        it.market.faults.yahoo_doubled = frozenset({"AMD"})
        await it.until(lambda: it.monitor.mark("AMD"), 120, "the mark")

        assert "30 % apart" in it.monitor.mark("AMD")
        assert it.kind("AMD") is STALE
        assert {it.kind(each) for each in ("AAPL", "MSFT", "INTC")} == {LIVE}

        it.market.faults.yahoo_doubled = frozenset()
        asked = len(it.market.seen.requests)
        await it.until(lambda: not it.monitor.mark("AMD"), 300, "the release")
        answers = [
            path for host, path in it.market.seen.requests[asked:] if "/v7/finance/quote" in path and "AMD" in path
        ]
        assert len(answers) >= 3
        await it.until(lambda: it.kind("AMD") is LIVE, 20, "live again")
        assert it.failovers == []


@simulated
async def test_f52_most_symbols_apart_is_distrust_and_no_switch_as_long_as_neither_broke_with_itself(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(questions_module, "OPINION_SECONDS", 20.0)
    symbols = ("AMD", "INTC", "NFLX", "DIS", "KO")

    def wrong_from_the_start(market):
        market.faults.yahoo_prompt = True
        market.faults.yahoo_factor = 1.3
        market.faults.yahoo_doubled = frozenset(symbols)

    async with world(tmp_path, symbols=symbols, ticks_per_second=10, prepare=wrong_from_the_start) as it:
        await it.until(lambda: it.state is PRIMARY, 30, "serving")
        await it.until(lambda: "DISTRUST" in it.words, 120, "the flag")

        await it.go(300)

        assert it.failovers == []
        assert it.state is PRIMARY
        assert {it.kind(each) for each in symbols} == {STALE}


@installed
def test_f53_a_burst_leaves_the_screen_alive_the_memory_bounded_and_the_newest_price_on_it(tmp_path):
    seen = storm(tmp_path, rate=50_000, seconds=3.0)

    assert seen.paints_a_second >= 10
    assert seen.most_kb - seen.before_kb < 60_000
    assert seen.settled_after < 15.0
    assert seen.sent > 10_000

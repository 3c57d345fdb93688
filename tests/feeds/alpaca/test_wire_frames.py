"""Frames become messages: whatever the bytes, nothing is raised and one bad message costs only itself."""

import warnings
from datetime import UTC, datetime, timedelta, timezone

import msgpack
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mytrader_tui.feeds.alpaca.reading import read
from mytrader_tui.feeds.alpaca.wire import (
    MAX_SALVAGED,
    Auth,
    ErrorMessage,
    Subscribe,
    SubscriptionMessage,
    SuccessMessage,
    Unsubscribe,
    decode,
    encode,
)
from mytrader_tui.market.moment import EPOCH
from mytrader_tui.market.quote import BidAsk, DayBar, Origin, Source, Trade

with warnings.catch_warnings():  # alpaca-py imports a deprecated part of websockets
    warnings.simplefilter("ignore", DeprecationWarning)
    from alpaca.data.models import Bar as AlpacaBar
    from alpaca.data.models import Quote as AlpacaQuote
    from alpaca.data.models import Trade as AlpacaTrade

ORIGIN = Origin(Source.ALPACA, "iex", 0.0)
WHEN = msgpack.Timestamp(1_700_000_000, 123_456_789)
TRADE = {
    "T": "t",
    "S": "AAPL",
    "i": 52983525029461,
    "x": "V",
    "p": 190.25,
    "s": 100,
    "c": ["@", "I"],
    "t": WHEN,
    "z": "C",
}
QUOTE = {
    "T": "q", "S": "AAPL", "t": WHEN, "c": ["R"], "z": "C",
    "bx": "V", "bp": 190.2, "bs": 2, "ax": "Q", "ap": 190.3, "as": 3,
}  # fmt: skip
BAR = {"T": "d", "S": "AAPL", "o": 189.5, "h": 191, "l": 188.25, "c": 190, "v": 12345, "t": WHEN, "n": 99, "vw": 189.9}

prices = st.floats(min_value=0.0001, max_value=1e6, allow_nan=False)
sizes = st.one_of(st.integers(0, 2**40), st.floats(0, 1e9))
times = st.builds(msgpack.Timestamp, st.integers(0, 4_000_000_000), st.integers(0, 999_999_999))
symbols = st.from_regex(r"[A-Z]{1,5}(\.[AB])?", fullmatch=True)


def reading_of(*messages, pack=msgpack.packb):
    return read(pack(list(messages)), ORIGIN, EPOCH)


def as_alpaca_py(frame, model):
    raw = msgpack.unpackb(frame)[0]
    raw["t"] = raw["t"].to_datetime()  # as alpaca.data.live.websocket does
    return model(raw["S"], raw)


def same_time(ours, theirs):
    return abs(ours - theirs) <= timedelta(microseconds=1)  # the wire has nanoseconds: one rounds, one truncates


@given(symbols, prices, sizes, times, st.integers(0, 2**63), st.lists(st.sampled_from("@IT4"), max_size=4))
def test_a_trade_reads_as_alpacas_own_library_reads_it(symbol, price, size, when, trade_id, conditions):
    frame = msgpack.packb([{**TRADE, "S": symbol, "p": price, "s": size, "t": when, "i": trade_id, "c": conditions}])

    (ours,) = read(frame, ORIGIN, EPOCH).updates

    theirs = as_alpaca_py(frame, AlpacaTrade)
    assert isinstance(ours, Trade)
    assert (ours.symbol, ours.price, ours.size) == (theirs.symbol, theirs.price, theirs.size)
    assert (ours.trade_id, ours.exchange) == (theirs.id, theirs.exchange)
    assert list(ours.conditions) == theirs.conditions
    assert same_time(ours.event_time, theirs.timestamp)
    assert ours.event_time.tzinfo is UTC


@given(symbols, prices, prices, sizes, sizes, times)
def test_a_quote_reads_as_alpacas_own_library_reads_it(symbol, bid, ask, bid_size, ask_size, when):
    frame = msgpack.packb([{**QUOTE, "S": symbol, "bp": bid, "ap": ask, "bs": bid_size, "as": ask_size, "t": when}])

    (ours,) = read(frame, ORIGIN, EPOCH).updates

    theirs = as_alpaca_py(frame, AlpacaQuote)
    assert isinstance(ours, BidAsk)
    assert (ours.symbol, ours.bid, ours.ask) == (theirs.symbol, theirs.bid_price, theirs.ask_price)
    assert (ours.bid_size, ours.ask_size) == (theirs.bid_size, theirs.ask_size)
    assert same_time(ours.event_time, theirs.timestamp)


@given(symbols, prices, prices, prices, prices, sizes, prices, times)
def test_a_day_bar_reads_as_alpacas_own_library_reads_it(symbol, open_, high, low, close, volume, vwap, when):
    frame = msgpack.packb(
        [{**BAR, "S": symbol, "o": open_, "h": high, "l": low, "c": close, "v": volume, "vw": vwap, "t": when}]
    )

    (ours,) = read(frame, ORIGIN, EPOCH).updates

    theirs = as_alpaca_py(frame, AlpacaBar)
    assert isinstance(ours, DayBar)
    assert (ours.open, ours.high, ours.low, ours.close) == (theirs.open, theirs.high, theirs.low, theirs.close)
    assert (ours.symbol, ours.volume, ours.vwap) == (theirs.symbol, theirs.volume, theirs.vwap)
    assert same_time(ours.event_time, theirs.timestamp)


def test_json_text_reads_as_msgpack_does():
    text = {**TRADE, "t": "2023-11-14T22:13:20.123456789Z"}

    (from_json,) = reading_of(text, pack=msgspec.json.encode).updates

    assert from_json == reading_of(TRADE).updates[0]


def test_prints_keep_their_order_and_share_one_origin():
    reading = reading_of(TRADE, QUOTE, BAR, TRADE)

    assert [type(update) for update in reading.updates] == [Trade, BidAsk, DayBar, Trade]
    assert all(update.origin is ORIGIN for update in reading.updates)


@pytest.mark.parametrize(("side", "size", "price"), [("bid", "bid_size", "bp"), ("ask", "ask_size", "ap")])
@pytest.mark.parametrize("nobody", [0, 0.0, -0.0])
def test_a_side_priced_zero_is_a_side_that_nobody_quotes(side, size, price, nobody):
    (update,) = reading_of({**QUOTE, price: nobody}).updates

    assert getattr(update, side) is None
    assert getattr(update, size) is None


@pytest.mark.parametrize(
    "bad",
    [
        {**TRADE, "p": True},
        {**TRADE, "p": "190.25"},
        {**TRADE, "p": None},
        {**TRADE, "s": False},
        {**TRADE, "i": True},
        {**TRADE, "S": 5},
        {**TRADE, "S": ""},
        {**TRADE, "S": "A" * 10_000},
        {**TRADE, "S": "AA\x1b[31mPL"},
        {**TRADE, "S": "\u202eLPAA"},
        {**TRADE, "t": 5},
        {**TRADE, "t": "2023-11-14T22:13:20"},
        {**TRADE, "t": "0001-01-01T00:00:00+14:00"},
        {**TRADE, "c": "@"},
        {key: value for key, value in TRADE.items() if key != "p"},
        {("price" if key == "p" else key): value for key, value in TRADE.items()},
        {**QUOTE, "bp": True},
        {**BAR, "o": "1"},
        {**TRADE, "T": "zz"},
        {key: value for key, value in TRADE.items() if key != "T"},
        {**TRADE, "T": 7},
        {"T": "error", "code": "402"},
        [],
        None,
        "t",
        7,
    ],
)
def test_a_message_that_cannot_be_read_costs_only_itself(bad):
    reading = reading_of(TRADE, bad, QUOTE)

    assert [type(update) for update in reading.updates] == [Trade, BidAsk]
    assert reading.dropped == 1
    assert reading.why


def test_a_time_beyond_the_calendar_costs_only_its_message():
    far = b"\xc7\x0c\xff" + msgpack.Timestamp(2**55, 1).to_bytes()
    beyond = msgpack.packb(TRADE).replace(b"\xd7\xff" + WHEN.to_bytes(), far)

    reading = read(b"\x92" + beyond + msgpack.packb(QUOTE), ORIGIN, EPOCH)

    assert [type(update) for update in reading.updates] == [BidAsk]
    assert reading.dropped == 1


def test_text_that_is_not_utf8_costs_only_its_message():
    bad = msgpack.packb(TRADE).replace(b"AAPL", b"AA\xff\xfe")

    reading = read(b"\x92" + bad + msgpack.packb(QUOTE), ORIGIN, EPOCH)

    assert [type(update) for update in reading.updates] == [BidAsk]
    assert reading.dropped == 1


def test_another_time_zone_is_turned_into_utc():
    text = {**TRADE, "t": datetime(2023, 11, 14, 17, 13, 20, tzinfo=timezone(timedelta(hours=-5))).isoformat()}

    (update,) = reading_of(text, pack=msgspec.json.encode).updates

    assert update.event_time == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert update.event_time.tzinfo is UTC


def test_conditions_and_exchange_are_cleaned():
    (update,) = reading_of({**TRADE, "x": "V\x1b]0;x\x07", "c": ["@\u200b"]}).updates

    assert (update.exchange, update.conditions) == ("V", ("@",))


def test_keys_that_nobody_announced_are_ignored():
    reading = reading_of({**TRADE, "r": WHEN, "new": {"deep": [1, 2]}})

    assert len(reading.updates) == 1
    assert reading.dropped == 0


def test_kinds_that_have_no_place_in_a_row_are_read_and_say_nothing():
    quiet = [
        {**BAR, "T": "b"},
        {**BAR, "T": "u"},
        {"T": "s", "S": "AAPL", "sc": "E", "sm": "Short Sale Restriction", "rc": "", "rm": "", "t": WHEN, "z": "A"},
    ]

    reading = reading_of(*quiet)

    assert (reading.updates, reading.controls, reading.dropped) == ([], [], 0)


def test_the_servers_own_words_are_kept_apart_from_prints():
    listing = {"T": "subscription", "trades": ["AAPL"], "quotes": [], "bars": ["*"], "dailyBars": ["AAPL"]}

    reading = reading_of({"T": "success", "msg": "connected"}, {"T": "error", "code": 405, "msg": "limit"}, listing)

    assert reading.controls == [
        SuccessMessage(msg="connected"),
        ErrorMessage(code=405, msg="limit"),
        SubscriptionMessage(trades=("AAPL",), daily_bars=("AAPL",)),
    ]


@given(st.binary(max_size=300))
def test_any_bytes_are_a_frame_that_raises_nothing(frame):
    reading = read(frame, ORIGIN, EPOCH)

    assert reading.dropped >= 0


anything = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(max_size=8) | times,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
almost = st.one_of(
    anything,
    st.builds(
        lambda base, key, value: {**base, key: value},
        st.sampled_from([TRADE, QUOTE, BAR]),
        st.sampled_from([*"TSpstixcohlvz", "bp", "ap", "as", "bs", "vw"]),
        anything,
    ),
)


@given(st.lists(almost, max_size=5))
def test_a_frame_of_near_misses_accounts_for_every_message(messages):
    reading = reading_of(TRADE, *messages, QUOTE)

    kinds = [type(update) for update in reading.updates]
    assert kinds[0] is Trade
    assert kinds[-1] is BidAsk
    assert len(reading.updates) + len(reading.controls) + reading.dropped <= len(messages) + 2


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"\xc1",
        b"\xdd\xff\xff\xff\xff",
        b"\x91" * 100_000,
        b"[" * 100_000,
        b'{"T":"t"}',
        b"[{",
        b"\xff\xfe",
        b"null",
        msgpack.packb(TRADE),
        msgpack.packb([0] * (MAX_SALVAGED + 1)),
    ],
)
def test_a_frame_that_is_no_array_of_messages_counts_as_one(frame):
    decoded = decode(frame)

    assert (decoded.messages, decoded.dropped) == ([], 1)
    assert decoded.why


def test_what_the_client_sends_is_what_the_protocol_says():
    assert msgpack.unpackb(encode(Auth("k", "s"))) == {"action": "auth", "key": "k", "secret": "s"}
    assert msgpack.unpackb(encode(Subscribe(("A",), ("A", "B"), ()))) == {
        "action": "subscribe",
        "trades": ["A"],
        "quotes": ["A", "B"],
    }
    assert msgpack.unpackb(encode(Unsubscribe((), (), ("A",)))) == {"action": "unsubscribe", "dailyBars": ["A"]}


def test_a_login_does_not_print_its_keys():
    assert "hush" not in repr(Auth("hush", "hush"))

"""Any bytes whatever, from the socket to the board: nothing is raised, and no price appears that nobody may believe."""

import math
from datetime import UTC, datetime

import msgpack
from hypothesis import given, settings
from hypothesis import strategies as st

from mytrader_tui.feeds.alpaca.reading import read
from mytrader_tui.market.board import Board
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Origin, Quote, Source
from mytrader_tui.market.trust.validation import MAX_FUTURE
from mytrader_tui.market.trust.validator import Validator

IEX = Origin(Source.ALPACA, "iex", 0.0)
NOW = Moment(datetime(2026, 11, 20, 15, 0, tzinfo=UTC), 1000.0)
SECOND = int(NOW.wall.timestamp())
PRICES = ("last", "extended_last", "open", "high", "low", "vwap", "bid", "ask")
SIZES = ("last_size", "volume", "bid_size", "ask_size")
TIMES = ("event_time", "extended_time", "bid_ask_time", "halt_time", "day")

times = st.builds(msgpack.Timestamp, st.integers(SECOND - 5, SECOND + 8), st.integers(0, 999_999_999))
numbers = st.one_of(
    st.floats(), st.integers(-(2**63), 2**64 - 1), st.sampled_from([190, 190.5, 191.0, 250.0, 1e-12, 1e308, -0.0])
)
oddities = st.one_of(st.none(), st.booleans(), st.text(max_size=5), st.binary(max_size=5), st.just([]), st.just({}))
codes = st.lists(st.sampled_from(["@", "T", "I", "Z", " ", "?"]), max_size=3)

_OF_KEY = {
    "S": st.sampled_from(["AAPL", "MSFT"]),
    "t": times,
    "c": codes,
    "cc": codes,
    "oc": codes,
    "x": st.sampled_from(["V", "D"]),
    "z": st.sampled_from(["A", "C", ""]),
    "sc": st.sampled_from(["H", "T", "2", "3", "E"]),
    "sm": st.just("Trading Halt"),
    "rm": st.text(max_size=20),
    "i": st.integers(0, 5),
    "oi": st.integers(0, 5),
    "ci": st.integers(0, 5),
}
_KEYS = {
    "t": "S i x p s c t z",
    "q": "S bx bp bs ax ap as c t z",
    "d": "S o h l c v t n vw",
    "c": "S x oi op os oc ci cp cs cc t z",
    "x": "S i x p s a t z",
    "s": "S sc sm rc rm t z",
}


def message_of(kind):
    fields = {}
    for key in _KEYS[kind].split():
        # The close of a bar has the name of a trade's conditions.
        value = numbers if kind == "d" and key == "c" else _OF_KEY.get(key, numbers)
        fields[key] = st.one_of(value, value, value, value, value, oddities)
    return st.fixed_dictionaries({"T": st.just(kind)}, optional=fields) | st.fixed_dictionaries(
        {"T": st.just(kind), **{key: _OF_KEY.get(key, numbers) for key in fields if (kind, key) != ("d", "c")}},
        optional={"c": numbers} if kind == "d" else {},
    )


messages = st.one_of([message_of(kind) for kind in _KEYS])
frames = st.one_of(
    st.lists(messages, max_size=6).map(msgpack.packb),
    st.binary(max_size=120),
    st.builds(
        lambda frame, at, byte: frame[: at % (len(frame) + 1)] + byte + frame[at % (len(frame) + 1) + 1 :],
        st.lists(messages, min_size=1, max_size=3).map(msgpack.packb),
        st.integers(0, 500),
        st.binary(min_size=1, max_size=2),
    ),
)


def board_after(blobs):
    """The board after these frames, through reading and validation as in the program."""
    board, validator = Board(), Validator()
    for blob in blobs:
        for update in read(blob, IEX, NOW).updates:
            known = board.quote(update.symbol, Source.ALPACA)
            believed, _ = validator.judge(update, known, NOW.wall)
            if believed is not None:
                board.apply(believed)
                yield board.quote(update.symbol, Source.ALPACA)


@settings(max_examples=150)
@given(st.lists(frames, max_size=8))
def test_no_bytes_raise_and_none_put_an_impossible_figure_on_the_board(blobs):
    for quote in board_after(blobs):
        assert isinstance(quote, Quote)
        for name in PRICES:
            price = getattr(quote, name)
            assert price is None or 0 < price < math.inf
        for name in SIZES:
            size = getattr(quote, name)
            assert size is None or 0 <= size < math.inf
        for name in TIMES:
            time = getattr(quote, name)
            assert time is None or time <= NOW.wall + MAX_FUTURE
        assert quote.bid is None or quote.ask is None or quote.bid <= quote.ask
        assert quote.halted is None or quote.halted.isprintable()


def test_the_fuzz_reaches_the_board():
    trade = {
        "T": "t", "S": "AAPL", "i": 1, "x": "V", "p": 190.0, "s": 1, "c": ["@"], "t": msgpack.Timestamp(SECOND, 0),
        "z": "C",
    }  # fmt: skip

    (quote,) = board_after([msgpack.packb([trade])])

    assert quote.last == 190.0

"""Corrections, cancels and trading statuses become market values, in words that may be shown."""

from datetime import UTC, datetime

import msgpack
import pytest

from mytrader_tui.feeds.alpaca.reading import read
from mytrader_tui.market.moment import EPOCH
from mytrader_tui.market.quote import Cancel, Correction, Origin, Source, Trade, TradingStatus

ORIGIN = Origin(Source.ALPACA, "iex", 0.0)
WHEN = msgpack.Timestamp(1_680_787_535, 0)
TIME = datetime(2023, 4, 6, 13, 25, 35, tzinfo=UTC)
CORRECTION = {
    "T": "c", "S": "EEM", "x": "M", "oi": 52983525033527, "op": 39.1582, "os": 440000, "oc": [" ", "7"],
    "ci": 52983525034326, "cp": 39.1809, "cs": 440000, "cc": [" ", "7"], "z": "B", "t": WHEN,
}  # fmt: skip
CANCEL = {"T": "x", "S": "GOOGL", "i": 465, "x": "D", "p": 105.31, "s": 300, "a": "C", "z": "C", "t": WHEN}
STATUS = {
    "T": "s", "S": "AAPL", "sc": "H", "sm": "Trading Halt", "rc": "T12",
    "rm": "Trading Halted; For information requested by NASDAQ", "t": WHEN, "z": "C",
}  # fmt: skip


def reading_of(*messages):
    return read(msgpack.packb(list(messages)), ORIGIN, EPOCH)


def test_a_correction_names_the_trade_that_was_and_the_one_that_is():
    assert reading_of(CORRECTION).updates == [
        Correction(
            symbol="EEM",
            original=(52983525033527, "M"),
            corrected=(52983525034326, "M"),
            price=39.1809,
            size=440000.0,
            event_time=TIME,
            origin=ORIGIN,
            receipt=EPOCH,
            conditions=("", "7"),
        )
    ]


@pytest.mark.parametrize("action", ["C", "E"])
def test_a_cancel_or_error_names_its_trade(action):
    assert reading_of({**CANCEL, "a": action}).updates == [
        Cancel(symbol="GOOGL", original=(465, "D"), event_time=TIME, origin=ORIGIN, receipt=EPOCH)
    ]


def test_a_halt_has_its_reason_in_words():
    assert reading_of(STATUS).updates == [
        TradingStatus(
            symbol="AAPL",
            halted=True,
            code="H",
            reason="Trading Halted; For information requested by NASDAQ",
            event_time=TIME,
            origin=ORIGIN,
            receipt=EPOCH,
        )
    ]


@pytest.mark.parametrize(
    ("changes", "halted", "reason"),
    [
        ({"rm": ""}, True, "Trading Halt"),
        ({"rm": "", "sm": ""}, True, "trading halt"),
        ({"sc": "P", "rm": "", "sm": ""}, True, "volatility trading pause"),
        ({"sc": "2", "z": "A", "rm": "News Pending"}, True, "News Pending"),
        ({"sc": "3", "z": "A", "rm": "", "sm": "Resume"}, False, "Resume"),
        ({"sc": "T", "rm": ""}, False, "Trading Halt"),
        ({"rm": "halt\x1b[31m\u202e now"}, True, "halt now"),
        ({"rm": "x" * 200}, True, "x" * 59 + "…"),
    ],
)
def test_a_status_says_whether_and_why_in_clean_words(changes, halted, reason):
    (status,) = reading_of({**STATUS, **changes}).updates

    assert (status.halted, status.reason) == (halted, reason)


@pytest.mark.parametrize("code", ["5", "6", "7", "8", "9", "A", "C", "D", "E", "F", "?", ""])
def test_a_status_that_neither_halts_nor_resumes_is_no_news(code):
    reading = reading_of({**STATUS, "sc": code})

    assert (reading.updates, reading.dropped) == ([], 0)


@pytest.mark.parametrize(
    "bad",
    [
        {**CORRECTION, "cp": "39"},
        {**CORRECTION, "cp": True},
        {**CORRECTION, "cs": None},
        {**CORRECTION, "ci": 1.5},
        {key: value for key, value in CORRECTION.items() if key != "oi"},
        {key: value for key, value in CORRECTION.items() if key != "cp"},
        {**CORRECTION, "S": "E\x00M"},
        {**CORRECTION, "t": "2023-04-06T13:25:35"},
        {**CANCEL, "i": None},
        {**CANCEL, "i": "465"},
        {key: value for key, value in CANCEL.items() if key != "t"},
        {**STATUS, "sc": 2},
        {**STATUS, "rm": "x" * 10_000},
        {key: value for key, value in STATUS.items() if key != "sc"},
    ],
)
def test_one_that_cannot_be_read_costs_only_itself(bad):
    reading = reading_of(CANCEL, bad, STATUS)

    assert [type(update) for update in reading.updates] == [Cancel, TradingStatus]
    assert reading.dropped == 1


def test_a_trade_keeps_its_tape():
    message = {"T": "t", "S": "AAPL", "i": 1, "x": "V", "p": 1.0, "s": 1, "c": [" ", "T"], "t": WHEN, "z": "A"}

    (trade,) = reading_of(message).updates

    assert isinstance(trade, Trade)
    assert (trade.tape, trade.conditions, trade.extended, trade.print_id) == ("A", ("", "T"), True, (1, "V"))

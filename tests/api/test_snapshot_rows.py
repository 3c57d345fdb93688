"""The snapshot's rows say what the screen says, in JSON, CSV and a plain table."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest

from mytrader_tui.api.snapshot import SnapshotRow, as_csv, as_json, as_table, snapshot_row
from mytrader_tui.market.freshness import LIVE, NO_DATA, Badge, BadgeKind
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Origin, Quote, Source

NOW = Moment(datetime(2026, 11, 20, 15, 0, tzinfo=UTC), 1000.0)
FIELDS = [
    *("symbol", "last", "change", "change_percent", "previous_close", "volume", "bid", "ask", "source", "feed"),
    *("badge", "event_time", "receipt_time", "age_seconds", "currency", "hours", "regular_last", "regular_time"),
]


def quote(**changes: object) -> Quote:
    values: dict[str, object] = {
        "symbol": "AAPL",
        "origin": Origin(Source.ALPACA, "iex", 0.0),
        "receipt": NOW,
        "last": 187.22,
        "event_time": NOW.wall - timedelta(seconds=2.5),
        "previous_close": 190.1,
        "volume": 1234567.0,
        "bid": 187.2,
        "ask": 187.25,
        "currency": "USD",
    }
    return Quote(**{**values, **changes})


def test_a_row_has_every_promised_field_in_order():
    assert list(SnapshotRow.__struct_fields__) == FIELDS


def test_a_row_carries_the_provenance_of_its_price():
    row = snapshot_row("AAPL", quote(), LIVE, NOW)

    assert (row.source, row.feed, row.badge) == ("alpaca", "iex", "LIVE")
    assert row.age_seconds == 2.5
    assert row.receipt_time == NOW.wall


def after_close() -> Quote:
    receipt = Moment(NOW.wall + timedelta(hours=7), NOW.mono + 7 * 3600)
    return quote(extended_last=188.4, extended_time=receipt.wall - timedelta(seconds=30), extended_receipt=receipt)


def test_a_price_of_the_extended_hours_says_so_and_the_regular_one_stands_beside_it():
    row = snapshot_row("AAPL", after_close(), Badge(BadgeKind.DELAYED, 60.0), NOW)

    assert (row.last, row.hours, row.event_time) == (188.4, "post", NOW.wall + timedelta(hours=7, seconds=-30))
    assert (row.regular_last, row.regular_time) == (187.22, NOW.wall - timedelta(seconds=2.5))
    assert row.change == -1.7


@pytest.mark.parametrize(
    ("time", "hours"),
    [
        (datetime(2026, 11, 20, 13, 0, tzinfo=UTC), "pre"),
        (datetime(2026, 11, 20, 22, 0, tzinfo=UTC), "post"),
        (datetime(2026, 11, 21, 3, 0, tzinfo=UTC), "extended"),
        (None, "regular"),
    ],
)
def test_the_hours_are_those_of_the_price_in_every_format(time: datetime | None, hours: str):
    told = {"event_time": datetime(2026, 11, 19, 21, 0, tzinfo=UTC)}
    told |= {"extended_last": 188.4, "extended_time": time, "extended_receipt": NOW} if time else {}
    rows = [snapshot_row("AAPL", quote(**told), LIVE, NOW)]

    assert json.loads(as_json(rows))[0]["hours"] == hours
    assert next(csv.DictReader(io.StringIO(as_csv(rows))))["hours"] == hours
    assert as_table(rows).splitlines()[1].split()[2] == hours


def test_a_change_has_no_binary_dust():
    row = snapshot_row("AAPL", quote(), LIVE, NOW)

    assert row.change == -2.88
    assert row.change_percent == pytest.approx(-1.5149921)


def test_a_symbol_without_data_is_null_everywhere_and_never_zero():
    row = json.loads(as_json([snapshot_row("NOPE", None, NO_DATA, NOW)]))[0]

    assert row.pop("symbol") == "NOPE"
    assert row.pop("badge") == "NO DATA"
    assert set(row.values()) == {None}


def test_json_is_an_array_of_objects_with_rfc_3339_times():
    text = as_json([snapshot_row("AAPL", quote(), Badge(BadgeKind.DELAYED, 900.0), NOW)] * 2)

    rows = json.loads(text)
    assert [list(row) for row in rows] == [FIELDS, FIELDS]
    assert rows[0]["event_time"] == "2026-11-20T14:59:57.500000Z"
    assert rows[0]["badge"] == "DELAYED 15m"
    assert json.loads(as_json([])) == []


def test_csv_has_a_header_and_empty_fields_for_the_unknown():
    rows = [snapshot_row("AAPL", quote(bid=None), LIVE, NOW)]

    read = list(csv.DictReader(io.StringIO(as_csv(rows))))
    assert list(read[0]) == FIELDS
    assert read[0]["last"] == "187.22"
    assert read[0]["bid"] == ""


def test_the_table_is_aligned_and_signs_its_changes():
    rows = [
        snapshot_row("AAPL", quote(), LIVE, NOW),
        snapshot_row("BTC-USD", quote(last=61424.185, previous_close=61000.0, volume=None), LIVE, NOW),
        snapshot_row("NOPE", None, NO_DATA, NOW),
    ]

    header, apple, bitcoin, nope = as_table(rows).splitlines()
    assert header.index("badge") == apple.index("LIVE") == nope.index("NO DATA")
    assert "-2.88" in apple
    assert "61,424.18" in bitcoin
    assert "+424.18" in bitcoin or "+424.19" in bitcoin
    assert "—" in nope

"""What is exported can be read by others, and is what was written."""

import csv
import io
import json
import tracemalloc
from datetime import timedelta
from decimal import Decimal

import pytest
from pyarrow import parquet
from seen import CHANGE, EQUITY_NOW, OPEN, seen

from mytrader_tui.history.export import Format, Kind, Wanted, export
from mytrader_tui.history.records import Batch
from mytrader_tui.history.store import History


@pytest.fixture
def filled(history: History) -> History:
    prices = tuple(seen(symbol, seconds) for symbol in ("AAPL", "MSFT") for seconds in (0, 300, 600))
    history.write(Batch(prices, (EQUITY_NOW,), (CHANGE,)))
    return history


def exported(history: History, wanted: Wanted, form: Format) -> bytes:
    target = io.BytesIO()
    export(history, wanted, form, target)
    return target.getvalue()


def test_csv_has_a_header_and_a_line_for_each_row(filled: History) -> None:
    rows = list(csv.DictReader(io.StringIO(exported(filled, Wanted(Kind.QUOTES), Format.CSV).decode())))

    assert len(rows) == 6
    assert (rows[0]["symbol"], rows[0]["event_time"], rows[0]["price"]) == ("AAPL", "2026-11-20T14:30:00Z", "190.25")


def test_json_lines_keep_an_amount_with_all_of_its_digits(filled: History) -> None:
    (line,) = exported(filled, Wanted(Kind.EQUITY), Format.JSONL).splitlines()

    assert Decimal(json.loads(line)["cash"]) == EQUITY_NOW.cash


def test_parquet_has_types(filled: History) -> None:
    table = parquet.read_table(io.BytesIO(exported(filled, Wanted(Kind.QUOTES), Format.PARQUET)))

    assert table.num_rows == 6
    assert table.column("event_time")[0].as_py() == OPEN
    assert str(table.schema.field("price").type) == "double"


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("form", Format)
def test_every_kind_can_be_had_in_every_format(filled: History, kind: Kind, form: Format) -> None:
    expected = {Kind.QUOTES: 6, Kind.HOURLY: 0, Kind.BARS: 0, Kind.EQUITY: 1, Kind.TRANSITIONS: 1}

    assert export(filled, Wanted(kind), form, io.BytesIO()) == expected[kind]


def test_only_the_symbols_and_the_span_that_are_wanted(filled: History) -> None:
    wanted = Wanted(Kind.QUOTES, ("MSFT",), OPEN + timedelta(seconds=1), OPEN + timedelta(seconds=600))

    (line,) = exported(filled, wanted, Format.JSONL).splitlines()

    assert json.loads(line)["symbol"] == "MSFT"
    assert json.loads(line)["event_time"] == "2026-11-20T14:35:00Z"


@pytest.mark.parametrize("form", Format)
def test_a_large_export_needs_little_memory(history: History, form: Format) -> None:
    for start in range(0, 40_000, 20_000):
        history.write(Batch(tuple(seen(seconds=at) for at in range(start, start + 20_000))))

    class Nowhere(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            return memoryview(data).nbytes  # type: ignore[arg-type]

    tracemalloc.start()
    written = export(history, Wanted(Kind.QUOTES), form, Nowhere())  # type: ignore[arg-type]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert written == 40_000
    assert peak < 20e6

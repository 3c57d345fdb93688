"""The history as files for other programs, streamed: a row is let go of as soon as it is written."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from typing import IO, Any, Protocol

import msgspec
from sqlalchemy import Column, Select, Table, select
from sqlalchemy.types import Double, Integer

from mytrader_tui.history.error import HistoryError
from mytrader_tui.history.schema import BARS, EQUITY, HOURLY, MARKET_DATA, TRANSITIONS, Instant, Money
from mytrader_tui.history.store import History

PART = 5000
"""Rows that are in memory at once."""

_EXTRA = 'parquet needs an extra: pip install "mytrader-tui[parquet]"'


class Kind(Enum):
    """What can be exported; the value is its name on the command line."""

    QUOTES = "quotes"
    HOURLY = "hourly"
    BARS = "bars"
    EQUITY = "equity"
    TRANSITIONS = "transitions"


class Format(Enum):
    """How it can be written; the value is its name on the command line."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"


class Wanted(msgspec.Struct, frozen=True):
    """What is asked for: of these symbols (all if empty), from `start` (aware) until before `end`."""

    kind: Kind
    symbols: tuple[str, ...] = ()
    start: datetime | None = None
    end: datetime | None = None


_TIMES: dict[Kind, Column[datetime]] = {
    Kind.QUOTES: MARKET_DATA.c.event_time,
    Kind.HOURLY: HOURLY.c.hour,
    Kind.BARS: BARS.c.start,
    Kind.EQUITY: EQUITY.c.receipt_time,
    Kind.TRANSITIONS: TRANSITIONS.c.event_time,
}


class _Writer(Protocol):
    def write(self, rows: Sequence[Sequence[Any]]) -> None: ...
    def close(self) -> None: ...


def export(history: History, wanted: Wanted, form: Format, target: IO[bytes]) -> int:
    """Write what is `wanted` to `target` and say how many rows it was. Raises HistoryError, and OSError of `target`."""
    table = _TIMES[wanted.kind].table
    writer = _writer(form, table, target)
    written = 0
    for rows in _parts(history, wanted):
        writer.write(rows)
        written += len(rows)
    writer.close()
    return written


def _parts(history: History, wanted: Wanted) -> Iterator[Sequence[Sequence[Any]]]:
    with history.reading() as connection:
        streamed = connection.execution_options(stream_results=True, yield_per=PART)
        yield from streamed.execute(_question(wanted)).partitions()


def _question(wanted: Wanted) -> Select[Any]:
    time = _TIMES[wanted.kind]
    asked = select(time.table).order_by(*time.table.primary_key)
    if wanted.symbols and "symbol" in time.table.c:
        asked = asked.where(time.table.c.symbol.in_(wanted.symbols))
    if wanted.start is not None:
        asked = asked.where(time >= wanted.start)
    return asked if wanted.end is None else asked.where(time < wanted.end)


def _writer(form: Format, table: Table, target: IO[bytes]) -> _Writer:
    match form:
        case Format.CSV:
            return _Csv(table, target)
        case Format.JSONL:
            return _JsonLines(table, target)
        case Format.PARQUET:
            return _Parquet(table, target)


def plain(value: Any) -> Any:
    """A value as text formats have it: an instant in ISO 8601 with its zone, an amount with all of its digits."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return str(value) if isinstance(value, Decimal) else value


class _Csv:
    """RFC 4180 with a header line; what is unknown is empty."""

    def __init__(self, table: Table, target: IO[bytes]) -> None:
        self._text = io.TextIOWrapper(target, encoding="utf-8", newline="", write_through=True)
        self._csv = csv.writer(self._text)
        self._csv.writerow([column.name for column in table.columns])

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        self._csv.writerows([plain(value) for value in row] for row in rows)

    def close(self) -> None:
        self._text.flush()
        self._text.detach()


class _JsonLines:
    """An object a line; what is unknown is null."""

    def __init__(self, table: Table, target: IO[bytes]) -> None:
        self._names = [column.name for column in table.columns]
        self._target = target
        self._encoder = msgspec.json.Encoder()

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        lines = (dict(zip(self._names, map(plain, row), strict=True)) for row in rows)
        self._target.write(self._encoder.encode_lines(lines))

    def close(self) -> None:
        self._target.flush()


class _Parquet:
    """Apache Parquet, zstd; instants are microseconds in UTC, amounts decimals with six places."""

    def __init__(self, table: Table, target: IO[bytes]) -> None:
        try:
            import pyarrow
            from pyarrow import parquet
        except ImportError as error:
            raise HistoryError(_EXTRA) from error
        self._arrow = pyarrow
        self._schema = pyarrow.schema([(column.name, _arrow_type(column, pyarrow)) for column in table.columns])
        self._writer = parquet.ParquetWriter(target, self._schema, compression="zstd")

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        columns = list(zip(*rows, strict=True))
        arrays = [
            self._arrow.array(map(_rounded, values), type=field.type)
            for values, field in zip(columns, self._schema, strict=True)
        ]
        self._writer.write_table(self._arrow.Table.from_arrays(arrays, schema=self._schema))

    def close(self) -> None:
        self._writer.close()


def _arrow_type(column: Column[Any], arrow: Any) -> Any:
    match column.type:
        case Instant():
            return arrow.timestamp("us", tz="UTC")
        case Money():
            return arrow.decimal128(28, 6)
        case Double():
            return arrow.float64()
        case Integer():
            return arrow.int64()
        case _:
            return arrow.string()


def _rounded(value: Any) -> Any:
    return value.quantize(Decimal("0.000001")) if isinstance(value, Decimal) else value

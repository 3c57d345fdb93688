"""The tables. Times are instants in UTC; prices are in the symbol's currency; money of the account is exact."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Double,
    Index,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    TypeDecorator,
)
from sqlalchemy.types import TypeEngine
from typing_extensions import override

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """An aware instant in UTC: `timestamptz` in PostgreSQL, microseconds since 1970 in SQLite."""

    impl = BigInteger
    cache_ok = True

    @override
    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(DateTime(timezone=True) if dialect.name == "postgresql" else BigInteger())

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> object:
        if value is None or dialect.name == "postgresql":
            return value
        return (value - _EPOCH) // _MICROSECOND

    @override
    def process_result_value(self, value: object, dialect: Dialect) -> datetime | None:
        if isinstance(value, datetime):
            return value.astimezone(UTC)
        return _EPOCH + timedelta(microseconds=value) if isinstance(value, int) else None


class Money(TypeDecorator[Decimal]):
    """An exact amount: `numeric` in PostgreSQL, its digits in SQLite, which has only binary fractions."""

    impl = String
    cache_ok = True

    @override
    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Numeric() if dialect.name == "postgresql" else String(40))

    @override
    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> object:
        return value if value is None or dialect.name == "postgresql" else str(value)

    @override
    def process_result_value(self, value: object, dialect: Dialect) -> Decimal | None:
        if value is None or isinstance(value, Decimal):
            return value
        return Decimal(str(value))


METADATA = MetaData()

# Each table is kept in the order of its key, so that a symbol's latest row and a symbol's day are one seek each.

MARKET_DATA = Table(
    "market_data",
    METADATA,
    Column("symbol", String(32), primary_key=True),
    Column("event_time", Instant, primary_key=True),
    Column("source", String(16), primary_key=True),
    Column("receipt_time", Instant, nullable=False),
    Column("price", Double, nullable=False),
    Column("previous_close", Double),
    Column("volume", Double),
    Column("bid", Double),
    Column("ask", Double),
    Column("feed", String(32), nullable=False),
    Column("delay", Double),
    Column("session", String(16)),
    Column("currency", String(8)),
    sqlite_with_rowid=False,
)
Index("market_data_by_time", MARKET_DATA.c.event_time)

HOURLY = Table(
    "hourly",
    METADATA,
    Column("symbol", String(32), primary_key=True),
    Column("hour", Instant, primary_key=True),
    Column("source", String(16), primary_key=True),
    Column("open", Double, nullable=False),
    Column("high", Double, nullable=False),
    Column("low", Double, nullable=False),
    Column("close", Double, nullable=False),
    Column("volume", Double),
    Column("quotes", Integer, nullable=False),
    Column("currency", String(8)),
    sqlite_with_rowid=False,
)
Index("hourly_by_hour", HOURLY.c.hour)

BARS = Table(
    "bars",
    METADATA,
    Column("symbol", String(32), primary_key=True),
    Column("span_seconds", Integer, primary_key=True),
    Column("start", Instant, primary_key=True),
    Column("source", String(16), primary_key=True),
    Column("open", Double, nullable=False),
    Column("high", Double, nullable=False),
    Column("low", Double, nullable=False),
    Column("close", Double, nullable=False),
    Column("volume", Double),
    Column("feed", String(32), nullable=False),
    Column("delay", Double),
    Column("session", String(16), nullable=False),
    Column("currency", String(8)),
    Column("receipt_time", Instant, nullable=False),
    sqlite_with_rowid=False,
)

BAR_COVERAGE = Table(
    "bar_coverage",
    METADATA,
    Column("symbol", String(32), primary_key=True),
    Column("span_seconds", Integer, primary_key=True),
    Column("source", String(16), nullable=False),
    Column("feed", String(32), nullable=False),
    Column("delay", Double),
    Column("polled", Boolean, nullable=False),
    Column("receipt_time", Instant, nullable=False),
    Column("covered_from", Instant, nullable=False),
    Column("previous_close", Double),
    Column("currency", String(8)),
    Column("zone", String(64), nullable=False),
    Column("note", Text, nullable=False),
    sqlite_with_rowid=False,
)

EQUITY = Table(
    "equity",
    METADATA,
    Column("account", String(64), primary_key=True),
    Column("receipt_time", Instant, primary_key=True),
    Column("equity", Money, nullable=False),
    Column("last_equity", Money),
    Column("cash", Money, nullable=False),
    Column("buying_power", Money, nullable=False),
    Column("currency", String(8), nullable=False),
    sqlite_with_rowid=False,
)

TRANSITIONS = Table(
    "transitions",
    METADATA,
    Column("monitor", String(64), primary_key=True),
    Column("event_time", Instant, primary_key=True),
    Column("before", String(32), nullable=False),
    Column("after", String(32), nullable=False),
    Column("cause", Text, nullable=False),
    Column("entry", Text, nullable=False),
    sqlite_with_rowid=False,
)

SCHEMA_VERSION = Table(
    "schema_version",
    METADATA,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("applied", Instant, nullable=False),
)

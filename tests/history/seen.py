"""Records for the tests: prices of a Friday's regular session in New York, an equity, a change of source."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from mytrader_tui.history.records import EquityRecord, QuoteRecord, TransitionRecord

OPEN = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)

EQUITY_NOW = EquityRecord(
    "demo", OPEN, Decimal("100000.10"), Decimal("99990.05"), Decimal("50000.0001"), Decimal("200000"), "USD"
)
CHANGE = TransitionRecord("here", OPEN, "PRIMARY_ACTIVE", "FALLBACK_ACTIVE", "connection lost", "{}")


def seen(
    symbol: str = "AAPL", seconds: float = 0.0, price: float = 190.25, source: str = "alpaca", volume: float = 1e6
) -> QuoteRecord:
    """A price that was made so many seconds after the opening and heard 40 ms later."""
    made = OPEN + timedelta(seconds=seconds)
    return QuoteRecord(
        symbol=symbol,
        event_time=made,
        source=source,
        receipt_time=made + timedelta(milliseconds=40),
        price=price,
        previous_close=188.5,
        volume=volume,
        bid=190.24,
        ask=190.26,
        feed="iex",
        delay=0.0,
        session="regular",
        currency="USD",
    )

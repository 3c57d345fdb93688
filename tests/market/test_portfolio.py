"""What the broker says of the account and its positions, and what follows from that alone."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mytrader_tui.market.account.portfolio import Account, Holdings, Position, day_entry, money
from mytrader_tui.market.moment import Moment

NOW = Moment(datetime(2026, 11, 20, 17, 0, tzinfo=UTC), 1000.0)


def position(symbol: str) -> Position:
    return Position(symbol=symbol, quantity=Decimal(1), average_entry=Decimal(100), receipt=NOW)


def account(equity: str, last_equity: str | None) -> Account:
    return Account(
        equity=Decimal(equity),
        last_equity=None if last_equity is None else Decimal(last_equity),
        cash=Decimal(0),
        buying_power=Decimal(0),
        currency="USD",
        status="ACTIVE",
        paper=True,
        receipt=NOW,
    )


def test_a_price_is_the_decimal_number_it_was_written_as() -> None:
    assert money(0.1) + money(0.2) == Decimal("0.3")


@pytest.mark.parametrize(
    ("equity", "last_equity", "profit", "percent"),
    [
        ("101", "100", Decimal(1), Decimal(1)),
        ("99", "100", Decimal(-1), Decimal(-1)),
        ("99", None, None, None),
        ("99", "0", Decimal(99), None),
    ],
)
def test_day_profit(equity: str, last_equity: str | None, profit: Decimal | None, percent: Decimal | None) -> None:
    assert account(equity, last_equity).day_profit == profit
    assert account(equity, last_equity).day_profit_percent == percent


def test_holdings_name_their_symbols_in_the_brokers_order() -> None:
    assert Holdings((position("MSFT"), position("AAPL")), NOW).symbols() == ("MSFT", "AAPL")


@pytest.mark.parametrize(
    ("quantity", "price", "close", "profit", "entry"),
    [
        ("10", "110", "100", "100", "100"),
        ("10", "110", "100", "20", "108"),
        ("-10", "110", "100", "-100", "100"),
        ("3", "418.2", "417.8667", "1.00", "417.8667"),
        ("10", "110", None, "20", "108"),
        ("10", None, "100", "20", None),
        ("10", "110", "100", None, None),
        ("0", "110", "100", "0", None),
    ],
    ids=["held overnight", "bought today", "short", "rounded to cents", "new", "no price", "no profit", "nothing held"],
)
def test_the_brokers_own_profit_of_the_day_says_from_which_price_it_is_reckoned(
    quantity: str, price: str | None, close: str | None, profit: str | None, entry: str | None
) -> None:
    given = (None if text is None else Decimal(text) for text in (price, close, profit))

    assert day_entry(Decimal(quantity), *given) == (None if entry is None else Decimal(entry))


@given(
    st.integers(1, 10**6).map(Decimal),
    st.integers(1, 10**7).map(lambda cents: Decimal(cents) / 100),
    st.integers(1, 10**7).map(lambda cents: Decimal(cents) / 100),
)
def test_a_position_held_overnight_is_reckoned_from_the_previous_close_itself(
    quantity: Decimal, price: Decimal, close: Decimal
) -> None:
    assert day_entry(quantity, price, close, quantity * (price - close)) == close

"""Money is exact: profit and loss by the decimal numbers that were quoted."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mytrader_tui.market.moment import Moment
from mytrader_tui.market.portfolio import Account, Holdings, Position, Valuation, money, total, value

NOW = Moment(datetime(2026, 11, 20, 17, 0, tzinfo=UTC), 1000.0)
PRICES = st.integers(min_value=1, max_value=10**8).map(lambda cents: cents / 100)
QUANTITIES = st.integers(min_value=-(10**6), max_value=10**6).filter(bool).map(Decimal)


def position(quantity: str | Decimal, average_entry: str | Decimal = "100", symbol: str = "AAPL") -> Position:
    return Position(symbol=symbol, quantity=Decimal(quantity), average_entry=Decimal(average_entry), receipt=NOW)


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


@pytest.mark.parametrize(
    ("quantity", "last", "market_value", "unrealized", "percent"),
    [
        ("10", 110.0, "1100", "100", "10"),
        ("10", 90.0, "900", "-100", "-10"),
        ("-10", 90.0, "-900", "100", "10"),
        ("-10", 110.0, "-1100", "-100", "-10"),
        ("0.5", 100.1, "50.05", "0.05", "0.1"),
        ("0", 100.0, "0", "0", None),
    ],
    ids=["long up", "long down", "short down earns", "short up costs", "fraction", "nothing held"],
)
def test_value(quantity: str, last: float, market_value: str, unrealized: str, percent: str | None) -> None:
    expected = Valuation(Decimal(market_value), Decimal(unrealized), None if percent is None else Decimal(percent))

    assert value(position(quantity), last) == expected


def test_a_price_is_the_decimal_number_it_was_written_as() -> None:
    assert money(0.1) + money(0.2) == Decimal("0.3")


def test_a_gift_has_no_percentage() -> None:
    assert value(position("10", "0"), 5.0) == Valuation(Decimal(50), Decimal(50), None)


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


def test_a_long_and_a_short_that_cancel_are_a_percentage_of_what_both_cost() -> None:
    rows = [value(position("10"), 110.0), value(position("-10"), 120.0)]

    assert total(rows) == Valuation(Decimal(-100), Decimal(-100), Decimal(-5))


def test_nothing_held_is_worth_nothing() -> None:
    assert total([]) == Valuation(Decimal(0), Decimal(0), None)


def test_holdings_name_their_symbols_in_the_brokers_order() -> None:
    holdings = Holdings((position("1", symbol="MSFT"), position("1", symbol="AAPL")), NOW)

    assert holdings.symbols() == ("MSFT", "AAPL")


@given(QUANTITIES, PRICES, PRICES)
def test_profit_has_the_sign_of_the_move_for_a_long_and_the_opposite_for_a_short(
    quantity: Decimal, entry: float, last: float
) -> None:
    valuation = value(position(quantity, money(entry)), last)

    move = (money(last) - money(entry)) * quantity
    assert valuation.unrealized == move
    assert valuation.unrealized_percent is not None
    assert (valuation.unrealized_percent > 0) == (move > 0)
    assert (valuation.unrealized_percent < 0) == (move < 0)


@given(st.lists(st.tuples(QUANTITIES, PRICES, PRICES)))
def test_the_total_is_the_sum_whatever_the_order(rows: list[tuple[Decimal, float, float]]) -> None:
    valuations = [value(position(quantity, money(entry)), last) for quantity, entry, last in rows]

    assert total(valuations) == total(reversed(valuations))
    assert total(valuations).unrealized == sum(row.unrealized for row in valuations)

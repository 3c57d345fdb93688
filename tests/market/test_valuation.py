"""Money is exact: profit and loss by the decimal numbers that were quoted, and sums that are the sums of the rows."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marked import position

from mytrader_tui.market.account.portfolio import Position, money
from mytrader_tui.market.account.valuation import Totals, Valuation, total, value

PRICES = st.integers(min_value=1, max_value=10**8).map(lambda cents: cents / 100)
QUANTITIES = st.integers(-(10**12), 10**12).filter(bool).map(lambda units: Decimal(units) / 10**6)
"""Long and short, and down to a millionth of a share or a coin."""

ROWS = st.lists(st.tuples(QUANTITIES, PRICES, PRICES, st.none() | PRICES), max_size=12)


def valued(rows: list[tuple[Decimal, float, float, float | None]]) -> list[Valuation]:
    return [value(position(quantity=qty, entry=money(entry)), last, close) for qty, entry, last, close in rows]


def decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@pytest.mark.parametrize(
    ("quantity", "last", "market_value", "unrealized", "percent"),
    [
        ("10", 110.0, "1100", "100", "10"),
        ("10", 90.0, "900", "-100", "-10"),
        ("-10", 90.0, "-900", "100", "10"),
        ("-10", 110.0, "-1100", "-100", "-10"),
        ("0.5", 100.1, "50.05", "0.05", "0.1"),
        ("0.00000001", 100.0, "0.000001", "0", "0"),
        ("0", 100.0, "0", "0", None),
    ],
    ids=["long up", "long down", "short down earns", "short up costs", "fraction", "a satoshi", "nothing held"],
)
def test_unrealized_profit(quantity: str, last: float, market_value: str, unrealized: str, percent: str | None) -> None:
    row = value(position(quantity=quantity), last)

    assert (row.market_value, row.unrealized) == (Decimal(market_value), Decimal(unrealized))
    assert row.unrealized_percent == decimal(percent)
    assert row.cost_basis == Decimal(quantity) * 100


def test_a_gift_has_no_percentage() -> None:
    row = value(position(entry="0"), 5.0)

    assert (row.unrealized, row.unrealized_percent) == (Decimal(50), None)


@pytest.mark.parametrize(
    ("quantity", "close", "profit", "percent"),
    [
        ("10", 100.0, "100", "10"),
        ("10", 120.0, "-100", str(Decimal(-100) * 100 / 1200)),
        ("-10", 100.0, "-100", "-10"),
        ("-10", 120.0, "100", str(Decimal(100) * 100 / 1200)),
        ("10", 110.0, "0", "0"),
    ],
    ids=["up", "down", "short up costs", "short down earns", "unchanged"],
)
def test_profit_of_the_day(quantity: str, close: float, profit: str, percent: str) -> None:
    row = value(position(quantity=quantity), 110.0, close)

    assert (row.day_profit, row.day_percent) == (Decimal(profit), Decimal(percent))


def test_the_day_is_reckoned_from_the_close_of_the_source_that_says_the_price_before_that_of_the_broker() -> None:
    held = position(previous_close="90")

    assert value(held, 110.0, 100.0).day_profit == Decimal(100)
    assert value(held, 110.0).day_profit == Decimal(200)


def test_without_any_previous_close_the_day_is_unknown_and_not_zero() -> None:
    row = value(position(), 110.0)

    assert (row.day_profit, row.day_percent) == (None, None)


def test_what_was_bought_today_earned_nothing_before_it_was_bought() -> None:
    held = position(previous_close="90", day_entry="108")

    assert value(held, 110.0, 90.0).day_profit == Decimal(20)


def test_what_was_held_overnight_follows_the_close_of_the_source_that_says_the_price() -> None:
    held = position(previous_close="90", day_entry="90")

    assert value(held, 110.0, 91.0).day_profit == Decimal(190)


def test_a_long_and_a_short_that_cancel_are_a_percentage_of_what_both_cost() -> None:
    totals = total([value(position(quantity="10"), 110.0), value(position(quantity="-10"), 120.0)])

    assert (totals.market_value, totals.unrealized, totals.unrealized_percent) == tuple(map(Decimal, (-100, -100, -5)))
    assert (totals.long_value, totals.short_value, totals.gross_value) == tuple(map(Decimal, (1100, -1200, 2300)))


def test_nothing_held_is_worth_nothing() -> None:
    assert total([]) == Totals(day_profit=Decimal(0))


def test_an_unknown_day_is_left_out_of_the_sum_and_counted() -> None:
    totals = total([value(position(), 110.0, 100.0), value(position(), 50.0)])

    assert (totals.day_profit, totals.day_percent, totals.without_day) == (Decimal(100), Decimal(10), 1)


def test_if_no_day_is_known_neither_is_the_sum() -> None:
    totals = total([value(position(), 110.0)])

    assert (totals.day_profit, totals.day_percent, totals.without_day) == (None, None, 1)


@given(QUANTITIES, PRICES, PRICES)
def test_profit_has_the_sign_of_the_move_for_a_long_and_the_opposite_for_a_short(
    quantity: Decimal, entry: float, last: float
) -> None:
    row = value(position(quantity=quantity, entry=money(entry)), last, entry)

    move = (money(last) - money(entry)) * quantity
    assert row.unrealized == row.day_profit == move
    assert row.unrealized_percent is not None
    assert (row.unrealized_percent > 0) == (move > 0)
    assert (row.unrealized_percent < 0) == (move < 0)


@given(QUANTITIES, PRICES, PRICES, PRICES)
def test_a_short_earns_what_a_long_loses(quantity: Decimal, entry: float, last: float, close: float) -> None:
    long = value(position(quantity=quantity, entry=money(entry)), last, close)
    short = value(position(quantity=-quantity, entry=money(entry)), last, close)

    assert (short.market_value, short.unrealized) == (-long.market_value, -long.unrealized)
    assert long.day_profit is not None
    assert short.day_profit == -long.day_profit
    assert total([long, short]).market_value == 0


@given(ROWS)
def test_the_totals_are_the_sums_of_the_rows_whatever_their_order(
    rows: list[tuple[Decimal, float, float, float | None]],
) -> None:
    valuations = valued(rows)

    totals = total(valuations)

    assert totals == total(reversed(valuations))
    assert totals.market_value == sum(row.market_value for row in valuations)
    assert totals.market_value == totals.long_value + totals.short_value
    assert totals.cost_basis == sum(row.cost_basis for row in valuations)
    assert totals.unrealized == sum(row.unrealized for row in valuations)
    days = [row.day_profit for row in valuations if row.day_profit is not None]
    assert totals.day_profit == (sum(days) if days or not rows else None)
    assert totals.without_day == len(rows) - len(days)


@given(ROWS)
def test_weights_are_shares_that_add_up_to_one(rows: list[tuple[Decimal, float, float, float | None]]) -> None:
    valuations = valued(rows)
    totals = total(valuations)

    weights = [totals.weight(row) for row in valuations]

    known = [weight for weight in weights if weight is not None]
    assert len(known) == len(rows)
    assert all(0 < weight <= 1 for weight in known)
    assert not known or abs(sum(known, Decimal(0)) - 1) < Decimal("1e-24")


def test_where_nothing_is_worth_anything_there_are_no_weights() -> None:
    row = value(position(quantity="0"), 5.0)

    assert total([row]).weight(row) is None


@given(QUANTITIES, PRICES, st.integers(2, 20))
def test_a_split_that_both_sides_know_of_changes_no_value(quantity: Decimal, last: float, factor: int) -> None:
    before: Position = position(quantity=quantity, entry=money(last))
    after = position(quantity=quantity * factor, entry=money(last) / factor)

    whole, parts = value(before, last), value(after, float(money(last) / factor))

    assert parts.market_value == pytest.approx(whole.market_value)
    assert parts.cost_basis == pytest.approx(whole.cost_basis)

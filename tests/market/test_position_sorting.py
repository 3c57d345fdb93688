"""Positions by any column, what is not known last."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marked import NOW, Prices, account, holdings, position

from mytrader_tui.market.account.marking import Portfolio
from mytrader_tui.market.account.portfolio_keeper import PortfolioKeeper
from mytrader_tui.market.account.position_sorting import PositionColumn, sort_rows

COLUMNS = st.sampled_from(PositionColumn)


def portfolio() -> Portfolio:
    held = holdings(
        position("LONG", "10", "50", previous_close="90"),
        position("SHORT", "-30", "70", previous_close="100"),
        position("GONE", "5", "10"),
        position("GIFT", "1", "0"),
    )
    return PortfolioKeeper().update(account(), held, Prices(LONG=100.0, SHORT=80.0, GIFT=7.0), NOW)


def names(column: PositionColumn, descending: bool = False) -> str:
    return " ".join(row.position.symbol for row in sort_rows(portfolio(), column, descending=descending))


@pytest.mark.parametrize(
    ("column", "ascending", "descending"),
    [
        (PositionColumn.SYMBOL, "GIFT GONE LONG SHORT", "SHORT LONG GONE GIFT"),
        (PositionColumn.SIDE, "GIFT GONE LONG SHORT", "SHORT GIFT GONE LONG"),
        (PositionColumn.QUANTITY, "SHORT GIFT GONE LONG", "LONG GONE GIFT SHORT"),
        (PositionColumn.AVERAGE_ENTRY, "GIFT GONE LONG SHORT", "SHORT LONG GONE GIFT"),
        (PositionColumn.LAST, "GIFT SHORT LONG GONE", "LONG SHORT GIFT GONE"),
        (PositionColumn.MARKET_VALUE, "SHORT GIFT LONG GONE", "LONG GIFT SHORT GONE"),
        (PositionColumn.COST_BASIS, "SHORT GIFT LONG GONE", "LONG GIFT SHORT GONE"),
        (PositionColumn.DAY_PROFIT, "LONG SHORT GIFT GONE", "SHORT LONG GIFT GONE"),
        (PositionColumn.DAY_PERCENT, "LONG SHORT GIFT GONE", "SHORT LONG GIFT GONE"),
        (PositionColumn.UNREALIZED, "SHORT GIFT LONG GONE", "LONG GIFT SHORT GONE"),
        (PositionColumn.UNREALIZED_PERCENT, "SHORT LONG GIFT GONE", "LONG SHORT GIFT GONE"),
        (PositionColumn.WEIGHT, "GIFT LONG SHORT GONE", "SHORT LONG GIFT GONE"),
    ],
)
def test_every_column_sorts_both_ways_with_the_unknown_last(
    column: PositionColumn, ascending: str, descending: str
) -> None:
    assert (names(column), names(column, descending=True)) == (ascending, descending)


@given(COLUMNS, st.booleans(), st.lists(st.tuples(st.integers(-3, 3), st.none() | st.integers(1, 3)), max_size=8))
def test_sorting_loses_no_row_and_does_not_depend_on_the_order_before(
    column: PositionColumn, descending: bool, given_rows: list[tuple[int, int | None]]
) -> None:
    positions = [position(f"S{place}", Decimal(quantity), "2") for place, (quantity, _) in enumerate(given_rows)]
    prices = Prices(**{f"S{place}": float(last) for place, (_, last) in enumerate(given_rows) if last is not None})

    one = PortfolioKeeper().update(None, holdings(*positions), prices, NOW)
    other = PortfolioKeeper().update(None, holdings(*reversed(positions)), prices, NOW)

    ordered = sort_rows(one, column, descending=descending)
    assert ordered == sort_rows(other, column, descending=descending)
    assert len(ordered) == len(given_rows)

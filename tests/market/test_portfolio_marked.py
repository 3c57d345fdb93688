"""The portfolio at the board's prices: what is summed, what is left out and counted, and what the sums may claim."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marked import NOW, Prices, account, holdings, position

from mytrader_tui.market.account.marking import EquityCheck, Portfolio
from mytrader_tui.market.account.portfolio import Account, Holdings
from mytrader_tui.market.account.portfolio_keeper import PortfolioKeeper
from mytrader_tui.market.account.valuation import Totals, total
from mytrader_tui.market.freshness import HALTED, NO_DATA, Badge, BadgeKind
from mytrader_tui.market.quote import Origin, Source
from mytrader_tui.market.trust.suspicion import Exclusion

YAHOO = Origin(Source.YAHOO, "quote", 900.0, polled=True)
CACHE = Origin(Source.CACHE, "disk", None)
STALE = Badge(BadgeKind.STALE, 42.0)

AMOUNTS = st.integers(1, 10**9).map(lambda units: Decimal(units) / 10**4)
HELD = st.lists(
    st.tuples(
        st.integers(-(10**9), 10**9).map(lambda units: Decimal(units) / 10**4),
        AMOUNTS,
        st.none() | st.just(float("nan")) | st.integers(1, 10**8).map(lambda cents: cents / 100),
        st.none() | AMOUNTS,
        st.sampled_from([*BadgeKind]),
    ),
    max_size=10,
)
"""Positions: quantity, entry, what the board says, what the broker says, and the badge."""


def marked(held: Holdings | None, prices: Prices, about: Account | None = None) -> Portfolio:
    return PortfolioKeeper().update(about, held, prices, NOW)


def built(rows: list[tuple[Decimal, Decimal, float | None, Decimal | None, BadgeKind]]) -> Portfolio:
    prices, positions = Prices(), []
    for place, (quantity, entry, last, brokers, kind) in enumerate(rows):
        symbol = f"S{place}"
        positions.append(position(symbol, quantity, entry, broker_price=brokers))
        prices.say(symbol, last, Badge(kind))
    return marked(holdings(*positions), prices, account())


def test_each_position_stands_at_its_price_beside_its_badge() -> None:
    prices = Prices()
    prices.say("AAPL", 110.0, STALE, previous_close=100.0)

    (row,) = marked(holdings(position()), prices).rows

    assert row.valuation is not None
    assert (row.valuation.market_value, row.valuation.day_profit) == (Decimal(1100), Decimal(100))
    assert (row.badge, row.exclusion) == (STALE, None)


@pytest.mark.parametrize("last", [None, float("nan"), float("inf"), 0.0, -1.0])
def test_without_a_price_a_position_is_in_no_total_and_counted(last: float | None) -> None:
    prices = Prices(MSFT=50.0)
    prices.say("AAPL", last, NO_DATA)

    portfolio = marked(holdings(position("AAPL"), position("MSFT")), prices)

    assert [row.exclusion for row in portfolio.rows] == [Exclusion.NO_PRICE, None]
    assert portfolio.rows[0].valuation is None
    assert portfolio.totals is not None
    assert portfolio.totals.market_value == Decimal(500)
    assert portfolio.honesty.excluded == 1


def test_a_symbol_that_the_board_never_heard_of_is_in_no_total() -> None:
    portfolio = marked(holdings(position("AAPL")), Prices())

    assert portfolio.rows[0].exclusion is Exclusion.NO_PRICE
    assert portfolio.totals is None


def test_where_nothing_is_held_the_totals_are_zero_and_before_any_answer_they_are_unknown() -> None:
    assert marked(holdings(), Prices()).totals == Totals(day_profit=Decimal(0))
    assert marked(None, Prices()).totals is None


def test_positions_that_could_not_be_read_are_counted_with_those_left_out() -> None:
    portfolio = marked(holdings(position(), unreadable=2), Prices(AAPL=100.0), account("6000"))

    assert portfolio.honesty.excluded == 2
    assert portfolio.equity is None
    assert marked(holdings(unreadable=1), Prices()).totals is None


def test_a_price_in_another_currency_is_in_no_total() -> None:
    prices = Prices()
    prices.say("AAPL", 110.0, origin=YAHOO, currency="JPY")

    assert marked(holdings(position()), prices, account()).rows[0].exclusion is Exclusion.OTHER_CURRENCY


@pytest.mark.parametrize(("currency", "summed"), [("USD", True), ("EUR", False)])
def test_alpaca_which_never_names_a_currency_prices_in_dollars(currency: str, summed: bool) -> None:
    portfolio = marked(holdings(position()), Prices(AAPL=110.0), account(currency=currency))

    assert (portfolio.totals is not None) is summed


def test_a_price_of_other_shares_is_in_no_total() -> None:
    portfolio = marked(holdings(position(broker_price="100")), Prices(AAPL=50.0), account())

    assert portfolio.rows[0].exclusion is Exclusion.POSSIBLE_SPLIT
    assert portfolio.totals is None


def test_a_price_from_disk_says_nothing_of_today() -> None:
    prices = Prices()
    prices.say("AAPL", 110.0, Badge(BadgeKind.CACHED, 9000.0), origin=CACHE, previous_close=100.0)

    (row,) = marked(holdings(position(previous_close="105", day_entry="104")), prices).rows

    assert row.valuation is not None
    assert (row.valuation.unrealized, row.valuation.day_profit) == (Decimal(100), None)


def test_a_previous_close_of_other_shares_makes_the_day_unknown() -> None:
    prices = Prices()
    prices.say("AAPL", 51.0, previous_close=100.0)

    (row,) = marked(holdings(position(previous_close="50", broker_price="51")), prices).rows

    assert row.valuation is not None
    assert (row.valuation.market_value, row.valuation.day_profit) == (Decimal(510), None)


def test_in_extended_hours_the_newest_print_is_the_price_and_its_time_the_age() -> None:
    prices, later = Prices(), NOW.later(60)
    prices.say("AAPL", 110.0, extended_last=112.0, extended_time=later.wall, extended_receipt=later)

    portfolio = marked(holdings(position()), prices)

    assert portfolio.totals is not None
    assert portfolio.totals.market_value == Decimal(1120)
    assert portfolio.honesty.oldest == later.wall


def test_the_line_of_honesty_is_by_market_value_whatever_the_sign() -> None:
    prices = Prices(AAPL=100.0)
    prices.say("TSLA", 100.0, HALTED)
    held = holdings(position("AAPL", "6"), position("TSLA", "-4"), position("GONE"))

    assert marked(held, prices).honesty.phrases == ("60 % live", "40 % halted", "1 row excluded")


def test_our_equity_stands_beside_the_brokers() -> None:
    portfolio = marked(holdings(position(), position("TSLA", "-2")), Prices(AAPL=110.0, TSLA=50.0), account("5990"))

    assert portfolio.equity == EquityCheck(Decimal(6000), Decimal(5990))
    assert portfolio.equity.difference == Decimal(10)
    assert not portfolio.equity.apart


def test_our_equity_is_unknown_while_a_row_is_left_out() -> None:
    assert marked(holdings(position(), position("GONE")), Prices(AAPL=110.0), account()).equity is None
    assert marked(holdings(position()), Prices(AAPL=110.0)).equity is None


@pytest.mark.parametrize(
    ("ours", "brokers", "apart"),
    [
        ("100.5", "100", False),
        ("100.51", "100", True),
        ("99.5", "100", False),
        ("99.49", "100", True),
        ("-100.51", "-100", True),
        ("0", "0", False),
        ("1", "0", True),
    ],
)
def test_a_difference_above_half_a_percent_is_flagged(ours: str, brokers: str, apart: bool) -> None:
    assert EquityCheck(Decimal(ours), Decimal(brokers)).apart is apart


def test_of_an_equity_of_nothing_there_is_no_percentage() -> None:
    assert EquityCheck(Decimal(1), Decimal(0)).percent is None
    assert EquityCheck(Decimal(99), Decimal(100)).percent == Decimal(-1)


@given(HELD)
def test_the_totals_are_the_sum_of_the_rows_shown(
    rows: list[tuple[Decimal, Decimal, float | None, Decimal | None, BadgeKind]],
) -> None:
    portfolio = built(rows)

    shown = [row.valuation for row in portfolio.rows if row.valuation is not None]
    assert len(portfolio.rows) == len(rows)
    assert portfolio.honesty.excluded == len(rows) - len(shown)
    assert portfolio.totals == (total(shown) if shown or not rows else None)
    if portfolio.totals is not None:
        assert portfolio.totals.market_value == sum(row.market_value for row in shown)
        assert portfolio.totals.unrealized == sum(row.unrealized for row in shown)


@given(HELD)
def test_a_row_has_a_value_or_a_reason_and_a_missing_price_is_never_zero(
    rows: list[tuple[Decimal, Decimal, float | None, Decimal | None, BadgeKind]],
) -> None:
    for row, (quantity, _, last, _, _) in zip(built(rows).rows, rows, strict=True):
        assert (row.valuation is None) == (row.exclusion is not None)
        if last is None or last != last:
            assert row.exclusion is Exclusion.NO_PRICE
        elif row.valuation is not None:
            assert (row.valuation.market_value == 0) == (quantity == 0)


@given(HELD)
def test_weights_add_up_to_one_and_the_shares_of_honesty_to_100(
    rows: list[tuple[Decimal, Decimal, float | None, Decimal | None, BadgeKind]],
) -> None:
    portfolio = built(rows)

    weights = [portfolio.weight(row) for row in portfolio.rows]

    known = [weight for weight in weights if weight is not None]
    worth = any(row.valuation is not None and row.valuation.market_value for row in portfolio.rows)
    if worth:
        assert abs(sum(known, Decimal(0)) - 1) < Decimal("1e-24")
        assert sum(share.percent for share in portfolio.honesty.shares) == 100
    else:
        assert (known, portfolio.honesty.shares) == ([], ())
    for row, weight in zip(portfolio.rows, weights, strict=True):
        assert weight is None or row.valuation is not None


EVENING = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 20, 13, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("event_time", "previous_close", "extended_time", "profit"),
    [
        (EVENING - timedelta(hours=1), 100.0, None, "50"),
        (EVENING - timedelta(hours=1), 100.0, EVENING, "80"),
        (MORNING - timedelta(hours=16), 105.0, None, "0"),
        (MORNING - timedelta(hours=16), 105.0, MORNING, "30"),
    ],
    ids=[
        "after the close without a trade: the regular day's",
        "after the close: the regular day's and what came after it",
        "before the open without a trade: nothing yet",
        "before the open: what came since the close",
    ],
)
def test_the_days_profit_counts_the_extended_hours_as_the_broker_does(
    event_time: datetime, previous_close: float, extended_time: datetime | None, profit: str
) -> None:
    prices = Prices()
    later = {"extended_last": 108.0, "extended_time": extended_time, "extended_receipt": NOW} if extended_time else {}
    prices.say("AAPL", 105.0, origin=YAHOO, event_time=event_time, previous_close=previous_close, **later)

    portfolio = marked(holdings(position(previous_close=str(previous_close))), prices)

    assert portfolio.rows[0].valuation is not None
    assert portfolio.rows[0].valuation.day_profit == Decimal(profit)
    assert portfolio.totals is not None
    assert portfolio.totals.day_profit == Decimal(profit)

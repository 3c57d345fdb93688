"""The portfolio kept up to date: always what it would be if made anew, at the cost of what changed."""

from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marked import NOW, Prices, account, holdings, position
from msgspec.structs import replace

from mytrader_tui.market.account.portfolio import Position
from mytrader_tui.market.account.portfolio_keeper import BADGE_SECONDS, PortfolioKeeper
from mytrader_tui.market.freshness import LIVE, Badge, BadgeKind
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.trust.suspicion import Exclusion

SYMBOLS = ("AAPL", "MSFT", "TSLA", "AMZN")
STALE = Badge(BadgeKind.STALE, 9.0)


def soon(seconds: float = 0.01) -> Moment:
    return NOW.later(seconds)


def test_without_news_it_is_the_same_object() -> None:
    keeper, prices, held, about = PortfolioKeeper(), Prices(AAPL=100.0), holdings(position()), account()
    first = keeper.update(about, held, prices, NOW)

    assert keeper.update(about, held, prices, soon()) is first
    assert keeper.update(about, held, prices, soon(), {"AAPL", "MSFT"}) is first
    assert keeper.update(about, held, prices, soon(60)) is first


def test_only_what_has_news_is_looked_at() -> None:
    keeper, prices = PortfolioKeeper(), Prices(**dict.fromkeys(SYMBOLS, 100.0))
    held = holdings(*map(position, SYMBOLS))
    keeper.update(None, held, prices, NOW)
    prices.asked.clear()
    prices.say("MSFT", 101.0)

    portfolio = keeper.update(None, held, prices, soon(), {"MSFT", "NOT_HELD"})

    assert prices.asked == ["MSFT"]
    assert portfolio.totals is not None
    assert portfolio.totals.market_value == Decimal(4010)
    assert portfolio.at == soon()


def test_a_badge_that_decays_by_the_clock_alone_is_noticed_within_a_quarter_of_a_second() -> None:
    keeper, prices, held = PortfolioKeeper(), Prices(AAPL=100.0), holdings(position())
    keeper.update(None, held, prices, NOW)
    prices.badges["AAPL"] = STALE

    portfolio = keeper.update(None, held, prices, soon(BADGE_SECONDS))

    assert portfolio.rows[0].badge == STALE
    assert portfolio.honesty.phrases == ("100 % last-known",)


def test_a_position_held_under_one_symbol_twice_is_two_rows() -> None:
    keeper, prices, held = PortfolioKeeper(), Prices(AAPL=100.0), holdings(position(), position(quantity="3"))
    keeper.update(None, held, prices, NOW)
    prices.say("AAPL", 110.0)

    portfolio = keeper.update(None, held, prices, soon(), {"AAPL"})

    assert portfolio.totals is not None
    assert portfolio.totals.market_value == Decimal(1430)


def test_another_currency_of_the_account_is_judged_anew() -> None:
    keeper, prices, held = PortfolioKeeper(), Prices(AAPL=100.0), holdings(position())
    assert keeper.update(None, held, prices, NOW).totals is not None

    assert keeper.update(account(currency="EUR"), held, prices, soon()).totals is None


def test_after_a_trade_the_equities_are_compared_once_the_account_was_read_again() -> None:
    keeper, prices, old = PortfolioKeeper(), Prices(AAPL=100.0), account("6000")
    assert keeper.update(old, holdings(position()), prices, NOW).equity is not None
    bought = holdings(position(quantity="15"), at=soon(3))

    assert keeper.update(old, bought, prices, soon(3)).equity is None
    assert keeper.update(account("6000", "4500", at=soon(4)), bought, prices, soon(4)).equity is not None


def test_the_same_positions_read_again_keep_the_equities_comparable() -> None:
    keeper, prices, about = PortfolioKeeper(), Prices(AAPL=100.0), account("6000")
    keeper.update(about, holdings(position()), prices, NOW)

    assert keeper.update(about, holdings(position(), at=soon(3)), prices, soon(3)).equity is not None


BEFORE = position("AAPL", "10", "100", broker_price="100", previous_close="99")
PARTS = {"quantity": {"quantity": Decimal(20), "average_entry": Decimal(50)}, "broker": {"broker_price": Decimal(50)}}


@pytest.mark.parametrize(
    "order",
    [order for order in permutations(["board", "quantity", "broker"]) if order[2] != "quantity"],
    ids="-".join,
)
def test_a_split_never_makes_a_position_worth_a_multiple_whoever_knows_of_it_first(order: tuple[str, ...]) -> None:
    keeper, prices, held = PortfolioKeeper(), Prices(AAPL=100.0), BEFORE
    keeper.update(None, holdings(held), prices, NOW)

    for second, part in enumerate(order, start=1):
        if part == "board":
            prices.say("AAPL", 50.0)
        else:
            held = replace(held, **PARTS[part])
        (row,) = keeper.update(None, holdings(held), prices, soon(second), {"AAPL"}).rows

        if second < len(order):
            assert row.exclusion is Exclusion.POSSIBLE_SPLIT

    assert row.valuation is not None
    assert (row.valuation.market_value, row.valuation.unrealized) == (Decimal(1000), Decimal(0))


def test_where_the_broker_too_gives_the_old_quantity_the_new_price_its_word_stands() -> None:
    keeper, prices = PortfolioKeeper(), Prices(AAPL=50.0)

    (row,) = keeper.update(None, holdings(replace(BEFORE, **PARTS["broker"])), prices, NOW).rows

    assert row.valuation is not None
    assert row.valuation.market_value == Decimal(500)


def test_a_quantity_that_split_before_either_price_is_left_out_until_the_price_follows() -> None:
    keeper, prices = PortfolioKeeper(), Prices(AAPL=100.0)
    keeper.update(None, holdings(BEFORE), prices, NOW)
    after = replace(BEFORE, **PARTS["quantity"])

    (row,) = keeper.update(None, holdings(after), prices, soon(1)).rows
    assert row.exclusion is Exclusion.POSSIBLE_SPLIT
    prices.say("AAPL", 101.0)
    (row,) = keeper.update(None, holdings(after), prices, soon(2), {"AAPL"}).rows
    assert row.exclusion is Exclusion.POSSIBLE_SPLIT
    prices.say("AAPL", 50.5)
    (row,) = keeper.update(None, holdings(replace(after, broker_price=Decimal(50))), prices, soon(3), {"AAPL"}).rows

    assert row.exclusion is None


def test_shares_sold_off_and_bought_anew_are_no_split() -> None:
    keeper, prices = PortfolioKeeper(), Prices(AAPL=100.0)
    keeper.update(None, holdings(BEFORE), prices, NOW)
    keeper.update(None, holdings(), prices, soon(1))

    (row,) = keeper.update(None, holdings(replace(BEFORE, **PARTS["quantity"])), prices, soon(2)).rows

    assert row.exclusion is None


@given(
    st.lists(st.sampled_from([2, 3, 4, 5, 10]), min_size=1, max_size=3),
    st.booleans(),
    st.permutations(["board", "quantity"]),
    st.integers(-(10**4), 10**4).filter(bool),
    st.integers(9_700, 10_300),
)
def test_through_any_splits_a_row_is_worth_what_it_was_or_is_left_out(
    factors: list[int], reverse: bool, order: list[str], quantity: int, drift: int
) -> None:
    last, held = Decimal(840), position("AAPL", str(quantity), "840", broker_price="840")
    keeper, prices = PortfolioKeeper(), Prices(AAPL=float(last))
    keeper.update(None, holdings(held), prices, NOW)
    worth, second = held.quantity * last, 0

    for factor in factors:
        ratio = Decimal(1) / factor if reverse else Decimal(factor)
        last = last / ratio
        printed = last * drift / 10_000
        for part in order:
            second += 1
            if part == "board":
                prices.say("AAPL", float(printed))
            else:
                held = _split(held, ratio, last)
            (row,) = keeper.update(None, holdings(held), prices, soon(second), {"AAPL"}).rows
            if row.valuation is not None:
                assert abs(row.valuation.market_value / worth - 1) < Decimal("0.04")
        assert row.exclusion is None


def _split(held: Position, ratio: Decimal, price: Decimal) -> Position:
    """What the broker says of `held` once it knows of the split."""
    return replace(held, quantity=held.quantity * ratio, average_entry=held.average_entry / ratio, broker_price=price)


NEWS = st.lists(
    st.tuples(
        st.sampled_from(SYMBOLS),
        st.none() | st.integers(8_000, 12_000).map(lambda cents: cents / 100),
        st.sampled_from([LIVE, STALE]),
        st.booleans(),
    ),
    max_size=20,
)


@given(st.lists(st.sampled_from(SYMBOLS), unique=True), NEWS)
def test_kept_or_made_anew_it_is_the_same(
    symbols: list[str], news: list[tuple[str, float | None, Badge, bool]]
) -> None:
    keeper, prices, about = PortfolioKeeper(), Prices(), account()
    held = holdings(*(position(symbol, "-3" if place % 2 else "2.5") for place, symbol in enumerate(symbols)))
    now, dirty = NOW, set[str]()

    for symbol, last, badge, paints in news:
        prices.say(symbol, last, badge)
        dirty.add(symbol)
        now = now.later(0.01)
        if paints:
            kept = keeper.update(about, held, prices, now, dirty)
            dirty.clear()
            assert replace(kept, at=now) == PortfolioKeeper().update(about, held, prices, now)

"""A fill changes the position at once, and never twice."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marked import NOW, holdings, position
from ordered import order, update

from mytrader_tui.market.account.fills import apply_fill
from mytrader_tui.market.account.orders import OrderUpdate
from mytrader_tui.market.account.portfolio import Holdings

LATER = NOW.later(5)

FILLS = st.lists(
    st.tuples(
        st.sampled_from(["buy", "sell"]), st.integers(1, 50), st.integers(100, 10_000).map(lambda c: Decimal(c) / 100)
    ),
    min_size=1,
    max_size=12,
)


def fill(side: str, quantity: str, price: str | None, after: str | None = None, symbol: str = "AAPL") -> OrderUpdate:
    about = order(symbol=symbol, side=side, quantity=quantity)
    return update("fill", about, price=price, quantity=quantity, position=after)


def entry_after(before: str | None, done: OrderUpdate) -> tuple[str, str] | None:
    """Quantity and entry after `done`, of a position held at 100 before; None if it is gone."""
    held = holdings() if before is None else holdings(position(quantity=before))
    positions = apply_fill(held, done, LATER).positions
    return (str(positions[0].quantity), f"{positions[0].average_entry:.0f}") if positions else None


@pytest.mark.parametrize(
    ("before", "side", "quantity", "after"),
    [
        (None, "buy", "3", ("3", "130")),
        (None, "sell", "3", ("-3", "130")),
        ("10", "buy", "5", ("15", "110")),
        ("-10", "sell", "5", ("-15", "110")),
        ("10", "sell", "4", ("6", "100")),
        ("-10", "buy", "4", ("-6", "100")),
        ("10", "sell", "10", None),
        ("-10", "buy", "10", None),
        ("10", "sell", "14", ("-4", "130")),
        ("-10", "buy", "14", ("4", "130")),
        ("0.5", "buy", "0.25", ("0.75", "110")),
    ],
    ids=[
        "opened", "opened short", "added", "added to a short", "reduced", "covered in part", "closed", "covered",
        "turned short", "turned long", "a fraction",
    ],
)  # fmt: skip
def test_a_fill_changes_the_position(
    before: str | None, side: str, quantity: str, after: tuple[str, str] | None
) -> None:
    signed = Decimal(quantity) * (1 if side == "buy" else -1)
    whole = str(Decimal(before or 0) + signed)

    assert entry_after(before, fill(side, quantity, "130")) == after
    assert entry_after(before, fill(side, quantity, "130", whole)) == after


def test_a_fill_that_the_positions_already_contain_changes_nothing() -> None:
    held = holdings(position(quantity="15"))

    assert apply_fill(held, fill("buy", "5", "130", "15"), LATER) is held


def test_after_a_fill_that_was_missed_the_quantity_is_the_brokers() -> None:
    (found,) = apply_fill(holdings(position(quantity="10")), fill("buy", "1", "130", "20"), LATER).positions

    assert (found.quantity, found.average_entry) == (Decimal(20), Decimal(115))


@pytest.mark.parametrize("event", ["new", "accepted", "canceled", "rejected", "trade_bust", ""])
def test_what_is_no_fill_changes_nothing(event: str) -> None:
    held = holdings(position())

    assert apply_fill(held, update(event, order(symbol="AAPL"), position="99", price="1"), LATER) is held


def test_a_part_of_an_order_counts_as_much_as_a_whole_one() -> None:
    done = update("partial_fill", order(symbol="AAPL"), price="130", quantity="5", position="15")

    assert apply_fill(holdings(position()), done, LATER).positions[0].quantity == Decimal(15)


def test_an_option_is_no_position_of_ours() -> None:
    held = holdings()

    assert apply_fill(held, fill("buy", "1", "2.50", "1", symbol="AAPL261218C00250000"), LATER) is held


def test_the_average_price_of_the_order_serves_where_the_fill_names_none() -> None:
    done = update("fill", order(symbol="AAPL", average="130"), quantity="3", position="3")

    assert apply_fill(holdings(), done, LATER).positions[0].average_entry == Decimal(130)


@pytest.mark.parametrize("before", [None, "10", "-1"])
def test_without_any_price_what_would_need_one_waits_for_the_broker(before: str | None) -> None:
    held = holdings() if before is None else holdings(position(quantity=before))

    assert apply_fill(held, fill("buy", "5", None), LATER) is held


def test_without_any_price_a_position_can_still_shrink() -> None:
    assert entry_after("10", fill("sell", "4", None)) == ("6", "100")
    assert entry_after("10", fill("sell", "10", None)) is None


@pytest.mark.parametrize(("side", "quantity"), [("buy", None), ("hold", "5")])
def test_without_a_quantity_or_a_known_side_nothing_is_guessed(side: str, quantity: str | None) -> None:
    held = holdings(position())

    assert (
        apply_fill(held, update("fill", order(symbol="AAPL", side=side), price="9", quantity=quantity), LATER) is held
    )


def test_the_other_positions_stay_and_the_answer_is_as_new_as_the_fill() -> None:
    held = holdings(position("MSFT"), position("AAPL"), position("TSLA"), unreadable=2)

    after = apply_fill(held, fill("buy", "5", "130"), LATER)

    assert after.symbols() == ("MSFT", "AAPL", "TSLA")
    assert (after.positions[0], after.positions[2]) == (held.positions[0], held.positions[2])
    assert (after.receipt, after.positions[1].receipt, after.unreadable) == (LATER, LATER, 2)


def test_the_day_of_shares_bought_today_begins_at_their_price() -> None:
    held = holdings(position(quantity="10", previous_close="90", day_entry="90"))

    (found,) = apply_fill(held, fill("buy", "10", "110"), LATER).positions

    assert (found.day_entry, found.previous_close) == (Decimal(100), Decimal(90))
    assert apply_fill(holdings(), fill("buy", "10", "110"), LATER).positions[0].day_entry == Decimal(110)


def test_a_day_that_is_unknown_stays_unknown() -> None:
    (found,) = apply_fill(holdings(position(quantity="10")), fill("buy", "10", "110"), LATER).positions

    assert found.day_entry is None


def run(fills: list[tuple[str, int, Decimal]]) -> Holdings:
    held, whole = holdings(), 0
    for side, quantity, price in fills:
        whole += quantity if side == "buy" else -quantity
        held = apply_fill(held, fill(side, str(quantity), str(price), str(whole)), LATER)
    return held


@given(FILLS)
def test_through_any_fills_the_quantity_is_their_sum_and_zero_is_no_position(
    fills: list[tuple[str, int, Decimal]],
) -> None:
    whole = sum(quantity if side == "buy" else -quantity for side, quantity, _ in fills)

    positions = run(fills).positions

    assert [found.quantity for found in positions] == ([Decimal(whole)] if whole else [])


@given(FILLS)
def test_the_entry_is_always_among_the_prices_paid(fills: list[tuple[str, int, Decimal]]) -> None:
    prices = [price for _, _, price in fills]

    for found in run(fills).positions:
        assert min(prices) - Decimal("1e-20") <= found.average_entry <= max(prices) + Decimal("1e-20")


@given(FILLS)
def test_a_short_account_is_the_mirror_of_a_long_one(fills: list[tuple[str, int, Decimal]]) -> None:
    mirrored = [({"buy": "sell", "sell": "buy"}[side], quantity, price) for side, quantity, price in fills]

    ours, theirs = run(fills).positions, run(mirrored).positions

    assert [(found.quantity, found.average_entry) for found in ours] == [
        (-found.quantity, found.average_entry) for found in theirs
    ]


@given(FILLS)
def test_telling_every_fill_twice_changes_nothing(fills: list[tuple[str, int, Decimal]]) -> None:
    held, whole = holdings(), 0
    for side, quantity, price in fills:
        whole += quantity if side == "buy" else -quantity
        done = fill(side, str(quantity), str(price), str(whole))
        held = apply_fill(apply_fill(held, done, LATER), done, LATER)

    assert held == run(fills)

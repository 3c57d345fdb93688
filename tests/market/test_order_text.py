"""What became of an order, in one line for people."""

from decimal import Decimal

import pytest
from ordered import order, update

from mytrader_tui.market.account.order_text import order_text, price_text, quantity_text, update_text


def fill(side: str, price: str = "418.2", position: str | None = None, quantity: str = "3") -> str:
    return update_text(
        update("fill", order(side=side, quantity=quantity), price=price, quantity=quantity, position=position)
    )


@pytest.mark.parametrize(
    ("side", "position", "text"),
    [
        ("buy", "3", "bought 3 MSFT @ 418.20"),
        ("buy", "13", "bought 3 MSFT @ 418.20"),
        ("buy", None, "bought 3 MSFT @ 418.20"),
        ("buy", "0", "bought to cover 3 MSFT @ 418.20"),
        ("buy", "-7", "bought to cover 3 MSFT @ 418.20"),
        ("buy", "1", "bought 3 MSFT @ 418.20, now long 1"),
        ("sell", "0", "sold 3 MSFT @ 418.20"),
        ("sell", "7", "sold 3 MSFT @ 418.20"),
        ("sell", None, "sold 3 MSFT @ 418.20"),
        ("sell", "-3", "sold short 3 MSFT @ 418.20"),
        ("sell", "-9", "sold short 3 MSFT @ 418.20"),
        ("sell", "-2", "sold 3 MSFT @ 418.20, now short 2"),
        ("hold", "3", "hold order filled: 3 MSFT @ 418.20"),
    ],
)
def test_a_fill(side: str, position: str | None, text: str) -> None:
    assert fill(side, position=position) == text


def test_the_last_part_of_an_order_tells_of_the_whole() -> None:
    about = order(status="filled", filled="3", average="418.1")

    assert update_text(update("fill", about, price="418.2", quantity="1", position="3")) == "bought 3 MSFT @ 418.10"


def test_a_part_of_an_order_says_how_much_of_it_is_done() -> None:
    first = order(status="partially_filled", filled="1", average="418.2")

    said = update_text(update("partial_fill", first, price="418.2", quantity="1", position="1"))

    assert said == "partially filled 1 of 3: bought MSFT @ 418.20"


def test_a_part_of_a_short_sale_says_that_it_is_one() -> None:
    first = order(side="sell", status="partially_filled", filled="1")

    said = update_text(update("partial_fill", first, price="418.2", quantity="1", position="-1"))

    assert said == "partially filled 1 of 3: sold short MSFT @ 418.20"


@pytest.mark.parametrize(
    ("event", "text"),
    [
        ("rejected", "order rejected: buy 3 MSFT"),
        ("canceled", "canceled: buy 3 MSFT"),
        ("expired", "expired: buy 3 MSFT"),
        ("replaced", "order replaced: buy 3 MSFT"),
        ("new", "order accepted: buy 3 MSFT"),
        ("order_cancel_rejected", "cancel rejected: buy 3 MSFT"),
        ("pending_new", "order pending new: buy 3 MSFT"),
        ("quantum_entangled", "order quantum entangled: buy 3 MSFT"),
        ("", "order changed: buy 3 MSFT"),
    ],
)
def test_what_else_can_become_of_an_order(event: str, text: str) -> None:
    assert update_text(update(event)) == text


def test_an_order_cancelled_halfway_says_what_is_held_of_it() -> None:
    assert update_text(update("canceled", order(status="canceled", filled="1"))) == "canceled: buy 3 MSFT, 1 filled"


def test_nothing_unknown_is_shown_as_a_number() -> None:
    nothing = order(side="", quantity=None, symbol="MSFT")

    assert update_text(update("fill", nothing)) == "order filled: MSFT"
    assert update_text(update("partial_fill", nothing)) == "partially filled: order filled: MSFT"
    assert update_text(update("rejected", nothing)) == "order rejected: MSFT"


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"limit": "400"}, "buy 3 MSFT @ 400.00"),
        ({"side": "sell", "stop": "165"}, "sell 3 MSFT stop 165.00"),
        ({"stop": "165", "limit": "166"}, "buy 3 MSFT stop 165.00 @ 166.00"),
        ({"quantity": None, "notional": "500"}, "buy MSFT for 500.00"),
        ({"quantity": "0.125"}, "buy 0.125 MSFT"),
        ({"quantity": "12000"}, "buy 12,000 MSFT"),
    ],
)
def test_what_an_order_wants(fields: dict[str, str | None], text: str) -> None:
    assert order_text(order(**fields)) == text  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize(
    ("price", "text"),
    [
        ("418.2", "418.20"),
        ("418.2333333333", "418.2333"),
        ("0.1234", "0.1234"),
        ("0.000012345", "0.00001234"),
        ("67123.5", "67,123.50"),
        ("0", "0.00"),
        ("1E-900", "0.00"),
        ("1E+17", "100,000,000,000,000,000.00"),
    ],
)
def test_prices(price: str, text: str) -> None:
    assert price_text(Decimal(price)) == text


@pytest.mark.parametrize(
    ("quantity", "text"), [("3", "3"), ("3.0", "3"), ("1E+3", "1,000"), ("0.00000001", "0.00000001"), ("-15", "-15")]
)
def test_quantities(quantity: str, text: str) -> None:
    assert quantity_text(Decimal(quantity)) == text


@pytest.mark.parametrize(
    ("event", "notable"), [("fill", True), ("rejected", True), ("new", False), ("never_seen", True)]
)
def test_what_a_person_wants_to_be_told(event: str, notable: bool) -> None:
    assert update(event).notable is notable

"""Any bytes are a frame of some kind; an update is read as alpaca-py's own models read it, and where they cannot."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from alpaca.trading.models import TradeUpdate
from hypothesis import given
from hypothesis import strategies as st
from orders_kit import AUTHORIZED, FILL, LISTENING, ORDER, UNAUTHORIZED, told

from mytrader_tui.feeds.alpaca.order_wire import Authorization, Listening, Message, Refused, Unreadable, decode
from mytrader_tui.market.account.orders import OrderUpdate
from mytrader_tui.market.moment import EPOCH

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
EVENTS = ["new", "fill", "partial_fill", "canceled", "expired", "rejected", "replaced", "restated", "pending_cancel"]


def read(message: object) -> Message:
    return decode(json.dumps(message).encode(), EPOCH)


def update_of(message: object) -> OrderUpdate:
    found = read(message)
    assert isinstance(found, OrderUpdate)
    return found


@pytest.mark.parametrize(
    ("message", "meaning"),
    [
        (AUTHORIZED, Authorization(True, "authorized")),
        (UNAUTHORIZED, Authorization(False, "unauthorized")),
        ({"stream": "authorization", "data": {"status": None}}, Authorization(False, "")),
        ({"stream": "authorization"}, Authorization(False, "")),
        (LISTENING, Listening(("trade_updates",))),
        ({"stream": "listening", "data": {"streams": None}}, Listening(())),
        ({"action": "error", "data": {"error_message": "internal server error"}}, Refused("internal server error")),
        ({"action": "error"}, Refused("")),
        ({"stream": "account_updates", "data": {}}, Unreadable("a message of an unknown kind")),
        (told(order={}), Unreadable("an update without an order")),
        ({"stream": "trade_updates", "data": None}, Unreadable("an update without an order")),
    ],
)
def test_each_frame_has_its_meaning(message: object, meaning: Message) -> None:
    assert read(message) == meaning


def test_a_fill_is_read_whole() -> None:
    update = update_of(FILL)

    assert (update.event, update.price, update.quantity) == ("fill", Decimal("418.2"), 3)
    assert (update.position_quantity, update.order.symbol, update.order.filled_quantity) == (23, "MSFT", 3)
    assert update.at == datetime(2026, 11, 20, 15, 0, 0, 250000, tzinfo=UTC)


@pytest.mark.parametrize("event", EVENTS)
def test_alpaca_pys_own_model_reads_the_same(event: str) -> None:
    message: dict[str, Any] = told(event, price="418.2", qty="1", position_qty="-2.5")
    oracle = TradeUpdate(**message["data"])

    update = update_of(message)

    order = oracle.order
    assert update.event == event
    assert (update.price, update.quantity, update.position_quantity) == (
        Decimal(str(oracle.price)),
        Decimal(str(oracle.qty)),
        Decimal(str(oracle.position_qty)),
    )
    assert update.at == oracle.timestamp
    assert (update.order.id, update.order.symbol, update.order.side) == (str(order.id), order.symbol, "buy")
    assert (update.order.status, update.order.kind, update.order.time_in_force) == ("filled", "limit", "gtc")
    assert (update.order.filled_at, update.order.submitted_at) == (order.filled_at, order.submitted_at)


def test_words_that_nobody_has_heard_of_are_kept_where_alpaca_pys_model_gives_up() -> None:
    message: dict[str, Any] = told("teleported", ORDER | {"status": "in_orbit", "type": "quantum", "side": "sideways"})
    with pytest.raises(ValueError):
        TradeUpdate(**message["data"])

    update = update_of(message)

    assert (update.event, update.order.status, update.order.kind) == ("teleported", "in_orbit", "quantum")


def test_an_update_without_a_time_is_of_its_receipt() -> None:
    assert update_of(told(timestamp=None)).at == EPOCH.wall


@pytest.mark.parametrize("frame", [b"", b"{", b"null", b"[]", b"7", b"\xff\xfe", b"[" * 100_000, b'{"stream":"\xff"}'])
def test_what_is_no_message_is_unreadable(frame: bytes) -> None:
    assert isinstance(decode(frame, EPOCH), Unreadable)


@given(st.binary(max_size=200))
def test_no_bytes_raise(frame: bytes) -> None:
    decode(frame, EPOCH)


@given(st.sampled_from(["authorization", "listening", "trade_updates", "x"]), JSON, JSON)
def test_no_json_raises(stream: str, data: object, action: object) -> None:
    decode(json.dumps({"stream": stream, "data": data, "action": action}).encode(), EPOCH)


@given(st.sampled_from(sorted(ORDER)), st.sampled_from(["event", "price", "qty", "position_qty", "timestamp"]), JSON)
def test_no_field_of_an_update_but_the_id_can_lose_it(field: str, other: str, value: object) -> None:
    found = read(told(order=ORDER | {field: value}, **{other: value}))

    assert isinstance(found, OrderUpdate) or field == "id"

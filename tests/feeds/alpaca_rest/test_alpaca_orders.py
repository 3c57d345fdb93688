"""Orders over REST: every row is kept, whatever is new, null or missing in it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from odd_server import FRESH, OddServer, clock, ok

from mytrader_tui.demo.market import DemoMarket
from mytrader_tui.feeds.alpaca import account as account_module
from mytrader_tui.feeds.alpaca.account import AlpacaAccount
from mytrader_tui.feeds.alpaca.rest import AlpacaError, Timeouts
from mytrader_tui.market.account.orders import Order
from mytrader_tui.market.link import Reason
from mytrader_tui.settings.secret import Secret

ORDER = {
    "id": "61e69015-8549-4bfd-b9c3-01e75843f47d",
    "client_order_id": "eb9e2aaa-f71a-4f51-b5b4-52a6c565dad4",
    "created_at": "2026-03-04T14:30:00.123456789Z",
    "updated_at": "2026-03-04T14:30:01Z",
    "submitted_at": "2026-03-04T09:30:00.5-05:00",
    "filled_at": "2026-03-04T14:30:01Z",
    "canceled_at": None,
    "symbol": "AAPL",
    "asset_class": "us_equity",
    "notional": None,
    "qty": "15",
    "filled_qty": "7.5",
    "filled_avg_price": "190.25",
    "order_class": "",
    "order_type": "limit",
    "type": "limit",
    "side": "buy",
    "time_in_force": "day",
    "limit_price": "191.00",
    "stop_price": None,
    "status": "partially_filled",
    "extended_hours": False,
    "legs": None,
}


@pytest.fixture
async def server() -> AsyncIterator[OddServer]:
    async with OddServer() as server:
        yield server


def account_at(url: str, key: str = "DEMO-KEY", secret: str = "demo-secret") -> AlpacaAccount:
    return AlpacaAccount(
        trading_url=url,
        key=Secret(key),
        secret=Secret(secret),
        clock=clock,
        timeouts=Timeouts(0.5, 0.5, 2.0),
        lifetimes=FRESH,
    )


@pytest.fixture
async def account(server: OddServer) -> AsyncIterator[AlpacaAccount]:
    account = account_at(server.url)
    yield account
    account.close()


async def order_of(server: OddServer, account: AlpacaAccount, **changes: object) -> Order:
    server.answer = ok([ORDER | changes])
    return (await account.orders())[0]


async def test_an_order_is_read_whole(server: OddServer, account: AlpacaAccount) -> None:
    assert await order_of(server, account) == Order(
        id="61e69015-8549-4bfd-b9c3-01e75843f47d",
        symbol="AAPL",
        side="buy",
        kind="limit",
        quantity=Decimal(15),
        notional=None,
        filled_quantity=Decimal("7.5"),
        average_fill_price=Decimal("190.25"),
        limit_price=Decimal("191.00"),
        stop_price=None,
        time_in_force="day",
        status="partially_filled",
        submitted_at=datetime(2026, 3, 4, 14, 30, 0, 500000, tzinfo=UTC),
        filled_at=datetime(2026, 3, 4, 14, 30, 1, tzinfo=UTC),
        canceled_at=None,
        updated_at=datetime(2026, 3, 4, 14, 30, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize("field", sorted(ORDER.keys() - {"id"}))
@pytest.mark.parametrize("value", [None, "something new", 7, 1.5, True, [], {}, "\u001b[2J", "9" * 5000])
async def test_no_field_but_the_id_can_lose_an_order(
    server: OddServer, account: AlpacaAccount, field: str, value: object
) -> None:
    order = await order_of(server, account, **{field: value})

    assert order.id == ORDER["id"]
    assert "\u001b" not in repr(order)


async def test_an_order_that_says_nothing_but_its_id_is_kept(server: OddServer, account: AlpacaAccount) -> None:
    server.answer = ok([{"id": "1"}])

    found = (await account.orders())[0]

    assert (found.symbol, found.status, found.quantity, found.filled_quantity) == ("", "", None, 0)


@pytest.mark.parametrize("row", [None, [], "x", {}, {"id": None}, {"id": 5}, {"id": ""}])
async def test_what_is_no_order_is_counted(server: OddServer, account: AlpacaAccount, row: object) -> None:
    server.answer = ok([row, ORDER])

    assert len(await account.orders()) == 1
    assert account.unreadable_orders == 1


@pytest.mark.parametrize(
    ("symbol", "asset_class", "shown"),
    [("BTC/USD", "crypto", "BTC-USD"), ("AAPL240119C00190000", "us_option", "AAPL240119C00190000"), (None, None, "")],
)
async def test_symbols_are_spelled_as_positions_are_and_an_options_is_kept(
    server: OddServer, account: AlpacaAccount, symbol: str | None, asset_class: str | None, shown: str
) -> None:
    assert (await order_of(server, account, symbol=symbol, asset_class=asset_class)).symbol == shown


async def test_an_amount_of_money_is_no_quantity(server: OddServer, account: AlpacaAccount) -> None:
    found = await order_of(server, account, qty=None, notional="250.00")

    assert (found.quantity, found.notional) == (None, Decimal("250.00"))


async def test_the_question_names_status_and_time(server: OddServer, account: AlpacaAccount) -> None:
    server.answer = ok([])

    await account.orders("closed", datetime(2026, 3, 4, 5, 0, tzinfo=UTC))

    asked = parse_qs(urlsplit(server.requests[0]).query)
    assert asked == {
        "status": ["closed"],
        "limit": ["500"],
        "direction": ["desc"],
        "after": ["2026-03-04T05:00:00Z"],
    }


async def test_a_whole_page_of_one_instant_does_not_make_it_ask_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account_module, "PAGE", 3)
    async with DemoMarket(clock=clock, ticks_per_second=0) as market:
        for _ in range(5):
            await market.order("KO", "buy", 1, limit=50)
        account = account_at(market.trading_url)

        found = await account.orders("all")
        account.close()

    assert len({order.id for order in found}) == len(found) >= 3


async def test_orders_of_many_pages_come_in_order_and_without_repeats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account_module, "PAGE", 2)
    async with DemoMarket(clock=clock, ticks_per_second=0) as market:
        account = account_at(market.trading_url)

        found = await account.orders("all")
        account.close()

    times = [order.submitted_at for order in found if order.submitted_at]
    assert len(found) == len({order.id for order in found}) == 4
    assert times == sorted(times, reverse=True)


async def test_the_demos_orders_are_open_or_closed_and_since_a_time() -> None:
    async with DemoMarket(clock=clock, ticks_per_second=0) as market:
        account = account_at(market.trading_url)

        opened, closed, every = [await account.orders(status) for status in ("open", "closed", "all")]
        recent = await account.orders("all", clock().wall - timedelta(hours=2))
        account.close()

    assert {order.status for order in opened} == {"new"}
    assert {order.status for order in closed} == {"filled", "canceled"}
    assert len(every) == len(opened) + len(closed)
    assert [order.symbol for order in recent] == ["NVDA"]


@pytest.mark.parametrize("question", ["account", "holdings", "orders"])
@pytest.mark.parametrize(
    ("fault", "value", "retry_after", "reason"),
    [
        ("rest_status", 401, None, Reason.AUTH_FAILED),
        ("rest_status", 403, None, Reason.AUTH_FAILED),
        ("rest_status", 429, None, Reason.RATE_LIMITED),
        ("rest_status", 429, "30", Reason.RATE_LIMITED),
        ("rest_status", 500, None, Reason.SERVER_ERROR),
        ("rest_hang", True, None, Reason.TIMEOUT),
        ("rest_html", True, None, Reason.UNREADABLE),
        ("rest_half_json", True, None, Reason.UNREADABLE),
    ],
)
async def test_every_fault_of_every_question_has_its_reason(
    question: str, fault: str, value: object, retry_after: str | None, reason: Reason
) -> None:
    async with DemoMarket(clock=clock, ticks_per_second=0) as market:
        account = account_at(market.trading_url)
        setattr(market.faults, fault, value)
        market.faults.rest_retry_after = retry_after

        with pytest.raises(AlpacaError) as caught:
            await getattr(account, question)(retry=False)
        account.close()

    assert caught.value.reason is reason
    assert caught.value.retry_after == (float(retry_after) if retry_after else None)
    assert "DEMO-KEY" not in str(caught.value)


async def test_refused_keys_name_the_host_that_refused_them() -> None:
    async with DemoMarket(clock=clock, ticks_per_second=0) as market:
        account = account_at(market.trading_url, key="WRONG-KEY")

        with pytest.raises(AlpacaError, match=r"keys were refused \(HTTP 403 from 127\.0\.0\.1: forbidden\.\)"):
            await account.orders()
        account.close()

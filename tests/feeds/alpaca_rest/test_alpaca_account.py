"""The account, its positions and the broker's clock, however loosely they are written."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from odd_server import FRESH, OddServer, clock, http, ok

from mytrader_tui.feeds.alpaca.account import AlpacaAccount, AssetFound
from mytrader_tui.feeds.alpaca.rest import AlpacaError, Timeouts
from mytrader_tui.market.account.portfolio import Account, Position
from mytrader_tui.market.link import Reason
from mytrader_tui.market.session import BrokerClock
from mytrader_tui.settings.secret import Secret

ACCOUNT = {"equity": "103820.56", "last_equity": "103529.24", "cash": "1.50", "buying_power": 262113.632}
POSITION = {"symbol": "AAPL", "qty": "5", "avg_entry_price": "100.0", "side": "long", "asset_class": "us_equity"}


@pytest.fixture
async def server() -> AsyncIterator[OddServer]:
    async with OddServer() as server:
        yield server


@pytest.fixture
async def account(server: OddServer) -> AsyncIterator[AlpacaAccount]:
    account = AlpacaAccount(
        trading_url=server.url,
        key=Secret("k"),
        secret=Secret("s"),
        clock=clock,
        timeouts=Timeouts(0.5, 0.5, 2.0),
        lifetimes=FRESH,
    )
    yield account
    account.close()


async def position_of(server: OddServer, account: AlpacaAccount, **changes: object) -> Position:
    server.answer = ok([POSITION | changes])
    return (await account.holdings()).positions[0]


async def test_the_account_is_read_from_strings_and_numbers(server: OddServer, account: AlpacaAccount) -> None:
    server.answer = ok(ACCOUNT | {"currency": "USD", "status": "ACTIVE", "multiplier": "4", "created_at": None})

    assert await account.account() == Account(
        equity=Decimal("103820.56"),
        last_equity=Decimal("103529.24"),
        cash=Decimal("1.50"),
        buying_power=Decimal("262113.632"),
        currency="USD",
        status="ACTIVE",
        paper=True,
        receipt=clock(),
    )
    assert server.requests == ["/v2/account"]


async def test_the_keys_go_in_their_headers(server: OddServer, account: AlpacaAccount) -> None:
    server.answer = ok(ACCOUNT)

    await account.account()

    assert "APCA-API-KEY-ID: k\r\n" in server.heads[0]
    assert "APCA-API-SECRET-KEY: s\r\n" in server.heads[0]


async def test_what_the_account_can_do_without_may_be_missing_null_or_new(
    server: OddServer, account: AlpacaAccount
) -> None:
    server.answer = ok(ACCOUNT | {"last_equity": None, "status": "FROZEN_BY_ALIENS", "currency": 5})

    found = await account.account()

    assert (found.last_equity, found.status, found.currency) == (None, "FROZEN_BY_ALIENS", "USD")


@pytest.mark.parametrize("value", [None, "", "a lot", "NaN", "Infinity", "1e999999", True, {}, []])
@pytest.mark.parametrize("field", ["equity", "cash", "buying_power"])
async def test_an_account_without_its_figures_is_unreadable_and_never_shows_0(
    server: OddServer, account: AlpacaAccount, field: str, value: object
) -> None:
    server.answer = ok(ACCOUNT | {field: value})

    with pytest.raises(AlpacaError, match=field.replace("_", " ")) as caught:
        await account.account()

    assert caught.value.reason is Reason.UNREADABLE


async def test_a_position_has_its_symbol_quantity_and_entry(server: OddServer, account: AlpacaAccount) -> None:
    position = await position_of(server, account)

    assert position == Position(symbol="AAPL", quantity=Decimal(5), average_entry=Decimal("100.0"), receipt=clock())
    assert server.requests == ["/v2/positions"]


@pytest.mark.parametrize(
    ("qty", "side", "quantity"),
    [
        ("-5", "short", "-5"),
        ("5", "short", "-5"),
        (-5, "short", "-5"),
        ("-5", None, "-5"),
        ("5", "long", "5"),
        (0.125, "long", "0.125"),
        ("5", "sideways", "5"),
        ("5", 7, "5"),
    ],
)
async def test_a_short_position_is_negative_however_it_is_written(
    server: OddServer, account: AlpacaAccount, qty: object, side: object, quantity: str
) -> None:
    assert (await position_of(server, account, qty=qty, side=side)).quantity == Decimal(quantity)


@pytest.mark.parametrize(
    ("symbol", "asset_class", "shown"),
    [
        ("BRK.B", "us_equity", "BRK.B"),
        ("aapl", "us_equity", "AAPL"),
        ("AAPL", "an_unknown_class", "AAPL"),
        ("AAPL", None, "AAPL"),
        ("BTCUSD", "crypto", "BTC-USD"),
        ("BTC/USD", "crypto", "BTC-USD"),
        ("ETHUSDT", "crypto", "ETH-USDT"),
        ("USDTUSD", "crypto", "USDT-USD"),
        ("ETHBTC", "crypto", "ETH-BTC"),
        ("USD", "crypto", "USD"),
    ],
)
async def test_symbols_are_spelled_so_that_they_can_be_priced(
    server: OddServer, account: AlpacaAccount, symbol: str, asset_class: str | None, shown: str
) -> None:
    assert (await position_of(server, account, symbol=symbol, asset_class=asset_class)).symbol == shown


@pytest.mark.parametrize(
    "row",
    [
        None,
        [],
        "AAPL",
        POSITION | {"symbol": None},
        POSITION | {"symbol": "A B;C"},
        POSITION | {"symbol": "AAPL240119C00190000", "asset_class": "us_option"},
        POSITION | {"qty": None},
        POSITION | {"qty": "NaN"},
        POSITION | {"avg_entry_price": "n/a"},
        {"symbol": "AAPL", "qty": "5"},
        {"qty": "5", "avg_entry_price": "1"},
    ],
)
async def test_an_unreadable_position_is_counted_and_costs_only_itself(
    server: OddServer, account: AlpacaAccount, row: object
) -> None:
    server.answer = ok([POSITION, row, POSITION | {"symbol": "MSFT"}])

    holdings = await account.holdings()

    assert holdings.symbols() == ("AAPL", "MSFT")
    assert account.unreadable_positions == 1


async def test_the_count_of_unreadable_positions_is_the_latest_answers(
    server: OddServer, account: AlpacaAccount
) -> None:
    server.answer = ok([None])
    await account.holdings()
    server.answer = ok([])

    assert (await account.holdings()).positions == ()
    assert account.unreadable_positions == 0


async def test_the_clock_has_the_brokers_times(server: OddServer, account: AlpacaAccount) -> None:
    server.answer = ok(
        {
            "timestamp": "2026-03-04T10:00:00.123456789-05:00",
            "is_open": True,
            "next_open": "2026-03-05T09:30:00-05:00",
            "next_close": "2026-03-04T16:00:00-05:00",
        }
    )

    assert await account.clock() == BrokerClock(
        timestamp=datetime(2026, 3, 4, 15, 0, 0, 123457, tzinfo=UTC),
        is_open=True,
        next_open=datetime(2026, 3, 5, 14, 30, tzinfo=UTC),
        next_close=datetime(2026, 3, 4, 21, 0, tzinfo=UTC),
    )
    assert server.requests == ["/v2/clock"]


@pytest.mark.parametrize("timestamp", [None, "2026-03-04T10:00:00", "now"])
async def test_a_clock_without_its_times_or_their_zone_is_unreadable(
    server: OddServer, account: AlpacaAccount, timestamp: str | None
) -> None:
    server.answer = ok(
        {"timestamp": timestamp, "is_open": True, "next_open": "2026-03-05T09:30:00Z", "next_close": "x"}
    )

    with pytest.raises(AlpacaError, match="the clock"):
        await account.clock()


async def test_a_listing_that_alpaca_knows_is_found(server: OddServer, account: AlpacaAccount) -> None:
    server.answer = ok({"name": "Berkshire\u202e Hathaway", "exchange": "NYSE", "tradable": True, "class": "us_equity"})

    assert await account.knows("BRK.B") == AssetFound("BRK.B", "Berkshire Hathaway", "NYSE", True)
    assert server.requests == ["/v2/assets/BRK.B"]


async def test_a_listing_without_details_is_still_found(server: OddServer, account: AlpacaAccount) -> None:
    server.answer = ok({"name": None, "tradable": "perhaps"})

    assert await account.knows("AAPL") == AssetFound("AAPL", "", "", False)


async def test_a_listing_that_alpaca_denies_is_none(server: OddServer, account: AlpacaAccount) -> None:
    server.answer = http(404, '{"code": 40410000, "message": "asset not found for NOPE"}')

    assert await account.knows("NOPE") is None


async def test_a_proxys_404_does_not_make_a_listing_unknown(server: OddServer, account: AlpacaAccount) -> None:
    server.answer = http(404, "<html>not here</html>", "text/html")

    with pytest.raises(AlpacaError) as caught:
        await account.knows("AAPL")

    assert caught.value.reason is Reason.UNREADABLE


async def test_a_symbol_cannot_change_the_path(server: OddServer, account: AlpacaAccount) -> None:
    server.answer = ok({})

    await account.knows("../orders?x=1#")

    assert server.requests == ["/v2/assets/..%2Forders%3Fx%3D1%23"]

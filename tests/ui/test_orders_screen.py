"""The orders on the screen, and what is told of them."""

import re

import pytest
from fake_desk import FakeDesk
from fake_orders import DAY, an_order, with_orders
from screen_text import app_for, line_with, lines_of, main_of, painted
from syrupy.assertion import SnapshotAssertion

from mytrader_tui.ui.news import news_text, without_amounts
from mytrader_tui.ui.screens.orders import OrdersScreen
from mytrader_tui.ui.widgets.orders_table import OrdersTable, kind_forms


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_orders_at_each_size(size: tuple[int, int], snapshot: SnapshotAssertion) -> None:
    desk = with_orders(FakeDesk())
    desk.orders_note = "Orders may be old: the connection to the account was lost."
    app = app_for(desk)
    async with app.run_test(size=size) as pilot:
        await pilot.press("o")
        await pilot.pause(0.05)
        assert "\n".join(lines_of(app)) == snapshot


@pytest.mark.parametrize(
    ("keys", "shown"),
    [("1", "435"), ("2", "21"), ("3", "43215"), (("1", "tab"), "21"), (("1", "tab", "tab"), "43215")],
)
async def test_each_filter_shows_its_orders_the_newest_on_top(keys: tuple[str, ...], shown: str) -> None:
    app = app_for(with_orders(FakeDesk()))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("o", *keys)
        await pilot.pause(0.05)
        assert "".join(app.screen.query_one(OrdersTable).keys) == shown


async def test_the_filters_say_their_keys_and_how_many_they_show() -> None:
    app = app_for(with_orders(FakeDesk()))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("o", "2")
        await pilot.pause(0.05)
        assert line_with(app, "1 open 3 · [2 closed 2] · 3 all 5")


async def test_a_fill_is_on_the_screen_while_it_is_open_and_the_cursor_stays_on_its_order() -> None:
    desk = with_orders(FakeDesk(), *DAY[:4])
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("o", "down")
        assert app.screen.query_one(OrdersTable).cursor_key == "3"
        filled = an_order("3", "filled", filled="3", average="418.3", submitted=-600, updated=1)
        desk.orders.reread([an_order("7", symbol="QQQ", submitted=2), filled, *DAY[:2], DAY[3]], desk.advance(2))
        await pilot.pause(0.4)
        assert "3 / 3" in line_with(app, "418.30")
        assert line_with(app, "QQQ")
        assert app.screen.query_one(OrdersTable).cursor_key == "3"


@pytest.mark.parametrize(("key", "says"), [("1", "No open orders."), ("2", "No order was closed today.")])
async def test_a_filter_without_orders_says_so(key: str, says: str) -> None:
    app = app_for(FakeDesk())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("o", key)
        await pilot.pause(0.05)
        assert line_with(app, says)


async def test_orders_that_were_never_read_are_not_said_to_be_none() -> None:
    desk = FakeDesk()
    desk.hold()
    desk.orders_note = "Reading the orders…"
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        assert line_with(app, "open orders unknown")
        await pilot.press("o")
        await pilot.pause(0.05)
        assert line_with(app, "The orders have not been read yet.")
        assert line_with(app, "Reading the orders…")
        desk.orders_note = ""
        await pilot.pause(0.4)
        assert line_with(app, "No orders today.")


@pytest.mark.parametrize("key", ["escape", "o", "q"])
async def test_keys_that_close_it(key: str) -> None:
    app = app_for(FakeDesk())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("o")
        assert isinstance(app.screen, OrdersScreen)
        await pilot.press(key)
        assert app.screen is main_of(app)


async def test_hidden_amounts_leave_no_quantity_and_no_amount_on_it() -> None:
    desk = with_orders(FakeDesk())
    app = app_for(desk)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("o", "dollar_sign")
        await pilot.pause(0.05)
        shown = "\n".join(lines_of(app))
        assert not re.search(r"1,?200|10\.5|[ /]50 |750|1 ?/ ?3", shown)
        assert "418.50" in shown
        await pilot.press("dollar_sign")
        await pilot.pause(0.05)
        assert line_with(app, "1,200 / 1,200")


@pytest.mark.parametrize("size", [(40, 8), (20, 5), (200, 60)])
async def test_no_size_breaks_it(size: tuple[int, int]) -> None:
    app = app_for(with_orders(FakeDesk()))
    async with app.run_test(size=size) as pilot:
        await pilot.press("o", "down")
        await pilot.pause(0.05)
        assert app.is_running


@pytest.mark.parametrize(
    ("kind", "limit", "stop", "shown"),
    [
        ("market", None, None, "market day"),
        ("limit", "400", None, "limit 400.00 day"),
        ("stop", None, "165", "stop 165.00 day"),
        ("stop_limit", "166", "165", "stop 165.00 @ 166.00 day"),
        ("trailing_stop", None, "165", "trailing stop 165.00 day"),
        ("iceberg", "5", "4", "iceberg stop 4.00 @ 5.00 day"),
    ],
)
def test_a_type_is_told_with_its_prices(kind: str, limit: str | None, stop: str | None, shown: str) -> None:
    assert kind_forms(an_order("1", kind=kind, limit=limit, stop=stop))[0] == shown


# What is told of them.


async def test_a_fill_is_told_at_once() -> None:
    desk = FakeDesk()
    app = app_for(desk)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        desk.news = ["bought 3 MSFT @ 418.20"]
        await painted(pilot, desk)
        await pilot.pause(0.1)
        assert lines_of(app)[-1].endswith("bought 3 MSFT @ 418.20")
        assert desk.news == []


async def test_hidden_amounts_leave_the_price_in_what_is_told() -> None:
    desk = FakeDesk()
    desk.amounts_hidden = True
    app = app_for(desk)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        desk.news = ["bought 3 MSFT @ 418.20"]
        await painted(pilot, desk)
        await pilot.pause(0.1)
        assert lines_of(app)[-1].endswith("bought ••• MSFT @ 418.20")


def test_several_news_are_told_together_or_counted() -> None:
    news = ("bought 3 MSFT @ 418.20", "sold 1 AAPL @ 228.00", "canceled: buy 3 TSLA @ 400.00")
    assert news_text(news[:2], 60) == "bought 3 MSFT @ 418.20 · sold 1 AAPL @ 228.00"
    assert news_text(news, 48) == "canceled: buy 3 TSLA @ 400.00 and 2 more"
    assert news_text(news, 30) == "canceled: buy 3… and 2 more"
    assert news_text(news[:1], 5) == news[0]


@pytest.mark.parametrize(
    ("line", "hidden"),
    [
        ("bought 1,200.5 BRK.B @ 418.20", "bought ••• BRK.B @ 418.20"),
        ("partially filled 1 of 3: bought MSFT @ 418.20", "partially filled ••• of •••: bought MSFT @ 418.20"),
        (
            "canceled: sell 20 AAPL stop 165.00 @ 164.00, 5 filled",
            "canceled: sell ••• AAPL stop 165.00 @ 164.00, ••• filled",
        ),
        ("order accepted: buy MSFT for 500.00", "order accepted: buy MSFT for •••"),
        ("sold 5 X @ 1.00, now short 5", "sold ••• X @ 1.00, now short •••"),
    ],
)
def test_every_number_but_a_price_is_hidden(line: str, hidden: str) -> None:
    assert without_amounts(line) == hidden

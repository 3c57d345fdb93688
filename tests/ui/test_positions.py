"""The positions pane: what it says, in what order, and what it leaves unsaid."""

import random
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from fake_desk import IEX, YAHOO, FakeDesk
from fake_orders import with_orders
from hypothesis import given, settings
from hypothesis import strategies as st
from lively_desk import lively_desk
from msgspec.structs import replace
from screen_text import app_for, line_with, lines_of, main_of, painted

from mytrader_tui.market.account.honesty import Honesty, Share, Standing
from mytrader_tui.market.account.marking import EquityCheck, Portfolio
from mytrader_tui.market.account.position_sorting import PositionColumn
from mytrader_tui.market.quote import Trade
from mytrader_tui.market.session import hours_at
from mytrader_tui.market.trust.suspicion import Exclusion
from mytrader_tui.settings.state import View
from mytrader_tui.ui.columns import arrange
from mytrader_tui.ui.doors import DOORS
from mytrader_tui.ui.widgets.honesty_line import honesty_phrases
from mytrader_tui.ui.widgets.position_columns import REASONS, positions_columns
from mytrader_tui.ui.widgets.positions import RESORT_SECONDS, PositionsTable

WIDE = (120, 36)


def a_desk() -> FakeDesk:
    desk = FakeDesk(("AAPL",))
    for symbol, last in (("AAPL", 190.0), ("MSFT", 400.0), ("NVDA", 140.0)):
        desk.quote(symbol, last)
    desk.hold(NVDA=("-50", "120"), AAPL=("10", "180"), MSFT=("2.5", "410"))
    return desk


def shown_order(app: object) -> tuple[str, ...]:
    return main_of(app).query_one(PositionsTable).keys


def titles(width: int) -> list[str]:
    return [column.title for column, _ in arrange(positions_columns(7), width).placed]


def test_a_narrow_pane_keeps_value_and_day_before_entry_and_weight() -> None:
    assert titles(38) == ["Symbol", "Qty", "", "Last", "P&L"]
    assert titles(78) == ["Symbol", "Qty", "", "Last", "Value", "Day P&L", "Day %", "P&L", "P&L %"]


def test_a_wide_pane_shows_everything() -> None:
    all_of_them = "Symbol Side Qty Avg-entry  Last Value Cost Day-P&L Day-% P&L P&L-% Weight"
    assert titles(118) == [title.replace("-", " ") for title in all_of_them.split(" ")]


@pytest.mark.parametrize("width", range(30, 200, 7))
def test_every_title_has_room_for_the_arrow(width: int) -> None:
    assert all(len(column.title) < room for column, room in arrange(positions_columns(6), width).placed if column.title)


# Sorting.


async def test_s_sorts_by_the_column_that_is_chosen_and_says_which_and_how() -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=WIDE) as pilot:
        await painted(pilot, desk)
        assert "Symbol↑" in line_with(app, "Avg entry")
        assert shown_order(app) == ("AAPL", "MSFT", "NVDA")
        await pilot.press("p", "s", "q")
        await pilot.pause(0.05)
        assert "↓Qty" in line_with(app, "Avg entry")
        assert shown_order(app) == ("AAPL", "MSFT", "NVDA")
        await pilot.press("S")
        await pilot.pause(0.05)
        assert "↑Qty" in line_with(app, "Avg entry")
        assert shown_order(app) == ("NVDA", "MSFT", "AAPL")


async def test_a_column_without_room_can_be_sorted_by_and_is_told_apart() -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=(80, 30)) as pilot:
        await painted(pilot, desk)
        await pilot.press("p", "s")
        await pilot.pause()
        lines = lines_of(app)
        away = next(place for place, line in enumerate(lines) if "not in sight" in line)
        assert any("Weight" in line for line in lines[away:])
        assert not any("Weight" in line for line in lines[:away])
        await pilot.press("w")
        await pilot.pause()
        assert app.screen.query_one(PositionsTable).sorting == (PositionColumn.WEIGHT, True)


async def test_sorting_is_for_the_pane_that_has_the_focus() -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        await pilot.press("s", "l")
        assert app.screen.query_one(PositionsTable).sorting == (PositionColumn.SYMBOL, False)
        assert desk.view.sort == "last"
        await pilot.press("p", "s", "v")
        assert app.screen.query_one(PositionsTable).sorting == (PositionColumn.MARKET_VALUE, True)
        assert desk.view.sort == "last"


async def test_a_click_on_a_title_sorts_by_it_and_another_turns_it_round() -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=WIDE) as pilot:
        await painted(pilot, desk)
        table = app.screen.query_one(PositionsTable)
        place = line_with(app, "Avg entry").index("Value") + 2
        await pilot.click(PositionsTable, offset=(place, 0))
        assert table.sorting == (PositionColumn.MARKET_VALUE, True)
        assert shown_order(app) == ("AAPL", "MSFT", "NVDA")
        await pilot.click(PositionsTable, offset=(place, 0))
        assert table.sorting == (PositionColumn.MARKET_VALUE, False)
        assert shown_order(app) == ("NVDA", "MSFT", "AAPL")


async def test_the_order_of_the_positions_is_kept_and_found_again_by_the_next_program() -> None:
    desk = a_desk()
    first = app_for(desk)
    async with first.run_test(size=WIDE) as pilot:
        await painted(pilot, desk)
        first.screen.query_one(PositionsTable).sort_by("market_value")
        await pilot.pause()
        await pilot.press("p", "S")
        await painted(pilot, desk)
        assert (desk.view.positions_sort, desk.view.positions_falling) == ("market_value", False)

    second = app_for(desk)
    async with second.run_test(size=WIDE) as pilot:
        await painted(pilot, desk)
        assert shown_order(second) == ("NVDA", "MSFT", "AAPL")
        assert "↑Value" in line_with(second, "Avg entry")


async def test_an_order_by_a_column_that_is_none_is_by_symbol() -> None:
    desk = a_desk()
    desk.keep_view(View(positions_sort="of a later version", positions_falling=True))
    app = app_for(desk)
    async with app.run_test(size=WIDE) as pilot:
        await painted(pilot, desk)
        assert shown_order(app) == ("AAPL", "MSFT", "NVDA")


async def test_a_price_of_the_extended_hours_is_marked_among_the_positions() -> None:
    desk = a_desk()
    desk.moment = desk.advance(6.0 * 3600)
    desk.hours = hours_at(desk.moment.wall)
    desk.hear()
    desk.board.apply(Trade("MSFT", 401.0, 100, desk.moment.wall, IEX, desk.moment, conditions=("@", "T"), tape="C"))
    app = app_for(desk)
    async with app.run_test(size=WIDE) as pilot:
        await painted(pilot, desk)
        assert "e 401.00" in line_with(app, "MSFT")
        assert "e 190.00" not in line_with(app, "AAPL")


async def test_rows_change_places_with_prices_at_most_once_a_second_and_the_cursor_stays_on_its_symbol() -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=WIDE) as pilot:
        await painted(pilot, desk)
        await pilot.press("p", "s", "l")
        table = app.screen.query_one(PositionsTable)
        assert table.sorting == (PositionColumn.LAST, True)
        table.move_to("AAPL")
        await painted(pilot, desk, RESORT_SECONDS)
        desk.trade("AAPL", 500.0)
        await painted(pilot, desk, RESORT_SECONDS)
        assert shown_order(app) == ("AAPL", "MSFT", "NVDA")
        assert table.cursor_key == "AAPL"
        desk.trade("AAPL", 1.0)
        await painted(pilot, desk, 0.1)
        assert shown_order(app) == ("AAPL", "MSFT", "NVDA")
        await painted(pilot, desk, RESORT_SECONDS)
        assert shown_order(app) == ("MSFT", "NVDA", "AAPL")
        assert table.cursor_key == "AAPL"
        assert "1.00" in line_with(app, "▌AAPL")


# What is left out, and how live the rest is.


async def test_an_excluded_row_says_why_instead_of_values() -> None:
    desk = a_desk()
    holdings = desk.holdings
    assert holdings is not None
    aapl = replace(holdings.positions[1], broker_price=Decimal("760"))
    desk.holdings = replace(holdings, positions=(aapl, *holdings.positions[2:]))
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        rows = [line for line in lines_of(app) if "possible split" in line]
        assert len(rows) == 1
        assert re.search(r"AAPL +10 ● +190.00 possible split$", rows[0])
        assert "1 left out" in line_with(app, "Total")


@pytest.mark.parametrize("why", Exclusion)
def test_every_reason_is_told_across_the_columns_of_values(why: Exclusion) -> None:
    assert REASONS[why].text(44).strip() == why.value


async def test_a_total_says_how_live_it_is_and_how_old() -> None:
    desk = a_desk()
    desk.quote("MSFT", 400.0, origin=YAHOO, age=905)
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        assert line_with(app, "as of oldest 15:14:55 · 90 % live · 10 % delayed")


def test_a_price_of_another_day_says_which() -> None:
    at = FakeDesk().moment
    told = Portfolio(
        at=at, honesty=Honesty(oldest=at.wall - timedelta(days=1), shares=(Share(Standing.AT_CLOSE, 100),))
    )
    assert [phrase.forms[0].plain for phrase in honesty_phrases(told, at, at.wall.tzinfo)] == [
        "as of oldest Thu 15:30:00",
        "100 % at close",
    ]


@pytest.mark.parametrize(("ours", "said"), [("100400", []), ("101000", ["equity here +1.00% from the broker's"])])
def test_equities_more_than_half_a_percent_apart_are_told(ours: str, said: list[str]) -> None:
    at = FakeDesk().moment
    told = Portfolio(at=at, equity=EquityCheck(Decimal(ours), Decimal(100000)))
    assert [phrase.forms[0].plain for phrase in honesty_phrases(told, at, None)] == said


async def test_the_account_line_says_the_exposure_at_the_prices_shown_and_the_open_orders() -> None:
    desk = with_orders(a_desk())
    app = app_for(desk)
    async with app.run_test(size=WIDE) as pilot:
        await painted(pilot, desk)
        assert line_with(app, "Long 2,900.00")
        assert line_with(app, "Short -7,000.00 · 3 open orders")


# Hidden amounts.


async def test_the_dollar_hides_every_amount_and_shows_them_again() -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=WIDE) as pilot:
        await painted(pilot, desk)
        await pilot.press("dollar_sign")
        await pilot.pause(0.05)
        assert desk.amounts_hidden
        assert line_with(app, "Equity ••• · Day P&L ▲ ••• (+0.34%) · Cash ••• · Buying power •••")
        assert "•••" in line_with(app, "Total")
        assert "190.00" in next(line for line in lines_of(app) if "long" in line)
        await pilot.press("dollar_sign")
        await pilot.pause(0.05)
        assert line_with(app, "Equity 102,345.67")


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10**6))
async def test_no_digit_of_any_amount_is_on_a_screen_that_hides_them(seed: int) -> None:
    luck = random.Random(seed)
    desk = a_desk()
    quantities = {symbol: (str(luck.randint(-99_999, 99_999) or 1), "100") for symbol in ("AAPL", "MSFT", "NVDA")}
    desk.hold(**quantities)
    desk.hide_amounts(True)
    app = app_for(desk)
    async with app.run_test(size=luck.choice([(80, 24), WIDE, (200, 60)])) as pilot:
        await painted(pilot, desk)
        shown = "\n".join(lines_of(app))
        portfolio = desk.portfolio(desk.moment, frozenset())
        assert portfolio.totals is not None
        assert desk.account is not None
        worths = [row.valuation for row in portfolio.rows if row.valuation] + [portfolio.totals]
        secret = [desk.account.equity, desk.account.cash, desk.account.buying_power, desk.account.day_profit]
        for worth in worths:
            secret += [worth.market_value, worth.cost_basis, worth.unrealized, worth.day_profit]
        for amount in secret:
            if amount is not None and abs(amount) >= 10_000:
                assert f"{abs(amount):,.2f}" not in shown
                assert f"{abs(amount):.0f}" not in shown
        for quantity, _ in quantities.values():
            if abs(int(quantity)) >= 10_000:
                assert f"{abs(int(quantity)):,}" not in shown
                assert quantity.lstrip("-") not in shown


async def test_help_lists_the_new_keys() -> None:
    app = app_for(a_desk())
    async with app.run_test(size=(80, 70)) as pilot:
        await pilot.press("question_mark")
        await pilot.pause()
        shown = "\n".join(lines_of(app))
        for key, what in (
            ("o", "Orders"),
            ("e", "Account"),
            (r"\$", "Hide amounts"),
            ("s", "Sort"),
            ("S", "Reverse"),
        ):
            assert re.search(rf"{key} +{what}", shown)
        assert "is not known" in shown


@pytest.mark.parametrize("focus", ["watchlist", "positions"])
async def test_the_keys_stay_one_line_of_whole_words_at_eighty_columns(focus: str) -> None:
    desk = a_desk()
    desk.remove("AAPL")
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        await pilot.press(*(["p"] if focus == "positions" else []))
        await pilot.pause(0.05)
        last = lines_of(app)[-1]
        assert all(f" {told} " in f"{last} " for told in ("u Undo", "p Pane", "? Help", "q Quit"))
        assert last.split()[-1] in {*(door.label.split()[-1] for door in DOORS), "Sort", "Filter", "Source"}


# Five hundred positions.


async def test_of_many_positions_only_those_in_sight_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    symbols = [f"S{number:03}" for number in range(500)]
    desk = FakeDesk(("AAPL",))
    for symbol in symbols:
        desk.quote(symbol, 100.0)
    desk.hold(**dict.fromkeys(symbols, ("10", "90")))
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        table = app.screen.query_one(PositionsTable)
        asked: list[str] = []
        monkeypatch.setattr(table, "row", lambda key, now, row=table.row: asked.append(key) or row(key, now))
        for symbol in symbols:
            desk.trade(symbol, 101.0)
        await painted(pilot, desk, 0.05)
        assert 0 < len(asked) < 24


async def test_two_positions_in_one_symbol_are_two_rows() -> None:
    desk = a_desk()
    holdings = desk.holdings
    assert holdings is not None
    desk.holdings = replace(holdings, positions=(*holdings.positions, holdings.positions[0]))
    app = app_for(desk)
    async with app.run_test(size=WIDE) as pilot:
        await painted(pilot, desk)
        assert sum("NVDA" in line for line in lines_of(app)) == 2


async def test_an_account_that_could_not_be_read_again_shows_its_age_with_the_reason() -> None:
    desk = lively_desk()
    app = app_for(desk)
    async with app.run_test(size=(120, 36)) as pilot:
        await painted(pilot, desk)
        assert not line_with(app, "told ")

        desk.advance(125)
        desk.account_note = "Alpaca: the server has a fault (HTTP 500)."
        await painted(pilot, desk)

        assert "told 2m ago" in line_with(app, "PAPER")
        assert line_with(app, "the server has a fault")

"""The order of the watchlist's rows: sorted by any column, or made by hand."""

import random
import time
from collections.abc import Mapping

import pytest
from fake_desk import YAHOO, FakeDesk
from hypothesis import given
from hypothesis import strategies as st
from screen_text import app_for, line_with, lines_of, main_of, painted

from mytrader_tui.market.quote import Origin, Source
from mytrader_tui.settings.state import View
from mytrader_tui.ui.screens.sort import SortChooser, letters_for
from mytrader_tui.ui.watch.columns import ALL, TITLES
from mytrader_tui.ui.watch.picture import LivePicture
from mytrader_tui.ui.watch.sorting import RISING_FIRST, sort_symbols
from mytrader_tui.ui.widgets.positions import PositionsTable
from mytrader_tui.ui.widgets.watchlist import ARRANGE_SECONDS, WatchlistTable

WIDE = (120, 36)


def a_desk() -> FakeDesk:
    """By hand AAPL, MSFT, TSLA, NEWCO; by price MSFT, TSLA, AAPL; of NEWCO nothing is known."""
    desk = FakeDesk(("AAPL", "MSFT", "TSLA", "NEWCO"))
    desk.quote("AAPL", 190.0, name="Zebra", age=5, volume=3e6, low=180.0, high=191.0, open=181.0, vwap=185.0)
    desk.quote("MSFT", 418.0, name="beta", age=40, volume=9e6, low=410.0, high=430.0, open=420.0, vwap=419.0)
    desk.quote("TSLA", 248.0, name="Alpha", age=0, volume=1e6, low=240.0, high=250.0, origin=YAHOO, open=1.0, vwap=2.0)
    desk.bid_ask("AAPL", 189.0, 191.0)
    desk.bid_ask("MSFT", 417.9, 418.1)
    desk.basis_points.update(AAPL=-30.0, MSFT=2.0)
    return desk


def shown(app: object) -> tuple[str, ...]:
    return main_of(app).query_one(WatchlistTable).keys


# The rule.


@pytest.mark.parametrize(
    ("column", "rising"),
    [
        ("symbol", "AAPL MSFT NEWCO TSLA"),
        ("name", "TSLA MSFT AAPL | NEWCO"),
        ("last", "AAPL TSLA MSFT | NEWCO"),
        ("change_percent", "MSFT TSLA AAPL | NEWCO"),
        ("spread", "MSFT AAPL | TSLA NEWCO"),
        ("volume", "TSLA AAPL MSFT | NEWCO"),
        ("day_range", "MSFT TSLA AAPL | NEWCO"),
        ("age", "TSLA AAPL MSFT | NEWCO"),
        ("discrepancy", "MSFT AAPL | TSLA NEWCO"),
        ("bid", "AAPL MSFT | TSLA NEWCO"),
    ],
)
def test_rows_rise_by_a_column_and_what_has_no_value_comes_last_either_way(column: str, rising: str) -> None:
    desk = a_desk()
    valued, _, unknown = (part.split() for part in rising.partition("|"))
    picture = LivePicture(desk)

    rose = sort_symbols(picture, desk.watchlist.symbols, column, desk.moment, falling=False)
    fell = sort_symbols(picture, desk.watchlist.symbols, column, desk.moment, falling=True)

    assert list(rose) == [*valued, *unknown]
    assert list(fell) == [*reversed(valued), *unknown]


@pytest.mark.parametrize("column", ["badge", "source"])
def test_live_comes_before_delayed_and_no_data_last(column: str) -> None:
    desk = a_desk()
    picture, symbols = LivePicture(desk), desk.watchlist.symbols
    assert sort_symbols(picture, symbols, column, desk.moment, falling=False) == ("AAPL", "MSFT", "TSLA", "NEWCO")
    assert sort_symbols(picture, symbols, column, desk.moment, falling=True) == ("TSLA", "AAPL", "MSFT", "NEWCO")


class Priced:
    """A picture of nothing but prices."""

    def __init__(self, prices: Mapping[str, float | None]) -> None:
        self._desk = FakeDesk(tuple(prices))
        for symbol, price in prices.items():
            self._desk.quote(symbol, price, previous_close=100.0)

    def live(self) -> LivePicture:
        return LivePicture(self._desk)


@given(
    st.dictionaries(st.text("ABCDE", min_size=1, max_size=4), st.none() | st.floats(1, 1000), max_size=12),
    st.sampled_from(ALL),
    st.booleans(),
)
def test_sorting_loses_no_row_and_doubles_none(prices: dict[str, float | None], column: str, falling: bool) -> None:
    priced = Priced(prices)
    order = sort_symbols(priced.live(), tuple(prices), column, priced._desk.moment, falling=falling)
    assert sorted(order) == sorted(prices)


def test_equals_stay_as_they_were_made_by_hand() -> None:
    symbols = ["D", "B", "C", "A"]
    priced = Priced(dict.fromkeys(symbols, 5.0))
    for falling in (False, True):
        assert list(sort_symbols(priced.live(), symbols, "last", priced._desk.moment, falling=falling)) == symbols


def test_every_choice_has_a_key_of_its_own() -> None:
    letters = letters_for(["by hand", *TITLES.values()])
    assert len(set(letters)) == len(letters) == len(ALL) + 1
    assert not {"j", "k", ""} & set(letters)
    assert set(ALL) >= RISING_FIRST


# The keys.


async def test_s_and_a_letter_sort_and_the_same_again_turns_the_order() -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=WIDE) as pilot:
        await painted(pilot, desk)
        await pilot.press("s", "l")
        await painted(pilot, desk)
        assert shown(app) == ("MSFT", "TSLA", "AAPL", "NEWCO")
        assert "↓Last" in lines_of(app)[0]
        await pilot.press("s", "l")
        await painted(pilot, desk)
        assert shown(app) == ("AAPL", "TSLA", "MSFT", "NEWCO")
        assert "↑Last" in lines_of(app)[0]


async def test_arrows_and_enter_choose_as_well() -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=WIDE) as pilot:
        await painted(pilot, desk)
        await pilot.press("s", "down", "down", "enter")
        await painted(pilot, desk)
        assert desk.view.sort == "last"
        await pilot.press("s", "k", "k", "enter")
        await painted(pilot, desk)
        assert desk.view.sort == ""
        assert shown(app) == desk.watchlist.symbols


async def test_by_hand_comes_first_and_esc_changes_nothing() -> None:
    desk = a_desk()
    desk.keep_view(View(sort="last"))
    app = app_for(desk)
    async with app.run_test(size=WIDE) as pilot:
        await painted(pilot, desk)
        await pilot.press("s", "escape")
        assert shown(app) == ("AAPL", "TSLA", "MSFT", "NEWCO")
        await pilot.press("s", "b")
        await painted(pilot, desk)
        assert shown(app) == desk.watchlist.symbols
        assert "↑" not in lines_of(app)[0]


async def test_the_chooser_marks_what_is_and_what_is_not_in_sight() -> None:
    desk = a_desk()
    desk.keep_view(View(sort="last", falling=True))
    app = app_for(desk)
    async with app.run_test(size=(80, 40)) as pilot:
        await painted(pilot, desk)
        await pilot.press("s")
        await pilot.pause()
        assert isinstance(app.screen, SortChooser)
        assert line_with(app, "l  ↓ Last")
        lines = lines_of(app)
        away = next(place for place, line in enumerate(lines) if "not in sight" in line)
        assert any("VWAP" in line for line in lines[away:])


async def test_big_s_turns_the_order() -> None:
    desk = a_desk()
    desk.keep_view(View(sort="volume", falling=True))
    app = app_for(desk)
    async with app.run_test(size=WIDE) as pilot:
        await painted(pilot, desk)
        assert shown(app)[0] == "MSFT"
        await pilot.press("S")
        await painted(pilot, desk)
        assert shown(app)[0] == "TSLA"
        assert desk.view == View(sort="volume", falling=False)


async def test_a_click_on_a_title_sorts_and_another_turns() -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=WIDE) as pilot:
        await painted(pilot, desk)
        place = lines_of(app)[0].index("Volume") + 2
        await pilot.click(WatchlistTable, offset=(place, 0))
        await painted(pilot, desk)
        assert (desk.view.sort, desk.view.falling) == ("volume", True)
        assert "↓Vol" in lines_of(app)[0]
        await pilot.click(WatchlistTable, offset=(place, 0))
        await painted(pilot, desk)
        assert (desk.view.sort, desk.view.falling) == ("volume", False)
        assert shown(app)[0] == "TSLA"


async def test_the_cursor_stays_on_its_symbol_and_in_sight() -> None:
    desk = FakeDesk(tuple(f"S{number:03}" for number in range(200)))
    for number, symbol in enumerate(desk.watchlist.symbols):
        desk.quote(symbol, 1000.0 - number)
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        await pilot.press("down", "down")
        await pilot.press("s", "l", "s", "l")
        await painted(pilot, desk)
        table = main_of(app).query_one(WatchlistTable)
        assert table.cursor_key == "S002"
        assert table.keys.index("S002") == 197
        assert line_with(app, "▌S002")


async def test_prices_change_the_order_at_most_once_a_second() -> None:
    desk = a_desk()
    desk.keep_view(View(sort="last", falling=True))
    app = app_for(desk)
    async with app.run_test(size=WIDE) as pilot:
        await painted(pilot, desk)
        await painted(pilot, desk, ARRANGE_SECONDS)
        desk.trade("AAPL", 900.0)
        await painted(pilot, desk, ARRANGE_SECONDS)
        assert shown(app)[0] == "AAPL"
        desk.trade("AAPL", 1.0)
        await painted(pilot, desk, 0.2)
        assert shown(app)[0] == "AAPL"
        assert "1.00" in line_with(app, "▌AAPL")
        await painted(pilot, desk, ARRANGE_SECONDS)
        assert shown(app)[-2:] == ("AAPL", "NEWCO")


async def test_ages_change_the_order_without_any_news() -> None:
    desk = FakeDesk(("AAPL", "MSFT"))
    desk.quote("AAPL", 190.0, age=10)
    app = app_for(desk)
    async with app.run_test(size=WIDE) as pilot:
        desk.keep_view(View(sort="badge"))
        desk.quote("MSFT", 418.0, origin=YAHOO, age=900)
        await painted(pilot, desk)
        assert shown(app) == ("AAPL", "MSFT")
        await painted(pilot, desk, 30)
        assert "▲ STALE" in line_with(app, "AAPL")
        assert shown(app) == ("MSFT", "AAPL")


async def test_a_sort_that_has_no_column_here_is_told() -> None:
    desk = a_desk()
    desk.keep_view(View(sort="vwap", falling=True))
    app = app_for(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await painted(pilot, desk)
        assert line_with(app, "sorted by VWAP ↓, which has no room here")


async def test_a_sort_that_no_column_bears_is_by_hand() -> None:
    desk = a_desk()
    desk.keep_view(View(sort="astrology", falling=True))
    app = app_for(desk)
    async with app.run_test(size=WIDE) as pilot:
        await painted(pilot, desk)
        assert shown(app) == desk.watchlist.symbols


async def test_each_list_has_its_own_sort() -> None:
    desk = a_desk()
    desk.lists.create("Tech")
    desk.watchlist = desk.watchlist.add("MSFT").add("AAPL")
    desk.lists.choose("Watchlist")
    app = app_for(desk)
    async with app.run_test(size=WIDE) as pilot:
        await painted(pilot, desk)
        await pilot.press("s", "l")
        await painted(pilot, desk)
        await pilot.press("tab")
        await painted(pilot, desk)
        assert shown(app) == ("MSFT", "AAPL")
        await pilot.press("tab")
        await painted(pilot, desk)
        assert shown(app) == ("MSFT", "TSLA", "AAPL", "NEWCO")


async def test_the_positions_have_the_same_chooser_and_their_own_order() -> None:
    desk = a_desk()
    desk.hold(AAPL=("10", "180"), MSFT=("2", "400"))
    app = app_for(desk)
    async with app.run_test(size=WIDE) as pilot:
        await painted(pilot, desk)
        await pilot.press("p", "s", "l")
        await painted(pilot, desk)
        positions = main_of(app).query_one(PositionsTable)
        assert positions.keys == ("MSFT", "AAPL")
        assert "↓Last" in line_with(app, "Avg entry")
        assert shown(app) == desk.watchlist.symbols
        await pilot.press("S")
        assert positions.keys == ("AAPL", "MSFT")


# By hand.


@pytest.mark.parametrize(
    ("keys", "order"),
    [
        (("J",), "MSFT AAPL TSLA NEWCO"),
        (("shift+down", "shift+down"), "MSFT TSLA AAPL NEWCO"),
        (("J", "J", "J", "J"), "MSFT TSLA NEWCO AAPL"),
        (("end", "K"), "AAPL MSFT NEWCO TSLA"),
        (("end", "shift+up", "K", "K", "K"), "NEWCO AAPL MSFT TSLA"),
    ],
)
async def test_rows_are_moved_by_hand_and_the_cursor_goes_with_them(keys: tuple[str, ...], order: str) -> None:
    desk = a_desk()
    app = app_for(desk)
    async with app.run_test(size=WIDE) as pilot:
        await painted(pilot, desk)
        moved = "NEWCO" if keys[0] == "end" else "AAPL"
        await pilot.press(*keys)
        await painted(pilot, desk)
        assert shown(app) == desk.watchlist.symbols == tuple(order.split())
        assert main_of(app).query_one(WatchlistTable).cursor_key == moved


async def test_nothing_is_moved_that_cannot_be_seen_and_the_way_there_is_told() -> None:
    desk = a_desk()
    before = desk.watchlist.symbols
    app = app_for(desk)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await painted(pilot, desk)
        await pilot.press("s", "l", "J")
        await pilot.pause(0.1)
        assert line_with(app, "Sorted by Last: s b goes back to the order by hand")
        await pilot.press("s", "b", "slash", "a", "enter", "J")
        await pilot.pause(0.1)
        assert line_with(app, "Filtered: esc shows all rows, then they move")
        assert desk.watchlist.symbols == before


# A thousand rows.


async def test_a_thousand_rows_are_sorted_in_a_moment() -> None:
    symbols = [f"S{number:04}" for number in range(1000)]
    desk = FakeDesk(tuple(symbols))
    luck = random.Random(3)
    for symbol in symbols:
        desk.quote(symbol, luck.uniform(1, 900), origin=luck.choice((YAHOO, Origin(Source.ALPACA, "iex", 0.0))))
    picture = LivePicture(desk)
    began = time.perf_counter()
    for column in ALL:
        sort_symbols(picture, symbols, column, desk.moment, falling=True)
    assert (time.perf_counter() - began) / len(ALL) < 0.05

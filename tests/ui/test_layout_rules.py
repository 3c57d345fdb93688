"""Which columns, phrases and times of day a width has room for."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from rich.text import Text

from mytrader_tui.market.quote import Origin, Source
from mytrader_tui.market.session import NEW_YORK
from mytrader_tui.ui.columns import Cell, arrange
from mytrader_tui.ui.flow import Phrase, cut, fits, flow, plain, wrap
from mytrader_tui.ui.spans import clock_forms, long_span
from mytrader_tui.ui.watch.columns import Wants, default_columns
from mytrader_tui.ui.watch.row import source_forms
from mytrader_tui.ui.widgets.position_columns import positions_columns
from mytrader_tui.ui.widgets.scroll_bar import thumb

NOON = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)


def titles(width: int, *, longest: int = 7, mark: int = 0) -> list[str]:
    return [column.title for column, _ in arrange(default_columns(Wants(longest, mark), width), width).placed]


@pytest.mark.parametrize("longest", [6, 7, 9, 12])
@pytest.mark.parametrize("mark", [0, 1, 3])
def test_eighty_columns_show_everything_the_watchlist_promises(longest: int, mark: int) -> None:
    promised = ["Symbol", "Last", "Change", "Chg %", "Bid", "Ask", "Volume", "Badge", "Age"]
    assert titles(78, longest=longest, mark=mark) == promised


def test_a_narrow_screen_gives_up_bid_and_ask_first() -> None:
    assert titles(58) == ["Symbol", "Last", "Change", "Chg %", "Volume", "Badge", "Age"]
    assert titles(38) == ["Symbol", "Last", "Badge", "Age"]


def test_a_wide_screen_adds_the_source_then_the_day_then_the_name() -> None:
    assert "Source" in titles(92)
    assert {"Today", "Day range"} <= set(titles(118))
    assert titles(138)[:2] == ["Symbol", "Name"]


def test_the_currency_has_a_column_as_soon_as_one_row_is_foreign() -> None:
    assert "Ccy" in titles(98, mark=1)
    assert "Ccy" not in titles(78, mark=1)
    assert "Ccy" not in titles(118)


@pytest.mark.parametrize("width", range(30, 240, 7))
def test_no_arrangement_is_wider_than_the_screen(width: int) -> None:
    for columns in (default_columns(Wants(12, 3, 18), width), positions_columns(12)):
        arranged = arrange(columns, width)
        least = [column for column in columns if column.rank == 0]
        total = sum(place.width for place in arranged.placed) + arranged.gap * (len(arranged.placed) - 1)
        assert total <= max(width, sum(column.least for column in least) + len(least) - 1)


def test_a_source_is_shortened_by_whole_words() -> None:
    sip = Cell(source_forms(Origin(Source.ALPACA, "delayed_sip", 900.0)), number=False)
    assert sip.text(18) == "alpaca delayed_sip"
    assert sip.text(11) == "alpaca     "


def test_a_number_without_room_is_a_hash_and_a_word_an_ellipsis() -> None:
    assert Cell(("12,345.67", "12345.67")).text(6) == "     #"
    assert Cell(("Berkshire Hathaway",), number=False).text(8) == "Berkshi…"
    assert Cell(("トヨタ自動車",), number=False).text(7) == "トヨタ…"


def test_phrases_wrap_whole() -> None:
    lines = flow([plain("one two"), plain("three four"), plain("five")], (20, 20))
    assert [line.plain for line in lines] == ["one two · three four", "five"]


def test_the_least_important_phrase_is_left_out_first() -> None:
    lines = flow([plain("one two"), plain("three four"), plain("five")], (20,))
    assert [line.plain for line in lines] == ["one two · three four"]


def test_the_most_important_phrase_gets_its_full_form_first() -> None:
    long_short = [plain("state in full", "state"), plain("reason in full", "reason")]
    assert [line.plain for line in flow(long_short, (24,))] == ["state in full · reason"]
    assert fits(long_short, (30,))
    assert not fits(long_short, (29,))


def test_a_phrase_may_be_left_unsaid() -> None:
    phrases = [plain("state"), Phrase((Text("a long cause"), Text())), plain("session")]
    assert [line.plain for line in flow(phrases, (15,))] == ["state · session"]


def test_no_word_is_cut_in_two() -> None:
    assert cut(Text("the market is open"), 12).plain == "the market…"
    assert [line.plain for line in wrap("one two three four", 9, 2)] == ["one two", "three…"]


@pytest.mark.parametrize(("position", "shown"), [(0, (0, 2)), (1, (1, 2)), (40, (4, 2)), (79, (7, 2)), (80, (8, 2))])
def test_the_thumb_touches_an_end_only_where_the_table_ends(position: float, shown: tuple[int, int]) -> None:
    assert thumb(10, 100, 20, position) == shown


def test_a_bar_of_one_cell_or_of_a_table_in_full_sight_is_no_special_case() -> None:
    assert thumb(1, 100, 1, 50) == (0, 1)
    assert thumb(10, 10, 10, 0) == (0, 10)
    assert thumb(0, 10, 0, 0) == (0, 0)


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0s"), (59, "59s"), (840, "14m"), (7500, "2h 05m"), (273600, "3d 4h"), (-5, "0s")]
)
def test_spans_are_said_in_their_two_largest_units(seconds: float, shown: str) -> None:
    assert long_span(seconds) == shown


def test_the_clock_says_both_zones_unless_they_are_one() -> None:
    assert clock_forms(NOON, UTC)[0] == "17:00:00 UTC · 12:00:00 New York"
    assert clock_forms(NOON, NEW_YORK)[0] == "12:00:00 New York"
    assert clock_forms(NOON, timezone(timedelta(hours=5, minutes=30)))[0].startswith("22:30:00 UTC+0530")

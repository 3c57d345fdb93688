"""The day's high and low reach the last price at once, and hold nothing that was taken back."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mytrader_tui.market.board import Board
from mytrader_tui.market.freshness import LIVE, badge
from mytrader_tui.market.link import Link
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Cancel, Correction, DayBar, Origin, Quote, Source, Trade, Update
from mytrader_tui.market.session import hours_at
from mytrader_tui.market.trust.validator import Validator

DAY = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
"""Midnight in New York, as Alpaca stamps the bar of a day."""

START = DAY + timedelta(hours=10)
NOW = Moment(START + timedelta(minutes=10), 5000.0)
IEX = Origin(Source.ALPACA, "iex", 0.0)
YAHOO = Origin(Source.YAHOO, "quote", 900.0, polled=True)
REGULAR, EXTENDED, ODD_LOT, OUT_OF_SEQUENCE = ("@",), ("@", "T"), ("@", "I"), ("@", "Z")


class World:
    """A source's words on one symbol, judged and put on a board."""

    def __init__(self, source: Source = Source.ALPACA) -> None:
        self.source = source
        self.validator = Validator()
        self.board = Board()
        self.board.serve("SPY", source)

    @property
    def quote(self) -> Quote:
        quote = self.board.served("SPY")
        assert quote is not None
        return quote

    @property
    def ends(self) -> tuple[float | None, float | None]:
        return self.quote.low, self.quote.high

    def tell(self, update: Update) -> None:
        believed, _ = self.validator.judge(update, self.board.quote("SPY", self.source), NOW.wall)
        if believed is not None:
            self.board.apply(believed)


def bar(low: float, high: float, day: datetime = DAY) -> DayBar:
    return DayBar("SPY", high, high, low, low, 1e6, high, day, IEX, NOW)


def printed(price: float, second: int, conditions: tuple[str, ...] = REGULAR, number: int = 0) -> Trade:
    when = START + timedelta(seconds=second)
    return Trade("SPY", price, 100.0, when, IEX, NOW, number or second, "V", conditions, "B")


def cancelled(number: int) -> Cancel:
    return Cancel(symbol="SPY", original=(number, "V"), event_time=START, origin=IEX, receipt=NOW)


def corrected(number: int, price: float) -> Correction:
    return Correction(
        symbol="SPY",
        original=(number, "V"),
        corrected=(number + 1000, "V"),
        price=price,
        size=100.0,
        event_time=START,
        origin=IEX,
        receipt=NOW,
    )


@pytest.fixture
def world() -> World:
    """The day so far was from 544.11 to 550.22, and the last price is 546."""
    world = World()
    world.tell(bar(544.11, 550.22))
    world.tell(printed(546.0, 1))
    return world


@pytest.mark.parametrize(
    ("price", "ends"),
    [(544.05, (544.05, 550.22)), (551.0, (544.11, 551.0)), (545.0, (544.11, 550.22))],
    ids=["below", "above", "between"],
)
def test_a_print_beyond_the_day_widens_it_at_once(world: World, price: float, ends: tuple[float, float]) -> None:
    world.tell(printed(price, 2))

    assert (world.quote.last, world.ends) == (price, ends)


@pytest.mark.parametrize("conditions", [ODD_LOT, OUT_OF_SEQUENCE, EXTENDED])
def test_a_print_that_sets_no_last_price_widens_nothing(world: World, conditions: tuple[str, ...]) -> None:
    world.tell(printed(540.0, 2, conditions))

    assert world.ends == (544.11, 550.22)


def test_the_next_bar_of_the_day_replaces_what_prints_widened(world: World) -> None:
    world.tell(printed(544.05, 2))
    world.tell(printed(544.2, 3))

    world.tell(bar(544.06, 550.3))

    assert world.ends == (544.06, 550.3)


def test_a_bar_that_ended_before_the_last_print_does_not_leave_it_outside(world: World) -> None:
    world.tell(printed(544.05, 2))

    world.tell(bar(544.11, 550.3))

    assert world.ends == (544.05, 550.3)


def test_a_snapshot_older_than_the_last_print_does_not_leave_it_outside(world: World) -> None:
    world.tell(printed(544.05, 2))

    world.tell(Quote(symbol="SPY", origin=IEX, receipt=NOW, previous_close=545.0, low=544.11, high=550.22, day=DAY))

    assert world.ends == (544.05, 550.22)


@pytest.mark.parametrize("notice", [cancelled(2), corrected(2, 546.5)], ids=["cancelled", "corrected"])
def test_an_end_that_may_be_of_a_print_taken_back_is_not_claimed_until_it_is_told_again(
    world: World, notice: Cancel | Correction
) -> None:
    world.tell(printed(540.0, 2))

    world.tell(notice)

    assert world.ends == (None, 550.22)
    world.tell(bar(544.11, 550.22))
    assert world.ends == (544.11, 550.22)


@pytest.mark.parametrize("notice", [cancelled(2), corrected(2, 546.5)], ids=["cancelled", "corrected"])
def test_so_it_is_where_a_newer_print_has_set_the_last_price_since(world: World, notice: Cancel | Correction) -> None:
    world.tell(printed(540.0, 2))
    world.tell(printed(546.0, 3))

    world.tell(notice)

    assert (world.quote.last, world.ends) == (546.0, (None, 550.22))


def test_a_print_within_the_day_takes_nothing_back_with_it(world: World) -> None:
    world.tell(printed(545.0, 2))

    world.tell(cancelled(2))

    assert (world.quote.last, world.ends) == (546.0, (544.11, 550.22))


def test_of_two_prints_at_the_extreme_one_may_be_taken_back(world: World) -> None:
    world.tell(printed(540.0, 2))
    world.tell(printed(540.0, 3))

    world.tell(cancelled(2))

    assert world.ends == (540.0, 550.22)


def test_a_later_days_first_print_does_not_stand_beside_the_range_of_the_day_before() -> None:
    world = World()
    world.tell(bar(500.0, 600.0, DAY - timedelta(days=1)))

    world.tell(printed(546.0, 1))

    quote = world.quote
    assert (quote.open, quote.high, quote.low, quote.volume, quote.vwap) == (None,) * 5
    world.tell(bar(544.0, 546.0))
    assert world.ends == (544.0, 546.0)


def polled(last: float | None, second: int, low: float | None = None, high: float | None = None) -> Quote:
    """An answer of a source that is asked, whose range names no day."""
    when = None if last is None else START + timedelta(seconds=second)
    return Quote(
        symbol="SPY", origin=YAHOO, receipt=NOW, last=last, event_time=when, previous_close=100.0, low=low, high=high
    )


@pytest.mark.parametrize(("last", "ends"), [(105.0, (99.0, 105.0)), (98.0, (98.0, 104.0)), (100.0, (99.0, 104.0))])
def test_a_range_told_beside_a_price_beyond_it_reaches_that_price(last: float, ends: tuple[float, float]) -> None:
    world = World(Source.YAHOO)

    world.tell(polled(last, 1, 99.0, 104.0))

    assert (world.quote.last, world.ends) == (last, ends)


@pytest.mark.parametrize("last", [106.0, 101.0], ids=["beyond", "between"])
def test_a_price_that_is_told_without_its_range_does_not_stand_beside_another_answers(last: float) -> None:
    world = World(Source.YAHOO)
    world.tell(polled(105.0, 1, 99.0, 105.0))

    world.tell(polled(last, 2))

    assert (world.quote.last, world.ends) == (last, (None, None))


@pytest.mark.parametrize(
    "answer",
    [polled(None, 0, 99.0, 101.0), polled(100.0, 1, 99.0, 101.0), polled(float("nan"), 3, 99.0, 101.0)],
    ids=["without a price", "older", "not a price"],
)
def test_a_range_whose_price_is_not_shown_is_not_shown_either(answer: Quote) -> None:
    world = World(Source.YAHOO)
    world.tell(polled(105.0, 2, 98.0, 106.0))

    world.tell(answer)

    assert (world.quote.last, world.ends) == (105.0, (98.0, 106.0))


PRICES = st.integers(9_500, 10_500).map(lambda cents: cents / 100)
"""Prices of which none is a jump from another."""


class Told(NamedTuple):
    """A print, `second` after the start."""

    second: int
    price: float
    conditions: tuple[str, ...]


class Gone(NamedTuple):
    """The print told `nth` is cancelled, or is at `price` now."""

    nth: int
    price: float | None


class Summed(NamedTuple):
    """The source's bar: from the lower of two prices to the higher."""

    one: float
    other: float


EVENTS = st.lists(
    st.one_of(
        st.builds(Told, st.integers(0, 12), PRICES, st.sampled_from([REGULAR, REGULAR, EXTENDED, ODD_LOT])),
        st.builds(Gone, st.integers(0, 20), st.none() | PRICES),
        st.builds(Summed, PRICES, PRICES),
    ),
    max_size=40,
)


@given(EVENTS)
def test_a_live_price_is_in_its_day_and_no_end_rests_on_what_was_taken_back(
    events: list[Told | Gone | Summed],
) -> None:
    world, standing, told = World(), dict[int, float](), (100.0, 100.0)
    world.tell(bar(*told))
    link, hours = Link(up=True, since=NOW, heard=NOW), hours_at(NOW.wall)
    for number, event in enumerate(events, 1):
        match event:
            case Told(second, price, conditions):
                world.tell(printed(price, second, conditions, number))
                if conditions is REGULAR:
                    standing[number] = price
            case Gone(nth, price) if nth in standing:
                del standing[nth]
                if price is None:
                    world.tell(cancelled(nth))
                else:
                    world.tell(corrected(nth, price))
                    standing[nth + 1000] = price
            case Summed(one, other):
                told = min(one, other), max(one, other)
                world.tell(bar(*told))

        quote = world.quote
        if quote.last is not None and not quote.in_extended:
            assert badge(quote, link, hours, NOW) == LIVE
            assert quote.low is None or quote.low <= quote.last
            assert quote.high is None or quote.high >= quote.last
        for end in (quote.low, quote.high):
            assert end is None or end in told or end in standing.values()


ENDS = st.none() | PRICES
ANSWERS = st.lists(st.builds(polled, st.none() | PRICES, st.integers(0, 12), ENDS, ENDS), max_size=20)


@given(ANSWERS)
def test_a_polled_price_is_in_its_range_and_each_end_is_of_the_answer_that_told_the_price(answers: list[Quote]) -> None:
    world, shown = World(Source.YAHOO), polled(None, -1)
    for answer in answers:
        world.tell(answer)
        if answer.event_time is not None and (shown.event_time is None or answer.event_time >= shown.event_time):
            shown = answer

        quote = world.quote
        assert quote.last == shown.last
        if quote.last is not None:
            assert quote.low is None or quote.low <= quote.last
            assert quote.high is None or quote.high >= quote.last
        upside_down = shown.low is not None and shown.high is not None and shown.low > shown.high
        if upside_down:
            assert world.ends == (None, None)
        for end, told in ((quote.low, shown.low), (quote.high, shown.high)):
            assert end is None if told is None or upside_down else end in (told, quote.last)

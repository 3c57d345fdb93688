"""Whatever a feed says in whatever order, the price shown is the newest eligible trade that still stands."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from mytrader_tui.market.board import Board
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Cancel, Correction, Origin, Quote, Repair, Source, Trade, Update
from mytrader_tui.market.trust.validation import Rule
from mytrader_tui.market.trust.validator import AGREEMENT, MAX_JUMP, Validator

START = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
NOW = Moment(START + timedelta(hours=1), 5000.0)
IEX = Origin(Source.ALPACA, "iex", 0.0)
REGULAR, EXTENDED, ODD_LOT = ("@",), ("@", "T"), ("@", "I")


class Printed(NamedTuple):
    """A new trade, `second` seconds after the start."""

    second: int
    price: float
    conditions: tuple[str, ...]


class Again(NamedTuple):
    """The trade printed `nth`, told once more."""

    nth: int


class Corrected(NamedTuple):
    """The trade printed `nth` is now at `price`."""

    nth: int
    price: float


class Cancelled(NamedTuple):
    """The trade printed `nth` never was."""

    nth: int


Event = Printed | Again | Corrected | Cancelled

CLOSE_TOGETHER = st.integers(9_500, 10_500).map(lambda cents: cents / 100)
"""Prices of which none is a jump from another."""

EVENTS = st.lists(
    st.one_of(
        st.builds(Printed, st.integers(0, 12), CLOSE_TOGETHER, st.sampled_from([REGULAR, REGULAR, EXTENDED, ODD_LOT])),
        st.builds(Again, st.integers(0, 15)),
        st.builds(Corrected, st.integers(0, 15), CLOSE_TOGETHER),
        st.builds(Cancelled, st.integers(0, 15)),
    ),
    max_size=40,
)


class World:
    """What the exchange knows, kept in the plainest way, beside the validator and its board."""

    def __init__(self) -> None:
        self.validator = Validator()
        self.board = Board()
        self.printed: list[Trade] = []
        self.names: list[int] = []
        self.standing: dict[int, Trade] = {}

    def happen(self, event: Event) -> None:
        match event:
            case Printed(second, price, conditions):
                self._print(second, price, conditions)
            case Again(nth) if nth < len(self.printed):
                self.tell(self.printed[nth])
            case Corrected(nth, price) if nth in self.standing:
                self._correct(nth, price)
            case Cancelled(nth) if nth in self.standing:
                del self.standing[nth]
                self.tell(Cancel(symbol="AAPL", original=self._name(nth), event_time=START, origin=IEX, receipt=NOW))

    def tell(self, update: Update) -> Rule | None:
        known = self.board.quote("AAPL", Source.ALPACA)
        believed, rule = self.validator.judge(update, known, NOW.wall)
        if believed is not None:
            self.board.apply(believed)
        return rule

    def newest(self, conditions: tuple[str, ...]) -> float | None:
        """The price of the newest standing trade; of one instant's the one that was printed last."""
        fits = [(trade.event_time, nth) for nth, trade in self.standing.items() if trade.conditions == conditions]
        return self.standing[max(fits)[1]].price if fits else None

    def _name(self, nth: int) -> tuple[int, str]:
        return self.names[nth], "V"

    def _print(self, second: int, price: float, conditions: tuple[str, ...]) -> None:
        nth = len(self.printed)
        when = START + timedelta(seconds=second)
        trade = Trade("AAPL", price, 100.0, when, IEX, NOW, nth, "V", conditions, "C")
        self.printed.append(trade)
        self.names.append(nth)
        self.standing[nth] = trade
        self.tell(trade)

    def _correct(self, nth: int, price: float) -> None:
        trade = self.standing[nth]
        before, self.names[nth] = self._name(nth), 1000 + len(self.names) + self.names[nth]
        self.standing[nth] = Trade(
            "AAPL", price, 100.0, trade.event_time, IEX, NOW, self.names[nth], "V", trade.conditions, "C"
        )
        self.tell(
            Correction(
                symbol="AAPL",
                original=before,
                corrected=self._name(nth),
                price=price,
                size=100.0,
                event_time=START,
                origin=IEX,
                receipt=NOW,
            )
        )


@settings(max_examples=400)
@given(EVENTS)
def test_the_price_is_the_newest_eligible_trade_that_stands(events: list[Event]) -> None:
    world = World()
    for event in events:
        world.happen(event)

        quote = world.board.quote("AAPL", Source.ALPACA)
        assert (quote.last if quote else None) == world.newest(REGULAR)
        assert (quote.extended_last if quote else None) == world.newest(EXTENDED)


@given(EVENTS)
def test_what_is_told_again_is_told_in_vain(events: list[Event]) -> None:
    world = World()
    for event in events:
        world.happen(event)
    before = world.board.quote("AAPL", Source.ALPACA)

    for trade in world.printed[-60:]:
        assert world.tell(trade) is Rule.DUPLICATE
    assert world.board.quote("AAPL", Source.ALPACA) == before


PRICES = st.one_of(
    st.floats(),
    st.sampled_from([0.0, -0.0, 1e-12, 100.0, 119.0, 120.0, 120.1, 126.0, 80.0, 79.9, 1000.0, 10.0]),
    st.floats(min_value=0.01, max_value=1e6),
)
PRINTS = st.builds(
    lambda second, price, size, number: Trade(
        "AAPL", price, size, START + timedelta(seconds=second), IEX, NOW, number, "V", REGULAR, "C"
    ),
    st.integers(-5, 4000),
    PRICES,
    st.one_of(st.floats(), st.just(100.0)),
    st.none() | st.integers(0, 20),
)
SNAPSHOTS = st.builds(
    lambda price, second, polled: Quote(
        symbol="AAPL",
        origin=Origin(Source.ALPACA, "iex", 0.0, polled),
        receipt=NOW,
        last=price,
        event_time=START + timedelta(seconds=second),
    ),
    PRICES,
    st.integers(-5, 4000),
    st.booleans(),
)


def agrees(price: float, seen: Sequence[float]) -> bool:
    return any(abs(price - other) <= AGREEMENT * other * 1.000001 for other in seen)


@settings(max_examples=400)
@given(st.lists(PRINTS | SNAPSHOTS, max_size=30))
def test_no_price_is_shown_that_cannot_be_or_that_jumped_without_a_second(updates: list[Trade | Quote]) -> None:
    world = World()
    said: list[float] = []
    shown: float | None = None
    newest: datetime | None = None
    for update in updates:
        world.tell(update)
        quote = world.board.quote("AAPL", Source.ALPACA)
        last = quote.last if quote else None
        if last is not None and shown is not None and abs(last - shown) > MAX_JUMP * shown * 1.000001:
            assert agrees(last, said), "it jumped, and nobody had said so before"
        if quote is not None and last is not None:
            assert math.isfinite(last)
            assert last > 0
            assert quote.event_time is not None
            assert newest is None or quote.event_time >= newest
            newest = quote.event_time
        shown = last
        price = update.price
        if price is not None and price > 0:
            said.append(price)


AMENDMENTS = st.one_of(
    st.builds(
        lambda number, price, size: Correction(
            symbol="AAPL",
            original=(number, "V"),
            corrected=(number + 100, "V"),
            price=price,
            size=size,
            event_time=START,
            origin=IEX,
            receipt=NOW,
        ),
        st.integers(0, 20),
        PRICES,
        st.floats(),
    ),
    st.builds(
        lambda number: Cancel(symbol="AAPL", original=(number, "V"), event_time=START, origin=IEX, receipt=NOW),
        st.integers(0, 20),
    ),
)


@given(st.lists(PRINTS | SNAPSHOTS | AMENDMENTS, max_size=40))
def test_no_correction_puts_a_price_on_the_board_that_cannot_be(updates: list[Update]) -> None:
    world = World()
    for update in updates:
        world.tell(update)
        quote = world.board.quote("AAPL", Source.ALPACA)

        assert quote is None or quote.last is None or 0 < quote.last < math.inf
        assert quote is None or quote.last_size is None or 0 <= quote.last_size < math.inf


@given(st.lists(PRINTS | AMENDMENTS, max_size=40))
def test_the_same_words_in_the_same_order_lead_to_the_same_price(updates: list[Update]) -> None:
    first, second = World(), World()
    for update in updates:
        assert first.tell(update) == second.tell(update)

    assert first.board.quote("AAPL", Source.ALPACA) == second.board.quote("AAPL", Source.ALPACA)


def test_a_repair_without_a_trade_blanks_the_price_alone() -> None:
    world = World()
    known = Quote(symbol="AAPL", origin=IEX, receipt=NOW, last=1.0, event_time=START, previous_close=2.0, bid=0.9)
    world.board.apply(known)

    world.board.apply(Repair(symbol="AAPL", trade=None, extended=False, origin=IEX, receipt=NOW))

    quote = world.board.quote("AAPL", Source.ALPACA)
    assert quote is not None
    assert (quote.last, quote.event_time, quote.previous_close, quote.bid) == (None, None, 2.0, 0.9)

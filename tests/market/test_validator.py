"""A print is judged by those before it: what came already, what may set a price, and what is too far to believe."""

import math
from datetime import UTC, datetime, timedelta

import pytest

from mytrader_tui.market.board import Board
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import (
    BidAsk,
    Cancel,
    Correction,
    Origin,
    Quote,
    Source,
    Trade,
    TradingStatus,
    Update,
)
from mytrader_tui.market.trust.validation import Rule
from mytrader_tui.market.trust.validator import Validator

START = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
"""A Friday, 10:00 in New York."""

IEX = Origin(Source.ALPACA, "iex", 0.0)
YAHOO = Origin(Source.YAHOO, "quote", 900.0, polled=True)
HOUR = 3600.0


def at(seconds: float) -> Moment:
    return Moment(START + timedelta(seconds=seconds), 1000.0 + seconds)


class Desk:
    """A validator and the board behind it, as the intake joins them. The clock is far ahead of every print."""

    def __init__(self) -> None:
        self.validator = Validator()
        self.board = Board()
        self.now = at(10 * 86400.0)

    def tell(self, update: Update) -> Rule | None:
        known = self.board.quote(update.symbol, update.origin.source)
        believed, rule = self.validator.judge(update, known, self.now.wall)
        if believed is not None:
            self.board.apply(believed)
        return rule

    def quote(self, source: Source = Source.ALPACA) -> Quote:
        quote = self.board.quote("AAPL", source)
        assert quote is not None
        return quote

    @property
    def last(self) -> float | None:
        return self.quote().last


@pytest.fixture
def desk() -> Desk:
    return Desk()


def trade(price: float, number: int, *codes: str, seconds: float | None = None, tape: str = "C") -> Trade:
    when = at(number if seconds is None else seconds)
    return Trade("AAPL", price, 100.0, when.wall, IEX, when, number, "V", codes or ("@",), tape)


def cancel(number: int, seconds: float = 500.0) -> Cancel:
    return Cancel(symbol="AAPL", original=(number, "V"), event_time=at(seconds).wall, origin=IEX, receipt=at(seconds))


def correct(number: int, price: float, new: int = 900, size: float = 100.0, *codes: str) -> Correction:
    return Correction(
        symbol="AAPL",
        original=(number, "V"),
        corrected=(new, "V"),
        price=price,
        size=size,
        event_time=at(500.0).wall,
        origin=IEX,
        receipt=at(500.0),
        conditions=codes or None,
    )


def answer(price: float, seconds: float, origin: Origin = YAHOO, **fields: object) -> Quote:
    when = at(seconds)
    return Quote(symbol="AAPL", origin=origin, receipt=when, last=price, event_time=when.wall, **fields)  # type: ignore[arg-type]  # fields by name


# Once


def test_a_print_told_twice_counts_once(desk: Desk) -> None:
    desk.tell(trade(190.0, 1))
    receipt = desk.quote().receipt

    assert desk.tell(trade(190.0, 1)) is Rule.DUPLICATE
    assert desk.quote().receipt == receipt


def test_a_replay_after_a_reconnect_changes_nothing(desk: Desk) -> None:
    prints = [trade(190.0 + number, number, seconds=number // 3) for number in range(1, 9)]
    for each in prints:
        desk.tell(each)
    before = desk.quote()

    assert {desk.tell(each) for each in prints} == {Rule.DUPLICATE}
    assert desk.quote() == before


def test_odd_lots_told_twice_count_once(desk: Desk) -> None:
    assert desk.tell(trade(190.0, 1, "@", "I")) is Rule.CONDITION
    assert desk.tell(trade(190.0, 1, "@", "I")) is Rule.DUPLICATE


@pytest.mark.parametrize(
    "other",
    [trade(191.0, 2, seconds=1), trade(191.0, 1, seconds=2)],
    ids=["another number at that time", "that number at another time"],
)
def test_the_number_and_the_time_together_make_a_print(desk: Desk, other: Trade) -> None:
    desk.tell(trade(190.0, 1))

    assert desk.tell(other) is None
    assert desk.last == 191.0


def test_prints_without_a_number_are_never_taken_for_each_other(desk: Desk) -> None:
    anonymous = Trade("AAPL", 190.0, 100.0, at(1).wall, IEX, at(1))

    assert (desk.tell(anonymous), desk.tell(anonymous)) == (None, None)


def test_a_snapshots_trade_told_again_by_the_stream_counts_once(desk: Desk) -> None:
    desk.tell(answer(190.0, 1, IEX, print_id=(1, "V")))

    assert desk.tell(trade(190.0, 1)) is Rule.DUPLICATE


# Order


def test_an_older_print_never_overwrites_a_newer_one(desk: Desk) -> None:
    desk.tell(trade(190.0, 5))

    assert desk.tell(trade(180.0, 4)) is Rule.OUT_OF_ORDER
    assert desk.last == 190.0


def test_of_two_prints_at_one_instant_the_later_told_stands(desk: Desk) -> None:
    desk.tell(trade(190.0, 1, seconds=1))
    desk.tell(trade(191.0, 2, seconds=1))

    assert desk.last == 191.0


# Conditions


@pytest.mark.parametrize("codes", [("@", "I"), ("B",), ("@", "4", "I"), ("U",), ("M",), ("?",)])
def test_a_condition_that_may_not_set_the_price_leaves_it(desk: Desk, codes: tuple[str, ...]) -> None:
    desk.tell(trade(190.0, 1))

    assert desk.tell(trade(191.0, 2, *codes, tape="A")) is Rule.CONDITION
    assert desk.last == 190.0


def test_an_extended_hours_print_sets_its_own_price_and_never_the_last(desk: Desk) -> None:
    desk.tell(trade(190.0, 1))

    assert desk.tell(trade(192.0, 2, "@", "T")) is None

    quote = desk.quote()
    assert (quote.last, quote.event_time) == (190.0, at(1).wall)
    assert (quote.extended_last, quote.extended_time, quote.extended_receipt) == (192.0, at(2).wall, at(2))
    assert (quote.price, quote.price_time) == (192.0, at(2).wall)


def test_the_regular_price_is_shown_again_with_its_next_print(desk: Desk) -> None:
    for each in (trade(190.0, 1), trade(192.0, 2, "T"), trade(193.0, 3)):
        desk.tell(each)

    assert (desk.quote().price, desk.quote().extended_last) == (193.0, 192.0)


def test_each_hours_prints_keep_their_own_order(desk: Desk) -> None:
    desk.tell(trade(190.0, 5))

    assert desk.tell(trade(191.0, 3, "T")) is None
    assert desk.tell(trade(192.0, 2, "T")) is Rule.OUT_OF_ORDER
    assert desk.quote().price == 190.0


@pytest.mark.parametrize(
    ("known_at", "rule"),
    [(None, None), (0.0, Rule.CONDITION), (-86400.0, None)],
    ids=["nothing known", "a last of the day", "a last of the day before"],
)
def test_some_conditions_set_the_last_only_as_the_days_first(
    desk: Desk, known_at: float | None, rule: Rule | None
) -> None:
    if known_at is not None:
        desk.tell(trade(190.0, 1, seconds=known_at))

    assert desk.tell(trade(191.0, 2, "Z")) is rule


def test_the_day_is_new_yorks(desk: Desk) -> None:
    evening = 12 * HOUR  # midnight has passed in Greenwich, not in New York
    desk.tell(trade(190.0, 1))

    assert desk.tell(trade(191.0, 2, "Z", seconds=evening)) is Rule.CONDITION


# Jumps


@pytest.mark.parametrize("price", [120.0, 80.0, 119.99, 80.01, 100.0])
def test_up_to_twenty_percent_one_print_is_enough(desk: Desk, price: float) -> None:
    desk.tell(trade(100.0, 1))

    assert desk.tell(trade(price, 2)) is None
    assert desk.last == price


@pytest.mark.parametrize("old", [0.3, 0.7, 1.1, 3.3, 190.55, 99.99])
@pytest.mark.parametrize("factor", [0.8, 1.2])
def test_exactly_twenty_percent_passes_whatever_the_binary_rounding(desk: Desk, old: float, factor: float) -> None:
    desk.tell(trade(old, 1))

    assert desk.tell(trade(round(old * factor, 6), 2)) is None


@pytest.mark.parametrize("price", [120.01, 79.99, 1000.0, 10.0, 200.0, 50.0])
def test_beyond_twenty_percent_a_print_waits(desk: Desk, price: float) -> None:
    desk.tell(trade(100.0, 1))

    assert desk.tell(trade(price, 2)) is Rule.JUMP
    assert desk.last == 100.0


@pytest.mark.parametrize("second", [125.0, 131.25, 118.75 + 1.26])
def test_a_second_print_within_five_percent_of_the_first_is_believed(desk: Desk, second: float) -> None:
    desk.tell(trade(100.0, 1))
    desk.tell(trade(125.0, 2))

    assert desk.tell(trade(second, 3)) is None
    assert desk.last == second


def test_a_second_print_that_does_not_agree_waits_in_its_place(desk: Desk) -> None:
    for each in (trade(100.0, 1), trade(125.0, 2)):
        desk.tell(each)

    assert desk.tell(trade(131.26, 3)) is Rule.JUMP
    assert desk.tell(trade(125.0, 4)) is None, "within 5 % of what waits now"
    assert desk.last == 125.0


def test_a_print_near_the_old_price_shows_that_the_jump_was_an_error(desk: Desk) -> None:
    for each in (trade(100.0, 1), trade(125.0, 2), trade(101.0, 3)):
        desk.tell(each)

    assert desk.last == 101.0
    assert desk.tell(trade(125.0, 4)) is Rule.JUMP


def test_the_same_print_told_again_agrees_with_nothing(desk: Desk) -> None:
    desk.tell(trade(100.0, 1))
    desk.tell(trade(125.0, 2))

    assert desk.tell(trade(125.0, 2)) is Rule.DUPLICATE
    assert desk.last == 100.0


def test_a_trade_that_may_set_no_price_neither_agrees_nor_disagrees(desk: Desk) -> None:
    for each in (trade(100.0, 1), trade(125.0, 2), trade(125.0, 3, "I"), trade(100.0, 4, "I")):
        desk.tell(each)

    assert desk.last == 100.0
    assert desk.tell(trade(126.0, 5)) is None


@pytest.mark.parametrize("seconds", [1.0, 31 * 60.0, 18 * HOUR, 3 * 86400.0])
@pytest.mark.parametrize("gap", [1.25, 0.5, 10.0])
def test_however_old_the_price_a_gap_is_believed_with_its_second_print(desk: Desk, seconds: float, gap: float) -> None:
    desk.tell(trade(100.0, 1))

    assert desk.tell(trade(100.0 * gap, 2, seconds=seconds + 1)) is Rule.JUMP
    assert desk.last == 100.0
    assert desk.tell(trade(100.0 * gap, 3, seconds=seconds + 2)) is None
    assert desk.last == 100.0 * gap


def test_a_first_price_jumps_from_nothing(desk: Desk) -> None:
    assert desk.tell(trade(1e6, 1)) is None


def test_an_extended_hours_price_is_measured_against_the_price_shown(desk: Desk) -> None:
    desk.tell(trade(100.0, 1))
    assert desk.tell(trade(125.0, 2, "T")) is Rule.JUMP
    assert desk.tell(trade(125.0, 3, "T")) is None
    assert desk.tell(trade(127.0, 4)) is None, "the opening is measured against the pre-market"


def test_each_source_is_measured_against_itself(desk: Desk) -> None:
    desk.tell(trade(100.0, 1))

    assert desk.tell(answer(200.0, 2)) is None
    assert desk.quote(Source.YAHOO).last == 200.0


def test_a_polled_answer_that_jumps_waits_and_keeps_its_other_figures(desk: Desk) -> None:
    desk.tell(answer(100.0, 1))

    assert desk.tell(answer(130.0, 2, bid=129.0, ask=131.0, previous_close=99.0)) is Rule.JUMP

    quote = desk.quote(Source.YAHOO)
    assert (quote.last, quote.bid, quote.previous_close) == (100.0, 129.0, 99.0)


def test_a_polled_source_that_says_so_again_is_believed(desk: Desk) -> None:
    desk.tell(answer(100.0, 1))
    desk.tell(answer(130.0, 2))

    assert desk.tell(answer(130.0, 2)) is None
    assert desk.quote(Source.YAHOO).last == 130.0


def test_a_polled_price_that_goes_back_was_an_error(desk: Desk) -> None:
    for each in (answer(100.0, 1), answer(130.0, 2), answer(100.5, 3)):
        desk.tell(each)

    assert desk.tell(answer(130.0, 4)) is Rule.JUMP
    assert desk.quote(Source.YAHOO).last == 100.5


def test_a_snapshot_that_shows_one_trade_twice_shows_one_trade(desk: Desk) -> None:
    desk.tell(trade(100.0, 1))
    desk.tell(answer(130.0, 2, IEX))

    assert desk.tell(answer(130.0, 2, IEX)) is Rule.JUMP
    assert desk.tell(answer(130.0, 3, IEX)) is None


def test_a_forgotten_symbol_begins_anew(desk: Desk) -> None:
    desk.tell(trade(100.0, 1))
    desk.tell(trade(125.0, 2))

    desk.validator.forget("AAPL")
    desk.board.forget("AAPL")

    assert desk.tell(trade(125.0, 2)) is None


# Corrections and cancels


def test_a_corrected_last_trade_gives_the_corrected_price(desk: Desk) -> None:
    desk.tell(trade(190.0, 1))
    desk.tell(trade(209.0, 2))

    assert desk.tell(correct(2, 190.9, size=50.0)) is None

    quote = desk.quote()
    assert (quote.last, quote.last_size, quote.event_time) == (190.9, 50.0, at(2).wall)
    assert quote.receipt == at(500.0), "it is the source's newest word on the price"


def test_a_cancelled_last_trade_gives_back_the_one_before(desk: Desk) -> None:
    for number, price in enumerate((190.0, 191.0, 192.0), start=1):
        desk.tell(trade(price, number))

    desk.tell(cancel(3))
    assert (desk.last, desk.quote().event_time) == (191.0, at(2).wall)
    desk.tell(cancel(2))
    assert desk.last == 190.0


@pytest.mark.parametrize("amendment", [cancel(1), correct(1, 150.0), cancel(77), correct(77, 150.0)])
def test_what_befalls_an_older_or_unknown_trade_changes_nothing_shown(desk: Desk, amendment: Update) -> None:
    desk.tell(trade(190.0, 1))
    desk.tell(trade(191.0, 2))
    before = desk.quote()

    assert desk.tell(amendment) is None
    assert desk.quote() == before


def test_a_cancelled_trade_is_not_fallen_back_to(desk: Desk) -> None:
    for number, price in enumerate((190.0, 191.0, 192.0), start=1):
        desk.tell(trade(price, number))

    desk.tell(cancel(2))
    desk.tell(cancel(3))

    assert desk.last == 190.0


def test_a_corrected_older_trade_is_fallen_back_to_at_its_corrected_price(desk: Desk) -> None:
    desk.tell(trade(190.0, 1))
    desk.tell(trade(191.0, 2))

    desk.tell(correct(1, 189.0))
    desk.tell(cancel(2))

    assert desk.last == 189.0


def test_a_corrected_trade_has_a_new_name_and_can_be_cancelled_by_it(desk: Desk) -> None:
    desk.tell(trade(190.0, 1))
    desk.tell(trade(200.0, 2))

    desk.tell(correct(2, 191.0, new=7))
    desk.tell(cancel(7))

    assert desk.last == 190.0


def test_a_print_late_enough_to_set_nothing_is_still_fallen_back_to(desk: Desk) -> None:
    desk.tell(trade(190.0, 1))
    desk.tell(trade(192.0, 3))
    desk.tell(trade(191.0, 2))

    desk.tell(cancel(3))

    assert desk.last == 191.0


def test_a_price_taken_back_with_nothing_behind_it_is_blank(desk: Desk) -> None:
    desk.tell(trade(190.0, 1))

    desk.tell(cancel(1))

    assert (desk.last, desk.quote().event_time, desk.quote().price) == (None, None, None)


def test_a_snapshots_price_is_fallen_back_to(desk: Desk) -> None:
    desk.tell(answer(189.5, 0, IEX))
    desk.tell(trade(190.0, 1))

    desk.tell(cancel(1))

    assert desk.last == 189.5


def test_a_snapshots_trade_can_be_cancelled_by_its_name(desk: Desk) -> None:
    desk.tell(trade(189.0, 1))
    desk.tell(answer(190.0, 2, IEX, print_id=(2, "V")))

    desk.tell(cancel(2))

    assert desk.last == 189.0


@pytest.mark.parametrize("amendment", [cancel(2), correct(2, 190.5)])
def test_a_snapshot_that_has_not_heard_of_it_does_not_bring_a_trade_back(desk: Desk, amendment: Update) -> None:
    for each in (trade(190.0, 1), trade(209.0, 2), amendment):
        desk.tell(each)
    before = desk.last

    assert desk.tell(answer(209.0, 2, IEX, print_id=(2, "V"), bid=189.0)) is Rule.DUPLICATE
    assert (desk.last, desk.quote().bid) == (before, 189.0)


def test_a_cancelled_print_told_again_does_not_come_back(desk: Desk) -> None:
    desk.tell(trade(190.0, 1))
    desk.tell(trade(191.0, 2))
    desk.tell(cancel(2))

    assert desk.tell(trade(191.0, 2)) is Rule.DUPLICATE
    assert desk.last == 190.0


def test_the_original_of_a_corrected_print_told_again_does_not_come_back(desk: Desk) -> None:
    desk.tell(trade(200.0, 1))
    desk.tell(correct(1, 190.0))

    assert desk.tell(trade(200.0, 1)) is Rule.DUPLICATE
    assert desk.last == 190.0


def test_the_extended_hours_price_is_repaired_by_itself(desk: Desk) -> None:
    for each in (trade(190.0, 1), trade(191.0, 2, "T"), trade(192.0, 3, "T")):
        desk.tell(each)

    desk.tell(cancel(3))
    assert (desk.last, desk.quote().extended_last) == (190.0, 191.0)
    desk.tell(cancel(2))
    assert (desk.last, desk.quote().extended_last, desk.quote().price) == (190.0, None, 190.0)


def test_a_trade_corrected_to_conditions_that_set_no_price_counts_no_more(desk: Desk) -> None:
    desk.tell(trade(190.0, 1))
    desk.tell(trade(191.0, 2))

    desk.tell(correct(2, 191.0, 900, 100.0, "@", "I"))

    assert desk.last == 190.0


def test_a_correction_is_the_exchanges_own_word_and_may_go_far(desk: Desk) -> None:
    desk.tell(trade(190.0, 1))

    assert desk.tell(correct(1, 19.0)) is None
    assert desk.last == 19.0


@pytest.mark.parametrize(
    ("amendment", "rule"),
    [
        (correct(1, math.nan), Rule.NOT_FINITE),
        (correct(1, -1.0), Rule.NOT_POSITIVE),
        (correct(1, 0.0), Rule.NOT_POSITIVE),
        (correct(1, 190.0, size=-1.0), Rule.NEGATIVE_SIZE),
        (cancel(1, seconds=20 * 86400.0), Rule.FUTURE_EVENT_TIME),
    ],
)
def test_a_correction_that_makes_no_sense_is_refused(desk: Desk, amendment: Update, rule: Rule) -> None:
    desk.tell(trade(190.0, 1))

    assert desk.tell(amendment) is rule
    assert desk.last == 190.0


def test_a_cancelled_candidate_waits_no_more(desk: Desk) -> None:
    desk.tell(trade(100.0, 1))
    desk.tell(trade(125.0, 2))
    desk.tell(cancel(2))

    assert desk.tell(trade(125.0, 3)) is Rule.JUMP


def test_an_unbelievable_late_print_is_not_fallen_back_to(desk: Desk) -> None:
    for each in (trade(100.0, 1), trade(101.0, 5), trade(1000.0, 3), cancel(5)):
        desk.tell(each)

    assert desk.last == 100.0


def test_a_cancel_of_the_earlier_of_two_prints_of_one_instant_changes_nothing_shown(desk: Desk) -> None:
    desk.tell(trade(190.0, 1, seconds=1))
    desk.tell(trade(191.0, 2, seconds=1))
    before = desk.quote()

    desk.tell(cancel(1))

    assert desk.quote() == before


def test_a_cancel_leaves_a_newer_price_that_no_trade_is_known_of(desk: Desk) -> None:
    desk.tell(trade(190.0, 1))
    desk.tell(Quote(symbol="AAPL", origin=IEX, receipt=at(2), last=191.0))

    desk.tell(cancel(1))

    assert desk.last == 191.0


def test_a_correction_of_what_was_corrected_already_is_of_an_unknown_trade(desk: Desk) -> None:
    for each in (trade(188.0, 1), trade(190.0, 2), correct(2, 191.0, new=7), correct(2, 150.0, new=8), cancel(7)):
        desk.tell(each)

    assert desk.last == 188.0


def test_a_cancelled_extended_hours_price_is_taken_back_though_a_jump_waited_after_it(desk: Desk) -> None:
    for each in (trade(100.0, 1, "T"), trade(125.0, 2, "T"), trade(126.0, 3), cancel(1)):
        desk.tell(each)

    assert (desk.last, desk.quote().extended_last) == (126.0, None)


def test_a_second_print_older_than_the_first_can_still_be_taken_back(desk: Desk) -> None:
    for each in (trade(100.0, 1), trade(125.0, 5), trade(126.0, 4)):
        desk.tell(each)
    assert desk.last == 126.0

    desk.tell(cancel(4))

    assert desk.last == 100.0


def test_both_prints_of_a_believed_jump_are_on_the_tape(desk: Desk) -> None:
    for each in (trade(100.0, 1), trade(125.0, 2), trade(126.0, 3), cancel(3)):
        desk.tell(each)

    assert desk.last == 125.0


# Halts


def status(halted: bool, seconds: float, reason: str = "news pending") -> TradingStatus:
    when = at(seconds)
    code = "H" if halted else "T"
    return TradingStatus(
        symbol="AAPL", halted=halted, code=code, reason=reason, event_time=when.wall, origin=IEX, receipt=when
    )


def test_a_halt_stands_until_the_symbol_resumes(desk: Desk) -> None:
    desk.tell(trade(190.0, 1))
    desk.tell(status(True, 2))
    desk.tell(BidAsk("AAPL", 189.0, 191.0, 1.0, 1.0, at(3).wall, IEX, at(3)))
    assert desk.quote().halted == "news pending"

    desk.tell(status(False, 4))
    assert desk.quote().halted is None


@pytest.mark.parametrize(
    ("seconds", "codes", "halted"), [(3, ("@",), None), (3, ("T",), None), (2, ("@",), "news pending")]
)
def test_a_trade_after_the_halt_proves_that_it_is_over(
    desk: Desk, seconds: float, codes: tuple[str, ...], halted: str | None
) -> None:
    desk.tell(status(True, 2))

    desk.tell(trade(190.0, 1, *codes, seconds=seconds))

    assert desk.quote().halted == halted


def test_an_older_status_changes_nothing(desk: Desk) -> None:
    desk.tell(status(True, 5))

    assert desk.tell(status(False, 4)) is Rule.OUT_OF_ORDER
    assert desk.quote().halted == "news pending"


def test_a_status_of_the_future_is_refused(desk: Desk) -> None:
    assert desk.tell(status(True, 20 * 86400.0)) is Rule.FUTURE_EVENT_TIME

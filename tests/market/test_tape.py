"""The tape remembers so many trades and no more."""

from datetime import UTC, datetime, timedelta

from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Origin, Source, Trade
from mytrader_tui.market.trust.tape import LENGTH, Tape

NOON = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
IEX = Origin(Source.ALPACA, "iex", 0.0)


def trade(number: int, second: int | None = None) -> Trade:
    when = NOON + timedelta(seconds=number if second is None else second)
    return Trade("AAPL", 100.0 + number, 1.0, when, IEX, Moment(when, 1.0), number, "V")


def test_an_empty_tape_knows_nothing() -> None:
    tape = Tape()

    assert tape.newest(extended=False) is None
    assert tape.find((1, "V")) is None
    assert not tape.knows(trade(1))


def test_the_oldest_are_forgotten_first() -> None:
    tape = Tape()
    for number in range(LENGTH + 10):
        tape.add(trade(number))

    assert tape.find((9, "V")) is None
    assert tape.find((10, "V")) == trade(10)
    assert tape.newest(extended=False) == trade(LENGTH + 9)


def test_a_late_trade_takes_its_place_among_the_others() -> None:
    tape = Tape()
    for number, second in ((1, 1), (2, 3), (3, 2)):
        tape.add(trade(number, second))

    tape.take_back((2, "V"))

    assert tape.newest(extended=False) == trade(3, 2)


def test_the_same_number_of_another_exchange_is_another_trade() -> None:
    tape = Tape()
    tape.add(trade(1))

    assert tape.find((1, "Q")) is None


def test_what_is_taken_back_twice_is_taken_back_once() -> None:
    tape = Tape()
    tape.add(trade(1))
    tape.take_back((1, "V"), instead=trade(2, 1))
    tape.take_back((1, "V"), instead=trade(3, 1))

    assert tape.newest(extended=False) == trade(2, 1)
    assert tape.knows(trade(1)), "its being told again brings nothing back"

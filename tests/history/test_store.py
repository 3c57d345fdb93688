"""What is written comes back, once, whoever wrote it and however often."""

from datetime import timedelta

from msgspec.structs import replace
from seen import CHANGE, EQUITY_NOW, OPEN, seen
from sqlalchemy import URL, func, select

from mytrader_tui.history.opening import open_history
from mytrader_tui.history.records import Batch, EquityRecord
from mytrader_tui.history.schema import EQUITY, MARKET_DATA, TRANSITIONS
from mytrader_tui.history.store import History


def kept(history: History) -> tuple[int, int, int]:
    """Rows of quotes, equity and transitions."""
    with history.reading() as connection:
        counts = [
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (MARKET_DATA, EQUITY, TRANSITIONS)
        ]
    return counts[0], counts[1], counts[2]


def test_what_was_written_comes_back_as_it_was(history: History) -> None:
    history.write(Batch((seen(),), (EQUITY_NOW,), (CHANGE,)))

    assert history.latest(["AAPL"]) == [seen()]
    with history.reading() as connection:
        row = connection.execute(select(EQUITY)).one()
    assert EquityRecord(*row) == EQUITY_NOW


def test_writing_a_batch_again_changes_nothing(history: History) -> None:
    batch = Batch((seen(), seen("MSFT")), (EQUITY_NOW,), (CHANGE,))

    history.write(batch)
    history.write(batch)

    assert kept(history) == (2, 1, 1)


def test_a_price_heard_again_takes_what_was_heard_later_and_never_what_was_heard_before(history: History) -> None:
    later = replace(seen(), receipt_time=OPEN + timedelta(seconds=60), bid=190.2)

    history.write(Batch((later,)))
    history.write(Batch((seen(),)))

    assert history.latest(["AAPL"]) == [later]


def test_two_sources_of_one_instant_are_two_rows(history: History) -> None:
    history.write(Batch((seen(), seen(source="yahoo"))))

    assert kept(history)[0] == 2


def test_the_latest_of_each_symbol_is_the_newest_by_the_exchange(history: History) -> None:
    history.write(Batch(tuple(seen(symbol, seconds) for symbol in ("AAPL", "MSFT") for seconds in (0, 300, 600))))

    assert sorted(record.symbol for record in history.latest(["AAPL", "MSFT", "NONE"])) == ["AAPL", "MSFT"]
    assert {record.event_time for record in history.latest(["AAPL", "MSFT"])} == {OPEN + timedelta(seconds=600)}


def test_more_symbols_than_one_question_holds_are_all_answered(history: History) -> None:
    symbols = [f"S{number}" for number in range(1200)]
    history.write(Batch(tuple(map(seen, symbols))))

    assert {record.symbol for record in history.latest(symbols)} == set(symbols)


def test_a_symbols_day_is_in_order_without_its_end(history: History) -> None:
    history.write(Batch(tuple(seen(seconds=seconds) for seconds in (600, 0, 300))))

    found = history.quotes("AAPL", OPEN, OPEN + timedelta(seconds=600))

    assert [record.event_time for record in found] == [OPEN, OPEN + timedelta(seconds=300)]


def test_two_programs_write_to_one_history_at_once(url: URL) -> None:
    first, second = open_history(url).history, open_history(url).history

    first.write(Batch((seen(),)))
    second.write(Batch((seen(), seen("MSFT"))))
    first.write(Batch((seen("MSFT"), seen("TSLA"))))

    assert kept(first) == kept(second) == (3, 0, 0)
    first.close()
    second.close()

"""What is taken down for the history, and what of it comes back to the board."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from mytrader_tui.history.records import QuoteRecord, quote_record, restored
from mytrader_tui.market.failover.router import State, Transition
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Origin, Quote, Source, Trade
from mytrader_tui.market.session import Session
from mytrader_tui.monitor.intake import Intake
from mytrader_tui.monitor.observations import Observations
from mytrader_tui.settings import Settings

OPEN = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
NOON = OPEN + timedelta(hours=2)
EVENING = OPEN + timedelta(hours=8)
IEX = Origin(Source.ALPACA, "iex", 0.0)


class Bench:
    """Observations of an intake whose clock stands still."""

    def __init__(self, folder: Path, wall: datetime = NOON) -> None:
        self.now = Moment(wall, 10_000.0)
        self.intake = Intake(Settings(), lambda: self.now, lambda: None)
        self.observations = Observations(self.intake, lambda: None, folder / "last-known.msgpack")

    def trade(self, symbol: str, price: float) -> None:
        self.intake.publish([Trade(symbol, price, 100.0, self.now.wall, IEX, self.now)])


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_two_changes_of_source_at_one_instant_are_two_rows(bench: Bench) -> None:
    ledger, model = bench.intake.ledger, bench.intake.model
    there = Transition(1.0, State.BOTH_UNAVAILABLE, State.PRIMARY_ACTIVE, "Alpaca is streaming", 1.0)
    back = Transition(1.0, State.PRIMARY_ACTIVE, State.FALLBACK_ACTIVE, "garbage", 0.0)
    ledger.record(there, model, NOON, 0)
    ledger.record(back, model, NOON, 2)

    told = bench.observations.take().transitions

    assert [record.cause for record in told] == ["Alpaca is streaming", "garbage"]
    assert len({(record.monitor, record.event_time) for record in told}) == 2
    assert told[0].event_time == NOON


def test_the_second_of_two_keeps_its_place_when_it_is_told_in_the_next_batch(bench: Bench) -> None:
    ledger, model = bench.intake.ledger, bench.intake.model
    there = Transition(1.0, State.BOTH_UNAVAILABLE, State.PRIMARY_ACTIVE, "one", 1.0)
    ledger.record(there, model, NOON, 0)
    first = bench.observations.take().transitions
    ledger.record(replace(there, cause="two"), model, NOON, 0)

    second = bench.observations.take().transitions

    assert [record.cause for record in second] == ["two"]
    assert second[0].event_time > first[0].event_time


def test_a_symbol_that_is_watched_again_shows_what_was_known_of_it(bench: Bench) -> None:
    bench.intake.watch(["AAPL"])
    bench.trade("AAPL", 190.0)
    bench.observations.take()
    bench.intake.watch([])

    bench.intake.watch(["AAPL"])
    bench.observations.recall(bench.now)

    served = bench.intake.board.served("AAPL")
    assert served is not None
    assert (served.last, served.origin.source) == (190.0, Source.CACHE)


def test_what_a_source_says_is_not_covered_by_what_was_known(bench: Bench) -> None:
    bench.intake.watch(["AAPL"])
    bench.trade("AAPL", 190.0)
    bench.observations.take()
    bench.trade("AAPL", 191.0)

    bench.observations.recall(bench.now)

    served = bench.intake.board.served("AAPL")
    assert served is not None
    assert (served.last, served.origin.source) == (191.0, Source.ALPACA)


def test_all_is_seen_once_a_source_has_told_a_price_of_every_row_and_what_the_disk_knew_is_no_such_price(
    bench: Bench,
) -> None:
    assert not bench.observations.complete
    bench.intake.watch(["AAPL"])
    bench.trade("AAPL", 190.0)
    bench.observations.take()
    assert bench.observations.complete

    bench.intake.watch([])
    bench.intake.watch(["AAPL", "MSFT"])
    bench.observations.recall(bench.now)
    bench.trade("MSFT", 400.0)
    assert not bench.observations.complete

    bench.trade("AAPL", 191.0)
    assert bench.observations.complete


def seen(**fields: object) -> Quote:
    quote = Quote(symbol="AAPL", origin=IEX, receipt=Moment(EVENING, 1.0), previous_close=188.0, currency="USD")
    return replace(quote, **fields)


def back(quote: Quote) -> Quote:
    """What the next run knows of `quote`, an hour later."""
    record = quote_record(quote)
    assert record is not None
    return restored(record, Moment(EVENING + timedelta(hours=1), 5.0))


def test_a_price_of_the_extended_hours_comes_back_as_one() -> None:
    after_hours = seen(
        last=190.0,
        event_time=OPEN + timedelta(hours=6, minutes=29),
        extended_last=195.0,
        extended_time=EVENING,
        extended_receipt=Moment(EVENING, 1.0),
    )

    quote = back(after_hours)

    assert (quote.price, quote.price_time, quote.price_receipt.wall) == (195.0, EVENING, EVENING)
    assert quote.price_session is Session.POST
    assert quote.spans_close


@pytest.mark.parametrize("session", [None, Session.POST, Session.CLOSED])
def test_the_closing_price_comes_back_as_one_whenever_it_was_written(session: Session | None) -> None:
    auction = OPEN + timedelta(hours=6, minutes=30, seconds=4)

    quote = back(seen(last=190.0, event_time=auction, session=session))

    assert (quote.last, quote.event_time) == (190.0, auction)
    assert not quote.in_extended


def test_what_another_program_wrote_is_cleaned_before_it_is_shown() -> None:
    record = quote_record(seen(last=190.0, event_time=EVENING))
    assert record is not None
    foul = QuoteRecord(**{**_fields(record), "feed": "iex\x1b[31m", "source": "al\u202epaca", "currency": "U\x07SD"})

    quote = restored(foul, Moment(EVENING, 5.0))

    assert (quote.origin.feed, quote.currency) == ("alpaca iex", "USD")


def _fields(record: QuoteRecord) -> dict[str, object]:
    return {name: getattr(record, name) for name in QuoteRecord.__struct_fields__}

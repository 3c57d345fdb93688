"""What a quote derives from what its source said."""

from datetime import UTC, datetime

import pytest

from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Origin, Quote, Source, Trade

NOW = Moment(datetime(2026, 11, 20, 17, 0, tzinfo=UTC), 1000.0)
YAHOO = Origin(Source.YAHOO, "v7", 900.0, polled=True)


@pytest.mark.parametrize(
    ("last", "previous_close", "change", "percent"),
    [
        (110.0, 100.0, 10.0, 10.0),
        (90.0, 100.0, -10.0, -10.0),
        (100.0, 100.0, 0.0, 0.0),
        (None, 100.0, None, None),
        (100.0, None, None, None),
        (100.0, 0.0, 100.0, None),
    ],
)
def test_the_change_is_against_the_previous_close_and_unknown_where_either_is(
    last: float | None, previous_close: float | None, change: float | None, percent: float | None
) -> None:
    quote = Quote(symbol="AAPL", origin=YAHOO, receipt=NOW, last=last, previous_close=previous_close)

    assert quote.change == change
    assert quote.change_percent == percent


EARLIER = datetime(2026, 11, 20, 13, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("last", "time", "extended", "extended_time", "price", "price_time"),
    [
        (100.0, EARLIER, None, None, 100.0, EARLIER),
        (100.0, EARLIER, 101.0, NOW.wall, 101.0, NOW.wall),
        (100.0, NOW.wall, 101.0, EARLIER, 100.0, NOW.wall),
        (100.0, NOW.wall, 101.0, NOW.wall, 100.0, NOW.wall),
        (None, None, 101.0, EARLIER, 101.0, EARLIER),
        (100.0, None, 101.0, EARLIER, 101.0, EARLIER),
        (None, None, None, None, None, None),
    ],
)
def test_the_price_to_show_is_that_of_the_newest_print(
    last: float | None,
    time: datetime | None,
    extended: float | None,
    extended_time: datetime | None,
    price: float | None,
    price_time: datetime | None,
) -> None:
    quote = Quote(
        symbol="AAPL",
        origin=YAHOO,
        receipt=NOW,
        last=last,
        event_time=time,
        extended_last=extended,
        extended_time=extended_time,
        extended_receipt=NOW.later(5.0),
        previous_close=100.0,
    )

    assert (quote.price, quote.price_time) == (price, price_time)
    assert quote.change == (None if price is None else price - 100.0)
    assert quote.price_receipt == (NOW.later(5.0) if quote.in_extended else NOW)


@pytest.mark.parametrize("source", Source)
def test_sources_are_found_again_in_sets_and_dictionaries(source: Source) -> None:
    assert {source: 1}[Source(source.value)] == 1


def test_a_trade_without_a_number_has_no_name() -> None:
    trade = Trade("AAPL", 1.0, 1.0, NOW.wall, YAHOO, NOW)

    assert trade.print_id is None


def test_a_quote_cannot_be_changed_in_place() -> None:
    quote = Quote(symbol="AAPL", origin=YAHOO, receipt=NOW)

    with pytest.raises(AttributeError):
        quote.last = 1.0  # type: ignore[misc]  # the point of the test

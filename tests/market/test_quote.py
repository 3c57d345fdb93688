"""What a quote derives from what its source said."""

from datetime import UTC, datetime

import pytest

from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Origin, Quote, Source

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


def test_a_quote_cannot_be_changed_in_place() -> None:
    quote = Quote(symbol="AAPL", origin=YAHOO, receipt=NOW)

    with pytest.raises(AttributeError):
        quote.last = 1.0  # type: ignore[misc]  # the point of the test

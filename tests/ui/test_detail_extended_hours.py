"""The detail outside the regular session: which hours the price is of, and what the regular day came to by itself."""

from datetime import UTC, datetime, timedelta

import pytest

from mytrader_tui.market.freshness import LIVE
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Origin, Quote, Source
from mytrader_tui.ui.columns import Tone
from mytrader_tui.ui.detail_figures import Telling, facts, headline

CLOSE = datetime(2026, 11, 19, 21, 0, tzinfo=UTC)
COLOURS = dict.fromkeys(Tone, "")


def telling(extended: datetime | None, previous_close: float) -> tuple[Telling, Moment]:
    now = Moment((extended or CLOSE) + timedelta(seconds=5), 1000.0)
    later = {"extended_last": 231.0, "extended_time": extended, "extended_receipt": now} if extended else {}
    quote = Quote(
        symbol="AAPL",
        origin=Origin(Source.YAHOO, "quote", 0.0, polled=True),
        receipt=now,
        last=230.0,
        event_time=CLOSE,
        previous_close=previous_close,
        **later,
    )
    return Telling("AAPL", quote, LIVE, "", None, None, False, ""), now


def regular_close(told: Telling) -> str | None:
    return next((fact.forms[0] for fact in facts(told) if fact.label == "Reg. close"), None)


@pytest.mark.parametrize(
    ("extended", "previous_close", "close", "words"),
    [
        (None, 225.0, None, ""),
        (CLOSE + timedelta(hours=2), 225.0, "230.00 ▲ +2.22%", "after the close"),
        (CLOSE + timedelta(hours=16), 230.0, "230.00", "before the open"),
        (CLOSE + timedelta(hours=6), 225.0, "230.00 ▲ +2.22%", "extended hours"),
    ],
    ids=["regular", "post", "pre", "neither"],
)
def test_the_hours_of_the_price_are_named_and_the_days_own_change_stands_beside_its_close(
    extended: datetime | None, previous_close: float, close: str | None, words: str
) -> None:
    told, now = telling(extended, previous_close)

    said = [form.plain for phrase in headline(told, now, COLOURS) for form in phrase.forms]
    assert regular_close(told) == close
    assert [each for each in said if each in ("before the open", "after the close", "extended hours")] == [words][
        : bool(words)
    ]

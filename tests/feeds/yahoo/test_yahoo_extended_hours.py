"""Yahoo's prices before the open and after the close: which one is the price, and what each session lets it claim.

The table below is the decision, row by row: the state that Yahoo names, what it tells, and what the screen may say.
"""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from scripted_yahoo import item, quote_body

from mytrader_tui.feeds.yahoo.wire import decode_quotes
from mytrader_tui.market.board import merge
from mytrader_tui.market.freshness import BadgeKind, BadgeRule, badge, judge
from mytrader_tui.market.link import Link
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Quote
from mytrader_tui.market.session import NEW_YORK, Session, hours_at
from mytrader_tui.market.trust.validation import Rule, believe

POLL = 60.0
BEFORE, CLOSE = 220.0, 225.0
"""The close before yesterday's, and the close that the table's extended prices come after."""

NAMES = {"AAPL": "AAPL", "7203.T": "7203.T", "BTC-USD": "BTC-USD", "^GSPC": "^GSPC"}


def new_york(text: str) -> datetime:
    """`2026-11-20 08:00` or with seconds, in New York."""
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


def heard(text: str) -> Moment:
    wall = new_york(text)
    return Moment(wall.astimezone(UTC), wall.timestamp())


def told(now: str, symbol: str = "AAPL", delay: int | None = 0, **fields: object) -> Quote:
    """What one answer at `now` says; texts among `fields` that are named Time are instants in New York."""
    given = {
        name: int(new_york(value).timestamp()) if name.endswith("Time") and isinstance(value, str) else value
        for name, value in fields.items()
    }
    body = quote_body([item(symbol, exchangeDataDelayedBy=delay, **given)])
    (quote,) = decode_quotes(body, NAMES, heard(now)).quotes
    return quote


def link_at(now: Moment) -> Link:
    return Link(up=True, since=now.later(-9000.0), heard=now.later(-1.0), poll_seconds=POLL)


YESTERDAY = {
    "regularMarketPrice": CLOSE,
    "regularMarketTime": "2026-11-19 16:00:02",
    "regularMarketPreviousClose": BEFORE,
}
TODAY = {**YESTERDAY, "regularMarketTime": "2026-11-20 16:00:02"}
LAST_POST = {"postMarketPrice": 226.0, "postMarketTime": "2026-11-19 19:59:58"}
PRE = {"preMarketPrice": 228.0, "preMarketTime": "2026-11-20 07:59:30"}
POST = {"postMarketPrice": 227.0, "postMarketTime": "2026-11-20 17:59:30"}


class Row(NamedTuple):
    """A state and what Yahoo tells in it; then what is shown: price, whose hours', change, badge."""

    now: str
    state: str
    fields: dict[str, object]
    price: float
    session: Session
    change: float
    badge: str
    symbol: str = "AAPL"
    delay: int | None = 0


TABLE = {
    "PREPRE, the evening's price stands": Row(
        "2026-11-20 02:00", "PREPRE", {**YESTERDAY, **LAST_POST}, 226.0, Session.POST, 6.0, "○ CLOSED"
    ),
    "PREPRE without one": Row("2026-11-20 02:00", "PREPRE", YESTERDAY, CLOSE, Session.REGULAR, 5.0, "○ CLOSED"),
    "PRE without a print yet": Row("2026-11-20 08:00", "PRE", YESTERDAY, CLOSE, Session.REGULAR, 0.0, "○ CLOSED"),
    "PRE without a print, the evening's price still told": Row(
        "2026-11-20 08:00", "PRE", {**YESTERDAY, **LAST_POST}, 226.0, Session.POST, 1.0, "○ CLOSED"
    ),
    "PRE with a print": Row("2026-11-20 08:00", "PRE", {**YESTERDAY, **PRE}, 228.0, Session.PRE, 3.0, "◷ DELAYED 1m"),
    "PRE with a print, the evening's price still told": Row(
        "2026-11-20 08:00", "PRE", {**YESTERDAY, **LAST_POST, **PRE}, 228.0, Session.PRE, 3.0, "◷ DELAYED 1m"
    ),
    "PRE with a print a quarter of an hour late": Row(
        "2026-11-20 08:15", "PRE", {**YESTERDAY, **PRE}, 228.0, Session.PRE, 3.0, "◷ DELAYED 15m", delay=15
    ),
    "PRE, of whose first minutes a late source cannot know": Row(
        "2026-11-20 04:10", "PRE", YESTERDAY, CLOSE, Session.REGULAR, 0.0, "◷ DELAYED 15m", delay=15
    ),
    "REGULAR, the morning's price is stale": Row(
        "2026-11-20 11:00",
        "REGULAR",
        {**PRE, "regularMarketPrice": 224.0, "regularMarketTime": "2026-11-20 10:59:59"}
        | {"regularMarketPreviousClose": CLOSE},
        224.0,
        Session.REGULAR,
        -1.0,
        "◷ DELAYED 1m",
    ),
    "REGULAR, not traded yet a minute after the open": Row(
        "2026-11-20 09:31", "REGULAR", {**YESTERDAY, **PRE}, 228.0, Session.PRE, 3.0, "◷ DELAYED 1m"
    ),
    "REGULAR, the morning's price is the latest for far too long": Row(
        "2026-11-20 10:30", "REGULAR", {**YESTERDAY, **PRE}, 228.0, Session.PRE, 3.0, "▲ STALE 2h"
    ),
    "POST with a print": Row("2026-11-20 18:00", "POST", {**TODAY, **POST}, 227.0, Session.POST, 7.0, "◷ DELAYED 1m"),
    "POST without one, the morning's still told": Row(
        "2026-11-20 18:00", "POST", {**TODAY, **PRE}, CLOSE, Session.REGULAR, 5.0, "○ CLOSED"
    ),
    "POST, before a late source can have told the close": Row(
        "2026-11-20 16:10",
        "POST",
        {**TODAY, "regularMarketTime": "2026-11-20 15:55:00"},
        CLOSE,
        Session.REGULAR,
        5.0,
        "◷ DELAYED 15m",
        delay=15,
    ),
    "POSTPOST": Row("2026-11-20 21:00", "POSTPOST", {**TODAY, **POST}, 227.0, Session.POST, 7.0, "○ CLOSED"),
    "POSTPOST without a print": Row("2026-11-20 21:00", "POSTPOST", TODAY, CLOSE, Session.REGULAR, 5.0, "○ CLOSED"),
    "the weekend": Row("2026-11-22 12:00", "CLOSED", {**TODAY, **POST}, 227.0, Session.POST, 7.0, "○ CLOSED"),
    "a holiday": Row(
        "2026-11-26 12:00",
        "CLOSED",
        {**TODAY, "regularMarketTime": "2026-11-25 16:00:02"}
        | {"postMarketPrice": 227.0, "postMarketTime": "2026-11-25 18:00:00"},
        227.0,
        Session.POST,
        7.0,
        "○ CLOSED",
    ),
    "a crypto currency has no such hours": Row(
        "2026-11-20 18:00",
        "REGULAR",
        {**YESTERDAY, **POST, "regularMarketTime": "2026-11-20 17:59:59"},
        CLOSE,
        Session.REGULAR,
        5.0,
        "◷ DELAYED 1m",
        symbol="BTC-USD",
    ),
    "nor has a foreign listing, whatever its market's state": Row(
        "2026-11-20 08:00", "POST", {**YESTERDAY, **PRE}, CLOSE, Session.REGULAR, 5.0, "◷ DELAYED 20m", "7203.T", 20
    ),
    "nor has an index": Row(
        "2026-11-20 18:00", "CLOSED", {**TODAY, **POST}, CLOSE, Session.REGULAR, 5.0, "○ CLOSED", symbol="^GSPC"
    ),
}


@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE)
def test_each_state_shows_its_price_with_its_change_and_its_badge(row: Row) -> None:
    quote = told(row.now, row.symbol, row.delay, marketState=row.state, **row.fields)
    now = heard(row.now).later(1.0)

    assert (quote.price, quote.price_session, quote.change) == (row.price, row.session, row.change)
    assert (quote.extended_last is None) is (row.session is Session.REGULAR), "what is over is left out"
    assert badge(quote, link_at(now), hours_at(now.wall), now).text == row.badge


def test_the_regular_price_stays_known_beside_that_of_the_extended_hours() -> None:
    quote = told("2026-11-20 18:00", marketState="POST", **TODAY, **POST)

    assert (quote.last, quote.event_time) == (CLOSE, new_york("2026-11-20 16:00:02"))
    assert (quote.extended_last, quote.extended_receipt) == (227.0, heard("2026-11-20 18:00"))


@pytest.mark.parametrize("bad", [0, -3.5, None, "227", True, float("1e308") * 10])
def test_what_is_no_price_is_no_price_of_the_extended_hours(bad: object) -> None:
    price = None if isinstance(bad, float) and bad > 1e308 else bad
    quote = told("2026-11-20 18:00", marketState="POST", **TODAY, **{**POST, "postMarketPrice": price})

    assert (quote.extended_last, quote.price) == (None, CLOSE)


@pytest.mark.parametrize("when", [None, 0, -5, 1e18, True])
def test_without_a_time_a_price_of_the_extended_hours_may_be_over_and_is_left_out(when: object) -> None:
    quote = told("2026-11-20 18:00", marketState="POST", **TODAY, **{**POST, "postMarketTime": when})

    assert (quote.extended_last, quote.price) == (None, CLOSE)


def test_a_regular_price_without_a_time_is_not_taken_for_the_older_one() -> None:
    quote = told("2026-11-20 11:00", marketState="REGULAR", **{**TODAY, **PRE, "regularMarketTime": None})

    assert (quote.extended_last, quote.price) == (None, CLOSE)


def test_a_price_of_the_extended_hours_before_the_latest_is_left_out() -> None:
    """A symbol that is not traded on most days: what it did a week ago in the evening is no news of this session."""
    old = {"regularMarketTime": "2026-11-12 15:00", "postMarketPrice": 227.0, "postMarketTime": "2026-11-13 17:00"}

    quote = told("2026-11-20 18:00", marketState="POST", **{**TODAY, **old})

    assert (quote.extended_last, quote.price) == (None, CLOSE)


def test_a_price_of_the_future_is_refused_and_the_regular_one_believed() -> None:
    quote = told("2026-11-20 17:59", marketState="POST", **TODAY, **POST)

    believed, rule = believe(quote, None, new_york("2026-11-20 17:59"))

    assert rule is Rule.FUTURE_EVENT_TIME
    assert isinstance(believed, Quote)
    assert (believed.price, believed.extended_last) == (CLOSE, None)


def test_before_the_open_the_days_figures_are_not_yesterdays() -> None:
    day = {"regularMarketOpen": 221.0, "regularMarketDayHigh": 226.0, "regularMarketDayLow": 219.0}

    before = told("2026-11-20 08:00", marketState="PRE", regularMarketVolume=5e7, **day, **YESTERDAY)
    night = told("2026-11-20 02:00", marketState="PREPRE", regularMarketVolume=5e7, **day, **YESTERDAY)

    assert (before.open, before.high, before.low, before.volume, before.previous_close) == (None,) * 4 + (CLOSE,)
    assert (night.open, night.high, night.low, night.volume, night.previous_close) == (221.0, 226.0, 219.0, 5e7, BEFORE)


def polled(*answers: Quote) -> Quote:
    """What the board holds after these answers."""
    quote = answers[0]
    for answer in answers[1:]:
        quote = merge(quote, answer)
    return quote


def test_an_evenings_price_that_is_told_no_more_in_the_morning_stands_while_yahoo_answers() -> None:
    evening = told("2026-11-20 03:00", marketState="PREPRE", **YESTERDAY, **LAST_POST)
    morning = told("2026-11-20 04:20", marketState="PRE", **YESTERDAY)
    now = heard("2026-11-20 04:20").later(5.0)

    shown = polled(evening, morning)

    assert (shown.price, shown.change) == (226.0, 1.0)
    assert judge(shown, link_at(now), hours_at(now.wall), now)[1] is BadgeRule.NO_PRINT_YET
    later = now.later(151.0)
    assert badge(shown, link_at(later), hours_at(later.wall), later).kind is BadgeKind.STALE


def test_an_evenings_price_heard_before_the_evenings_end_may_not_be_its_last() -> None:
    evening = told(
        "2026-11-19 19:50", marketState="POST", **YESTERDAY, **{**LAST_POST, "postMarketTime": "2026-11-19 19:49"}
    )
    morning = told("2026-11-20 04:20", marketState="PRE", **YESTERDAY)
    now = heard("2026-11-20 04:20").later(5.0)

    shown = badge(polled(evening, morning), link_at(now), hours_at(now.wall), now)

    assert shown.text == "▲ STALE 8h"


def test_a_price_of_the_evening_that_is_told_no_more_within_it_goes_stale() -> None:
    first = told("2026-11-20 18:00", marketState="POST", **TODAY, **POST)
    without = told("2026-11-20 18:04", marketState="POST", **TODAY)
    now = heard("2026-11-20 18:04").later(1.0)

    assert badge(polled(first, without), link_at(now), hours_at(now.wall), now).text == "▲ STALE 4m"


def test_the_first_regular_trade_takes_the_mark_away() -> None:
    before = told("2026-11-20 09:29", marketState="PRE", **YESTERDAY, **PRE)
    fresh = {"regularMarketPrice": 229.0, "regularMarketTime": "2026-11-20 09:30:01"}
    opened = told(
        "2026-11-20 09:31", marketState="REGULAR", **{**YESTERDAY, **PRE, **fresh, "regularMarketPreviousClose": CLOSE}
    )

    shown = polled(before, opened)

    assert (shown.price, shown.price_session, shown.change) == (229.0, Session.REGULAR, 4.0)


@pytest.mark.parametrize("minutes", range(0, 7 * 24 * 60, 47))
def test_in_no_minute_of_a_week_is_a_price_of_other_hours_called_live_or_of_this_session(minutes: int) -> None:
    now = heard("2026-11-19 20:30").later(60.0 * minutes)
    hours = hours_at(now.wall)
    stamp = (now.wall - timedelta(seconds=40)).timestamp()
    state = hours.session.value.upper()
    body = quote_body(
        [item("AAPL", exchangeDataDelayedBy=0, marketState=state, preMarketPrice=228.0, preMarketTime=stamp)]
    )

    (quote,) = decode_quotes(body, NAMES, now).quotes
    shown = badge(quote, link_at(now), hours, now)

    assert shown.kind is not BadgeKind.LIVE
    assert (shown.kind is BadgeKind.CLOSED) == (hours.session is Session.CLOSED)

import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted_yahoo import HTML, chart_body, item, quote_body

from mytrader_tui.feeds.yahoo.failure import YahooError
from mytrader_tui.feeds.yahoo.wire import Answer, decode_chart, decode_quotes
from mytrader_tui.market.link import Reason
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Origin, Quote, Source
from mytrader_tui.market.session import Session

Decode = Callable[[bytes, Mapping[str, str], Moment], Answer]

RECEIPT = Moment(datetime(2026, 6, 15, 14, 30, tzinfo=UTC), 1000.0)
NAMES = {"AAPL": "AAPL", "BRK-B": "BRK.B", "7203.T": "7203.T"}


def decoded(*items: object) -> Answer:
    return decode_quotes(quote_body(items), NAMES, RECEIPT)


def one(**fields: object) -> Quote:
    (quote,) = decoded(item("AAPL", **fields)).quotes
    return quote


def test_every_field_of_an_item_finds_its_place() -> None:
    quote = one(
        regularMarketPrice=190.5,
        regularMarketTime=1_781_533_800,
        regularMarketPreviousClose=188.0,
        regularMarketOpen=189.0,
        regularMarketDayHigh=191.0,
        regularMarketDayLow=187.5,
        fiftyTwoWeekLow=164.0,
        fiftyTwoWeekHigh=237.5,
        regularMarketVolume=51_000_000,
        bid=190.4,
        ask=190.6,
        bidSize=3,
        askSize=4,
        marketState="REGULAR",
        currency="USD",
        shortName="Apple Inc.",
        exchangeDataDelayedBy=15,
    )

    assert quote == Quote(
        symbol="AAPL",
        origin=Origin(Source.YAHOO, "quote", 900.0, polled=True),
        receipt=RECEIPT,
        last=190.5,
        event_time=datetime(2026, 6, 15, 14, 30, tzinfo=UTC),
        previous_close=188.0,
        open=189.0,
        high=191.0,
        low=187.5,
        year_low=164.0,
        year_high=237.5,
        volume=51_000_000,
        bid=190.4,
        ask=190.6,
        bid_size=3,
        ask_size=4,
        bid_ask_time=RECEIPT.wall,
        bid_ask_receipt=RECEIPT,
        session=Session.REGULAR,
        currency="USD",
        name="Apple Inc.",
    )


@pytest.mark.parametrize("bad", [None, 0, -1.5, "190", True, {"raw": 190.0}, [190.0]])
def test_what_is_no_price_leaves_the_item_without_a_last(bad: object) -> None:
    quote = one(regularMarketPrice=bad, regularMarketPreviousClose=188.0)

    assert (quote.last, quote.event_time, quote.previous_close) == (None, None, 188.0)


def test_a_price_beyond_all_numbers_costs_no_other_item() -> None:
    body = b'{"quoteResponse":{"result":[{"symbol":"AAPL","regularMarketPrice":1e999},' + (
        b'{"symbol":"BRK-B","regularMarketPrice":412.0}]}}'
    )

    answer = decode_quotes(body, NAMES, RECEIPT)

    assert {quote.symbol: quote.last for quote in answer.quotes if quote.last} == {"BRK.B": 412.0}


def test_a_bid_and_ask_of_zero_are_absent_and_so_is_their_time() -> None:
    quote = one(bid=0, ask=0, bidSize=1, askSize=1)

    assert (quote.bid, quote.ask, quote.bid_size, quote.ask_size) == (None, None, None, None)
    assert (quote.bid_ask_time, quote.bid_ask_receipt) == (None, None)


def test_an_undeclared_delay_stays_unknown_and_a_declared_zero_is_zero() -> None:
    assert one().origin.delay_seconds is None
    assert one(exchangeDataDelayedBy=0).origin.delay_seconds == 0.0


@pytest.mark.parametrize(
    ("state", "session"),
    [
        ("PREPRE", Session.CLOSED),
        ("PRE", Session.PRE),
        ("REGULAR", Session.REGULAR),
        ("POST", Session.POST),
        ("POSTPOST", Session.CLOSED),
        ("CLOSED", Session.CLOSED),
        ("LUNCH", None),
        (None, None),
    ],
)
def test_the_market_state_becomes_a_session(state: str | None, session: Session | None) -> None:
    assert one(marketState=state).session is session


def test_before_hours_the_last_is_still_the_regular_markets() -> None:
    quote = one(marketState="PRE", regularMarketPrice=190.0, preMarketPrice=193.0, preMarketTime=1_781_500_000)

    assert (quote.last, quote.session) == (190.0, Session.PRE)


@pytest.mark.parametrize("when", [0, -1, 1e18, 1_781_533_800_000, "yesterday", None])
def test_a_time_that_cannot_be_is_no_event_time(when: object) -> None:
    quote = one(regularMarketTime=when)

    assert (quote.last, quote.event_time) == (100.0, None)


def test_yahoos_spelling_becomes_the_canonical_symbol() -> None:
    answer = decoded(item("BRK-B"), item("7203.T", currency="JPY"))

    assert [(quote.symbol, quote.currency) for quote in answer.quotes] == [("BRK.B", None), ("7203.T", "JPY")]


def test_a_symbol_that_was_not_asked_for_is_left_out() -> None:
    assert decoded(item("TSLA")) == Answer()


@pytest.mark.parametrize("junk", [None, 7, "AAPL", [], {}, {"symbol": 5}])
def test_an_item_that_is_none_costs_only_itself(junk: object) -> None:
    answer = decoded(junk, item("AAPL"))

    assert [quote.symbol for quote in answer.quotes] == ["AAPL"]
    assert answer.unreadable == 1


def test_text_is_cleaned_at_the_door() -> None:
    quote = one(shortName="Ap\x1b[31mple\u202e\n Inc.", currency="US\x00D")

    assert (quote.name, quote.currency) == ("Apple Inc.", "USD")


@pytest.mark.parametrize(
    "body",
    [
        HTML.body,
        b"",
        b"null",
        b"[]",
        b'"Too Many Requests"',
        b'{"quoteResponse":null}',
        b'{"quoteResponse":{"result":null,"error":{"code":"x"}}}',
        b'{"finance":{"result":null,"error":{"code":"Unauthorized"}}}',
        b'{"quoteResponse":{"result":[{"symbol":"AAPL"',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
def test_an_answer_of_another_shape_is_unreadable(body: bytes) -> None:
    with pytest.raises(YahooError) as caught:
        decode_quotes(body, NAMES, RECEIPT)

    assert caught.value.reason is Reason.UNREADABLE


def test_a_chart_gives_the_price_and_derives_the_session() -> None:
    now = int(RECEIPT.wall.timestamp())
    periods = {"pre": {"start": now - 20_000, "end": now - 60}, "regular": {"start": now - 60, "end": now + 60}}
    body = chart_body(
        "BRK-B", regularMarketTime=now, chartPreviousClose=410.0, currency="USD", currentTradingPeriod=periods
    )

    (quote,) = decode_chart(body, NAMES, RECEIPT).quotes

    assert (quote.symbol, quote.last, quote.previous_close) == ("BRK.B", 100.0, 410.0)
    assert quote.origin == Origin(Source.YAHOO, "chart", None, polled=True)
    assert quote.session is Session.REGULAR


def test_a_chart_outside_its_periods_is_of_a_closed_market() -> None:
    now = int(RECEIPT.wall.timestamp())
    body = chart_body("AAPL", currentTradingPeriod={"regular": {"start": now - 120, "end": now - 60}})

    (quote,) = decode_chart(body, NAMES, RECEIPT).quotes

    assert quote.session is Session.CLOSED


def test_a_chart_of_an_unknown_symbol_has_no_quote() -> None:
    body = b'{"chart":{"result":null,"error":{"code":"Not Found","description":"No data found"}}}'

    assert decode_chart(body, NAMES, RECEIPT) == Answer()


def test_a_chart_that_is_a_web_page_is_unreadable() -> None:
    with pytest.raises(YahooError, match="web page"):
        decode_chart(HTML.body, NAMES, RECEIPT)


_LEAF = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20)
)
_JSON = st.recursive(
    _LEAF, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4)
)
_FIELDS = (
    "regularMarketPrice",
    "regularMarketTime",
    "regularMarketPreviousClose",
    "previousClose",
    "chartPreviousClose",
    "regularMarketOpen",
    "regularMarketDayHigh",
    "regularMarketDayLow",
    "regularMarketVolume",
    "preMarketPrice",
    "preMarketTime",
    "postMarketPrice",
    "postMarketTime",
    "bid",
    "ask",
    "bidSize",
    "askSize",
    "marketState",
    "currency",
    "shortName",
    "longName",
    "exchangeDataDelayedBy",
    "currentTradingPeriod",
)
_ITEM = st.dictionaries(st.sampled_from(_FIELDS), _JSON).map(lambda fields: {"symbol": "AAPL", **fields})


def sound(quote: Quote) -> bool:
    prices = (quote.last, quote.extended_last, quote.previous_close, quote.open, quote.high, quote.low)
    prices += (quote.bid, quote.ask)
    counts = (quote.volume, quote.bid_size, quote.ask_size, quote.origin.delay_seconds)
    return all(each is None or (math.isfinite(each) and each > 0) for each in prices) and all(
        each is None or (math.isfinite(each) and each >= 0) for each in counts
    )


@given(items=st.lists(_ITEM | _JSON, max_size=4))
def test_no_item_whatever_its_fields_yields_an_impossible_number(items: list[object]) -> None:
    assert all(sound(quote) for quote in decoded(*items).quotes)


@given(meta=_ITEM)
def test_no_chart_whatever_its_fields_yields_an_impossible_number(meta: dict[str, object]) -> None:
    body = msgspec.json.encode({"chart": {"result": [{"meta": meta}]}})

    assert all(sound(quote) for quote in decode_chart(body, NAMES, RECEIPT).quotes)


def read(decode: Decode, body: bytes) -> tuple[Quote, ...]:
    """The quotes of an answer; none if it is unreadable, and any other outcome is an error."""
    try:
        return decode(body, NAMES, RECEIPT).quotes
    except YahooError as error:
        if error.reason is not Reason.UNREADABLE:
            raise
        return ()


@pytest.mark.parametrize("decode", [decode_quotes, decode_chart])
@given(body=_JSON.map(msgspec.json.encode) | st.binary(max_size=200))
def test_any_answer_at_all_is_read_or_called_unreadable(decode: Decode, body: bytes) -> None:
    assert all(sound(quote) for quote in read(decode, body))

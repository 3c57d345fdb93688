"""The board keeps what each source said, shows the serving one's, and tells the screen only what changed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mytrader_tui.market.board import Board, merge
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import BidAsk, DayBar, Origin, Quote, Repair, Source, Trade, TradingStatus, Update

NOW = Moment(datetime(2026, 11, 20, 17, 0, tzinfo=UTC), 1000.0)
LATER = NOW.later(10)
IEX = Origin(Source.ALPACA, "iex", 0.0)
YAHOO = Origin(Source.YAHOO, "v7", 900.0, polled=True)


def trade(price: float, origin: Origin = IEX, at: Moment = NOW, symbol: str = "AAPL") -> Trade:
    return Trade(symbol, price, 100.0, at.wall, origin, at)


def bid_ask(bid: float | None, ask: float | None, at: Moment = NOW) -> BidAsk:
    return BidAsk("AAPL", bid, ask, 1.0, 2.0, at.wall, IEX, at)


def day_bar(vwap: float | None, at: Moment = NOW) -> DayBar:
    return DayBar("AAPL", 185.0, 195.0, 180.0, 190.0, 1e6, vwap, at.wall, IEX, at)


WHOLE = Quote(
    symbol="AAPL",
    origin=IEX,
    receipt=NOW,
    last=190.0,
    last_size=100.0,
    event_time=NOW.wall,
    previous_close=188.0,
    open=189.0,
    high=195.0,
    low=180.0,
    volume=1e6,
    vwap=190.5,
    day=NOW.wall,
    bid=189.9,
    ask=190.1,
    bid_size=1.0,
    ask_size=2.0,
    bid_ask_time=NOW.wall,
    bid_ask_receipt=NOW,
    currency="USD",
    name="Apple Inc.",
)


def test_a_trade_sets_the_last_price_and_nothing_else() -> None:
    merged = merge(WHOLE, trade(191.0, at=LATER))

    assert (merged.last, merged.event_time, merged.receipt) == (191.0, LATER.wall, LATER)
    assert (merged.bid, merged.ask, merged.bid_ask_time) == (189.9, 190.1, NOW.wall)
    assert (merged.previous_close, merged.high, merged.volume, merged.name) == (188.0, 195.0, 1e6, "Apple Inc.")


def test_a_bid_and_ask_never_touch_the_last_price_nor_its_times() -> None:
    merged = merge(WHOLE, bid_ask(200.0, 201.0, LATER))

    assert (merged.bid, merged.ask, merged.bid_ask_receipt) == (200.0, 201.0, LATER)
    assert (merged.last, merged.event_time, merged.receipt) == (190.0, NOW.wall, NOW)


def test_a_side_that_nobody_quotes_any_more_is_empty() -> None:
    assert merge(WHOLE, bid_ask(None, 190.2)).bid is None


def test_a_day_bar_sets_the_days_figures_and_not_the_last_price() -> None:
    merged = merge(WHOLE, day_bar(191.5, LATER))

    assert (merged.open, merged.high, merged.low, merged.volume, merged.vwap) == (185.0, 195.0, 180.0, 1e6, 191.5)
    assert (merged.last, merged.receipt) == (190.0, NOW)


def test_a_day_bar_without_a_vwap_keeps_its_own_days_and_drops_yesterdays() -> None:
    tomorrow = NOW.later(86400.0)

    assert merge(WHOLE, day_bar(None)).vwap == 190.5
    assert merge(WHOLE, day_bar(None, tomorrow)).vwap is None


def test_a_snapshot_without_anything_changes_nothing() -> None:
    assert merge(WHOLE, Quote(symbol="AAPL", origin=YAHOO, receipt=LATER)) == WHOLE


def test_a_snapshot_of_the_same_price_renews_its_receipt() -> None:
    again = Quote(symbol="AAPL", origin=IEX, receipt=LATER, last=190.0, last_size=100.0, event_time=NOW.wall)

    merged = merge(WHOLE, again)

    assert merged.receipt == LATER
    assert merged.event_time == NOW.wall


EXTENDED = Trade("AAPL", 192.0, 10.0, LATER.wall, IEX, LATER, conditions=("@", "T"))


def test_an_extended_hours_trade_sets_its_own_price_alone() -> None:
    merged = merge(WHOLE, EXTENDED)

    assert (merged.extended_last, merged.extended_time, merged.extended_receipt) == (192.0, LATER.wall, LATER)
    assert (merged.last, merged.last_size, merged.event_time, merged.receipt) == (190.0, 100.0, NOW.wall, NOW)


def test_a_snapshots_extended_hours_price_leaves_the_last_and_its_times() -> None:
    snapshot = Quote(
        symbol="AAPL", origin=IEX, receipt=LATER, extended_last=192.0, extended_time=LATER.wall, extended_receipt=LATER
    )

    merged = merge(WHOLE, snapshot)

    assert (merged.extended_last, merged.extended_time, merged.price) == (192.0, LATER.wall, 192.0)
    assert (merged.last, merged.event_time, merged.receipt) == (190.0, NOW.wall, NOW)


def halt(at: Moment, *, halted: bool = True) -> TradingStatus:
    return TradingStatus(
        symbol="AAPL", halted=halted, code="H", reason="news", event_time=at.wall, origin=IEX, receipt=at
    )


def test_a_halt_touches_no_price_and_its_end_ends_it() -> None:
    stopped = merge(WHOLE, halt(LATER))

    assert (stopped.halted, stopped.halt_time, stopped.halt_receipt) == ("news", LATER.wall, LATER)
    assert (stopped.last, stopped.receipt, stopped.bid) == (190.0, NOW, 189.9)
    assert merge(stopped, halt(LATER.later(1.0), halted=False)).halted is None


@pytest.mark.parametrize(("at", "halted"), [(LATER.later(1.0), None), (LATER, "news"), (NOW, "news")])
def test_a_snapshot_with_a_trade_after_the_halt_ends_it(at: Moment, halted: str | None) -> None:
    snapshot = Quote(symbol="AAPL", origin=IEX, receipt=at, last=191.0, event_time=at.wall)

    assert merge(merge(WHOLE, halt(LATER)), snapshot).halted == halted


def test_a_repair_puts_the_standing_trade_in_the_place_of_the_one_taken_back() -> None:
    standing = Trade("AAPL", 189.0, 5.0, NOW.later(-60).wall, IEX, NOW.later(-60), 7, "V")

    merged = merge(WHOLE, Repair(symbol="AAPL", trade=standing, extended=False, origin=IEX, receipt=LATER))

    assert (merged.last, merged.last_size, merged.event_time) == (189.0, 5.0, NOW.later(-60).wall)
    assert (merged.print_id, merged.receipt) == ((7, "V"), LATER)


def test_a_print_of_the_extended_hours_has_a_name_of_its_own_and_its_repair_that_of_the_standing_one() -> None:
    first = Trade("AAPL", 192.0, 5.0, LATER.wall, IEX, LATER, 8, "V", ("@", "T"), "A")
    second = Trade("AAPL", 193.0, 5.0, LATER.later(1.0).wall, IEX, LATER.later(1.0), 9, "V", ("@", "T"), "A")

    printed = merge(merge(WHOLE, first), second)
    repaired = merge(printed, Repair(symbol="AAPL", trade=first, extended=True, origin=IEX, receipt=LATER.later(2.0)))

    assert (printed.extended_print_id, printed.print_id) == ((9, "V"), WHOLE.print_id)
    assert (repaired.extended_print_id, repaired.price) == ((8, "V"), 192.0)


OPTIONAL = st.none() | st.floats(min_value=1.0, max_value=500.0)
SNAPSHOTS = st.builds(
    Quote,
    symbol=st.just("AAPL"),
    origin=st.sampled_from([IEX, YAHOO]),
    receipt=st.just(LATER),
    last=OPTIONAL,
    previous_close=OPTIONAL,
    open=OPTIONAL,
    volume=OPTIONAL,
    bid=OPTIONAL,
    ask=OPTIONAL,
    name=st.none() | st.just("Apple"),
)


@given(SNAPSHOTS)
def test_no_snapshot_blanks_a_known_figure(snapshot: Quote) -> None:
    merged = merge(WHOLE, snapshot)

    for field in ("last", "previous_close", "open", "high", "low", "volume", "vwap", "day", "currency", "name"):
        assert getattr(merged, field) is not None
    assert (merged.bid, merged.ask) != (None, None)
    assert merged.symbol == "AAPL"


@given(SNAPSHOTS)
def test_a_snapshot_merged_twice_is_merged_once(snapshot: Quote) -> None:
    assert merge(merge(WHOLE, snapshot), snapshot) == merge(WHOLE, snapshot)


def test_a_board_knows_nothing_at_first() -> None:
    board = Board()

    assert board.served("AAPL") is None
    assert board.serving("AAPL") is None
    assert board.quote("AAPL", Source.ALPACA) is None
    assert board.version("AAPL") == 0
    assert board.drain() == set()


def test_the_first_word_of_a_source_starts_its_quote() -> None:
    board = Board()
    board.apply(bid_ask(189.0, 191.0))

    started = board.quote("AAPL", Source.ALPACA)

    assert started is not None
    assert (started.last, started.bid, started.origin) == (None, 189.0, IEX)


def test_what_no_source_serves_is_kept_but_not_shown() -> None:
    board = Board()
    board.apply(trade(190.0))

    assert board.served("AAPL") is None
    assert board.drain() == set()
    assert board.serve("AAPL", Source.ALPACA) is False, "the first choice moves nothing"
    assert board.served("AAPL") == board.quote("AAPL", Source.ALPACA)
    assert board.drain() == {"AAPL"}


def test_a_source_that_does_not_serve_changes_nothing_on_the_screen() -> None:
    board = Board()
    board.serve("AAPL", Source.ALPACA)
    board.apply(trade(190.0))
    board.drain()
    shown, version = board.served("AAPL"), board.version("AAPL")

    board.apply(trade(170.0, YAHOO))

    assert (board.served("AAPL"), board.version("AAPL"), board.drain()) == (shown, version, set())


def test_a_failover_shows_at_once_what_the_other_source_had_already_said() -> None:
    board = Board()
    board.serve("AAPL", Source.ALPACA)
    board.apply(trade(190.0))
    board.apply(trade(189.0, YAHOO))
    board.drain()

    assert board.serve("AAPL", Source.YAHOO) is True

    shown = board.served("AAPL")
    assert shown is not None
    assert (shown.last, shown.origin.source) == (189.0, Source.YAHOO)
    assert board.drain() == {"AAPL"}


def test_letting_the_same_source_serve_again_is_no_change() -> None:
    board = Board()
    board.serve("AAPL", Source.ALPACA)
    board.drain()

    assert board.serve("AAPL", Source.ALPACA) is False
    assert board.drain() == set()


def test_a_burst_is_drained_as_one_row_holding_the_newest() -> None:
    board = Board()
    board.serve("AAPL", Source.ALPACA)
    board.drain()

    for price in range(100, 200):
        board.apply(trade(float(price)))

    assert board.drain() == {"AAPL"}
    assert board.drain() == set()
    shown = board.served("AAPL")
    assert shown is not None
    assert shown.last == 199.0


def test_a_drained_set_is_the_callers_own() -> None:
    board = Board()
    board.touch(["AAPL", "MSFT"])
    drained = board.drain()
    board.touch(["SPY"])

    assert drained == {"AAPL", "MSFT"}


def test_a_row_may_be_marked_though_nothing_was_said() -> None:
    board = Board()
    board.touch(["AAPL"])

    assert board.version("AAPL") == 1
    assert board.drain() == {"AAPL"}


def test_a_forgotten_symbol_is_gone_but_its_version_never_falls_back() -> None:
    board = Board()
    board.serve("AAPL", Source.ALPACA)
    board.apply(trade(190.0))
    version = board.version("AAPL")

    board.forget("AAPL")

    assert board.served("AAPL") is None
    assert board.quote("AAPL", Source.ALPACA) is None
    assert board.drain() == set()
    board.serve("AAPL", Source.YAHOO)
    assert board.version("AAPL") > version


STEPS = st.lists(
    st.one_of(
        st.builds(lambda price, origin: trade(price, origin), st.floats(1, 500), st.sampled_from([IEX, YAHOO])),
        st.sampled_from([Source.ALPACA, Source.YAHOO]),
    ),
    max_size=30,
)


@given(STEPS)
def test_the_version_grows_with_every_change_shown_and_only_then_is_the_row_dirty(steps: list[Update | Source]) -> None:
    board = Board()
    for step in steps:
        shown, serving, version = board.served("AAPL"), board.serving("AAPL"), board.version("AAPL")
        if isinstance(step, Source):
            board.serve("AAPL", step)
        else:
            board.apply(step)
        changed = (board.served("AAPL"), board.serving("AAPL")) != (shown, serving)

        assert board.version("AAPL") >= version
        if changed:
            assert board.version("AAPL") > version
        if board.version("AAPL") == version:
            assert "AAPL" not in board.drain()
        else:
            assert board.drain() == {"AAPL"}
        current = board.served("AAPL")
        assert current is None or current.origin.source is board.serving("AAPL")


def test_symbols_do_not_mix() -> None:
    board = Board()
    board.serve("AAPL", Source.ALPACA)
    board.serve("MSFT", Source.ALPACA)
    board.apply(trade(190.0))
    board.apply(trade(400.0, symbol="MSFT", at=NOW.later(timedelta(seconds=1).total_seconds())))

    assert [row.last for symbol in ("AAPL", "MSFT") if (row := board.served(symbol))] == [190.0, 400.0]


@pytest.mark.parametrize("source", list(Source))
def test_any_source_can_serve(source: Source) -> None:
    board = Board()
    board.apply(trade(1.0, Origin(source, "x", None)))
    board.serve("AAPL", source)

    assert board.served("AAPL") is not None


def test_the_range_of_a_year_is_any_sources_that_tells_both_ends() -> None:
    board = Board()
    board.apply(Quote(symbol="AAPL", origin=IEX, receipt=NOW, last=190.0))
    board.serve("AAPL", Source.ALPACA)
    assert board.year_range("AAPL") is None

    board.apply(Quote(symbol="AAPL", origin=YAHOO, receipt=NOW, last=190.0, year_low=164.0))
    assert board.year_range("AAPL") is None

    board.apply(Quote(symbol="AAPL", origin=YAHOO, receipt=LATER, year_high=237.5))
    assert board.year_range("AAPL") == (164.0, 237.5)


def test_a_range_that_is_upside_down_is_none() -> None:
    board = Board()
    board.apply(Quote(symbol="AAPL", origin=YAHOO, receipt=NOW, year_low=237.5, year_high=164.0))
    assert board.year_range("AAPL") is None

"""The status never says that there is no source beside a row that one serves, nor the other way round."""

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from own_market_truth import BASES, NEW_YORK, STREAMED, TrueMarket

from mytrader_tui.market.failover.router import State
from mytrader_tui.market.freshness import BadgeKind
from mytrader_tui.market.link import Reason
from mytrader_tui.market.quote import Source

SERVED = (BadgeKind.LIVE, BadgeKind.DELAYED)
NONE = ("No source", "Connecting")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.sampled_from([1.0, 4.0, 6.0, 59.0, 61.0, 151.0])),
        st.tuples(st.just("stay"), st.sampled_from([4.0, 30.0, 120.0])),
        st.tuples(st.just("pin"), st.sampled_from([None, Source.ALPACA, Source.YAHOO])),
        st.tuples(st.just("fail"), st.sampled_from([Reason.DROPPED, Reason.AUTH_FAILED, Reason.CONNECTION_LIMIT])),
        st.sampled_from([("up", None), ("print", None), ("answer", None), ("refuse", None), ("refuse", None)]),
    ),
    max_size=25,
)


def do(market: TrueMarket, what: str, value: object) -> None:
    match what:
        case "wait":
            market.wait(value)
        case "stay":
            for _ in range(8):
                market.wait(value / 8, alive=True)
        case "pin":
            market.desk.pin(value)
        case "fail":
            market.go_down(value)
        case "up":
            market.come_up(frozenset(STREAMED))
        case "print":
            for symbol in STREAMED:
                market.print(symbol, 0.0)
        case "answer":
            market.answer([*BASES], 900.0, 900.0, None)
        case "refuse":
            market.refuse_poll(Reason.NETWORK)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("agreeing")


@settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck), database=None)
@given(steps=STEPS)
def test_no_source_is_said_exactly_where_no_row_is_served(folder: Path, steps: list[tuple[str, object]]) -> None:
    market = TrueMarket(datetime(2026, 11, 10, 10, 30, tzinfo=NEW_YORK), folder)
    for what, value in steps:
        do(market, what, value)
        now = market.clock()
        status = market.desk.status(now)
        served = {market.desk.board.serving(row) for row in BASES if market.desk.badge(row, now).kind in SERVED}
        said_none = status.story[0].startswith(NONE)

        assert not (said_none and served), f"{status.story} beside rows of {served}"
        if status.state is State.BOTH_UNAVAILABLE:
            assert said_none or market.alpaca.link.proven(now) or market.yahoo.link.proven(now), status.story
            assert all(status.story)

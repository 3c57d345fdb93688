"""The proof of a row, from a running monitor: it says what the row says, and why."""

import json

import pytest
from desk_under_test import QUICK, running, until, until_badges, until_serving
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from mytrader_tui.demo.market import DemoMarket
from mytrader_tui.market.freshness import BadgeKind, BadgeRule
from mytrader_tui.market.inspection import KEPT_CHANGES
from mytrader_tui.market.link import Link, Reason
from mytrader_tui.market.moment import EPOCH
from mytrader_tui.market.quote import Origin, Quote, Source, Trade
from mytrader_tui.market.serving import Ground
from mytrader_tui.market.trust.validation import Rule
from mytrader_tui.monitor.clock import system_clock
from mytrader_tui.monitor.inspecting import Inspector
from mytrader_tui.monitor.intake import Intake
from mytrader_tui.settings import Settings

LIVE, DELAYED, STALE, NO_DATA = BadgeKind.LIVE, BadgeKind.DELAYED, BadgeKind.STALE, BadgeKind.NO_DATA
TEST = replace(Settings(), alpaca=replace(Settings().alpaca, feed="test"))
IEX = Origin(Source.ALPACA, "iex", 0.0)
YAHOO = Origin(Source.YAHOO, "quote", 900.0, polled=True)


def noted(monitor, symbol):
    return [change.kind for change in monitor.inspect(symbol, monitor.now()).badge_changes]


@pytest.fixture
async def market():
    async with DemoMarket(clock=system_clock, ticks_per_second=50.0) as market:
        yield market


async def test_a_live_row_is_proved_by_both_sources(market, tmp_path):
    async with running(market, tmp_path) as monitor:
        await until_serving(monitor, AAPL=LIVE, _GSPC=DELAYED)
        now = monitor.now()

        proof = monitor.inspect("AAPL", now)

        assert proof.explanation.badge == monitor.badge("AAPL", now)
        assert proof.explanation.rule is BadgeRule.REAL_TIME
        assert proof.ground is Ground.STREAMED
        assert [view.source for view in proof.sources] == [Source.ALPACA, Source.YAHOO]
        assert [view.serves for view in proof.sources] == [True, False]
        assert proof.story == monitor.status(now).story
        assert proof.sources[0].latency is not None


async def test_a_row_that_alpaca_cannot_stream_says_so(market, tmp_path):
    async with running(market, tmp_path) as monitor:
        await until_serving(monitor, _GSPC=DELAYED)

        proof = monitor.inspect("^GSPC", monitor.now())

        assert proof.ground is Ground.ONLY_YAHOO
        assert proof.explanation.rule is BadgeRule.POLLED
        assert proof.sources[0].link.reason is Reason.SYMBOL_LIMIT


async def test_the_changes_of_badge_and_source_are_noted_while_they_happen(market, tmp_path):
    async with running(market, tmp_path) as monitor:
        await until_serving(monitor, AAPL=LIVE)
        await until(lambda: LIVE in noted(monitor, "AAPL"), "the note of it being live")

        market.gates.stream.refuse()
        market.gates.stream.cut()
        await until_badges(monitor, AAPL=DELAYED)
        await until(lambda: noted(monitor, "AAPL")[0] is DELAYED, "the note of it being delayed")

        proof = monitor.inspect("AAPL", monitor.now())
        newest = proof.badge_changes[0]
        assert (newest.source, newest.rule) == (Source.YAHOO, BadgeRule.POLLED)
        assert LIVE in noted(monitor, "AAPL")
        assert proof.source_changes[0].cause == monitor.ledger[-1].cause


async def test_what_is_copied_is_json_with_the_fields_of_a_snapshot(market, tmp_path):
    async with running(market, tmp_path) as monitor:
        await until_serving(monitor, AAPL=LIVE)

        copied = json.loads(monitor.inspect_json("AAPL", monitor.now()))

        assert copied["row"]["badge"] == "LIVE"
        assert copied["row"]["source"] == "alpaca"
        assert copied["row"]["event_time"].endswith("Z")


async def test_sources_that_contradict_each_other_are_told_in_numbers(market, tmp_path, monkeypatch):
    monkeypatch.setattr("mytrader_tui.monitor.questions.OPINION_SECONDS", 0.3)
    async with running(market, tmp_path, QUICK) as monitor:
        market.faults.yahoo_prompt = True
        await until_badges(monitor, MSFT=LIVE)

        market.faults.yahoo_doubled = frozenset({"MSFT"})
        await until(lambda: monitor.mark("MSFT") != "", "the row is marked")

        proof = monitor.inspect("MSFT", monitor.now())
        assert proof.held == "possible split 2:1"
        assert proof.explanation.because.startswith("the row is held because the sources contradict each other")
        assert proof.comparison is not None
        assert proof.comparison.basis_points == monitor.apart("MSFT")


# Without a market: every instant by hand.


class Hand:
    """An intake whose clock stands still until told, and its inspector."""

    def __init__(self) -> None:
        self.now = EPOCH.later(1e9)
        self.intake = Intake(TEST, lambda: self.now, lambda: None)
        self.inspector = Inspector(self.intake)

    def wait(self, seconds: float) -> None:
        self.now = self.now.later(seconds)

    def note(self) -> None:
        self.inspector.note(self.now)

    def trade(self, symbol: str, price: float) -> None:
        self.intake.publish([Trade(symbol, price, 100, self.now.wall, IEX, self.now)])

    def answer(self, symbol: str, price: float) -> None:
        self.intake.publish(
            [Quote(symbol=symbol, origin=YAHOO, receipt=self.now, last=price, event_time=self.now.wall)]
        )


class Feed:
    """A feed as far as the intake asks it."""

    def __init__(self, source: Source, link: Link, covered: frozenset[str]) -> None:
        self.source, self.link, self.covered = source, link, covered


def connected(*symbols: str) -> Hand:
    hand = Hand()
    hand.intake.watch(symbols)
    link = Link(up=True, since=hand.now, heard=hand.now)
    hand.intake.attach(Feed(Source.ALPACA, link, frozenset(symbols)))
    return hand


def test_a_badge_that_stays_is_noted_once_and_a_change_with_its_rule():
    hand = connected("AAPL")
    for _ in range(3):
        hand.note()
        hand.wait(1.0)
    hand.trade("AAPL", 100.0)
    for _ in range(3):
        hand.note()
        hand.wait(1.0)
    hand.wait(9.0)
    hand.note()

    changes = hand.inspector.inspect("AAPL", hand.now).badge_changes
    assert [(change.kind, change.rule) for change in changes] == [
        (STALE, BadgeRule.SILENT),
        (LIVE, BadgeRule.REAL_TIME),
        (NO_DATA, BadgeRule.NO_PRICE),
    ]
    assert changes[0].at == hand.now


def test_the_notes_are_bounded_and_go_with_their_symbol():
    hand = connected("AAPL", "MSFT")
    for price in range(3 * KEPT_CHANGES):
        hand.trade("AAPL", 100.0 + price / 100)
        hand.intake.attach(
            Feed(Source.ALPACA, Link(up=price % 2 == 0, since=hand.now, heard=hand.now), frozenset({"AAPL"}))
        )
        hand.note()

    assert len(hand.inspector.inspect("AAPL", hand.now).badge_changes) == KEPT_CHANGES

    hand.intake.watch(["MSFT"])
    hand.note()
    hand.intake.watch(["MSFT", "AAPL"])

    assert hand.inspector.inspect("AAPL", hand.now).badge_changes == ()


def test_refused_prints_are_told_with_rule_and_value_newest_first():
    hand = connected("AAPL")
    hand.trade("AAPL", 100.0)
    hand.wait(1.0)
    hand.trade("AAPL", -3.0)
    hand.wait(1.0)
    hand.trade("AAPL", 1000.0)

    refused = hand.inspector.inspect("AAPL", hand.now).refused

    assert [(each.rule, each.text) for each in refused] == [
        (Rule.JUMP, "trade 1000 × 100"),
        (Rule.NOT_POSITIVE, "trade -3 × 100"),
    ]
    assert refused[0].at == hand.now


def test_a_symbol_that_nobody_knows_can_be_inspected():
    proof = connected("AAPL").inspector.inspect("NOPE", EPOCH)

    assert proof.explanation.rule is BadgeRule.NO_PRICE
    assert proof.ground is Ground.NO_PRICE
    assert all(view.quote is None for view in proof.sources)


def test_what_an_earlier_run_knew_is_told_as_the_disks():
    hand = connected("AAPL")
    cached = Quote(symbol="AAPL", origin=Origin(Source.CACHE, "disk", None), receipt=hand.now.later(-900.0), last=99.0)
    hand.intake.restore([cached])

    proof = hand.inspector.inspect("AAPL", hand.now)

    assert [view.source for view in proof.sources] == [Source.ALPACA, Source.YAHOO, Source.CACHE]
    assert proof.explanation.badge.kind is BadgeKind.CACHED


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.floats(0.1, 400.0)),
        st.tuples(st.just("trade"), st.floats(-1.0, 300.0)),
        st.tuples(st.just("answer"), st.floats(-1.0, 300.0)),
        st.tuples(st.just("link"), st.booleans()),
        st.tuples(st.just("pin"), st.sampled_from([None, Source.ALPACA, Source.YAHOO])),
    ),
    max_size=25,
)


@given(STEPS)
def test_whatever_happens_the_proof_says_what_the_row_says(steps):
    hand = connected("AAPL")
    for what, value in steps:
        match what:
            case "wait":
                hand.wait(value)
                hand.intake.tick()
            case "trade":
                hand.trade("AAPL", value)
            case "answer":
                hand.answer("AAPL", value)
            case "link":
                link = Link(up=value, since=hand.now, heard=hand.now)
                hand.intake.attach(Feed(Source.ALPACA, link, frozenset({"AAPL"})))
                hand.intake.link_changed(Source.ALPACA, link)
            case "pin":
                hand.intake.pin(value)
        hand.note()
        proof = hand.inspector.inspect("AAPL", hand.now)

        assert proof.explanation.badge == hand.intake.badge("AAPL", hand.now)
        assert proof.served == hand.intake.board.served("AAPL")
        assert proof.badge_changes[0].kind is proof.explanation.badge.kind
        serving = [view.source for view in proof.sources if view.serves]
        assert serving == ([hand.intake.board.serving("AAPL")] if serving else [])

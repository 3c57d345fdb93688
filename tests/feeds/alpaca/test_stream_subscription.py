"""What to ask for and how it differs from what is: pure."""

from hypothesis import given
from hypothesis import strategies as st

from mytrader_tui.feeds.alpaca.subscription import (
    NOTHING,
    Channel,
    Demand,
    Subscription,
    acknowledged,
    adding,
    removing,
)
from mytrader_tui.feeds.alpaca.wire import SubscriptionMessage

symbols = st.lists(st.sampled_from(["A", "B", "C", "D", "E", "F", "SPY", "^GSPC", "BTC-USD", "BRK.B"]), max_size=12)
subscriptions = st.dictionaries(
    st.sampled_from("ABCDEF"), st.sampled_from([Channel.QUOTES, Channel.ALL, Channel.TRADES])
).map(Subscription)


def demand(*wanted, cap=30, canary=""):
    made = Demand(cap, canary)
    made.want(wanted)
    return made


def test_the_earlier_symbols_are_served_first():
    assert list(demand("A", "B", "C", cap=2).plan().channels) == ["A", "B"]


def test_what_alpaca_cannot_know_is_not_asked_for():
    assert list(demand("AAPL", "^GSPC", "BTC-USD", "7203.T", "BRK.B").plan().channels) == ["AAPL", "BRK.B"]


def test_a_symbol_wanted_twice_takes_one_place():
    assert list(demand("A", "A", "B", cap=2).plan().channels) == ["A", "B"]


def test_the_canary_has_quotes_alone():
    plan = demand("A", canary="SPY").plan()

    assert (plan.of("A"), plan.of("SPY")) == (Channel.ALL, Channel.QUOTES)


def test_the_canary_takes_no_place_from_a_wanted_symbol():
    assert "SPY" not in demand("A", "B", cap=2, canary="SPY").plan()


def test_a_wanted_canary_is_a_symbol_like_any_other():
    assert demand("A", "SPY", canary="SPY").plan().channels == {"A": Channel.ALL, "SPY": Channel.ALL}


def test_a_canary_that_alpaca_cannot_know_is_none():
    assert demand("A", canary="^GSPC").plan().channels == {"A": Channel.ALL}


def test_the_canary_is_not_covered_unless_it_is_wanted():
    wanted = demand("A", canary="SPY")
    known = acknowledged(SubscriptionMessage(trades=("A",), quotes=("A", "SPY"), daily_bars=("A",)))

    assert wanted.covered_by(known) == {"A"}
    assert wanted.canary_in(known)


def test_a_canary_that_becomes_wanted_gains_only_what_it_lacks():
    before, after = demand("A", canary="SPY").plan(), demand("A", "SPY", canary="SPY").plan()

    request = adding(after.minus(before))

    assert (request.trades, request.quotes, request.daily_bars) == (("SPY",), (), ("SPY",))


def test_a_refused_symbol_is_left_out_until_it_leaves_the_list_and_returns():
    wanted = demand("A", "B", "C")
    wanted.refuse(["B"])
    assert list(wanted.plan().channels) == ["A", "C"]

    wanted.want(["A"])
    wanted.want(["A", "B"])

    assert list(wanted.plan().channels) == ["A", "B"]


def test_what_the_server_did_not_give_is_said_in_words():
    wanted = demand("A", "B", "C")
    wanted.cap = 2
    wanted.refuse(["B"])

    assert wanted.note == "the plan allows 2 symbols; the server refused B"


def test_a_server_that_allowed_nothing_is_asked_again_on_a_new_socket():
    wanted = demand("A")
    wanted.cap = 0

    wanted.begin()

    assert list(wanted.plan().channels) == ["A"]


@given(symbols, st.integers(0, 12), st.sampled_from(["", "SPY"]))
def test_a_smaller_cap_gives_a_beginning_of_a_larger_ones_plan(wanted, cap, canary):
    made = demand(*wanted, canary=canary)

    smaller, larger = list(made.plan(cap).channels.items()), list(made.plan(cap + 1).channels.items())

    assert len(smaller) <= cap
    assert larger[: len(smaller)] == smaller


@given(subscriptions, subscriptions)
def test_removing_and_adding_the_differences_leads_from_one_to_the_other(before, after):
    moved = before.minus(before.minus(after)).plus(after.minus(before))

    assert moved == after


@given(subscriptions, subscriptions)
def test_a_difference_asks_for_nothing_that_is_there_and_takes_nothing_that_is_not(before, after):
    added, removed = after.minus(before), before.minus(after)

    assert not any(added.of(each) & before.of(each) for each in added.channels)
    assert all(removed.of(each) in before.of(each) for each in removed.channels)
    assert removing(removed).trades == removed.on(Channel.TRADES)


@given(subscriptions, st.integers(1, 4))
def test_parts_hold_everything_once(whole, size):
    parts = list(whole.parts(size))

    assert all(0 < len(part) <= size for part in parts)
    together = NOTHING
    for part in parts:
        together = together.plus(part)
    assert together == whole
    assert sum(map(len, parts)) == len(whole)

"""The status bar's story: who serves, why, and what happens next and when, never better than the evidence."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from mytrader_tui.market.failover import evidence as ev
from mytrader_tui.market.failover.breaker import Breaker, BreakerState
from mytrader_tui.market.failover.evidence import Phase
from mytrader_tui.market.failover.router import Model, State, Timers, start, step
from mytrader_tui.market.failover.story import clock_span, tell
from mytrader_tui.market.link import Link, Reason
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Source

ORIGIN = Moment(datetime(2026, 11, 20, 15, 0, tzinfo=UTC), 0.0)


def at(seconds: float) -> Moment:
    return ORIGIN.later(seconds)


def link(now: float, *, up: bool = True, since: float = 0.0, reason: Reason | None = None) -> Link:
    return Link(up=up, since=at(since), heard=at(now if up else since), reason=reason)


def live(phase: Phase = Phase.OPEN) -> Model:
    """A router whose primary streams since second 1, with a fallback that answered."""
    return play(
        start(Timers(), 0.0, phase=phase),
        (0.5, ev.PollSucceeded()),
        (1, ev.Subscribed(3, True)),
        (1, ev.LinkUp()),
        (1, ev.Life()),
    )


def play(model: Model, *events: tuple[float, ev.Evidence]) -> Model:
    for now, event in events:
        model, _ = step(model, event, now)
    return model


def story(model: Model, primary: Link, now: float, cause: str = "cause") -> str:
    return " · ".join(tell(play(model, (now, ev.Tick())), primary, cause, at(now)))


def test_a_serving_primary_says_for_how_long():
    assert story(live(), link(6), 6) == "Alpaca serving for 0:05"


def test_a_lost_link_is_told_at_once_with_the_countdown_to_the_failover():
    model = play(live(), (10, ev.LinkDown(Reason.DROPPED)))

    told = story(model, link(19, up=False, since=10, reason=Reason.DROPPED), 19)

    assert told == "Alpaca down 0:09: the connection was lost · Yahoo takes over in 0:51"


def test_a_lost_link_without_a_working_fallback_promises_none():
    model = play(live(), *[(5, ev.PollFailed())] * 3, (10, ev.LinkDown(Reason.DROPPED)))

    assert "Yahoo does not answer either" in story(model, link(19, up=False, since=10), 19)


def test_a_disconnect_while_the_market_is_closed_threatens_nothing():
    model = play(live(Phase.CLOSED), (10, ev.LinkDown(Reason.DROPPED)))

    assert "the market is closed: nothing is missed" in story(model, link(500, up=False, since=10), 500)


def test_silence_is_told_before_it_fails_over():
    assert story(live(), link(32), 32) == "Alpaca silent 0:31 · Yahoo takes over in 0:29"


def test_a_short_silence_is_no_news():
    assert story(live(), link(9), 9) == "Alpaca serving for 0:08"


def test_a_link_that_is_up_but_not_heard_is_not_said_to_serve():
    assert story(live(), replace(link(9), heard=at(2)), 9).startswith("Alpaca does not answer")


def test_a_fallback_says_why_and_when_the_primary_returns():
    failed = play(live(), (10, ev.LinkDown(Reason.DROPPED)), (60, ev.PollSucceeded()), (70, ev.Tick()))
    assert failed.state is State.FALLBACK_ACTIVE
    back = play(failed, (80, ev.LinkUp()), (80, ev.Life()), (100, ev.Life()), (110, ev.PollSucceeded()))

    assert story(back, link(110), 110) == "Yahoo serving for 0:40 · cause · back to live after 1:30 of steady data"


def test_a_fallback_without_a_way_back_promises_none():
    model = play(live(), (10, ev.LinkDown(Reason.AUTH_FAILED)))

    assert (
        story(model, link(15, up=False, since=10), 15, "the keys were refused")
        == "Yahoo serving for 0:05 · the keys were refused"
    )


def test_an_open_breaker_is_explained_with_its_countdown():
    failed = play(live(), (10, ev.LinkDown(Reason.DROPPED)), (60, ev.PollSucceeded()), (70, ev.Tick()))
    tripped = replace(failed, breaker=Breaker(BreakerState.OPEN, since=70.0))
    back = play(tripped, (80, ev.LinkUp()), (80, ev.Life()))

    assert story(back, link(100), 100).endswith("too many failovers: Alpaca is tried again in 14:30")


def test_nothing_yet_is_told_as_connecting():
    assert story(start(Timers(), 0.0, phase=Phase.OPEN), link(0, up=False), 1).startswith("Connecting")


FAILED = ((1.0, ev.PollFailed()),) * 3
UNREACHED = (0.5, ev.LinkDown(Reason.NETWORK))


@pytest.mark.parametrize(
    ("fatal", "fallback", "events", "told"),
    [
        (Reason.NO_KEYS, True, FAILED, "Yahoo does not answer · Yahoo is tried again"),
        (Reason.DISABLED, True, FAILED, "Yahoo does not answer · Yahoo is tried again"),
        (Reason.NO_KEYS, False, (), "no Alpaca keys; Yahoo is switched off"),
        (Reason.DISABLED, False, (), "Alpaca is switched off; Yahoo is switched off"),
        (
            Reason.SECOND_INSTANCE,
            False,
            (),
            "another mytrader-tui on this machine holds the stream; Yahoo is switched off · Alpaca is tried again",
        ),
        (
            None,
            True,
            ((0.5, ev.LinkDown(Reason.AUTH_FAILED)), *FAILED),
            "the keys were refused; Yahoo does not answer either · Yahoo is tried again",
        ),
        (
            None,
            True,
            (UNREACHED, *FAILED),
            "Alpaca down: cannot reach the server; Yahoo does not answer either · both are tried again",
        ),
        (
            None,
            False,
            (UNREACHED,),
            "Alpaca down: cannot reach the server; Yahoo is switched off · Alpaca is tried again",
        ),
    ],
)
def test_no_source_is_told_with_what_is_the_matter_and_what_is_tried_again_and_no_more(fatal, fallback, events, told):
    model = play(start(Timers(), 0.0, phase=Phase.OPEN, fatal=fatal, fallback=fallback), *events)

    assert story(model, link(2, up=False), 42, "") == f"No source for 0:42 · {told}"


def test_a_fallback_that_failed_alone_is_not_said_to_wait_for_alpaca():
    serving = play(start(Timers(), 0.0, phase=Phase.OPEN, fatal=Reason.NO_KEYS), (1, ev.PollSucceeded()))

    _, made = step(play(serving, *[(2.0, ev.PollFailed())] * 2), ev.PollFailed(), 3)

    assert [transition.cause for transition in made] == ["Yahoo failed"]


@pytest.mark.parametrize("fatal", [Reason.NO_KEYS, Reason.DISABLED])
def test_a_lone_yahoo_is_connecting_until_it_answered_or_failed(fatal):
    model = start(Timers(), 0.0, phase=Phase.OPEN, fatal=fatal)

    assert story(model, link(0, up=False), 1, "") == "Connecting · no source has answered yet"
    assert story(play(model, (1, ev.PollFailed())), link(0, up=False), 2, "").startswith("No source for 0:02")


def test_a_source_that_is_connected_in_vain_does_not_hide_that_the_other_may_come():
    model = play(start(Timers(), 0.0, phase=Phase.OPEN), *FAILED)

    assert story(model, link(0, up=False), 2, "") == "Connecting · no source has answered yet"


def test_rows_that_are_served_all_the_same_are_told_and_not_denied():
    asked = play(start(Timers(), 0.0, phase=Phase.OPEN), (1, ev.PollSucceeded()))
    pinned = play(live(), (5, ev.Pinned(Source.YAHOO)), *[(6.0, ev.PollFailed())] * 3)

    assert (
        " · ".join(tell(asked, link(0, up=False), "", at(2), {Source.YAHOO}))
        == "Yahoo serving meanwhile · Alpaca is connecting"
    )
    assert (
        " · ".join(tell(pinned, link(7), "you chose Yahoo, and it does not answer", at(7), {Source.ALPACA}))
        == "Alpaca serving meanwhile · you chose Yahoo, and it does not answer · pinned to Yahoo"
    )


def test_a_fallback_that_is_all_there_is_needs_no_cause():
    model = play(start(Timers(), 0.0, phase=Phase.OPEN, fatal=Reason.DISABLED), (1, ev.PollSucceeded()))

    assert story(model, link(0, up=False), 9, "switched off") == "Yahoo serving for 0:08"


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (9.4, "0:09"), (59.6, "1:00"), (754, "12:34"), (3723, "1:02:03"), (-3, "0:00")]
)
def test_a_span_reads_like_a_timer(seconds, text):
    assert clock_span(seconds) == text


def test_a_pin_is_told_and_no_evidence_promises_to_overrule_it():
    pinned = play(live(), (5, ev.Pinned(Source.ALPACA)))

    assert story(pinned, link(6), 6) == "Alpaca serving for 0:05 · pinned to Alpaca"
    assert story(pinned, link(40), 40) == "Alpaca silent 0:39 · pinned to Alpaca: Yahoo does not take over"


def test_a_choice_that_was_taken_back_is_no_cause_any_more():
    freed = play(live(), (5, ev.Pinned(Source.YAHOO)), (9, ev.Life()), (10, ev.Pinned(None)), (10, ev.Life()))

    told = story(freed, link(11), 11, "you chose Yahoo")

    assert told == "Yahoo serving for 0:06 · automatic again · back to live after 1:50 of steady data"


def test_behind_a_choice_that_was_taken_back_stands_what_is_the_matter_now():
    taken_back = play(live(), (5, ev.Pinned(Source.YAHOO)), (6, ev.LinkDown(Reason.DROPPED)), (10, ev.Pinned(None)))

    assert (
        story(taken_back, link(80, up=False, since=6), 80, "you chose Yahoo")
        == "Yahoo serving for 1:15 · Alpaca down for 60 s: the connection was lost"
    )


def test_a_pinned_fallback_promises_no_way_back():
    pinned = play(live(), (5, ev.Pinned(Source.YAHOO)))

    assert story(pinned, link(9), 9, "you chose Yahoo") == "Yahoo serving for 0:04 · pinned to Yahoo"


def test_a_pin_to_a_source_that_is_down_says_what_is_waited_for():
    pinned = play(live(), (5, ev.Pinned(Source.ALPACA)), (6, ev.LinkDown(Reason.DROPPED)))

    assert story(pinned, link(9, up=False, since=6), 9) == "No source for 0:03 · cause · pinned to Alpaca"


def test_a_spent_budget_is_explained_with_its_countdown():
    failed = play(live(), (10, ev.LinkDown(Reason.DROPPED)), (60, ev.PollSucceeded()), (70, ev.Tick()))
    spent = replace(failed, spent=tuple(float(at) for at in range(61, 71)))
    back = play(spent, (80, ev.LinkUp()), (80, ev.Life()))

    assert story(back, link(100), 100).endswith("too many failovers: Alpaca is tried again in 1:59:21")

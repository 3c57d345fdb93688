"""The failover state machine: what the user chooses, and what the keeper of discrepancies finds."""

import pytest
from msgspec.structs import replace
from router_bench import BOTH, FALLBACK, PRIMARY, UP, Bench, failed_over, flap, serving

from mytrader_tui.market.failover.breaker import BreakerState
from mytrader_tui.market.failover.evidence import (
    Evidence,
    Invalid,
    Life,
    LinkDown,
    Phase,
    Pinned,
    PollFailed,
    PollSucceeded,
)
from mytrader_tui.market.failover.evidence import Untrusted as Broken
from mytrader_tui.market.failover.router import Timers, fallback_wanted, return_barred_until
from mytrader_tui.market.link import Reason
from mytrader_tui.market.quote import Source

TO_YAHOO, TO_ALPACA, FREE = Pinned(Source.YAHOO), Pinned(Source.ALPACA), Pinned(None)

# Pins: transition T10


def test_a_pin_to_yahoo_moves_at_once_and_is_no_failover() -> None:
    bench = serving().at(10, TO_YAHOO)

    assert (bench.path, bench.cause) == ([PRIMARY, FALLBACK], "you chose Yahoo")
    assert (bench.model.exits, bench.model.spent, bench.model.breaker.last_exit) == ((), (), None)


def test_a_pin_to_yahoo_holds_however_well_alpaca_streams() -> None:
    assert serving().at(10, TO_YAHOO).every_second(11, 3600, Life(), PollSucceeded()).state is FALLBACK


@pytest.mark.parametrize("failure", [[PollFailed()] * 3, [PollFailed(retry_after=60.0)]])
def test_a_pin_to_a_yahoo_that_is_down_leaves_no_source_until_it_answers(failure: list[Evidence]) -> None:
    bench = serving().at(10, TO_YAHOO, *failure)
    assert (bench.state, bench.cause) == (BOTH, "you chose Yahoo, and it does not answer")

    assert bench.at(11, Life(), PollSucceeded()).state is FALLBACK


def test_a_pin_to_a_yahoo_that_is_switched_off_says_so() -> None:
    bench = Bench(fallback=False).at(0, *UP, Life(), TO_YAHOO)

    assert (bench.state, bench.cause) == (BOTH, "you chose Yahoo, and it is switched off")


@pytest.mark.parametrize(("second", "state"), [(159, FALLBACK), (160, BOTH)])
def test_a_pinned_yahoo_that_gives_no_answer_for_its_limit_serves_no_more(second: int, state: object) -> None:
    assert serving().at(10, TO_YAHOO, PollSucceeded()).at(second, Life()).state is state


@pytest.mark.parametrize("trouble", [[Invalid(100)], [Broken(True)], []])
def test_a_pin_to_alpaca_holds_while_its_link_is_up_whatever_else(trouble: list[Evidence]) -> None:
    bench = serving().at(1, TO_ALPACA, *trouble).every_second(2, 600, PollSucceeded())

    assert bench.path == [PRIMARY]


def test_a_pin_to_alpaca_takes_it_before_any_print_and_before_its_hold() -> None:
    assert failed_over().at(70, *UP, TO_ALPACA).state is PRIMARY
    assert Bench().at(1, PollSucceeded(), *UP, TO_ALPACA).state is PRIMARY


def test_a_pin_to_an_alpaca_that_is_down_leaves_no_source_until_it_is_up() -> None:
    bench = serving().at(1, TO_ALPACA, PollSucceeded()).at(2, LinkDown(Reason.DROPPED))
    assert (bench.state, bench.cause) == (BOTH, "you chose Alpaca, and it is down: the connection was lost")
    assert bench.model.exits == ()

    assert bench.at(30, PollSucceeded()).at(31, *UP).path == [PRIMARY, BOTH, PRIMARY]


def test_a_pin_to_alpaca_passes_an_open_breaker() -> None:
    bench = serving()
    second = flap(bench, 4)

    bench.at(second, TO_ALPACA)

    assert (bench.state, bench.model.breaker.state) == (PRIMARY, BreakerState.OPEN)


def test_without_a_pin_the_evidence_counts_anew() -> None:
    steady = serving().at(10, TO_YAHOO).every_second(11, 200, Life(), PollSucceeded()).at(201, FREE)
    silent = serving().at(1, TO_ALPACA).at(100, PollSucceeded()).at(101, FREE)
    down = serving().at(1, TO_ALPACA, LinkDown(Reason.DROPPED), PollSucceeded()).at(2, FREE)

    assert (steady.state, silent.state, down.state) == (PRIMARY, FALLBACK, FALLBACK)
    assert len(silent.model.exits) == 1


def test_a_short_flow_under_a_pin_is_held_like_any_other() -> None:
    bench = failed_over().at(70, TO_YAHOO, *UP).every_second(70, 100, Life(), PollSucceeded()).at(101, FREE)
    assert bench.state is FALLBACK

    assert bench.every_second(102, 190, Life(), PollSucceeded()).state is PRIMARY


def test_a_pin_to_what_no_longer_tells_prices_is_none() -> None:
    assert serving().at(1, Pinned(Source.CACHE)).model.pinned is None


@pytest.mark.parametrize("trouble", [LinkDown(Reason.DROPPED), Invalid(100), Broken(True)])
def test_the_fallback_is_kept_warm_behind_a_pinned_primary_in_trouble(trouble: Evidence) -> None:
    assert not fallback_wanted(serving().at(1, TO_ALPACA).model)
    assert fallback_wanted(serving().at(1, TO_ALPACA, trouble).model)


# Distrust: transition T12


def test_a_primary_that_breaks_with_its_own_prices_fails_over_at_once() -> None:
    bench = serving().at(1, PollSucceeded(), Broken(True))

    assert (bench.state, bench.cause) == (FALLBACK, "Alpaca's prices break with its own last prices")


def test_distrust_lasts_until_it_is_lifted_even_over_a_new_connection() -> None:
    bench = serving().at(1, Broken(True)).at(2, LinkDown(Reason.DROPPED)).at(3, *UP)
    assert bench.every_second(4, 400, Life(), PollSucceeded()).state is FALLBACK

    bench.at(401, Broken(False)).every_second(402, 520, Life(), PollSucceeded())
    assert bench.state is FALLBACK
    assert bench.at(521, Life()).state is PRIMARY


# The budget of exits


def test_after_the_tenth_exit_within_two_hours_the_primary_waits_until_the_first_is_two_hours_old() -> None:
    timers = Timers(recovery_seconds=1.0, history_seconds=1.0)
    bench, second = serving(timers=timers), 0
    for exits in range(1, 10):
        second = flap(bench, 1, second)
        assert (len(bench.model.spent), bench.state) == (exits, PRIMARY)
    first = int(bench.model.spent[0] - bench.model.started)

    bench.at(second, LinkDown(Reason.AUTH_FAILED), PollSucceeded(), *UP, Life())
    assert bench.model.breaker.state is BreakerState.CLOSED
    assert return_barred_until(bench.model) == bench.model.started + first + 7200

    assert bench.every_second(second, first + 7199, Life(), PollSucceeded()).state is FALLBACK
    assert bench.at(first + 7200, Life()).state is PRIMARY


def test_the_budget_never_stands_in_the_way_of_an_emergency() -> None:
    timers = Timers(recovery_seconds=1.0, history_seconds=1.0)
    bench, second = serving(timers=timers), 0
    for _ in range(9):
        second = flap(bench, 1, second)
    bench.at(second, PollSucceeded(), LinkDown(Reason.AUTH_FAILED)).at(second, *UP, Life())
    assert bench.at(second + 30, Life(), PollSucceeded()).state is FALLBACK

    assert bench.at(second + 31, Life(), *[PollFailed()] * 3).state is PRIMARY


# The closed market and the pins


def test_a_pin_to_alpaca_in_a_closed_market_shows_no_source_while_it_is_down() -> None:
    assert serving(Phase.CLOSED).at(1, TO_ALPACA).at(2, LinkDown(Reason.NETWORK)).state is BOTH


def test_with_the_budget_overdrawn_the_bar_is_said_to_end_when_nine_exits_are_left() -> None:
    model = replace(serving().model, spent=tuple(float(at) for at in range(9_980, 9_992)))

    assert return_barred_until(model) == 9_982.0 + 7200.0

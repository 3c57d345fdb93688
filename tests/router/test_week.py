"""A week of the market with twenty outages: none invented, none missed, each way back as long as it must be.

    PYTHONPATH=. python tests/router/test_week.py

prints the figures, beside those of the rule that fails over after sixty seconds of silence.
"""

from collections.abc import Iterator
from datetime import date
from functools import cache

import pytest
from week_kit import HARMLESS, ILLIQUID, LIQUID, NO_CANARY, Calendar, Kind, Liquidity, Outage, plan
from week_run import T0, Week

from mytrader_tui.market.failover.evidence import Phase
from mytrader_tui.market.failover.router import State

THRESHOLD, TICK, HOLD = 60.0, 1.0, 120.0
NOTICED, PROBE = 15.0, 32.0

WEEKS = {
    "Thanksgiving": date(2026, 11, 23),
    "clocks back": date(2026, 10, 29),
    "clocks forward": date(2027, 3, 11),
}
CASES = (
    ("Thanksgiving", LIQUID),
    ("Thanksgiving", ILLIQUID),
    ("Thanksgiving", NO_CANARY),
    ("clocks back", ILLIQUID),
    ("clocks forward", LIQUID),
)


@cache
def run(week: str, liquidity: Liquidity) -> Week:
    """One week, simulated once for all the tests that look at it."""
    calendar = Calendar(WEEKS[week])
    seed = sorted(WEEKS).index(week) + 1
    return Week(calendar, plan(calendar, seed), liquidity, seed).run()


def latest(week: Week, outage: Outage) -> float:
    """The latest second after its beginning at which `outage` must have been found."""
    unheard = week.missed.get(outage, outage.begins) - outage.begins + PROBE
    match outage.kind:
        case Kind.REFUSED:
            return TICK
        case Kind.DAWN:
            return 3600.0 + THRESHOLD + TICK
        case Kind.HALF_OPEN | Kind.EARLY_HALF_OPEN:
            return NOTICED + THRESHOLD + TICK
        case Kind.MUTE | Kind.GARBAGE if not week.liquidity.canary:
            return max(THRESHOLD, unheard) + TICK
        case _:
            return THRESHOLD + TICK


def patience(week: Week, outage: Outage) -> float:
    """The longest that the primary may stay away once `outage` is over."""
    # A mute stream without a canary must print again, and bad messages must leave the last hundred.
    first_print = 10.0 if week.liquidity.canary else 900.0
    return HOLD + first_print + (120.0 if outage.kind is Kind.GARBAGE else 0.0)


def harmful(week: Week) -> Iterator[Outage]:
    return (outage for outage in week.outages if outage.kind not in HARMLESS and found_in_time(week, outage))


def found_in_time(week: Week, outage: Outage) -> bool:
    """It lasted long enough to be found: few prints make a mute stream hard to tell from a quiet market."""
    return latest(week, outage) < outage.ends - outage.begins


@pytest.fixture(params=CASES, ids=[f"{week}, {liquidity.name}" for week, liquidity in CASES])
def week(request: pytest.FixtureRequest) -> Week:
    return run(*request.param)


def test_nothing_fails_over_that_is_not_broken(week: Week) -> None:
    assert week.false_exits() == []


def test_every_outage_is_found_within_its_threshold(week: Week) -> None:
    late = {
        (o.kind, *week.exits(o)): latest(week, o) for o in harmful(week) if not 0 <= first(week, o) <= latest(week, o)
    }

    assert late == {}


def test_an_outage_is_one_exit_however_it_flaps(week: Week) -> None:
    assert {outage.kind: len(week.exits(outage)) for outage in harmful(week)} == {o.kind: 1 for o in harmful(week)}


def test_the_primary_returns_after_each_outage_and_not_before_its_hold(week: Week) -> None:
    for outage in harmful(week):
        back = week.return_after(outage)
        assert back is not None, outage
        if back.before is State.FALLBACK_ACTIVE:
            assert back.at - week.flowing[back.at] >= week.held[back.at] == HOLD
        assert back.at - week.flowing[back.at] <= HOLD + TICK
        assert back.at - T0 - outage.ends <= patience(week, outage)


def test_no_dead_line_is_called_live(week: Week) -> None:
    assert week.live > 0
    assert week.false_live == 0


def test_the_week_ends_well(week: Week) -> None:
    assert week.model.state is State.PRIMARY_ACTIVE
    assert week.flows()


def test_the_naive_rule_fails_over_every_night_and_all_day_on_an_illiquid_list() -> None:
    liquid, illiquid = run("Thanksgiving", LIQUID), run("Thanksgiving", ILLIQUID)

    assert len(liquid.naive_false()) >= 4
    assert len(illiquid.naive_false()) > 20
    assert illiquid.naive.away / illiquid.open_seconds > 0.5
    assert illiquid.away / illiquid.open_seconds < 0.1


@pytest.mark.parametrize(
    ("week", "open_hours"), [("Thanksgiving", 3 * 6.5 + 3.5), ("clocks back", 5 * 6.5), ("clocks forward", 5 * 6.5)]
)
def test_the_calendar_of_each_week_is_the_exchanges(week: str, open_hours: float) -> None:
    spans = Calendar(WEEKS[week]).spans

    assert sum(span.ends - span.begins for span in spans if span.phase is Phase.OPEN) == open_hours * 3600


def first(week: Week, outage: Outage) -> float:
    return next(iter(week.exits(outage)), -1.0)


def figures() -> Iterator[str]:
    """The table, a line at a time: the router's columns, then those of sixty seconds of silence."""
    yield f"{'':36} {'the router':^38} {'60 s of silence':>16}"
    columns = f"{'outages':>8} {'found':>6} {'slowest':>8} {'false':>6} {'away':>6} {'false':>9} {'away':>6}"
    yield f"{'week, watchlist':36} {columns}"
    for name, liquidity in CASES:
        week = run(name, liquidity)
        true = list(harmful(week))
        # An outage that began at night is not judged before the night is over.
        found = [first(week, outage) - 3600.0 * (outage.kind is Kind.DAWN) for outage in true if week.exits(outage)]
        away, naive_away = week.away / week.open_seconds, week.naive.away / week.open_seconds
        router = f"{len(true):8} {len(found):6} {max(found):6.0f} s {len(week.false_exits()):6} {away:6.1%}"
        yield f"{name + ', ' + liquidity.name:36} {router} {len(week.naive_false()):9} {naive_away:6.0%}"


def test_the_figures_can_be_printed() -> None:
    table = list(figures())
    print("", *table, sep="\n")

    assert len(table) == 2 + len(CASES)


if __name__ == "__main__":
    print(*figures(), sep="\n")

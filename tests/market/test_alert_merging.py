"""What two windows did to the same alerts is made one, and neither loses what it did."""

from datetime import timedelta

from alert_rows import NOW, a_quote, an_alert, judged
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from mytrader_tui.market.alerts.alert import Alert, AlertCondition, AlertKind, Firing, armed_at
from mytrader_tui.market.alerts.merging import merged

LATER = NOW.later(60.0)


def numbered(number: int, level: float = 190.0) -> Alert:
    return replace(an_alert(level=level), id=str(number))


ONE, TWO, THREE = numbered(1, 100.0), numbered(2, 200.0), numbered(3, 300.0)
BASE = (ONE, TWO)


def firing(**more: object) -> Firing:
    verdict = judged(a_quote())
    assert verdict.firing is not None
    return replace(verdict.firing, **more)


def fired(alert: Alert, **more: object) -> Alert:
    return replace(alert, firing=firing(**more))


def changed(alert: Alert, level: float) -> Alert:
    return armed_at(replace(alert, condition=AlertCondition(AlertKind.BELOW, level)), LATER)


def test_a_new_one_of_either_is_kept() -> None:
    assert merged(BASE, (*BASE, THREE), (*BASE, numbered(4))) == (*BASE, THREE, numbered(4))


def test_new_ones_of_one_number_are_both_kept_and_what_is_on_disk_keeps_its_number() -> None:
    mine, other = numbered(3, 310.0), numbered(3, 320.0)

    assert merged(BASE, (*BASE, mine), (*BASE, other)) == (*BASE, other, replace(mine, id="4"))


def test_what_either_deleted_is_gone() -> None:
    assert merged(BASE, (TWO,), BASE) == (TWO,)
    assert merged(BASE, BASE, (ONE,)) == (ONE,)


def test_who_deletes_one_that_fires_elsewhere_meanwhile_is_rid_of_it() -> None:
    assert merged(BASE, (ONE,), (ONE, fired(TWO))) == (ONE,)
    assert merged(BASE, (ONE, fired(TWO)), (ONE,)) == (ONE,)


def test_one_that_was_changed_or_armed_outlives_its_deletion_elsewhere() -> None:
    assert merged(BASE, (ONE, changed(TWO, 90.0)), (ONE,)) == (ONE, changed(TWO, 90.0))
    armed = armed_at(TWO, LATER)
    assert merged((ONE, fired(TWO)), (ONE,), (ONE, armed)) == (ONE, armed)


def test_what_fired_anywhere_has_fired() -> None:
    assert merged(BASE, BASE, (fired(ONE), TWO)) == (fired(ONE), TWO)
    assert merged(BASE, (fired(ONE), TWO), (ONE, fired(TWO))) == (fired(ONE), fired(TWO))


def test_of_two_changes_the_later_is_kept() -> None:
    mine, other = changed(TWO, 90.0), replace(changed(TWO, 80.0), created=LATER.wall + timedelta(seconds=1))

    assert merged(BASE, (ONE, mine), (ONE, other)) == (ONE, other)
    assert merged(BASE, (ONE, other), (ONE, mine)) == (ONE, other)


def test_one_that_is_armed_here_and_was_looked_at_elsewhere_is_armed() -> None:
    base = (fired(ONE),)

    assert merged(base, (armed_at(ONE, LATER),), (fired(ONE, seen=True),)) == (armed_at(ONE, LATER),)


def test_of_one_print_all_is_kept_that_either_heard_of_it() -> None:
    base = (fired(ONE),)

    (kept,) = merged(base, (fired(ONE, taken_back="taken back"),), (fired(ONE, seen=True),))

    assert kept.firing is not None
    assert (kept.firing.taken_back, kept.firing.seen) == ("taken back", False)


def test_what_became_of_another_print_is_not_said_of_the_one_on_disk() -> None:
    there = fired(ONE, print_id=(8, "V"))

    assert merged((ONE,), (fired(ONE, taken_back="taken back"),), (there,)) == (there,)


@st.composite
def versions(draw: st.DrawFn) -> tuple[Alert, ...]:
    """What may have become of BASE in a window."""
    kept: list[Alert] = []
    for alert in BASE:
        became = draw(st.sampled_from(["same", "gone", "fired", "seen", "changed"]))
        options = {"fired": fired(alert), "seen": fired(alert, seen=True), "changed": changed(alert, 50.0)}
        if became != "gone":
            kept.append(options.get(became, alert))
    numbers = draw(st.lists(st.integers(3, 6), unique=True, max_size=3))
    return (*kept, *(numbered(number, draw(st.sampled_from([310.0, 320.0]))) for number in sorted(numbers)))


@given(ours=versions(), theirs=versions())
def test_whatever_both_did_nothing_new_is_lost_and_no_number_is_used_twice(
    ours: tuple[Alert, ...], theirs: tuple[Alert, ...]
) -> None:
    kept = merged(BASE, ours, theirs)

    levels = [alert.condition.level for alert in kept]
    for new in (*ours, *theirs):
        if int(new.id) > 2:
            assert new.condition.level in levels
    assert len({alert.id for alert in kept}) == len(kept)
    assert {alert.id: alert for alert in theirs}.items() >= {
        alert.id: alert for alert in kept if alert.id in {each.id for each in theirs} and int(alert.id) > 2
    }.items()


@given(one=versions())
def test_where_only_one_side_did_something_that_is_what_is_kept(one: tuple[Alert, ...]) -> None:
    assert merged(BASE, one, BASE) == one
    assert merged(BASE, BASE, one) == one
    assert merged(BASE, one, one) == one

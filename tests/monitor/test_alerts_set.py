"""What the keys do to alerts: set, change, arm again, delete and bring back."""

from pathlib import Path

import pytest
from alert_world import LEVEL, World, created
from msgspec.structs import replace

from mytrader_tui.market.alerts.alert import Alert, AlertCondition, AlertKind, Stand
from mytrader_tui.monitor.alerting import MAX_ALERTS

ABOVE, BELOW, PERCENT, VOLUME = AlertKind


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.mark.parametrize("level", [float("nan"), float("inf"), -1.0, 0.0, 1e300])
def test_a_level_that_is_none_is_refused(world: World, level: float) -> None:
    assert isinstance(world.alerting.create("AAPL", AlertCondition(ABOVE, level)), str)
    assert world.alerting.alerts == ()


@pytest.mark.parametrize("symbol", ["", "[red]AAPL", "A" * 50, "A\x1b[31m", "ДА", "../etc"])
def test_a_symbol_that_is_none_is_refused(world: World, symbol: str) -> None:
    assert "a symbol is" in str(world.alerting.create(symbol, LEVEL))


def test_the_very_same_alert_is_refused_while_it_is_on_the_watch(world: World) -> None:
    alert = created(world)

    assert world.alerting.create("AAPL", LEVEL) == "There is this very alert already."
    assert isinstance(world.alerting.change(alert.id, LEVEL), Alert)
    created(world, replace(LEVEL, extended=True))
    world.row(195.0)
    world.tick()
    created(world)


def test_there_are_no_more_than_so_many(world: World) -> None:
    for number in range(MAX_ALERTS):
        created(world, AlertCondition(ABOVE, 100.0 + number))

    assert "delete one first" in str(world.alerting.create("AAPL", AlertCondition(BELOW, 5.0)))


def test_an_alert_knows_the_currency_of_its_level(world: World) -> None:
    world.row(2700.0, currency="JPY")

    assert created(world).currency == "JPY"


def test_a_change_puts_one_that_fired_on_the_watch_again(world: World) -> None:
    alert = created(world)
    world.row(195.0)
    world.tick()

    world.alerting.change(alert.id, AlertCondition(ABOVE, 196.0))

    assert world.tick() == ()
    assert world.stands == [(Stand.WAITING, "")]
    assert world.alerting.change("99", LEVEL) == "This alert is gone."


def test_one_armed_again_fires_again(world: World) -> None:
    alert = created(world)
    world.row(195.0)
    assert world.tick() == ("AAPL",)

    world.alerting.rearm(alert.id)
    assert world.alerting.unseen == ()

    assert world.tick() == ("AAPL",)


def test_one_that_is_deleted_is_not_judged_and_comes_back_in_its_place_as_it_was(world: World) -> None:
    first, second = created(world), created(world, AlertCondition(BELOW, 100.0))
    world.alerting.delete(first.id)
    world.row(195.0)
    assert world.tick() == ()

    assert world.alerting.undo_delete() == first
    assert [view.alert for view in world.alerting.alerts] == [first, second]
    assert world.tick() == ("AAPL",)
    assert world.alerting.undo_delete() is None


def test_a_new_alert_never_has_the_number_of_one_that_may_come_back(world: World) -> None:
    first = created(world)
    world.alerting.delete(first.id)
    second = created(world)
    world.alerting.undo_delete()

    assert len({view.alert.id for view in world.alerting.alerts} | {second.id}) == 2


def test_what_fired_is_unseen_until_the_list_is_looked_at_also_after_a_restart(world: World) -> None:
    created(world)
    world.row(195.0)
    world.tick()
    world.alerting.close()
    assert len(world.start().unseen) == 1

    world.alerting.see()
    world.alerting.close()

    assert world.start().unseen == ()


def test_the_same_tuple_is_given_until_something_changes(world: World) -> None:
    created(world)
    world.row(180.0)
    world.tick()
    before = world.alerting.alerts
    world.row(180.0)
    world.tick()
    assert world.alerting.alerts is before

    world.row(181.0)
    world.tick()

    assert world.alerting.alerts is not before

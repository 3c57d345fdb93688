"""Alerts as they are kept, judged and told; what is on the board is said by the test."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from alert_world import DELAYED, IEX, NOW, STALE, YAHOO, World, created
from hypothesis import given
from hypothesis import strategies as st

from mytrader_tui.market.alerts.alert import Alert, AlertCondition, AlertKind, Stand
from mytrader_tui.market.freshness import LIVE, Badge, BadgeKind
from mytrader_tui.market.quote import Cancel, Correction, Trade
from mytrader_tui.settings.alerts_file import read_alerts
from mytrader_tui.settings.schema import Alerts

ABOVE, BELOW, PERCENT, VOLUME = AlertKind


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


# Firing.


def test_it_fires_once_when_the_price_crosses_and_never_again(world: World) -> None:
    created(world)
    world.row(189.0)
    assert world.tick() == ()
    world.row(190.5)
    assert world.tick() == ("AAPL",)

    for price in (189.0, 191.0, 188.0, 195.0):
        world.row(price)
        assert world.tick() == ()


def test_a_price_that_comes_and_goes_between_two_looks_fires(world: World) -> None:
    created(world)
    world.row(189.0)
    world.tick()

    world.print(190.2)
    world.print(189.1)

    (fired,) = world.alerting.take_fired()
    assert fired.firing is not None
    assert fired.firing.price == 190.2


def test_it_is_held_while_the_row_may_not_be_believed_and_fires_when_it_may_again(world: World) -> None:
    created(world)
    world.row(195.0, STALE)
    assert world.tick() == ()
    assert world.stands == [(Stand.HELD, "not heard for 9 s")]
    world.print(196.0, STALE)
    assert world.tick() == ()

    world.row(195.0, DELAYED, origin=YAHOO)

    assert world.tick() == ("AAPL",)


def test_what_fires_across_a_gap_bears_the_time_of_the_price(world: World) -> None:
    created(world)
    world.row(195.0, event_time=world.now.wall - timedelta(seconds=120))
    world.tick()

    firing = world.alerting.alerts[0].alert.firing
    assert firing is not None
    assert firing.price_time == NOW.wall - timedelta(seconds=120)
    assert firing.at == world.now.wall


def test_a_row_that_is_held_for_disagreement_fires_nothing(world: World) -> None:
    created(world)
    world.row(195.0, LIVE, "sources 34 % apart")

    assert world.tick() == ()
    assert world.stands == [(Stand.HELD, "sources 34 % apart")]


def test_news_of_other_symbols_and_of_bids_cost_no_look(world: World) -> None:
    created(world)
    looks: list[str] = []
    world.rows = {}
    quote = world.row(195.0)
    world.alerting._look = lambda symbol, _: looks.append(symbol) or world.rows["AAPL"]  # type: ignore[func-returns-value]

    world.alerting.heard(Trade("MSFT", 1.0, 1, world.now.wall, IEX, world.now), world.now)
    world.alerting.heard(quote, world.now)

    assert looks == []


@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from([180.0, 189.99, 190.0, 200.0, None]),
            st.sampled_from(BadgeKind),
            st.sampled_from(["", "apart"]),
            st.booleans(),
            st.booleans(),
        ),
        max_size=25,
    )
)
def test_whatever_happens_it_fires_at_most_once_and_at_the_first_chance(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[float | None, BadgeKind, str, bool, bool]]
) -> None:
    world = World(tmp_path_factory.mktemp("alerts"))
    created(world)
    fired: list[int] = []
    chances: list[int] = []
    for step, (price, kind, mark, printed, restart) in enumerate(steps):
        if restart:
            world.alerting.close()
            world.start()
        world.now = world.now.later(1.0)
        badge = Badge(kind, 60.0)
        world.row(price, badge, mark)
        if price is not None and price >= 190.0 and not mark and kind in (BadgeKind.LIVE, BadgeKind.DELAYED):
            chances.append(step)
        if printed and price is not None:
            world.print(price, badge) if not mark else None
        fired += [step] * len(world.tick(0.0))
        fired += [step] * len(world.alerting.take_fired())

    assert fired == chances[:1]


# Taken back.


def cancel(world: World, number: int = 7, **more: object) -> None:
    fields: dict[str, object] = {
        "symbol": "AAPL",
        "original": (number, "V"),
        "event_time": world.now.wall,
        "origin": IEX,
        "receipt": world.now,
    }
    world.alerting.heard(Cancel(**{**fields, **more}), world.now)


def test_a_print_taken_back_is_said_of_the_alert_that_it_fired(world: World) -> None:
    created(world)
    world.print(190.2, number=7)
    world.alerting.take_fired()
    world.alerting.see()

    cancel(world, 7)

    (told,) = world.alerting.take_fired()
    assert told.firing is not None
    assert told.firing.taken_back == "taken back"
    assert world.alerting.unseen == (told,)


def test_a_print_of_the_extended_hours_that_is_taken_back_is_said_of_the_alert_that_it_fired(world: World) -> None:
    created(world, AlertCondition(ABOVE, 190.0, extended=True))
    world.row(
        180.0,
        event_time=world.now.wall - timedelta(hours=2),
        extended_last=195.0,
        extended_time=world.now.wall,
        extended_receipt=world.now,
        extended_print_id=(9, "V"),
    )
    assert world.tick() == ("AAPL",)

    cancel(world, 7)
    assert world.alerting.take_fired() == ()
    cancel(world, 9)

    (told,) = world.alerting.take_fired()
    assert told.firing is not None
    assert (told.firing.extended, told.firing.taken_back) == (True, "taken back")


def correct(world: World, number: int, becomes: int, price: float) -> None:
    told = Correction(
        symbol="AAPL",
        original=(number, "V"),
        corrected=(becomes, "V"),
        price=price,
        size=1.0,
        event_time=world.now.wall,
        origin=IEX,
        receipt=world.now,
    )
    world.alerting.heard(told, world.now)


def taken_back(world: World) -> list[str]:
    """What is newly said of prints that fired an alert."""
    return [alert.firing.taken_back for alert in world.alerting.take_fired() if alert.firing is not None]


def test_a_print_corrected_again_is_told_again_by_the_name_that_it_was_corrected_to(world: World) -> None:
    created(world)
    world.print(1902.0, number=7)
    world.alerting.take_fired()

    correct(world, 7, 8, 191.5)
    assert taken_back(world) == ["corrected to 191.50"]
    correct(world, 8, 9, 190.5)
    assert taken_back(world) == ["corrected to 190.50"]
    cancel(world, 9)
    assert taken_back(world) == ["taken back"]


def test_a_correction_that_names_the_print_as_it_was_first_is_told_too(world: World) -> None:
    created(world)
    world.print(1902.0, number=7)
    world.alerting.take_fired()
    correct(world, 7, 8, 191.5)
    world.alerting.take_fired()

    correct(world, 7, 9, 190.5)

    assert taken_back(world) == ["corrected to 190.50"]


def test_what_the_stream_says_again_is_told_once(world: World) -> None:
    created(world)
    world.print(1902.0, number=7)
    world.alerting.take_fired()
    correct(world, 7, 8, 191.5)
    world.alerting.take_fired()

    correct(world, 7, 8, 191.5)

    assert taken_back(world) == []


@pytest.mark.parametrize(("price", "said"), [(190.2, "190.20"), (0.1234, "0.1234"), (0.00012, "0.00012")])
def test_a_correction_is_said_with_the_price_it_was_corrected_to(world: World, price: float, said: str) -> None:
    created(world)
    world.print(1902.0, number=7)

    correct(world, 7, 8, price)

    firing = world.alerting.alerts[0].alert.firing
    assert firing is not None
    assert firing.taken_back == f"corrected to {said}"


@pytest.mark.parametrize(
    ("number", "more"),
    [(8, {}), (7, {"symbol": "MSFT"}), (7, {"origin": YAHOO}), (7, {"event_time": NOW.wall + timedelta(days=1)})],
    ids=["another print", "another symbol", "another source", "another day's print of that number"],
)
def test_what_is_taken_back_elsewhere_says_nothing(world: World, number: int, more: dict[str, object]) -> None:
    created(world)
    world.print(190.2, number=7)
    world.alerting.take_fired()

    cancel(world, number, **more)

    assert world.alerting.take_fired() == ()


# What is fed.


def test_the_symbols_of_alerts_on_the_watch_are_fed_and_those_that_fired_for_a_while(world: World) -> None:
    created(world)
    created(world, symbol="MSFT")
    assert world.alerting.symbols(world.now) == ("AAPL", "MSFT")
    world.row(195.0)
    world.tick()

    assert world.alerting.symbols(world.now.later(60)) == ("AAPL", "MSFT")
    assert world.alerting.symbols(world.now.later(601)) == ("MSFT",)


def test_every_change_asks_for_the_feeds_to_be_worked_out_anew(world: World) -> None:
    alert = created(world)
    assert world.changes == 1
    world.alerting.delete(alert.id)
    assert world.changes == 2


# Telling the desktop.


def test_the_desktop_is_told_once_of_what_fired(world: World) -> None:
    created(world)
    world.print(190.2)
    world.tick()
    world.tick()

    ((title, text),) = world.told
    assert title == "mytrader-tui: AAPL"
    assert text.startswith("AAPL at 190.20, at or above 190.00 (")
    assert text.endswith("LIVE iex)")


def test_many_that_fire_together_are_one_notice(world: World) -> None:
    for number in range(9):
        created(world, AlertCondition(ABOVE, 100.0 + number))
    world.row(195.0)
    world.tick()

    ((_, text),) = world.told
    assert len(text.split("\n")) == 4
    assert text.endswith("and 6 more alerts fired")


def test_the_settings_switch_bell_and_desktop_off(tmp_path: Path) -> None:
    quiet = World(tmp_path, Alerts(bell=False, desktop=False))
    created(quiet)
    quiet.row(195.0)

    assert quiet.tick() == ("AAPL",)
    assert (quiet.told, quiet.alerting.rings) == ([], False)


# Keeping.


def test_alerts_and_their_state_outlive_the_program(world: World) -> None:
    created(world)
    created(world, AlertCondition(BELOW, 100.0))
    world.row(195.0)
    world.tick()
    before = [view.alert for view in world.alerting.alerts]
    world.alerting.close()

    world.start()

    assert [view.alert for view in world.alerting.alerts] == before
    assert world.tick() == ()
    assert world.alerting.take_fired() == ()


def test_what_crossed_while_the_program_was_off_fires_after_the_start(world: World) -> None:
    created(world)
    world.row(180.0)
    world.tick()
    world.alerting.close()
    world.start()
    world.row(195.0)

    assert world.tick() == ("AAPL",)


@pytest.fixture
async def writer(world: World) -> Iterator[asyncio.Task[None]]:
    task = asyncio.create_task(world.alerting.write_when_changed())
    yield task
    task.cancel()
    await asyncio.wait({task})


async def until_kept(world: World, count: int) -> tuple[Alert, ...]:
    async with asyncio.timeout(60.0):
        while len(kept := read_alerts(world.path)[0]) != count:  # noqa: ASYNC110 - the disk has no event
            await asyncio.sleep(0.005)
    return kept


async def test_each_change_is_written_while_the_program_runs(world: World, writer: asyncio.Task[None]) -> None:
    alert = created(world)
    assert await until_kept(world, 1) == (alert,)
    world.alerting.delete(alert.id)
    await until_kept(world, 0)
    world.alerting.undo_delete()
    assert await until_kept(world, 1) == (alert,)


async def test_a_disk_that_takes_nothing_is_told_and_the_alerts_go_on(world: World, writer: asyncio.Task[None]) -> None:
    world.path.mkdir()
    (world.path / "in the way").touch()
    created(world)
    async with asyncio.timeout(60.0):
        while not world.alerting.trouble:  # noqa: ASYNC110 - the disk has no event
            await asyncio.sleep(0.005)
    world.row(195.0)

    assert "could not be saved" in world.alerting.trouble
    assert world.tick() == ("AAPL",)


def test_leaving_writes_what_is_left_and_lets_the_desktop_go(world: World) -> None:
    alert = created(world)

    world.alerting.close()

    assert read_alerts(world.path)[0] == (alert,)
    assert world.closed

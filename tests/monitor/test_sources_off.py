"""A source that is off: never chosen, and told with whoever switched it off; no sentence names what is not so."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from mytrader_tui.feeds.feed import PollOutcome
from mytrader_tui.market.link import Reason
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Source
from mytrader_tui.market.status import SourceHealth, Status
from mytrader_tui.monitor.account import NO_KEYS_NOTE, READING_NOTE
from mytrader_tui.monitor.availability import alpaca_off, yahoo_off
from mytrader_tui.monitor.desk import MarketDesk
from mytrader_tui.settings import Secret, Settings
from mytrader_tui.settings.credentials import Credentials
from mytrader_tui.settings.flags import NO_FLAGS, Flags
from mytrader_tui.settings.paths import Paths
from mytrader_tui.telemetry.log_memory import LogMemory

NOW = Moment(datetime(2026, 11, 20, 15, 0, tzinfo=UTC), 1000.0)
KEYS = Credentials(Secret("key"), Secret("secret"))
AUTOMATIC = "The source is chosen automatically."


class StillDesk(MarketDesk):
    """The real desk without the tasks, at one instant."""

    def _changed(self) -> None:
        pass


def unopened(folder: Path, flags: Flags, settings: Settings, pair: Credentials | None, *, demo: bool) -> StillDesk:
    """A desk as the first picture finds it: no source was opened yet."""
    return StillDesk(
        settings, pair, Paths.under(folder), clock=lambda: NOW, demo=demo, log=LogMemory((), lambda: NOW), flags=flags
    )


def desk(folder: Path, flags: Flags = NO_FLAGS, settings: Settings = Settings(), keys: bool = True) -> StillDesk:  # noqa: B008 - it is frozen
    """A desk whose sources were opened, as far as they are on."""
    settings, pair = flags.over(settings), KEYS if keys else None
    here = unopened(folder, flags, settings, pair, demo=False)
    here.intake.begin(alpaca_off=alpaca_off(settings, pair, flags), yahoo_off=yahoo_off(settings, flags))
    return here


def presses(here: StillDesk) -> Iterator[tuple[str, Source | None]]:
    while True:
        yield here.cycle_source(), here.pinned


def health(status: Status) -> list[SourceHealth]:
    return [source.health for source in status.sources]


def test_the_key_goes_past_a_source_that_is_off_and_says_why(tmp_path: Path) -> None:
    press = presses(desk(tmp_path, Flags(no_yahoo=True)))

    assert next(press) == ("Pinned to Alpaca.", Source.ALPACA)
    assert next(press) == (f"Not Yahoo: switched off by --no-yahoo. {AUTOMATIC}", None)


@pytest.mark.parametrize(
    ("flags", "keys", "why"),
    [(Flags(no_alpaca=True), True, "switched off by --no-alpaca"), (NO_FLAGS, False, "no Alpaca keys")],
)
def test_without_alpaca_the_first_press_is_yahoos(tmp_path: Path, flags: Flags, keys: bool, why: str) -> None:
    press = presses(desk(tmp_path, flags, keys=keys))

    assert next(press) == (f"Not Alpaca: {why}. Pinned to Yahoo.", Source.YAHOO)
    assert next(press) == (AUTOMATIC, None)


def test_a_source_that_is_off_is_refused_by_name_too(tmp_path: Path) -> None:
    here = desk(tmp_path, Flags(no_alpaca=True, no_yahoo=True))

    assert here.pin(Source.ALPACA) == "Not Alpaca: switched off by --no-alpaca."
    assert here.pin(Source.YAHOO) == "Not Yahoo: switched off by --no-yahoo."
    assert here.pinned is None
    assert next(presses(here))[1] is None


def test_what_was_chosen_before_the_sources_were_open_is_kept(tmp_path: Path) -> None:
    here = desk(tmp_path)
    here.pin(Source.YAHOO)

    here.intake.begin(alpaca_off=None, yahoo_off=None)

    assert here.pinned is Source.YAHOO


@pytest.mark.parametrize(
    ("flags", "note", "hint", "reason"),
    [
        (
            Flags(no_alpaca=True),
            "No paper account: Alpaca is switched off by --no-alpaca.",
            "Alpaca is off: Yahoo only · start without --no-alpaca to turn it on",
            "switched off by --no-alpaca",
        ),
        (
            NO_FLAGS,
            "No paper account: Alpaca is switched off in the settings.",
            "Alpaca is off: Yahoo only · [alpaca] enabled = true in config.toml turns it on",
            "switched off in the settings",
        ),
    ],
)
def test_who_switched_alpaca_off_is_named(tmp_path: Path, flags: Flags, note: str, hint: str, reason: str) -> None:
    off = replace(Settings(), alpaca=replace(Settings().alpaca, enabled=False))

    here = desk(tmp_path, flags, Settings() if flags.given else off)
    status = here.status(NOW)

    assert (here.account_note, status.hint, status.sources[0].reason) == (note, hint, reason)


@pytest.mark.parametrize("demo", [True, False], ids=["demo", "with keys"])
def test_what_a_flag_switches_off_is_off_from_the_first_picture_on(tmp_path: Path, demo: bool) -> None:
    flags = Flags(no_yahoo=True)

    here = unopened(tmp_path, flags, flags.over(Settings()), None if demo else KEYS, demo=demo)
    alpaca, yahoo = here.status(NOW).sources

    assert (alpaca.health, alpaca.reason) == (SourceHealth.CONNECTING, "")
    assert (yahoo.health, yahoo.reason) == (SourceHealth.OFF, "switched off by --no-yahoo")


def test_without_keys_the_first_picture_says_so(tmp_path: Path) -> None:
    here = unopened(tmp_path, NO_FLAGS, Settings(), None, demo=False)

    assert health(here.status(NOW)) == [SourceHealth.OFF, SourceHealth.CONNECTING]
    assert here.account_note == NO_KEYS_NOTE


def test_the_demo_does_not_miss_keys_that_come_with_its_market(tmp_path: Path) -> None:
    here = unopened(tmp_path, NO_FLAGS, Settings(), None, demo=True)

    assert health(here.status(NOW)) == [SourceHealth.CONNECTING, SourceHealth.CONNECTING]
    assert (here.account_note, here.orders_note, here.status(NOW).hint) == (READING_NOTE, READING_NOTE, "")


def test_the_demo_without_alpaca_has_no_account_from_the_first_picture_on(tmp_path: Path) -> None:
    flags = Flags(no_alpaca=True)

    here = unopened(tmp_path, flags, flags.over(Settings()), None, demo=True)

    assert health(here.status(NOW)) == [SourceHealth.OFF, SourceHealth.CONNECTING]
    assert here.account_note == "No paper account: Alpaca is switched off by --no-alpaca."


def test_before_the_first_answer_nothing_is_down(tmp_path: Path) -> None:
    status = desk(tmp_path, keys=False).status(NOW)

    assert health(status) == [SourceHealth.OFF, SourceHealth.CONNECTING]
    assert status.story == ("Connecting", "no source has answered yet")


def test_without_keys_and_network_only_yahoo_is_said_to_have_failed_and_to_be_tried_again(tmp_path: Path) -> None:
    here = desk(tmp_path, keys=False)
    here.intake.polled(Source.YAHOO, PollOutcome(0, 3, Reason.NETWORK))

    assert here.status(NOW).story == ("No source for 0:00", "Yahoo does not answer", "Yahoo is tried again")


def test_with_both_off_nothing_is_tried_and_no_source_is_said_to_serve(tmp_path: Path) -> None:
    status = desk(tmp_path, Flags(no_yahoo=True), keys=False).status(NOW)

    assert status.story == ("No source for 0:00", "no Alpaca keys; Yahoo is switched off")
    assert status.hint.startswith("no Alpaca keys and Yahoo is off: no prices")
    assert health(status) == [SourceHealth.OFF, SourceHealth.OFF]

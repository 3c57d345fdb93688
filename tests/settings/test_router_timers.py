"""The router's timers and the settings that carry them bear the same names and the same defaults."""

import msgspec

from mytrader_tui.market.failover.timers import Timers
from mytrader_tui.settings.schema import Router


def test_every_timer_is_a_setting_of_the_same_name() -> None:
    assert set(Timers.__struct_fields__) == set(Router.__struct_fields__) - {"canary"}


def test_the_settings_defaults_are_the_timers_defaults() -> None:
    assert msgspec.convert(Router(), Timers, from_attributes=True) == Timers()


def test_a_setting_reaches_its_timer() -> None:
    assert msgspec.convert(Router(trial_seconds=7.0), Timers, from_attributes=True) == Timers(trial_seconds=7.0)

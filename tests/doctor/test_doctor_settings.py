"""The settings and the keys: what is told of them, and what never is."""

import pytest
from doctor_kit import KEY, PAIR, SECRET

from mytrader_tui.doctor.result import Verdict
from mytrader_tui.doctor.settings import Keys, credentials, differing, find_keys, settings
from mytrader_tui.settings import Settings
from mytrader_tui.settings.errors import SettingsError
from mytrader_tui.settings.paths import Paths
from mytrader_tui.settings.schema import Alpaca, Ui, Watchlist


def test_only_what_is_not_the_default_is_told():
    changed = Settings(watchlist=Watchlist(symbols=("AAPL", "MSFT")), alpaca=Alpaca(feed="sip"), ui=Ui(paint_hz=5.0))

    assert [*differing(Settings())] == []
    assert [*differing(changed)] == [
        "[watchlist] symbols = 2 of its own",
        '[alpaca] feed = "sip"',
        "[ui] paint_hz = 5.0",
    ]


def test_sections_of_the_users_own_names_are_counted():
    assert [*differing(Settings(lists={"tech": ("AAPL",)}))] == ["[lists] 1 of its own"]


def test_an_addresss_query_is_not_told():
    changed = Settings(alpaca=Alpaca(data_url="https://data.example/v?token=canary"))

    assert [*differing(changed)] == ['[alpaca] data_url = "https://data.example/v"']


def test_wrong_settings_are_a_failure_with_their_sentence(tmp_path):
    result = settings(SettingsError("config.toml:2: unknown key `feeed`"), tmp_path / "config.toml", flags=False)

    assert (result.verdict, result.found) == (Verdict.FAIL, "config.toml:2: unknown key `feeed`")


def test_no_settings_file_is_no_fault(tmp_path):
    result = settings(Settings(), tmp_path / "config.toml", flags=False)

    assert (result.verdict, result.found) == (Verdict.OK, f"no {tmp_path / 'config.toml'}; everything as by default")


@pytest.mark.parametrize("names", [("ALPACA_API_KEY", "ALPACA_SECRET_KEY"), ("APCA_API_KEY_ID", "APCA_API_SECRET_KEY")])
def test_keys_of_the_environment_are_told_by_their_names_alone(tmp_path, names):
    found = find_keys(dict(zip(names, (KEY, SECRET), strict=True)), Paths.under(tmp_path))
    result = credentials(found)

    assert found.pair == PAIR
    assert (result.verdict, names[0] in result.found, names[1] in result.found) == (Verdict.OK, True, True)
    assert not any(secret in f"{result}{found}" for secret in (KEY, SECRET))


def test_keys_of_a_file_are_told_by_its_path(tmp_path):
    file = tmp_path / "credentials.toml"
    file.write_text(f'[alpaca]\nkey = "{KEY}"\nsecret = "{SECRET}"\n')
    file.chmod(0o600)

    assert find_keys({}, Paths.under(tmp_path)).place == str(file)


def test_no_keys_are_a_warning_that_says_what_one_misses(tmp_path):
    result = credentials(find_keys({}, Paths.under(tmp_path)))

    assert (result.verdict, "Yahoo" in result.found, "ALPACA_API_KEY" in result.advice) == (Verdict.WARN, True, True)


def test_no_keys_and_no_yahoo_are_no_prices():
    found = credentials(Keys(), yahoo=False).found

    assert found == "no Alpaca keys: no prices, since Yahoo is switched off too, and there is no account"


@pytest.mark.parametrize(
    "environ",
    [{"ALPACA_API_KEY": KEY}, {"ALPACA_API_KEY": KEY * 100, "ALPACA_SECRET_KEY": SECRET}],
    ids=["half a pair", "too long"],
)
def test_keys_that_cannot_be_used_fail_without_their_values_or_lengths(tmp_path, environ):
    result = credentials(find_keys(environ, Paths.under(tmp_path)))

    assert result.verdict is Verdict.FAIL
    assert KEY not in result.found
    assert not any(character.isdigit() for character in result.found)


def test_keys_that_cannot_be_used_are_told():
    assert credentials(Keys(trouble="the keyring does not answer")).verdict is Verdict.FAIL

"""Keys kept between sessions: in a file that is its owner's alone, or in the system's keyring."""

import sys
from types import ModuleType

import pytest

from mytrader_tui.settings.credential_stores import from_file, from_keyring
from mytrader_tui.settings.credentials import Credentials
from mytrader_tui.settings.errors import CredentialsError
from mytrader_tui.settings.secret import Secret

GOOD = '[alpaca]\nkey = "PKABC"\nsecret = "s3cret"\n'


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "credentials.toml"
    path.write_text(GOOD)
    path.chmod(0o600)
    return path


def test_a_file_of_ones_own_gives_the_pair(file):
    assert from_file(file) == Credentials(Secret("PKABC"), Secret("s3cret"))


def test_no_file_is_no_pair(tmp_path):
    assert from_file(tmp_path / "credentials.toml") is None


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o601])
def test_a_file_that_others_can_reach_is_refused_with_what_to_do(file, mode):
    file.chmod(mode)

    with pytest.raises(CredentialsError, match="chmod 600"):
        from_file(file)


@pytest.mark.parametrize(
    "text",
    [
        "not toml VISIBLE",
        '[alpaca]\nkey = "VISIBLE"\n',
        '[alpaca]\nkey = 5\nsecret = "VISIBLE"\n',
        GOOD + 'other = "VISIBLE"\n',
        '[alpaca]\nkey = "VISIBLE key"\nsecret = "x"\n',
        '[alpaca]\nkey = "VISIBLE"\nsecret = ""\n',
    ],
)
def test_a_file_that_makes_no_sense_is_refused_without_repeating_it(file, text):
    file.write_text(text)

    with pytest.raises(CredentialsError) as caught:
        from_file(file)

    assert str(file) in str(caught.value)
    assert "VISIBLE" not in str(caught.value)
    assert caught.value.__cause__ is None


class FakeKeyringError(Exception):
    """What every backend's errors are made of."""


@pytest.fixture
def keyring(monkeypatch):
    entries: dict[tuple[str, str], str] = {}
    module, errors = ModuleType("keyring"), ModuleType("keyring.errors")
    module.get_password = lambda service, name: entries.get((service, name))
    errors.KeyringError = FakeKeyringError
    monkeypatch.setitem(sys.modules, "keyring", module)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)
    module.entries = entries
    return module


def test_the_keyring_gives_the_pair(keyring):
    keyring.entries[("mytrader-tui", "alpaca-key")] = "PKABC"
    keyring.entries[("mytrader-tui", "alpaca-secret")] = "s3cret"

    assert from_keyring() == Credentials(Secret("PKABC"), Secret("s3cret"))


def test_an_empty_keyring_is_no_pair(keyring):
    assert from_keyring() is None


def test_half_a_pair_in_the_keyring_names_the_missing_half(keyring):
    keyring.entries[("mytrader-tui", "alpaca-key")] = "PKABC"

    with pytest.raises(CredentialsError, match="alpaca-secret"):
        from_keyring()


def test_a_keyring_that_cannot_be_opened_is_no_pair(keyring):
    def locked(service: str, name: str) -> str:
        raise FakeKeyringError("no backend")

    keyring.get_password = locked

    assert from_keyring() is None


def test_without_the_keyring_package_there_is_no_pair(monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", None)

    assert from_keyring() is None

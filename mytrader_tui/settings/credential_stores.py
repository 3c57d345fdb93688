"""Where a key pair may be kept between sessions: the system's keyring, or a file that only its owner can read."""

import importlib
import os
import tomllib
from pathlib import Path

import msgspec

from mytrader_tui.settings.credentials import Credentials, pair
from mytrader_tui.settings.errors import CredentialsError
from mytrader_tui.settings.files import read_text

FILE_NAME = "credentials.toml"
KEYRING_SERVICE = "mytrader-tui"
_KEY_NAME, _SECRET_NAME = "alpaca-key", "alpaca-secret"
_OTHERS = 0o077


class _Pair(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: str
    secret: str


class _Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    alpaca: _Pair


def from_keyring() -> Credentials | None:
    """The pair under the service `mytrader-tui` in the system's keyring; None without one or without `keyring`.

    The package is optional and asked for only when the environment holds no keys: it takes its time to import.
    """
    try:
        keyring = importlib.import_module("keyring")
        errors = importlib.import_module("keyring.errors")
    except ImportError:
        return None
    try:
        key = keyring.get_password(KEYRING_SERVICE, _KEY_NAME)
        secret = keyring.get_password(KEYRING_SERVICE, _SECRET_NAME)
    except errors.KeyringError:
        return None
    return pair(f"the keyring's {_KEY_NAME}", key or "", f"the keyring's {_SECRET_NAME}", secret or "")


def from_file(path: Path) -> Credentials | None:
    """The pair in the file at `path` (`[alpaca]` with `key` and `secret`), or None if there is no such file.

    Raises CredentialsError for a file that others than its owner can read, and for one that makes no sense; nothing
    of its content is repeated.
    """
    try:
        mode = path.stat().st_mode
        if os.name == "posix" and mode & _OTHERS:
            raise CredentialsError(f"{path}: others can read it: run chmod 600 on it (and renew the keys)")
        read = msgspec.convert(tomllib.loads(read_text(path)), _Document)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CredentialsError(f"{path}: cannot be read: {error.strerror or error}") from None
    except (ValueError, RecursionError):
        # No cause is attached: tomllib's and msgspec's errors quote what they could not read.
        raise CredentialsError(f'{path}: must hold [alpaca] with key = "…" and secret = "…", and no more') from None
    return pair(f"{path}: key", read.alpaca.key, f"{path}: secret", read.alpaca.secret)

"""The Alpaca key pair, and how it is read from the environment."""

from collections.abc import Mapping

import msgspec

from mytrader_tui.settings.errors import CredentialsError
from mytrader_tui.settings.secret import Secret

PAIRS = (("ALPACA_API_KEY", "ALPACA_SECRET_KEY"), ("APCA_API_KEY_ID", "APCA_API_SECRET_KEY"))
"""The environment variables that may hold the pair, the first one preferred."""

_MAX_LENGTH = 512


class Credentials(msgspec.Struct, frozen=True):
    """A key pair that shows nothing of itself."""

    key: Secret
    secret: Secret


def credentials(environ: Mapping[str, str]) -> Credentials | None:
    """The first key pair in `environ`, or None if there is none; a blank variable counts as unset.

    Raises CredentialsError for half a pair and for a value that no HTTP header could carry.
    """
    found = (pair(key, environ.get(key, ""), secret, environ.get(secret, "")) for key, secret in PAIRS)
    return next((credentials for credentials in found if credentials is not None), None)


def pair(key_name: str, key: str, secret_name: str, secret: str) -> Credentials | None:
    """The pair of `key` and `secret`, which stand at the places named; None if both are blank.

    Raises CredentialsError for half a pair and for a value that no HTTP header could carry.
    """
    key, secret = _checked(key_name, key), _checked(secret_name, secret)
    if key and secret:
        return Credentials(Secret(key), Secret(secret))
    if key or secret:
        present, missing = (key_name, secret_name) if key else (secret_name, key_name)
        raise CredentialsError(f"{present} is set but {missing} is not: set both, or neither to go without Alpaca")
    return None


def _checked(name: str, value: str) -> str:
    value = value.strip()
    if len(value) > _MAX_LENGTH:
        raise CredentialsError(f"{name} is too long for a key")
    if not all("!" <= char <= "~" for char in value):
        raise CredentialsError(f"{name} contains a blank, a control character or a letter that no key has")
    return value

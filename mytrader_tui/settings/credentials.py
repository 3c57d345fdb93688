"""The Alpaca key pair, from the environment only."""

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
    for key_name, secret_name in PAIRS:
        key, secret = _read(environ, key_name), _read(environ, secret_name)
        if key and secret:
            return Credentials(Secret(key), Secret(secret))
        if key or secret:
            present, missing = (key_name, secret_name) if key else (secret_name, key_name)
            raise CredentialsError(f"{present} is set but {missing} is not: set both, or neither to go without Alpaca")
    return None


def _read(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name, "").strip()
    if len(value) > _MAX_LENGTH:
        raise CredentialsError(f"{name} is too long for a key: it has {len(value)} characters")
    if not all("!" <= char <= "~" for char in value):
        raise CredentialsError(f"{name} contains a blank, a control character or a letter that no key has")
    return value

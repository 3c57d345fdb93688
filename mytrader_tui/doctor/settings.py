"""The settings and the keys: found where, valid or not, and what of them is not the default."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from mytrader_tui.doctor.result import Result, fail, ok, warn
from mytrader_tui.settings import Settings
from mytrader_tui.settings.credential_stores import FILE_NAME, from_file, from_keyring
from mytrader_tui.settings.credentials import PAIRS, Credentials, pair
from mytrader_tui.settings.errors import CredentialsError, SettingsError
from mytrader_tui.settings.explain import shown
from mytrader_tui.settings.paths import Paths

KEYRING = "the keyring"


@dataclass(frozen=True)
class Keys:
    """The key pair and where it was found; `trouble` says in words why it cannot be used."""

    pair: Credentials | None = None
    place: str = ""
    trouble: str = ""


def find_keys(environ: Mapping[str, str], paths: Paths) -> Keys:
    """The key pair that the program would use. Asks the keyring, which may take its time."""
    try:
        for key_name, secret_name in PAIRS:
            found = pair(key_name, environ.get(key_name, ""), secret_name, environ.get(secret_name, ""))
            if found is not None:
                return Keys(found, f"the environment ({key_name} and {secret_name})")
        if (found := from_keyring()) is not None:
            return Keys(found, KEYRING)
        path = paths.config_file.with_name(FILE_NAME)
        found = from_file(path)
        return Keys(found, str(path)) if found is not None else Keys()
    except CredentialsError as error:
        return Keys(trouble=str(error))


def credentials(keys: Keys, *, yahoo: bool = True) -> Result:
    """Whether there are keys, and from where; never what they are. `yahoo` is whether prices can come from there."""
    if keys.trouble:
        return fail(keys.trouble, "Put it right: the program does not start like this.")
    if keys.pair is None:
        prices = "all prices come delayed from Yahoo" if yahoo else "no prices, since Yahoo is switched off too"
        return warn(
            f"no Alpaca keys: {prices}, and there is no account",
            "Set ALPACA_API_KEY and ALPACA_SECRET_KEY to the keys of a paper account.",
        )
    return ok(f"a key and a secret from {keys.place}")


def settings(read: Settings | SettingsError, file: Path | None, *, flags: bool) -> Result:
    """What is set otherwise than by default; or the sentence on what is wrong. `file` is None for the demo's own."""
    if isinstance(read, SettingsError):
        return fail(str(read), "Put it right: the program does not start like this.")
    place = _place(file)
    changed = [*differing(read)]
    by = f"{place} and the flags of this run" if flags else place
    return ok(f"{by}; not as by default: {', '.join(changed)}" if changed else f"{by}; everything as by default")


def _place(file: Path | None) -> str:
    if file is None:
        return "the demo's own"
    return f"{file}" if os.path.lexists(file) else f"no {file}"


def differing(read: Settings) -> Iterator[str]:
    """Each setting that is not the default, as `[section] key = value`."""
    default = Settings()
    for section in msgspec.structs.fields(Settings):
        mine, plain = getattr(read, section.name), getattr(default, section.name)
        if isinstance(mine, dict):
            if mine != plain:
                yield f"[{section.name}] {len(mine)} of its own"
            continue
        for key in msgspec.structs.fields(type(mine)):
            value = getattr(mine, key.name)
            if value != getattr(plain, key.name):
                yield f"[{section.name}] {key.name} = {_value(value)}"


def _value(value: object) -> str:
    if isinstance(value, tuple):
        return f"{len(value)} of its own"
    if isinstance(value, str) and "://" in value:
        parts = urlsplit(value)
        # Nothing of a query, which may be anybody's password.
        return f'"{parts.scheme}://{parts.netloc.rpartition("@")[2]}{parts.path}"'
    return shown(value)

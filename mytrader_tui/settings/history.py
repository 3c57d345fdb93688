"""`[history]`: what is kept of what was seen, where, and for how long."""

from typing import Annotated
from urllib.parse import parse_qs, urlsplit

import msgspec
from msgspec import Meta

_SCHEME = "postgresql+psycopg"
_SECRETS = frozenset({"password", "passfile", "sslpassword"})


class History(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[history]`: quotes, bars, equity and changes of source on disk."""

    enabled: bool = True
    url: str = ""
    interval_seconds: Annotated[float, Meta(ge=10, le=86400)] = 300.0
    raw_days: Annotated[float, Meta(ge=1, le=3650)] = 30.0
    hourly_days: Annotated[float, Meta(ge=1, le=36500)] = 730.0
    max_megabytes: Annotated[float, Meta(ge=16, le=10_000_000)] = 2048.0

    def __post_init__(self) -> None:
        if self.url:
            check_history_url("url", self.url)


def check_history_url(key: str, url: str) -> None:
    """Raise ValueError unless `url` is a PostgreSQL database's and carries no password, which is not repeated."""
    try:
        parts = urlsplit(url)
        names = parse_qs(parts.query, keep_blank_values=True)
        secret = parts.password is not None or not _SECRETS.isdisjoint(names)
    except ValueError as error:
        raise ValueError(f"`{key}` is not an address: {error}") from error
    if secret:
        raise ValueError(f"`{key}` must not carry a password: put it in ~/.pgpass or PGPASSWORD, which libpq reads")
    if parts.scheme != _SCHEME or not parts.path.strip("/"):
        raise ValueError(f"`{key}` must be {_SCHEME}://user@host/database")

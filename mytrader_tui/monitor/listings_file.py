"""The broker's directory on disk: read if it is whole and of the same server, written so that no half of it stays."""

import logging
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

import msgspec

from mytrader_tui.market.listing import Listing
from mytrader_tui.settings.files import write_atomically

FILE_NAME = "alpaca-listings.bin"

_MAGIC = b"mytrader listings 2\n"
_SUM_BYTES = 16
_MAX_BYTES = 16 * 1024 * 1024

_log = logging.getLogger(__name__)


class Kept(msgspec.Struct, frozen=True):
    """The listings that the server at `url` told `at` (aware UTC)."""

    url: str
    at: datetime
    listings: tuple[Listing, ...]


_DECODER = msgspec.msgpack.Decoder(Kept)


def read_listings(path: Path, url: str) -> Kept | None:
    """What was kept of the server at `url`; None for a file that is missing, damaged or of another server."""
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES)
    except FileNotFoundError:
        return None
    except OSError as error:
        _log.info("the kept listings cannot be read: %s", error)
        return None
    head, body = data[: len(_MAGIC) + _SUM_BYTES], data[len(_MAGIC) + _SUM_BYTES :]
    # The sum finds a damaged letter too, which would still be a name.
    if head != _MAGIC + _sum(body):
        _log.info("the kept listings are damaged, they are asked for anew")
        return None
    try:
        kept = _DECODER.decode(body)
    except msgspec.DecodeError as error:
        _log.info("the kept listings are of another version: %s", error)
        return None
    return kept if kept.url == url else None


def write_listings(path: Path, kept: Kept) -> None:
    """Keep them. A disk that does not take them costs a download at the next start, and a line in the log."""
    body = msgspec.msgpack.encode(kept)
    try:
        write_atomically(path, _MAGIC + _sum(body) + body)
    except OSError as error:
        _log.warning("the listings could not be kept: %s", error)


def _sum(body: bytes) -> bytes:
    return blake2b(body, digest_size=_SUM_BYTES).digest()

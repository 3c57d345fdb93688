"""The newest prices in one small file, beside the database: the first paint reads it before any library is loaded.

The database stays the authority. This file is for the tenth of a second in which it is not open yet, or its server
does not answer.
"""

import logging
from collections.abc import Iterable
from pathlib import Path

import msgspec

from mytrader_tui.history.records import QuoteRecord, restored
from mytrader_tui.market.moment import Moment
from mytrader_tui.market.quote import Quote
from mytrader_tui.settings.files import write_atomically

FILE_NAME = "last-known.msgpack"
MAX_BYTES = 16_000_000
"""The largest file that is read: some forty thousand symbols."""

_log = logging.getLogger(__name__)


class LastKnown(msgspec.Struct, frozen=True):
    """A price as it was seen, and what the symbol is called."""

    record: QuoteRecord
    name: str | None = None

    def quote(self, now: Moment) -> Quote:
        """What the cache says of the symbol at `now`."""
        return msgspec.structs.replace(restored(self.record, now), name=self.name)


def read_last_known(path: Path) -> tuple[LastKnown, ...]:
    """What `path` holds; nothing where there is no such file, or none that makes sense. Nothing is raised."""
    try:
        if path.stat().st_size > MAX_BYTES:
            return ()
        return msgspec.msgpack.decode(path.read_bytes(), type=tuple[LastKnown, ...])
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        _log.warning("the last known prices cannot be read and are left out: %s", error)
        return ()


def write_last_known(path: Path, known: Iterable[LastKnown]) -> None:
    """Replace `path` atomically. Raises OSError."""
    write_atomically(path, msgspec.msgpack.encode(tuple(known)))
